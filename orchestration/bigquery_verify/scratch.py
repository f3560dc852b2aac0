"""Scratch datasets: made with a name and a label that nothing else has, and nothing without both is ever deleted."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from orchestration.settings import Settings
from orchestration.warehouse.client import DATASETS, TIME_TRAVEL_HOURS
from orchestration.warehouse.errors import WarehouseError, explained

LABEL = "pulse_verify"
PREFIX = re.compile(r"pulse_verify_\d{8}t\d{6}_[0-9a-f]{6}_")
# What a machine that lost its power leaves is gone after a day.
LIFE_MS = 24 * 3600 * 1000


def new_prefix(now: datetime | None = None) -> str:
    return f"{LABEL}_{now or datetime.now(UTC):%Y%m%dt%H%M%S}_{secrets.token_hex(3)}_"


def scratch_settings(settings: Settings, prefix: str, **changes: Any) -> Settings:
    """The settings with the prefix in place of their own. Raises ValueError for one that is not of a verification."""
    if not PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!r} is no prefix of a verification.")
    return settings.model_copy(update={"dataset_prefix": prefix, **changes})


@contextmanager
def scratch(client: Any, settings: Settings, *, keep: bool = False) -> Iterator[None]:
    """The datasets of `settings`, whose prefix is one of a verification; dropped afterwards, whatever happened, unless `keep`."""
    prefix = scratch_settings(settings, settings.dataset_prefix).dataset_prefix
    try:
        with explained(settings):
            for name in DATASETS:
                client.create_dataset(_dataset(settings, name))
        yield
    finally:
        if not keep:
            drop(client, settings, prefix)


def drop(client: Any, settings: Settings, prefix: str) -> list[str]:
    """Deletes the datasets of this prefix that carry its label; returns their names. Raises WarehouseError, with what is left."""
    if not PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix!r} is no prefix of a verification; nothing was deleted.")
    try:
        with explained(settings):
            found = [each.dataset_id for each in client.list_datasets(settings.project) if each.labels.get(LABEL) == prefix.rstrip("_")]
            found = [name for name in found if name.startswith(prefix)]
            for name in found:
                client.delete_dataset(f"{settings.project}.{name}", delete_contents=True, not_found_ok=True)
    except WarehouseError as error:
        raise WarehouseError(f"The scratch datasets {prefix}* were not all deleted: {error} Delete them:  bq ls, then bq rm -r -d {prefix}...") from error
    return found


def _dataset(settings: Settings, name: str) -> Any:
    from google.cloud import bigquery

    made = bigquery.Dataset(f"{settings.project}.{settings.dataset(name)}")
    made.location = settings.bigquery_location
    made.max_time_travel_hours = TIME_TRAVEL_HOURS
    made.default_table_expiration_ms = LIFE_MS
    made.labels = {LABEL: settings.dataset_prefix.rstrip("_")}
    return made
