"""The statements of the product's own code, sent by calling it with a client that only analyses: one trial for each part of it.

A trial need not succeed as a run does: it must come past every call that sends SQL, which `call_sites` proves.
"""

import contextlib
import io
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from orchestration.environment import kept_environment
from orchestration.settings import Settings
from orchestration.sql_check.book import Book
from orchestration.sql_check.client import AnalysingClient, Answers, one_row
from orchestration.sql_check.engine import Column
from orchestration.warehouse import client as warehouse_client
from orchestration.warehouse.client import DATASETS, Warehouse
from orchestration.warehouse.connection import Connection

# Of BigQuery itself; only the columns that are asked for.
SCHEMA_TABLES = {
    "TABLES": (Column("table_name", "STRING"), Column("table_type", "STRING")),
    "COLUMNS": (Column("table_name", "STRING"), Column("column_name", "STRING"), Column("data_type", "STRING"), Column("ordinal_position", "INT64")),
}


@dataclass
class Stage:
    """What a trial is given. `compiled` is the SQL of dbt's nodes by unique id; `answers` may be set to what queries shall answer."""

    settings: Settings
    client: AnalysingClient
    compiled: Mapping[str, str] = field(default_factory=dict)

    @property
    def warehouse(self) -> Warehouse:
        return Warehouse(self.settings)

    def answer(self, answers: Answers) -> None:
        self.client.answers = answers

    def know(self, name: str, **types: str) -> None:
        """A table `dataset.name` that nothing of ours makes; without columns it is no more."""
        dataset, table = name.split(".")
        columns = tuple(Column(column, kind) for column, kind in types.items()) or None
        self.client.book.know((self.settings.project, self.settings.dataset(dataset), table), columns)


Trial = Callable[[Stage], None]


def read_product(book: Book, settings: Settings, compiled: Mapping[str, str], trials: Mapping[str, Mapping[str, Trial]]) -> None:
    """Runs the trials by kind and name. What goes wrong in one is a finding: then not all of its statements were seen."""
    for dataset in {*map(settings.dataset, DATASETS), *(path[1] for path in book.tables)}:
        for name, columns in SCHEMA_TABLES.items():
            book.know((settings.project, dataset, "INFORMATION_SCHEMA", name), columns)
    for kind, named in trials.items():
        for name, trial in named.items():
            client = AnalysingClient(book, settings.project, kind, one_row())
            with instead_of_google(client), _environment(settings), _silence():
                try:
                    trial(Stage(settings, client, compiled))
                except Exception as error:  # Whatever stops a trial, the others go on.
                    book.found(f"trial of {name}", f"it stopped: {type(error).__name__}: {' '.join(str(error).split())[:300]}")


@contextmanager
def instead_of_google(client: AnalysingClient) -> Iterator[None]:
    """Every warehouse that is opened meanwhile is connected to the given client."""
    stock, warehouse_client.connect = warehouse_client.connect, lambda settings: Connection(client, None)  # type: ignore[arg-type]  # in Google's place
    try:
        yield
    finally:
        warehouse_client.connect = stock


@contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    with kept_environment():
        os.environ.update(PULSE_HOME=str(settings.root), PULSE_AUTHOR_SALT="salt-of-the-check", PULSE_DATASET_PREFIX=settings.dataset_prefix)
        yield


@contextmanager
def _silence() -> Iterator[None]:
    """What the product says meanwhile to people is of answers that were made up."""
    said = io.TextIOWrapper(io.BytesIO())
    logging.disable(logging.CRITICAL)
    try:
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            yield
    finally:
        logging.disable(logging.NOTSET)
