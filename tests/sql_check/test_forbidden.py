"""Constructs that the server on this machine answers otherwise than BigQuery: each is caught, and each rule is still needed."""

import pytest

from orchestration.sql_check.forbidden import ESCAPES, forbidden, rules
from orchestration.sql_check.typed import FLOAT_TEXT, JSON_TEXT, MOMENT_TEXT, NUMBER_OF_TEXT, REPEATED_HOUR, ROUNDING
from orchestration.warehouse.errors import WarehouseError
from tests.sql_check.reference import evaluated

NOON, HALF = "timestamp '2026-01-01 12:00:00+00'", "timestamp '2026-01-01 11:59:59.5+00'"
ONE, HUNDRED = "unnest([1]) as x", "unnest(generate_array(1, 101)) as x"
NEW_YORK, KOLKATA = "'America/New_York'", "'Asia/Kolkata'"

# Per rule: expressions that both engines can evaluate and that it forbids, and what to write instead.
WRONG = {
    "a group in REGEXP_EXTRACT with \\p": [r"regexp_extract('ab1', r'(\p{L})\d')", r"to_json_string(regexp_extract_all('ab1', r'([\p{L}]+)\d'))"],
    "TIMESTAMP_DIFF other than by MICROSECOND": [
        f"timestamp_diff({NOON}, {HALF}, {unit})" for unit in ("second", "minute", "hour")
    ] + [f"timestamp_diff({NOON}, timestamp '2025-12-31 23:00:00+00', day)", "timestamp_diff(timestamp '2026-01-01 00:00:00.001+00', timestamp '2026-01-01 00:00:00.0009+00', millisecond)"],
    "weeks between dates": [
        "date_diff(date '2026-01-05', date '2026-01-04', week(monday))",
        "date_diff(date '2026-01-05', date '2026-01-04', isoweek)",
        "datetime_diff(datetime '2026-01-04 00:00:00', datetime '2026-01-03 23:59:00', week)",
    ],
    "the start of a week": [
        f"timestamp_trunc({NOON}, week)",
        "date_trunc(date '2026-01-01', week(monday))",
        "datetime_trunc(datetime '2026-05-11 03:10:00', week)",
    ],
    "TIMESTAMP_TRUNC to the hour in a zone, or in a zone written as +05:30": [
        f"timestamp_trunc({NOON}, hour, {KOLKATA})",
        f"timestamp_trunc({NOON}, day, '+05:30')",
    ],
    "EXTRACT of MILLISECOND or MICROSECOND": [f"extract(millisecond from {HALF})", f"extract(microsecond from {HALF})"],
    "UNIX_SECONDS": ["unix_seconds(timestamp '2026-01-01 00:00:00.9+00')"],
    "%E3S, %E*S, %e and %Z in a format": [
        f"format_timestamp('%E3S', {HALF})", f"format_timestamp('%E*S', {HALF})", "format_date('%e', date '2026-01-04')",
        f"format_timestamp('%Z', {NOON}, {NEW_YORK})",
    ],
    "a zone in PARSE_TIMESTAMP": [
        "parse_timestamp('%Y-%m-%d %H:%M:%S%z', '2026-01-01 00:00:00+0200')",
        f"parse_timestamp('%Y-%m-%d %H:%M:%S', '2026-01-01 00:00:00', {NEW_YORK})",
    ],
    "SUBSTR with a length and a position of 0 or less, or with SAFE and a length that is no number": ["substr('abc', 0, 2)", "substr('abc', -9, 2)", "safe.substr('abc', 1, -1)"],
    "TRIM, LTRIM and RTRIM of one argument": [r"trim('\ta\n')", r"ltrim('\ta')", r"rtrim('a\n')"],
    "INSTR from the end": ["instr('abab', 'b', -1)"],
    "LIKE with a backslash": [r"'a_b' like 'a\\_b'"],
    "FORMAT with %t, %T or %'": ["format(\"%'d\", 1234567)"],
    ESCAPES: [r"'\u0041'", r"'\U0001F600'", r"'\x41'", r"'\101'", r"'\?'"],
}  # fmt: skip
RIGHT = {
    "a group in REGEXP_EXTRACT with \\p": [r"regexp_extract('ab1', r'([a-z])\d')", r"regexp_replace('#ab', r'#([\p{L}]+)', r'\1')", r"regexp_extract('ab1', r'(?:\p{L})\d')"],
    "TIMESTAMP_DIFF other than by MICROSECOND": [f"timestamp_diff({NOON}, {HALF}, microsecond)"],
    "weeks between dates": ["date_diff(date '2026-01-04', date '2026-01-03', week)", "date_diff(date '2026-01-10', date '2026-01-04', day)"],
    "the start of a week": ["date_trunc(date '2026-01-01', week)", f"timestamp_trunc({NOON}, month)"],
    "TIMESTAMP_TRUNC to the hour in a zone, or in a zone written as +05:30": [f"timestamp_trunc({NOON}, hour)", f"timestamp_trunc({NOON}, day, {NEW_YORK})"],
    "EXTRACT of MILLISECOND or MICROSECOND": [f"extract(second from {HALF})", f"mod(unix_millis({HALF}), 1000)"],
    "UNIX_SECONDS": [f"div(unix_millis({HALF}), 1000)"],
    "%E3S, %E*S, %e and %Z in a format": [f"format_timestamp('%Y-%m-%dT%H:%M:%SZ', {NOON})", f"format_timestamp('%F %H %z', {NOON}, {NEW_YORK})"],
    "a zone in PARSE_TIMESTAMP": ["parse_timestamp('%Y-%m-%d %H:%M:%S%Ez', '2026-01-01 00:00:00+02:00')", "cast('2026-01-01 00:00:00+02' as timestamp)"],
    "SUBSTR with a length and a position of 0 or less, or with SAFE and a length that is no number": ["substr('abc', 2, 1)", "substr('abc', -2)", "left('abc', 2)"],
    "TRIM, LTRIM and RTRIM of one argument": ["trim(' a ', ' ')"],
    "INSTR from the end": ["instr('abab', 'b', 3)", "strpos('abab', 'b')"],
    "LIKE with a backslash": ["'a_b' like 'a_b'"],
    "FORMAT with %t, %T or %'": ["format('%d %s %.2f', 1, 'a', 0.5)"],
    ESCAPES: [r"'a\tb\n\\u0041'", r"regexp_replace('aéb', r'\x{E9}', '')"],
}  # fmt: skip

