"""Pages of X's search: the loop over them, and what is in one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestration.sources.base import DeadLetter, Post
from orchestration.sources.envelopes import Wrapped, included_in, is_post
from orchestration.sources.records import parse_record
from orchestration.sources.values import BadRecord, time_of_id
from orchestration.sources.x.client import XClient
from orchestration.sources.x.errors import ContractChanged
from orchestration.sources.x.fields import POST_FIELDS, as_time, fields_parameter
from orchestration.sources.x.metering import SEARCH
from orchestration.sources.x.page_store import PageStore, StoredPage
from orchestration.windows import Window

LONGEST_KEPT = 8_192
# Real pages can be empty and go on; that many in a row is no search any more.
MOST_EMPTY_PAGES = 20
LARGEST_SKEW = timedelta(seconds=2)


@dataclass(frozen=True)
class Page:
    """Posts of one page and what could not be used of it; `more` says whether older posts follow."""

    posts: tuple[Post, ...]
    dead_letters: tuple[DeadLetter, ...]
    partial_errors: int
    more: bool


@dataclass
class PageReader:
    """Pages of one campaign's query, newest first, through the store where there is one."""

    client: XClient
    campaign_id: str
    query: str
    full_archive: bool = False
    vocabulary: str = "tweet"
    page_size: int = 100
    store: PageStore | None = None
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def pages(self, window: Window) -> Iterator[Page]:
        """Every page of `window`. What was stored by an earlier try is not asked for again. Raises XError."""
        file = self.store.file(self.campaign_id, f"{self.query}\x1f{self.full_archive}\x1f{self.page_size}", window) if self.store else None
        try:
            yield from self._read(window, file)
        except ContractChanged:
            # Kept, they would fail every later try in the same way.
            if file:
                file.unlink(missing_ok=True)
            raise

    def _read(self, window: Window, file: Path | None) -> Iterator[Page]:
        empty, seen = 0, set[str]()
        for number, stored in enumerate(self._stored_then_asked(window, file), start=1):
            page = read_page(stored.body, stored.received_at, window, f"search {window} page {number}")
            yield page
            token = next_token(stored.body)
            if token is None:
                return
            empty = 0 if page.posts or page.dead_letters else empty + 1
            if token in seen or empty > MOST_EMPTY_PAGES:
                raise ContractChanged(
                    f"X's search of {window} does not come to an end: "
                    f"{'the same page token came twice' if token in seen else f'{empty} empty pages in a row'}. The hour is not complete and nothing of it was kept."
                )
            seen.add(token)

    def _stored_then_asked(self, window: Window, file: Path | None) -> Iterator[StoredPage]:
        token = None
        if self.store and file:
            for stored in self.store.read(file, self.now()):
                yield stored
                token = next_token(stored.body)
                if token is None:
                    return
        while True:
            answer = self.client.get(self._path(), self._parameters(window, token), kind=SEARCH, most_posts=self.page_size)
            stored = StoredPage(answer.body, answer.received_at)
            if self.store and file:
                self.store.add(file, stored)
            yield stored
            token = next_token(stored.body)
            if token is None:
                return

    def _path(self) -> str:
        return f"/2/tweets/search/{'all' if self.full_archive else 'recent'}"

    def _parameters(self, window: Window, token: str | None) -> dict[str, Any]:
        return {
            "query": self.query,
            "start_time": as_time(window.start),
            "end_time": as_time(window.end),
            "max_results": self.page_size,
            "next_token": token,
            **fields_parameter(POST_FIELDS, self.vocabulary),
        }


def next_token(body: dict[str, Any]) -> str | None:
    """Raises ContractChanged for a token of an unknown form: without it the rest would be missing and nobody would know."""
    meta = body.get("meta")
    token = (meta.get("next_token") or None) if isinstance(meta, dict) else None
    if token is not None and not isinstance(token, str):
        raise ContractChanged(f"X's search answered with a `next_token` of an unknown form ({type(token).__name__}).")
    return token


def read_page(body: dict[str, Any], received_at: datetime, window: Window, source_ref: str) -> Page:
    """Posts and dead letters of a page as received. Raises ContractChanged when it has records and not one is a post."""
    data = body.get("data")
    if data is not None and not isinstance(data, list):
        raise ContractChanged(f"X's search answered with `data` of an unknown form ({type(data).__name__}) for {window}.")
    included, users = included_in(body)
    posts, letters, unknown = [], [], 0
    for record in data or []:
        try:
            if not isinstance(record, dict) or not is_post(record):
                unknown += 1
                raise BadRecord("unknown_shape", "the record is no post")
            post = parse_record(Wrapped(record, included, users, received_at.isoformat()), source_ref=source_ref)
            posts.append(_checked(post, window))
        except BadRecord as bad:
            letters.append(DeadLetter(bad.reason, bad.detail, source_ref, None, _as_text(record)))
    if unknown and unknown == len(data or []):
        raise ContractChanged(f"None of the {unknown} records of X's answer for {window} is a post: its form has changed. Nothing was kept of it.")
    errors = body.get("errors")
    more = next_token(body) is not None
    return Page(tuple(posts), tuple(letters), len(errors) if isinstance(errors, list) else 0, more)


def _checked(post: Post, window: Window) -> Post:
    """Raises BadRecord for a post that cannot belong to the answer."""
    if post.created_at not in window:
        raise BadRecord("out_of_window", f"the post of {post.created_at:%Y-%m-%dT%H:%M:%S.%fZ} is not in {window}")
    carried = time_of_id(post.tweet_id)
    # All 17,214 real posts at hand agree within 1 s.
    if carried is not None and abs(carried - post.created_at) > LARGEST_SKEW:
        raise BadRecord("id_time_mismatch", f"created_at says {post.created_at:%Y-%m-%dT%H:%M:%SZ}, the id {carried:%Y-%m-%dT%H:%M:%SZ}")
    return post


def _as_text(record: object) -> str:
    import json

    return json.dumps(record, ensure_ascii=False, default=str)[:LONGEST_KEPT]
