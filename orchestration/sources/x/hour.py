"""The first posts of an hour from a search that answers newest first.

X's search offers no ascending order: paging through an hour and stopping at the cap would keep its last posts. So the hour
is read in slices from its start on, each to its end, until one post more than the cap is known. Minute counts say how far
a slice may reach; where they fall short, a slice is cut in two.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from orchestration.sources.base import DeadLetter, Post
from orchestration.sources.x.counts import MINUTE, in_minutes
from orchestration.sources.x.pages import Page, PageReader
from orchestration.windows import Window

SECOND = timedelta(seconds=1)
# Without counts: fixed slices, cut where they turn out too full.
BLIND_SLICE = timedelta(minutes=5)
# Counts and search differ by design; a slice may have that many pages more than promised before it is cut.
TOLERATED_SHARE, TOLERATED_PAGES = 1.1, 2
# A second is the smallest slice. One with more than this many times the cap, and these pages, is not read to its end.
CEILING, MOST_PAGES_OF_A_SECOND = 2, 5
NOTED_DIFFERENCE = 0.02

OVERFLOW = "one second held more posts than twice the cap; which of them came first is not known"


@dataclass
class HourReading:
    """Reads one hour; afterwards `posts` holds its first `cap` + 1 or more, or all of them."""

    reader: PageReader
    window: Window
    cap: int
    counts: Mapping[datetime, int] | None
    posts: dict[str, Post] = field(default_factory=dict)
    observations: int = 0
    pages: int = 0
    dead_letters: list[DeadLetter] = field(default_factory=list)
    partial_errors: int = 0
    notes: list[str] = field(default_factory=list)
    _read_to_end: bool = False

    def read(self) -> "HourReading":
        """Raises XError; then nothing of the hour is complete, but its pages stay stored."""
        position, promised = self.window.start, 0
        while position < self.window.end and self._needed > 0:
            end, expected = self._next_slice(position, promised)
            promised += in_minutes(self.counts, Window(position, end)) if self.counts is not None else 0
            self._slice(Window(position, end), expected)
            position = end
        self._read_to_end = position >= self.window.end
        self._note_difference()
        return self

    @property
    def counted(self) -> int | None:
        return None if self.counts is None else in_minutes(self.counts, self.window)

    @property
    def _needed(self) -> int:
        # One more than the cap: only that proves that the hour has more.
        return self.cap + 1 - len(self.posts)

    def _next_slice(self, position: datetime, promised: int) -> tuple[datetime, float]:
        """End of the longest slice from `position` that should not exceed what is needed, and the posts to expect in it."""
        if self.counts is None:
            return min(position + BLIND_SLICE, self.window.end), 0.0
        # Where search has brought less than was counted so far, later minutes will bring less as well.
        ratio = min(1.0, len(self.posts) / promised) if promised else 1.0
        ratio = max(ratio, 0.05)
        end, expected = position, 0.0
        while end < self.window.end:
            minute = self.counts.get(end, 0) * ratio
            if end > position and expected + minute > self._needed:
                break
            expected += minute
            end += MINUTE
        return end, expected

    def _slice(self, window: Window, expected: float) -> None:
        """Reads `window` to its end, or its first part when that is enough."""
        seconds = int((window.end - window.start) / SECOND)
        if self._needed <= 0:
            return
        size = self.reader.page_size
        if expected > self._needed + size and seconds > 1:
            first = min(seconds - 1, max(1, math.ceil(seconds * self._needed / expected)))
            cut = window.start + first * SECOND
            self._slice(Window(window.start, cut), expected * first / seconds)
            self._slice(Window(cut, window.end), expected * (seconds - first) / seconds)
            return
        allowed = math.ceil(expected * TOLERATED_SHARE / size) + TOLERATED_PAGES
        pages: list[Page] = []
        for page in self.reader.pages(window):
            pages.append(page)
            oldest = _oldest(pages)
            if not page.more or oldest is None:
                continue
            if seconds > 1 and len(pages) >= allowed:
                older = Window(window.start, min(window.end, oldest.replace(microsecond=0) + SECOND))
                self._older_part(older, _rate(pages, Window(oldest, window.end)))
                break
            if seconds == 1 and len(pages) * size > CEILING * self.cap + MOST_PAGES_OF_A_SECOND * size:
                self.notes.append(OVERFLOW)
                break
        self._keep(pages)

    def _older_part(self, window: Window, rate: float) -> None:
        """The part of a slice that its newest pages have not reached, in halves, each with the posts that `rate` promises."""
        seconds = int((window.end - window.start) / SECOND)
        middle = window.start + max(1, seconds // 2) * SECOND
        for half in (Window(window.start, middle), Window(middle, window.end)):
            if half.start < half.end:
                self._slice(half, rate * ((half.end - half.start) / SECOND))

    def _keep(self, pages: list[Page]) -> None:
        self.pages += len(pages)
        for page in pages:
            self.observations += len(page.posts)
            self.partial_errors += page.partial_errors
            self.dead_letters += page.dead_letters
            for post in page.posts:
                known = self.posts.get(post.tweet_id)
                if known is None or (known.observed_at, known.raw_record) < (post.observed_at, post.raw_record):
                    self.posts[post.tweet_id] = post

    def _note_difference(self) -> None:
        counted, found = self.counted, len(self.posts)
        if counted is None:
            self.notes.append("X's counts did not answer; how many posts there were is not known")
        elif self._read_to_end and self._needed > 0 and abs(counted - found) > NOTED_DIFFERENCE * max(counted, 1):
            self.notes.append(f"counts say {counted}, search brought {found}")
        if self.partial_errors:
            self.notes.append(f"{self.partial_errors} partial errors of X: parts of posts that it may not show")


def _oldest(pages: list[Page]) -> datetime | None:
    return min((post.created_at for page in pages for post in page.posts), default=None)


def _rate(pages: list[Page], span: Window) -> float:
    """Posts a second over the part of the slice that was read."""
    posts = sum(len(page.posts) for page in pages)
    return posts / max(1.0, (span.end - span.start) / SECOND)
