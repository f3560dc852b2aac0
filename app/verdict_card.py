"""The card "Did the campaign work?": sentences that the numbers bear, and the numbers."""

from datetime import date

import pandas as pd
import streamlit as st

from app import data, trace_panel
from app.glossary import help_text
from app.made import Ask
from app.states import guarded, nothing_here
from app.text import plain, tag_name
from orchestration.tracing.measures import MEASURES
from orchestration.verdict import NAMES, PHASES, Figure, Row, Sentence, shown, verdict

WHERE_FROM = "Where these numbers come from"
# Columns of marts.campaign_effects that stand in sentences: what each is, and its term of the glossary (`value` is the measure itself).
SAID = {
    "value": ("what it was", None),
    "baseline": ("what was expected", "baseline"),
    "change": ("change", "effect"),
    "low": ("change, least of its interval", "effect_low"),
    "high": ("change, most of its interval", "effect_low"),
    "relative_change": ("change, as a share of what was expected", "relative_effect"),
    "relative_low": ("that share, least of its interval", "effect_low"),
    "relative_high": ("that share, most of its interval", "effect_low"),
}
CONTROLS = {"none": "the days before", "competitors": "the competitors"}


def show(campaign_id: str, hashtag: str, start_day: date | None) -> None:
    """The verdict on the campaign, or on one hashtag of it."""
    rows, mine, sentences = data.made(judged, campaign_id, hashtag, start_day is not None and not pd.isna(start_day))
    if hashtag != "*" and rows and not mine:
        nothing_here(f"{tag_name(hashtag)} is not followed, so nobody judged it.", "Followed hashtags stand first in the list above.")
        return
    if not mine:
        nothing_here(sentences[0].text)
        return
    form = st.segmented_control("Form", ["Sentences", "Table"], default="Sentences", key="verdict", label_visibility="collapsed")
    if form == "Table":
        _table(mine)
    else:
        for place, sentence in enumerate(sentences):
            if sentence.kind not in ("caution", "note"):
                _sentence(sentence, f"verdict-trace-{place}", campaign_id, hashtag)
    # Not only beside the sentences: a number in the table claims as much.
    st.caption(" ".join(sentence.text for sentence in sentences if sentence.kind in ("caution", "note")) or "No comparison could be made.")


def judged(ask: Ask, campaign_id: str, hashtag: str, has_start: bool) -> tuple[list[Row], list[Row], list[Sentence]]:
    """Rows of `Marts.effects`, those of the hashtag, and the sentences that they bear."""
    rows = records(ask("effects", campaign_id))
    return rows, [row for row in rows if row["hashtag"] == hashtag], verdict(rows, has_start=has_start, hashtag=hashtag)


def _sentence(sentence: Sentence, key: str, campaign_id: str, hashtag: str) -> None:
    if not sentence.figures:
        st.text(plain(sentence.text))
        return
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        st.text(plain(sentence.text), width="stretch")
        if st.button("Trace", key=key, type="tertiary", icon=":material/search:", help=WHERE_FROM):
            _dialog(sentence.figures, campaign_id, hashtag)


@st.dialog(WHERE_FROM, width="large")
def _dialog(figures: tuple[Figure, ...], campaign_id: str, hashtag: str) -> None:
    explain(figures, campaign_id, hashtag)


def explain(figures: tuple[Figure, ...], campaign_id: str, hashtag: str) -> None:
    """Each figure of a sentence with what it is, and the trace of the measures: what was before, during and after are means or ratios of its days."""
    for figure in figures:
        said, term = SAID[figure.column]
        name = NAMES[figure.measure][0]
        against = " against the competitors" if figure.control == "competitors" else ""
        st.text(f"{figure.text}  ·  {name}{against}, {PHASES[figure.phase]}: {said}", help=help_text(term or figure.measure))
    measures = [measure for measure in dict.fromkeys(figure.measure for figure in figures) if measure in MEASURES]
    st.caption("They stand in marts.campaign_effects, made of the measure's days. The posts behind these days:" if measures else
               "They stand in marts.campaign_effects, made of the days of all members of the set. No trace counts those again.")  # fmt: skip
    with guarded(WHERE_FROM):
        if measures:
            trace_panel.choose_and_show(measures, campaign_id, hashtag, list(data.load("days", campaign_id, hashtag)["day"]), [])


def records(frame: pd.DataFrame) -> list[Row]:
    """Rows with None for what is unknown: a frame makes NaN of it, which is neither above nor below 0."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records") if not frame.empty else []


def _table(rows: list[Row]) -> None:
    table = pd.DataFrame(
        {
            "Measure": [NAMES[row["measure"]][0] for row in rows],
            "When": [PHASES[row["phase"]] for row in rows],
            "Against": [CONTROLS[row["control"]] for row in rows],
            "Was": [_cell(row, "value") for row in rows],
            "Expected": [_cell(row, "baseline") for row in rows],
            "Change": [_cell(row, "change") for row in rows],
            "95 % interval": [_interval(row) for row in rows],
            "Days before": [row["days_before"] for row in rows],
            "Why not": [plain(row["not_comparable_because"] or "") for row in rows],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "Expected": st.column_config.TextColumn(help=help_text("baseline")),
            "Change": st.column_config.TextColumn(help=help_text("effect")),
            "95 % interval": st.column_config.TextColumn(help=help_text("effect_low")),
            "Against": st.column_config.TextColumn(help=help_text("control")),
            "Why not": st.column_config.TextColumn(width="large"),
        },
        alt=f"{len(rows)} comparisons with the days before the campaign.",
    )


def _cell(row: Row, column: str) -> str:
    value = row[column]
    return "–" if value is None else shown(float(value), row["unit"], row["measure"], signed=column not in ("value", "baseline"))


def _interval(row: Row) -> str:
    return "–" if row["low"] is None or row["high"] is None else f"{_cell(row, 'low')} to {_cell(row, 'high')}"
