"""The six figures of the first screen: value, change against the equal period before, and why to trust it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from app.figures import Card, Figures
from app.shaping import voice_totals
from app.text import counted, number, percent, period_name

# Where the scorecard says nothing of a figure's change.
NO_ROW = "compared are all days, and the last 28, 7 and 1."


@dataclass(frozen=True)
class Tile:
    """`term` is the glossary's name; `change` and `against` are words of the comparison, or `not_compared` says why there is none."""

    term: str
    label: str
    value: str
    change: str | None
    against: str | None
    why: str
    notes: tuple[str, ...] = ()
    not_compared: str | None = None


def tiles(
    figures: Figures,
    days: pd.DataFrame,
    authors: int | None,
    scorecard: pd.DataFrame,
    voices: pd.DataFrame,
    start: date,
    end: date,
) -> list[Tile]:
    """`days` and `voices` are rows of the period; `scorecard` all rows of `Marts.scorecard`; the period is [start, end)."""
    cards = {card.measure: card for card in figures.cards()}
    compared = Scorecard.of(scorecard, start, end)
    return [
        compared.tile("posts", "Posts", cards["posts"].shown, cards["posts"].behind or ""),
        compared.tile("authors", "Authors", number(authors), _per_author(figures.posts, authors)),
        compared.tile(
            "engagement",
            "Engagement",
            cards["engagement"].shown,
            _measured_of(figures, days),
            notes=cards["engagement"].notes,
        ),
        _rate(figures, days, compared),
        compared.tile(
            "net_sentiment",
            "Net sentiment",
            cards["net_sentiment"].shown,
            cards["net_sentiment"].behind or "",
            points=True,
        ),
        _voice_or_coverage(cards["coverage"], voices),
    ]


def _per_author(posts: int, authors: int | None) -> str:
    return f"{posts / authors:.1f} posts each, pseudonyms counted" if authors else "Nobody is known"


def _measured_of(figures: Figures, days: pd.DataFrame) -> str:
    measured = int(days["engagement_measured"].sum())
    return ", ".join(filter(None, [f"{number(measured)} of {number(figures.originals)} originals", figures.age.in_brief()]))


def _rate(figures: Figures, days: pd.DataFrame, compared: "Scorecard") -> Tile:
    """By impressions where the source counts them, else per original post."""
    seen, impressions = int(days["posts_with_impressions"].sum()), int(days["impressions"].sum())
    if impressions:
        rate = days["engagement_with_impressions"].sum() / impressions
        why = f"{number(impressions)} impressions of {number(seen)} posts"
        return compared.tile("engagement_rate_by_impressions", "Engagement rate", f"{rate:.2%}", why, points=True)
    each = figures.engagement_per_post
    why = ", ".join(filter(None, ["nobody counted impressions", figures.age.in_brief()]))
    return compared.tile("engagement_per_post", "Engagement per post", "–" if each is None else f"{each:,.1f}", why)


def _voice_or_coverage(coverage: Card, voices: pd.DataFrame) -> Tile:
    totals = voice_totals(voices) if not voices.empty else pd.DataFrame()
    if totals.empty or pd.isna(totals.iloc[0]["share"]):
        return Tile("coverage", coverage.label, coverage.shown, None, None, coverage.behind or "", coverage.notes)
    own, days = totals.iloc[0], voices.dropna(subset=["set_volume"])["day"].nunique()
    lowest = voices["lowest_coverage"].min()
    why = f"{number(own['volume'])} of {number(totals['volume'].sum())} posts of {len(totals)} campaigns, {counted(days, 'day')}"
    return Tile(
        "share_of_voice",
        "Share of voice",
        percent(own["share"]),
        None,
        None,
        why + (f", coverage from {percent(lowest)}" if pd.notna(lowest) else ""),
    )


@dataclass(frozen=True)
class Scorecard:
    """Rows of `Marts.scorecard` of one period by measure; empty where it has no such period."""

    rows: dict[str, pd.Series]

    @classmethod
    def of(cls, scorecard: pd.DataFrame, start: date, end: date) -> "Scorecard":
        if scorecard.empty:
            return cls({})
        last = end - timedelta(days=1)
        found = scorecard[(scorecard["first_day"] == start) & (scorecard["last_day"] == last)]
        return cls({row["measure"]: row for _, row in found.iterrows()})

    def tile(self, term: str, label: str, value: str, why: str, *, points: bool = False, notes: tuple[str, ...] = ()) -> Tile:
        """`points` compares shares by their difference, not by its ratio."""
        row = self.rows.get(term)
        if row is None or pd.notna(row["not_comparable_because"]):
            reason = NO_ROW if row is None else row["not_comparable_because"]
            return Tile(term, label, value, None, None, why, notes, reason)
        against = period_name(row["previous_first_day"], row["previous_last_day"] + timedelta(days=1))
        if points:
            change = f"{100 * row['change']:+.1f} points"
        else:
            change = "–" if pd.isna(row["relative_change"]) else f"{100 * row['relative_change']:+,.1f} %"
        return Tile(term, label, value, change, f"against {against}", why, notes)
