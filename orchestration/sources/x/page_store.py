"""Pages of hours that are not landed yet: they are paid for, so a crash must not ask for them again."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestration.windows import Window

# Metrics in a page age with it; within a UTC day X does not bill a post twice, so older pages save nothing either.
KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class StoredPage:
    body: dict[str, Any]
    received_at: datetime


@dataclass(frozen=True)
class PageStore:
    """One file for each campaign, hour, query and slice; a page is a line, fsynced before the next is asked for."""

    folder: Path

    def file(self, campaign_id: str, query: str, window: Window) -> Path:
        asked = hashlib.sha256(query.encode()).hexdigest()[:16]
        hour = f"{window.start:%Y%m%dT%H}"
        return self.folder / campaign_id / hour / f"{asked}-{window.start:%M%S}-{window.end:%dT%H%M%S}.jsonl"

    def read(self, file: Path, now: datetime) -> Iterator[StoredPage]:
        """Pages in order; a torn last line, and a file older than a day, are as if never written."""
        try:
            lines = file.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return
        whole = 0
        for line in lines:
            try:
                stored = json.loads(line) if line.endswith(b"\n") else None
                page = stored and StoredPage(stored["body"], datetime.fromisoformat(stored["received_at"]))
            except (ValueError, KeyError):
                page = None
            if not page:
                break
            if now - page.received_at > KEPT_FOR:
                break
            whole += len(line)
            yield page
        if whole < sum(map(len, lines)):
            with file.open("r+b") as opened:
                opened.truncate(whole)

    def add(self, file: Path, page: StoredPage) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"received_at": page.received_at.astimezone(UTC).isoformat(), "body": page.body}, ensure_ascii=True)
        with file.open("ab") as opened:
            opened.write(line.encode() + b"\n")
            opened.flush()
            os.fsync(opened.fileno())

    def forget(self, campaign_id: str, window: Window) -> None:
        """Drops the pages of the window's hours: they are in the warehouse now."""
        for hour in window.hours():
            shutil.rmtree(self.folder / campaign_id / f"{hour.start:%Y%m%dT%H}", ignore_errors=True)
