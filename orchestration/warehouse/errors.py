"""What can go wrong with a warehouse, in one line each: what happened, to what, and what to do next."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from orchestration.space import disk_is_full, full_disk, says_full
from orchestration.warehouse.damage import DATABASE, advice, says_damage

if TYPE_CHECKING:
    from orchestration.settings import Settings


class WarehouseError(Exception):
    """The warehouse could not do what was asked; nothing is half-written."""


class WarehouseStopped(WarehouseError):
    """Somebody stopped the local warehouse on purpose, so no command starts it in passing."""

    def __init__(self) -> None:
        super().__init__("The warehouse is stopped. Start it:  pulse warehouse start")


class WarehouseUnreachable(WarehouseError):
    """Nobody answers; the statement may or may not have run."""


class MayNotMake(WarehouseError):
    """Something is absent, and this account has no right to make it."""


class NotReadOnly(WarehouseError):
    """The statement is not one single query."""


class TableMissing(WarehouseError):
    """A table or dataset does not exist (yet)."""


class ColumnMissing(WarehouseError):
    """A table exists and lacks a column: it was built by an earlier version."""


# BigQuery's words for a column that is not there, and DuckDB's.
NO_SUCH_COLUMN = re.compile(r"Unrecognized name: |Name \S+ not found inside |Referenced column \S+ not found|does not have a column named ")


@contextmanager
def explained(settings: "Settings") -> Iterator[None]:
    """Turns what the client of BigQuery raises into a WarehouseError of one line."""
    from google.api_core import exceptions
    from google.auth.exceptions import GoogleAuthError
    from requests.exceptions import RequestException

    try:
        yield
    except (RequestException, exceptions.RetryError, exceptions.ServiceUnavailable) as error:
        if disk_is_full(settings.root):
            raise WarehouseError(full_disk(settings.root)) from error
        raise WarehouseUnreachable(
            f"The warehouse does not answer ({type(error).__name__}). Look at it:  pulse warehouse status"
        ) from error
    except exceptions.NotFound as error:
        raise TableMissing(f"{said(error)} What exists:  pulse doctor") from error
    except exceptions.Forbidden as error:
        raise WarehouseError(
            f"BigQuery refuses project {settings.project!r}: {said(error)} Check GOOGLE_CLOUD_PROJECT and your roles."
        ) from error
    except GoogleAuthError as error:
        raise WarehouseError("Google refuses the credentials. Run:  gcloud auth application-default login") from error
    except exceptions.GoogleAPICallError as error:
        if says_full(error) or disk_is_full(settings.root):
            raise WarehouseError(full_disk(settings.root)) from error
        if settings.env != "prod" and says_damage(error):
            raise WarehouseError(advice(settings.warehouse_dir / DATABASE, said(error))) from error
        kind = ColumnMissing if NO_SUCH_COLUMN.search(str(error)) else WarehouseError
        raise kind(said(error)) from error


@contextmanager
def making(lack: str) -> Iterator[None]:
    """What BigQuery refuses to an account with few rights, said with what is lacking and who can mend it. `lack` is a sentence without its stop."""
    from google.api_core.exceptions import Forbidden

    try:
        yield
    except Forbidden as error:
        raise MayNotMake(f"{lack}, and this account may not change that ({said(error)}). With one that may:  terraform -chdir=deploy/terraform apply") from error


def said(error: Exception) -> str:
    """The server's own words: the first line, without the address of the call and the repetition behind it."""
    text = (getattr(error, "message", None) or str(error)).strip() or type(error).__name__
    first = text.splitlines()[0].split("; reason: ")[0]
    return first.split("prettyPrint=false: ")[-1][:400]
