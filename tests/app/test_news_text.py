"""The sentence of each status of the news."""

import re

import pandas as pd
import pytest

from app.news_text import SENTENCES, SOURCES, news_sentence
from orchestration.campaign_checks import NEWS_SOURCES
from orchestration.sources.news import base
from orchestration.sources.news.base import WORTH_ASKING_AGAIN

STATUSES = {value for name, value in vars(base).items() if name.isupper() and isinstance(value, str)} | {"not_asked"}


def row(status, **fields):
    return pd.Series({"status": status, "source": "gdelt", "articles": 0, "reason": "because"} | fields)


def test_every_status_that_a_source_can_answer_has_its_sentence_and_no_other():
    assert set(SENTENCES) == STATUSES and len(STATUSES) == 9


def test_every_source_has_its_name():
    assert set(SOURCES) == set(NEWS_SOURCES)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("ok", "GDELT: 3 articles of the day and the days beside it."),
        ("no_articles", "GDELT: no article of the day and the days beside it tells of this."),
        ("unavailable_plan_window", "GDELT does not show days as old as this one, so its news cannot be had any more."),
        ("rate_limited", "GDELT takes no more requests for now. The next run that may asks again."),
        ("budget_spent", "All requests of GDELT that a day may cost are made. The next run that may asks again."),
        ("too_fresh", "The news of this day are not complete yet. They are asked for once, when GDELT shows all of them."),
        ("unsupported_language", "GDELT has no articles in the languages of this campaign."),
        ("failed", "GDELT could not be asked. The next run tries again."),
        ("not_asked", "Nobody has asked for the news of this day yet. The next run does."),
    ],
)
def test_a_status_is_said_in_plain_words(status, said):
    assert news_sentence(row(status, articles=3 if status == "ok" else 0)) == said


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_a_sentence_promises_another_question_exactly_where_one_follows(status):
    said = news_sentence(row(status))
    assert bool(re.search(r"next run|asked for once, when", said)) == (status in WORTH_ASKING_AGAIN - {"unsupported_language"} or status == "not_asked"), said


def test_one_article_is_no_plural_and_an_unknown_source_is_called_so():
    assert news_sentence(row("ok", articles=1, source="newsapi")).startswith("NewsAPI: 1 article of")
    assert news_sentence(row("failed", source=None)).startswith("The news source could not be asked.")


def test_an_unknown_status_is_said_by_its_reason():
    assert news_sentence(row("of_tomorrow")) == "because"
