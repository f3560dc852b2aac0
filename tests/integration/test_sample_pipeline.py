"""The sample campaign end to end: every measure against its counted truth, every function of the product on its output."""

import json

import pytest

from orchestration.sources.sample import stories
from orchestration.sources.sample.source import TRUTH


@pytest.fixture(scope="module")
def truth():
    return json.loads(TRUTH.read_text(encoding="utf-8"))


def test_every_measure_of_every_hashtag_and_day_is_as_counted(sample_home, truth):
    rows = sample_home.query("select * from marts.engagement_daily where campaign_id = 'sample'")
    found = {
        (row["day"].isoformat(), row["hashtag"]): {name: row[name] or 0 for name in ("posts", "originals", "reposts", "authors", "engagement")}
        for row in rows
    }
    assert found == {(day, hashtag): measures for day, tags in truth["days"].items() for hashtag, measures in tags.items()}


def test_every_hashtag_peaks_on_the_day_it_was_made_to(sample_home, truth):
    rows = sample_home.query("select * from marts.hashtag_peaks where campaign_id = 'sample'")
    found = {row["hashtag"]: (row["peak_day"].isoformat(), row["engagement"]) for row in rows}
    expected = {hashtag: (peak["peak_day"], peak["engagement"]) for hashtag, peak in truth["peaks"].items() if peak["engagement"]}
    assert found == expected


def test_hours_sum_to_days(sample_home):
    assert not sample_home.query("""
        select d.day, d.hashtag from marts.engagement_daily as d
        left join (
            select date(hour, 'America/New_York') as day, hashtag, sum(posts) as posts, sum(coalesce(engagement, 0)) as engagement
            from marts.engagement_hourly where campaign_id = 'sample' group by day, hashtag
        ) as h on d.day = h.day and d.hashtag = h.hashtag
        where d.campaign_id = 'sample' and (d.posts != h.posts or coalesce(d.engagement, 0) != h.engagement)
    """)


def test_the_hour_over_the_cap_keeps_its_first_posts_and_says_so(sample_home, truth):
    (row,) = sample_home.query("select * from marts.capture_coverage where capped")
    said = truth["busiest_hour"]
    assert (row["captured"], row["counted"], row["hourly_cap"]) == (said["captured"], said["counted"], 10_000)
    assert row["coverage"] == pytest.approx(said["captured"] / said["counted"])
    newest = sample_home.query("select max(created_at) as t from marts.tweets where timestamp_trunc(created_at, hour) = timestamp '2026-03-05 17:00:00+00'")
    assert newest[0]["t"] <= row["capped_at"]


def test_an_edited_post_stands_once_in_its_latest_version_across_hours_too(sample_home, truth):
    versions = truth["planted"]["edits"]
    rows = sample_home.query("select root_id, tweet_id from marts.tweets where campaign_id = 'sample'")
    found = {row["root_id"]: row["tweet_id"] for row in rows}
    assert len(found) == len(rows)
    assert {root: found[root] for root in versions} == {root: ids[-1] for root, ids in versions.items()}


def test_an_absent_metric_is_null_and_a_repost_has_none(sample_home, truth):
    (row,) = sample_home.query("""
        select countif(is_repost and (like_count is not null or engagement is not null)) as reposts_with_metrics,
            countif(not is_repost and engagement is null) as without_metrics,
            countif(not is_repost and engagement is not null and impression_count is null) as without_impressions
        from marts.tweets where campaign_id = 'sample'
    """)
    assert row["reposts_with_metrics"] == 0
    assert 0 < row["without_metrics"] <= truth["counts"]["without_metrics"]
    assert 0 < row["without_impressions"] <= truth["counts"]["without_impressions_only"]


def test_every_row_says_which_run_and_which_model_made_it(sample_home):
    (row,) = sample_home.query("""
        select count(*) as posts, countif(run_id is null or loaded_at is null) as without_run,
            countif(model_id is null or model_revision is null or sentiment_label is null) as without_model,
            countif(sentiment_label != 'not_scored' and abs(p_negative + p_neutral + p_positive - 1) > 0.00001) as not_one,
            countif(sentiment_label = 'not_scored' and (p_negative is not null or not_scored_reason is null)) as guessed
        from marts.tweets where campaign_id = 'sample'
    """)
    assert row["posts"] > 0 and row["without_run"] == row["without_model"] == row["not_one"] == row["guessed"] == 0


def test_only_english_posts_with_words_are_scored(sample_home):
    rows = sample_home.query("""
        select lang, countif(sentiment_label != 'not_scored') as scored, count(*) as posts
        from marts.tweets where not is_repost and campaign_id = 'sample' group by lang
    """)
    scored = {row["lang"] for row in rows if row["scored"]}
    assert scored <= {"en", None} and "en" in scored


