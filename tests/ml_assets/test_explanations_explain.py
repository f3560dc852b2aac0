"""A day explained or not: the trial against ordinary days, and every kind of bad input."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from bench.explain import chance_of_sure, print_rates
from ml_assets.explanations.explain import Trial, explain, ordinary_days
from ml_assets.explanations.rules import (
    EXPLAINED,
    NO_ARTICLES,
    NO_TEXT,
    OTHER_LANGUAGE,
    TOO_FEW_DAYS,
    UNEXPLAINED,
    verdict_of,
)
from tests.ml_assets.explanations_campaign import (
    ABOUT_IT,
    ABOUT_OTHERS,
    FIRST,
    MATTER,
    PEAK,
    article,
    corpus,
    post,
    posts,
)

EVERYTHING = [*ABOUT_IT, *ABOUT_OTHERS]


def explained(of, articles=EVERYTHING, *, hashtag="*", peak=PEAK, peaks=(), **more):
    return explain(corpus(of, articles, **more), hashtag, peak, articles, {peak, *peaks})


def test_the_day_of_the_dam_is_explained_by_the_dam():
    found = explained(posts())
    assert (found.verdict, found.confidence, found.placebo_days, found.placebo_lower) == (EXPLAINED, 1.0, 17, 17.0)
    assert found.headline in {each.title for each in ABOUT_IT} and found.story_articles == found.story_sources == 2
    assert {"dam", "breach", "valley"} <= set(found.shared_terms) and found.basis == "campaign"


def test_the_same_input_gives_the_same_explanation():
    assert explained(posts()) == explained(posts())


def test_a_peak_whose_matter_no_article_tells_is_unexplained():
    found = explained(posts(), list(ABOUT_OTHERS))
    assert found.verdict == UNEXPLAINED and found.story_id is None and found.score == 0
    assert found.confidence == 0.5, "nothing is shared on any day: all are ties"
    assert {"dam", "breach"} <= set(found.day_terms)


def test_one_shared_word_is_too_little_however_few_ordinary_days_share_it():
    assert verdict_of(1.0, 1) == UNEXPLAINED and verdict_of(1.0, 2) == EXPLAINED
    assert verdict_of(0.79, 9) == UNEXPLAINED and verdict_of(0.8, 9) == EXPLAINED and verdict_of(None, 9) == TOO_FEW_DAYS


def test_volume_alone_explains_nothing():
    """Three times the posts of ordinary words, and articles that use ordinary words: no day stands out."""
    of = posts(("coffee", "garden", "music", "kitchen", "window", "summer"))
    articles = [article(1, "Acme coffee garden", "Music in the kitchen window."), article(2, "Acme summer bicycle", "A letter from the forest.")]
    assert explained(of, articles).verdict == UNEXPLAINED


def test_both_days_of_a_pair_are_of_equally_many_posts_and_neither_is_in_the_background():
    known = corpus(posts())
    days = ordinary_days(known.days_of("*"), {PEAK})
    trial = Trial(known, "*", "*", PEAK, days)
    trial.pair(days[0])
    assert list(trial._of_peak) == [40], "the ordinary day has 40 posts, the peak 120"
    assert PEAK not in days and PEAK + timedelta(days=1) not in days


def test_ordinary_days_are_no_peaks_and_not_beside_one():
    days = [FIRST + timedelta(days=each) for each in range(7)]
    assert ordinary_days(days, {days[3]}) == [days[0], days[1], days[5], days[6]]


def test_no_articles():
    found = explained(posts(), [])
    assert (found.verdict, found.confidence, found.articles, found.evidence) == (NO_ARTICLES, None, 0, ())
    assert "dam" in found.day_terms


def test_one_article():
    found = explained(posts(), [ABOUT_IT[0]])
    assert (found.verdict, found.story_articles, found.story_sources) == (EXPLAINED, 1, 1)


def test_the_same_wire_story_forty_times():
    copies = [article(number, ABOUT_IT[0].title, ABOUT_IT[0].description, source=f"Paper {number}") for number in range(40)]
    found = explained(posts(), copies)
    assert (found.verdict, found.story_articles, found.story_sources) == (EXPLAINED, 1, 40)
    assert sum(each.copy_of is None for each in found.evidence) == 1


def test_articles_in_another_language_cannot_be_compared():
    foreign = [article(1, "Acme: Staudamm gebrochen", "Das Tal wird geräumt.", language="de")]
    found = explained(posts(), foreign)
    assert (found.verdict, found.confidence) == (OTHER_LANGUAGE, None)
    assert explained(posts(), [replace(foreign[0], language=None)]).verdict == UNEXPLAINED, "an unknown language may be theirs"


def test_an_article_in_another_language_counts_by_the_names_it_shares():
    of = posts((*MATTER, "Rotterdam", "Delft"))
    foreign = [article(1, "Acme: Deich in Rotterdam gebrochen", "Auch Delft wird geräumt.", language="de", names=["Rotterdam", "Delft"])]
    found = explained(of, foreign)
    assert (found.verdict, found.shared_entities) == (EXPLAINED, ("Delft", "Rotterdam"))


def test_dates_without_zone_are_read_as_utc():
    bare = [replace(each, published_at=each.published_at.replace(tzinfo=None)) for each in EVERYTHING]
    assert explained(posts(), bare) == explained(posts())


def test_an_event_across_midnight_is_explained_on_both_days_by_the_article_before_it():
    """From 23:00 to 02:00 in New York, where the second day begins at 04:00 UTC; the report is of 22:30."""
    zone = "America/New_York"
    start = datetime(2026, 5, 11, 3, tzinfo=UTC)
    of = [replace(each, created_at=each.created_at + timedelta(hours=8)) for each in posts(peak=date(2000, 1, 1))]
    for number in range(90):
        made = start + timedelta(minutes=2 * number)
        day = PEAK if number < 30 else PEAK + timedelta(days=1)
        of.append(replace(post(day, "dam breach valley sirens", author=f"night {number}"), created_at=made))
    report = [replace(ABOUT_IT[0], published_at=start - timedelta(minutes=30)), *ABOUT_OTHERS]
    for day in (PEAK, PEAK + timedelta(days=1)):
        found = explained(of, report, peak=day, peaks={PEAK, PEAK + timedelta(days=1)}, zone=zone)
        assert (found.verdict, found.headline_article_id) == (EXPLAINED, "a1"), day
        best = max(found.evidence, key=lambda each: each.score)
        assert best.time_proximity > 0.5


def test_a_peak_on_the_first_day_is_compared_with_later_days():
    first = FIRST
    articles = [replace(each, published_at=each.published_at - (PEAK - first)) for each in EVERYTHING]
    found = explained(posts(peak=first), articles, peak=first)
    assert (found.verdict, found.placebo_days) == (EXPLAINED, 18)


@pytest.mark.parametrize("days", [1, 5])
def test_a_campaign_of_few_days_gets_no_confidence(days):
    found = explained(
        posts(peak=FIRST, days=days), [replace(each, published_at=each.published_at - (PEAK - FIRST)) for each in EVERYTHING], peak=FIRST
    )
    assert found.confidence is None and found.placebo_days == max(0, days - 2)
    assert found.verdict == (TOO_FEW_DAYS if days == 5 else UNEXPLAINED), "of one day alone no word is more frequent than on others"


def test_a_day_without_text_says_so():
    found = explained([each for each in posts() if each.day != PEAK])
    assert (found.verdict, found.posts_compared, found.confidence) == (NO_TEXT, 0, None)


def test_a_hashtag_made_by_its_event_is_compared_with_the_whole_campaign():
    of = [replace(each, tags=frozenset({"*", "acmeflood"})) if each.day == PEAK else each for each in posts()]
    found = explained(of, hashtag="acmeflood", question=("Acme", "acmeflood"))
    assert (found.verdict, found.basis, found.placebo_days) == (EXPLAINED, "campaign", 17)
    own = explained([replace(each, tags=frozenset({"*", "acme"})) for each in posts()], hashtag="acme")
    assert own.basis == "hashtag"


def test_a_hashtag_of_three_campaigns_is_explained_in_each_by_its_own_posts():
    """Each campaign is a corpus of its own: one has the dam, one another matter, one nothing."""
    tagged = [
        [replace(each, tags=frozenset({"*", "news"})) for each in of]
        for of in (posts(), posts(("bank", "loan", "credit", "crash", "teller", "vault")), posts(peak=date(2000, 1, 1)))
    ]
    verdicts = [explained(of, hashtag="news", question=("Acme", "news")).verdict for of in tagged]
    assert verdicts == [EXPLAINED, UNEXPLAINED, UNEXPLAINED]


def test_hostile_and_empty_articles_are_compared_as_text():
    odd = [article(8, "<script>alert('dam breach')</script> \u202eflood\u202c", "{{ 7*7 }} **valley**"), article(9, "🙂", None), article(10, "", "")]
    found = explained(posts(), odd)
    assert found.headline == odd[0].title and {"dam", "breach", "valley"} <= set(found.shared_terms)


def test_ordinary_days_are_called_sure_no_more_often_than_chance_says():
    assert chance_of_sure(37) == pytest.approx(2 / 38) and chance_of_sure(6) == pytest.approx(1 / 7) and chance_of_sure(20) == pytest.approx(2 / 21)


@pytest.mark.slow
def test_the_quick_bench_finds_the_planted_events_and_keeps_ordinary_days_ordinary(capsys):
    rates = print_rates(range(6), range(100, 101))
    print(capsys.readouterr().out)
    assert rates.sure >= 5 and np.mean(np.array(rates.held_out) >= 0.95) <= 0.25
