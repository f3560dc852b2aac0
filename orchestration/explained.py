"""What may be said of an explained day, in words. Pure; the site, the summary and the alerts say the same.

Rows are those of marts.peak_explanations. No sentence holds text from outside, and none claims a cause.
"""

from collections.abc import Mapping
from datetime import date
from math import floor
from typing import Any

UNEXPLAINED = "No news we found explains this."
ENOUGH, FEWEST_DAYS = "80 %", 5
OF_VERDICT = {
    "no_articles": "No news was found for this day, so none explains it.",
    "no_text": "There are no words of this day to compare: its posts are all reposts, or hold no words.",
    "other_language": "The articles found are in other languages than the posts and share no name with them, so they cannot be compared.",
    "not_compared": "Nobody has compared this day with the news yet. Run the pipeline, then reload.",
}


def sentences(row: Mapping[str, Any], first_day: date | None = None) -> list[str]:
    """Whole sentences about one day, the verdict first. `first_day` is the campaign's first captured day, where it is known."""
    verdict = row["verdict"]
    if verdict in OF_VERDICT:
        return [OF_VERDICT[verdict]]
    said = []
    if verdict == "explained":
        said.append(f"A story in the news fits this day: {strength(row)}.")
    elif verdict == "too_few_days":
        days = int(row["placebo_days"])
        said.append(f"A story in the news fits this day, but there are too few ordinary days to compare with: {days} of the {FEWEST_DAYS} needed.")
    else:
        said.append(UNEXPLAINED)
        if not row["score"]:
            said.append("No article shares a word or name with the posts that they do not use every day.")
        elif _is_known(row["confidence"]):
            said.append(f"The best story is {strength(row)}; {ENOUGH} and two shared words or names are needed.")
    if row["basis"] == "campaign" and row["hashtag"] != "*" and int(row["placebo_days"]):
        said.append("Compared with ordinary days of the whole campaign: the hashtag has too few of its own.")
    if first_day is not None and row["peak_day"] == first_day and int(row["placebo_days"]):
        said.append("It is the first day of the campaign, so every ordinary day comes after it.")
    return said


def strength(row: Mapping[str, Any]) -> str:
    """`stronger than 96 % of 27 ordinary days`, `stronger than all 6 ordinary days`; rounded down, so that only all is 100 %."""
    days, share = int(row["placebo_days"]), float(row["confidence"])
    if share >= 1:
        return f"stronger than all {days} ordinary days"
    return f"stronger than {floor(100 * share + 1e-9)} % of {days} ordinary days"


def _is_known(value: Any) -> bool:
    return value is not None and value == value
