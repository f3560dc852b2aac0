"""Each resource has the arguments that Google's provider knows, all that it demands, and values of its types."""

import json
from copy import deepcopy

import pytest

from tests.deploy.provider import FILE, used

# Of Terraform itself, for every resource.
META = {"count", "depends_on", "for_each", "lifecycle", "provider"}
LITERALS = {"string": str, "number": int, "boolean": bool, "array": list, "map": dict}
PROVIDER = json.loads(FILE.read_text(encoding="utf-8"))["resources"]


def findings(body, known, where):
    """What the provider would refuse, in words."""
    found, given = [], set()
    for name, value in body.items():
        if name == "dynamic":
            for block, contents in ((name, each["content"]) for dynamic in value for name, each in dynamic.items()):
                given.add(block)
                found += of_argument(block, contents, known, where)
        else:
            given.add(name)
            found += of_argument(name, value, known, where)
    return found + [f"{where}: {name} is missing" for name, argument in known.items() if argument["required"] and name not in given]


def of_argument(name, value, known, where):
    if (argument := known.get(name)) is None:
        return [f"{where}: there is no {name}"]
    if "block" in argument:
        blocks = value if isinstance(value, list) else [value]
        if not all(isinstance(each, dict) for each in blocks):
            return [f"{where}: {name} is a block"]
        return [each for block in blocks for each in findings(block, argument["block"], f"{where}.{name}")]
    # An expression is a string to the parser, whatever it gives.
    if isinstance(value, str) and "${" in value:
        return []
    wanted = LITERALS[argument["type"]]
    return [] if type(value) is wanted or (wanted is list and isinstance(value, list)) else [f"{where}: {name} is {value!r}, not a {argument['type']}"]


def all_findings(terraform):
    bodies = [(kind, f"{kind}.{name}", body) for block in terraform["resource"] for kind, named in block.items() for name, body in named.items()]
    bodies += [(f"data.{kind}", f"data.{kind}.{name}", body) for block in terraform["data"] for kind, named in block.items() for name, body in named.items()]
    assert len(bodies) >= 40
    return [each for kind, where, body in bodies for each in findings({name: value for name, value in body.items() if name not in META}, PROVIDER[kind], where)]


def test_the_provider_knows_every_resource_that_is_used():
    """If not:  python -m tests.deploy.provider"""
    assert list(PROVIDER) == used()


def test_the_provider_would_take_every_argument(terraform):
    assert all_findings(terraform) == []


@pytest.mark.parametrize(("change", "said"), [
    (lambda body: body.update(locatoin="EU"), "there is no locatoin"),
    (lambda body: body.pop("dataset_id"), "dataset_id is missing"),
    (lambda body: body.update(delete_contents_on_destroy="yes"), "'yes', not a boolean"),
    (lambda body: body.update(access=[{"rôle": "READER"}]), "access: there is no rôle"),
    (lambda body: body.update(labels=["a"]), "not a map"),
])  # fmt: skip
def test_what_the_provider_would_refuse_is_found(terraform, change, said):
    damaged = deepcopy(terraform)
    change(next(body for block in damaged["resource"] for body in block.get("google_bigquery_dataset", {}).values()))
    assert len(found := all_findings(damaged)) == 1
    assert said in found[0]
