"""What every page has: which campaign, hashtag and days are looked at, in which zone, how fresh and how complete the data are. All of it in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pandas as pd
import streamlit as st

from app import data
from app.figures import between, coverage_of, peak_of
from app.identity import Identity
from app.states import Nothing, State
from app.text import number, percent, period_name, plain, tag_name

HERE = Path(__file__).resolve().parent
STALE_HOURS = 26
DAY = timedelta(days=1)
# Once: they are looked up in thousands of files.
ZONES = available_timezones()
PERIODS = {"All": None, "28 d": 28, "7 d": 7, "1 d": 1}


@dataclass(frozen=True)
class View:
    """What is looked at. Days are days in `zone`, the campaign's; `end` is the first day after the period, `after` the first after all data.

    `days` are all rows of `Marts.days` of the hashtag; `shown_zone` is the zone of times on the page. `name` and `hashtag` are text from outside.
    """

    identity: Identity
    campaign_id: str
    name: str
    zone: str
    shown_zone: str
    hashtag: str
    start: date
    end: date
    first: date
    after: date
    days: pd.DataFrame = field(repr=False)
    tags: pd.DataFrame = field(repr=False)
    capture: pd.Series = field(repr=False)
    campaigns: pd.DataFrame = field(repr=False)
    campaign_start: date | None = None

    @property
    def period(self) -> tuple[date, date]:
        return self.start, self.end

    @property
    def is_whole(self) -> bool:
        return (self.start, self.end) == (self.first, self.after)

    @property
    def subject(self) -> str:
        """Plain text: the campaign, or the hashtag."""
        return plain(self.name, 80) if self.hashtag == "*" else tag_name(self.hashtag)

    @cached_property
    def shown_days(self) -> pd.DataFrame:
        """The cards of a page ask for it fifteen times; nobody writes into it."""
        return self.within(self.days)

    @cached_property
    def coverage(self) -> float | None:
        """Of the days shown, as `coverage_of`."""
        return coverage_of(self.shown_days)

    @cached_property
    def shown_peak(self) -> pd.Series | None:
        """Of the days shown, as `peak_of`."""
        return peak_of(self.shown_days)

    @property
    def followed(self) -> frozenset[str]:
        return frozenset(self.tags.loc[self.tags["followed"], "hashtag"]) if not self.tags.empty else frozenset()

    def within(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows of the period; `frame` has a column `day`."""
        return between(frame, self.start, self.end)

    def peak(self) -> pd.Series | None:
        """The hashtag's day of most engagement of all days, as marts.hashtag_peaks says it."""
        found = self.tags[self.tags["hashtag"] == self.hashtag] if not self.tags.empty else self.tags
        return None if found.empty else found.iloc[0]

    @property
    def asked(self) -> dict[str, object]:
        """The filters, as the API names them."""
        return {"hashtag": self.hashtag, "from": self.start, "to": self.end}

    def ahead(self, *questions: tuple[Any, ...]) -> None:
        """Asks these of the campaign and the hashtag at the same time, before the cards want them."""
        data.ahead(*((question, self.campaign_id, self.hashtag, *more) for question, *more in questions))

    def about(self) -> dict[str, object]:
        """What a file must say of itself."""
        return {
            "campaign": f"{self.campaign_id} ({plain(self.name, 80)})",
            "hashtag": tag_name(self.hashtag),
            "period": f"{self.start} to {self.end - DAY}, both included; days in {self.zone}",
            "data to": f"{data_end(self.capture):%Y-%m-%d %H:%M} UTC",
            "coverage of the period": percent(self.coverage),
            "last run": f"{plain(self.capture['a_run'], 40)}, loaded {pd.Timestamp(self.capture['loaded_at']):%Y-%m-%d %H:%M} UTC",
            "source": plain(self.capture["sources"], 80),
        }


def choose(identity: Identity, campaigns: pd.DataFrame) -> View:
    """The filters, in the sidebar. Raises Nothing where they leave no day, WarehouseError."""
    known = campaigns.set_index("campaign_id", drop=False)
    shown_as = campaign_names(campaigns)
    from_id("campaign", shown_as)
    campaign_id = st.selectbox("Campaign", list(known.index), format_func=lambda each: shown_as.get(each, each), key="campaign", bind="query-params")
    campaign = known.loc[campaign_id]
    data.ahead(("hashtags", campaign_id), ("days", campaign_id, st.session_state.get("hashtag") or "*"), ("capture", campaign_id))
    tags = data.load("hashtags", campaign_id)
    names = list(tags["hashtag"]) if not tags.empty else ["*"]
    # A hashtag of another campaign is no hashtag of this one.
    if st.session_state.get("hashtag") not in (None, *names):
        del st.session_state["hashtag"]
    from_id("hashtag", {name: tag_name(name) for name in names})
    hashtag = st.selectbox("Hashtag", names, format_func=tag_name, key="hashtag", bind="query-params")
    days = data.load("days", campaign_id, hashtag)
    if days.empty:
        raise Nothing(
            "No day of this campaign has been captured yet.",
            "Run it: pulse run --campaign ID --from DAY --to DAY",
            State.NOT_RUN,
        )
    first, after = _date(days["day"].min()), _date(days["day"].max()) + DAY
    start, end = _period(campaign_id, first, after)
    zone = campaign["zone"] if campaign["zone"] in ZONES else "UTC"
    shown = st.selectbox(
        "Times in", list(dict.fromkeys([zone, "UTC"])), key="zone", bind="query-params",
        help="For hours and times of day. Days are always days in the campaign's zone.",
    )  # fmt: skip
    view = View(
        identity, campaign_id, campaign["name"], zone, shown, hashtag, start, end, first, after, days, tags,
        data.load("capture", campaign_id).iloc[0], campaigns, _maybe_date(campaign.get("start_day")),
    )  # fmt: skip
    if start >= end:
        raise Nothing(
            f"The period ends ({end}) before it begins ({start}).",
            "Choose a first day before the last; “All” shows every day.",
            State.FILTERED,
        )
    if view.shown_days.empty:
        raise Nothing(
            f"No captured day lies in {period_name(start, end)}.",
            f"Days from {first} to {after - DAY} are there.",
            State.FILTERED,
        )
    return view


