"""The model API as a service of its own: two addresses, the same tokens, no warehouse."""

import pytest
from starlette.testclient import TestClient

from app.api import NotAuthenticated, make_models_api
from app.api.desk import Models
from app.identity import Identity, Role
from orchestration.settings import Settings

TEXT = {"texts": [{"text": "great shoes", "language": "en"}]}


class OneAnswer(Models):
    def answer(self, kind, texts):
        score = {"label": "positive", "reason": None, "p_negative": 0.1, "p_neutral": 0.1, "p_positive": 0.8}
        return {"model_id": "m", "model_revision": "1", "code_version": "2", "results": [score for _ in texts]}


@pytest.fixture
def client():
    def authenticate(request):
        if request.headers.get("authorization") != "Bearer token":
            raise NotAuthenticated
        return Identity("1", "Ben", Role.ANALYST, frozenset())

    api = make_models_api(authenticate, settings=Settings(), models=OneAnswer())
    with TestClient(api) as opened:
        yield opened
    api.state.close()


def test_it_has_two_addresses_and_no_other(client):
    assert set(client.app.openapi()["paths"]) == {"/v1/sentiment", "/v1/entities"}
    assert client.get("/v1/campaigns", headers={"Authorization": "Bearer token"}).status_code == 404


def test_a_text_is_scored_for_who_has_a_token_and_for_nobody_else(client):
    assert client.post("/v1/sentiment", json=TEXT).status_code == 401
    answer = client.post("/v1/sentiment", json=TEXT, headers={"Authorization": "Bearer token"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"][0]["label"] == "positive"
