"""The OpenAPI document and the Postman collection: complete, true, and in step with the code."""

import json

import pytest

from app.api import schemas
from app.api.application import MOST_BODY_BYTES
from app.api.description import PROBLEMS, examples
from app.api.document import OPENAPI, POSTMAN, openapi, texts
from app.api.postman import operations
from app.api.problems import MEDIA_TYPE, Problem

DOCUMENT = openapi()
OPERATIONS = {operation["operationId"]: (path, method, operation) for path, method, operation in operations(DOCUMENT)}


@pytest.mark.parametrize("file", [OPENAPI, POSTMAN], ids=lambda file: file.name)
def test_the_file_in_docs_is_the_one_that_the_code_makes(file):
    assert file.read_text(encoding="utf-8") == texts()[file], "run:  python -m app.api.document"


def test_every_address_of_the_api_is_described():
    assert DOCUMENT["openapi"] == "3.1.0" and DOCUMENT["servers"] == [{"url": "/api"}]
    found = {(path, method) for path, method, _ in OPERATIONS.values()}
    assert found == {
        *((f"/v1/{name}", "get") for name in ("campaigns", "hashtags", "spend", "cards", "series", "sentiment", "words", "peaks", "explanation", "posts", "articles", "entities", "coverage", "trace", "export/{table}")),
        ("/v1/sentiment", "post"), ("/v1/entities", "post"),
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_says_what_it_is_and_has_an_example_that_is_true(name):
    _, method, operation = OPERATIONS[name]
    assert operation["summary"] and operation["description"] and operation["tags"]
    (media,) = operation["responses"]["200"]["content"].values()
    assert media["example"] == examples()[name]["answer"]
    if name != "export":
        model = getattr(schemas, media["schema"]["$ref"].rsplit("/", 1)[-1])
        assert json.loads(model.model_validate(media["example"]).model_dump_json(by_alias=True)) == media["example"]
    if method == "post":
        assert operation["requestBody"]["content"]["application/json"]["example"] == examples()[name]["body"]


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_says_what_can_go_wrong(name):
    _, method, operation = OPERATIONS[name]
    wrong = {status: answer for status, answer in operation["responses"].items() if int(status) >= 400}
    assert set(wrong) == {str(status) for status in PROBLEMS if status != 413 or method == "post"}
    for status, answer in wrong.items():
        ((media, content),) = answer["content"].items()
        assert media == MEDIA_TYPE and Problem(**content["example"]).status == int(status)
    assert "Retry-After" in wrong["429"]["headers"]


def test_every_operation_wants_a_token():
    assert DOCUMENT["security"] == [{"bearer": []}] and DOCUMENT["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert not [name for name, (_, _, operation) in OPERATIONS.items() if "security" in operation]


def test_every_name_in_the_document_exists():
    text = json.dumps(DOCUMENT)
    named = {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert named and named <= DOCUMENT["components"]["schemas"].keys()
    assert "HTTPValidationError" not in text


def test_the_longest_body_that_is_taken_holds_every_request_that_is_allowed():
    longest = {"texts": [{"text": "ä" * 5_000, "language": "en"}] * 100}
    assert len(json.dumps(longest, ensure_ascii=True)) < MOST_BODY_BYTES


def test_the_collection_has_a_folder_for_each_tag_and_a_request_for_each_operation():
    made = json.loads(texts()[POSTMAN])
    folders = {item["name"]: item["item"] for item in made["item"] if "item" in item}
    assert folders.keys() == {operation["tags"][0] for _, _, operation in OPERATIONS.values()}
    assert sum(map(len, folders.values())) == len(OPERATIONS)
    assert made["auth"]["bearer"][0]["value"] == "{{token}}" and {each["key"] for each in made["variable"]} == {
        "base_url",
        "token",
        "username",
        "password",
    }
    (words,) = [item for item in folders["Figures"] if item["request"]["url"]["path"][-1] == "words"]
    assert words["request"]["url"]["raw"] == "{{base_url}}/api/v1/words?campaign=sample"
    assert {each["key"]: each["disabled"] for each in words["request"]["url"]["query"]} == {
        "campaign": False,
        "hashtag": True,
        "from": True,
        "to": True,
        "most": True,
    }


def test_every_request_of_the_collection_is_answered(open_api):
    """Sent as Postman would send it: each address, with the values that stand there."""
    from tests.api.test_desk import models

    body = "def answer(asked):\n    one = {'label': 'neutral', 'reason': None, 'p_negative': 0, 'p_neutral': 1, 'p_positive': 0} if asked['kind'] == 'sentiment' else {'reason': None, 'entities': []}\n    return {'model_id': 'm', 'model_revision': '1', 'code_version': '1', 'results': [one for _ in asked['texts']]}"  # fmt: skip
    api = open_api(
        campaigns={"campaign_id": ["sample"], "name": ["S"], "zone": ["UTC"], "end_day": [None]}, tracer=lambda *_: {"figure": 1}, models=models(body)
    )
    for folder in json.loads(texts()[POSTMAN])["item"][1:]:
        for item in folder["item"]:
            request = item["request"]
            url = request["url"]["raw"].replace("{{base_url}}", "")
            for variable in request["url"]["variable"]:
                url = url.replace(f":{variable['key']}", variable["value"])
            content = request.get("body", {}).get("raw")
            headers = {each["key"]: each["value"] for each in request["header"]} | {"Authorization": "Bearer analyst"}
            answer = api.request(request["method"], url, content=content, headers=headers)
            assert answer.status_code == 200, (item["name"], answer.text)
