"""What a page costs does not grow with posts: only lists of posts read a table that has a row for each."""

import inspect
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from app import data
from app.queries import Marts
from orchestration.dbt.project import load_manifest
from orchestration.settings import Settings
from tests.app.test_pages import PAGES

# Their rows are posts.
LISTS = {"extreme_posts", "posts_with"}
GIVEN = {"campaign_id": "c", "hashtag": "*", "day": date(2026, 3, 5), "month": date(2026, 3, 1), "start": date(2026, 3, 5), "end": date(2026, 3, 6)}
GIVEN |= {"label": "positive", "word": "boots", "most": 5, "moment": datetime(2026, 3, 5, tzinfo=UTC)}


@pytest.fixture(scope="module")
def tables_of_posts(new_home) -> set[str]:
    """Models and sources with a row for each post: those whose key is the post, of a campaign or a hashtag."""
    nodes = load_manifest(Settings(home=new_home("questions")))["nodes"].values()
    keys = {
        node["attached_node"].rsplit(".", 1)[-1]: set(node["test_metadata"]["kwargs"]["columns"])
        for node in nodes
        if node["resource_type"] == "test" and node["test_metadata"]["name"] == "unique_combination"
    }
    found = {name for name, key in keys.items() if "tweet_id" in key}
    assert {"tweets", "int_tweet_hashtags"} <= found and "authors_daily" not in found
    return found | {"raw.tweets", "ml.tweet_sentiment"}


def asked_by(question: str) -> str:
    """The SQL of the question."""
    said: list[str] = []
    warehouse = SimpleNamespace(qualified=lambda name: f"<{name}>", query=lambda sql, **_: said.append(sql) or [])
    method = getattr(Marts(warehouse), question)
    method(**{name: GIVEN[name] for name in inspect.signature(method).parameters})
    return " ".join(said)


@pytest.fixture(scope="module")
def readers(tables_of_posts) -> set[str]:
    """The questions that read posts. Looked up before a page is opened on given answers, for those take the questions' place."""

    def reads_posts(question: str) -> bool:
        sql = asked_by(question)
        return any(f".{table}>" in sql or f"<{table}>" in sql for table in tables_of_posts)

    return {question for question in data.OF_A_CAMPAIGN | data.OF_ALL_CAMPAIGNS if reads_posts(question)}


def test_of_all_questions_only_lists_of_posts_read_posts(readers):
    assert readers == LISTS


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_posts_for_nothing_but_its_lists(site, monkeypatch, readers, name):
    """What the page really asks when it is opened."""
    wanted: set[tuple] = set()
    early: set[tuple] = set()
    load, ahead = data._load, data.ahead
    monkeypatch.setattr(data, "_load", lambda visitor, *question: wanted.add(question) or load(visitor, *question))
    monkeypatch.setattr(data, "ahead", lambda *questions: early.update(questions) or ahead(*questions))
    site(name)
    # What is asked ahead and not wanted costs the warehouse for nothing.
    assert early and early <= wanted
    asked = {question for question, *_ in wanted}
    lists = {"sentiment": {"extreme_posts"}, "topics": {"posts_with"}}.get(name, set())
    assert "days" in asked and asked & readers <= lists