def test_the_launch_is_liked_and_the_recall_is_not(sample_home):
    rows = sample_home.query("select day, net_sentiment from marts.sentiment_daily where campaign_id = 'sample' and hashtag = '*'")
    net = {row["day"].isoformat(): row["net_sentiment"] for row in rows}
    assert net["2026-03-05"] > 0.3 and net["2026-03-11"] < -0.2


def test_the_news_of_both_events_are_found_with_their_places_and_organisations(sample_home, truth):
    for event in truth["events"]:
        hashtag = event["hashtags"][0]
        articles = sample_home.query(f"select title, url from marts.related_articles where campaign_id = 'sample' and hashtag = '{hashtag}' and is_most_engagement")
        assert len(articles) >= event["stories"]
        for table, planted in (("top_locations", event["places"]), ("top_organizations", event["organizations"])):
            names = {row["name"] for row in sample_home.query(f"select name from marts.{table} where campaign_id = 'sample' and hashtag = '{hashtag}' and is_most_engagement")}
            most_named = [name for name, stories in planted.items() if stories >= 3]
            assert names & set(most_named), (hashtag, table, names)


def test_both_planted_events_are_explained_by_their_stories_and_the_decoy_by_none(sample_home, truth):
    rows = sample_home.query("select * from marts.peak_explanations where campaign_id = 'sample'")
    found = {(row["hashtag"], row["peak_day"].isoformat()): row for row in rows}
    told = {event["id"]: {story.title for story in getattr(stories, event["id"].upper())} for event in truth["events"]}
    for event in truth["events"]:
        row = found[event["hashtags"][0], event["day"]]
        assert row["verdict"] == "explained" and row["confidence"] >= 0.8 and row["placebo_days"] >= 5, row
        assert row["headline"] in told[event["id"]] and row["shared_terms"]
    assert found["runtheaurora", "2026-03-14"]["verdict"] in {"no_articles", "unexplained"}


def test_the_articles_of_a_peak_are_ranked_by_what_they_share_with_its_posts(sample_home):
    rows = sample_home.query("select * from marts.related_articles where campaign_id = 'sample' and hashtag = 'aurorarecall' and is_most_engagement order by article_rank")
    assert [row["relevance"] for row in rows] == sorted((row["relevance"] for row in rows), reverse=True)
    first = rows[0]
    marked = {first[each["field"]][each["start"] : each["end"]].lower() for each in json.loads(first["spans"])}
    assert first["relevance"] > 0.2 and {"heel"} <= marked | set(first["shared_terms"])


def test_explaining_again_changes_no_row(sample_home):
    from orchestration.assets.explanations import explain_campaign
    from orchestration.explaining import asked_for

    (asked,) = [each for each in asked_for(sample_home.warehouse) if each.campaign_id == "sample"]
    new, unchanged, _ = explain_campaign(sample_home.warehouse, asked, "another run")
    assert (new, unchanged) == (0, len(asked.peaks))


def test_a_quiet_peak_without_news_says_why(sample_home):
    (row,) = sample_home.query("select * from marts.news_status where campaign_id = 'sample' and hashtag = 'runtheaurora' and is_most_engagement")
    assert row["status"] == "no_articles" and "2026-03-13" in row["reason"]


def test_the_words_of_the_recall_are_not_those_of_the_launch(sample_home):
    def words(day):
        rows = sample_home.query(f"select word from marts.word_frequencies_daily where campaign_id = 'sample' and hashtag = '*' and day = date '{day}' order by posts desc limit 40")
        return {row["word"] for row in rows}

    assert "recall" in words("2026-03-11") - words("2026-03-05") or "refund" in words("2026-03-11") - words("2026-03-05")
    assert not words("2026-03-05") & {"the", "and", "rt", "https"}


def test_hostile_text_arrives_unchanged_as_text(sample_home, truth):
    ids = truth["planted"]["hostile"]
    rows = sample_home.query("select tweet_id, text from marts.tweets where campaign_id = 'sample'")
    texts = {row["tweet_id"]: row["text"] for row in rows}
    assert "<script>alert('Aurora Trail')</script>" in texts[ids["script"]]
    assert "{{ 7*7 }}" in texts[ids["jinja"]]
    assert "=CMD|" in texts[ids["formula_equals"]]


def test_both_planted_events_and_the_decoy_stand_out_and_want_an_explanation(sample_home):
    rows = sample_home.query("select peak_day, is_most_engagement from marts.peak_days where campaign_id = 'sample' and hashtag = '*' and is_notable order by peak_day")
    assert [(row["peak_day"].isoformat(), row["is_most_engagement"]) for row in rows] == [("2026-03-05", True), ("2026-03-11", False), ("2026-03-14", False)]
    found = sample_home.query("select distinct series from marts.peaks where hashtag = '*' and top_day = '2026-03-11' order by series")
    assert [row["series"] for row in found] == ["engagement", "negative_share", "volume"]


