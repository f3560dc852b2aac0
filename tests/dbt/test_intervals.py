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


CONFUSIONS = {
    "even": [[370, 100, 30], [100, 320, 80], [20, 85, 395]],
    "least": [[8, 1, 1], [20, 130, 20], [1, 2, 17]],
    "never_wrong": [[70, 0, 0], [0, 70, 0], [0, 0, 70]],
    "biased": [[45, 40, 5], [10, 60, 20], [2, 40, 30]],
}


def test_corrected_values_and_their_intervals_are_those_of_python(macros, warehouse):
    """Each set of counts with each confusion, among them counts that the correction takes below nothing."""
    corrections = {name: shares.correction(confusion) for name, confusion in CONFUSIONS.items()}
    measures, labels = ("negative", "neutral", "positive", "net"), ("negative", "neutral", "positive")
    weights = " union all ".join(
        f"select '{name}' as name, "
        + ", ".join(f"{float(value)!r} as {kind}_{measure}_{label}"
                    for kind, values in (("w", made.weights), ("s", made.spread))
                    for measure, row in zip(measures, values, strict=True) for label, value in zip(labels, row, strict=True))
        for name, made in corrections.items()
    )  # fmt: skip
    ends = ", ".join(f"{macros.corrected_end(end, measure)} as {end}_{measure}" for measure in measures for end in ("low", "high"))
    rows = warehouse.query(f"""
        with estimated as (select c.*, w.name, {macros.corrected_estimates('w')} from ({counted(COUNTS)}) as c cross join ({weights}) as w),
        corrected as (select *, {macros.corrected_values()} from estimated)
        select number, name, corrected_negative, corrected_neutral, corrected_positive, corrected_net, {ends} from corrected
    """)
    assert len(rows) == len(COUNTS) * len(CONFUSIONS)
    for row in rows:
        expected = corrections[row["name"]].of(COUNTS[row["number"]])
        for position, measure in enumerate(measures):
            found = [row[f"corrected_{measure}"], row[f"low_{measure}"], row[f"high_{measure}"]]
            if expected is None:
                assert found == [None] * 3, row
            else:
                value, interval = expected[position]
                assert found == pytest.approx([value, interval.low, interval.high], abs=1e-9), (row["name"], COUNTS[row["number"]], measure)
