"""`MERGE ... ON FALSE`, which dbt writes for insert_overwrite, as three statements that DuckDB runs in linear time."""

import re
from dataclasses import dataclass
from uuid import uuid4

import sqlglot
from sqlglot import exp

# A cheap look before the parser: every statement of the server passes here.
_LOOKS_LIKE_ONE = re.compile(r"^\s*MERGE\b.*\bON\s+\(?\s*FALSE\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class InsertOverwrite:
    """The statements, in the order in which they must run inside one transaction.

    The source is kept first, because it may read the target; the last two return the rows deleted and inserted.
    """

    keep_source: str
    delete: str
    insert: str
    forget_source: str


def insert_overwrite(sql: str) -> InsertOverwrite | None:
    """`sql` (DuckDB's dialect) as an `InsertOverwrite`, or None when it is anything else.

    Taken apart is only what dbt writes: one `NOT MATCHED BY SOURCE [AND ...] THEN DELETE` and one
    `NOT MATCHED [BY TARGET] THEN INSERT`, on FALSE.
    """
    if not _LOOKS_LIKE_ONE.search(sql):
        return None
    merge = sqlglot.parse_one(sql, dialect="duckdb")
    if not isinstance(merge, exp.Merge) or not _is_false(merge.args.get("on")):
        return None
    whens = merge.args["whens"].expressions
    deletes = [when for when in whens if when.args.get("source") and not when.args.get("matched")]
    inserts = [when for when in whens if not when.args.get("source") and not when.args.get("matched")]
    if len(whens) != len(deletes) + len(inserts) or len(inserts) != 1 or len(deletes) > 1:
        return None
    insert = inserts[0].args["then"]
    if not isinstance(insert, exp.Insert) or not isinstance(insert.expression, exp.Tuple) or inserts[0].args.get("condition"):
        return None
    if deletes and not _is_delete(deletes[0].args["then"]):
        return None

    target, source = merge.this, merge.args["using"]
    kept = exp.to_identifier(f"insert_overwrite_{uuid4().hex}", quoted=True)
    rows = exp.select("*").from_(source.copy())
    values = exp.select(*insert.expression.expressions).from_(
        exp.alias_(exp.Table(this=kept.copy()), source.alias_or_name, table=True)
    )
    where = deletes[0].args.get("condition") if deletes else exp.false()
    into = target.copy()
    into.set("alias", None)
    columns = insert.this.expressions if insert.this else []
    return InsertOverwrite(
        keep_source=exp.Create(
            this=exp.Table(this=kept),
            kind="TABLE",
            expression=rows,
            properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
        ).sql("duckdb"),
        delete=exp.Delete(this=target.copy(), where=exp.Where(this=where or exp.true())).sql("duckdb"),
        insert=exp.Insert(
            this=exp.Schema(this=into, expressions=[_unqualified(column) for column in columns]) if columns else into,
            expression=values,
        ).sql("duckdb"),
        forget_source=f"DROP TABLE {kept.sql('duckdb')}",
    )


def _is_false(node: exp.Expr | None) -> bool:
    node = node.unnest() if isinstance(node, exp.Paren) else node
    return isinstance(node, exp.Boolean) and not node.this


def _is_delete(then: exp.Expression) -> bool:
    return isinstance(then, exp.Var) and then.name.upper() == "DELETE"


def _unqualified(column: exp.Expression) -> exp.Expression:
    return exp.to_identifier(column.name, quoted=True)
