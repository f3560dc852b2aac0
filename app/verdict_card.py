"""The card "Did the campaign work?": sentences that the numbers bear, and the numbers."""

from datetime import date

import pandas as pd
import streamlit as st

from app import data
from app.glossary import help_text
from app.states import nothing_here
from app.text import plain, tag_name
from orchestration.verdict import NAMES, PHASES, Row, shown, verdict

CONTROLS = {"none": "the days before", "competitors": "the competitors"}


def show(campaign_id: str, hashtag: str, start_day: date | None) -> None:
    """The verdict on the campaign, or on one hashtag of it."""
    rows = records(data.load("effects", campaign_id))
    mine = [row for row in rows if row["hashtag"] == hashtag]
    has_start = start_day is not None and not pd.isna(start_day)
    if hashtag != "*" and rows and not mine:
        nothing_here(f"{tag_name(hashtag)} is not followed, so nobody judged it.", "Followed hashtags stand first in the list above.")
        return
    sentences = verdict(rows, has_start=has_start, hashtag=hashtag)
    if not mine:
        nothing_here(sentences[0].text)
        return
    form = st.segmented_control("Form", ["Sentences", "Table"], default="Sentences", key="verdict", label_visibility="collapsed")
    if form == "Table":
        _table(mine)
    else:
        for sentence in sentences:
            if sentence.kind not in ("caution", "note"):
                st.text(plain(sentence.text))
    # Not only beside the sentences: a number in the table claims as much.
    st.caption(" ".join(sentence.text for sentence in sentences if sentence.kind in ("caution", "note")) or "No comparison could be made.")


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
