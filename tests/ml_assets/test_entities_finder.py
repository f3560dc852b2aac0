import random

import pytest
import spacy

from ml_assets.checkpoints import ModelError
from ml_assets.entities import ArticleText, EntityFinder, find, reason_not_read
from ml_assets.entities.reading import sentences
from tests.ml_assets.tiny_models import ENTITIES


def article(article_id="a", title=None, description=None, content=None, language="en", source_name=None):
    return ArticleText(article_id, title, description, content, language, source_name)


ARTICLES = [
    article(
        "a",
        "Google opens an office in Berlin",
        "Google said on Monday that its new office in Berlin will hold 900 people.",
        "Google said on Monday that its new office in Berlin will hold 900 people. Microsoft has one in Munich.",
    ),
    article("b", "Floods close roads in the U.S.", "The United Nations sent help to Texas, USA.", None),
    article("c", "Angela Merkel visits Paris", "Mrs. Merkel met the mayor of Paris.", "Paris was cold… [+1234 chars]"),
]


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return EntityFinder(ENTITIES)


def found(finder, *articles):
    return {(entity.article_id, entity.label, entity.name): entity.mentions for entity in finder.find(articles)}


def test_the_shipped_model_finds_organisations_and_places_of_plain_news(finder):
    names = set(found(finder, *ARTICLES))
    assert {
        ("a", "ORG", "Google"),
        ("a", "LOC", "Berlin"),
        ("b", "LOC", "United States"),
        ("c", "LOC", "Paris"),
    } <= names
    assert ("b", "ORG", "United Nations") in names


def test_a_sentence_of_the_description_that_returns_in_the_content_counts_once(finder):
    assert found(finder, ARTICLES[0])["a", "LOC", "Berlin"] == 2


def test_there_is_one_row_per_article_label_and_name(finder):
    rows = [(entity.article_id, entity.label, entity.name) for entity in finder.find(ARTICLES)]
    assert len(rows) == len(set(rows))


def test_an_article_has_the_same_entities_alone_in_a_crowd_and_in_any_order(finder):
    alone = [entity for one in ARTICLES for entity in finder.find([one])]
    assert finder.find(ARTICLES) == alone
    shuffled = random.Random(3).sample(ARTICLES, len(ARTICLES))
    assert sorted(finder.find(shuffled), key=repr) == sorted(alone, key=repr)


def test_an_article_given_twice_is_read_once(finder):
    assert finder.find([ARTICLES[0], ARTICLES[0]]) == finder.find([ARTICLES[0]])


def test_an_article_in_another_language_has_no_entities_and_a_reason(finder):
    french = article("f", "Google ouvre un bureau à Berlin", "Berlin accueille Google.", None, "fr")
    assert finder.find([french]) == []
    assert reason_not_read(french, {"en"}) == "language:fr"


@pytest.mark.parametrize(
    "nothing", [article(), article(title="[Removed]", description="[Removed]"), article(title="...")]
)
def test_an_article_without_words_has_no_entities_and_a_reason(finder, nothing):
    assert finder.find([nothing]) == []
    assert reason_not_read(nothing, {"en"}) == "empty_text"


def test_without_a_stated_language_an_article_that_looks_english_is_read(finder):
    unknown = article("u", "Google opens an office in Berlin", "This is the first one.", None, None)
    assert ("u", "LOC", "Berlin") in found(finder, unknown)
    assert reason_not_read(article(title="Wetter morgen", language=None), {"en"}) == "language:unknown"


def test_no_articles_give_no_entities(finder):
    assert finder.find([]) == []


def test_cut_marks_markup_and_control_characters_are_not_read():
    read = sentences(article(content="<ul><li>Rain &amp; wind hit Rome.…</li></ul>\r\n [+1234 chars]"))
    assert read == ["Rain & wind hit Rome."]
    assert sentences(article(content="Rome was we… [+87 chars]")) == ["Rome was"]


def test_a_sentence_cut_short_in_one_field_is_read_whole_from_the_other():
    whole = "The company said on Monday that it will open an office in Berlin."
    assert sentences(article(description=whole[:45] + "…", content=whole)) == [whole]
    assert sentences(article(description=whole, content=whole[:45] + "… [+900 chars]")) == [whole]


def test_a_short_sentence_that_begins_another_one_is_kept():
    assert sentences(article(title="Rome.", description="Rome is wet today.")) == ["Rome.", "Rome is wet today."]


def test_initials_and_titles_end_no_sentence():
    assert sentences(article(title="U.S. President J. Smith met Mr. Jones. They spoke.")) == [
        "U.S. President J. Smith met Mr. Jones.",
        "They spoke.",
    ]


def test_the_publication_at_the_end_of_a_title_is_not_in_the_news():
    assert sentences(article(title="Rain in Rome - The Daily News", source_name="The Daily News")) == ["Rain in Rome"]
    assert sentences(article(title="Rain in Rome - again", source_name="The Daily News")) == ["Rain in Rome - again"]


def test_hostile_markup_in_a_headline_stays_harmless_text(finder):
    hostile = article(
        "h", "<script>alert('x')</script> Google =cmd|' /C calc'!A0 [x](javascript:1)", "\x00\u202eBerlin"
    )
    assert all("<" not in entity.name for entity in finder.find([hostile]))


def test_a_path_that_is_no_folder_and_no_package_is_an_error_that_names_the_setting():
    with pytest.raises(ModelError, match=r"neither a folder nor an installed spaCy package\. Set PULSE_ENTITY_MODEL"):
        find(ARTICLES, model="no_such_pipeline")


def test_a_folder_that_is_no_pipeline_is_an_error(tmp_path):
    with pytest.raises(ModelError, match="cannot be loaded"):
        find(ARTICLES, model=tmp_path)


def test_a_pipeline_without_names_is_an_error(tmp_path):
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="marks nothing, needed are ORG and LOC"):
        find(ARTICLES, model=tmp_path / "blank")


def test_another_pipeline_with_labels_of_its_own_can_replace_the_model(tmp_path):
    """Labels as in the OntoNotes pipelines: GPE and FAC are places."""
    other = spacy.blank("en")
    other.add_pipe("entity_ruler").add_patterns(
        [
            {"label": "GPE", "pattern": "Berlin"},
            {"label": "ORG", "pattern": "Google"},
            {"label": "DATE", "pattern": "Monday"},
        ]
    )
    other.to_disk(tmp_path / "rules")
    finder = EntityFinder(tmp_path / "rules")
    assert found(finder, ARTICLES[0]) == {("a", "ORG", "Google"): 2, ("a", "LOC", "Berlin"): 2}
    assert finder.model_id == "rules"
