"""The `archive` source: answers from files that people have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from orchestration.sources.archive.files import Found, Reading, records
from orchestration.sources.base import CampaignQuery, Capture, NothingInWindow, Post, SourceError
from orchestration.sources.hours import select_hours
from orchestration.sources.values import BadRecord
from orchestration.windows import Window


@dataclass(frozen=True)
class ArchiveSource:
    """`path` is a file or a folder, `columns` maps fields to CSV headers. The whole archive belongs to the campaign."""

    path: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    name: str = "archive"

    def fetch(self, window: Window, query: CampaignQuery, cap: int) -> Capture:
        """Raises NothingInWindow when the archive has posts, but none in the window; SourceError when it has none."""
        reading, span = Reading(), _Span()
        posts = [post for found in records(self.path, self.columns, reading) if (post := _post(found, window, span, reading))]
        if span.first is None:
            raise SourceError(self._nothing(reading))
        if not posts:
            raise NothingInWindow(
                f"{self.path.name} has no posts in {window}. It has posts from {span.first:%Y-%m-%dT%H:%M:%SZ} to "
                f"{span.last:%Y-%m-%dT%H:%M:%SZ}: ask for that span."
            )
        return Capture(
            source=self.name,
            capture_mode="file",
            source_ref=self.path.name,
            hours=select_hours(posts, window, cap),
            dead_letters=tuple(reading.dead_letters),
            skipped_files=tuple(reading.skipped),
        )

    def span(self) -> Window | None:
        """Whole hours from the first to the last post; None when there are none."""
        span = _Span()
        for found in records(self.path, self.columns, Reading()):
            span.add(found.created_at)
        if span.first is None or span.last is None:
            return None
        return Window(Window.hour_of(span.first).start, Window.hour_of(span.last).end)

    def _nothing(self, reading: Reading) -> str:
        message = f"{self.path.name} holds no posts that can be read."
        if reading.dead_letters:
            first = reading.dead_letters[0]
            message += f" First of {len(reading.dead_letters)} bad records, line {first.line}: {first.detail}."
        if reading.skipped:
            message += f" Skipped: {'; '.join(reading.skipped[:3])}."
        return message


@dataclass
class _Span:
    first: datetime | None = None
    last: datetime | None = None

    def add(self, moment: datetime) -> None:
        self.first = moment if self.first is None else min(self.first, moment)
        self.last = moment if self.last is None else max(self.last, moment)


def _post(found: Found, window: Window, span: _Span, reading: Reading) -> Post | None:
    span.add(found.created_at)
    if found.created_at not in window:
        return None
    try:
        return found.read()
    except BadRecord as bad:
        reading.bury(bad, found.source_ref, found.line, found.raw)
        return None
