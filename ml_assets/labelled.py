"""Labelled data from a file, and what the `evaluate` commands have in common."""

import argparse
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ml_assets.checkpoints import SHIPPED, ModelError


class DataError(Exception):
    """A file is not what is read; the message says which line and what is needed."""


def read_rows(path: Path, fits: Callable[[dict[str, Any]], bool], needed: str) -> list[dict[str, Any]]:
    """The JSON object of each line, gzip or plain by the ending; empty lines are left out.

    Raises DataError for a file that cannot be read or holds nothing, and for a line that is no JSON object or does not fit;
    `needed` says what would.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    rows, number = [], 0
    try:
        with opened(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if not isinstance(row, dict) or not fits(row):
                    raise DataError(f"{path.name}, line {number}: needed is {needed}")
                rows.append(row)
    except json.JSONDecodeError as error:
        raise DataError(f"{path.name}, line {number}: no JSON ({error})") from error
    # A cut gzip file and bytes that are no UTF-8 among them.
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {error}") from error
    if not rows:
        raise DataError(f"{path} holds no line")
    return rows


def command(module: str, description: str, shipped: str, evaluate: Callable[[Path, str], dict[str, Any]], data: Path | None = None) -> int:
    """`python -m MODULE --data FILE [--model MODEL]`: prints what `evaluate` answers as JSON, or what is wrong in one line.

    `data` is the file that is read when none is given.
    """
    arguments = argparse.ArgumentParser(prog=f"python -m {module}", description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--data", type=Path, required=data is None, default=data, help=None if data is None else f"{data.name} when left out")
    arguments.add_argument("--model", default=str(SHIPPED / shipped), help="a folder or the name of a model; the shipped one when left out")
    given = arguments.parse_args()
    try:
        print(json.dumps(evaluate(given.data, given.model), indent=2))
    except (DataError, ModelError) as error:
        arguments.exit(1, f"evaluate: {error}\n")
    return 0
