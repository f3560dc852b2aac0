"""Words of the page: sentences made from numbers, and text from outside that stays text."""

import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from typing import SupportsFloat, SupportsInt
from urllib.parse import urlsplit

import pandas as pd

from orchestration.ages import Measured, measured_at

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
# Joiners hold emoji and some scripts together.
KEPT = "\n\t\u200c\u200d"
LONGEST_URL = 2_000


def plain(value: object, longest: int = 1_000) -> str:
    """Text without control, bidi and other invisible characters, cut to `longest`."""
    text = "" if value is None else str(value)[: longest * 2]
    shown = "".join(character for character in text if character in KEPT or unicodedata.category(character) not in HIDDEN)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def safe_url(url: object) -> str | None:
    """The link if it is http(s) with a plain host, else None."""
    if not isinstance(url, str) or len(url) > LONGEST_URL or any(ord(character) <= 32 for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname and not parts.username and "." in parts.hostname else None


def demoted(markdown: str, by: int = 2) -> str:
    """Our own documentation as a part of a page: its headings stand below those of the page. Lines of code stay as they are."""
    lines, in_code = [], False
    for line in markdown.splitlines():
        in_code ^= line.startswith("```")
        lines.append("#" * by + line if line.startswith("#") and not in_code else line)
    return "\n".join(lines)


def tag_name(hashtag: str) -> str:
    return "Whole campaign" if hashtag == "*" else f"#{plain(hashtag, 100)}"


def number(value: SupportsInt | None) -> str:
    """`1234.0` -> `1,234`; unknown values are a dash."""
    return "–" if value is None or pd.isna(value) else f"{int(value):,}"


def counted(number_of: int, what: str) -> str:
    """`1 post`, `1,234 posts`."""
    return f"{number(number_of)} {what}{'' if number_of == 1 else 's'}"


def named_in(articles: int, sources: int) -> str:
    """`3 articles, 1 source`."""
    return f"{counted(articles, 'article')}, {counted(sources, 'source')}"


def spellings(forms: Iterable[object], longest: int = 120) -> str:
    """Spellings found, as text in one line: `U.S. · US · United States`. Commas stand in names: `Washington, D.C.`"""
    return plain(" · ".join(" ".join(plain(form, 60).split()) for form in forms), longest)


def percent(share: SupportsFloat | None) -> str:
    return "–" if share is None or pd.isna(share) else f"{float(share):.0%}" if float(share) in (0.0, 1.0) else f"{float(share):.1%}"


def day_name(day: object) -> str:
    """`Thu 5 Mar 2026`."""
    if day is None or pd.isna(day):
        return "–"
    day = day if isinstance(day, date) else pd.Timestamp(day).date()
    return f"{day:%a} {day.day} {day:%b %Y}"


def period_name(start: date, end: date) -> str:
    """`2 – 16 Mar 2026 (15 days)` of the days from `start` up to, not including, `end`; a day alone is `2 Mar 2026`."""
    last, length = end - timedelta(days=1), (end - start).days
    if length <= 1:
        return f"{start.day} {start:%b %Y}"
    month = "" if (start.year, start.month) == (last.year, last.month) else f" {start:%b}" if start.year == last.year else f" {start:%b %Y}"
    return f"{start.day}{month} – {last.day} {last:%b %Y} ({length} days)"


def measured(days: pd.DataFrame, hours: int, today: date) -> Measured:
    """What is known of the engagement of these days; `hours` is the age at which it is compared."""
    return Measured.of(days.to_dict("records"), hours, today)


def total_engagement(days: pd.DataFrame) -> int | None:
    """Of all the days; None when there are originals and the engagement of none is known."""
    known = days["engagement"].dropna()
    if known.empty or (days["originals"].sum() and not days["engagement_measured"].sum()):
        return None
    return int(known.sum())


def complete(days: pd.DataFrame) -> pd.Series:
    """True for days none of whose posts is still to be measured."""
    return days["engagement_waiting"] == 0


def peak_facts(days: pd.DataFrame, peak: pd.Series | None) -> pd.Series | None:
    """A peak day of a period as `headline` takes it: with the next day of the same kind, as marts.hashtag_peaks ranks them."""
    if peak is None:
        return None
    others = days[(days["engagement"].fillna(0) > 0) & (days["day"] != peak["day"]) & (~complete(days) == bool(peak["provisional"]))]
    second = others.sort_values(["engagement", "day"], ascending=[False, True], kind="stable").iloc[0] if not others.empty else None
    return pd.Series(
        {
            **{name: peak[name] for name in ("engagement", "coverage", "engagement_age", "provisional")},
            "peak_day": peak["day"],
            "runner_up_day": None if second is None else second["day"],
            "runner_up_engagement": None if second is None else second["engagement"],
        },
        dtype=object,
    )


def peak_age(peak: pd.Series) -> str:
    """`measured at 24 h`, `as last observed`; says that it is provisional where it is."""
    words = [measured_at([peak["engagement_age"]]), "provisional" if peak["provisional"] else ""]
    return ", ".join(filter(None, words))


def engagement_caption(days: pd.DataFrame, known: Measured, trusted_coverage: float) -> str:
    """What a reader of the bars must know: the age of the figures, what is missing, and how much was captured."""
    said = known.sentences()
    growing = int((~complete(days)).sum())
    if 0 < growing < len(days):
        said.append(f"{growing} {'day is' if growing == 1 else 'days are'} still being measured (pale bars) and left out of the peak.")
    thin = int((days["coverage"] < trusted_coverage).sum())
    if thin:
        said.append(f"Coverage is below 90 % on {thin} {'day' if thin == 1 else 'days'} (pale bars): their engagement is a lower bound.")
    elif days["coverage"].notna().any():
        said.append("Every day's coverage is 90 % or more.")
    else:
        said.append("Coverage is unknown: nobody counted the posts.")
    return " ".join(said)


def headline(name: str, hashtag: str, peak: pd.Series | None, known: Measured) -> str:
    """One sentence that the numbers bear."""
    subject = plain(name, 80) if hashtag == "*" else tag_name(hashtag)
    if peak is None or pd.isna(peak["engagement"]):
        why = f": its posts are not yet measured at {known.hours} h" if known.is_provisional else ""
        return f"{subject}: no engagement is known yet{why}."
    sentence = f"{subject} had its day of most engagement on {day_name(peak['peak_day'])}: {number(peak['engagement'])}"
    if "measured" in peak_age(peak):
        sentence += f" ({measured_at([peak['engagement_age']])})"
    if pd.notna(peak["runner_up_engagement"]):
        times = peak["engagement"] / peak["runner_up_engagement"]
        sentence += f", {times:.1f} times that of the next day ({day_name(peak['runner_up_day'])}, {number(peak['runner_up_engagement'])})"
    if pd.notna(peak["coverage"]) and peak["coverage"] < 0.9:
        sentence += f". Only {percent(peak['coverage'])} of that day's posts were captured"
    if peak["provisional"]:
        sentence += f". This is provisional: every day has posts that are not yet measured at {known.hours} h"
    return sentence + "."


def describe_series(days: pd.DataFrame, hashtag: str) -> str:
    """The chart in words, for those who do not see it."""
    known = days.dropna(subset=["engagement"])
    if known.empty:
        return f"Engagement per day of {tag_name(hashtag)}: none is known."
    # As the peak: a day that still grows is compared with its like only.
    ranked = known[complete(known)] if (known.loc[complete(known), "engagement"] > 0).any() else known
    top = ranked.loc[ranked["engagement"].idxmax()]
    middle = known["engagement"].median()
    return (
        f"Engagement per day of {tag_name(hashtag)}, {day_name(known['day'].iloc[0])} to {day_name(known['day'].iloc[-1])}; "
        f"most on {day_name(top['day'])}: {number(top['engagement'])}; the middle day has {number(middle)}."
    )


def describe_sentiment(sentiment: pd.DataFrame) -> str:
    """The chart in words."""
    total = sentiment[["negative", "neutral", "positive"]].sum()
    scored = int(total.sum())
    shares = ", ".join(f"{name} {percent(total[name] / scored)}" for name in total.index) if scored else "none scored"
    return f"Sentiment of {scored:,} original posts by day: {shares}."


def usd(amount: SupportsFloat | None) -> str:
    """`12.50`; unknown amounts are a dash."""
    return "–" if amount is None or pd.isna(amount) else f"{float(amount):,.2f}"


def spend_sentences(spend: pd.DataFrame, campaign_id: str, month: date, budget_usd: float, budget_posts: int, of_all: bool = True) -> list[str]:
    """What reading from X has cost since the first of `month`: this campaign, all of them, and of which budget; without `of_all` this one alone."""
    mine = spend[spend["campaign_id"] == campaign_id].iloc[0]
    used, posts = float(spend["used_usd"].sum()), int(spend["posts"].sum())
    share = f" ({percent(used / budget_usd)})" if budget_usd else ""
    said = [
        f"This campaign in {month:%B %Y}: {usd(mine['used_usd'])} USD for {number(mine['posts'])} posts read from X; {usd(mine['planned_usd'])} USD were planned.",
    ]
    if of_all:
        said.append(f"All campaigns: {usd(used)} of {usd(budget_usd)} USD{share}, {posts:,} of {budget_posts:,} posts.")
    if spend["refused"].sum():
        said.append("A budget has stopped reading this month; raw.api_spend says which and when.")
    said.append(f"At X's listed prices of {spend['prices_as_of'].max()}. X bills a post that is read twice in a UTC day once, so its bill can be lower.")
    return said
