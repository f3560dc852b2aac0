"""Which exposures a pull request touches, from two manifests."""

import importlib.util

from orchestration.settings import REPOSITORY

spec = importlib.util.spec_from_file_location("impacted", REPOSITORY / "deploy" / "impacted.py")
impacted = importlib.util.module_from_spec(spec)
spec.loader.exec_module(impacted)


def manifest(nodes, exposures, macros=None):
    """`nodes`: name -> (checksum, parents, macros)."""
    children: dict[str, list[str]] = {}
    for name, (_, parents, _) in nodes.items():
        for parent in parents:
            children.setdefault(parent, []).append(name)
    for name, parents in exposures.items():
        for parent in parents:
            children.setdefault(parent, []).append(name)
    return {
        "nodes": {
            name: {"resource_type": "model", "checksum": {"checksum": checksum}, "depends_on": {"nodes": parents, "macros": used}}
            for name, (checksum, parents, used) in nodes.items()
        },
        "exposures": {name: {"name": name, "owner": {"name": "team"}} for name in exposures},
        "macros": {name: {"macro_sql": sql} for name, sql in (macros or {}).items()},
        "child_map": children,
    }


BEFORE = manifest({"a": ("1", [], ["m"]), "b": ("1", ["a"], []), "c": ("1", [], [])}, {"page": ["b"], "report": ["c"]}, {"m": "one"})


def test_nothing_changed_touches_nothing():
    assert impacted.impacted_exposures(BEFORE, BEFORE) == []


def test_a_change_reaches_what_stands_on_it_and_no_other():
    after = manifest({"a": ("2", [], ["m"]), "b": ("1", ["a"], []), "c": ("1", [], [])}, {"page": ["b"], "report": ["c"]}, {"m": "one"})
    assert impacted.impacted_exposures(BEFORE, after) == [("page", "team")]


def test_a_macro_touches_the_models_that_use_it():
    after = manifest({"a": ("1", [], ["m"]), "b": ("1", ["a"], []), "c": ("1", [], [])}, {"page": ["b"], "report": ["c"]}, {"m": "two"})
    assert impacted.impacted_exposures(BEFORE, after) == [("page", "team")]


def test_a_model_that_is_gone_is_followed_to_what_stood_on_it():
    after = manifest({"a": ("1", [], ["m"]), "b": ("1", ["a"], [])}, {"page": ["b"]}, {"m": "one"})
    assert impacted.impacted_exposures(BEFORE, after) == [("report", "team")]
