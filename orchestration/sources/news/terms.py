"""From a hashtag and a campaign to the words that an article must mention."""

import re
from collections.abc import Iterable

MAXIMUM_QUERY = 500


def search_terms(hashtag: str, *, news_query: str | None, name: str, followed: Iterable[str]) -> tuple[str, ...]:
    """Terms for a peak: the hashtag's own, and the campaign's. `*` stands for the whole campaign."""
    of_campaign = phrases_of(news_query) if news_query else ()
    if hashtag == "*":
        return _distinct(of_campaign or (name, *followed))
    return _distinct((*of_campaign, hashtag))


def phrases_of(query: str) -> tuple[str, ...]:
    """`"Aurora Trail" OR Halvenne` -> ("Aurora Trail", "Halvenne")."""
    words = (quoted or word for quoted, word in re.findall(r'"([^"]+)"|([^\s"()]+)', query))
    return _distinct(word.strip() for word in words if word not in {"OR", "AND", "NOT"})


def as_query(terms: Iterable[str]) -> str:
    """`("Aurora Trail", "Halvenne")` -> `"Aurora Trail" OR "Halvenne"`, cut at the service's 500 characters by whole terms."""
    query = ""
    for term in terms:
        longer = f'{query} OR "{term}"' if query else f'"{term}"'
        if len(longer) > MAXIMUM_QUERY:
            break
        query = longer
    return query


def mentioned(terms: Iterable[str], *texts: str | None) -> tuple[str, ...]:
    """The terms that one of the texts mentions, whatever the case; `auroratrail` is also "Aurora Trail" and "aurora-trail"."""
    text = "\n".join(text for text in texts if text)
    return tuple(term for term in terms if _pattern(term).search(text))


def _pattern(term: str) -> re.Pattern[str]:
    letters = [re.escape(letter) for letter in term if not letter.isspace() and letter not in "-_#"]
    return re.compile(r"(?<!\w)#?" + r"[\s_-]?".join(letters) + r"(?!\w)", re.IGNORECASE)


def _distinct(terms: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for term in terms:
        kept.setdefault(re.sub(r"[\s_#-]", "", term).casefold(), term)
    kept.pop("", None)
    return tuple(kept.values())