# Rules on what cannot stand alone, or fails here at once: what they catch, and what they let pass.
CAUGHT = {
    "APPROX_TOP_COUNT and APPROX_TOP_SUM": ("select approx_top_count(x, 1) as a from t", "select approx_count_distinct(x) as a from t"),
    "an element of APPROX_QUANTILES(...)[...]": (
        "select approx_quantiles(x, 4)[offset(2)] as a from t",
        "select q[offset(2)] as a from (select approx_quantiles(x, 4) as q from t)",
    ),
    "SELECT * of an UNPIVOT": ("select * from t unpivot(v for n in (x, y))", "select n, v from t unpivot(v for n in (x, y))"),
    "a column of the answer without a name": ("select count(*) from t", "select count(*) as n, x, t.y from t where exists (select 1 from u)"),
    "ARRAY_AGG(DISTINCT ... IGNORE NULLS)": ("select array_agg(distinct x ignore nulls) as a from t", "select array_agg(distinct x) as a from t"),
    "TIMESTAMP_BUCKET, DATE_BUCKET and DATETIME_BUCKET": (
        "select timestamp_bucket(x, interval 1 hour) as a from t",
        "select timestamp_trunc(x, hour) as a from t",
    ),
    "JOBS, COLUMN_FIELD_PATHS and __TABLES__": (
        "select a from `p.d.INFORMATION_SCHEMA.JOBS`",
        "select table_name from `p.d.INFORMATION_SCHEMA.TABLES`",
    ),
}
OF_ONE_COLUMN = {
    ROUNDING: ("cast(score as int64)", "cast(coalesce(sum(if(like_count > 0, round(score), null)), 0) as int64)"),
    FLOAT_TEXT: ("cast(score as string)", "format('%.2f', score)"),
    NUMBER_OF_TEXT: ("cast(text as int64)", "if(regexp_contains(text, r'^[0-9]+$'), cast(text as int64), null)"),
    MOMENT_TEXT: ("string(created_at)", "format_timestamp('%F %T', created_at)"),
    REPEATED_HOUR: ("timestamp(datetime(created_at), 'America/New_York')", "timestamp(day, 'America/New_York')"),
    JSON_TEXT: ("to_json_string(struct(score))", "to_json_string(struct(text, like_count, day))"),
}


