"""Words of the page: sentences made from numbers, and text from outside that stays text."""

import unicodedata
from datetime import date
from urllib.parse import urlsplit

import pandas as pd

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


def tag_name(hashtag: str) -> str:
    return "Whole campaign" if hashtag == "*" else f"#{plain(hashtag, 100)}"


def number(value: object) -> str:
    """`1234.0` -> `1,234`; unknown values are a dash."""
    return "–" if value is None or pd.isna(value) else f"{int(value):,}"


def percent(share: object) -> str:
    return "–" if share is None or pd.isna(share) else f"{float(share):.0%}" if float(share) in (0.0, 1.0) else f"{float(share):.1%}"


def day_name(day: object) -> str:
    """`Thu 5 Mar 2026`."""
    if day is None or pd.isna(day):
        return "–"
    day = day if isinstance(day, date) else pd.Timestamp(day).date()
    return f"{day:%a} {day.day} {day:%b %Y}"


def headline(name: str, hashtag: str, peak: pd.Series | None) -> str:
    """One sentence that the numbers bear."""
    subject = plain(name, 80) if hashtag == "*" else tag_name(hashtag)
    if peak is None or pd.isna(peak["engagement"]):
        return f"{subject}: no engagement is known yet."
    sentence = f"{subject} had its day of most engagement on {day_name(peak['peak_day'])}: {number(peak['engagement'])}"
    if pd.notna(peak["runner_up_engagement"]):
        times = peak["engagement"] / peak["runner_up_engagement"]
        sentence += f", {times:.1f} times that of the next day ({day_name(peak['runner_up_day'])}, {number(peak['runner_up_engagement'])})"
    if pd.notna(peak["coverage"]) and peak["coverage"] < 0.9:
        sentence += f". Only {percent(peak['coverage'])} of that day's posts were captured"
    return sentence + "."


def describe_series(days: pd.DataFrame, hashtag: str) -> str:
    """The chart in words, for those who do not see it."""
    known = days.dropna(subset=["engagement"])
    if known.empty:
        return f"Engagement per day of {tag_name(hashtag)}: none is known."
    top = known.loc[known["engagement"].idxmax()]
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
