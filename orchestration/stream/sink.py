"""Where the consumer writes: what a spool must promise."""

from typing import Any, Protocol

from orchestration.sources.base import SourceError
from orchestration.sources.x.coverage import Event
from orchestration.stream.lines import BadLine, PostLine


class SinkError(SourceError):
    """What was received could not be stored; the message says what to do."""


class Sink(Protocol):
    """Several threads may call it at once. Raises SinkError or OSError where something cannot be stored."""

    def post(self, line: PostLine) -> None:
        """Takes a post; it outlives the process at once, or after the next `sync`."""
        ...

    def unread(self, line: BadLine) -> None: ...

    def event(self, event: Event) -> None:
        """Takes an event of the manifest; it is durable on return."""
        ...

    def alive(self, event: Event, figures: dict[str, Any]) -> None:
        """A sign of life: everything received until then is durable. `figures` are for `pulse stream status`."""
        ...

    def sync(self) -> None:
        """On return everything taken so far is durable."""
        ...

    def close(self) -> None: ...
