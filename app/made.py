"""What pages make of answers, kept as long as the answers are the same: a choice of a reader draws a dozen cards, most of which have not changed."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from itertools import count
from threading import Lock
from typing import Any, TypeVar

import pandas as pd

# In `attrs` of an answer of the warehouse: no two have the same.
MARK = "answered"

Ask = Callable[..., pd.DataFrame]
T = TypeVar("T")
_marks = count()


def marked(answer: pd.DataFrame) -> pd.DataFrame:
    """The answer, told from every other one. What is made of it by pandas inherits the mark, so that only whole answers are compared by theirs."""
    answer.attrs[MARK] = next(_marks)
    return answer


@dataclass(frozen=True)
class _Kept:
    value: Any
    questions: tuple[tuple[tuple[Any, ...], int], ...]


class Made:
    """At most `entries` values. They are handed to every visitor who may see the same: nobody writes into one."""

    def __init__(self, entries: int) -> None:
        self._entries, self._lock = entries, Lock()
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    def get(self, make: Callable[..., T], ask: Ask, seen: Hashable, *arguments: Any) -> T:
        """`make(ask, *arguments)`. It is made anew where a question that it asks has another answer than when it was made.

        Each question is asked each time, so that a visitor who may not ask it gets what `ask` raises; `seen` tells visitors apart whose answers differ.
        `make` depends on nothing but what it is given. What it raises is not kept.
        """
        key = (make.__module__, make.__qualname__, seen, arguments)
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None and all(ask(*question).attrs.get(MARK) == mark for question, mark in kept.questions):
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
            return kept.value
        marks: dict[tuple[Any, ...], int | None] = {}

        def noted(*question: Any) -> pd.DataFrame:
            answer = ask(*question)
            marks[question] = answer.attrs.get(MARK)
            return answer

        value = make(noted, *arguments)
        known = tuple((question, mark) for question, mark in marks.items() if mark is not None)
        if len(known) == len(marks):
            with self._lock:
                self._kept[key] = _Kept(value, known)
                self._kept.move_to_end(key)
                if len(self._kept) > self._entries:
                    self._kept.popitem(last=False)
        return value
