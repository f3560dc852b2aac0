"""Words of posts and articles: the same word is the same key, and what is shown stands where it says."""

import pytest

from ml_assets.explanations.words import Phrases, features, phrase, stem, tokens


def keys(text, language="en"):
    return [key for key, _, _ in features(tokens(text, language))]


@pytest.mark.parametrize(
    ("forms", "key"),
    [
        (("plate", "plates", "Plates"), "plat"), (("crack", "cracked", "cracking"), "crack"), (("recall", "recalls", "recalled"), "recall"),
        (("battery", "batteries"), "battery"), (("stop", "stopped", "stopping"), "stop"), (("glass",), "glass"), (("bus",), "bus"),
    ],
)  # fmt: skip
def test_endings_of_english_words_do_not_part_them(forms, key):
    assert {stem(form.casefold()) for form in forms} == {key}


def test_words_of_another_language_keep_their_endings():
    assert keys("Fersenplatten brechen", "de") == ["fersenplatten", "brechen", "fersenplatten brechen"]


def test_links_handles_numbers_and_stop_words_are_no_words_and_part_pairs():
    assert keys("the heel broke, see https://a.example/heel @maker and 42,000 pairs") == ["heel", "brok", "heel brok", "pair"]


def test_a_pair_does_not_reach_over_a_comma_or_a_line():
    assert "heel plat" in keys("heel plate") and "heel plat" in keys("#heel-plate")
    assert "heel plat" not in keys("heel, plate") and "heel plat" not in keys("heel\nplate\n")[:1]


def test_spans_stand_in_the_text_as_it_was_received():
    text = "Ｈｅｅｌ plates cracked… in Zürich 🏔️ again"
    for key, start, end in features(tokens(text)):
        assert keys(text[start:end])[-1] == key


def test_text_without_blanks_is_compared_by_pairs_of_characters():
    assert set(keys("大阪で地震", "ja")) >= {"大阪", "地震"}


def test_us_is_a_country_in_capitals_only():
    assert phrase("US") == ("US",) and phrase("us") == ("us",) and phrase("U.S.") == ("US",)


def test_a_name_is_found_as_words_and_as_one_word_the_longest_first():
    known = Phrases([(phrase("Consumer Safety Board"), "Consumer Safety Board"), (phrase("Consumer"), "Consumer")])
    text = "The consumer safety board warns, says #ConsumerSafetyBoard; a consumer asks"
    assert [name for name, _, _ in known.find(tokens(text))] == ["Consumer Safety Board", "Consumer Safety Board", "Consumer"]


def test_a_short_name_at_the_end_of_a_text_is_found_beside_a_longer_one_that_begins_alike():
    """Real posts ended in a name of one word that another name of two begins with; the search ran over the end of the text."""
    known = Phrases([(phrase("Italy"), "Italy"), (phrase("Italy Data Authority"), "Italy Data Authority")])
    assert list(known.find(tokens("ban in Italy"))) == [("Italy", 7, 12)]


@pytest.mark.parametrize("text", [None, "", "🙂🙂", "https://a.example", "@somebody", "\u202e\u200b", "12 34"])
def test_a_text_without_words_has_none(text):
    assert keys(text) == []
