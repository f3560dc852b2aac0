"""Two campaigns side by side, and the shares of voice of the set."""

from datetime import date

import pandas as pd
import streamlit as st

from app import charts, data, frame
from app.frame import View
from app.panels import Shown, draw, number_column, palette, panel, share_column
from app.shaping import campaign_days, voice_totals
from app.states import Nothing, State
from app.text import counted, number, percent, plain

MEASURES = {"Engagement": "engagement", "Posts": "posts", "Authors": "authors"}


def show(view: View) -> None:
    frame.header(view, "Compare")
    panel(
        view,
        "Two campaigns by day of the campaign",
        "compare",
        lambda: _compare(view),
        help_more="Day 1 is each campaign's first day, or its first captured one.",
    )
    panel(view, "Share of voice", "voice", lambda: _voice(view), term="share_of_voice")


def _compare(view: View) -> Shown:
    others = [each for each in view.campaigns["campaign_id"] if each != view.campaign_id]
    if not others:
        raise Nothing(
            "There is no other campaign to compare with.",
            "Add one to the campaigns file and run it: pulse run --campaign ID --from DAY --to DAY",
            State.NO_DATA,
        )
    known = view.campaigns.set_index("campaign_id")
    left, right = st.columns(2)
    shown_as = frame.campaign_names(view.campaigns)
    frame.from_id("with", {each: shown_as[each] for each in others})
    other = left.selectbox("With", others, format_func=lambda each: shown_as.get(each, each), key="with", bind="query-params")
    label = right.selectbox("Measure", list(MEASURES), key="measure", bind="query-params")
    days = data.load("days", other, "*")
    if days.empty:
        raise Nothing("The other campaign has no captured day.", None, State.NOT_RUN)
    own = data.load("days", view.campaign_id, "*")
    names = [shown_as[view.campaign_id], shown_as[other]]
    firsts = [_first(known.loc[each], rows) for each, rows in ((view.campaign_id, own), (other, days))]
    value = MEASURES[label]
    rows = pd.concat([campaign_days(frame_, first, value, name) for frame_, first, name in zip((own, days), firsts, names, strict=True)])
    rows = rows[rows["campaign_day"] >= 1].dropna(subset=["value"])
    if rows.empty:
        raise Nothing(f"{label} is known for neither of the two.")
    totals = rows.groupby("who", sort=False)["value"].agg(["sum", "count"])
    said = (
        f"{label} by day of the campaign: "
        + "; ".join(f"{who} {number(row['sum'])} on {number(row['count'])} days" for who, row in totals.iterrows())
        + "."
    )
    columns = {"campaign_day": number_column("Day of the campaign"), "value": number_column(label, value), "who": "Campaign",
               "day": st.column_config.DateColumn("Day", format="YYYY-MM-DD")}  # fmt: skip
    notes = "Whole campaigns, whatever period is chosen. The two may differ in size and in coverage: compare their shapes."
    return Shown(rows, said, notes, {"Chart": lambda: draw(charts.one_beside_other, rows, label, palette(), said=said)}, columns,
                 asked={"with": other, "measure": value})  # fmt: skip


def _first(campaign: pd.Series, days: pd.DataFrame) -> date:
    start = campaign.get("start_day")
    first = pd.Timestamp(days["day"].min()).date()
    return first if start is None or pd.isna(start) else max(first, pd.Timestamp(start).date())


def _voice(view: View) -> Shown:
    voices = data.load("voices", view.campaign_id)
    if voices.empty:
        raise Nothing(
            "This campaign declares no competitors, so there is no voice to share.",
            "Name them in the column `competitors` of the campaigns file.",
        )
    shown = view.within(voices)
    known = shown.dropna(subset=["set_volume", "volume"])
    if known.empty:
        missing = int(shown["members_missing"].max()) if not shown.empty else 0
        raise Nothing(
            f"On no day of the period was the whole set captured ({number(missing)} missing).", "Run the competitors' campaigns for the same days.",
            State.FILTERED if shown.empty else State.NOT_RUN,
        )  # fmt: skip
    totals = voice_totals(known)
    rows = known.assign(share=known["volume"] / known["set_volume"], name=known["name"].map(lambda name: plain(name, 60)))
    said = "Share of voice: " + ", ".join(f"{plain(row.name, 60)} {percent(row.share)}" for row in totals.itertuples()) + "."
    basis = "counted by the source" if set(known["basis"]) == {"counted"} else "captured by us on some days, for not everybody was counted"
    notes = f"Of {number(totals['volume'].sum())} posts {basis}, on {counted(known['day'].nunique(), 'day')} on which the whole set was captured."
    if not known["is_captured_alike"].all():
        notes += " The members were captured in different ways on some days: search returns no reposts, a stream does."
    table = rows[["day", "name", "volume", "set_volume", "share", "basis", "lowest_coverage"]]
    columns = {"day": st.column_config.DateColumn("Day", format="YYYY-MM-DD"), "name": "Campaign", "volume": number_column("Posts"),
               "set_volume": number_column("Posts of the set"), "share": share_column("Share", "share_of_voice"), "basis": "Basis",
               "lowest_coverage": share_column("Lowest coverage", "coverage")}  # fmt: skip
    return Shown(
        table,
        said,
        notes,
        {"Chart": lambda: draw(charts.voices, table[["day", "name", "share", "volume"]], palette(), said=said)},
        columns,
    )


show(frame.current())
