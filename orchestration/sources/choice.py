"""Which tweet source answers, of those that need nothing but files. Those of X stand in `orchestration/x_access.py`."""

from collections.abc import Mapping
from pathlib import Path

from orchestration.sources.base import SourceError, TweetSource


def make_tweet_source(name: str, *, archive: Path | None = None, columns: Mapping[str, str] | None = None) -> TweetSource:
    """`sample` or `archive`. Raises SourceError for another name, or an archive without a path."""
    if name == "sample":
        from orchestration.sources.sample.source import SampleSource

        return SampleSource()
    if name == "archive":
        from orchestration.sources.archive.source import ArchiveSource

        if archive is None:
            raise SourceError("The source `archive` needs files. Give a file or folder with --archive PATH.")
        return ArchiveSource(archive, columns or {})
    raise SourceError(f"There is no tweet source {name!r}. Choose sample, archive, x_search or x_stream.")
