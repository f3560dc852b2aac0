"""How long posts' words and dead letters are kept: by age, in half-open UTC days, and off until a person sets it.

Figures stay: no mart of counts is built anew, and a row keeps its keys, its time, its metrics and its lineage.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from orchestration.compliance.id_tables import IdTable, find_tables
from orchestration.settings import Settings
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.statements import delete, in_window
from orchestration.warehouse.tables import DEAD_LETTERS, TWEETS
from orchestration.windows import FIRST_DAY, Window

# What is written in the place of words, by column; everything else of a post is a figure, a key or a hashtag.
# `text` is never NULL in the marts, the others are where nothing is left.
NO_WORDS = "CAST([] AS ARRAY<STRING>)"
BLANKS = {
    "text": "''",
    "raw_record": "'{}'",
    "text_shown": "NULL",
    "text_clean": "NULL",
    "text_without_hashtags": "NULL",
    "words": NO_WORDS,
    "bigrams": NO_WORDS,
    "mentions": NO_WORDS,
}


@dataclass
class Kept:
    """What one run did: rows whose words went, by table, and dead letters deleted."""

    blanked: Counter[str] = field(default_factory=Counter)
    letters: int = 0


def older_than(days: int, now: datetime) -> Window | None:
    """Everything before the UTC day that began `days` days ago; None for 0 days, which is off."""
    if not days:
        return None
    first = datetime.combine(FIRST_DAY, time(), UTC)
    return Window(first, datetime.combine(now.astimezone(UTC).date() - timedelta(days=days), time(), UTC))


def keep_no_longer(warehouse: Warehouse, settings: Settings, now: datetime) -> Kept:
    """Blanks the words of posts and deletes dead letters that are older than the settings allow. Twice is once.

    The home's lock must be held. One statement a table, each atomic: a kill leaves the rest to the next run. Raises WarehouseError.
    """
    done = Kept()
    if posts := older_than(settings.post_text_days, now):
        for table in tables_with_words(warehouse):
            done.blanked[table.name] = warehouse.execute(blank(warehouse.qualified(table.name), table, posts))
    if letters := older_than(settings.dead_letter_days, now):
        done.letters = warehouse.execute(delete(warehouse.qualified(DEAD_LETTERS), in_window("loaded_at", letters)))
    done.blanked = +done.blanked
    return done


def tables_with_words(warehouse: Warehouse) -> list[IdTable]:
    """Every table of posts with words, found by its columns; raw.tweets last, because the others are made of it."""
    raw = IdTable(f"{TWEETS.dataset}.{TWEETS.name}", {column.name: "ARRAY<STRING>" if column.repeated else column.type for column in TWEETS.columns})
    return [table for table in (*find_tables(warehouse).tables, raw) if "created_at" in table.types and BLANKS.keys() & table.types.keys()]


def blank(target: str, table: IdTable, window: Window) -> str:
    """The statement that takes the words out of the posts of `window`, and touches no row that has none."""
    columns = [name for name in BLANKS if name in table.types]
    bounds = [f"T.{bound}" for bound in (*in_window("created_at", window), *(each for each in table.all_partitions if not each.startswith("created_at")))]
    full = " OR ".join(_is_full(name) for name in columns)
    return f"UPDATE {target} T SET {', '.join(f'{name} = {BLANKS[name]}' for name in columns)} WHERE {' AND '.join(bounds)} AND ({full})"


def _is_full(column: str) -> str:
    if BLANKS[column] == NO_WORDS:
        return f"ARRAY_LENGTH(T.{column}) > 0"
    return f"T.{column} IS NOT NULL" if BLANKS[column] == "NULL" else f"T.{column} != {BLANKS[column]}"
