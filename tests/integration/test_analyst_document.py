"""docs/analyst.md: its SQL runs, its answers are what comes out, its list of tables is the manifest's.

`REWRITE=1 pytest tests/integration/test_analyst_document.py` writes the answers and the list anew.
"""

import os
import re
from datetime import date, datetime

import pytest
import sqlglot
from sqlglot import exp

from orchestration.marts import Mart, marts_of
from orchestration.settings import REPOSITORY
from orchestration.warehouse.statements import check_read_only

DOCUMENT = REPOSITORY / "docs" / "analyst.md"
# Not PULSE_REWRITE: the suite forgets every PULSE_ variable of the person who runs it.
REWRITE = os.environ.get("REWRITE") == "1"
QUESTION = re.compile(r"^### (\d+)\. (?P<title>[^\n]+)\n(?P<said>(?:(?!^###).)*?)```sql\n(?P<sql>.*?)```\n(?P<answer>\n\|(?:[^\n]*\n)(?:\|[^\n]*\n)*)?", re.M | re.S)
TABLES = re.compile(r"(?<=<!-- tables -->\n).*?(?=<!-- end of tables -->)", re.S)


def questions():
    return list(QUESTION.finditer(DOCUMENT.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def marts(sample_home) -> dict[str, Mart]:
    return marts_of(sample_home.settings)


def table_of(columns, rows):
    """Markdown; numbers to the right."""
    numeric = [all(row[place] is None or isinstance(row[place], (int, float)) for row in rows) for place in range(len(columns))]
    lines = [columns, ["---:" if number else "---" for number in numeric]]
    lines += [[cell(value) for value in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(value):
    if value is None:
        return "NULL"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return re.sub(r"\s+", " ", f"{value:,}" if isinstance(value, int) else str(value)).replace("|", r"\|")


def alike(written, answered):
    """Cell by cell; a number may differ by a hundredth, for a model computes in other numbers on another processor (docs/sentiment.md)."""
    cells = [[cell.strip() for line in table.strip().splitlines() for cell in line.split("|")] for table in (written, answered)]
    return len(cells[0]) == len(cells[1]) and all(one == other or near(one, other) for one, other in zip(*cells, strict=True))


def near(one, other):
    try:
        one, other = (float(cell.replace(",", "")) for cell in (one, other))
    except ValueError:
        return False
    return abs(one - other) <= max(0.01 * abs(one), 0.006)


def first_sentence(text):
    return re.split(r"(?<=\.)\s|;\s", text, maxsplit=1)[0].rstrip(".") + "."


def list_of_tables(marts):
    rows = [
        [f"`{mart.name}`", ", ".join(mart.key), f"`{mart.partition}`" if mart.partition else "", first_sentence(mart.description)]
        for _, mart in sorted(marts.items())
    ]
    return "\n" + table_of(["table", "one row per", "partition", "what it is for"], rows) + "\n"


def test_there_are_ten_questions():
    assert [int(found[1]) for found in questions()] == list(range(1, 11))


@pytest.mark.parametrize("place", range(10))
def test_the_answer_is_what_the_sql_answers(sample_home, place):
    found = questions()[place]
    result = sample_home.warehouse.read(found["sql"])
    answer = "\n" + table_of(list(result.columns), [[row[name] for name in result.columns] for row in result.rows])
    if REWRITE:
        text = DOCUMENT.read_text(encoding="utf-8")
        start = found.start("answer") if found["answer"] else found.end()
        DOCUMENT.write_text(text[:start] + answer + text[found.end() :], encoding="utf-8")
        return
    assert result.rows and alike(found["answer"], answer), f"{found['title']}\n{answer}"


def test_another_number_another_name_and_another_length_are_not_alike():
    written = "\n| day | net |\n| --- | --- |\n| 2026-03-09 | 0.448 |\n"
    assert alike(written, written.replace("0.448", "0.45"))
    for other in (written.replace("0.448", "0.47"), written.replace("03-09", "03-10"), written + "| 2026-03-10 | 0.1 |\n", written.replace("0.448", "NULL")):
        assert not alike(written, other)


def test_the_list_of_tables_is_that_of_the_manifest(marts):
    text = DOCUMENT.read_text(encoding="utf-8")
    if REWRITE:
        DOCUMENT.write_text(TABLES.sub(lambda _: list_of_tables(marts), text), encoding="utf-8")
        return
    assert TABLES.search(text)[0] == list_of_tables(marts)


def test_every_mart_has_a_key_and_every_column_a_description(marts):
    assert not [name for name, mart in marts.items() if not mart.key]
    assert not [f"{name}.{column}" for name, mart in marts.items() for column, said in mart.columns.items() if not said]


@pytest.mark.parametrize("place", range(10))
def test_every_question_only_reads_and_bounds_each_partition_with_literals(marts, place):
    sql = questions()[place]["sql"]
    check_read_only(sql)
    for select in sqlglot.parse_one(sql, dialect="bigquery").find_all(exp.Select):
        sources = [select.args["from_"].this, *(join.this for join in select.args.get("joins") or ())]
        for table in sources:
            partition = marts[table.name].partition if isinstance(table, exp.Table) and table.db == "marts" else None
            assert partition is None or has_literal_bounds(select, partition), f"{table.name} is read without bounds on {partition}"


def has_literal_bounds(select, partition):
    where = select.args.get("where")
    compared = [each for kind in (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ, exp.Between) for each in where.find_all(kind)] if where else []
    of_partition = [each for each in compared if isinstance(each.this, exp.Column) and each.this.name == partition]
    bounds = [bound for each in of_partition for bound in each.args.values() if bound is not each.this]
    literal = [bound for bound in bounds if isinstance(bound, exp.Expression) and not bound.find(exp.Column)]
    return len(literal) >= 2
