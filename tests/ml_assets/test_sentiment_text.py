import pytest

from ml_assets.english import looks_english
from ml_assets.sentiment.language import reason_not_scored
from ml_assets.sentiment.text import LONGEST, for_model, has_words


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("@anna see https://t.co/Ab1 now", "@user see http now"),
        ("www.example.org is down", "http is down"),
        ("＠anna hello", "@user hello"),
        ("mail me at anna@example.org", "mail me at anna@example.org"),
        ("this &amp; that &lt;b&gt;", "this & that <b>"),
        ("two\n\nlines\tand\u200bzero\x00width", "two lines and zero width"),
        ("cafe\u0301", "café"),
        ("#GoodDay 🎉", "#GoodDay 🎉"),
        ("", ""),
    ],
)
def test_the_model_reads_handles_and_links_as_placeholders_and_no_control_characters(raw, read):
    assert for_model(raw) == read


def test_reading_twice_changes_nothing_more():
    once = for_model("@a &amp;  https://x.co hi")
    assert for_model(once) == once


def test_an_endless_post_is_cut():
    assert len(for_model("word " * 100_000)) <= LONGEST


@pytest.mark.parametrize(
    "text", ["", "   ", "https://t.co/x", "@anna @ben", "😀😀", "❤️ 100 !!!", "12:30", "\u200b\u202e", "ℹ️", "#"]
)
def test_a_post_without_words_is_empty(text):
    assert not has_words(text)
    assert reason_not_scored(text, "en", {"en"}) == "empty_text"


@pytest.mark.parametrize("text", ["ok", "#launch", "Привет", "@anna yes", "5 stars", "日本"])
def test_a_single_word_or_hashtag_is_not_empty(text):
    assert has_words(text)


@pytest.mark.parametrize(
    ("lang", "reason"),
    [
        ("en", None),
        ("EN", None),
        ("en-GB", None),
        ("en_US", None),
        ("fr", "language:fr"),
        ("pt-BR", "language:pt"),
        ("und", "language:und"),
        ("zxx", "language:zxx"),
        ("qme", "language:qme"),
        ("qht", "language:qht"),
        ("<script>", "language:unknown"),
        ("a" * 500, "language:unknown"),
    ],
)
def test_the_stated_language_decides_and_a_pseudo_code_is_a_language_no_model_knows(lang, reason):
    assert reason_not_scored("I think this is great", lang, {"en"}) == reason


@pytest.mark.parametrize("lang", [None, "", "  "])
def test_without_a_stated_language_only_a_text_that_looks_english_is_scored(lang):
    assert reason_not_scored("I think that this is great", lang, {"en"}) is None
    assert reason_not_scored("Creo que esto es genial", lang, {"en"}) == "language:unknown"
    assert reason_not_scored("Wunderbar!", lang, {"en"}) == "language:unknown"


def test_a_model_of_another_language_does_not_get_english_posts():
    assert reason_not_scored("I think that this is great", "en", {"de"}) == "language:en"
    assert reason_not_scored("I think that this is great", None, {"de"}) == "language:unknown"
    assert reason_not_scored("Das ist toll", "de", {"de"}) is None


def test_english_inside_a_link_or_a_handle_does_not_make_a_post_english():
    assert reason_not_scored("Muy bueno @the_and_are https://and.the/are", None, {"en"}) == "language:unknown"


@pytest.mark.parametrize("text", ["これは the です", "это the best всё", "", "12345"])
def test_a_text_of_another_script_is_not_english_even_with_an_english_word(text):
    assert not looks_english(text)
