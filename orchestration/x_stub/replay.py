"""Posts of the store over and over at a steady rate, each time as a new post of the moment: for load trials of the stream."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from orchestration.sources.values import SNOWFLAKE_EPOCH_MS
from orchestration.x_stub.store import SEQUENCE_BITS, Stored, stamp, to_ms

# What stands for the id and the time in a line that is otherwise written once.
ID_MARK, TIME_MARK = "0000000000000000001", "1970-01-01T00:00:00.000Z"
# A client that is slow for long is not flooded with all that it missed.
MOST_AT_ONCE = 2_000


class Replay:
    """`desk.replay_rate` posts a second of real time. Lines are written once and only their id and time are changed."""

    def __init__(
        self, desk: Any, rules_of: Callable[[Stored], list[dict[str, Any]]], serialised: Callable[[Stored, list[dict[str, Any]]], bytes]
    ) -> None:
        self._desk, self._rules_of, self._serialised = desk, rules_of, serialised
        self._began: float | None = None
        self._made = self._at = 0
        self._templates: list[bytes] = []
        self._rules: tuple[str, ...] | None = None

    def due(self) -> Iterator[tuple[bytes, str]]:
        """Lines that are due since the last call, each with its new id."""
        now = time.monotonic()
        if self._began is None:
            self._began = now
        if (rules := tuple(self._desk.rules)) != self._rules:
            self._rules = rules
            self._templates = [template for stored in self._desk.store.posts if (template := self._template(stored))]
        count = min(MOST_AT_ONCE, int((now - self._began) * self._desk.replay_rate) - self._made)
        if not self._templates or count <= 0:
            return
        self._made += count
        moment = self._desk.clock.now()
        first = (to_ms(moment) - SNOWFLAKE_EPOCH_MS) << SEQUENCE_BITS
        written = stamp(moment).encode()
        for _ in range(count):
            self._desk.replayed += 1
            tweet_id = str(first + self._desk.replayed % 2**SEQUENCE_BITS)
            template = self._templates[self._at % len(self._templates)]
            self._at += 1
            yield template.replace(ID_MARK.encode(), tweet_id.encode()).replace(TIME_MARK.encode(), written), tweet_id

    def _template(self, stored: Stored) -> bytes | None:
        rules = self._rules_of(stored)
        if not rules:
            return None
        record = {name: value for name, value in stored.record.items() if name not in {"edit_controls"}}
        record |= {"id": ID_MARK, "edit_history_tweet_ids": [ID_MARK], "created_at": TIME_MARK}
        return self._serialised(Stored(record, stored.ms, stored.number, stored.handle), rules)
