"""The six figures of the first screen, for page and API: value, change against the equal period before, and why to trust it.

Pure but for the questions.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from app.figures import Card, Figures, between
from app.made import Ask
from app.shaping import voice_totals
from app.text import counted, number, percent, period_name

# Where the scorecard says nothing of a figure's change.
NO_ROW = "compared are all days, and the last 28, 7 and 1."
DAY = timedelta(days=1)


def first_screen(
    ask: Ask, campaign_id: str, hashtag: str, start: date | None, end: date | None, hours: int, today: date
) -> tuple[Figures, list[Card]]:
    """The figures of [start, end), None being open, and the six cards of them. `ask` answers a question of `Marts` by its name; `hours` and `today` as `Figures.of`."""
    every_day = ask("days", campaign_id, hashtag)
    if not every_day.empty:
        # A period that reaches beyond the days that there are is that of the days.
        first, after = every_day["day"].min(), every_day["day"].max() + DAY
        start, end = max(start or first, first), min(end or after, after)
    start, end = start or date.min, end or date.max
    days = between(every_day, start, end)
    if days.empty:
        nothing = pd.DataFrame()
        figures = Figures.of(days, nothing, None, hours, today)
        return figures, six(figures, days, None, nothing, nothing, start, end)
    sentiment = between(ask("sentiment", campaign_id, hashtag), start, end)
    people = ask("authors", campaign_id, hashtag, start, end)
    figures = Figures.of(days, sentiment, people, hours, today)
    voices = between(ask("voices", campaign_id), start, end) if hashtag == "*" else pd.DataFrame()
    authors = None if people.empty else int(people["known"].sum())
    return figures, six(figures, days, authors, ask("scorecard", campaign_id, hashtag), voices, start, end)


def six(
    figures: Figures, days: pd.DataFrame, authors: int | None, scorecard: pd.DataFrame, voices: pd.DataFrame, start: date, end: date
) -> list[Card]:
    """In the order of the screen. `days` and `voices` are rows of the period; `scorecard` all rows of `Marts.scorecard`; the period is [start, end)."""
    compared = Scorecard.of(scorecard, start, end)
    measured = 0 if days.empty else int(days["engagement_measured"].sum())
    return [
        compared.beside(figures.posts_card()),
        compared.beside(Card("authors", "Authors", "authors", authors, number(authors), _per_author(figures.posts, authors))),
        compared.beside(figures.engagement_card(measured)),
        compared.beside(_rate(figures, days)),
        compared.beside(figures.sentiment_card()),
        _voice_or_coverage(figures.coverage_card(), voices),
    ]


def _per_author(posts: int, authors: int | None) -> str:
    return f"{posts / authors:.1f} posts each, pseudonyms counted" if authors else "Nobody is known"


def _rate(figures: Figures, days: pd.DataFrame) -> Card:
    """By impressions where the source counts them, else per original post."""
    seen, impressions = (0, 0) if days.empty else (int(days["posts_with_impressions"].sum()), int(days["impressions"].sum()))
    if impressions:
        rate = float(days["engagement_with_impressions"].sum() / impressions)
        why = f"{number(impressions)} impressions of {number(seen)} posts"
        return Card("engagement_rate_by_impressions", "Engagement rate", "share", rate, f"{rate:.2%}", why)
    each = figures.engagement_per_post
    why = ", ".join(filter(None, ["nobody counted impressions", figures.age.in_brief()]))
    return Card("engagement_per_post", "Engagement per post", "interactions a post", each, "–" if each is None else f"{each:,.1f}", why)


def _voice_or_coverage(coverage: Card, voices: pd.DataFrame) -> Card:
    totals = voice_totals(voices) if not voices.empty else pd.DataFrame()
    if totals.empty or pd.isna(totals.iloc[0]["share"]):
        return coverage
    own, days = totals.iloc[0], voices.dropna(subset=["set_volume"])["day"].nunique()
    lowest = voices["lowest_coverage"].min()
    why = f"{number(own['volume'])} of {number(totals['volume'].sum())} posts of {len(totals)} campaigns, {counted(days, 'day')}"
    why += f", coverage from {percent(lowest)}" if pd.notna(lowest) else ""
    return Card("share_of_voice", "Share of voice", "share", float(own["share"]), percent(own["share"]), why)


# Shares are compared by their difference, not by its ratio.
BY_POINTS = frozenset({"engagement_rate_by_impressions", "net_sentiment"})


@dataclass(frozen=True)
class Scorecard:
    """Rows of `Marts.scorecard` of one period by measure; empty where it has no such period."""

    rows: dict[str, pd.Series]

    @classmethod
    def of(cls, scorecard: pd.DataFrame, start: date, end: date) -> "Scorecard":
        if scorecard.empty:
            return cls({})
        last = end - DAY
        found = scorecard[(scorecard["first_day"] == start) & (scorecard["last_day"] == last)]
        return cls({row["measure"]: row for _, row in found.iterrows()})

    def beside(self, card: Card) -> Card:
        """The card with its change, or with why there is none."""
        row = self.rows.get(card.measure)
        if row is None or pd.notna(row["not_comparable_because"]):
            return replace(card, not_compared=NO_ROW if row is None else row["not_comparable_because"])
        against = period_name(row["previous_first_day"], row["previous_last_day"] + DAY)
        if card.measure in BY_POINTS:
            change = f"{100 * row['change']:+.1f} points"
        else:
            change = "–" if pd.isna(row["relative_change"]) else f"{100 * row['relative_change']:+,.1f} %"
        return replace(card, change=change, against=f"against {against}")
