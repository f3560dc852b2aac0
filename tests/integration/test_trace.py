"""Every measure of the sample is found again from its posts, of the whole campaign and of a hashtag, of a day and of all days."""

import json
from datetime import date

import pytest

from orchestration.tracing.measures import MEASURES
from orchestration.tracing.scope import Asked
from orchestration.tracing.trace import trace

LAUNCH = date(2026, 3, 5)
NAMES = {"word": "aurora", "organization": "Halvenne Footwear", "location": "Oslo"}


@pytest.mark.parametrize("day", [pytest.param(None, marks=pytest.mark.full), LAUNCH], ids=["all-days", "a-day"])
@pytest.mark.parametrize("hashtag", ["*", pytest.param("auroratrail", marks=pytest.mark.full)], ids=["whole-campaign", "a-hashtag"])
@pytest.mark.parametrize("measure", [each for each in MEASURES.values() if each.name != "share_of_voice"], ids=lambda each: each.name)
def test_every_figure_of_the_sample_is_found_again(sample_home, measure, hashtag, day):
    found = trace(sample_home.warehouse, Asked("sample", measure.name, hashtag, day if measure.has_days else None, NAMES.get(measure.names)))
    assert found.reported.value is not None, "an unknown figure proves nothing"
    assert found.is_equal, (found.reported, found.recount.figure, found.days_apart())
    assert all(part.run_id for part in found.recount.parts) or measure.name == "peak_day"


def test_a_campaign_without_competitors_has_no_share_of_voice_and_the_trace_says_why(sample_home):
    assert "names no competitors" in sample_home.pulse("trace", "--campaign", "sample", "--measure", "share_of_voice")


def test_the_command_says_that_the_headline_is_recomputed_from_its_posts(sample_home):
    said = sample_home.pulse("trace", "--campaign", "sample", "--measure", "engagement", "--day", str(LAUNCH))
    assert "Engagement of campaign sample, on 2026-03-05: 158,741" in said and "recomputed: 158,741, equal" in said


def test_a_sentiment_names_its_model_and_revision_for_each_post(sample_home):
    facts = json.loads(sample_home.pulse("trace", "--campaign", "sample", "--measure", "net_sentiment", "--format", "json", "--all"))
    assert facts["equal"] and len(facts["parts"]) == facts["parts_in_all"] == facts["reported"]["bottom"]
    assert {part["model_id"] for part in facts["parts"]} == {"sentiment-en"} and all(part["model_revision"] for part in facts["parts"])
