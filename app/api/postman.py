"""A Postman collection (format 2.1) from an OpenAPI document: a folder for each tag, variables for the address and the token."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
BASE = "http://127.0.0.1:8501"
# Ids that stay the same for the same operation, so that a new collection differs only where the API does.
NAMESPACE = uuid.UUID("9b0f5f0e-5a63-4a0f-9d0c-0a5a5d1f6c11")
TOKEN = "Token"


def collection(document: dict[str, Any]) -> dict[str, Any]:
    """Parameters that an operation needs not are there, switched off. Answers are the document's examples."""
    folders: dict[str, list[dict[str, Any]]] = {}
    for path, method, operation in operations(document):
        folders.setdefault(operation["tags"][0], []).append(_item(document, path, method, operation))
    return {
        "info": {
            "name": document["info"]["title"],
            "description": f"{document['info']['description']}\n\nSend `{TOKEN}` first with `username` and `password` set: it keeps the token for the others.",
            "schema": SCHEMA,
            "_postman_id": str(uuid.uuid5(NAMESPACE, "collection")),
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]},
        "variable": [{"key": key, "value": value} for key, value in (("base_url", BASE), ("token", ""), ("username", ""), ("password", ""))],
        "item": [_token(), *({"name": tag, "item": items} for tag, items in folders.items())],
    }


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _item(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": method.upper(),
        "header": [],
        "url": _url(document, path, operation),
        "description": operation["description"],
    }
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        request["header"].append({"key": "Content-Type", "value": "application/json"})
        request["body"] = {"mode": "raw", "raw": json.dumps(body["example"], indent=1, ensure_ascii=False), "options": {"raw": {"language": "json"}}}
    name = operation["summary"]
    answers = [
        {
            "name": name,
            "originalRequest": request,
            "code": 200,
            "status": "OK",
            "header": [{"key": "Content-Type", "value": media}],
            "body": _example(content),
        }
        for media, content in operation["responses"]["200"]["content"].items()
    ]
    return {"id": str(uuid.uuid5(NAMESPACE, operation["operationId"])), "name": name, "request": request, "response": answers}


def _url(document: dict[str, Any], path: str, operation: dict[str, Any]) -> dict[str, Any]:
    given = operation.get("parameters", [])
    query = [
        {"key": each["name"], "value": _value(each), "description": each.get("description", ""), "disabled": not each.get("required", False)}
        for each in given
        if each["in"] == "query"
    ]
    variables = [{"key": each["name"], "value": _value(each)} for each in given if each["in"] == "path"]
    segments = [part.replace("{", ":").replace("}", "") for part in (document["servers"][0]["url"] + path).strip("/").split("/")]
    raw = "{{base_url}}/" + "/".join(segments)
    shown = "&".join(f"{each['key']}={each['value']}" for each in query if not each["disabled"])
    return {"raw": raw + (f"?{shown}" if shown else ""), "host": ["{{base_url}}"], "path": segments, "query": query, "variable": variables}


def _value(parameter: dict[str, Any]) -> str:
    """An example, the default or the first of the allowed ones."""
    schema = parameter["schema"]
    forms = [schema, *schema.get("anyOf", [])]
    examples = [*parameter.get("examples", []), *(example for form in forms for example in form.get("examples", []))]
    allowed = [value for form in forms for value in form.get("enum", [])]
    for found in (examples, [schema["default"]] if schema.get("default") is not None else [], allowed):
        if found:
            return str(found[0])
    return ""


def _example(content: dict[str, Any]) -> str:
    example = content.get("example", "")
    return example if isinstance(example, str) else json.dumps(example, indent=1, ensure_ascii=False)


def _token() -> dict[str, Any]:
    """Of the login, which is no part of this API."""
    keep = [
        "pm.test('a token came', () => pm.response.to.have.status(200));",
        "pm.collectionVariables.set('token', pm.response.json().access_token);",
    ]
    return {
        "name": TOKEN,
        "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": keep}}],
        "request": {
            "auth": {"type": "noauth"},
            "method": "POST",
            "header": [{"key": "Content-Type", "value": "application/json"}],
            "url": {"raw": "{{base_url}}/api/token", "host": ["{{base_url}}"], "path": ["api", "token"]},
            "body": {"mode": "raw", "raw": '{"username": "{{username}}", "password": "{{password}}"}', "options": {"raw": {"language": "json"}}},
            "description": "A token for 15 minutes, for analysts and admins.",
        },
        "response": [],
    }
