"""The signals of an article, stories, and the words of a day, on numbers worked out by hand."""

import math
import random
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from ml_assets.explanations.corpus import Name
from ml_assets.explanations.distinctive import MOST, surplus, weights
from ml_assets.explanations.evidence import SIGNALS, WEIGHTS, Pool, nearness
from ml_assets.explanations.explain import Trial
from ml_assets.explanations.stories import A_COPY, groups, publications
from tests.ml_assets.explanations_campaign import ABOUT_IT, ABOUT_OTHERS, PEAK, article, corpus, posts


def scored(articles, of=None, question=("Acme",)):
    """(pool, scores of its articles on the peak day, weights of the day's words)."""
    known = corpus(posts() if of is None else of, articles, question)
    trial = Trial(known, "*", "*", PEAK, [day for day in known.days_of("*") if abs((day - PEAK).days) > 1])
    weight, pool = trial.peak_weights(), Pool(known, articles, PEAK)
    return pool, pool.score(weight, trial.middle_of("*", PEAK)), weight


def test_the_surplus_is_the_root_of_the_log_likelihood_ratio():
    """50 of 500 against none of 5,000: 2 · 50 · ln 11. Against 50 of 5,000: 2 · (50 ln 5.5 + 50 ln 0.55)."""
    found = surplus(np.array([50, 50, 5, 0]), 500, np.array([0, 50, 50, 50]), 5_000)
    assert found == pytest.approx([math.sqrt(100 * math.log(11)), math.sqrt(100 * math.log(5.5) + 100 * math.log(0.55)), 0, 0])


def test_a_word_of_two_authors_or_little_more_frequent_than_ever_has_no_weight():
    day, others, pairs = np.array([2, 90, 30]), np.array([0, 400, 10]), np.array([False, False, False])
    assert (weights(day, 500, others, 5_000, pairs) > 0).tolist() == [False, False, True]


def test_a_pair_weighs_half_and_only_the_most_distinctive_words_count():
    many = np.full(MOST + 10, 30)
    found = weights(many, 500, np.zeros_like(many), 5_000, np.arange(len(many)) % 2 == 1)
    assert (found > 0).sum() == MOST and found[1] == found[0] / 2


def test_the_weights_of_the_signals_sum_to_one_with_and_without_each():
    for one in (WEIGHTS, *(WEIGHTS.without(signal) for signal in SIGNALS)):
        assert sum(vars(one).values()) == pytest.approx(1)
    assert WEIGHTS.without("time").time == 0


def test_an_article_loses_half_of_its_time_signal_in_24_hours_before_and_8_after():
    assert nearness(np.array([0.0, -24, -48, 8, 16, np.nan])).tolist() == [1, 0.5, 0.25, 0.5, 0.25, 0]


def test_the_articles_of_the_matter_score_and_the_others_share_nothing():
    pool, found, _ = scored([*ABOUT_IT, *ABOUT_OTHERS])
    by_id = {each.article_id: score for each, score in zip(pool.articles, found.score.tolist(), strict=True)}
    assert min(by_id["a1"], by_id["a2"]) > 0.3 and by_id["a3"] == by_id["a4"] == 0
    assert all(values.min() >= 0 and values.max() <= 1 for values in found.parts.values())
    story = {each.article_id: number for each, number in zip(pool.articles, pool.story.tolist(), strict=True)}
    assert story["a1"] == story["a2"] and len({story["a1"], story["a3"], story["a4"]}) == 3


def test_what_was_asked_for_is_no_evidence():
    """Every article mentions it, since it was searched for."""
    _, asked, _ = scored(list(ABOUT_IT), question=("Acme", "dam", "breach", "valley", "flood", "sirens", "evacuated"))
    assert asked.best == 0


