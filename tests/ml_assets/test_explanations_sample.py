"""The sample campaign's posts and articles: both planted events are explained by their stories, the decoy by none."""

import hashlib
import json
from collections import Counter
from datetime import timedelta

import pytest

from ml_assets.explanations.corpus import Article, Corpus, Name, Post
from ml_assets.explanations.explain import explain
from ml_assets.explanations.rules import EXPLAINED, MOST_POSTS, NO_ARTICLES, UNEXPLAINED
from orchestration.campaigns import SAMPLE
from orchestration.sources.news.base import NewsQuestion
from orchestration.sources.news.files import FileNews
from orchestration.sources.news.terms import search_terms
from orchestration.sources.sample import stories
from orchestration.sources.sample.campaign import COMMUNITY_RUN_DAY, LAUNCH_DAY, RECALL_DAY, SPAN, local_day
from orchestration.sources.sample.source import ARTICLES, SampleSource

PEAKS = {LAUNCH_DAY, RECALL_DAY, COMMUNITY_RUN_DAY}
TOLD = (*stories.LAUNCH, *stories.RECALL, *stories.QUIET)


@pytest.fixture(scope="module")
def news():
    return FileNews(ARTICLES, "sample")


@pytest.fixture(scope="module")
def posts():
    """As orchestration.explaining reads them: originals, each text once a day, at most MOST_POSTS of a hashtag's day by hash."""
    found: dict[tuple, Post] = {}
    for hour in SampleSource().fetch(SPAN, SAMPLE.as_query(), 10_000).hours:
        for post in hour.posts:
            if not post.is_repost:
                key = (hashlib.md5(" ".join(post.text.casefold().split()).encode()).hexdigest(), local_day(post.created_at))
                tags = {"*", *post.hashtags} & {"*", *SAMPLE.hashtags}
                found.setdefault(key, Post(key[1], post.text, post.created_at, post.author_key, frozenset(tags), post.lang))
    counted, kept = Counter(), []
    for key in sorted(found):
        post = found[key]
        tags = frozenset(tag for tag in post.tags if counted[tag, post.day] < MOST_POSTS)
        counted.update((tag, post.day) for tag in tags)
        if tags:
            kept.append(Post(post.day, post.text, post.created_at, post.author, tags, post.language))
    return kept


@pytest.fixture(scope="module")
def corpus(posts, news):
    return Corpus(posts, [with_names(each) for each in news.articles()], question(), SAMPLE.zone)


def question():
    return [*search_terms("*", news_query=SAMPLE.news_query, name=SAMPLE.name, followed=SAMPLE.hashtags), SAMPLE.name, *SAMPLE.hashtags]


def with_names(found) -> Article:
    """With the names that were planted in its story, so that no model is needed here."""
    planted = {story.title: (*story.organizations, *story.places) for story in TOLD}
    names = tuple(Name(name) for name in planted.get(found.title, ()))
    return Article(
        found.article_id, found.title, found.description, found.content, found.published_at, found.source_name, found.language, names=names
    )


def pool(news, hashtag, day):
    terms = search_terms(hashtag, news_query=SAMPLE.news_query, name=SAMPLE.name, followed=SAMPLE.hashtags)
    return [with_names(each) for each in news.search(NewsQuestion(SAMPLE.campaign_id, hashtag, day, SAMPLE.zone, terms)).articles]


@pytest.mark.parametrize(
    ("hashtag", "day", "told"),
    [
        ("*", LAUNCH_DAY, stories.LAUNCH),
        ("auroratrail", LAUNCH_DAY, stories.LAUNCH),
        ("*", RECALL_DAY, stories.RECALL),
        ("aurorarecall", RECALL_DAY, stories.RECALL),
    ],
)
def test_a_planted_event_is_explained_by_a_report_of_its_day(corpus, news, hashtag, day, told):
    found = explain(corpus, hashtag, day, pool(news, hashtag, day), PEAKS)
    assert (found.verdict, found.confidence) == (EXPLAINED, 1.0) and found.placebo_days >= 5
    assert found.headline in {story.title for story in told}
    (headline,) = [story for story in told if story.title == found.headline]
    assert abs(int(headline.at[:2]) - day.day) <= 1 and found.story_articles >= 3


def test_the_recall_shares_the_words_of_the_recall(corpus, news):
    found = explain(corpus, "*", RECALL_DAY, pool(news, "*", RECALL_DAY), PEAKS)
    assert {"recalls", "heels", "plate"} <= set(found.shared_terms)
    assert not {"aurora", "trail", "halvenne"} & {word for term in found.shared_terms for word in term.split()}, "what was asked for"
    best = max(found.evidence, key=lambda each: each.score)
    assert json.loads(best.spans), "and shows where"


@pytest.mark.parametrize("hashtag", ["*", "runtheaurora"])
def test_the_decoy_has_no_news_and_none_of_other_days_explains_it(corpus, news, hashtag):
    assert explain(corpus, hashtag, COMMUNITY_RUN_DAY, pool(news, hashtag, COMMUNITY_RUN_DAY), PEAKS).verdict == NO_ARTICLES
    near = [with_names(each) for each in news.articles() if abs(each.published_at.date() - COMMUNITY_RUN_DAY) <= timedelta(days=1)]
    assert near and explain(corpus, hashtag, COMMUNITY_RUN_DAY, near, PEAKS).verdict == UNEXPLAINED
