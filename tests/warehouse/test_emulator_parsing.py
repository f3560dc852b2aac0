"""A statement is parsed once by the server, and nobody can change the tree that the next question gets."""

import subprocess
import sys
import textwrap

from orchestration.settings import REPOSITORY

# In a process of its own: the patch is for good.
TRIAL = textwrap.dedent("""
    import sqlglot
    from sqlglot import Dialect, exp

    parsed = []
    stock = Dialect.parse
    Dialect.parse = lambda self, sql, **options: parsed.append(sql) or stock(self, sql, **options)

    from orchestration.warehouse.emulator_patches import PARSED_KEPT, _parse_once

    _parse_once()
    first = sqlglot.parse_one("select a from t", read="bigquery")
    first.find(exp.Table).replace(exp.to_table("stolen"))
    second = sqlglot.parse_one("select a from t", read="bigquery")
    assert second.sql() == "SELECT a FROM t" and first.sql() == "SELECT a FROM stolen"
    assert parsed == ["select a from t"], parsed
    # Places of words are left out, which are most of a copy; a function's name as it is written is not.
    sql = "select my_Own(a, 'x') as b, lower(c) from t where d >= date '2026-03-02'"
    tree = sqlglot.parse_one(sql, read="bigquery")
    assert {key for node in tree.walk() for key in node.meta} == {"name"}, [node.meta for node in tree.walk()]
    assert tree.sql("bigquery") == stock(Dialect.get_or_raise("bigquery"), sql)[0].sql("bigquery")
    # Another dialect reads another language: DuckDB's `x` is a name, BigQuery's a text.
    assert sqlglot.parse_one('select "x"', read="duckdb").find(exp.Column) is not None
    assert sqlglot.parse_one('select "x"', read="bigquery").find(exp.Column) is None
    for broken in range(2):
        try:
            sqlglot.parse_one("select from from", read="bigquery")
        except sqlglot.errors.ParseError:
            continue
        raise AssertionError("accepted")
    for number in range(PARSED_KEPT):
        sqlglot.parse_one(f"select {number}", read="bigquery")
    before = len(parsed)
    sqlglot.parse_one("select a from t", read="bigquery")
    assert len(parsed) == before + 1, "the oldest tree was to be forgotten"
""")


def test_a_statement_is_parsed_once_and_each_reader_has_a_tree_of_its_own():
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", TRIAL], cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