def test_a_name_counts_when_posts_of_the_day_mention_it_in_any_spelling():
    of = posts(("dam", "NASA", "breach", "#SpaceAgency", "flood", "sirens"))
    agency = Name("Space Agency", ("NASA", "the Space Agency"))
    pool, found, weight = scored([article(1, "Acme asks the Space Agency", "A statement."), article(2, "Acme asks", names=[])], of)
    assert not found.parts["names"].any(), "nothing says that it is a name"
    articles = [replace(each, names=(agency,)) for each in pool.articles]
    pool, found, weight = scored(articles, of)
    assert found.parts["names"][0] > 0 and pool.shared(0, weight)[0][1] == "Space Agency"
    assert found.parts["names"][1] == 0, "an article that does not write the name"


def test_shared_words_are_marked_where_the_article_says_them():
    pool, _, weight = scored(list(ABOUT_IT))
    title = pool.articles[0].title
    assert {title[each.start : each.end].casefold() for each in pool.mentions(0, weight) if each.field == "title"} >= {
        "dam",
        "breach",
        "floods",
        "valley",
    }


def test_a_wire_story_in_forty_papers_is_one_text_and_forty_publications():
    copies = [
        article(number, "Acme dam breach floods the valley", "Villages were evacuated when sirens sounded.", source=f"Paper {number}")
        for number in range(40)
    ]
    pool, many, _ = scored(copies)
    _, one, _ = scored(copies[:1])
    assert len(set(pool.first.tolist())) == 1 and pool.publications == [40]
    breadth = WEIGHTS.sources * (many.parts["sources"][0] - one.parts["sources"][0])
    assert many.best == pytest.approx(one.best + 0.8 * breadth), "copies add breadth and nothing else"


def test_other_texts_add_to_a_story_and_never_take_it_above_one():
    _, one, _ = scored([ABOUT_IT[0]])
    _, two, _ = scored(list(ABOUT_IT))
    assert one.best < two.best <= 1


def test_two_matters_are_two_stories_although_one_article_tells_of_both():
    a, b = [1.0, 0.5, 0.5, 0.0, 0.0], [0.5, 1.0, 0.5, 0.0, 0.0]
    bridge, c, d = [0.5, 0.5, 1.0, 0.1, 0.1], [0.0, 0.0, 0.1, 1.0, 0.6], [0.0, 0.0, 0.1, 0.6, 1.0]
    assert groups(np.array([a, b, bridge, c, d])) == [[0, 1, 2], [3, 4]]


def test_stories_do_not_depend_on_the_order_of_the_articles():
    rng = random.Random(5)
    articles = [*ABOUT_IT, *ABOUT_OTHERS, *(article(9 + n, f"Acme {w}", "Bread and rolls from Monday.") for n, w in enumerate(("rolls", "bread")))]
    seen = set()
    for _ in range(5):
        rng.shuffle(articles)
        pool, _, _ = scored(list(articles))
        seen.add(frozenset(frozenset(pool.articles[each].article_id for each in pool.members(story)) for story in range(len(pool.publications))))
    assert len(seen) == 1


def test_publications_are_counted_once_and_as_many_as_an_article_says():
    assert publications([("A", 1), ("A", 1), ("B", 1)]) == 2
    assert publications([(None, 1), (None, 1)]) == 1
    assert publications([("A", 12)]) == 12 and publications([]) == 0
    assert 0.5 < A_COPY < 1


def test_a_time_without_zone_is_utc_and_no_time_is_no_nearness():
    bare = article(1, "Acme dam breach", published_at=datetime(2026, 5, 10, 9))  # noqa: DTZ001
    zoned = article(2, "Acme dam breach again and again")
    unknown = article(3, "Acme dam breach once more", published_at=None)
    pool, found, _ = scored([bare, zoned, unknown])
    hours = {each.article_id: (hour, near) for each, hour, near in zip(pool.articles, pool.hours, found.parts["time"], strict=True)}
    assert hours["a1"] == hours["a2"] and hours["a3"][1] == 0 and found.score[[each.article_id for each in pool.articles].index("a3")] > 0
