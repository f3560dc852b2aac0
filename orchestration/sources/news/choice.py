"""Which news source a campaign uses."""

from orchestration.settings import Settings
from orchestration.sources.news.base import NewsError, NewsSource


def make_news_source(name: str, settings: Settings) -> NewsSource:
    """`sample`, `archive` (of PULSE_NEWS_ARCHIVE) or `newsapi`. Raises NewsError for another name or a missing setting."""
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
        from orchestration.sources.news.newsapi import NewsApi

        return NewsApi()
    raise NewsError(f"There is no news source {name!r}. Choose sample, archive or newsapi.")
