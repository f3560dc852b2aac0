"""Checksums of marts: what changes them, what does not, and that they are what the definition says on any engine."""

import hashlib
from datetime import UTC, date, datetime

import pytest

from orchestration.checksums import checksums, total
from orchestration.marts import Mart, Part

NAME = "checksum_trial"
COLUMNS = {
    "campaign_id": "string", "hour": "timestamp", "day": "date", "text": "string", "net": "float64", "posts": "int64", "live": "bool",
    "tags": "array<string>", "run_id": "string", "loaded_at": "timestamp",
}  # fmt: skip
MART = Mart(NAME, "hourly", "", ("campaign_id", "hour"), dict.fromkeys(COLUMNS, ""), "hour", "timestamp")
MOMENT = datetime(2026, 3, 5, 17, 0, 0, 250000, tzinfo=UTC)
# The same rows as Python values and as SQL, in the order of COLUMNS without lineage.
ROWS = (
    ("one", MOMENT, date(2026, 3, 5), "a 👩‍👩 \"quoted\" 'text'\n", 0.1, 3, True, ["a", "ü"]),
    ("one", MOMENT, date(2026, 3, 5), None, None, None, None, []),
    ("one", MOMENT, date(2026, 3, 5), "", -0.333333333, -7, False, [""]),
    ("two", MOMENT, date(2026, 3, 5), "2:ab", 1e-10, 2**53 + 1, False, ["ab"]),
)
SQL = (
    """('one', timestamp '2026-03-05 17:00:00.25+00', date '2026-03-05', 'a 👩‍👩 "quoted" \\'text\\'\\n', 0.1, 3, true, ['a', 'ü'], 'run-1', current_timestamp())""",
    """('one', timestamp '2026-03-05 17:00:00.25+00', date '2026-03-05', null, null, null, null, [], 'run-1', current_timestamp())""",
    """('one', timestamp '2026-03-05 17:00:00.25+00', date '2026-03-05', '', -0.333333333, -7, false, [''], 'run-2', current_timestamp())""",
    """('two', timestamp '2026-03-05 17:00:00.25+00', date '2026-03-05', '2:ab', 1e-10, 9007199254740993, false, ['ab'], 'run-2', current_timestamp())""",
)


def defined(rows):
    """The definition, in Python: no engine of ours has a part in it."""
    parts = [0, 0, 0, 0]
    for row in rows:
        values = dict(zip(COLUMNS, row))
        digest = hashlib.md5("".join(written(values[name]) for name in sorted(values)).encode()).hexdigest()
        parts = [have + int(digest[8 * place : 8 * place + 8], 16) for place, have in enumerate(parts)]
    return hashlib.md5(f"{len(rows)}:{':'.join(map(str, parts))}".encode()).hexdigest()


def written(value):
    if value is None:
        return "-"
    if isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, float):
        text = str(round(value * 1e9))
    elif isinstance(value, datetime):
        text = str(round(value.timestamp() * 1_000_000))
    elif isinstance(value, list):
        text = f"{len(value)}:" + "\x1f".join(value)
    else:
        text = str(value)
    return f"{len(text)}:{text}"


@pytest.fixture
def filled(warehouse):
    """Makes the trial table hold the given rows of SQL."""

    def fill(*rows):
        columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        table = warehouse.qualified(f"marts.{NAME}")
        warehouse.execute(f"drop table if exists {table}")
        warehouse.execute(f"create table {table} ({columns})")
        for row in rows:
            warehouse.execute(f"insert into {table} ({', '.join(COLUMNS)}) values {row}")
        return checksum(warehouse)

    yield fill
    warehouse.execute(f"drop table if exists {warehouse.qualified(f'marts.{NAME}')}")


def checksum(warehouse, **part):
    (found,) = checksums(warehouse, [MART], Part(**part))
    return found


def test_the_checksum_is_what_the_definition_says(filled):
    found = filled(*SQL)
    assert (found.rows, found.checksum) == (4, defined(ROWS))


def test_order_and_run_do_not_matter(filled):
    assert filled(*SQL) == filled(*(row.replace("run-1", "another run") for row in reversed(SQL)))


@pytest.mark.parametrize(
    ("there", "instead"),
    [(" 0.1,", " 0.100000002,"), ("00.25+00", "00.250001+00"), ("['a', 'ü']", "['aü']"), ("'2:ab'", "'2:ba'"), (" '',", " null,"), (" 3,", " 4,")],
)
def test_one_changed_value_changes_it(filled, there, instead):
    assert there in "".join(SQL)
    assert filled(*SQL).checksum != filled(*(row.replace(there, instead) for row in SQL)).checksum


def test_two_equal_rows_more_are_seen(filled):
    assert len({filled(*SQL).checksum, filled(*SQL, SQL[0]).checksum, filled(*SQL, SQL[0], SQL[0]).checksum}) == 3


def test_a_letter_that_moves_to_the_next_column_changes_it(filled):
    apart = SQL[3].replace("['ab']", "['a']").replace("'2:ab'", "'b'")
    assert filled(apart).checksum != filled(SQL[3].replace("'2:ab'", "''")).checksum


def test_a_campaign_and_a_period_bound_what_is_read(filled, warehouse):
    filled(*SQL)
    assert checksum(warehouse, campaign="two").checksum == defined(ROWS[3:])
    assert checksum(warehouse, start=date(2026, 3, 6)).rows == 0


def test_a_mart_that_is_not_built_has_no_checksum_and_the_total_differs(filled, warehouse):
    absent = Mart("never_built", "hourly", "", (), {})
    found = checksums(warehouse, [absent], Part())
    assert found[0].rows is None and found[0].checksum is None
    assert total(found) != total([*found, filled(*SQL)])


def test_what_the_runs_cost_is_left_out(warehouse):
    assert not checksums(warehouse, [Mart("api_spend_daily", "spend", "", (), {})], Part())
