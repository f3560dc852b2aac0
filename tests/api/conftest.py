"""An API on answers that a test gives it, and callers of every kind. No warehouse."""

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from app.api import NotAuthenticated, make_api
from app.api.questions import Questions
from app.identity import Identity, Role
from orchestration.settings import Settings

DAYS = [pd.Timestamp("2026-03-05").date(), pd.Timestamp("2026-03-06").date()]
MOMENT = pd.Timestamp("2026-03-05T17:00:00.000250Z")
HOSTILE = '=HYPERLINK("https://evil.example") <script>alert(1)</script>'

PEOPLE = {
    "admin": Identity("1", "Ada", Role.ADMIN),
    "analyst": Identity("2", "Ben", Role.ANALYST),
    "granted": Identity("3", "Cem", Role.ANALYST, frozenset({"one"})),
    "viewer": Identity("4", "Dia", Role.VIEWER),
}
POST = {
    "tweet_id": ["10", "11"], "created_at": [MOMENT, MOMENT], "day": [DAYS[0]] * 2, "kind": ["original"] * 2, "is_repost": [False] * 2, "lang": ["en"] * 2,
    "text": [HOSTILE, "a post of X"], "hashtags": [["a"], []], "engagement": [9, 7], "engagement_state": ["observed"] * 2, "engagement_age_hours": [24.5, None],
    "like_count": [9, 7], "reply_count": [0, None], "quote_count": [0, None], "repost_count": [0, None], "sentiment_label": ["positive", "not_scored"],
    "not_scored_reason": [None, "empty_text"], "p_negative": [0.1, None], "p_neutral": [0.1, None], "p_positive": [0.8, None], "model_id": ["m", None],
    "model_revision": ["1", None], "source": ["sample", "x_search"], "run_id": ["run"] * 2,
}  # fmt: skip
ANSWERS: dict[str, Any] = {
    "version": "20260317T060412000000",
    "campaigns": {"campaign_id": ["one", "two"], "name": ["One", HOSTILE], "zone": ["America/New_York", None], "end_day": [DAYS[1], None]},
    "hashtags": {
        "hashtag": ["*", "a"], "followed": [True, True], "posts": [70, 10], "peak_day": [DAYS[0], DAYS[1]], "engagement": [100, 10],
        "runner_up_day": [DAYS[1], None], "runner_up_engagement": [50, None], "coverage": [0.9, None], "engagement_age": ["observed"] * 2,
        "provisional": [False, False],
    },
    "days": {
        "day": DAYS, "posts": [40, 30], "originals": [20, 20], "reposts": [20, 10], "authors": [18, 11], "engagement": [100, 50],
        "engagement_age": ["observed"] * 2, "engagement_measured": [20, 20], "engagement_waiting": [0, 0], "engagement_deleted": [0, 0],
        "engagement_missed": [0, 0], "posts_with_impressions": [20, 0], "impressions": [10_000, 0], "engagement_with_impressions": [100, 0], "captured": [40, 30], "counted": [50, 30], "coverage": [0.8, 1.0],
    },
    "hours": {
        "hour": [pd.Timestamp("2026-03-05T05:00Z"), pd.Timestamp("2026-03-06T04:00Z"), pd.Timestamp("2026-03-06T05:00Z")], "posts": [1, 2, 3],
        "engagement": [1, None, 3], "engagement_age": ["observed", None, "observed"], "coverage": [1.0, None, 0.5],
    },
    "sentiment": {
        "day": DAYS, "scored": [100, 100], "not_scored": [3, 0], "negative": [5, 15], "neutral": [50, 50], "positive": [45, 35], "model_id": ["m"] * 2,
        "model_revision": ["1"] * 2, "code_version": ["1"] * 2,
    },
    "authors": {"negative": [0, 1], "neutral": [1, 0], "positive": [0, 0], "authors": [100, 20], "known": [20, 8]},
    "scorecard": {
        "period": ["campaign"], "measure": ["posts"], "unit": ["posts"], "first_day": [DAYS[0]], "last_day": [DAYS[1]], "value": [70.0], "n": [70],
        "previous_first_day": [pd.Timestamp("2026-03-03").date()], "previous_last_day": [pd.Timestamp("2026-03-04").date()], "previous_value": [50.0],
        "previous_n": [50], "change": [20.0], "relative_change": [0.4], "not_comparable_because": [None],
    },
    "voices": {},
    "confusions": {},
    "words": {"word": ["a", "great", HOSTILE], "posts": [30, 20, 10]},
    "articles": {
        "published_at": [MOMENT, MOMENT], "title": [HOSTILE, None], "source_name": ["The Paper"] * 2, "url": ["https://example.com/a", "javascript:alert(1)"],
        "matched_terms": [["x"], None], "peak_day": [DAYS[0]] * 2,
    },
    "news_status": {"status": ["ok"], "reason": ["found"], "source": ["sample"], "articles": [2]},
    "organizations": {"name": ["Halvenne"], "articles": [2], "sources": [1], "mentions": [3], "surface_forms": [["Halvenne"]]},
    "locations": {"name": ["Oslo"], "articles": [1], "sources": [1], "mentions": [1], "surface_forms": [["Oslo"]]},
    "capture_hours": {
        "hour": [pd.Timestamp("2026-03-05T05:00Z"), pd.Timestamp("2026-03-06T05:00Z")], "source": ["sample"] * 2, "captured": [40, 30], "counted": [50, 30],
        "coverage": [0.8, 1.0], "capped": [True, False], "hourly_cap": [40] * 2, "ids_exact": [True] * 2, "notes": [None, "cut"], "run_id": ["r"] * 2,
        "loaded_at": [MOMENT] * 2,
    },
    "posts": POST,
    "peaks": {
        "peak_id": ["p"], "series": ["engagement"], "grain": ["day"], "start_at": [pd.Timestamp("2026-03-05T05:00Z")],
        "top_at": [pd.Timestamp("2026-03-05T05:00Z")], "end_at": [pd.Timestamp("2026-03-06T05:00Z")], "top_day": [DAYS[0]], "value": [100.0], "expected": [20.0],
        "times_expected": [5.0], "score": [9.0], "posts": [40], "authors": [18], "coverage": [0.8], "is_counted": [False],
    },
    "explanations": {
        "hashtag": ["*", "other"], "peak_day": [DAYS[0]] * 2, "verdict": ["explained", "no_articles"], "story_id": ["a", None],
        "headline": ["Halvenne bets on repair", None], "headline_source": ["Post", None], "headline_published_at": [pd.Timestamp("2026-03-05T09:00Z"), None],
        "story_articles": [5, None], "story_sources": [3, None], "score": [0.3, None], "confidence": [0.96, None], "placebo_days": [25, 25],
        "basis": ["campaign", None], "posts_compared": [400, None], "articles": [12, 0], "shared_terms": [["repair"], []], "shared_entities": [[], []],
        "day_terms": [["repair"], []], "news_status": ["ok", "no_articles"], "news_reason": [None, "No article."],
    },
    "spend": {
        "campaign_id": ["one", "two", "(none)"], "used_usd": [1.5, 2.5, 0.5], "planned_usd": [2.0] * 3, "posts": [300, 500, 0], "requests": [3, 5, 1], "refused": [0] * 3,
        "prices_as_of": [DAYS[0]] * 3,
    },
}  # fmt: skip


