"""Entities of a text by X's own rules."""

import pytest
import yaml

from orchestration.settings import REPOSITORY
from orchestration.sources import text_entities
from orchestration.sources.text_entities import cashtags, hashtags, key_of, links, mentions, normalised

CONFORMANCE = REPOSITORY.parent / "shared" / "data" / "twitter_text_conformance" / "extract.yml"
needs_conformance = pytest.mark.skipif(not CONFORMANCE.exists(), reason="the conformance cases of twitter-text are not here")

FINDERS = {
    "hashtags": hashtags,
    "hashtags_from_astral": hashtags,
    "mentions": mentions,
    "cashtags": cashtags,
    "urls": links,
    "tco_urls_with_params": links,
}
NAMES = {
    "hashtags_with_indices": (hashtags, "hashtag"),
    "mentions_with_indices": (mentions, "screen_name"),
    "mentions_or_lists_with_indices": (mentions, "screen_name"),
    "cashtags_with_indices": (cashtags, "cashtag"),
}


def conformance(section: str) -> list[dict]:
    return yaml.safe_load(CONFORMANCE.read_text(encoding="utf-8"))["tests"][section]


@needs_conformance
@pytest.mark.parametrize("section", FINDERS)
def test_every_case_of_twitter_text_is_answered_as_it_says(section):
    cases = conformance(section)
    wrong = [(case["text"], case["expected"], found) for case in cases if (found := FINDERS[section](case["text"])) != case["expected"]]
    assert cases and not wrong


@needs_conformance
@pytest.mark.parametrize("section", NAMES)
def test_the_cases_with_positions_find_the_same_names(section):
    finder, name = NAMES[section]
    for case in conformance(section):
        assert finder(case["text"]) == [each[name] for each in case["expected"]], case["text"]


@needs_conformance
@pytest.mark.parametrize("section", ["urls_with_indices", "urls_with_directional_markers"])
def test_links_are_found_where_they_stand(section):
    for case in conformance(section):
        found = [{"url": link, "indices": [start, end]} for link, start, end in text_entities.links_with_positions(case["text"])]
        assert found == case["expected"], case["text"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("＃ＡｕｒｏｒａＴｒａｉｌ today", ("auroratrail",)),
        ("#Straße #STRASSE", ("strasse",)),
        ("#Corre\u0301 #Corré", ("corré",)),
        ("#One, #two and #ONE", ("one", "two")),
        ("no#tag #123 #_ a&#39;b", ()),
        ("look https://example.com/#anchor", ()),
        ("#オーロラ #ｵｰﾛﾗ", ("オーロラ",)),
    ],
)
def test_hashtags_become_keys_that_a_person_would_call_the_same(text, expected):
    assert normalised(hashtags(text)) == expected


def test_a_key_has_no_sign_and_stays_itself():
    assert key_of("#Launch") == key_of(key_of("＃LAUNCH")) == "launch"
    assert key_of("$abc", upper=True) == "ABC"


def test_endless_text_is_read_in_reasonable_time():
    assert hashtags("a" * 50_000 + " #x") == ["x"]
    assert links("http" + "." * 20_000) == []
