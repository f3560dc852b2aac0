import pytest

from ml_assets.entities.names import merged, name_of
from tests.ml_assets.tiny_models import REPOSITORY


def found(*spans):
    return [(entity.label, entity.name, entity.mentions) for entity in merged("a", spans)]


@pytest.mark.parametrize(
    "surface", ["U.S.", "US", "USA", "U.S.A.", "the United States", "The U.S.", "United States of America", "US's", "UNITED STATES", "THE UNITED STATES"]
)
def test_every_spelling_of_the_united_states_is_one_place(surface):
    assert name_of("LOC", surface) == ("LOC", "United States")


@pytest.mark.parametrize("surface", ["UK", "U.K.", "Britain", "Great Britain", "the United Kingdom", "UNITED KINGDOM"])
def test_every_spelling_of_the_united_kingdom_is_one_place(surface):
    assert name_of("LOC", surface) == ("LOC", "United Kingdom")


@pytest.mark.parametrize("pronoun", ["us", "Us", "who", "Who"])
def test_a_pronoun_is_not_taken_for_initials(pronoun):
    assert name_of("ORG", pronoun) == ("ORG", pronoun)


def test_alphabet_and_google_stay_two_organisations():
    assert found(("ORG", "Alphabet Inc."), ("ORG", "Google")) == [("ORG", "Alphabet", 1), ("ORG", "Google", 1)]


@pytest.mark.parametrize(
    ("label", "surface", "name"),
    [
        ("ORG", "Halvenne's", "Halvenne"),
        ("ORG", "Reuters’", "Reuters"),
        ("ORG", "the European Commission", "European Commission"),
        ("ORG", "Apple Inc.", "Apple"),
        ("ORG", "Halvenne Footwear, Ltd", "Halvenne Footwear"),
        ("ORG", "“OpenAI”", "OpenAI"),
        ("ORG", "OPENAI", "OpenAI"),
        ("ORG", "NASA", "NASA"),
        ("ORG", "UNESCO", "UNESCO"),
        ("ORG", "REGIONAL TRAIL ALLIANCE", "Regional Trail Alliance"),
        ("ORG", "THE BOARD OF TRAILS", "Board of Trails"),
        ("LOC", "The Hague", "The Hague"),
        ("LOC", "Washington, D.C.", "Washington"),
        ("LOC", "St. Louis", "St. Louis"),
        ("LOC", "Boston.", "Boston"),
        ("PERSON", "Mr. Guterres", "Guterres"),
        ("PERSON", "J. K. Rowling", "J. K. Rowling"),
    ],
)
def test_a_name_is_stripped_to_what_people_call_it(label, surface, name):
    assert name_of(label, surface) == (label, name)


@pytest.mark.parametrize("surface", ["", " ", "-", "“”", "7", "2023", "1,000", "X", "&", "'s", "—"])
def test_a_sign_a_number_or_a_single_character_is_no_name(surface):
    assert name_of("ORG", surface) is None
    assert found(("ORG", surface)) == []


@pytest.mark.parametrize(
    ("surface", "name"),
    [
        ("Google LLC", "Google"), ("GOOGLE", "Google"), ("Alphabet Inc.", "Alphabet"), ("Amazon.com, Inc.", "Amazon"), ("U.N.", "United Nations"),
        ("UN", "United Nations"), ("the EU", "European Union"), ("EUROPEAN UNION", "European Union"), ("the Fed", "Federal Reserve"),
        ("THE FED", "Federal Reserve"), ("US Federal Reserve", "Federal Reserve"), ("BBC News", "BBC"), ("OPENAI", "OpenAI"), ("Open AI", "OpenAI"),
        ("Walt Disney Co", "Disney"), ("McDonald's", "McDonald's"), ("MCDONALD’S", "McDonald's"), ("JPMorgan Chase & Co.", "JPMorgan Chase"),
    ],
)  # fmt: skip
def test_every_spelling_of_an_organisation_is_one_name(surface, name):
    assert name_of("ORG", surface) == ("ORG", name)


