"""Files of the page: they say what they are, and no spreadsheet runs them."""

import csv
import io
from datetime import date

import pandas as pd

from app.download import csv_of

ABOUT = {"campaign": "c (=cmd|'/c calc'!A0)", "period": "2026-03-05 to 2026-03-06, both included", "last run": "0123"}


def lines(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8"))))


def test_the_first_lines_say_filters_run_and_the_definitions_of_the_columns():
    rows = lines(csv_of(pd.DataFrame({"day": [date(2026, 3, 5)], "engagement": [3]}), ABOUT))
    told = [row[0] for row in rows if row[0].startswith("# ")]
    assert "# period: 2026-03-05 to 2026-03-06; both included" in told and "# last run: 0123" in told
    assert any(line.startswith("# definition of engagement: Likes + replies") for line in told)
    assert rows[len(told) :] == [["day", "engagement"], ["2026-03-05", "3"]] and all(len(row) == 1 for row in rows[: len(told)])


def test_a_cell_that_a_spreadsheet_would_run_is_text():
    rows = lines(csv_of(pd.DataFrame({"Text": ["=1+1", "@x", "fine", "a,b\n\"c\""]}), {}))
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'@x", "fine", 'a,b\n"c"']


def test_a_line_break_in_a_name_makes_no_second_line():
    rows = lines(csv_of(pd.DataFrame({"x": [1]}), {"campaign": "a\n=2+2"}))
    assert rows[0] == ["# campaign: a =2+2"] and rows[1] == ["x"]
    rows = lines(csv_of(pd.DataFrame({"x": [1]}), {"campaign": 'a","=2+2'}))
    assert rows[0] == ["# campaign: a';'=2+2"]


def test_what_nobody_knows_is_empty_and_numbers_are_plain():
    table = pd.DataFrame({"a": [1.5, None], "b": pd.array([3, None], dtype="Int64"), "c": pd.to_datetime(["2026-03-05T10:00Z", None]), "d": [["x"], []]})
    rows = lines(csv_of(table, {}))
    assert rows[1:] == [["1.5", "3", "2026-03-05T10:00:00.000000Z", '["x"]'], ["", "", "", "[]"]]


def test_a_file_can_be_read_by_pandas_without_its_first_lines():
    read = pd.read_csv(io.BytesIO(csv_of(pd.DataFrame({"posts": [1, 2]}), ABOUT)), comment="#")
    assert read["posts"].tolist() == [1, 2]
