"""Which points of a series are known, and the robust score itself."""

from datetime import UTC, datetime

import numpy as np
import pytest

from ml_assets.peaks.robust import column_medians, column_scales, robust_score
from ml_assets.peaks.series import DAY, ENGAGEMENT, HOUR, NEGATIVE_SHARE, VOLUME, Measured, series_of, value_of

AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
BASE = np.array([100, 104, 98, 101, 97, 103, 99], dtype=float)


def point(**values):
    return Measured(**{"start": AT, "posts": 100, "authors": 80, "engagement": 500, "counted": 400, "coverage": 0.95} | values)


def test_the_score_is_that_of_the_textbook():
    assert robust_score(300, BASE) == pytest.approx(67.45)


def test_a_value_that_nobody_knows_is_no_value_of_the_base():
    assert robust_score(300, np.append(BASE, np.nan)) == pytest.approx(67.45)
    assert np.isnan(robust_score(float("nan"), BASE)) and np.isnan(robust_score(1, np.array([np.nan])))


def test_where_most_of_the_base_is_one_value_the_mean_deviation_takes_the_place_of_the_mad():
    # Deviations 0, 0, 0, 0, 5: their mean is 1, which of a normal distribution is 0.7979 standard deviations.
    assert robust_score(20, np.array([10, 10, 10, 10, 15.0])) == pytest.approx(7.979)


def test_above_a_base_that_never_moved_is_infinitely_far_and_in_it_is_nothing():
    base = np.full(7, 5.0)
    assert (robust_score(6, base), robust_score(5, base), robust_score(4, base)) == (np.inf, 0, -np.inf)


def test_medians_of_columns_with_holes_are_those_of_numpy():
    rng = np.random.default_rng(3)
    values = rng.normal(size=(9, 40))
    values[rng.random(values.shape) < 0.5] = np.nan
    values[:, 7] = np.nan
    with np.testing.suppress_warnings() as quiet:
        quiet.filter(RuntimeWarning)
        wanted = np.nanmedian(values, axis=0)
    np.testing.assert_allclose(column_medians(values), wanted)
    assert np.isnan(column_scales(values)[7]) and np.isnan(column_medians(np.empty((0, 2)))).all()


def test_volume_of_a_campaign_is_what_was_counted_and_of_a_hashtag_what_was_captured():
    (campaign,) = series_of(VOLUME, HOUR, "UTC", "*", [point()]).values
    (hashtag,) = series_of(VOLUME, HOUR, "UTC", "tag", [point()]).values
    assert (campaign, hashtag) == (400, 100)


@pytest.mark.parametrize("name", [VOLUME, ENGAGEMENT, NEGATIVE_SHARE])
def test_below_90_percent_only_a_count_is_known(name):
    low, enough = point(coverage=0.89, scored=50, negative=5), point(coverage=0.9, scored=50, negative=5)
    assert value_of(name, low) is None and value_of(name, enough) is not None
    assert value_of(VOLUME, low, is_counted=True) == 400


def test_unknown_coverage_is_an_objection_only_where_the_cap_was_reached():
    assert value_of(VOLUME, point(coverage=None, counted=None)) == 100
    assert value_of(VOLUME, point(coverage=None, counted=None, capped=True)) is None


def test_engagement_that_is_absent_or_still_measured_is_missing_and_not_zero():
    assert value_of(ENGAGEMENT, point(engagement=None)) is None
    assert value_of(ENGAGEMENT, point(waiting=1)) is None
    assert value_of(ENGAGEMENT, point(engagement=0)) == 0


def test_a_share_of_29_posts_is_none():
    assert value_of(NEGATIVE_SHARE, point(scored=29, negative=29)) is None
    assert value_of(NEGATIVE_SHARE, point(scored=30, negative=15)) == 0.5


def test_a_day_of_which_an_hour_is_missing_is_missing_even_where_it_was_counted():
    assert value_of(VOLUME, point(whole=False), is_counted=True) is None


def test_a_day_of_a_clock_change_ends_when_the_next_begins():
    start = datetime(2026, 3, 8, 5, tzinfo=UTC)
    series = series_of(VOLUME, DAY, "America/New_York", "*", [point(start=start)])
    assert series.end_of(0) == datetime(2026, 3, 9, 4, tzinfo=UTC)
