"""schemathesis over the whole document: whatever is sent, the answer is one that the document promises."""

import pytest
import schemathesis
from hypothesis import HealthCheck, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from starlette.applications import Starlette
from starlette.routing import Mount

from app.api import make_api
from app.api.desk import Models
from orchestration.settings import Settings
from tests.api.conftest import ANSWERS, Given, authenticate
from tests.api.test_desk import models

SEED = 8
MODELS = """
def answer(asked):
    one = {'label': 'neutral', 'reason': None, 'p_negative': 0.0, 'p_neutral': 1.0, 'p_positive': 0.0} if asked['kind'] == 'sentiment' else {'reason': None, 'entities': []}
    return {'model_id': 'm', 'model_revision': '1', 'code_version': '1', 'results': [one for _ in asked['texts']]}
"""
SAMPLE = ANSWERS | {"campaigns": {"campaign_id": ["sample", "two"], "name": ["S", "T"], "zone": ["America/New_York", None], "end_day": [None, None]}}


def api(home, models: Models):
    from tests.api.test_downloads import pages

    questions = Given(SAMPLE | {"post_pages": pages})
    given = Settings(home=home, api_burst=10**6, api_requests_per_second=1e6)
    made = make_api(authenticate, settings=given, open_questions=lambda: questions, tracer=lambda *_: {"figure": 1}, models=models)
    return made, Starlette(routes=[Mount("/api", made)])


MADE, APP = api("/nonexistent", models(MODELS))


def of_document():
    """The document is behind a token as everything is."""
    schema = schemathesis.openapi.from_dict(MADE.openapi())
    schema.app = APP
    schema.location = "/api/v1/openapi.json"
    return schema


schema = of_document()


@pytest.fixture(scope="module", autouse=True)
def closed():
    yield
    MADE.state.close()


# Rules between two values, which no schema can say: days that are swapped, a cursor of other filters.
BETWEEN = {"query.to", "query.cursor"}


def run(case) -> None:
    answer = case.call(headers={"Authorization": "Bearer analyst"})
    refused = answer.status_code == 422 and {fault["where"] for fault in answer.json()["errors"]} <= BETWEEN
    excluded = [positive_data_acceptance] if refused else []
    # Parameters that nobody asked for are ignored; only here there is no other one whose absence refuses the request.
    excluded += [negative_data_rejection] if case.path == "/v1/spend" else []
    case.validate_response(answer, headers={"Authorization": "Bearer analyst"}, excluded_checks=excluded)


@schema.parametrize()
@seed(SEED)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_an_analyst_gets_what_the_document_promises(case):
    run(case)


@schema.parametrize()
@seed(SEED)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_nobody_gets_anything_without_a_token(case):
    answer = case.call()
    assert answer.status_code in (401, 404, 405), answer.status_code
    case.validate_response(answer, checks=[not_a_server_error])


@pytest.mark.slow
@schema.parametrize()
@seed(SEED)
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_an_analyst_gets_what_the_document_promises_400_times(case):
    run(case)
