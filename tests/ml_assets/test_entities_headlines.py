"""The command that reads invented headlines in three settings."""

import json
import subprocess
import sys

import pytest

from ml_assets.entities import headlines
from ml_assets.entities.known import known_name
from ml_assets.entities.names import name_of
from ml_assets.labelled import DataError, read_rows
from orchestration.settings import REPOSITORY


def rows():
    return read_rows(headlines.HEADLINES, headlines._fits, headlines.NEEDED)


def test_there_are_enough_headlines_and_none_twice():
    texts = [row["headline"] for row in rows()]
    assert len(texts) == len(set(texts)) >= 60
    assert sum(not row["organizations"] and not row["places"] for row in rows()) >= 2, "some headlines name nothing"


def test_what_is_expected_is_the_name_that_the_page_would_show():
    for row in rows():
        for key, label in headlines.LABELS.items():
            for name in row[key]:
                assert name_of(label, name) == (label, name), row
                # And it stands in the headline, or an alias of it does.
                assert name.casefold() in row["headline"].casefold() or known_name(label, name), row


def test_the_settings_are_made_from_the_sentence():
    made = {name: written("Oslo's McDonald opens near the U.S. embassy") for name, written in headlines.SETTINGS.items()}
    assert made == {
        "sentence_case": "Oslo's McDonald opens near the U.S. embassy",
        "title_case": "Oslo's McDonald Opens Near The U.S. Embassy",
        "all_caps": "OSLO'S MCDONALD OPENS NEAR THE U.S. EMBASSY",
    }


def test_a_name_counts_once_per_headline_and_label_and_only_where_it_is_expected():
    """Four expected, five found, three of them right: 3/5 and 3/4, f1 2/3. ORG: one of one found, of two expected; LOC: two of four, of two."""
    expected = {(0, "ORG", "google"), (0, "LOC", "oslo"), (1, "LOC", "oslo"), (1, "ORG", "bbc")}
    found = {(0, "ORG", "google"), (0, "LOC", "oslo"), (1, "LOC", "oslo"), (1, "LOC", "bbc"), (2, "LOC", "oslo")}
    assert headlines.figures(expected, found) == {
        "all": {"precision": 0.6, "recall": 0.75, "f1": 0.6667},
        "ORG": {"precision": 1.0, "recall": 0.5, "f1": 0.6667},
        "LOC": {"precision": 0.5, "recall": 1.0, "f1": 0.6667},
    }


def test_nothing_found_is_no_division_by_nothing():
    assert headlines.figures({(0, "ORG", "google")}, set())["all"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0}


@pytest.mark.full
def test_the_command_prints_three_settings_of_the_shipped_model():
    """Lower limits only, far below the measured figures: models change. Sentence case is what most newspapers write."""
    asked = [sys.executable, "-W", "ignore", "-m", "ml_assets.entities.headlines"]
    done = subprocess.run(asked, cwd=REPOSITORY, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert list(printed["settings"]) == ["sentence_case", "title_case", "all_caps"] and printed["headlines"] == len(rows())
    for of_setting in printed["settings"].values():
        assert all(set(of_setting[part]) == {"precision", "recall", "f1"} for part in ("all", "ORG", "LOC"))
        assert of_setting["all"]["recall"] > 0
    sentence_case = printed["settings"]["sentence_case"]["all"]
    assert sentence_case["recall"] >= 0.5 and sentence_case["precision"] >= 0.5


def test_a_line_of_another_shape_is_named(tmp_path):
    file = tmp_path / "mine.jsonl"
    file.write_text('{"headline": "Oslo", "organizations": []}\n')
    with pytest.raises(DataError, match=r"mine\.jsonl, line 1: needed is \"headline\""):
        headlines.evaluate(file, "/no/such/model")
