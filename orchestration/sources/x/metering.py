"""What a call costs is asked before it is made and told after it; who keeps the books stands in `orchestration/spending`."""

from dataclasses import dataclass, field
from typing import Protocol

# Kinds of call. Posts are billed by `search`, `lookup` and `stream`, requests by `counts`; the others are free.
SEARCH, COUNTS, LOOKUP, STREAM, FREE = "search", "counts", "lookup", "stream", "free"


class Meter(Protocol):
    def allow(self, kind: str, most_posts: int) -> None:
        """Raises BudgetExceeded when a call of `kind` that brings up to `most_posts` posts would exceed a budget."""
        ...

    def record(self, kind: str, posts: int) -> None:
        """One call was made and answered with `posts` posts."""
        ...


@dataclass
class Unlimited:
    """Counts and allows everything: for tools and tests."""

    calls: list[tuple[str, int]] = field(default_factory=list)

    def allow(self, kind: str, most_posts: int) -> None:
        pass

    def record(self, kind: str, posts: int) -> None:
        self.calls.append((kind, posts))
