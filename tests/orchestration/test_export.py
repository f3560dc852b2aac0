"""Rows as files: what a spreadsheet would execute, what must come back exactly, and what a stopped export leaves."""

import csv
import io
import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orchestration.export import guarded, unguarded, whole_file, write_csv, write_parquet
from orchestration.warehouse.tables import Column

COLUMNS = (
    Column("tweet_id", "STRING", "Post id."),
    Column("text", "STRING", "Text as received."),
    Column("created_at", "TIMESTAMP", "UTC."),
    Column("day", "DATE", "Day."),
    Column("hashtags", "STRING", "Hashtags.", repeated=True),
    Column("likes", "INTEGER", "Likes."),
    Column("net", "FLOAT", "From -1 to 1."),
    Column("is_repost", "BOOLEAN", "Repost."),
)
MOMENT = datetime(2026, 3, 5, 17, 0, 0, 123000, tzinfo=UTC)
HOSTILE = (
    "=CMD|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "'=1", "''@x", "'tis", "", " ", "a\r\nb", 'say "hi", he said',
    "<script>alert(1)</script>", "عربي \u202e", "👩‍👩‍👧", "nul\ufffdl", "NULL", "NA", "a,b;c", "\ufeffmark",
)  # fmt: skip


def row(text="plain", tweet_id="2028334925463207039", **more):
    values = {"created_at": MOMENT, "day": date(2026, 3, 5), "hashtags": ["a", "b"], "likes": 3, "net": -0.25, "is_repost": False}
    return (tweet_id, text, *(values | more).values())


def as_csv(*rows, bom=False):
    stream = io.BytesIO()
    assert write_csv(stream, COLUMNS, [list(rows)], bom=bom) == len(rows)
    return stream.getvalue()


def as_parquet(pages, **metadata):
    stream = io.BytesIO()
    write_parquet(stream, COLUMNS, pages, metadata)
    stream.seek(0)
    return stream


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))


@pytest.mark.parametrize("text", [text for text in HOSTILE if text.lstrip("'")[:1] in tuple("=+-@\t\r\n＝")])
def test_no_text_begins_as_a_formula_does(text):
    cell = read_csv(as_csv(row(text)))[1][1]
    assert cell == f"'{text}"


@given(st.text(max_size=40))
@example("'=1")
@example("''")
def test_the_apostrophe_can_be_taken_away_again(text):
    assert unguarded(guarded(text)) == text


@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=30)), max_size=8))
def test_every_text_comes_back_from_csv_as_it_was(texts):
    _, *rows = read_csv(as_csv(*map(row, texts)))
    assert [unguarded(cells[1]) for cells in rows] == texts


def test_a_number_stays_a_number_and_an_id_keeps_its_19_digits():
    content = as_csv(row(tweet_id="2028334925463207039", likes=-3, net=-0.1))
    frame = pd.read_csv(io.BytesIO(content), dtype={"tweet_id": "string"})
    assert frame.tweet_id[0] == "2028334925463207039" and frame.likes[0] == -3 and frame.net[0] == -0.1


def test_null_is_an_empty_cell_and_the_empty_text_is_quoted():
    lines = as_csv(row(None, likes=None, net=None), row("")).decode().split("\r\n")
    assert lines[1] == '2028334925463207039,,2026-03-05T17:00:00.123000Z,2026-03-05,"[""a"",""b""]",,,false'
    assert lines[2].startswith('2028334925463207039,"",')


def test_every_line_ends_in_cr_lf_and_has_as_many_cells_as_the_header():
    content = as_csv(*map(row, HOSTILE))
    assert content.endswith(b"\r\n")
    assert {len(cells) for cells in read_csv(content)} == {len(COLUMNS)}


def test_an_array_is_json_and_an_unknown_one_is_empty():
    _, first, second = read_csv(as_csv(row(hashtags=["é", '"']), row(hashtags=None)))
    assert json.loads(first[4]) == ["é", '"'] and second[4] == "[]"


