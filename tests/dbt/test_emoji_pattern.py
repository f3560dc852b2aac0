"""The list of emoji in macros/text.sql against Unicode's own properties, as the package `regex` knows them."""

import re

import pytest
import regex

from orchestration.dbt.project import PROJECT

# What Unicode draws as text unless U+FE0F follows, and X in colour all the same, is listed from the blocks that people use for it.
BLOCK_OF_PICTURES = range(0x2600, 0x27C0)
LETTERS_OF_FLAGS = range(0x1F1E6, 0x1F200)


def characters_of(macro: str) -> set[str]:
    """Every character of the class that a macro of text.sql holds."""
    text = (PROJECT / "macros" / "text.sql").read_text(encoding="utf-8")
    body = re.search(rf"macro {macro}\(\) -%}}(.*?){{%- endmacro", text, re.DOTALL)[1]
    pairs = re.findall(r"\\x\{(\w+)\}(?:-\\x\{(\w+)\})?", body)
    return {chr(code) for first, last in pairs for code in range(int(first, 16), int(last or first, 16) + 1)}


@pytest.fixture(scope="module")
def every_character():
    return [chr(code) for code in range(0xA0, 0x20000) if not 0xD800 <= code < 0xE000]


def test_every_character_that_unicode_draws_as_an_emoji_is_a_picture(every_character):
    drawn = {each for each in every_character if regex.match(r"\p{Emoji_Presentation}", each) and ord(each) not in LETTERS_OF_FLAGS}
    assert len(drawn) > 1100
    assert drawn - characters_of("_pictures") == set()


def test_every_emoji_is_a_picture_or_a_sign_and_none_is_both(every_character):
    emoji = {each for each in every_character if regex.match(r"\p{Emoji}", each) and ord(each) not in LETTERS_OF_FLAGS}
    pictures, signs = characters_of("_pictures"), characters_of("_signs")
    assert emoji - pictures - signs == set()
    assert pictures & signs == set()


def test_stars_and_ticks_that_are_no_emoji_are_not_listed():
    listed = {each for each in characters_of("_pictures") | characters_of("_signs") if ord(each) in BLOCK_OF_PICTURES}
    assert {each for each in listed if not regex.match(r"\p{Emoji}", each)} == set()
    assert not {"★", "✓", "♩"} & listed
