"""Rows as a file: CSV that no spreadsheet can execute, or Parquet with true types. A file is written whole or not at all.

CSV follows RFC 4180 in UTF-8: lines end in CR LF, NULL is an empty cell and the empty text `""`, times are ISO 8601 in UTC
with six digits and Z, arrays are JSON. Text that begins as a formula does gets an apostrophe in front (`guarded`).
"""

import base64
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import pyarrow as pa

    from orchestration.warehouse.tables import Column

    Pages = Iterable[Sequence[tuple[Any, ...]]]

LINE_END = "\r\n"
# OWASP, "CSV Injection": what Excel, LibreOffice or Google Sheets may read as the start of a formula, full width forms too.
# Apostrophes before it are counted in, so that taking one away gives back exactly the text there was.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
NEEDS_QUOTES = re.compile(r'[",\r\n]|^\s|\s$')
# The API of BigQuery says INTEGER where its SQL says INT64.
OTHER_NAMES = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL", "STRUCT": "RECORD"}


def guarded(text: str) -> str:
    """The text, after an apostrophe when a spreadsheet would take it for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` was given."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def write_csv(stream: BinaryIO, columns: Sequence["Column"], pages: "Pages", *, bom: bool = False) -> int:
    """Writes a header and the rows; returns their number. `bom` is for Excel, which takes UTF-8 for Latin text without it."""
    rows = 0

    def counted() -> "Pages":
        nonlocal rows
        for page in pages:
            rows += len(page)
            yield page

    for part in csv_parts(columns, counted(), bom=bom):
        stream.write(part)
    return rows


def csv_parts(columns: Sequence["Column"], pages: "Pages", *, bom: bool = False) -> Iterator[bytes]:
    """The same file in parts, for those who hand it on as it is made: the header, then a part for each page."""
    header = ",".join(_quoted(guarded(column.name)) for column in columns)
    yield (("\ufeff" if bom else "") + header + LINE_END).encode()
    repeated = [column.repeated for column in columns]
    for page in pages:
        yield "".join(",".join(map(_cell, row, repeated)) + LINE_END for row in page).encode()


def write_parquet(stream: BinaryIO, columns: Sequence["Column"], pages: "Pages", metadata: Mapping[str, str]) -> int:
    """Writes the rows, a row group per page; returns their number. Descriptions of columns stand in their fields' metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields = [pa.field(column.name, _arrow_type(column), metadata={"description": column.description}) for column in columns]
    schema = pa.schema(fields, metadata=dict(metadata))
    ready = [_as_arrow(column) for column in columns]
    rows = 0
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for page in pages:
            cells = [[convert(row[place]) for row in page] for place, convert in enumerate(ready)]
            writer.write_batch(pa.record_batch([pa.array(cell, field.type) for cell, field in zip(cells, fields)], schema=schema))
            rows += len(page)
    return rows


@contextmanager
def whole_file(file: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only when everything is written; whatever stops it leaves the old file, or none."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _cell(value: Any, repeated: bool) -> str:
    if value is None:
        return "[]" if repeated else ""
    if isinstance(value, str):
        return _quoted(guarded(value)) if value else '""'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return _quoted(_json(value))
    if isinstance(value, (date, bytes)):
        return _text(value)
    return repr(value) if isinstance(value, float) else str(value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if NEEDS_QUOTES.search(text) else text


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        moment = value if value.tzinfo is None else value.astimezone(UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + ("" if value.tzinfo is None else "Z")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else str(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_text, separators=(",", ":"))


def _arrow_type(column: "Column") -> "pa.DataType":
    import pyarrow as pa

    types = {
        "INT64": pa.int64(),
        "FLOAT64": pa.float64(),
        "BOOL": pa.bool_(),
        "TIMESTAMP": pa.timestamp("us", tz="UTC"),
        "DATETIME": pa.timestamp("us"),
        "DATE": pa.date32(),
        "TIME": pa.time64("us"),
        "NUMERIC": pa.decimal128(38, 9),
        "BIGNUMERIC": pa.decimal256(76, 38),
        "BYTES": pa.binary(),
    }
    # Structs and JSON as JSON text, and a type of tomorrow as its text.
    found = types.get(_type_name(column), pa.string())
    return pa.list_(found) if column.repeated else found


def _type_name(column: "Column") -> str:
    return OTHER_NAMES.get(column.type.upper(), column.type.upper())


def _as_arrow(column: "Column") -> Callable[[Any], Any]:
    """What makes of a value one that Arrow takes: only structs and JSON are no values of Arrow already."""
    as_text = _type_name(column) in {"RECORD", "JSON", "GEOGRAPHY", "INTERVAL"}

    def one(value: Any) -> Any:
        return value if value is None or not as_text or isinstance(value, str) else _json(value)

    return (lambda value: [one(each) for each in value or ()]) if column.repeated else one
