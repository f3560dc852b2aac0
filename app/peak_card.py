"""The peak card: which news explains a day, how strongly, and what that rests on. Text from outside stays text."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from app import data
from app.glossary import help_text
from app.made import Ask
from app.states import nothing_here
from app.text import day_name, named_in, number, plain, safe_url, spellings, tag_name
from orchestration.explained import sentences

SHOWN = 25
HOW_TO_READ = (
    "Words in « » are used more on this day than on ordinary days, by the posts and by the article. A story that fits is no proof of a cause: "
    "it fits better than the same articles fit ordinary days, each compared with as many posts."
)


def show(campaign_id: str, hashtag: str, peak: pd.Series | None) -> None:
    """The day of most engagement of the hashtag, or another day of the campaign that wants an explanation."""
    options = data.made(wanted, campaign_id, hashtag)
    if not options:
        nothing_here("No day of this campaign wants an explanation yet.", "Days are looked for by the run of the pipeline.")
        return
    of_hashtag, day = st.selectbox(
        "Day", options, format_func=lambda each: f"{day_name(each[1])}, {tag_name(each[0])}", key=f"peak-{campaign_id}-{hashtag}"
    )
    row = data.made(explanation, campaign_id, of_hashtag, day)
    if row is None:
        nothing_here("Nobody has compared this day with the news yet.", "Run the pipeline, then reload.")
        return
    captured = data.load("days", campaign_id, "*")
    for sentence in sentences(row, None if captured.empty else captured["day"].min()):
        st.text(sentence)
    if row["verdict"] == "no_articles" and isinstance(row["news_reason"], str):
        st.text(plain(row["news_reason"]))
    _story(row)
    _articles(campaign_id, row)


def wanted(ask: Ask, campaign_id: str, hashtag: str) -> list[tuple[str, date]]:
    """`choices` of the answer of `Marts.peak_days`, which `ask` asks for."""
    days = ask("peak_days", campaign_id)
    return [] if days.empty else choices(days, hashtag)


def explanation(ask: Ask, campaign_id: str, hashtag: str, day: date) -> dict[str, Any] | None:
    """The row of `Marts.explanations` of this day; None where it was not compared with the news."""
    found = ask("explanations", campaign_id)
    rows = [] if found.empty else found[(found["hashtag"] == hashtag) & (found["peak_day"] == day)].to_dict("records")
    return rows[0] if rows else None


def choices(days: pd.DataFrame, hashtag: str) -> list[tuple[str, date]]:
    """(hashtag, day): the hashtag's day of most engagement, its other days, then those of other hashtags; each in order of time."""
    ordered = days.assign(other=days["hashtag"] != hashtag, less=~days["is_most_engagement"].astype(bool))
    return [(row.hashtag, row.peak_day) for row in ordered.sort_values(["other", "less", "peak_day", "hashtag"]).itertuples()]


def _story(row: Mapping[str, Any]) -> None:
    if isinstance(row["headline"], str):
        when = f", {pd.Timestamp(row['headline_published_at']):%-d %b %H:%M} UTC" if pd.notna(row["headline_published_at"]) else ""
        st.text(f"“{plain(row['headline'], 200)}” ({plain(row['headline_source'], 60) or 'publication unknown'}{when})")
        texts = int(row["story_articles"])
        st.text(f"The story: {number(texts)} {'text' if texts == 1 else 'texts'} in {_publications(int(row['story_sources']))}.")
    if len(shared := [*row["shared_entities"], *row["shared_terms"]]):
        st.text(f"It shares with the posts: {spellings(shared[:15], 300)}.")
    elif len(row["day_terms"]):
        st.text(f"The posts of the day speak of: {spellings(row['day_terms'], 300)}.")


def _publications(count: int) -> str:
    return f"{number(count)} publication{'' if count == 1 else 's'}"


def _articles(campaign_id: str, row: Mapping[str, Any]) -> None:
    story = row["story_id"] if isinstance(row["story_id"], str) else None
    shown, said = data.made(compared, campaign_id, row["hashtag"], row["peak_day"], story)
    if shown.empty:
        return
    st.dataframe(
        shown,
        hide_index=True,
        height=min(38 * (len(shown) + 1), 320),
        column_config={
            "Story": st.column_config.TextColumn(width="small"),
            "Score": st.column_config.NumberColumn(format="%.2f", width="small", help=help_text("relevance")),
            "Headline": st.column_config.TextColumn(width="large"),
            "Published": st.column_config.DatetimeColumn(format="D MMM, HH:mm", timezone="UTC", width="small"),
            "Link": st.column_config.LinkColumn(display_text="open", width="small"),
        },
        alt=said,
    )
    st.caption(HOW_TO_READ)


def compared(ask: Ask, campaign_id: str, hashtag: str, day: date, story: str | None) -> tuple[pd.DataFrame, str]:
    """The articles compared with the posts of the day as a table, those of the best story first, and it in words. `story` is the id of the best."""
    articles = ask("evidence", campaign_id, hashtag, day)
    if articles.empty:
        return articles, ""
    ordered = articles.assign(other=articles["story_id"] != story).sort_values(["other", "article_rank"]).head(SHOWN).reset_index(drop=True)
    shown = pd.DataFrame(
        {
            "Story": ["best" if story is not None and each.story_id == story else "" for each in ordered.itertuples()],
            "Score": ordered["relevance"],
            "Headline": [marked(each.title, each.spans, "title") for each in ordered.itertuples()],
            "Shares with the posts": [spellings([*each.shared_entities, *each.shared_terms], 200) for each in ordered.itertuples()],
            "Source": [plain(each.source_name, 60) for each in ordered.itertuples()],
            "Published": pd.to_datetime(ordered["published_at"], utc=True),
            "Link": ordered["url"].map(safe_url),
        }
    )
    return shown, f"{named_in(len(articles), articles['source_name'].nunique())} compared with the posts of the day, those of the best story first."


def marked(text: object, spans: object, field: str, longest: int = 200) -> str:
    """The text with « » round the spans of this field, cut to `longest`; spans that do not fit the text are left out."""
    text = text if isinstance(text, str) else ""
    try:
        found = json.loads(spans) if isinstance(spans, str) else []
        places = sorted({(int(each["start"]), int(each["end"])) for each in found if each["field"] == field})
    except (ValueError, KeyError, TypeError):
        places = []
    said, at = "", 0
    for start, end in _joined(places):
        if at <= start < end <= len(text):
            said, at = f"{said}{text[at:start]}«{text[start:end]}»", end
    return plain(said + text[at:], longest)


def _joined(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places that overlap, as one: a pair of words and its words."""
    found: list[tuple[int, int]] = []
    for start, end in places:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
