"""The glossary: one definition, in dbt's doc blocks, and everything else made from it."""

import json

import pytest

from orchestration.dbt.glossary import FOR_THE_SITE, PAGE, as_data, as_page, glossary
from orchestration.dbt.project import load_manifest
from orchestration.settings import Settings


@pytest.fixture(scope="module")
def entries(new_home):
    return glossary(load_manifest(Settings(home=new_home("glossary"))))


def test_page_and_data_are_what_make_docs_makes(entries):
    for file, made in ((PAGE, as_page(entries)), (FOR_THE_SITE, as_data(entries))):
        assert file.read_text(encoding="utf-8") == made, f"{file.name} is out of date. Run:  make docs"


def test_what_the_page_explains_is_used_by_its_mart(entries):
    used = {entry.name: entry.used_in for entry in entries}
    for name in ("posts", "authors", "engagement", "coverage"):
        assert f"engagement_daily.{name}" in used[name]
    assert "sentiment_daily.net_sentiment" in used["net_sentiment"]


def test_every_entry_says_something_and_is_used(entries):
    for entry in entries:
        assert entry.definition and entry.used_in, entry.name


def block(text):
    node = {"resource_type": "model", "name": "m", "config": {"schema": "marts"}, "columns": {"c": {"name": "c", "doc_blocks": ["d"]}}}
    unused = {"name": "other", "package_name": "campaign_pulse", "block_contents": "x"}
    docs = {"d": {"name": "c", "package_name": "campaign_pulse", "block_contents": text}, "u": unused}
    return glossary({"nodes": {"m": node}, "docs": docs})


def test_a_definition_ends_where_the_first_fact_begins():
    (entry,) = block("Likes of `*`\nand more. Formula: a / b.\nUnit: ratio. NULL: none is known.")
    assert (entry.definition, entry.used_in) == ("Likes of `*` and more.", ("m.c",))
    assert entry.facts == {"Formula": "a / b.", "Unit": "ratio.", "NULL": "none is known."}


def test_a_word_within_a_sentence_is_no_fact():
    (entry,) = block("The Source: of it. A NULL stays. UnitFormula: no.")
    assert entry.facts == {"Source": "of it. A NULL stays. UnitFormula: no."}


def test_the_site_gets_plain_text():
    data = json.loads(as_data(block("All of `*` <b>now</b>. Unit: `posts`.")))
    assert data == {"c": {"definition": "All of * <b>now</b>.", "facts": {"Unit": "posts."}, "used_in": ["m.c"]}}
