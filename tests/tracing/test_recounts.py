"""What a recount makes of rows, worked out by hand, without a warehouse."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from orchestration.settings import Settings
from orchestration.tracing import recounts, voices
from orchestration.tracing.figures import COLUMNS, Figure, Part
from orchestration.tracing.scope import Scope
from orchestration.windows import Window
from tests.tracing.test_engagement import NOON, post, read

SETTINGS = Settings(home="/nowhere")
DAY = date(2026, 3, 5)
TWO_DAYS = Scope("c", "*", None, "UTC", Window(datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 7, tzinfo=UTC)))


class Rows:
    """Answers as `Received` does, from rows in memory."""

    def __init__(self, posts=(), **answers):
        self._posts, self._answers = posts, answers

    def posts(self, scope):
        return list(self._posts)

    def __getattr__(self, name):
        return lambda *_: self._answers.get(name, {})


def test_each_author_counts_once_and_a_post_that_names_none_is_said():
    posts = [post("1"), post("2"), post("3", author="b"), post("4", author=None)]
    found = recounts.authors(Rows(posts), TWO_DAYS)
    assert found.figure.value == 2 and [(part.id, part.contribution) for part in found.parts] == [("1", 1), ("3", 1)]
    assert found.said == ("1 post names no author and adds none.",)


def test_a_rate_is_of_the_posts_that_were_seen_and_says_which_were_not():
    """(6 + 3) of (100 + 200); 0 impressions are nobody's count, and reposts repeat their original's."""
    posts = [
        post("1", source="archive", likes=6, impressions=100), post("2", source="archive", likes=3, impressions=200), post("3", source="archive", likes=50, impressions=0),
        post("4", source="archive", likes=50), post("5", source="archive", impressions=70), post("6", source="archive", repost=True, likes=9, impressions=9),
    ]  # fmt: skip
    found = recounts.engagement_rate_by_impressions(Rows(posts), TWO_DAYS, SETTINGS)
    assert found.figure == Figure(0.03, 9, 300) and [(part.id, part.contribution, part.of) for part in found.parts] == [("1", 6, 100), ("2", 3, 200)]
    assert found.said == ("1 original adds nothing: without a known metric at their source.", "2 originals add nothing: nobody counted impressions.")
    assert recounts.engagement_rate_by_impressions(Rows(posts[2:]), TWO_DAYS, SETTINGS).figure.value is None


def test_the_impressions_of_a_rate_are_those_of_the_reading_that_has_its_engagement():
    (found,) = recounts.engagement_rate_by_impressions(
        Rows([post("1", after=1, likes=1, impressions=5)], readings={"1": [replace(read(24, 24.5, 8), impression_count=400)]}), TWO_DAYS, SETTINGS
    ).parts
    assert (found.contribution, found.of) == (8, 400)


def test_engagement_lists_the_heaviest_first_and_says_what_adds_nothing():
    posts = [
        post("1", source="archive", likes=3),
        post("2", source="archive", likes=9),
        post("3", source="archive"),
        post("4", source="archive", repost=True, likes=99),
    ]
    found = recounts.engagement(Rows(posts), TWO_DAYS, SETTINGS)
    assert found.figure == Figure(12, 12) and [part.id for part in found.parts] == ["2", "1"]
    assert found.said == ("1 original adds nothing: without a known metric at their source.",)
    assert recounts.engagement_per_post(Rows(posts), TWO_DAYS, SETTINGS).figure == Figure(6.0, 12, 2)


def test_engagement_is_unknown_when_nobody_knows_one_and_zero_when_there_is_nothing_to_measure():
    assert recounts.engagement(Rows([post(source="archive")]), TWO_DAYS, SETTINGS).figure.value is None
    assert recounts.engagement(Rows([post(source="archive", repost=True)]), TWO_DAYS, SETTINGS).figure.value == 0


def test_the_peak_is_the_earliest_of_equals_and_a_day_that_grows_only_when_every_day_does():
    next_day = NOON + timedelta(days=1)
    first, second = post("1", source="archive", likes=5), post("2", source="archive", likes=5, created_at=next_day)
    young = post("3", after=1, likes=1)
    found = recounts.peak_day(Rows([first, second]), TWO_DAYS, SETTINGS)
    assert found.figure == Figure(DAY, 5) and [part.contribution for part in found.parts] == [5, 5]
    found = recounts.peak_day(Rows([first, young, second]), TWO_DAYS, SETTINGS)
    assert found.figure.value == DAY + timedelta(days=1) and found.parts[1].detail == "1 post is still to be measured"
    assert recounts.peak_day(Rows([first, young]), TWO_DAYS, SETTINGS).figure.value == DAY
    assert recounts.peak_day(Rows([post(source="archive")]), TWO_DAYS, SETTINGS).figure.value is None


def test_coverage_leaves_out_the_days_of_an_hour_that_nobody_counted():
    def hour(days, counted, removed=0):
        return {"hour": NOON + timedelta(days=days), "counted": counted, "removed": removed, "source": "archive", "source_ref": "f", "run_id": "r"}

    stored = {NOON: 7, NOON + timedelta(days=1): 100}
    found = recounts.coverage(Rows(hours=[hour(0, 10, removed=2), hour(1, None)], stored=stored), TWO_DAYS)
    assert found.figure == Figure(0.9, 9, 10) and found.said == ("1 day is left out: the source did not count every hour.",)
    assert found.parts[0].detail == "7 stored, 2 removed since; 10 counted"
    assert recounts.coverage(Rows(hours=[hour(1, None)], stored=stored), TWO_DAYS).figure.value is None
    assert recounts.coverage(Rows(hours=[hour(0, 0)], stored={}), TWO_DAYS).figure == Figure(None, 0, 0)
    assert recounts.coverage(Rows(hours=[hour(0, 5)], stored=stored), TWO_DAYS).figure.value == 1.0, "never above 1"


def test_of_copies_the_first_original_stands_for_all_and_counts_where_it_has_the_word():
    posts = [post("1", repost=True), post("2", created_at=NOON + timedelta(minutes=1)), post("3", created_at=NOON + timedelta(minutes=2)), post("4")]

    def copy(tweet_id, group, occurrences, day=DAY, has_text=True):
        return {"tweet_id": tweet_id, "day": day, "duplicate_group": group, "has_text": has_text, "occurrences": occurrences}

    def ids(*copies, kept=(DAY,)):
        return [part.id for part in recounts.word(Rows(posts, copies=copies), TWO_DAYS, kept).parts]

    assert ids(copy("1", "g", 1), copy("2", "g", 2), copy("3", "g", 1)) == ["2"]
    assert ids(copy("2", "g", 0), copy("3", "g", 1)) == [], "the first of the copies has the word in another form"
    assert ids(copy("2", "g", 0, has_text=False), copy("3", "g", 1)) == ["3"], "a text without words stands for nobody"
    assert ids(copy("4", "g", 1), copy("elsewhere", "g", 1)) == ["4"]
    assert ids(copy("4", "g", 1), kept=()) == [], "the mart does not keep the word that day"


def test_sentiment_is_of_scored_originals_and_names_the_model():
    def label(name):
        return {"sentiment_label": name, "run_id": "scored", "code_version": "3", "model_id": "m", "model_revision": "7"}

    posts = [post("1"), post("2"), post("3"), post("4", repost=True)]
    found = recounts.sentiment(
        Rows(posts, labels={"1": label("positive"), "2": label("negative"), "4": label("positive")}), TWO_DAYS, recounts.LABELS.get
    )
    assert found.figure == Figure(0.0, 0, 2) and found.said == ("1 original was not scored: another language, or no words.",)
    first = found.parts[0]
    assert (first.id, first.contribution, first.run_id, first.decided_by_run, first.model_id, first.model_revision, first.code_version) == (
        "1", 1, "capture", "scored", "m", "7", "3",
    )  # fmt: skip


def test_an_article_of_several_publications_hours_and_names_counts_once():
    rows = [
        {"article_id": each, "published_at": NOON, "url": "https://e.org", "source_name": "Paper", "source": "sample", "run_id": "r"}
        for each in "aab"
    ]
    assert recounts.articles(Rows(articles=rows), TWO_DAYS).figure.value == 2
    named = {"a": {"mentions": 3, "run_id": "n", "code_version": "1", "model_id": "e", "model_revision": "1"}}
    found = recounts.naming(Rows(articles=rows, naming=named), TWO_DAYS, "ORG")
    assert found.figure.value == 1 and (found.parts[0].detail, found.parts[0].model_id) == ("3 mentions", "e")


def test_no_text_of_a_post_and_no_author_can_be_in_a_trace():
    """X's terms: what is passed on of a post is its id."""
    names = {column.name for column in COLUMNS}
    assert names == set(Part.__dataclass_fields__) and not names & {"text", "author_key", "author_id", "raw_record"}


