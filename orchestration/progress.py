"""Progress of a run, said once and shown by whoever listens: the command line draws bars, a run in Dagster logs."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Progress:
    """`done` of `total` `unit`s of `step`; total 0 is not known yet."""

    step: str
    done: int
    total: int
    unit: str


_listeners: list[Callable[[Progress], None]] = []


def report(step: str, done: int, total: int, unit: str) -> None:
    for listener in _listeners:
        listener(Progress(step, done, total, unit))


def tracked(step: str, items: Iterable[T], total: int, unit: str) -> Iterator[T]:
    """The items, each reported when the next is asked for."""
    report(step, 0, total, unit)
    for done, item in enumerate(items, start=1):
        yield item
        report(step, done, total, unit)


@contextmanager
def listening(listener: Callable[[Progress], None]) -> Iterator[None]:
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
