"""The sample campaign answers as its counted truth says."""

import json

import pytest

from orchestration.sources.base import CampaignQuery, NothingInWindow
from orchestration.sources.sample.campaign import SPAN
from orchestration.sources.sample.generate import DATA, make_files
from orchestration.sources.sample.source import TRUTH, SampleSource
from orchestration.windows import HOUR, Window, parse_time

QUERY = CampaignQuery("sample")


@pytest.fixture(scope="module")
def truth():
    return json.loads(TRUTH.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def whole():
    return SampleSource().fetch(SPAN, QUERY, 10_000)


def test_it_holds_what_the_truth_counts(truth, whole):
    assert sum(hour.observations for hour in whole.hours) == truth["counts"]["records"]
    assert sum(hour.counted for hour in whole.hours) == truth["counts"]["rows"]
    assert sum(len(hour.posts) for hour in whole.hours) == truth["counts"]["rows_under_cap"]
    assert [hour.hour for hour in whole.hours if not hour.posts] == [parse_time(hour) for hour in truth["silent_hours"]]


def test_one_hour_is_over_the_cap(truth, whole):
    (busiest,) = [hour for hour in whole.hours if hour.capped]
    said = truth["busiest_hour"]
    assert (busiest.counted, len(busiest.posts)) == (said["counted"], said["captured"])
    assert (busiest.hour, busiest.capped_at) == (parse_time(said["hour"]), parse_time(said["capped_at"]))


def test_an_hour_alone_is_the_same_hour(whole):
    for hour in (whole.hours[0], whole.hours[86], whole.hours[-1]):
        assert SampleSource().fetch(Window(hour.hour, hour.hour + HOUR), QUERY, 10_000).hours == (hour,)


def test_outside_its_days_it_says_which_days_it_has():
    with pytest.raises(NothingInWindow, match="2026-03-02T05:00:00Z"):
        SampleSource().fetch(Window(SPAN.end, SPAN.end + HOUR), QUERY, 10)


@pytest.mark.full
def test_the_generator_makes_exactly_the_committed_files():
    import gzip

    for name, content in make_files().items():
        committed = (DATA / name).read_bytes()
        assert (gzip.decompress(committed) if name.endswith(".gz") else committed) == content, name