def test_share_of_voice_is_of_days_on_which_every_member_was_captured_each_in_its_own_zone():
    """Own 2 of 5 on the first day, as captured: the other's hours were not counted. On the second day the other was not captured."""

    def hour(number, counted):
        return {"hour": datetime(2026, 3, 5, tzinfo=UTC) + timedelta(hours=number), "counted": counted}

    # 04:30 UTC of the 6th is still the 5th in New York.
    late = NOON.replace(hour=4, minute=30) + timedelta(days=1)
    posts = {"c": [post("1"), post("2"), post("3", created_at=NOON + timedelta(days=1))], "other": [post("4"), post("5"), post("6", created_at=late)]}
    hours = {"c": [hour(12, 9), hour(36, 9)], "other": [hour(12, None), hour(28, 5)]}

    class Two(Rows):
        def posts(self, scope):
            return posts[scope.campaign_id]

        def hours(self, scope):
            return hours[scope.campaign_id]

        def zone(self, campaign_id):
            return "America/New_York" if campaign_id == "other" else "UTC"

    found = voices.share_of_voice(Two(competitors=["other"]), TWO_DAYS)
    assert found.figure == Figure(0.4, 2, 5) and [(part.id, part.contribution, part.of, part.day) for part in found.parts] == [("c", 2, 2, DAY), ("other", 0, 3, DAY)]
    assert found.said == ("1 day is left out: not every campaign of the set was captured.",)
    hours["other"] = [hour(12, 1), hour(28, 5)]
    assert voices.share_of_voice(Two(competitors=["other"]), TWO_DAYS).figure == Figure(0.6, 9, 15)
    assert voices.share_of_voice(Two(competitors=[]), TWO_DAYS).said == (voices.ALONE,)
