"""The seed of known names, and the script that brings ISO 3166 into it."""

from collections import Counter
from types import SimpleNamespace

from ml_assets.entities.known import alias_key, known_name, seed_rows
from ml_assets.entities.names import LABELS
from ml_assets.training.make_entity_names import COLUMNS, country_rows, in_order

KINDS = {"country", "city", "region", "organisation", ""}


def test_every_spelling_has_one_meaning_for_each_label_of_the_model():
    meanings = Counter((label, alias_key(row["alias"])) for row in seed_rows() for label in row["model_labels"].split())
    assert [key for key, rows in meanings.items() if rows > 1] == []


def test_every_name_is_a_spelling_of_itself():
    assert [row["name"] for row in seed_rows() if (known_name(row["label"], row["name"]) or row).name != row["name"]] == []


def test_a_name_has_one_kind_and_one_country():
    facts = {(row["label"], row["name"], row["kind"], row["country_code"]) for row in seed_rows()}
    assert len(facts) == len({fact[:2] for fact in facts})


def test_every_row_says_what_it_is():
    for row in seed_rows():
        assert tuple(row) == COLUMNS and row["alias"] == row["alias"].strip() and row["name"], row
        assert row["kind"] in KINDS and row["source"] in {"iso_3166", "hand"}, row
        assert (row["kind"] == "organisation") == (row["label"] == "ORG"), row
        assert set(row["model_labels"].split()) <= set(LABELS.values()) and row["label"] in row["model_labels"].split(), row
        # Also where a reader takes the code NA for nothing: Namibia has one.
        assert bool(row["country_code"]) or row["kind"] not in {"country", "city"}, row


def test_the_file_is_in_the_order_in_which_it_is_made():
    rows = seed_rows()
    assert rows == in_order(rows)


def test_the_seed_holds_countries_cities_and_organisations_enough():
    names = Counter(kind for kind, _ in {(row["kind"], row["name"]) for row in seed_rows()})
    assert names["country"] > 240 and names["city"] >= 250 and names["organisation"] >= 150, names


def test_nationalities_and_codes_that_are_words_are_no_places():
    for word in ("American", "British", "Chinese", "French", "IN", "IT", "OR", "CAN", "AND", "CA", "us"):
        assert known_name("LOC", word) is None, word


def country(alpha_2, alpha_3, name, **more):
    return SimpleNamespace(alpha_2=alpha_2, alpha_3=alpha_3, name=name, **more)


def spellings(*countries, by_hand=()):
    return {row["alias"]: row["name"] for row in country_rows(countries, by_hand)}


def test_a_country_is_known_by_its_common_and_its_official_name_and_by_codes_that_are_printed():
    assert spellings(country("US", "USA", "United States", official_name="United States of America")) == dict.fromkeys(
        ["United States", "United States of America", "US", "USA"], "United States"
    )
    assert spellings(country("IT", "ITA", "Italy", official_name="Italian Republic")) == {"Italy": "Italy", "Italian Republic": "Italy"}


def test_the_word_order_of_the_standard_is_no_spelling():
    assert spellings(country("VN", "VNM", "Viet Nam", common_name="Vietnam")) == {"Vietnam": "Vietnam", "Viet Nam": "Vietnam"}
    assert spellings(country("IR", "IRN", "Iran, Islamic Republic of", common_name="Iran")) == {"Iran": "Iran"}
    assert spellings(country("FK", "FLK", "Falkland Islands (Malvinas)")) == {"Falkland Islands": "Falkland Islands"}


def test_a_spelling_written_by_hand_is_left_to_that_row():
    by_hand = [{"label": "LOC", "alias": "Chad"}]
    assert spellings(country("TD", "TCD", "Chad", official_name="Republic of Chad"), by_hand=by_hand) == {"Republic of Chad": "Chad"}


def test_congo_alone_is_one_of_two_countries_and_not_known():
    assert "Congo" not in spellings(country("CG", "COG", "Congo", official_name="Republic of the Congo")) and known_name("LOC", "Congo") is None
