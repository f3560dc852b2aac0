"""No article is read twice by the same model, and a killed run goes on where it was."""

import pytest
import spacy

from ml_assets.entities import ArticleText, EntityFinder
from orchestration.readings import entity_rows, read_articles, reading_id

ARTICLES = [
    *(ArticleText(f"a{number}", f"Northwind opens an office in Lisbon, part {number}", None, None, "en") for number in range(5)),
    ArticleText("quiet", "Nothing happened and nobody said a word", None, None, "en"),
    ArticleText("german", "Northwind eröffnet in Lisbon", None, None, "de"),
]


class CountingFinder(EntityFinder):
    """Remembers what it was asked to read."""

    def __init__(self, model, languages=("en",)):
        super().__init__(model, languages)
        self.read: list[str] = []

    def find(self, articles):
        self.read += [article.article_id for article in articles]
        return super().find(articles)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "Northwind"}, {"label": "LOC", "pattern": "Lisbon"}])
    folder = tmp_path_factory.mktemp("model") / "ruler"
    pipeline.to_disk(folder)
    return folder


class Stored:
    """What was stored before `dies_after` calls."""

    def __init__(self, dies_after=None):
        self.rows, self.calls, self.dies_after = [], 0, dies_after

    def __call__(self, rows):
        if self.calls == self.dies_after:
            raise KeyboardInterrupt
        self.calls += 1
        self.rows += rows

    def known(self):
        import json

        return {row["reading_id"]: json.loads(row["names"]) for row in self.rows}


def test_a_killed_run_reads_only_what_had_not_landed(model):
    first, died = CountingFinder(model), Stored(dies_after=2)
    with pytest.raises(KeyboardInterrupt):
        list(read_articles(ARTICLES, {}, first, died, at_once=2))
    assert [row["article_id"] for row in died.rows] == ["a0", "a1", "a2", "a3"]
    second, stored = CountingFinder(model), Stored()
    resumed = list(read_articles(ARTICLES, died.known(), second, stored, at_once=2))
    assert second.read == ["a4", "quiet", "german"]
    whole = list(read_articles(ARTICLES, {}, CountingFinder(model), Stored()))
    assert entity_rows(resumed, second) == entity_rows(whole, second) and len(entity_rows(whole, second)) == 10


def test_an_article_without_names_is_remembered_too_and_says_why_it_was_not_read(model):
    stored = Stored()
    list(read_articles(ARTICLES, {}, CountingFinder(model), stored))
    reasons = {row["article_id"]: (row["not_read_reason"], row["names"]) for row in stored.rows}
    assert reasons["quiet"] == (None, "[]") and reasons["german"] == ("language:de", "[]")
    again = CountingFinder(model)
    list(read_articles(ARTICLES, stored.known(), again, Stored()))
    assert again.read == []


@pytest.mark.parametrize("field", ["title", "description", "content", "language", "source_name"])
def test_whatever_the_names_depend_on_is_part_of_the_reading(model, field):
    from dataclasses import replace

    finder = EntityFinder(model)
    assert reading_id(ARTICLES[0], finder) != reading_id(replace(ARTICLES[0], **{field: "fr"}), finder)
    assert reading_id(ARTICLES[0], finder) != reading_id(ARTICLES[0], EntityFinder(model, ("en", "fr")))
    assert reading_id(ARTICLES[0], finder) == reading_id(ARTICLES[0], EntityFinder(model, ("EN ",)))