def test_a_byte_order_mark_stands_in_front_only_when_asked_for():
    assert not as_csv(row()).startswith(b"\xef\xbb\xbf")
    marked = as_csv(row(), bom=True)
    assert marked == b"\xef\xbb\xbf" + as_csv(row())
    assert pd.read_csv(io.BytesIO(marked)).columns[0] == "tweet_id"


def test_rare_values_have_one_form():
    columns = [Column(name, "", "") for name in "abcdef"]
    stream = io.BytesIO()
    write_csv(stream, columns, [[(b"\x00", Decimal("1.50"), math.inf, 1e-07, MOMENT.replace(tzinfo=None), {"a": MOMENT})]])
    assert read_csv(stream.getvalue())[1] == ["AA==", "1.50", "inf", "1e-07", "2026-03-05T17:00:00.123000", '{"a":"2026-03-05T17:00:00.123000Z"}']


def test_parquet_has_true_types_and_says_what_it_is():
    table = pq.read_table(as_parquet([[row()], [row()]], mart="tweets", campaign="sample"))
    assert [str(field.type) for field in table.schema] == [
        "string", "string", "timestamp[us, tz=UTC]", "date32[day]", "list<element: string>", "int64", "double", "bool",
    ]  # fmt: skip
    assert table.num_rows == 2 and table.schema.field("text").metadata[b"description"] == b"Text as received."
    assert table.schema.metadata[b"mart"] == b"tweets" and table.schema.metadata[b"campaign"] == b"sample"


def test_every_value_comes_back_from_parquet_as_it_was():
    rows = [*map(row, HOSTILE), row(None, created_at=None, day=None, hashtags=None, likes=None, net=None, is_repost=None), row(likes=2**63 - 1)]
    found = pq.read_table(as_parquet([rows])).to_pylist()
    expected = [dict(zip((column.name for column in COLUMNS), each)) for each in rows]
    # A BigQuery table has no NULL array.
    expected[len(HOSTILE)]["hashtags"] = []
    assert found == expected


def test_an_export_of_nothing_still_has_its_columns():
    assert read_csv(as_csv()) == [[column.name for column in COLUMNS]]
    assert pq.read_table(as_parquet([])).schema.names == [column.name for column in COLUMNS]


def test_pandas_reads_the_19_digits_of_an_id_as_text():
    frame = pd.read_parquet(as_parquet([[row()]]))
    assert frame.tweet_id[0] == "2028334925463207039" and str(frame.created_at.dtype) == "datetime64[us, UTC]"


def test_structs_and_json_are_json_text_in_parquet():
    columns = [Column("s", "RECORD", ""), Column("many", "RECORD", "", repeated=True), Column("n", "NUMERIC", "")]
    stream = io.BytesIO()
    write_parquet(stream, columns, [[({"a": 1}, [{"b": MOMENT}], Decimal("1.5"))]], {})
    assert pq.read_table(stream).to_pylist() == [{"s": '{"a":1}', "many": ['{"b":"2026-03-05T17:00:00.123000Z"}'], "n": Decimal("1.500000000")}]


def test_a_value_of_another_type_is_an_error_and_no_guess():
    with pytest.raises(pa.ArrowInvalid):
        as_parquet([[row(likes="many")]])


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, OSError])
def test_a_stopped_export_leaves_the_old_file_and_no_part_of_the_new_one(tmp_path, stop):
    file = tmp_path / "posts.csv"
    file.write_text("old")

    def half():
        with whole_file(file) as stream:
            stream.write(b"half")
            raise stop

    with pytest.raises(stop):
        half()
    assert file.read_text() == "old" and [each.name for each in tmp_path.iterdir()] == ["posts.csv"]


def test_a_finished_export_takes_the_place_of_the_old_file(tmp_path):
    file = tmp_path / "posts.csv"
    file.write_text("old")
    with whole_file(file) as stream:
        stream.write(b"new")
        assert file.read_text() == "old"
    assert file.read_text() == "new" and len(list(tmp_path.iterdir())) == 1
