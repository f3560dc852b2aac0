"""What the ML and news assets decide, without Dagster and without a warehouse."""

import itertools
from datetime import UTC, date, datetime

import dagster as dg
import pytest

from ml_assets.sentiment import Scorer
from orchestration.assets.news import ask
from orchestration.campaigns import SAMPLE, Campaign
from orchestration.checks.capture import check_losses
from orchestration.scoring import chunks_of, score_rows, text_hash
from orchestration.settings import Settings
from orchestration.windows import HOUR, Window
from tests.ml_assets.tiny_models import SENTIMENT

START = datetime(2026, 3, 2, tzinfo=UTC)


def post(number, text="I love it", lang="en", *, repost=False):
    return {"campaign_id": "c", "tweet_id": str(number), "created_at": START, "lang": lang, "is_repost": repost, "text": text}


@pytest.fixture(scope="module")
def scorer():
    return Scorer(SENTIMENT)


def test_a_repost_is_not_scored_and_says_why(scorer):
    (row,) = score_rows([post(1, repost=True)], {}, scorer)
    assert (row["sentiment_label"], row["not_scored_reason"], row.get("p_positive")) == ("not_scored", "repost", None)


def test_a_text_scored_before_by_the_same_model_is_not_scored_again(scorer, monkeypatch):
    (first,) = score_rows([post(1)], {}, scorer)
    known = {first["text_hash"]: {name: first[name] for name in ("sentiment_label", "not_scored_reason", "p_negative", "p_neutral", "p_positive")}}
    monkeypatch.setattr(Scorer, "score", lambda self, texts, langs: [] if not texts else pytest.fail("scored again"))
    (second,) = score_rows([post(2)], known, scorer)
    assert second == first | {"tweet_id": "2"}


def test_every_row_names_the_model_and_its_revision(scorer):
    (row,) = score_rows([post(1)], {}, scorer)
    assert row["model_id"] == "sentiment-en" and len(row["model_revision"]) == 12 and row["code_version"]


def test_language_and_setting_are_part_of_what_was_scored():
    assert len({text_hash("a", "en"), text_hash("a", "de"), text_hash("a", None), text_hash("a", "en", "en,de"), text_hash("b", "en")}) == 5


def test_a_long_range_is_read_in_parts_and_an_hour_is_never_split():
    window = Window(START, START + 6 * HOUR)
    counts = {START: 4, START + HOUR: 4, START + 3 * HOUR: 30, START + 5 * HOUR: 1}
    chunks = chunks_of(window, counts, largest=10)
    assert [count for _, count in chunks] == [8, 30, 1]
    assert chunks[0][0].start == window.start and chunks[-1][0].end == window.end
    assert all(before.end == after.start for (before, _), (after, _) in itertools.pairwise(chunks))


def test_an_empty_range_is_one_empty_part():
    window = Window(START, START + HOUR)
    assert chunks_of(window, {}) == [(window, 0)]


PEAK = ("sample", "auroratrail", date(2026, 3, 5))


def test_a_free_source_is_asked_again_because_its_files_may_have_changed():
    stored = [{"campaign_id": "sample", "hashtag": "auroratrail", "peak_day": PEAK[2], "source": "sample", "status": "ok"}]
    ((_, answer),) = ask([PEAK], {"sample": SAMPLE}, Settings(), stored)
    assert answer.status == "ok" and len(answer.articles) > 10


@pytest.mark.parametrize(("status", "asked"), [("ok", 0), ("no_articles", 0), ("unavailable_plan_window", 0), ("too_fresh", 1), ("rate_limited", 1)])
def test_a_paid_answer_is_never_paid_for_twice(status, asked, monkeypatch):
    monkeypatch.setenv("NEWSAPI_KEY", "test")
    campaign = Campaign("paid", "Paid", news_source="newsapi")
    peak = ("paid", "one", date(2010, 1, 1))
    stored = [{"campaign_id": "paid", "hashtag": "one", "peak_day": peak[2], "source": "newsapi", "status": status}]
    assert len(list(ask([peak], {"paid": campaign}, Settings(), stored))) == asked


def test_a_missing_key_is_an_answer_and_not_the_end_of_the_run(monkeypatch):
    monkeypatch.delenv("NEWSAPI_KEY", raising=False)
    campaign = Campaign("paid", "Paid", news_source="archive")
    ((_, answer),) = ask([("paid", "one", date(2026, 3, 5))], {"paid": campaign}, Settings(), [])
    assert answer.status == "failed" and "PULSE_NEWS_ARCHIVE" in answer.reason


def test_a_campaign_without_hashtags_is_known_by_the_one_seen_most():
    campaign = Campaign("c", "Some Name", news_source="sample")
    peaks = [("c", "*", date(2026, 3, 5)), ("c", "most", date(2026, 3, 5)), ("c", "less", date(2026, 3, 5))]
    questions = {question.hashtag: question.terms for question, _ in ask(peaks, {"c": campaign}, Settings(), [])}
    assert questions == {"*": ("Some Name", "most"), "most": ("most",), "less": ("less",)}


@pytest.mark.parametrize(("read", "lost", "passed"), [(100, 0, True), (95, 5, True), (90, 10, False), (0, 3, False), (0, 0, True)])
def test_many_lost_records_are_a_warning_and_never_stop_the_others(read, lost, passed):
    result = check_losses(read, lost)
    assert result.passed == passed and result.severity == dg.AssetCheckSeverity.WARN
