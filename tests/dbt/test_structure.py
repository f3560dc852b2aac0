"""The rules of dbt-project-evaluator that this project keeps, read from the manifest: the package itself is not on the package index."""

import re
from collections import Counter, defaultdict

import pytest

from orchestration.dbt.claims import claim
from orchestration.dbt.project import load_manifest
from orchestration.settings import Settings
from orchestration.warehouse.tables import TABLES

LAYERS = {"staging": r"stg_[a-z]+__[a-z_]+", "intermediate": r"int_[a-z_]+", "marts": r"(?!stg_|int_)[a-z_]+"}
# More refs than this in one model, and nobody can say any more where a wrong row comes from.
MOST_PARENTS = 7
# The longest way from a source to a mart. The evaluator warns above 9: two more are the price of figures by day, by period and by
# measure that can each be tested on numbers worked out by hand.
MOST_STEPS = 12


@pytest.fixture(scope="module")
def manifest(new_home):
    return load_manifest(Settings(home=new_home("structure")))


@pytest.fixture(scope="module")
def models(manifest):
    return {name: node for name, node in manifest["nodes"].items() if node["resource_type"] == "model"}


def layer(node):
    return node["schema"]


def parents(node, kind):
    return [parent for parent in node["depends_on"]["nodes"] if parent.startswith(f"{kind}.")]


def test_a_name_says_its_layer(models):
    for node in models.values():
        assert re.fullmatch(LAYERS[layer(node)], node["name"]), node["name"]
        assert node["original_file_path"].split("/")[1] == layer(node), node["name"]


def test_only_staging_reads_sources_one_model_for_each_and_nothing_else(models, manifest):
    readers = Counter()
    for node in models.values():
        sources = parents(node, "source")
        assert len(sources) == (1 if layer(node) == "staging" else 0), node["name"]
        if layer(node) == "staging":
            assert not parents(node, "model"), f"{node['name']} stands on another staging model"
        readers.update(sources)
    assert set(readers) == set(manifest["sources"]), "a source that nobody reads"
    assert max(readers.values()) == 1, "a source that two models read"


def test_every_source_is_a_table_that_we_write(manifest):
    ours = {f"{table.dataset}.{table.name}" for table in TABLES}
    assert {f"{source['source_name']}.{source['name']}" for source in manifest["sources"].values()} <= ours


def test_every_source_says_when_it_is_stale_and_looks_at_recent_partitions_only(manifest):
    partitioned = {table.name: table.window_column for table in TABLES if table.window_column}
    for source in manifest["sources"].values():
        freshness = source["freshness"]
        assert source["loaded_at_field"] == "loaded_at" and freshness["warn_after"]["count"], source["name"]
        if source["name"] in partitioned:
            assert partitioned[source["name"]] in (freshness["filter"] or ""), source["name"]


def test_every_model_has_a_tested_key(models, manifest):
    keyed = {test["attached_node"] for test in manifest["nodes"].values() if test["resource_type"] == "test" and test["test_metadata"]["name"] == "unique_combination"}
    assert {node["name"] for name, node in models.items() if name not in keyed} == set()


def test_every_column_says_what_it_is(models):
    """A staging model passes the columns of its source on: those are described with the tables, and only there."""
    of_source = {table.name: {column.name for column in table.all_columns} for table in TABLES}
    for node in models.values():
        assert node["description"].strip(), node["name"]
        for column in node["columns"].values():
            assert column["description"].strip(), (node["name"], column["name"])
        if layer(node) != "staging":
            assert node["columns"] and all(column["data_type"] for column in node["columns"].values()), node["name"]
        else:
            selected = set(re.findall(r"^ {8}(?:.* as )?(\w+),?$", node["raw_code"], flags=re.M)) - {"from", "source"}
            table = parents(node, "source")[0].rsplit(".", 1)[-1]
            assert selected - of_source[table] - set(node["columns"]) == set(), node["name"]


def test_marts_are_public_with_a_contract_and_everything_else_is_ours(models):
    for node in models.values():
        is_mart = layer(node) == "marts"
        assert node["access"] == ("public" if is_mart else "protected"), node["name"]
        assert node["config"]["contract"]["enforced"] is is_mart, node["name"]
        assert node["group"] == "data_platform" and node["config"]["labels"]["layer"] == layer(node), node["name"]


def test_facts_demand_a_partition_filter_and_are_clustered_by_what_the_site_filters(models):
    for node in models.values():
        if node["config"]["materialized"] == "incremental":
            assert node["config"]["require_partition_filter"] is True, node["name"]
            assert node["config"]["partition_by"].get("granularity", "day") == "day", f"{node['name']}: hours need an expiry"
        if node["config"]["materialized"] != "view" and "campaign_id" in node["columns"] and layer(node) == "marts" and node["name"] not in {"campaigns", "api_spend_daily"}:
            assert node["config"]["cluster_by"][0] == "campaign_id", node["name"]


def test_what_people_look_at_stands_on_marts_and_every_mart_is_looked_at(models, manifest):
    looked_at = set()
    for exposure in manifest["exposures"].values():
        for parent in exposure["depends_on"]["nodes"]:
            assert layer(models[parent]) == "marts" and models[parent]["config"]["materialized"] in {"table", "incremental"}, (exposure["name"], parent)
            looked_at.add(parent)
    assert {node["name"] for name, node in models.items() if layer(node) == "marts" and name not in looked_at} == set()


def test_the_exposures_are_what_the_site_and_the_summary_read(manifest):
    from app.queries import TABLES as read_by_the_site
    from orchestration import summary

    exposed = {e["name"]: {parent.rsplit(".", 1)[-1] for parent in e["depends_on"]["nodes"]} for e in manifest["exposures"].values()}
    assert exposed["overview"] == set(read_by_the_site)
    source = open(summary.__file__, encoding="utf-8").read()  # noqa: SIM115
    named = set(re.findall(r"\{+marts\.(\w+)\}+", source)) | set(re.findall(r'_names\("(\w+)"\)', source))
    assert exposed["summary"] == named


def test_no_model_has_more_parents_than_a_person_can_hold_in_mind(models):
    for node in models.values():
        assert len(parents(node, "model")) <= MOST_PARENTS, node["name"]


def test_views_stand_on_sources_only_so_that_none_are_chained(models):
    for node in models.values():
        if node["config"]["materialized"] == "view":
            assert layer(node) == "staging", node["name"]


def test_the_way_from_a_source_to_a_mart_is_short(models):
    children = defaultdict(list)
    for name, node in models.items():
        for parent in parents(node, "model"):
            children[parent].append(name)

    def steps(name):
        return 1 + max((steps(child) for child in children[name]), default=0)

    assert max(steps(name) for name in models) <= MOST_STEPS


def test_every_data_test_is_a_claim_in_words(manifest):
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    claims = [claim(test) for test in tests]
    assert all(words.endswith(".") for words in claims)
    assert len(set(claims)) == len(claims), [words for words, times in Counter(claims).items() if times > 1]


@pytest.mark.slow
def test_the_severity_of_the_data_tests_comes_from_the_environment(new_home, monkeypatch):
    monkeypatch.setenv("PULSE_DATA_TEST_SEVERITY", "warn")
    nodes = load_manifest(Settings(home=new_home("severity")))["nodes"].values()
    monkeypatch.undo()
    assert {node["config"]["severity"] for node in nodes if node["resource_type"] == "test"} == {"warn"}