def from_id(key: str, names: Mapping[str, str]) -> None:
    """Takes an id in the address, as the API has it, beside the name that the address shows; `names` are those by id."""
    given = st.query_params.get(key)
    if given is not None and key not in st.session_state and given in names and given not in names.values():
        st.query_params[key] = names[given]
        # A widget takes its first value from the address that the run began with.
        st.rerun()


def campaign_names(campaigns: pd.DataFrame) -> dict[str, str]:
    """Names to choose by, by id. They stand in the address as they are shown, so each is another: where two are alike, the id follows."""
    names = {campaign_id: plain(name, 60) for campaign_id, name in zip(campaigns["campaign_id"], campaigns["name"], strict=True)}
    alike = {name for name in names.values() if list(names.values()).count(name) > 1}
    return {campaign_id: f"{name} ({plain(campaign_id, 40)})" if name in alike else name for campaign_id, name in names.items()}


def _period(campaign_id: str, first: date, after: date) -> tuple[date, date]:
    """Two dates that follow the data as long as nobody has chosen others."""
    state = st.session_state
    for key, default in (("from", first), ("to", after)):
        chosen, followed = state.get(key), state.get(f"_{key}")
        if chosen is not None and (followed == (campaign_id, chosen) or not first <= chosen <= after):
            state[key] = default
        state[f"_{key}"] = (campaign_id, default)
    start = st.date_input("From", first, min_value=first, max_value=after, key="from", format="YYYY-MM-DD", bind="query-params")
    end = st.date_input(
        "Before", after, min_value=first, max_value=after, key="to", format="YYYY-MM-DD", bind="query-params",
        help="The first day after the period, as in the API and the command line.",
    )  # fmt: skip
    chosen = (start or first, end or after)
    state["_preset"] = next((label for label, length in PERIODS.items() if chosen == _last(length, first, after)), None)
    st.pills("Days", list(PERIODS), key="_preset", label_visibility="collapsed", on_change=_show_preset, args=(first, after))
    return chosen


def _last(length: int | None, first: date, after: date) -> tuple[date, date]:
    return (first if length is None else max(first, after - length * DAY)), after


def _show_preset(first: date, after: date) -> None:
    state = st.session_state
    # To press the chosen one again takes the choice away; the days stay.
    if state["_preset"] is not None:
        state["from"], state["to"] = _last(PERIODS[state["_preset"]], first, after)


def header(view: View, title: str) -> None:
    """The page's title, what it is of, how fresh it is and how complete."""
    with st.container(gap="xxsmall"):
        st.title(title, anchor=False)
        # Names are text from outside: never in a title.
        st.text(f"{plain(view.name, 80)} · {tag_name(view.hashtag)} · {period_name(view.start, view.end)} · days in {view.zone}")
    end, over = data_end(view.capture), _is_over(view)
    age = datetime.now(UTC) - end
    stale = not over and age > timedelta(hours=STALE_HOURS)
    share = view.coverage
    with st.container(horizontal=True, gap="xsmall", key="freshness"):
        said = f"Data to {end.day} {end:%b %Y, %H:%M} UTC"
        if stale:
            st.badge(
                f"STALE: {said}, {number(age.days)} days ago" if age.days > 1 else f"STALE: {said}",
                icon=":material/warning:",
                color="orange",
            )
        else:
            st.badge(said, icon=":material/schedule:", color="gray")
        if share is None:
            st.badge("Coverage unknown: nobody counted", icon=":material/help:", color="orange")
        else:
            st.badge(f"Coverage {percent(share)}", icon=":material/target:", color="gray" if share >= 0.9 else "orange")
        if over:
            st.badge("Campaign is over", icon=":material/flag:", color="gray")
        if view.capture["capped_hours"]:
            hours = int(view.capture["capped_hours"])
            st.badge(
                f"{number(hours)} {'hour' if hours == 1 else 'hours'} capped",
                icon=":material/vertical_align_top:",
                color="orange",
            )
        if view.capture["inexact_hours"]:
            st.badge("Post ids not exact", color="orange")


def data_end(capture: pd.Series) -> datetime:
    """End (UTC) of the newest captured hour."""
    return (pd.Timestamp(capture["newest_hour"]) + pd.Timedelta(hours=1)).to_pydatetime()


def _is_over(view: View) -> bool:
    end = view.campaigns.set_index("campaign_id").loc[view.campaign_id].get("end_day")
    return pd.notna(end) and _date(end) < datetime.now(UTC).date()


def _date(value: object) -> date:
    return pd.Timestamp(value).date()


def _maybe_date(value: object) -> date | None:
    return None if value is None or pd.isna(value) else _date(value)


def current() -> View:
    """What the entry has put together for the page that runs."""
    return st.session_state["_view"]
