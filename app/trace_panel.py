"""How a figure of the page comes about: its definition, the posts behind it, and the same figure counted again from them.

Nothing is asked of the warehouse before somebody opens it. Posts are named by their ids; no text of a post is in a trace.
"""

import io
from collections.abc import Callable, Sequence
from datetime import date

import pandas as pd
import streamlit as st

from app import data, files
from app.glossary import escaped
from app.states import guarded
from app.text import day_name, number, plain
from orchestration.export import write_csv
from orchestration.settings import Settings
from orchestration.tracing.figures import COLUMNS
from orchestration.tracing.measures import MEASURES
from orchestration.tracing.scope import Asked, TraceError
from orchestration.tracing.trace import Trace
from orchestration.tracing.words import about, lines_of

TITLE = "How this number comes about"
SHOWN = 20


def offer(label: str, measures: Sequence[str], campaign_id: str, hashtag: str, *, days: Sequence[date] = (), names: Sequence[str] = ()) -> None:
    """A button that opens the trace of these measures; `label` is our own words. Days and names are what can be chosen."""
    if st.button(label, key=f"trace-{measures[0]}", type="tertiary", icon=":material/search:"):
        _dialog(tuple(measures), campaign_id, hashtag, tuple(days), tuple(names))


@st.dialog(TITLE, width="large")
def _dialog(measures: tuple[str, ...], campaign_id: str, hashtag: str, days: tuple[date, ...], names: tuple[str, ...]) -> None:
    choose_and_show(measures, campaign_id, hashtag, days, names)


def choose_and_show(measures: Sequence[str], campaign_id: str, hashtag: str, days: Sequence[date], names: Sequence[str]) -> None:
    """What can be chosen, and the trace of what is."""
    measure = _one_of("Figure", measures, lambda name: MEASURES[name].title)
    name = _one_of("Name", names, lambda each: plain(each, 60)) if names else None
    has_days = days and MEASURES[measure].has_days and not MEASURES[measure].is_of_news
    day = st.selectbox("Day", (None, *days), format_func=_day, key=f"trace-day-{measures[0]}") if has_days else None
    with guarded(TITLE):
        show(Asked(campaign_id, measure, hashtag, day, name))


def show(asked: Asked) -> None:
    """The trace itself. Raises WarehouseError."""
    try:
        with st.spinner("Counting again from the posts ..."):
            found = data.trace(asked)
    except TraceError as error:
        st.text(plain(error))
        return
    figure, definition, *facts = about(found)
    for line in (figure, *lines_of(found)):
        st.text(plain(line))
    # Glossary, tables and hours hold no text from outside; a caption reads Markdown, so every mark is escaped all the same.
    st.caption(escaped(plain(" ".join([definition, *facts]), 3_000)))
    if not found.recount.parts:
        return
    table = _table(found)
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "Adds": st.column_config.NumberColumn(format="localized", width="small"),
            "Hour": st.column_config.DatetimeColumn(format="D MMM, HH:mm", timezone="UTC", width="small"),
        },
        alt=f"{len(table)} of {len(found.recount.parts)} {found.measure.parts[1]} behind the figure.",
    )
    listed, all_of_them = number(len(table)), number(len(found.recount.parts))
    st.caption(f"{listed} of {all_of_them} {found.measure.parts[1]}. Hours are UTC. A run opens in the Dagster UI, port {Settings().dagster_port}.")
    files.offer(
        st, "All of them as CSV", lambda: as_csv(found), campaign_id=asked.campaign_id, table="trace",
        asked={"measure": asked.measure, "hashtag": asked.hashtag, "day": asked.day, "name": asked.name}, file_name=f"trace-{asked.measure}.csv",
        key=f"trace-csv-{asked.measure}",
    )  # fmt: skip


def as_csv(found: Trace) -> bytes:
    """Every part of the figure; no cell is a formula to a spreadsheet."""
    file = io.BytesIO()
    write_csv(file, COLUMNS, [[tuple(getattr(part, column.name) for column in COLUMNS) for part in found.recount.parts]])
    return file.getvalue()


def _table(found: Trace) -> pd.DataFrame:
    parts = found.recount.parts[:SHOWN]
    table = pd.DataFrame(
        {
            "Id": [plain(part.id, 80) for part in parts],
            "Adds": [part.contribution for part in parts],
            "Hour": pd.to_datetime([part.hour for part in parts], utc=True),
            "Why": [plain(part.detail, 120) for part in parts],
            "Source": [plain(part.source, 40) for part in parts],
            "Captured by run": [plain(part.run_id, 80)[:8] for part in parts],
            "Decided by run": [plain(part.decided_by_run, 80)[:8] for part in parts],
            "Model": [_model(part.model_id, part.model_revision, part.code_version) for part in parts],
        }
    )
    # What is empty for all of them says nothing.
    return table[[name for name in table.columns if not table[name].isin(["", pd.NaT]).all()]]


def _model(model_id: str | None, revision: str | None, code: str | None) -> str:
    return plain(f"{model_id}, revision {revision}, code {code}", 120) if model_id else ""


def _one_of(label: str, values: Sequence[str], shown: Callable[[str], str]) -> str:
    if len(values) == 1:
        return values[0]
    return st.selectbox(label, values, format_func=shown, key=f"trace-{label}-{values[0]}")


def _day(day: date | None) -> str:
    return "All captured days" if day is None else day_name(day)
