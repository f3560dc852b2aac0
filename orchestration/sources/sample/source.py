"""The `sample` tweet source: answers from the committed files, reading only the days it is asked for."""

import gzip
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from orchestration.sources.base import CampaignQuery, Capture, NothingInWindow, Post
from orchestration.sources.envelopes import Wrapped, posts_in
from orchestration.sources.hours import select_hours
from orchestration.sources.records import parse_record
from orchestration.sources.sample.campaign import SPAN
from orchestration.windows import Window

DATA = Path(__file__).parent / "data"
ARTICLES = DATA / "articles.jsonl.gz"
TRUTH = DATA / "truth.json"


class SampleSource:
    """An invented campaign of 15 days; the same answers for ever."""

    name = "sample"

    def fetch(self, window: Window, query: CampaignQuery, cap: int) -> Capture:
        """Raises NothingInWindow outside the sample's days."""
        if window.end <= SPAN.start or window.start >= SPAN.end:
            raise NothingInWindow(f"The sample has no posts in {window}. It has posts in {SPAN}: ask for that span.")
        posts = [post for day in window.utc_days() for post in _posts_of(day)]
        return Capture(
            source=self.name, capture_mode="file", source_ref="sample", hours=select_hours(posts, window, cap)
        )


def _posts_of(day: date) -> Iterator[Post]:
    file = DATA / f"posts-{day.isoformat()}.jsonl.gz"
    if not file.exists():
        return
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            for wrapped in posts_in(json.loads(line)):
                if isinstance(wrapped, Wrapped):
                    yield parse_record(wrapped, source_ref=f"{file.name}:{number}")
