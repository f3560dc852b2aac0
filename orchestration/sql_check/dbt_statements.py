"""dbt's statements: each node as compiled, then what dbt really sends on a first and on a second run, to BigQuery and to this machine."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from graphlib import TopologicalSorter
from typing import Any

from orchestration.dbt.compiled import Compiled, Project, compiled_of, read_apart
from orchestration.settings import Settings
from orchestration.sql_check.book import Book
from orchestration.sql_check.client import AnalysingClient, nothing_wrong
from orchestration.sql_check.engine import Column, Refused
from orchestration.windows import Window

MODEL, TEST, SENT = "dbt models", "dbt tests", "sent by dbt"
RUNS = ("first run", "second run")
FAILED = frozenset({"error", "runtime error", "fail", "warn"})


def read_dbt(book: Book, settings: Settings, window: Window, *, for_production_alone: bool = False) -> tuple[Compiled, bool]:
    """Reads all of it into the book. Returns what is compiled for BigQuery, and whether each node could be read. Raises DbtError.

    `for_production_alone` leaves out what dbt sends to the server on this machine.
    """
    production = Settings(home=settings.home, env="prod", google_cloud_project=settings.project, dataset_prefix=settings.dataset_prefix)
    client = AnalysingClient(book, settings.project, SENT, nothing_wrong)
    with _instead_of_google(client), read_apart(production, window) as project:
        compiled = compiled_of(project)
        sound = read_compiled(book, compiled)
        if sound:
            read_sent(book, project, ("build", "run"))
            read_freshness(book, project)
    if sound and not for_production_alone:
        # Its data tests are those of BigQuery; its MERGE and its tables need not be.
        with _instead_of_google(client), read_apart(settings, window) as project:
            read_sent(book, project, ("run", "run"))
    return compiled, sound


def read_compiled(book: Book, compiled: Compiled) -> bool:
    """Analyses every model and data test in the order of building. Returns whether each could be read."""
    nodes = compiled.manifest.nodes
    graph = {unique_id: [each for each in node.depends_on_nodes if each in nodes] for unique_id, node in nodes.items()}
    # Unread nodes by the one that is to blame.
    unread: dict[str, str] = {}
    for unique_id in TopologicalSorter(graph).static_order():
        node = nodes[unique_id]
        if node.resource_type == "seed":
            book.know(_path(node), _seed_columns(node))
        if unique_id not in compiled.sql:
            continue
        if cause := next((unread[each] for each in graph[unique_id] if each in unread), None):
            unread[unique_id] = cause
            continue
        kind = MODEL if node.resource_type == "model" else TEST
        analysed = book.read(kind, unique_id, compiled.sql[unique_id])
        if analysed is None:
            unread[unique_id] = unique_id
        elif kind == MODEL:
            declared = _declared(book, node)
            _compare(book, node, declared, {column.name: column.type for column in analysed.columns})
            # What stands on it is read as the documents promise, so that one mistake is one finding.
            promised = tuple(Column(each.name, declared.get(each.name, each.type)) for each in analysed.columns)
            book.know(_path(node), promised)
    for cause, behind in Counter(unread.values()).items():
        if behind > 1:
            book.found(cause, f"{behind - 1} nodes that stand on it were not analysed")
    return not unread


def read_sent(book: Book, project: Project, commands: Sequence[str]) -> None:
    """Has dbt build the project from an empty warehouse, and once more, through a client that only analyses."""
    book.forget(_path(node) for node in project.manifest.nodes.values() if node.resource_type == "model")
    for run, command in zip(RUNS, commands, strict=True):
        options = ("--exclude-resource-type", "unit_test") if command == "build" else ()
        result = project.invoke(command, *options)
        for each in getattr(result.result, "results", None) or ():
            if each.status in FAILED:
                book.found(each.node.unique_id, f"{run} on {project.settings.env}: {each.status}: {_line(each.message)}")
        if result.exception:
            book.found("dbt", f"{run} on {project.settings.env}: {_line(result.exception)}")


def read_freshness(book: Book, project: Project) -> None:
    """The questions of `dbt source freshness`; what they answer is made up here, so it may well be stale."""
    result = project.invoke("source", "freshness")
    for each in getattr(result.result, "results", None) or ():
        if each.status == "runtime error":
            book.found(each.node.unique_id, f"source freshness: {_line(each.message)}")


def _line(error: object) -> str:
    return " ".join(str(error).split())[:300]


def _declared(book: Book, node: Any) -> dict[str, str]:
    types = {}
    for column in node.columns.values():
        if column.data_type:
            try:
                types[column.name] = book.engine.type_written(column.data_type)
            except Refused as error:
                book.found(node.unique_id, f"column {column.name} is declared as {column.data_type}: {error}")
    return types


def _compare(book: Book, node: Any, declared: Mapping[str, str], real: Mapping[str, str]) -> None:
    """A declared column must be there with its type; a mart declares all of them."""
    for name, kind in declared.items():
        if name not in real:
            book.found(node.unique_id, f"column {name} is declared and not made")
        elif real[name] != kind:
            book.found(node.unique_id, f"column {name} is declared as {kind} and is {real[name][:80]}")
    if node.config.schema == "marts":
        for name in real.keys() - declared.keys():
            book.found(node.unique_id, f"column {name} ({real[name][:80]}) is made and not declared")


def _path(node: Any) -> tuple[str, ...]:
    return (node.database, node.schema, node.alias)


def _seed_columns(node: Any) -> tuple[Column, ...]:
    """Columns of a seed: the header of its file, with the types that its configuration gives; text where it gives none."""
    import csv
    from pathlib import Path

    with (Path(node.root_path) / node.original_file_path).open(encoding="utf-8", newline="") as opened:
        header = next(csv.reader(opened))
    types = node.config.column_types or {}
    return tuple(Column(name, types.get(name, "STRING").upper()) for name in header)


@contextmanager
def _instead_of_google(client: AnalysingClient) -> Iterator[None]:
    """dbt's connections are to the given client."""
    from dbt.adapters.bigquery import connections

    stock, connections.create_bigquery_client = connections.create_bigquery_client, lambda credentials: client  # type: ignore[assignment, return-value]  # in Google's place
    try:
        yield
    finally:
        connections.create_bigquery_client = stock
