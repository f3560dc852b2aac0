import pytest

from ml_assets.entities.names import merged, name_of


def found(*spans):
    return [(entity.label, entity.name, entity.mentions) for entity in merged("a", spans)]


@pytest.mark.parametrize(
    "surface", ["U.S.", "US", "USA", "U.S.A.", "the United States", "The U.S.", "United States of America", "US's"]
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


def test_an_alias_decides_the_label_but_a_plain_name_does_not():
    assert name_of("LOC", "OpenAI") == ("ORG", "OpenAI")
    assert name_of("LOC", "Amazon") == ("LOC", "Amazon")
    assert name_of("ORG", "Amazon.com") == ("ORG", "Amazon")


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
