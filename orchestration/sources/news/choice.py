"""Which news source a campaign uses."""

from datetime import UTC, datetime

from orchestration.settings import Settings
from orchestration.sources.news.base import NewsError, NewsSource
from orchestration.sources.news.budget import RequestBudget


def make_news_source(name: str, settings: Settings, budget: RequestBudget | None = None) -> NewsSource:
    """`sample`, `archive` (of PULSE_NEWS_ARCHIVE) or `newsapi`, whose requests `budget` allows.

    Raises NewsError for another name, a missing setting, or an address that would show the key.
    """
    if name == "sample":
        from orchestration.sources.news.files import FileNews
        from orchestration.sources.sample.source import ARTICLES

        return FileNews(ARTICLES, "sample")
    if name == "archive":
        from orchestration.sources.news.files import FileNews

        if settings.news_archive is None:
            raise NewsError("The news source is `archive` but PULSE_NEWS_ARCHIVE is not set. Set it to a file or folder of articles.")
        return FileNews(settings.news_archive)
    if name == "newsapi":
        return _newsapi(settings, budget)
    raise NewsError(f"There is no news source {name!r}. Choose sample, archive or newsapi.")


def _newsapi(settings: Settings, budget: RequestBudget | None) -> NewsSource:
    from orchestration.sources.news.newsapi import PLANS, NewsApi
    from orchestration.sources.news.newsapi_calls import NewsApiCalls
    from orchestration.sources.news.transport import checked_address, is_stub

    address = checked_address(settings.newsapi_base_url)
    moment = settings.newsapi_clock
    if moment is not None and not is_stub(address):
        raise NewsError("PULSE_NEWSAPI_CLOCK is set, but PULSE_NEWSAPI_BASE_URL is no stub on this machine. Unset it.")

    def now() -> datetime:
        if moment is None:
            return datetime.now(UTC)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    return NewsApi(NewsApiCalls(address, budget, now), PLANS[settings.newsapi_plan], now)
