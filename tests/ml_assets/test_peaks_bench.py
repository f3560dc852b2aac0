"""The trial of `make bench-peaks`, small: its seeds are (1, n) and (2, n), as it prints them."""

import numpy as np
import pytest

from bench import peaks
from bench.peaks_campaigns import FIRST_HOUR, Planted, days_of, hours_of
from bench.peaks_rivals import highest, mean_and_sigmas, seasonal_hybrid_esd
from ml_assets.peaks.series import VOLUME

CAMPAIGNS = 4


def test_eight_quiet_weeks_have_at_most_one_flag_on_average_in_all_series_together():
    flags = peaks.quiet_campaigns(CAMPAIGNS, 8, 60)
    assert np.mean(flags["ours, all three"]) <= 1
    assert np.mean(flags[VOLUME]) < np.mean(flags["Seasonal Hybrid ESD"])


def test_five_times_the_posts_for_half_a_day_are_found_every_time(monkeypatch):
    monkeypatch.setattr(peaks, "SERIES", (VOLUME,))
    monkeypatch.setattr(peaks, "FACTORS", (5,))
    monkeypatch.setattr(peaks, "LENGTHS", (12,))
    ((_, _, _, tallies),) = peaks.planted_events(CAMPAIGNS)
    assert tallies[peaks.OURS].found == tallies[peaks.OURS].planted == CAMPAIGNS


def test_the_capped_day_is_named_by_its_count_and_shows_33_percent():
    said = "\n".join(peaks.capped_day())
    assert "strongest peak, by counted volume | 2026-02-11: 336,000 posts, 110,560 captured, coverage 33%" in said
    assert "day of most captured posts | 2026-02-17: 216,000 of 216,000" in said
    assert "not judged: captured below 90 %" in said


def test_what_is_planted_is_there_and_fades():
    event = Planted(VOLUME, 5, FIRST_HOUR, 2)
    assert [event.at(FIRST_HOUR + n * (event.end - event.start) / 2) for n in (-1, 0, 1)] == [1, 5, 5]
    fading = [event.at(event.end + n * (event.end - event.start) / 2) for n in range(4)]
    assert fading == sorted(fading, reverse=True) and 1 < fading[0] < 5 and fading[-1] == 1


def test_a_seed_makes_one_campaign_and_its_days_hold_its_hours():
    one, same = (hours_of(np.random.default_rng(5), 2, 20) for _ in range(2))
    assert one == same != hours_of(np.random.default_rng(6), 2, 20)
    assert sum(day.posts for day in days_of(one)) == sum(hour.posts for hour in one)


@pytest.mark.parametrize("flag", [mean_and_sigmas, seasonal_hybrid_esd, highest])
def test_each_rival_finds_the_plain_case(flag):
    values = np.tile(50 + np.arange(168.0) % 24, 4)
    values += np.random.default_rng(1).normal(0, 2, len(values))
    values[400] = 900
    assert flag(values)[400]
