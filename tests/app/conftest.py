"""The site on given answers, without a browser or a warehouse."""

import inspect
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app import data
from app.auth import sessions, store, users
from app.identity import Role
from app.queries import Marts
from orchestration.settings import REPOSITORY

HOSTILE = "<script>alert(1)</script> **bold** [x](javascript:alert(2)) ![i](https://pixel.example/p.gif) :red[r] $x$"
DAY = pd.Timestamp("2026-03-05").date()
NEXT = pd.Timestamp("2026-03-06").date()
HOUR = pd.Timestamp("2026-03-05T10:00Z")

POST = {
    "day": [DAY], "text": [HOSTILE], "lang": ["en"], "engagement": [10], "engagement_age_hours": [24.2], "like_count": [6], "reply_count": [1],
    "repost_count": [2], "quote_count": [1], "sentiment_label": ["positive"], "tweet_id": ["1"], "run_id": ["0123456789"],
}  # fmt: skip
NAME = {"name": [HOSTILE], "articles": [1], "sources": [1], "mentions": [1], "surface_forms": [[HOSTILE, f"the {HOSTILE}"]], "article_ids": [["a"]]}
# A campaign of two days, in which every text from outside is hostile.
ANSWERS: dict[str, Any] = {
    "campaigns": {
        "campaign_id": ["c", "d"], "name": [HOSTILE, "Other"], "zone": ["America/New_York", "UTC"], "start_day": [DAY, None], "end_day": [NEXT, NEXT],
    },
    "hashtags": {
        "hashtag": ["*", HOSTILE], "followed": [True, False], "posts": [73, 1], "peak_day": [DAY, DAY], "engagement": [1000, 1],
        "runner_up_day": [NEXT, None], "runner_up_engagement": [500, None], "coverage": [0.9, None], "engagement_age": ["at 24 h", "at 24 h"],
        "provisional": [False, False],
    },
    "days": {
        "day": [DAY, NEXT], "posts": [40, 33], "originals": [20, 15], "reposts": [20, 18], "authors": [20, 10], "engagement": [1000, 500],
        "engagement_age": ["at 24 h", "at 24 h"], "engagement_measured": [20, 15], "engagement_waiting": [0, 0], "engagement_deleted": [0, 0],
        "engagement_missed": [0, 0], "like_count": [600, 300], "reply_count": [100, 50], "repost_count": [250, 125], "quote_count": [50, 25],
        "posts_with_impressions": [20, 0], "impressions": [20_000, 0], "engagement_with_impressions": [1000, 0], "captured": [40, 33],
        "counted": [50, 33], "coverage": [0.8, 1.0],
    },
    "hours": {
        "hour": [HOUR, HOUR + pd.Timedelta(days=1)], "posts": [40, 33], "engagement": [1000, 500], "engagement_age": ["at 24 h", "at 24 h"],
        "coverage": [0.8, 1.0],
    },
    "scorecard": {
        "period": ["campaign", "campaign"], "measure": ["posts", "engagement"], "unit": ["posts", "engagements"], "first_day": [DAY, DAY],
        "last_day": [NEXT, NEXT], "value": [73.0, 1500.0], "n": [73, 35], "previous_first_day": [pd.Timestamp("2026-03-03").date()] * 2,
        "previous_last_day": [pd.Timestamp("2026-03-04").date()] * 2, "previous_value": [50.0, None], "previous_n": [50, 0], "change": [23.0, None],
        "relative_change": [0.46, None], "not_comparable_because": [None, "Not known in one of the periods."],
    },
    "voices": {},
    "hashtag_totals": {"hashtag": ["great", HOSTILE], "posts": [30, 20], "engagement": [100, None]},
    "sentiment": {
        "day": [DAY, NEXT], "scored": [200, 12], "not_scored": [3, 0], "negative": [20, 2], "neutral": [100, 5], "positive": [80, 5],
        "model_id": ["m", "m"], "model_revision": ["1", "1"], "code_version": ["1", "1"],
    },
    "confusions": {},
    "authors": {"negative": [0, 0], "neutral": [0, 0], "positive": [0, 1], "authors": [5, 21], "known": [5, 20]},
    "extreme_posts": {name: POST[name] for name in ("day", "text", "lang", "engagement", "tweet_id", "run_id")} | {"probability": [0.97]},
    "words": {"word": ["great", HOSTILE], "posts": [20, 10]},
    "bigrams": {"bigram": ["great shoe", HOSTILE], "posts": [20, 10]},
    "posts_with": POST,
    "top_posts": POST,
    "articles": {
        "article_id": ["a"], "published_at": [HOUR], "title": [HOSTILE], "source_name": [HOSTILE], "url": ["javascript:alert(3)"],
        "matched_terms": [[HOSTILE]], "peak_day": [DAY],
    },
    "peaks": {
        "peak_id": ["p"], "series": ["engagement"], "grain": ["day"], "start_at": [HOUR], "top_at": [HOUR], "end_at": [HOUR + pd.Timedelta(days=1)],
        "top_day": [DAY], "value": [1000.0], "expected": [200.0], "times_expected": [5.0], "score": [7.5], "posts": [40], "authors": [20],
        "coverage": [0.9], "is_counted": [False],
    },
    "peak_verdicts": {},
    "peak_days": {"hashtag": ["*", HOSTILE], "peak_day": [DAY, DAY], "is_most_engagement": [True, True], "is_notable": [False, False]},
    "explanations": {
        "hashtag": ["*"], "peak_day": [DAY], "verdict": ["explained"], "story_id": ["a1"], "headline": [HOSTILE], "headline_source": [HOSTILE],
        "headline_published_at": [pd.Timestamp("2026-03-05T10:00Z")], "story_articles": [1], "story_sources": [2], "score": [0.5], "confidence": [0.967],
        "placebo_days": [30], "basis": ["campaign"], "posts_compared": [400], "articles": [2], "shared_terms": [[HOSTILE, "heel plate"]],
        "shared_entities": [[HOSTILE]], "day_terms": [["heel"]], "news_status": ["ok"], "news_reason": [HOSTILE],
    },
    "evidence": {
        "article_rank": [1, 2], "title": [HOSTILE, "Heel plates crack"], "source_name": [HOSTILE, "Post"], "url": ["javascript:alert(3)", "https://a.example/b"],
        "published_at": [pd.Timestamp("2026-03-05T10:00Z")] * 2, "relevance": [0.9, 0.5], "shared_entities": [[HOSTILE], []],
        "shared_terms": [[HOSTILE], ["heel plates", "crack"]],
        "spans": ['[{"field": "title", "start": 0, "end": 8}]', '[{"field": "title", "start": 0, "end": 11}, {"field": "title", "start": 12, "end": 17}]'],
        "story_id": ["a2", "a1"], "copy_of": [None, None],
    },
    "effects": {
        "hashtag": ["*", "*", HOSTILE], "measure": ["posts", "net_sentiment", "posts"], "phase": ["during"] * 3, "control": ["none"] * 3,
        "unit": ["posts a day", "ratio", "posts a day"], "basis": ["captured", "labels", "captured"], "first_day": [DAY] * 3, "last_day": [DAY] * 3,
        "days_before": [28] * 3, "days_left_out": [0, 2, 0], "left_out_because": [None, "no post was scored: 2", None], "value": [150.0, 0.3, 0.0],
        "baseline": [100.0, 0.25, None], "change": [50.0, 0.05, None], "low": [20.0, -0.1, None], "high": [80.0, 0.2, None],
        "relative_change": [0.5, None, None], "relative_low": [0.15, None, None], "relative_high": [1.1, None, None], "q_value": [0.001, 0.4, None],
        "judged_at_once": [2] * 3, "direction": ["rose", "not_clear", "unknown"], "assumption": ["a"] * 3,
        "not_comparable_because": [None, None, "The days before are all alike, so that nothing says how much days differ."],
    },
    "news_status": {"status": ["ok"], "reason": [HOSTILE], "source": ["sample"], "articles": [1]},
    "organizations": NAME,
    "locations": NAME | {"name": ["United States"], "articles": [3], "sources": [2], "surface_forms": [["U.S.", "US"]]},
    "capture": {
        "hours": [48], "capped_hours": [1], "newest_hour": [pd.Timestamp("2026-03-07T04:00Z")], "loaded_at": [pd.Timestamp("2026-03-07T06:00Z")],
        "captured": [73], "counted": [83], "inexact_hours": [0], "notes": [HOSTILE], "sources": ["sample"], "runs": [1], "a_run": ["0123456789"],
    },
    "models": {"model_id": [HOSTILE], "model_revision": ["abc"], "posts": [73]},
    "spend": {},
    "publications": {},
    "published_days": {},
}  # fmt: skip


