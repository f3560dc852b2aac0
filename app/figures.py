"""The figures of the first screen. Page, API and CSV take them from here, so that for the same filters they are the same."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from app.shares import Counted
from app.text import day_name, measured, number, peak_age, percent, total_engagement
from orchestration.ages import Measured

PEAK_DAY = "The day of most engagement, in the campaign's time zone; the earliest of equals."
INTERVAL = "± is its 95 % interval, 1.96 standard errors on both sides."


@dataclass(frozen=True)
class Card:
    """A figure as it is shown: `value` is exact (None where nobody knows it, or where it is too few for a verdict), `shown` and `behind` are its words.

    `notes` are what else a reader must know of it, in whole sentences; what it is stands in the glossary, of a peak day here.
    `change` and `against` are words of the comparison with the equal period before, or `not_compared` says why there is none.
    """

    measure: str
    label: str
    unit: str
    value: int | float | date | None
    shown: str
    behind: str | None = None
    low: float | None = None
    high: float | None = None
    notes: tuple[str, ...] = ()
    change: str | None = None
    against: str | None = None
    not_compared: str | None = None


@dataclass(frozen=True)
class Figures:
    """What the rows of `Marts.days`, `.sentiment` and `.authors` of the same days come to. `engagement` is None where none is known."""

    posts: int
    originals: int
    reposts: int
    engagement: int | None
    engagement_per_post: float | None
    coverage: float | None
    peak: pd.Series | None
    age: Measured
    labels: Counted

    @classmethod
    def of(cls, days: pd.DataFrame, sentiment: pd.DataFrame, authors: pd.DataFrame | None, hours: int, today: date) -> "Figures":
        """`hours` is the age at which engagement is compared; `today` (UTC) tells posts that are young from those that are overdue."""
        if days.empty:
            return cls(0, 0, 0, None, None, None, None, Measured.of([], hours, today), Counted.of(sentiment, authors))
        engagement, of_originals = total_engagement(days), int(days["engagement_measured"].sum())
        return cls(
            posts=int(days["posts"].sum()),
            originals=int(days["originals"].sum()),
            reposts=int(days["reposts"].sum()),
            engagement=engagement,
            engagement_per_post=engagement / of_originals if engagement is not None and of_originals else None,
            coverage=coverage_of(days),
            peak=peak_of(days),
            age=measured(days, hours, today),
            labels=Counted.of(sentiment, authors),
        )

    def posts_card(self) -> Card:
        return Card("posts", "Posts", "posts", self.posts, number(self.posts), f"{number(self.originals)} originals, {number(self.reposts)} reposts")

    def engagement_card(self, measured: int) -> Card:
        """`measured` originals have a known figure."""
        behind = ", ".join(filter(None, [f"{number(measured)} of {number(self.originals)} originals", self.age.in_brief()]))
        return Card("engagement", "Engagement", "interactions", self.engagement, number(self.engagement), behind, notes=tuple(self.age.sentences()))

    def coverage_card(self) -> Card:
        behind = "of the posts counted" if self.coverage is not None else "nobody counted them"
        return Card("coverage", "Coverage", "share", self.coverage, percent(self.coverage), behind, notes=("Of the whole campaign.",))

    def peak_card(self) -> Card:
        if self.peak is None:
            return Card("peak_day", "Peak day", "day", None, "–", notes=(PEAK_DAY,))
        behind = ", ".join(filter(None, [f"{number(self.peak['engagement'])} engagement", peak_age(self.peak)]))
        day = pd.Timestamp(self.peak["day"]).date()
        return Card("peak_day", "Peak day", "day", day, day_name(day), behind, notes=(PEAK_DAY,))

    def sentiment_card(self) -> Card:
        shown, behind = self.labels.net(), self.labels.behind_net()
        if not self.labels.has_verdict:
            return Card("net_sentiment", "Net sentiment", "points", None, shown, behind, notes=(INTERVAL,))
        interval = self.labels.net_interval()
        return Card("net_sentiment", "Net sentiment", "points", self.labels.net_points(), shown, behind, interval.low, interval.high, (INTERVAL,))


def coverage_of(days: pd.DataFrame) -> float | None:
    """Captured of counted posts of these days; None where a source counted none of them."""
    counted = days.dropna(subset=["counted"])
    total = counted["counted"].sum()
    return min(1.0, float(counted["captured"].sum() / total)) if total else None


def peak_of(days: pd.DataFrame) -> pd.Series | None:
    """The earliest day of most engagement, with `provisional`; None where no day has any. As marts.hashtag_peaks, for any span of days.

    A day whose posts are still to be measured is a peak only where no day is complete: its figure still grows.
    """
    ranked = days[days["engagement"].fillna(0) > 0]
    if ranked.empty:
        return None
    ranked = ranked.assign(provisional=ranked["engagement_waiting"].fillna(0) > 0)
    return ranked.sort_values(["provisional", "engagement", "day"], ascending=[True, False, True], kind="stable").iloc[0]


def between(frame: pd.DataFrame, start: date | None, end: date | None) -> pd.DataFrame:
    """Rows of days from `start` up to, not including, `end`; None is open."""
    if frame.empty or (start is None and end is None):
        return frame
    days = frame["day"]
    return frame[(days >= (start or date.min)) & (days < (end or date.max))]
