"""What a run of the pipeline publishes, on the sample campaign."""

import json
from datetime import UTC, datetime

import pytest

from orchestration.publishing import steady


def publications(home):
    return json.loads(home.pulse("summary", "--campaign", "sample", "--publications", "--format", "json"))


def test_a_run_publishes_what_the_summary_says(sample_home):
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    words = ("summary", "--campaign", "sample", "--format", "json")
    known, now = publications(sample_home), json.loads(sample_home.pulse(*words))
    reported = json.loads(sample_home.pulse(*words, "--as-of", today))
    assert reported.pop("publication")["published_at"] == known[-1]["published_at"]
    assert reported == steady(now)


@pytest.mark.slow
def test_a_second_run_publishes_nothing_and_changes_no_mart(sample_home):
    known = publications(sample_home)
    (hour,) = sample_home.query("select string(timestamp_trunc(min(hour), hour)) as first from marts.capture_coverage where campaign_id = 'sample'")
    first = hour["first"].replace(" ", "T")[:13]
    before = sample_home.pulse("checksums", "--campaign", "sample", "--format", "json")
    sample_home.pulse("run", "--campaign", "sample", "--from", f"{first}:00Z", "--to", f"{first}:59Z")
    assert publications(sample_home) == known and len(known) == 1
    assert json.loads(sample_home.pulse("checksums", "--campaign", "sample", "--format", "json"))["total"] == json.loads(before)["total"]


def test_the_day_of_the_data_is_not_the_day_of_the_report(sample_home):
    (day,) = sample_home.query("select date(min(published_at)) as published, max(d.day) as last from published.figures as d where campaign_id = 'sample'")
    said = sample_home.pulse("summary", "--campaign", "sample", "--as-of", f"{day['last']}", code=1)
    assert f"first publication is of {day['published']}" in said


def test_published_figures_are_those_of_the_marts(sample_home):
    assert not sample_home.query("""
        select d.hashtag, d.day from marts.engagement_daily as d
        inner join marts.hashtag_peaks as p on d.campaign_id = p.campaign_id and d.hashtag = p.hashtag and p.followed
        left join published.figures as f on d.campaign_id = f.campaign_id and d.hashtag = f.hashtag and d.day = f.day and f.figure = 'engagement'
        where d.campaign_id = 'sample' and (f.figure is null or coalesce(f.value, -1) != coalesce(d.engagement, -1))
    """)


def test_no_id_author_or_text_of_a_post_is_published(sample_home):
    rows = sample_home.query("select to_json_string(t) as row from published.summaries as t")
    rows += sample_home.query("select distinct to_json_string(struct(hashtag, period, figure, unit)) as row from published.figures")
    published = "\n".join(row["row"] for row in rows)
    posts = sample_home.query("select tweet_id, root_id, author_id, author_key, text from raw.tweets")
    # A post of one or two words may be a headline's own.
    private = {post[name] for post in posts for name in ("tweet_id", "root_id", "author_id", "author_key") if post[name]}
    private |= {post["text"] for post in posts if len(post["text"]) >= 25}
    assert len(private) > 100 and "engagement" in published
    assert [each for each in private if each in published] == []
