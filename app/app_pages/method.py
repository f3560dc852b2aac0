"""Where the numbers come from, what they mean, what they cost, and what is not known."""

import pandas as pd
import streamlit as st

from app import charts, data, frame, spend
from app.frame import HERE, View
from app.glossary import all_terms
from app.panels import Shown, card, draw, number_column, palette, panel, share_column
from app.states import Nothing, guarded
from app.text import demoted, number, percent, plain

LINEAGE = HERE.parent / "docs" / "images" / "lineage.svg"
CARDS = {"Sentiment": HERE.parent / "docs" / "sentiment.md", "Names in news": HERE.parent / "docs" / "entities.md"}
NOT_KNOWN = (
    "Engagement is known of original posts alone, and only as their source gave it: X's free archives hold the last observation, not its course.",
    "An hour that was capped keeps its first posts: what came after the cap is counted, and nothing else is known of it.",
    "A label of the sentiment model differs from a person's about three times in ten. Intervals are of sampling; the model's own error is corrected only "
    "where a team has labelled posts of the campaign.",
    "Languages that the model does not read are kept and not scored; shares are of the scored posts.",
    "Names are read from headline and standfirst. News near a peak in time and words is no proof that it caused the peak.",
    "Authors are pseudonyms. Nobody's account is shown, and no judgement is made whether an account is automated.",
)


def show(view: View) -> None:
    frame.header(view, "Data & method")
    panel(view, "What was captured", "coverage", lambda: _coverage(view), term="coverage")
    panel(
        view,
        "Models that labelled",
        "models",
        lambda: _models(view),
        help_more="Each row of the marts names the model that decided.",
    )
    with guarded("What the reading cost"):
        spend.show(view.campaign_id)
    with card("What is not known", "unknown"):
        for sentence in (*_of_this_campaign(view), *NOT_KNOWN):
            st.text(f"•  {sentence}")
    panel(
        view,
        "Definitions",
        "glossary",
        _glossary,
        help_more="One definition for the page, the API and the marts: dbt's doc blocks.",
    )
    with card("From source to figure", "lineage"), guarded("The picture of the tables"):
        if not LINEAGE.exists():
            raise Nothing(
                "The picture of the tables is not installed here.",
                "It is docs/images/lineage.svg of the repository.",
            )
        st.image(
            str(LINEAGE),
            width="stretch",
            alt="Tables of Campaign Pulse and what each is made from: sources, raw tables, models, marts, this site.",
        )
    with card("Model cards", "cards"):
        for name, file in CARDS.items():
            with st.expander(name), guarded(name):
                # Our own documentation.
                st.markdown(demoted(file.read_text(encoding="utf-8")) if file.exists() else "It stands in the repository's docs folder.")


def _of_this_campaign(view: View) -> list[str]:
    notes = view.capture["notes"]
    return [plain(notes)] if isinstance(notes, str) and notes else []


def _coverage(view: View) -> Shown:
    days = view.shown_days[["day", "captured", "counted", "coverage"]]
    known = days.dropna(subset=["coverage"])
    capture = view.capture
    notes = (
        f"{number(capture['captured'])} posts captured of {number(capture['counted'])} counted in {number(capture['hours'])} hours, by {number(capture['runs'])} "
        f"Dagster runs; last change {pd.Timestamp(capture['loaded_at']):%Y-%m-%d %H:%M} UTC, of the whole campaign."
    )
    columns = {"day": st.column_config.DateColumn("Day", format="YYYY-MM-DD"), "captured": number_column("Captured", "captured"),
               "counted": number_column("Counted", "counted"), "coverage": share_column("Coverage", "coverage")}  # fmt: skip
    if known.empty:
        return Shown(days, "Coverage is unknown: nobody counted the posts.", notes, columns=columns)
    low = known.loc[known["coverage"].idxmin()]
    said = f"Coverage by day: lowest {percent(low['coverage'])} on {low['day']}."
    return Shown(
        days,
        said,
        f"{said} {notes}",
        {"Chart": lambda: draw(charts.coverage_by_day, days, palette(), said=said)},
        columns,
    )


def _models(view: View) -> Shown:
    models = data.load("models", view.campaign_id)
    if models.empty:
        raise Nothing("No post of this campaign has been scored yet.", "Run the pipeline; the first run loads the model.")
    table = pd.DataFrame(
        {
            "Model": models["model_id"].map(lambda name: plain(name, 80)),
            "Revision": models["model_revision"].map(lambda name: plain(name, 40)),
            "Posts": models["posts"],
        }
    )
    return Shown(
        table,
        f"{len(table)} models labelled the posts of this campaign.",
        columns={"Posts": number_column("Posts", "scored")},
    )


def _glossary() -> Shown:
    table = pd.DataFrame(all_terms(), columns=["Name", "Definition", "Formula"])
    table["Name"] = table["Name"].str.replace("_", " ").str.capitalize()
    wide = st.column_config.TextColumn(width="large")
    return Shown(table, f"{len(table)} definitions.", columns={"Definition": wide, "Formula": wide}, table_height=420)


show(frame.current())