@pytest.mark.parametrize(
    ("label", "surface", "read"),
    [
        # One meaning: the seed knows better than the model.
        ("LOC", "OpenAI", ("ORG", "OpenAI")),
        ("PERSON", "Manchester United", ("ORG", "Manchester United")),
        ("ORG", "Beijing", ("LOC", "Beijing")),
        ("ORG", "BEIJING", ("LOC", "Beijing")),
        ("ORG", "the UK", ("LOC", "United Kingdom")),
        # Several meanings: only the one that the model's label agrees with.
        ("LOC", "Amazon", ("LOC", "Amazon")),
        ("ORG", "Amazon", ("ORG", "Amazon")),
        ("LOC", "Apple", ("LOC", "Apple")),
        ("PERSON", "Tesla", ("PERSON", "Tesla")),
        ("ORG", "Washington", ("LOC", "Washington")),
        ("PERSON", "Washington", ("PERSON", "Washington")),
        ("ORG", "Turkey", ("LOC", "Turkey")),
        ("PERSON", "Chad", ("PERSON", "Chad")),
        ("PERSON", "Jordan", ("PERSON", "Jordan")),
        ("ORG", "Jordan", ("ORG", "Jordan")),
        ("LOC", "Jordan", ("LOC", "Jordan")),
        ("ORG", "Georgia", ("ORG", "Georgia")),
        ("LOC", "Georgia", ("LOC", "Georgia")),
        ("PERSON", "Paris", ("PERSON", "Paris")),
        # An organisation that the seed knows by a city's name.
        ("ORG", "Barcelona", ("ORG", "FC Barcelona")),
        ("LOC", "Barcelona", ("LOC", "Barcelona")),
        # A company may be called as a place is.
        ("ORG", "Boston Corp", ("ORG", "Boston")),
        ("LOC", "Washington, DC", ("LOC", "Washington")),
    ],
)
def test_what_is_known_of_a_spelling_decides_its_label_unless_it_has_several_meanings(label, surface, read):
    assert name_of(label, surface) == read


@pytest.mark.parametrize("label", ["ORG", "LOC"])
@pytest.mark.parametrize(
    "name",
    [
        "Bank of England", "New York Times", "University of Michigan", "Boston Celtics", "Bank of America", "Manchester United", "Washington Post",
        "Boston University", "Bank of Portugal", "Central Bank of Ireland", "Chicago Tribune", "London Police", "Leeds United", "Toronto FC",
        "Ministry of Trails", "Kansas City Chiefs",
    ],
)  # fmt: skip
def test_an_organisation_that_carries_a_place_counts_as_organisation_and_never_as_the_place(label, name):
    assert name_of(label, name) == name_of(label, f"the {name}") == ("ORG", name)


@pytest.mark.parametrize("place", ["West Bank", "Times Square", "Outer Banks", "University City", "Ivory Coast", "Bank Street"])
def test_a_place_with_a_word_of_an_organisation_stays_a_place(place):
    assert name_of("LOC", place) == ("LOC", place)


def test_mentions_are_summed_and_spellings_kept():
    (entity,) = merged("a", [("GPE", "U.S."), ("LOC", "United States"), ("GPE", "U.S.")])
    assert (entity.label, entity.name, entity.mentions) == ("LOC", "United States", 3)
    assert entity.surface_forms == ("U.S.", "United States")


def test_names_that_differ_only_in_case_or_dots_are_one_and_the_commonest_is_shown():
    assert found(("ORG", "Halvenne"), ("ORG", "halvenne"), ("ORG", "Halvenne")) == [("ORG", "Halvenne", 3)]
    assert found(("LOC", "St. Louis"), ("LOC", "St Louis")) == [("LOC", "St. Louis", 2)]


def test_a_surname_joins_the_one_person_who_has_it():
    assert found(("PERSON", "Ada Lovelace"), ("PERSON", "Lovelace")) == [("PERSON", "Ada Lovelace", 2)]


def test_a_surname_of_two_people_stays_alone():
    both = found(("PERSON", "Ann Smith"), ("PERSON", "Bob Smith"), ("PERSON", "Smith"))
    assert both == [("PERSON", "Ann Smith", 1), ("PERSON", "Bob Smith", 1), ("PERSON", "Smith", 1)]


def test_labels_that_are_no_organisation_place_or_person_are_dropped():
    assert found(("DATE", "Monday"), ("NORP", "French"), ("FAC", "Tower Bridge")) == [("LOC", "Tower Bridge", 1)]


def test_one_name_as_organisation_and_as_place_is_two_rows():
    assert found(("ORG", "Aurora"), ("LOC", "Aurora")) == [("LOC", "Aurora", 1), ("ORG", "Aurora", 1)]


def test_the_spellings_of_the_document_are_counted_as_it_says():
    document = (REPOSITORY / "docs" / "entities.md").read_text(encoding="utf-8")
    table = document.split("<!-- spellings -->")[1].split("<!-- end of spellings -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()[2:]]
    assert len(rows) > 10
    for written, model_label, name, label in rows:
        assert name_of(model_label, written) == (label, name), written
