"""`pulse compliance`: what X or an author takes back disappears."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from orchestration.cli.errors import fail, said_in_one_line

if TYPE_CHECKING:
    from orchestration.compliance.apply import Outcome

compliance_app = typer.Typer(no_args_is_help=True, help="The duty to delete what X or an author takes back.")
SUBJECTS = {"posts": "post", "users": "author"}
Subject = Literal["posts", "users"]


@compliance_app.callback()
def compliance() -> None:
    """The duty to delete what X or an author takes back."""


@compliance_app.command("apply")
def apply_command(
    file: Annotated[Path, typer.Argument(help="X's compliance file (JSON lines), or ids, one a line.")],
    subject: Annotated[Subject, typer.Option(help="Whether these are ids of posts, or of users, all of whose posts go.")] = "posts",
) -> None:
    """Delete the posts of FILE from every table, the spool and the caches; only counts remain. Twice is once."""
    with said_in_one_line():
        apply_file(file, subject)


def apply_file(file: Path, subject: str) -> None:
    """Applies the file and prints counts, never a text. Leaves with 1 when a line could not be used; the others are applied.

    Raises Busy while a run is at work, WarehouseError, and SourceError without a salt.
    """
    from uuid import uuid4

    from orchestration.author_salt import ensure_author_salt
    from orchestration.compliance.apply import apply
    from orchestration.compliance.asked import read_asked
    from orchestration.lock import alone
    from orchestration.settings import Settings
    from orchestration.warehouse.client import Warehouse

    settings = Settings()
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            asked, bad = read_asked(lines, SUBJECTS[subject])
    except OSError as error:
        fail(f"{file} cannot be read ({error.strerror}). Give a compliance file of X, or a file of ids, one a line.")
    ensure_author_salt(settings)
    with alone(settings):
        warehouse = Warehouse(settings)
        warehouse.ensure_tables()
        outcome = apply(warehouse, asked, run_id=f"compliance-{uuid4()}")
    for line in told(outcome, subject):
        print(line)
    for each in bad:
        print(f"pulse: {file.name}, line {each.line}: {each.reason}", file=sys.stderr)
    if bad:
        fail(f"{len(bad)} lines of {file.name} could not be used, the others are applied. Mend them and run the same command again.")


def told(outcome: "Outcome", subject: str) -> list[str]:
    """The outcome in lines for people."""
    asked = f"{outcome.asked:,} {subject} asked, {outcome.found:,} found"
    if outcome.did_nothing:
        return [f"{asked}: nothing to do."]
    lines = [f"{asked}; {outcome.posts:,} posts go with their versions and reposts."]
    for verb, counts in (("deleted", outcome.rows), ("changed", outcome.changed)):
        lines += [f"  {name:<40} {count:>9,} rows {verb}" for name, count in sorted(counts.items())]
    if outcome.files:
        lines.append(f"  {'spool and pages':<40} {outcome.lines:>9,} lines in {outcome.files:,} files rewritten")
    if outcome.leftovers:
        lines.append(f"  {'staging':<40} {outcome.leftovers:>9,} left-over tables dropped")
    lines.append(f"{outcome.logged:,} new rows in raw.compliance_log, without ids or texts. Counts in aggregated marts stay as they are.")
    return lines