def messages_of(name: str) -> list[str]:
    return [ESCAPES] if name == ESCAPES else [rule.message for rule in rules() if rule.name == name]


def local(warehouse, expression: str):
    """The answer of the server on this machine; a failure is an answer too."""
    try:
        return warehouse.query(f"select {expression} as answer")[0]["answer"]
    except WarehouseError as error:
        return error


def test_every_rule_has_its_examples():
    assert {rule.name for rule in rules()} | {ESCAPES} == WRONG.keys() | CAUGHT.keys()
    assert WRONG.keys() == RIGHT.keys()


@pytest.mark.parametrize(("name", "expression"), [(name, each) for name, of_rule in WRONG.items() for each in of_rule])
def test_what_is_forbidden_is_caught_and_is_answered_otherwise_by_google(engine, warehouse, name, expression):
    assert forbidden(f"select {expression} as answer") == messages_of(name)
    assert local(warehouse, expression) != evaluated(expression)


@pytest.mark.parametrize("expression", [each for of_rule in RIGHT.values() for each in of_rule])
def test_what_to_write_instead_passes_and_is_answered_alike(engine, warehouse, expression):
    assert forbidden(f"select {expression} as answer") == []
    assert local(warehouse, expression) == evaluated(expression)


@pytest.mark.parametrize("name", CAUGHT)
def test_each_other_rule_catches_its_construct_and_nothing_near_it(name):
    caught, passed = CAUGHT[name]
    assert forbidden(caught) == messages_of(name)
    assert forbidden(passed) == []


@pytest.mark.parametrize("message", OF_ONE_COLUMN, ids=lambda message: message.split(":")[0])
def test_what_only_types_tell_is_caught_with_the_piece_of_sql(findings, book, message):
    caught, passed = OF_ONE_COLUMN[message]
    book.read("test", "here", f"select {passed} as a from marts.tweets")
    assert not book.findings
    (found,) = findings(f"select {caught} as a from marts.tweets")
    assert found.startswith(message) and caught[:20] in found


def test_the_local_server_still_mistakes_what_only_types_tell(warehouse):
    row = warehouse.query("""
        select cast(score as int64) as whole, cast(one as string) as number, safe_cast(text as int64) as half,
            timestamp(datetime '2026-11-01 01:30:00', 'America/New_York') as again, to_json_string(one) as json, string(moment) as moment
        from (select 2.5 as score, 1.0 as one, '1.5' as text, timestamp '2026-01-01 00:00:00.5+00' as moment)
    """)[0]
    assert (row["whole"], row["number"], row["half"], row["json"]) == (2, "1.0", 2, "1.0"), "BigQuery: 3, '1', NULL, '1'"
    assert row["again"].hour == 6, "BigQuery: 05:30, the first of the two"
    assert row["moment"].endswith("00.5+00"), "BigQuery: 00.500+00"


def test_the_local_server_still_mistakes_approximate_functions_and_names(warehouse):
    row = warehouse.query(f"""
        select approx_quantiles(x, 4)[offset(2)] as element, approx_top_count(x, 1) as top, count(*) from {HUNDRED}
    """)[0]
    assert row["element"] != 51 and not isinstance(row["top"][0], dict) and "f0_" not in row
    unpivoted = warehouse.query("select * from (select 1 as id, 2 as a, 3 as b) unpivot(v for n in (a, b))")
    assert list(unpivoted[0]) != ["id", "v", "n"]


def test_text_in_a_string_or_a_comment_is_no_construct():
    assert forbidden(r"select 'trim(x) \\u0041' as a, r'\u' as b -- unix_seconds(x) '\u'") == []


def test_a_statement_that_cannot_be_looked_through_is_a_finding():
    assert forbidden("select (")[0].startswith("cannot be read")
