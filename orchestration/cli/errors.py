"""What the command line says when something goes wrong: one line, the next thing to do, and an exit code that is not 0."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import NoReturn

import typer

from orchestration.settings import Settings
from orchestration.space import disk_is_full, full_disk, says_full


@cache
def spoken() -> tuple[type[BaseException], ...]:
    """Exceptions whose message is made for people."""
    from app.auth.errors import AuthError
    from ml_assets.checkpoints import ModelError
    from orchestration.campaigns import CampaignError
    from orchestration.dbt.project import DbtError
    from orchestration.labelling.store import LabelError
    from orchestration.lock import Busy
    from orchestration.pipeline import PipelineError
    from orchestration.sources.base import SourceError
    from orchestration.warehouse.errors import WarehouseError

    return (CampaignError, SourceError, WarehouseError, DbtError, ModelError, LabelError, PipelineError, Busy, AuthError)


@contextmanager
def said_in_one_line() -> Iterator[None]:
    """Prints what is made for people and leaves with 1; a full disk and a wrong setting too. Anything else is a bug and shows itself."""
    from pydantic import ValidationError

    try:
        yield
    except KeyboardInterrupt:
        print("\npulse: stopped. Nothing is half-written; run the same command again to go on.", file=sys.stderr)
        raise typer.Exit(130) from None
    except spoken() as error:
        fail(str(error))
    except ValidationError as error:
        first = error.errors()[0]
        if not first["loc"]:
            fail(f"{first['msg'].removeprefix('Value error, ')}.")
        name = str(first["loc"][0]).upper()
        fail(f"{name if name.startswith('PULSE_') else 'PULSE_' + name} is wrong: {first['msg']}. Set it to another value.")
    except OSError as error:
        import errno

        if says_full(error):
            fail(full_disk(Settings().root))
        if error.errno in {errno.EACCES, errno.EROFS, errno.ENOTDIR}:
            fail(f"{error.filename or 'A file'} cannot be written ({error.strerror}). Set PULSE_HOME to a folder of yours.")
        raise
    except ValueError as error:
        if "PULSE_ENV" in str(error):
            fail(str(error))
        raise
    # SQLite, DuckDB and the server each say it in their own words, or only that something inside went wrong.
    except Exception as error:
        if says_full(error) or disk_is_full(Settings().root):
            fail(full_disk(Settings().root))
        raise


def fail(message: str) -> NoReturn:
    print(f"pulse: {message}", file=sys.stderr)
    raise typer.Exit(1)
