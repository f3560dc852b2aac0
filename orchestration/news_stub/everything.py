"""What /v2/everything answers to which parameters: validation, plan, and search."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from orchestration.news_stub.faults import ERRORS
from orchestration.news_stub.plans import Plan
from orchestration.news_stub.query import NewsQuery, QueryError, parse
from orchestration.news_stub.shelf import Shelved

LANGUAGES = frozenset(["ar", "de", "en", "es", "fr", "he", "it", "nl", "no", "pt", "ru", "sv", "ud", "zh"])
SORTINGS = ("publishedAt", "popularity", "relevancy")
FIELDS = ("title", "description", "content")
MOST_SOURCES, LONGEST_QUERY, LARGEST_PAGE, USUAL_PAGE = 20, 500, 100, 100
MISSING = (
    "Required parameters are missing, the scope of your search is too broad. Please set any of the following required parameters "
    "and try again: q, qInTitle, sources, domains."
)


class Refusal(Exception):
    """An error of NewsAPI: HTTP status, code, message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def refusal(kind: str, **values: Any) -> Refusal:
    """One of `faults.ERRORS` with its values filled in."""
    status, code, message = ERRORS[kind]
    return Refusal(status, code, message.format(**values))


@dataclass(frozen=True)
class Asked:
    """The parameters of a request, read and found valid."""

    query: NewsQuery | None
    in_title: NewsQuery | None
    fields: tuple[str, ...]
    sources: frozenset[str]
    domains: frozenset[str]
    not_domains: frozenset[str]
    start: datetime | None
    end: datetime | None
    language: str | None
    sorting: str
    page: int
    page_size: int


@dataclass(frozen=True)
class Found:
    total: int
    articles: list[dict[str, Any]] = field(default_factory=list)


def read(parameters: Mapping[str, str]) -> Asked:
    """Raises Refusal: parametersMissing, sourcesTooMany, parameterInvalid."""
    title = parameters.get("qInTitle") or parameters.get("qintitle") or ""
    sources = _names(parameters.get("sources"))
    domains = _names(parameters.get("domains"))
    if not (parameters.get("q", "").strip() or title.strip() or sources or domains):
        raise Refusal(400, "parametersMissing", MISSING)
    if len(sources) > MOST_SOURCES:
        raise Refusal(400, "sourcesTooMany", f"You have requested too many sources. The most is {MOST_SOURCES}.")
    language = parameters.get("language") or None
    if language and language not in LANGUAGES:
        raise _invalid(f"The language parameter {language!r} is not valid. The options are: {', '.join(sorted(LANGUAGES))}.")
    sorting = parameters.get("sortBy") or "publishedAt"
    if sorting not in SORTINGS:
        raise _invalid(f"The sortBy parameter {sorting!r} is not valid. The options are: {', '.join(SORTINGS)}.")
    fields = tuple(part.strip() for part in (parameters.get("searchIn") or ",".join(FIELDS)).split(","))
    if not set(fields) <= set(FIELDS):
        raise _invalid(f"The searchIn parameter is not valid. The options are: {', '.join(FIELDS)}.")
    start, end = (_moment(parameters.get(name), name) for name in ("from", "to"))
    return Asked(
        query=_query(parameters.get("q")),
        in_title=_query(title),
        fields=fields,
        sources=sources,
        domains=domains,
        not_domains=_names(parameters.get("excludeDomains")),
        start=start,
        end=end,
        language=language,
        sorting=sorting,
        page=_number(parameters.get("page"), "page", 1, 10**6, 1),
        page_size=_number(parameters.get("pageSize"), "pageSize", 1, LARGEST_PAGE, USUAL_PAGE),
    )


def search(shelf: list[Shelved], asked: Asked, plan: Plan, now: datetime) -> Found:
    """A page of what the plan shows at `now`. Raises Refusal: out of the plan, or a source that nobody knows."""
    oldest = now - plan.reach
    if asked.start and asked.start < oldest:
        _, code, message = ERRORS["400_too_old"]
        raise Refusal(426, code, message.format(oldest=oldest, asked=f"{asked.start:%Y-%m-%d}"))
    if plan.most_results and asked.page * asked.page_size > plan.most_results:
        raise refusal("426")
    known = {article.body["source"]["id"] for article in shelf}
    for source in sorted(asked.sources - known):
        raise Refusal(400, "sourceDoesNotExist", f"The source {source!r} does not exist.")
    start, end = max(filter(None, (asked.start, oldest))), min(filter(None, (asked.end, now - plan.delay)))
    found = [article for article in shelf if start <= article.published_at <= end and _answers(article, asked)]
    found.sort(key=lambda article: article.published_at, reverse=True)
    if asked.sorting == "relevancy":
        found.sort(key=lambda article: _relevance(article, asked), reverse=True)
    first = (asked.page - 1) * asked.page_size
    return Found(len(found), [article.body for article in found[first : first + asked.page_size]])


def _answers(article: Shelved, asked: Asked) -> bool:
    return (
        (asked.language is None or article.language in {None, asked.language})
        and (not asked.sources or article.body["source"]["id"] in asked.sources)
        and (not asked.domains or _of_domain(article, asked.domains))
        and not _of_domain(article, asked.not_domains)
        and (asked.in_title is None or asked.in_title.test(article.text(["title"])))
        and (asked.query is None or asked.query.test(article.text(asked.fields)))
    )


def _relevance(article: Shelved, asked: Asked) -> tuple[int, int]:
    """Terms in the title, then terms at all."""
    terms = asked.query.terms if asked.query else ()
    title, text = article.text(["title"]), article.text(asked.fields)
    return sum(term in title for term in terms), sum(term in text for term in terms)


def _of_domain(article: Shelved, domains: frozenset[str]) -> bool:
    return any(article.domain == domain or article.domain.endswith(f".{domain}") for domain in domains)


def _names(value: str | None) -> frozenset[str]:
    return frozenset(part.strip().lower() for part in (value or "").split(",") if part.strip())


def _query(value: str | None) -> NewsQuery | None:
    if value is None or not value.strip():
        return None
    if len(value) > LONGEST_QUERY:
        raise _invalid(f"The query is too long: {len(value)} characters, the most is {LONGEST_QUERY}.")
    try:
        return parse(value)
    except QueryError as error:
        raise _invalid(f"The query is not well formed: {error}.") from None


def _moment(value: str | None, name: str) -> datetime | None:
    """A day is its first moment, in UTC."""
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise _invalid(f"The {name} parameter {value!r} is not a date in ISO 8601, e.g. 2023-04-04 or 2023-04-04T10:00:00.") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _number(value: str | None, name: str, least: int, most: int, usual: int) -> int:
    if not value:
        return usual
    if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
        raise _invalid(f"The {name} parameter {value!r} is not valid: it is a number from {least} to {most}.")
    return int(value)


def _invalid(message: str) -> Refusal:
    return Refusal(400, "parameterInvalid", message)
