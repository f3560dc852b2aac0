"""What GDELT's DOC 2.0 API answers: its rules for queries, its line of text with status 200 in place of an error, its limit of requests."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration.news_stub.query import NewsQuery, QueryError, parse
from orchestration.news_stub.shelf import Shelved
from orchestration.sources.news.gdelt_query import CODES, LANGUAGES

PATH = "/api/v2/doc/doc"
# One request every five seconds, by the stub's clock.
APART = timedelta(seconds=5)
LONGEST_QUERY, MOST_RECORDS, USUAL_RECORDS = 250, 250, 75
FIRST_DAY = datetime(2017, 1, 1, tzinfo=UTC)
LIMITED = "Please limit requests to one every 5 seconds or contact the operator for larger queries."
TOO_LONG = "Your query was too short or too long."
TEXT = "text/html; charset=utf-8"
# What stands in place of the answer, or spoils it, by the script of faults: status and body; None leaves the body to `spoiled`.
FAULTS: dict[str, tuple[int, str | None]] = {
    "gdelt_429": (429, LIMITED),
    "gdelt_200_limit": (200, LIMITED),
    "gdelt_200_busy": (200, TOO_LONG),
    "gdelt_200_empty": (200, "{}"),
    "gdelt_cut": (200, '{"articles": [{"url": "https://e.example/1", "ti'),
    "gdelt_503": (503, "<html><body>Service Unavailable</body></html>"),
    "gdelt_bad_escapes": (200, None),
}


class Refused(Exception):
    """The message is the line of text that is answered with 200."""


def answer(shelf: list[Shelved], parameters: Mapping[str, str]) -> str:
    """The articles as JSON, most relevant first. Raises Refused."""
    query, languages = _query(parameters.get("query", ""))
    start, end = (_moment(parameters.get(name), name) for name in ("startdatetime", "enddatetime"))
    if start < FIRST_DAY:
        raise Refused("Invalid query start date.")
    most = min(int(parameters.get("maxrecords") or USUAL_RECORDS), MOST_RECORDS)
    found = [
        article
        for article in shelf
        if start <= article.published_at <= end
        and (not languages or article.language in {None, *languages})
        and query.test(article.text(["title", "description", "content"]))
    ]
    found.sort(key=lambda article: (-sum(term in article.texts["title"] for term in query.terms), article.published_at, article.body["url"] or ""))
    return json.dumps({"articles": [_record(article) for article in found[:most]]}, ensure_ascii=False) if found else "{}"


def spoiled(body: str) -> str:
    """With an escape in each title that JSON does not know, and a control character: both were seen on real days."""
    return body.replace('"title": "', '"title": "It\\\'s \\x24 \x07')


def _record(article: Shelved) -> dict[str, Any]:
    seen = article.published_at.replace(minute=article.published_at.minute // 15 * 15, second=0, microsecond=0)
    return {
        "url": article.body["url"] or "",
        "url_mobile": "",
        # It parts the words of a title by blanks, marks too.
        "title": re.sub(r"([,;:!?])", r" \1", article.body["title"]),
        "seendate": f"{seen:%Y%m%dT%H%M%SZ}",
        "socialimage": article.body["urlToImage"] or "",
        "domain": article.domain,
        "language": LANGUAGES.get(article.language or "en", "english").capitalize(),
        "sourcecountry": "United States",
    }


def _query(text: str) -> tuple[NewsQuery, set[str]]:
    """The test, and the codes of the languages asked for. Raises Refused."""
    if not text.strip() or len(text) > LONGEST_QUERY:
        raise Refused(TOO_LONG)
    languages = set(re.findall(r"sourcelang:(\w+)", text))
    if languages - set(CODES):
        raise Refused("Invalid/Unsupported Language.")
    words = re.sub(r"\((sourcelang:\w+( OR )?)+\)|sourcelang:\w+", "", text).strip()
    outside = re.sub(r"\([^()]*\)|\"[^\"]*\"", "", words)
    if re.search(r"\bOR\b", outside):
        raise Refused("Queries containing OR'd terms must be surrounded by ().")
    for group in re.findall(r"\(([^()]*)\)", words):
        if " OR " not in group:
            raise Refused("Parentheses may only be used around OR'd statements.")
    if any(len(phrase) < 5 for phrase in re.findall(r'"([^"]*)"', words)):
        raise Refused("The specified phrase is too short.")
    bare = re.sub(r'"[^"]*"|[()]', " ", words).split()
    if short := [word for word in bare if word != "OR" and len(word) < 3]:
        raise Refused(f"One or more of your keywords were too short, too long or too common: ({short[0]})")
    try:
        return parse(words), {CODES[name] for name in languages}
    except QueryError:
        raise Refused("Your query was not valid.") from None


def _moment(text: str | None, name: str) -> datetime:
    try:
        return datetime.strptime(f"{text}+0000", "%Y%m%d%H%M%S%z")
    except ValueError:
        raise Refused(f"Invalid query {'start' if name.startswith('start') else 'end'} date.") from None
