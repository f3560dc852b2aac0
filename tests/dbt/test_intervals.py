"""macros/intervals.sql against ml_assets/sentiment/shares.py: the same formulas, once in SQL and once in Python."""

import jinja2
import pytest

from ml_assets.sentiment import shares
from orchestration.dbt.project import PROJECT

COUNTS = [(0, 0, 0), (0, 0, 1), (1, 0, 0), (3, 14, 3), (7, 10, 3), (0, 10, 0), (20, 100, 80), (29, 0, 0), (333, 333, 334), (9_999, 1, 0), (12_345, 67_890, 23_456)]


@pytest.fixture(scope="module")
def macros():
    """The macros of the file as functions that return SQL."""
    return jinja2.Environment().from_string((PROJECT / "macros" / "intervals.sql").read_text(encoding="utf-8")).module


def counted(counts) -> str:
    """SQL: a row for each of the counts, of negative, neutral and positive posts, in their order as `number`."""
    return " union all ".join(
        f"select {number} as number, {negative} as negative, {neutral} as neutral, {positive} as positive, {negative + neutral + positive} as scored"
        for number, (negative, neutral, positive) in enumerate(counts)
    )


def test_wilsons_interval_and_the_error_of_net_sentiment_are_those_of_python(macros, warehouse):
    rows = warehouse.query(f"""
        select number, {macros.wilson('low', 'negative', 'scored')} as low, {macros.wilson('high', 'negative', 'scored')} as high,
            {macros.net_sentiment_error_of('negative', 'positive', 'scored')} as error
        from ({counted(COUNTS)}) order by number
    """)
    for row, (negative, neutral, positive) in zip(rows, COUNTS, strict=True):
        scored = negative + neutral + positive
        expected = shares.wilson(negative, scored)
        if expected is None:
            assert row["low"] is row["high"] is row["error"] is None
            continue
        assert (row["low"], row["high"]) == pytest.approx((expected.low, expected.high), abs=1e-9)
        assert row["error"] == pytest.approx(shares.net_sentiment(negative, positive, scored)[1] / 100, abs=1e-9)


def test_sql_and_python_mean_the_same_quantile_and_the_same_fewest_posts(macros):
    assert float(macros.normal_quantile()) == pytest.approx(shares.quantile(), abs=1e-15)
    assert int(macros.fewest_for_a_verdict()) == shares.FEWEST_FOR_A_VERDICT
