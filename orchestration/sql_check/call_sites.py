"""Where the product sends SQL: every call of the warehouse's methods, found in the source, so that none is forgotten."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from orchestration.settings import REPOSITORY
from orchestration.sql_check.book import Place

PRODUCT = ("orchestration", "app", "ml_assets")
# The methods of `Warehouse` that are given SQL.
SENDS = frozenset({"query", "execute", "read", "pages"})

# Calls of these names that are no SQL of ours for BigQuery, by file and receiver; the reason beside each.
OTHERS = {
    ("orchestration/instance/event_log.py", "connection"): "Dagster's own SQLite, by SQLAlchemy",
    ("orchestration/instance/held_open.py", "opened"): "Dagster's own SQLite",
    ("orchestration/warehouse/emulator_patches.py", "self.connection"): "DuckDB inside the local server, which the product does not speak to",
    ("orchestration/warehouse/emulator_jobs.py", "self._engine"): "DuckDB inside the local server, which the product does not speak to",
    ("orchestration/warehouse/client.py", "client"): "the client itself: what it sends is what the others ask",
    ("orchestration/bigquery_verify/dry_run.py", "self.client"): "dry runs of what the others send",
    ("orchestration/bigquery_verify/dry_run.py", "client"): "dry runs of what dbt sends",
    ("orchestration/cli/logs.py", "files"): "lines of the run log",
    ("orchestration/warehouse/backup.py", "opened"): "the local server's file, by DuckDB, while no server has it",
    ("orchestration/warehouse/backup.py", "read"): "bytes of a file",
    ("orchestration/sources/x/hour.py", "self.reader"): "pages of X's search",
    ("orchestration/sources/x/pages.py", "self.store"): "pages kept on disk",
    ("orchestration/stream/file_spool.py", "opened"): "bytes of a file",
    ("ml_assets/checkpoints.py", "stream"): "bytes of a file",
    **{(f"app/auth/{name}.py", "connection"): "the database of accounts, by SQLAlchemy" for name in ("audit", "invites", "sessions", "store", "throttle", "users")},
    ("app/auth/migrations/versions/v0001_accounts.py", "op"): "the database of accounts, by Alembic",
    ("app/auth/visitors.py", "tokens"): "claims of a signed token",
}


@dataclass(frozen=True)
class CallSite:
    """A call in `file`, lines `first` to `last`, inside `function`; `receiver` is what it is called on."""

    file: str
    first: int
    last: int
    function: str
    receiver: str

    def __str__(self) -> str:
        return f"{self.file}:{self.first} {self.function}"

    def is_among(self, places: Iterable[Place]) -> bool:
        return any(file == self.file and self.first <= line <= self.last for file, line in places)


def call_sites(files: Iterable[Path] | None = None) -> list[CallSite]:
    """Every call that sends SQL, and every call of a function that takes SQL and sends it, in the order of the files."""
    return [site for file in (product_files() if files is None else files) for site in _in_file(file)]


def product_files() -> list[Path]:
    found = (file for name in PRODUCT for file in sorted((REPOSITORY / name).rglob("*.py")))
    return [file for file in found if "sql_check" not in file.parts]


def unsent(sites: Iterable[CallSite], places: Iterable[Place]) -> list[CallSite]:
    """Those from which nothing was sent."""
    known = set(places)
    return [site for site in sites if not site.is_among(known)]


def stale_exceptions() -> list[tuple[str, str]]:
    """Exceptions for calls that are not there any more."""
    there = {(site.file, site.receiver) for file in product_files() for site in _calls(file, SENDS, with_argument=True)}
    return [key for key in OTHERS if key not in there]


def _in_file(file: Path) -> Iterator[CallSite]:
    sites = [site for site in _calls(file, SENDS, with_argument=True) if (site.file, site.receiver) not in OTHERS]
    senders = _takes_sql(file) & {site.function for site in sites}
    yield from sites
    # A function that is given SQL sends as many statements as it has callers in its file.
    if senders - SENDS:
        yield from _calls(file, senders - SENDS, with_argument=True)


def _calls(file: Path, names: Iterable[str], *, with_argument: bool) -> Iterator[CallSite]:
    wanted = frozenset(names)
    relative = str(file.relative_to(REPOSITORY)) if file.is_relative_to(REPOSITORY) else str(file)

    def visit(node: ast.AST, function: str) -> Iterator[CallSite]:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            function = node.name
        if isinstance(node, ast.Call) and (node.args or not with_argument):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
            if name in wanted and (isinstance(node.func, ast.Attribute) or name not in SENDS):
                receiver = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
                yield CallSite(relative, node.lineno, node.end_lineno or node.lineno, function, receiver)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, function)

    yield from visit(ast.parse(file.read_text(encoding="utf-8")), "")


def _takes_sql(file: Path) -> set[str]:
    """Names of the functions that have a parameter `sql`."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return {node.name for node in functions if any(each.arg == "sql" for each in (*node.args.args, *node.args.kwonlyargs))}
