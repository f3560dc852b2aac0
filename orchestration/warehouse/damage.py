"""What DuckDB says of a file that is damaged, and what a person can do about it."""

import re
from pathlib import Path

DATABASE = "bqemulator.duckdb"
# Seen in DuckDB 1.5.5 of files cut short, overwritten at the head, in the catalogue and in the rows.
DAMAGED = re.compile(
    r"not a valid DuckDB database file|Corrupt database file|Could not read enough bytes from file|"
    r"Failure while replaying WAL|Serialization Error|Failed to deserialize"
)


def says_damage(text: object) -> bool:
    return bool(DAMAGED.search(str(text)))


def advice(file: Path, cause: str) -> str:
    """One line for people: what is damaged, and the two ways on."""
    return (
        f"The warehouse file {file} is damaged ({cause[:200]}). Put a backup in its place:  pulse warehouse restore FOLDER --force  "
        "Without a backup, move the file away and capture again: docs/operations.md, Damaged warehouse."
    )
