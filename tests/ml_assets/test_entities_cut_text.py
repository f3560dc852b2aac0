"""Text that arrives cut: the mark of NewsAPI is no name, and neither is a part of one."""

import random

import pytest

from ml_assets.entities import ArticleText, EntityFinder
from ml_assets.entities.reading import cleaned, sentences, without_cut_name
from tests.ml_assets.tiny_models import ENTITIES

MARKS = ["… [+1741 chars]", "...[+1 chars]", "… [+1 char]", "[+12 characters]", " … [+99 chars]", "…[+1,741 chars]", "… [+ 5 chars]", "… [+1741 ch", "… [+17", "...  [+12 CHARS] "]


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return EntityFinder(ENTITIES)


@pytest.mark.parametrize("mark", MARKS)
def test_no_part_of_a_mark_is_read(mark):
    assert cleaned("The mayor of Oslo spoke on Monday." + mark) == "The mayor of Oslo spoke on Monday."
    assert cleaned("The mayor of Oslo spo" + mark) == "The mayor of Oslo"


@pytest.mark.parametrize("mark", MARKS[:7])
def test_a_mark_in_the_middle_is_not_read_and_the_name_before_it_is_cut(mark):
    assert cleaned(f"Snow fell in United Sta{mark} Trams stood still in Bergen.") == "Snow fell in Trams stood still in Bergen."
    assert cleaned(f"Snow fell in Oslo.{mark} Trams stood still.") == "Snow fell in Oslo. Trams stood still."


@pytest.mark.parametrize(
    ("cut", "left"),
    [
        ("Shares rose at Goog", "Shares rose at"),
        ("Goog", ""),
        ("he left for the United Sta", "he left for the"),
        ("he left for the United", "he left for the"),
        ("a talk at the University o", "a talk at the"),
        ("a talk at the University of Mich", "a talk at the"),
        ("rates of the Bank of Eng", "rates of the"),
        ("shares of Johnson & John", "shares of"),
        ("shares of Johnson &", "shares of"),
        ("snow fell, United Sta", "snow fell,"),
        ("It rained in Rome. Paris", "It rained in Rome."),
        ("Oslo was cold and we", "Oslo was cold and"),
        ("Oslo was cold in Bergen.", "Oslo was cold in Bergen."),
        ("the film “Rain in Rome”", "the film “Rain in Rome”"),
        ("Google announced on Mon", "Google announced on"),
        ("GOOGLE SAID TODAY IT WILL OPEN AN OFFICE IN BERL", "GOOGLE SAID TODAY IT WILL"),
        ("", ""),
    ],
)
def test_the_last_name_of_a_cut_text_goes_with_its_last_word(cut, left):
    assert without_cut_name(cut) == left


def test_a_text_that_ends_in_three_dots_is_cut_as_well():
    assert cleaned("Shares rose at Goog…") == cleaned("Shares rose at Goog...") == "Shares rose at"
    assert cleaned("Trams… stood still in Bergen") == "Trams… stood still in Bergen"


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_never_makes_an_entity_and_a_part_of_a_name_is_none(finder, mark):
    articles = [ArticleText(str(n), "Rain is on its way", None, text + mark, "en") for n, text in enumerate(("The company said that Goog", "They flew to the United Sta", ""))]
    found = finder.find(articles)
    assert [entity for entity in found if any(part in form for form in entity.surface_forms for part in ("[", "+", "char", "…", "..."))] == []
    assert [entity.name for entity in found if entity.name in {"Goog", "United", "United Sta", "Sta"}] == []


def test_a_whole_name_in_another_field_is_still_found(finder):
    (title, cut) = "Google opens an office in Berlin", "Shares rose by one percent on Monday at Goog… [+99 chars]"
    assert [(entity.name, entity.mentions) for entity in finder.find([ArticleText("a", title, None, cut, "en")]) if entity.label == "ORG"] == [("Google", 1)]


def test_wherever_newsapi_cuts_a_text_only_whole_words_of_it_are_read():
    """Two hundred random cuts of one text, with the mark behind: every word read is one of the text, and never the last, cut one."""
    seed = random.randrange(10**6)
    places = random.Random(seed)
    print(f"seed {seed}")
    text = "The Bank of England said on Monday that Google LLC and the University of Michigan met U.S. officials in New York, Paris and São Paulo."
    whole = set(text.split())
    for _ in range(200):
        at = places.randrange(1, len(text))
        read = sentences(ArticleText("a", None, None, f"{text[:at]}… [+{len(text) - at} chars]", "en"))
        assert set(" ".join(read).split()) <= whole | {"U."}, (at, read)