def test_peaks_are_looked_for_in_the_hashtags_that_are_followed_and_no_others(sample_home):
    judged = sample_home.query("select distinct hashtag from marts.peak_verdicts where campaign_id = 'sample' order by hashtag")
    followed = sample_home.query("select hashtag from intermediate.int_hashtags_followed where campaign_id = 'sample' and followed order by hashtag")
    assert judged == followed and len(judged) == 6


def test_every_row_of_a_mart_is_one_of_its_key(sample_home):
    keys = {
        "tweets": "campaign_id, tweet_id",
        "engagement_hourly": "campaign_id, hashtag, hour",
        "engagement_daily": "campaign_id, hashtag, day",
        "authors_daily": "campaign_id, hashtag, day, author_key",
        "sentiment_daily": "campaign_id, hashtag, day",
        "sentiment_models_daily": "campaign_id, day, model_id, model_revision",
        "word_frequencies_daily": "campaign_id, hashtag, day, word",
        "top_posts": "campaign_id, hashtag, day, rank",
        "campaign_effects": "campaign_id, hashtag, measure, phase, control",
        "capture_coverage": "campaign_id, hour",
        "hashtag_peaks": "campaign_id, hashtag",
        "peak_days": "campaign_id, hashtag, peak_day",
        "peak_verdicts": "campaign_id, hashtag, series, grain",
        "peaks": "campaign_id, peak_id",
        "related_articles": "campaign_id, hashtag, peak_day, article_id",
        "peak_explanations": "campaign_id, hashtag, peak_day",
        "top_organizations": "campaign_id, hashtag, peak_day, name",
        "top_locations": "campaign_id, hashtag, peak_day, name",
        "news_status": "campaign_id, hashtag, peak_day",
    }
    for table, key in keys.items():
        assert not sample_home.query(f"select {key}, count(*) as n from marts.{table} group by {key} having n > 1"), table


def test_the_summary_says_the_same_in_text_and_in_json(sample_home):
    facts = json.loads(sample_home.pulse("summary", "--campaign", "sample", "--format", "json"))
    assert facts["peaks"][0]["peak_day"] == "2026-03-05" and facts["coverage"] == pytest.approx(29_896 / 30_496)
    text = sample_home.pulse("summary", "--campaign", "sample")
    assert f"{facts['posts']:,} posts" in text and "2026-03-05" in text and facts["locations"][0]["name"] in text


def test_the_sample_has_too_few_days_before_its_launch_to_say_whether_it_worked_and_says_so(sample_home):
    facts = json.loads(sample_home.pulse("summary", "--campaign", "sample", "--format", "json"))
    assert {row["not_comparable_because"] for row in facts["effects"]} == {"3 days before can be used, and 14 are needed to know how much days differ."}
    assert {sentence["kind"] for sentence in facts["verdict"]} == {"unknown"}
    text = sample_home.pulse("summary", "--campaign", "sample")
    assert "whether posts, engagement, authors and net sentiment changed cannot be said" in text and "95 % intervals" in text
    first = facts["organizations"][0]
    assert f"{first['name']}, in {first['articles']} articles of {first['sources']} publications" in text


def test_a_query_is_answered_as_table_json_and_csv(sample_home):
    sql = "select hashtag, peak_day, engagement from marts.hashtag_peaks where hashtag = 'auroratrail'"
    assert json.loads(sample_home.pulse("query", sql, "--format", "json")) == [{"hashtag": "auroratrail", "peak_day": "2026-03-05", "engagement": 121607}]
    assert sample_home.pulse("query", sql, "--format", "csv") == "hashtag,peak_day,engagement\nauroratrail,2026-03-05,121607\n"
    assert "121607" in sample_home.pulse("query", sql)


def test_a_query_that_would_write_is_refused_and_writes_nothing(sample_home):
    said = sample_home.pulse("query", "delete from marts.tweets where true", code=1)
    assert "Only queries" in said
    assert sample_home.query("select count(*) as n from marts.tweets")[0]["n"] > 29_000


def test_every_step_of_the_run_is_kept_in_the_dagster_instance(sample_home, monkeypatch):
    import dagster as dg

    from orchestration.instance.home import dagster_environment

    for name, value in dagster_environment(sample_home.settings).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.from_config(str(sample_home.settings.dagster_home)) as instance:
        assert all(run.status == dg.DagsterRunStatus.SUCCESS for run in instance.get_runs())
        hours = instance.get_materialized_partitions(dg.AssetKey(["marts", "tweets"]))
        assert len(hours) == 359
        for key in (["raw", "news_articles"], ["ml", "article_entities"], ["marts", "top_locations"]):
            assert instance.get_latest_materialization_event(dg.AssetKey(key)) is not None
