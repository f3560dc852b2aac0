"""Days of each measure as they may be compared: what is left out, and why. Pure; takes rows of the daily marts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ml_assets.effects import Day

Row = Mapping[str, Any]
WHOLE_CAMPAIGN = "*"
# A lower coverage leaves out an unknown part of the posts: the rule of the peaks.
TRUSTED_COVERAGE = 0.9
NOT_WHOLE = "not captured whole"
THIN = "coverage below 90 %"
OTHERWISE = "captured in another way"
WAITING = "engagement still to be measured"
NO_METRICS = "engagement is unknown"
NOT_SCORED = "no post was scored"
SET_MISSING = "a competitor was not captured"
SET_SILENT = "the competitors were silent"


@dataclass(frozen=True)
class Series:
    """A measure of a hashtag by day. `n` are the posts behind each day; `scale` turns ratios to competitors back into numbers a day."""

    measure: str
    unit: str
    control: str
    basis: str
    days: "tuple[Day, ...]"
    n: dict[date, int]
    lowest: float = 0.0
    is_scaled: bool = False
    # Why none of it may be compared, whatever its days say.
    obstacle: str | None = None


@dataclass(frozen=True)
class Campaign:
    """Rows of one campaign: `whole` of marts.engagement_daily for the whole campaign, `modes` the ways each day was captured."""

    whole: Sequence[Row]
    modes: Mapping[date, str]

    def common_way(self) -> str | None:
        """The way in which most days were captured, the later of equals: search brings no reposts and a stream does."""
        ways = [self.modes[row["day"]] for row in self.whole if row["day"] in self.modes]
        return max(dict.fromkeys(reversed(ways)), key=ways.count, default=None)

    def obstacles(self) -> dict[date, str]:
        """Day -> why it says nothing, for every measure."""
        common, found = self.common_way(), {}
        for row in self.whole:
            if row["captured_hours"] is None or row["captured_hours"] < row["hours_in_day"]:
                found[row["day"]] = NOT_WHOLE
            elif self.modes.get(row["day"], common) != common:
                found[row["day"]] = OTHERWISE
        return found

    def thin(self) -> set[date]:
        return {row["day"] for row in self.whole if row["coverage"] is not None and row["coverage"] < TRUSTED_COVERAGE}


def of_engagement(campaign: Campaign, hashtag: str, rows: Iterable[Row]) -> list[Series]:
    """Posts, authors and engagement a day. `rows` are of the hashtag; a captured day without a row is a known 0."""
    from ml_assets.effects import Day

    own = {row["day"]: row for row in rows}
    obstacles, thin = campaign.obstacles(), campaign.thin()
    counted = hashtag == WHOLE_CAMPAIGN and all(row["counted"] is not None for row in campaign.whole)
    posts, authors, engagement, n = [], [], [], {}
    for day in (row["day"] for row in campaign.whole):
        row = own.get(day, {})
        wrong = obstacles.get(day) or (THIN if day in thin else None)
        n[day] = row.get("posts") or 0
        # What the source counted is known however little of it was captured.
        posts.append(Day(day, float(row.get("counted" if counted else "posts") or 0), left_out=obstacles.get(day) if counted else wrong))
        authors.append(Day(day, float(row.get("authors") or 0), left_out=wrong))
        known = row.get("engagement", 0 if not row else None)
        grown = WAITING if row.get("engagement_waiting") else None if known is not None else NO_METRICS
        engagement.append(Day(day, None if known is None else float(known), left_out=wrong or grown))
    return [
        Series("posts", "posts a day", "none", "counted" if counted else "captured", tuple(posts), n),
        Series("engagement", "engagements a day", "none", "captured", tuple(engagement), n),
        Series("authors", "authors a day", "none", "captured", tuple(authors), n),
    ]


def of_sentiment(campaign: Campaign, rows: Iterable[Row]) -> Series:
    """Net sentiment by day, weighted by the scored posts; corrected for the classifier's errors where every day of it is."""
    from ml_assets.effects import Day

    scored = {row["day"]: row for row in rows if row["scored"]}
    corrected = bool(scored) and all(row["corrected_net_sentiment"] is not None for row in scored.values())
    scorers = {(row["model_id"], row["model_revision"], row["code_version"]) for row in scored.values()}
    name, obstacles, thin = "corrected_net_sentiment" if corrected else "net_sentiment", campaign.obstacles(), campaign.thin()
    days, n = [], {}
    for day in (row["day"] for row in campaign.whole):
        row = scored.get(day)
        n[day] = row["scored"] if row else 0
        wrong = obstacles.get(day) or (THIN if day in thin else None) or (None if row else NOT_SCORED)
        days.append(Day(day, float(row[name]) if row else None, float(row["scored"]) if row else 0.0, wrong))
    # Another model is another ruler: its change would be taken for one of the people.
    obstacle = "The posts were scored by more than one model." if len(scorers) > 1 or any(None in each for each in scorers) else None
    return Series("net_sentiment", "ratio", "none", "corrected labels" if corrected else "labels", tuple(days), n, lowest=-1.0, obstacle=obstacle)