@pytest.fixture
def signed_in_as(monkeypatch, tmp_path) -> Callable[..., dict[str, str]]:
    """Starts a session of a new account and answers what the gate tells the page of it."""
    monkeypatch.setenv("PULSE_HOME", str(tmp_path))

    def start(role: Role = Role.ADMIN, campaigns: tuple[str, ...] = ()) -> dict[str, str]:
        engine, now = store.opened(), datetime.now(UTC)
        user = users.create(engine, f"reader{len(users.everybody(engine))}@example.org", "Reader", role, now, "test")
        users.set_password(engine, user, "no hash", now)
        for campaign in campaigns:
            users.grant(engine, user, campaign, now, "test")
        return {"sid": sessions.start(engine, user.id, now)}

    return start


@pytest.fixture
def site(monkeypatch, signed_in_as) -> Callable[..., AppTest]:
    """Opens a page on the given answers, for an admin unless told otherwise; an exception instead of an answer is raised.

    `query` are parameters of the address, `visitor` is what the gate tells the page.
    """

    def opened(page: str = "overview", *, query: dict[str, str] | None = None, visitor: dict | None = None, **changed: Any) -> AppTest:
        answers = ANSWERS | changed
        assert set(changed) <= set(ANSWERS), "a question that the site does not ask"

        def frame(question: str) -> Callable[..., pd.DataFrame]:
            def answer(self, *arguments):
                if isinstance(answers[question], Exception):
                    raise answers[question]
                return pd.DataFrame(answers[question])

            return answer

        for name, _ in inspect.getmembers(Marts, inspect.isfunction):
            if not name.startswith("_"):
                monkeypatch.setattr(Marts, name, frame(name))
        data.forget()
        data._desk.clear()
        data.settings.cache_clear()
        test = AppTest.from_file(str(REPOSITORY / "app" / "site.py"), default_timeout=60)
        test.user = signed_in_as() if visitor is None else visitor
        for name, value in (query or {}).items():
            test.query_params[name] = value
        if page != "overview":
            test.switch_page(f"app_pages/{page}.py")
        return test.run()

    yield opened
    data.forget()


def said(page: AppTest) -> str:
    """Every word of the page outside of tables and labels."""
    kinds = ("text", "caption", "header", "subheader", "title", "code", "badge", "markdown")
    return "\n".join(str(element.value) for kind in kinds for element in page.get(kind) if getattr(element, "value", None))

