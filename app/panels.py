"""A card of a page: title with its definition, chart and table of the same figures, a file of them, and what a reader must know of them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd
import streamlit as st

from app import charts, data, files
from app.download import csv_of
from app.frame import View
from app.glossary import help_text
from app.states import guarded

TABLE = "Table"
SHARE = "%.1f%%"


@dataclass(frozen=True)
class Shown:
    """What a card shows. `said` is the chart in words, from the data; `notes` stand under it.

    `forms` are the charts by name (the first is shown first): each a function of the frame and of what follows it in `chart` arguments.
    `raw` is the table as it goes into the file, when that is another than the one on the page; `after` draws the end of the card.
    `asked` are choices of the card itself, and `of_campaign` is False where its rows are of no campaign: so the audit says it of the file.
    """

    table: pd.DataFrame
    said: str
    notes: str = ""
    forms: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    raw: pd.DataFrame | None = None
    table_height: int | Literal["content"] | None = None
    row_height: int | None = None
    after: Callable[[], None] | None = None
    asked: Mapping[str, object] = field(default_factory=dict)
    of_campaign: bool = True


def palette() -> charts.Palette:
    return charts.palette(st.context.theme.type)


def draw(chart: Callable[..., Any], *arguments: Any, said: str, key: str | None = None) -> None:
    """The chart, with its words for those who do not see it. Its specification is cached: to make one takes longer than to send it."""
    st.vega_lite_chart(spec=data.specification(chart, *arguments), alt=said, theme=None, width="stretch", key=key)


@contextmanager
def card(title: str, key: str, said: str | None = None) -> Iterator[Any]:
    """A bordered card with a heading, which is our own words; gives the place beside the heading. Whatever goes wrong inside stays inside."""
    with st.container(border=True, key=f"panel-{key}"):
        head = st.container(horizontal=True, vertical_alignment="center", gap="small")
        head.header(title, help=said, anchor=False, width="stretch")
        with guarded(title):
            yield head


def panel(view: View, title: str, key: str, body: Callable[[], Shown], *, term: str | None = None, help_more: str = "") -> None:
    """The card. `title` is our own words; whatever goes wrong in `body` is said in this card alone. `term` is a name of the glossary."""
    said = help_text(term, *filter(None, [help_more])) if term else help_more or None
    with card(title, key, said) as head:
        shown = body()
        form = TABLE
        if shown.forms:
            names = [*shown.forms, TABLE]
            form = head.segmented_control(
                f"Form of {title}",
                names,
                default=names[0],
                key=f"form-{key}",
                label_visibility="collapsed",
                required=True,
            )
        _offer_file(view, title, key, shown, head)
        if form == TABLE:
            _table(shown)
        else:
            shown.forms[form]()
        if shown.notes:
            st.caption(shown.notes)
        if shown.after:
            shown.after()


def _offer_file(view: View, title: str, key: str, shown: Shown, place: Any) -> None:
    raw, whose = shown.table if shown.raw is None else shown.raw, f"{view.campaign_id}-" if shown.of_campaign else ""

    def make() -> bytes:
        return csv_of(raw, {"table": title, **(view.about() if shown.of_campaign else {})})

    files.offer(
        place, "CSV", make, campaign_id=view.campaign_id if shown.of_campaign else None, table=key,
        asked={**(view.asked if shown.of_campaign else {}), **shown.asked}, file_name=f"{whose}{key}.csv", key=f"csv-{key}", icon=":material/download:",
        help=f"The figures of “{title}” as a file",
    )  # fmt: skip


def _table(shown: Shown) -> None:
    shares = [name for name in shown.table.columns if _is_share(shown.columns.get(name))]
    st.dataframe(
        shown.table.assign(**{name: 100 * shown.table[name].astype("Float64") for name in shares}),
        hide_index=True,
        column_config=dict(shown.columns),
        alt=shown.said,
        height="auto" if shown.table_height is None else shown.table_height,
        row_height=shown.row_height,
    )


def share_column(label: str, term: str | None = None) -> Any:
    """For shares between 0 and 1: Streamlit's own per cent have no steady number of digits."""
    return number_column(label, term, SHARE)


def _is_share(column: Any) -> bool:
    return isinstance(column, dict) and (column.get("type_config") or {}).get("format") == SHARE


def number_column(label: str, term: str | None = None, form: str = "localized") -> Any:
    return st.column_config.NumberColumn(label, format=form, help=help_text(term) if term else None)