def of_voice(campaign: Campaign, rows: Iterable[Row]) -> list[Series]:
    """Share of voice, and posts against those of the competitors; `rows` are the campaign's own of marts.share_of_voice_daily."""
    from ml_assets.effects import Day

    own, obstacles = {row["day"]: row for row in rows}, campaign.obstacles()
    shares, ratios, n, bases = [], [], {}, set()
    for day in (row["day"] for row in campaign.whole):
        row = own.get(day)
        wrong = obstacles.get(day)
        if row is None or row["members_missing"] or row["set_volume"] is None or row["volume"] is None:
            shares.append(Day(day, None, left_out=wrong or SET_MISSING))
            ratios.append(shares[-1])
            continue
        bases.add(row["basis"])
        if not row["is_captured_alike"]:
            wrong = wrong or OTHERWISE
        elif row["basis"] == "captured" and row["lowest_coverage"] is not None and row["lowest_coverage"] < TRUSTED_COVERAGE:
            wrong = wrong or THIN
        n[day] = row["set_volume"]
        others = row["set_volume"] - row["volume"]
        shares.append(Day(day, row["volume"] / row["set_volume"] if row["set_volume"] else None, float(row["set_volume"]), wrong or _silent(row["set_volume"])))
        ratios.append(Day(day, row["volume"] / others if others else None, float(others), wrong or _silent(others)))
    basis = " and ".join(sorted(bases)) or "captured"
    return [
        Series("share_of_voice", "ratio", "none", basis, tuple(shares), n),
        Series("posts", "posts a day", "competitors", basis, tuple(ratios), n, is_scaled=True),
    ]


def of_engagement_against(own: Series, campaign: Campaign, members: Mapping[str, Sequence[Row]]) -> Series:
    """Engagement against that of the competitors; `members` are their rows of marts.engagement_daily for their whole campaigns."""
    by_day = {name: {row["day"]: row for row in rows} for name, rows in members.items()}
    days = []
    for each in own.days:
        rows = [rows.get(each.day) for rows in by_day.values()]
        wrong = each.left_out or next(filter(None, map(_unusable, rows)), None)
        others = 0 if wrong else sum(row["engagement"] for row in rows if row is not None)
        value = each.value / others if others and each.value is not None else None
        days.append(replace(each, value=value, weight=float(others), left_out=wrong or _silent(others)))
    return replace(own, control="competitors", days=tuple(days), is_scaled=True)


def _unusable(row: Row | None) -> str | None:
    if row is None:
        return SET_MISSING
    if row["captured_hours"] is None or row["captured_hours"] < row["hours_in_day"]:
        return NOT_WHOLE
    if row["coverage"] is not None and row["coverage"] < TRUSTED_COVERAGE:
        return THIN
    if row["engagement_waiting"]:
        return WAITING
    return None if row["engagement"] is not None else NO_METRICS


def _silent(others: int) -> str | None:
    return None if others else SET_SILENT
