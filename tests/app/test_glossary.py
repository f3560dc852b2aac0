"""What stands behind the `?` of a figure."""

import re

import pytest

from app.glossary import definition, escaped, help_text


def test_a_definition_is_plain_text():
    for name in ("posts", "authors", "engagement", "coverage", "net_sentiment"):
        assert definition(name) and "`" not in definition(name) and "\n" not in definition(name)


def test_a_name_that_no_mart_has_is_an_error_and_no_empty_help():
    with pytest.raises(KeyError):
        definition("likes_per_moon")


def test_help_has_the_formula_and_what_is_known_of_this_figure():
    said = help_text("net_sentiment", "Two posts are missing.").replace("\\", "")
    assert said.startswith(definition("net_sentiment")) and "Formula: (positive - negative) / scored." in said and said.endswith("Two posts are missing.")


@pytest.mark.parametrize("text", ["*a* _b_ `c` <b>d</b> [e](http://f)", "$g$ :red[h] # i", "1. j\\k ~l~ & | ^ {m}"])
def test_no_mark_of_markdown_is_left_to_be_read(text):
    shown = escaped(text)
    assert shown.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\") == text
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_`<>\[\]()$:#~|&^{}.!-]", shown)
