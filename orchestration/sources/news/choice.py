"""Which news source a campaign uses."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from orchestration.settings import Settings
from orchestration.sources.news.base import NewsError, NewsSource
from orchestration.sources.news.budget import RequestBudget


def make_news_source(name: str, settings: Settings, budget: RequestBudget | None = None) -> NewsSource:
    """`sample`, `archive` (of PULSE_NEWS_ARCHIVE), `newsapi`, whose requests `budget` allows, or `gdelt`, which needs no key.

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
    if name == "gdelt":
        return _gdelt(settings)
    raise NewsError(f"There is no news source {name!r}. Choose sample, archive, newsapi or gdelt.")


def _newsapi(settings: Settings, budget: RequestBudget | None) -> NewsSource:
    from orchestration.sources.news.newsapi import PLANS, NewsApi
    from orchestration.sources.news.newsapi_calls import NewsApiCalls
    from orchestration.sources.news.transport import checked_address, is_stub

    address = checked_address(settings.newsapi_base_url)
    now = _clock(settings.newsapi_clock, "PULSE_NEWSAPI", stub=is_stub(address))
    return NewsApi(NewsApiCalls(address, budget, now), PLANS[settings.newsapi_plan], now)


def _gdelt(settings: Settings) -> NewsSource:
    from orchestration.sources.news.gdelt import Gdelt
    from orchestration.sources.news.gdelt_calls import GdeltCalls
    from orchestration.sources.news.transport import checked_gdelt_address, is_stub

    address = checked_gdelt_address(settings.gdelt_base_url)
    now = _clock(settings.gdelt_clock, "PULSE_GDELT", stub=is_stub(address))
    return Gdelt(GdeltCalls(address), timedelta(days=settings.gdelt_reach_days), now)


def _clock(moment: datetime | None, names: str, *, stub: bool) -> Callable[[], datetime]:
    """The real time, or that of a stub. Raises NewsError where a time is set for the real service."""
    if moment is not None and not stub:
        raise NewsError(f"{names}_CLOCK is set, but {names}_BASE_URL is no stub on this machine. Unset it.")

    def now() -> datetime:
        if moment is None:
            return datetime.now(UTC)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    return now
