"""The estimate a person is asked about, and the budget a day is held against."""

from orchestration.bigquery_verify.estimate import LEAST_BYTES, Estimate, billed, estimate, over, told

GIB = 1024**3


def node(kind, parents, materialized="table"):
    return {"resource_type": kind, "depends_on": {"nodes": [f"model.{number}" for number in range(parents)]}, "config": {"materialized": materialized}}


def test_a_statement_bills_ten_megabytes_for_each_table_at_least():
    assert billed(0, 3) == 3 * LEAST_BYTES
    assert billed(5 * GIB, 3) == 5 * GIB
    assert billed(0, 0) == LEAST_BYTES


def test_views_and_inlined_models_bill_nothing_when_they_are_built():
    alone = estimate({"a": node("model", 2)}, 0, 0)
    assert estimate({"a": node("model", 2), "b": node("model", 2, "view"), "c": node("model", 9, "ephemeral")}, 0, 0) == alone
    assert alone == Estimate(statements=2, bytes=2 * 3 * LEAST_BYTES)


def test_what_is_written_and_compared_counts_too():
    nothing, more = estimate({}, 0, 0), estimate({}, 2, 5)
    assert nothing == Estimate(0, 0)
    assert more.statements == 2 * 4 + 5
    assert more.bytes == (2 * 8 + 5) * LEAST_BYTES


def test_an_estimate_of_the_cap_is_within_it_and_one_byte_more_is_not():
    assert Estimate(1, GIB).within(GIB)
    assert not Estimate(1, GIB + 1).within(GIB)


def test_a_person_is_told_bytes_dollars_and_both_caps():
    lines = " ".join(told(Estimate(1_234, 1024**4), 20 * GIB, 2 * GIB))
    for words in ("1,234 statements", "1024.00 GiB", "6.25 USD", "20.00 GiB", "2.00 GiB"):
        assert words in lines


def test_a_day_above_the_budget_names_the_three_largest():
    sizes = [("small", 1), ("large", 3 * GIB), ("larger", 4 * GIB), ("mid", 2 * GIB)]
    assert over(sizes, 9 * GIB + 1) is None
    assert over(sizes, 9 * GIB).endswith("larger 4.00 GiB, large 3.00 GiB, mid 2.00 GiB")
