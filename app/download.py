"""Tables as files: CSV that says in its first lines what it is, which no spreadsheet can execute."""

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd

from app.glossary import definition, known
from app.text import plain
from orchestration.export import LINE_END, write_csv
from orchestration.warehouse.tables import Column

ONE_CELL = str.maketrans({",": ";", '"': "'", "\n": " ", "\r": " ", "\t": " "})


def csv_of(table: pd.DataFrame, about: Mapping[str, object]) -> bytes:
    """UTF-8 with lines `# name: value` in front, then the header and the rows; definitions of the columns that have one stand in front too."""
    facts = [f"{name}: {value}" for name, value in about.items()]
    facts += [f"definition of {name}: {definition(name)}" for name in table.columns if known(name)]
    stream = io.BytesIO()
    for fact in facts:
        # One cell, never quoted: what reads comments takes a line that begins with `#`, and what follows a comma would be a cell of its own.
        stream.write(f"# {plain(fact, 2_000)}".translate(ONE_CELL).encode() + LINE_END.encode())
    columns = [Column(str(name), "STRING", "") for name in table.columns]
    write_csv(stream, columns, [[tuple(map(python_value, row)) for row in table.itertuples(index=False, name=None)]])
    return stream.getvalue()


def python_value(value: Any) -> Any:
    """As plain Python: NaN, NaT and NA are None, arrays are lists; a Timestamp at midnight without zone stays a time."""
    if isinstance(value, (list, tuple)) or (hasattr(value, "tolist") and getattr(value, "ndim", 0) > 0):
        return [python_value(each) for each in value]
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return value if isinstance(value, (str, date, datetime)) else value.item() if hasattr(value, "item") else value
