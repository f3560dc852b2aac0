"""Each figure of a verdict's sentence can be followed: over every template of a sentence."""

import re

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app import data
from app.verdict_card import SAID, records
from orchestration.tracing.scope import TraceError
from orchestration.verdict import NAMES, verdict
from tests.app.conftest import ANSWERS
from tests.app.conftest import said as words

BASE = records(pd.DataFrame(ANSWERS["effects"]))[0]
UNKNOWN = {"low": None, "high": None, "direction": "unknown", "not_comparable_because": "Too few days."}
NOTHING = UNKNOWN | {"baseline": None, "change": None, "relative_change": None, "relative_low": None, "relative_high": None}
TEMPLATES = {
    "rose": {},
    "fell": {"direction": "fell", "change": -50.0, "low": -80.0, "high": -20.0},
    "not clear": {"direction": "not_clear", "low": -20.0},
    "clear alone": {"direction": "not_clear"},
    "no shares": {"relative_low": None, "relative_high": None},
    "unknown beside an expectation": UNKNOWN,
    "nothing expected": NOTHING,
    "against competitors": {"control": "competitors"},
    "share of voice": {"measure": "share_of_voice", "unit": "ratio", "value": 0.4, "baseline": 0.3},
    "after": {"phase": "after"},
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_number_of_a_sentence_is_a_figure_that_can_be_explained(template):
    for measure in NAMES if "measure" not in TEMPLATES[template] else ["share_of_voice"]:
        sentences = verdict([BASE | {"measure": measure} | TEMPLATES[template]], has_start=True)
        (told,) = [sentence for sentence in sentences[1:] if sentence.figures]
        rest = told.text
        for figure in told.figures:
            assert figure.column in SAID and figure.text in rest
            rest = rest.replace(figure.text, "", 1)
        # The level of the interval, the days before, and how many were judged at once are no figures of the campaign.
        assert set(re.findall(r"\d+", rest)) <= {"95", "28", "2"}, rest


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_card_opens_what_stands_behind_a_sentence(site, monkeypatch, template):
    asked = []

    def traced(warehouse, one):
        asked.append(one.measure)
        return TraceError("Nothing was captured.")

    def refused(warehouse, one):
        raise traced(warehouse, one)

    monkeypatch.setattr(data, "traced", refused)
    row = BASE | TEMPLATES[template]
    page: AppTest = site(effects={name: [value] for name, value in row.items()})
    (button,) = [each for each in page.button if (each.key or "").startswith("verdict-trace-")]
    assert asked == []
    page = button.click().run()
    assert not page.exception and "marts.campaign_effects" in words(page).replace("\\", "")
    assert asked == [row["measure"]]
