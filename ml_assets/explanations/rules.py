"""When a day counts as explained, and with what it is compared. Plain numbers: the pipeline reads them without loading NumPy."""

from datetime import timedelta

EXPLAINED, UNEXPLAINED, TOO_FEW_DAYS, NO_ARTICLES, NO_TEXT, OTHER_LANGUAGE = (
    "explained",
    "unexplained",
    "too_few_days",
    "no_articles",
    "no_text",
    "other_language",
)
VERDICTS = (EXPLAINED, UNEXPLAINED, TOO_FEW_DAYS, NO_ARTICLES, NO_TEXT, OTHER_LANGUAGE)
# Below this share of ordinary days, no news explains the day.
CONFIDENT = 0.8
# Shared words and names that a story needs besides: one word shared by chance beats ordinary days that share none.
FEWEST_SHARED = 2
FEWEST_PLACEBO_DAYS = 5
# Ordinary days further away are another campaign by then, and would have to be read.
REACH = timedelta(days=45)
# Distinct texts of a day with fewer posts than this hold too few words to be compared.
FEWEST_POSTS = 20
# Distinct texts that are read of a hashtag's day, by hash: volume shall not decide, and a day of 100,000 posts costs no more than one of 500.
MOST_POSTS = 500


def verdict_of(confidence: float | None, shared: int) -> str:
    """`shared` words and names of the best story; None as confidence says that there were too few days to compare with."""
    if shared < FEWEST_SHARED:
        return UNEXPLAINED
    if confidence is None:
        return TOO_FEW_DAYS
    return EXPLAINED if confidence >= CONFIDENT else UNEXPLAINED
