"""What no statement may use: the server on this machine answers it otherwise than BigQuery, most of it without a word.

Each rule is as narrow as what was measured: `tests/sql_check/test_forbidden.py` has Google's reference implementation and the local
server answer the same expressions, and fails for a rule that is no longer needed. Known and let be, because text alone does not
tell: LOWER of a final sigma or a dotted capital I, the last digit of ROUND of a number that binary fractions cannot hold (2.675).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


@dataclass(frozen=True)
class Rule:
    """`finds` is given every node of a statement, and says whether it is what is forbidden; `instead` is what to write."""

    name: str
    reason: str
    instead: str
    finds: "Callable[[exp.Expr], bool]"

    @property
    def message(self) -> str:
        return f"forbidden, {self.name}: {self.reason}. {self.instead}"


_STRINGS = re.compile(
    r"--[^\n]*|\#[^\n]*|/\*.*?\*/|`[^`]*`|(?P<raw>[rR][bB]?|[bB][rR])?(?P<text>\"{3}.*?(?<!\\)\"{3}|'{3}.*?(?<!\\)'{3}|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')",
    re.DOTALL,
)
_UNREAD_ESCAPE = re.compile(r"\\(?:\\|(?P<escape>[uUxX?0-7]))")
ESCAPES = (
    r"forbidden, escapes \u, \U, \x, \? and octal in a string: the local server takes them for text. "
    "Write the character itself, CODE_POINTS_TO_STRING, or in a regular expression r'\\x{...}'."
)
UNREADABLE = "cannot be read for forbidden constructs"
_GROUP = re.compile(r"(?<!\\)\((?!\?(?!P?<))")


def forbidden(sql: str) -> list[str]:
    """What a statement uses and may not, in words; one line for each rule that it breaks."""
    import sqlglot

    found = [ESCAPES] if any(map(_has_unread_escape, _STRINGS.finditer(sql))) else []
    try:
        statements = [each for each in sqlglot.parse(sql, dialect="bigquery") if each is not None]
    except sqlglot.errors.SqlglotError as error:
        return [*found, f"{UNREADABLE}: {str(error).splitlines()[0][:200]}"]
    nodes = [node for statement in statements for node in statement.walk()]
    return found + [rule.message for rule in rules() if any(rule.finds(node) for node in nodes)]


def _has_unread_escape(string: re.Match[str]) -> bool:
    if string["text"] is None or string["raw"]:
        return False
    return any(found["escape"] for found in _UNREAD_ESCAPE.finditer(string["text"]))


def rules() -> tuple[Rule, ...]:
    from sqlglot import exp

    def unit_of(node: exp.Expr) -> str:
        unit = node.args.get("unit") or (node.this if isinstance(node, exp.Extract) else None)
        if isinstance(unit, exp.WeekStart):
            # A week of BigQuery begins on Sunday when no day is named.
            return "WEEK" if unit.name.upper() == "SUNDAY" else "WEEK(DAY)"
        return unit.name.upper() if unit is not None else ""

    def literal(node: exp.Expr | None) -> str:
        return node.name if isinstance(node, (exp.Literal, exp.RawString)) else ""

    def number(node: exp.Expr | None) -> int | None:
        if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal):
            return -int(node.this.name) if node.this.name.isdigit() else None
        return int(node.name) if isinstance(node, exp.Literal) and node.name.isdigit() else None

    def regexp_group(node: exp.Expr) -> bool:
        pattern = literal(node.args.get("expression")) if isinstance(node, (exp.RegexpExtract, exp.RegexpExtractAll)) else ""
        return bool(re.search(r"\\[pP]", pattern) and _GROUP.search(pattern))

    def format_part(node: exp.Expr) -> bool:
        # sqlglot writes %e as %-d; a format of BigQuery has no %-d of its own.
        return isinstance(node, exp.TimeToStr) and bool(re.search(r"%(E[\d*]S|-d|e|Z)", literal(node.args.get("format"))))

    def parse_zone(node: exp.Expr) -> bool:
        if not isinstance(node, exp.StrToTime):
            return False
        return node.args.get("zone") is not None or bool(re.search(r"%z", literal(node.args.get("format"))))

    def week_of_diff(node: exp.Expr) -> bool:
        if isinstance(node, exp.DatetimeDiff):
            return unit_of(node).startswith(("WEEK", "ISOWEEK"))
        return isinstance(node, exp.DateDiff) and unit_of(node) in {"WEEK(DAY)", "ISOWEEK"}

    def week_of_trunc(node: exp.Expr) -> bool:
        if isinstance(node, (exp.TimestampTrunc, exp.DatetimeTrunc)):
            return unit_of(node).startswith(("WEEK", "ISOWEEK"))
        return isinstance(node, exp.DateTrunc) and unit_of(node) in {"WEEK(DAY)", "ISOWEEK"}

    def trunc_zone(node: exp.Expr) -> bool:
        zone = node.args.get("zone") if isinstance(node, exp.TimestampTrunc) else None
        return zone is not None and (unit_of(node) == "HOUR" or literal(zone)[:1] in {"+", "-"})

    def substring(node: exp.Expr) -> bool:
        if not isinstance(node, exp.Substring) or node.args.get("length") is None:
            return False
        start, length = number(node.args.get("start")), number(node.args["length"])
        return (start is not None and start <= 0) or (length or 0) < 0 or (isinstance(node.parent, exp.SafeFunc) and length is None)

    def unnamed(node: exp.Expr) -> bool:
        if not isinstance(node, exp.Select) or node.parent is not None:
            return False
        return any(not each.output_name and not each.is_star for each in node.selects)

    def star_of_unpivot(node: exp.Expr) -> bool:
        if not isinstance(node, exp.Pivot) or not node.args.get("unpivot"):
            return False
        select = node.find_ancestor(exp.Select)
        return select is not None and any(each.is_star for each in select.selects)

    def called(*names: str) -> Callable[[exp.Expr], bool]:
        return lambda node: isinstance(node, exp.Anonymous) and node.name.upper() in names

    def distinct_ignoring_nulls(node: exp.Expr) -> bool:
        if not isinstance(node, exp.IgnoreNulls) or not isinstance(node.this, exp.ArrayAgg):
            return False
        return isinstance(node.this.this, exp.Distinct)

    def table_of_schema(node: exp.Expr) -> bool:
        return isinstance(node, exp.Table) and bool(re.search(r"COLUMN_FIELD_PATHS|\bJOBS|__TABLES__", ".".join(part.name for part in node.parts)))

    return (
        Rule(
            "a group in REGEXP_EXTRACT with \\p",
            "the local server answers the whole match and not the group when the pattern has \\p or \\P",
            "Match without a group, or take the rest away with REGEXP_REPLACE.",
            regexp_group,
        ),
        Rule(
            "APPROX_TOP_COUNT and APPROX_TOP_SUM",
            "the local server answers values without their counts, and wrong sums",
            "Count by GROUP BY, then ARRAY_AGG(STRUCT(...) ORDER BY ... LIMIT n).",
            lambda node: isinstance(node, (exp.ApproxTopK, exp.ApproxTopSum)) or called("APPROX_TOP_COUNT", "APPROX_TOP_SUM")(node),
        ),
        Rule(
            "an element of APPROX_QUANTILES(...)[...]",
            "the local server answers the next element",
            "Take the array in a subquery and the element outside of it.",
            lambda node: isinstance(node, exp.Bracket) and isinstance(node.this.unnest(), exp.ApproxQuantiles),
        ),
        Rule(
            "TIMESTAMP_DIFF other than by MICROSECOND",
            "the local server counts the boundaries between, BigQuery whole units: 00:59 to 01:00 is no hour, 0.9 s to 1.0 s no second",
            "Divide the difference in MICROSECOND.",
            lambda node: isinstance(node, exp.TimestampDiff) and unit_of(node) != "MICROSECOND",
        ),
        Rule(
            "weeks between dates",
            "the local server takes every week of DATETIME_DIFF, and WEEK(day) and ISOWEEK of DATE_DIFF, for seven days or Sundays",
            "Use DATE_DIFF(..., DAY), or DATE_DIFF(..., WEEK) for weeks that begin on Sunday.",
            week_of_diff,
        ),
        Rule(
            "the start of a week",
            "the local server begins the weeks of TIMESTAMP_TRUNC on Monday and those of DATE_TRUNC(WEEK(day)) on Sunday, whatever the day",
            "Use DATE_TRUNC(..., WEEK) for Sunday, or subtract EXTRACT(DAYOFWEEK ...) days.",
            week_of_trunc,
        ),
        Rule(
            "TIMESTAMP_TRUNC to the hour in a zone, or in a zone written as +05:30",
            "the local server cuts at UTC hours (Kolkata's are half an hour off), and reads +05:30 as -05:30",
            "Cut to the hour without a zone, or to the day in a named zone.",
            trunc_zone,
        ),
        Rule(
            "EXTRACT of MILLISECOND or MICROSECOND",
            "the local server adds the seconds to it",
            "Use MOD(UNIX_MILLIS(...), 1000) or MOD(UNIX_MICROS(...), 1000000).",
            lambda node: isinstance(node, exp.Extract) and unit_of(node) in {"MILLISECOND", "MICROSECOND"},
        ),
        Rule(
            "UNIX_SECONDS",
            "the local server rounds, BigQuery cuts off",
            "Use DIV(UNIX_MILLIS(...), 1000).",
            lambda node: isinstance(node, exp.UnixSeconds),
        ),
        Rule(
            "%E3S, %E*S, %e and %Z in a format",
            "the local server leaves %E3S as it is, writes %e without its space, and other names of zones",
            "Use %S, %d and %z.",
            format_part,
        ),
        Rule(
            "a zone in PARSE_TIMESTAMP",
            "the local server answers a DATETIME for %z, and does not look at the third argument",
            "Use %Ez, or CAST(... AS TIMESTAMP).",
            parse_zone,
        ),
        Rule(
            "SELECT * of an UNPIVOT",
            "the local server orders the columns otherwise",
            "Name the columns.",
            star_of_unpivot,
        ),
        Rule(
            "SUBSTR with a length and a position of 0 or less, or with SAFE and a length that is no number",
            "the local server counts from another place, and answers '' for a negative length where BigQuery answers NULL or fails",
            "Use LEFT or RIGHT.",
            substring,
        ),
        Rule(
            "TRIM, LTRIM and RTRIM of one argument",
            "the local server takes only spaces away, BigQuery tabs, line ends and every other white space too",
            "Name the characters, e.g. TRIM(text, ' '), or use REGEXP_REPLACE.",
            lambda node: isinstance(node, exp.Trim) and node.expression is None,
        ),
        Rule(
            "INSTR from the end",
            "the local server answers -1 for a negative position",
            "Use STRPOS, or REVERSE.",
            lambda node: isinstance(node, exp.StrPosition) and (number(node.args.get("position")) or 0) < 0,
        ),
        Rule(
            "LIKE with a backslash",
            "the local server does not take it for an escape",
            "Use STARTS_WITH, STRPOS or REGEXP_CONTAINS.",
            lambda node: isinstance(node, exp.Like) and "\\" in literal(node.expression),
        ),
        Rule(
            "FORMAT with %t, %T or %'",
            "the local server fails, or groups digits by apostrophes",
            "Use %s with a CAST.",
            lambda node: isinstance(node, exp.Format) and bool(re.search(r"%[-+ #0-9.]*[tT']", literal(node.this))),
        ),
        Rule(
            "a column of the answer without a name",
            "BigQuery calls it f0_, the local server count_star()",
            "Give it a name with AS.",
            unnamed,
        ),
        Rule(
            "ARRAY_AGG(DISTINCT ... IGNORE NULLS)",
            "the local server cannot read it",
            "Leave the NULLs out with WHERE.",
            distinct_ignoring_nulls,
        ),
        Rule(
            "TIMESTAMP_BUCKET, DATE_BUCKET and DATETIME_BUCKET",
            "the local server lacks them",
            "Use TIMESTAMP_TRUNC.",
            called("TIMESTAMP_BUCKET", "DATE_BUCKET", "DATETIME_BUCKET"),
        ),
        Rule(
            "JOBS, COLUMN_FIELD_PATHS and __TABLES__",
            "the local server lacks them",
            "Use INFORMATION_SCHEMA.TABLES and COLUMNS.",
            table_of_schema,
        ),
    )
