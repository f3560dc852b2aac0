"""A part of a mart as a predicate, and the marts as the manifest of dbt describes them."""

from datetime import date

import pytest

from orchestration.dbt import project
from orchestration.marts import Mart, MartError, Part, find, marts_of, read_manifest
from orchestration.nearest import nearest
from orchestration.settings import Settings

PERIOD = Part("sample", date(2026, 3, 5), date(2026, 3, 7))


def mart(*columns, name="trial", partition=None, partition_type=None):
    return Mart(name, "hourly", "A mart.", ("campaign_id",), dict.fromkeys(("campaign_id", *columns), ""), partition, partition_type)


def test_a_partitioned_mart_is_never_read_without_a_literal_bound():
    assert mart("day", partition="day", partition_type="date").where(Part()) == "day >= date '2006-03-21'"
    hourly = mart("hour", partition="hour", partition_type="timestamp").where(Part())
    assert hourly == "hour >= timestamp '2006-03-21 00:00:00+00'"


def test_days_are_those_of_the_mart_and_the_last_is_not_included():
    assert mart("day", partition="day", partition_type="date").where(PERIOD) == (
        "campaign_id = @campaign and day >= date '2026-03-05' and day < date '2026-03-07'"
    )


def test_posts_are_chosen_by_the_campaigns_day_and_bounded_a_day_around_it_in_utc():
    assert mart("day", "created_at", partition="created_at", partition_type="timestamp").where(PERIOD) == (
        "campaign_id = @campaign and created_at >= timestamp '2026-03-04 00:00:00+00' and created_at < timestamp '2026-03-08 00:00:00+00'"
        " and day >= date '2026-03-05' and day < date '2026-03-07'"
    )


def test_hours_without_a_day_are_utc():
    assert mart("hour", partition="hour", partition_type="timestamp").where(Part(None, date(2026, 3, 5))) == "hour >= timestamp '2026-03-05 00:00:00+00'"


def test_a_mart_without_time_has_no_period_and_says_so():
    assert mart().where(Part("sample")) == "campaign_id = @campaign" and mart().where(Part()) == "true"
    with pytest.raises(MartError, match="no days"):
        mart().where(PERIOD)


def test_an_unknown_mart_is_answered_with_the_nearest_and_all_of_them():
    known = {name: mart(name=name) for name in ("engagement_daily", "engagement_hourly", "tweets")}
    assert find(known, "marts.tweets") is known["tweets"]
    with pytest.raises(MartError, match=r"'engagement_dayly'. Did you mean engagement_daily.*There are: engagement_daily, engagement_hourly, tweets"):
        find(known, "engagement_dayly")
    assert nearest("xyz", known) == ""


def test_the_manifest_says_key_partition_and_descriptions():
    model = {
        "resource_type": "model",
        "unique_id": "model.campaign_pulse.tweets",
        "name": "tweets",
        "fqn": ["campaign_pulse", "marts", "hourly", "tweets"],
        "description": "Every\n post.",
        "config": {"schema": "marts", "partition_by": {"field": "created_at", "data_type": "timestamp"}},
        "columns": {"tweet_id": {"description": "Post\n  id."}},
    }
    claim = {
        "resource_type": "test",
        "unique_id": "t",
        "attached_node": model["unique_id"],
        "test_metadata": {"name": "unique_combination", "kwargs": {"columns": ["campaign_id", "tweet_id"]}},
    }
    other = model | {"unique_id": "m", "name": "int_posts", "config": {"schema": "intermediate"}}
    (found,) = read_manifest({"nodes": {each["unique_id"]: each for each in (claim, model, other)}}).values()
    assert found == Mart("tweets", "hourly", "Every post.", ("campaign_id", "tweet_id"), {"tweet_id": "Post id."}, "created_at", "timestamp")


def test_the_last_parse_answers_without_another_one(tmp_path, monkeypatch):
    settings = Settings(home=tmp_path)
    monkeypatch.setattr(project, "parse", lambda settings: pytest.fail("parsed again"))
    manifest_file = project.manifest_file(settings)
    manifest_file.parent.mkdir(parents=True)
    manifest_file.write_text('{"nodes": {}}', encoding="utf-8")
    assert marts_of(settings) == {}