class Given(Questions):
    """Answers from a dict; an exception instead of an answer is raised. `asked` are the questions in order."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers, self.asked = answers, []

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_") or name in ("answers", "asked") or name not in self.answers:
            return super().__getattribute__(name)

        def answer(*arguments: Any) -> Any:
            self.asked.append((name, arguments))
            found = self.answers[name]
            if isinstance(found, Exception):
                raise found
            if callable(found):
                return found(*arguments)
            return found if isinstance(found, str) else pd.DataFrame(found)

        return answer


def authenticate(request):
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind != "Bearer" or token not in PEOPLE:
        raise NotAuthenticated
    return PEOPLE[token]


class Caller(TestClient):
    """A client whose paths begin after /api/v1, as the person named."""

    questions: Given

    def ask(self, path: str, who: str | None = "analyst", **headers: str):
        return self.get(f"/api/v1/{path}", headers={**({"Authorization": f"Bearer {who}"} if who else {}), **headers})


@pytest.fixture
def open_api(tmp_path) -> Iterator[Callable[..., Caller]]:
    """Opens an API mounted as the server mounts it; `settings` change Settings, the rest changes ANSWERS."""
    opened = []

    def open_one(*, settings: dict[str, Any] | None = None, tracer=None, exported=None, models=None, seconds: float | None = None, **changed: Any) -> Caller:
        questions = Given(ANSWERS | changed)
        given = Settings(home=tmp_path, **{"api_burst": 1_000, "api_requests_per_second": 1_000.0} | (settings or {}))
        api = make_api(authenticate, settings=given, open_questions=lambda: questions, tracer=tracer, exported=exported, models=models)
        client = Caller(Starlette(routes=[Mount("/api", api)]), raise_server_exceptions=False)
        client.__enter__()
        client.questions, client.api = questions, api
        opened.append((client, api))
        return client

    yield open_one
    for client, api in opened:
        client.__exit__(None, None, None)
        api.state.close()


@pytest.fixture
def api(open_api) -> Caller:
    return open_api()
