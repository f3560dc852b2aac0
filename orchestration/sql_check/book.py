"""What was sent and what is wrong with it: statements, findings, and the places of the product that sent them."""

import re
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from orchestration.sql_check.engine import Analysed, Column, Engine, Refused, Tables
from orchestration.sql_check.forbidden import forbidden
from orchestration.sql_check.functions import not_in_bigquery

Place = tuple[str, int]
# dbt says before each statement which node sends it.
_COMMENT = re.compile(r"^\s*/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Finding:
    """`where` is a dbt node or `file:line function`."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


@dataclass
class Book:
    """Every statement goes through `read`, one at a time: dbt sends them from several threads, and the analyzer takes one.

    `places` are the lines of the product that stood on the stack when one was sent.
    """

    engine: Engine
    counts: Counter[str] = field(default_factory=Counter)
    findings: dict[Finding, None] = field(default_factory=dict)
    refused: int = 0
    places: set[Place] = field(default_factory=set)
    tables: dict[tuple[str, ...], tuple[Column, ...]] = field(default_factory=dict)
    _read: "dict[tuple[str, tuple[tuple[str, str], ...]], _Judged]" = field(default_factory=dict)
    _one_at_a_time: threading.RLock = field(default_factory=threading.RLock)

    def know(self, path: tuple[str, ...], columns: tuple[Column, ...] | None) -> None:
        """A table that exists from now on, as it is; None: no more."""
        with self._one_at_a_time:
            if self.tables.get(path) == columns:
                return
            if columns is None:
                del self.tables[path]
            else:
                self.tables[path] = columns
            self.engine.know(self.tables)

    def forget(self, paths: Iterable[tuple[str, ...]]) -> None:
        """As `know(path, None)` for many."""
        with self._one_at_a_time:
            for path in paths:
                self.tables.pop(path, None)
            self.engine.know(self.tables)

    def read(self, kind: str, where: str, sql: str, parameters: Mapping[str, str] | None = None) -> Analysed | None:
        """Analyses one statement; what is wrong becomes a finding. None when the analyzer refuses it."""
        with self._one_at_a_time:
            self.counts[kind] += 1
            key = (_COMMENT.sub("", sql), tuple(sorted((parameters or {}).items())))
            known = self._read.get(key)
            if known is None or not known.holds(self.tables):
                known = self._read[key] = self._judge(*key)
            for message in known.messages:
                self.found(where, message)
            self.refused += known.analysed is None
            return known.analysed

    def _judge(self, sql: str, parameters: tuple[tuple[str, str], ...]) -> "_Judged":
        named = {path: columns for path, columns in self.tables.items() if path[-1] in sql}
        messages = forbidden(sql)
        try:
            analysed = self.engine.analyse(sql, dict(parameters))
        except Refused as error:
            return _Judged(None, (*messages, str(error)), named)
        lacking = [f"{name.upper()} is not a function of BigQuery" for name in sorted(not_in_bigquery(analysed.functions))]
        return _Judged(analysed, (*messages, *analysed.forbidden, *lacking), named)

    def found(self, where: str, message: str) -> None:
        self.findings[Finding(where, message)] = None


@dataclass(frozen=True)
class _Judged:
    """What was said of a statement; `named` are the tables that it may read, as they were."""

    analysed: Analysed | None
    messages: tuple[str, ...]
    named: Tables

    def holds(self, tables: Tables) -> bool:
        return self.analysed is not None and all(tables.get(path) == columns for path, columns in self.named.items())
