"""What the news said around the day of most engagement, and who and where it names."""

import pandas as pd
import streamlit as st

from app import charts, data, frame, parts, shaping
from app.frame import View
from app.news_text import news_sentence
from app.panels import Shown, draw, number_column, palette, panel
from app.states import Nothing, State
from app.text import counted, day_name, named_in, number, plain, safe_url, spellings

REFUSED = {"rate_limited", "unavailable_plan_window", "failed"}


def show(view: View) -> None:
    view.ahead(("articles",), ("organizations",), ("locations",))
    frame.header(view, "News")
    panel(
        view,
        "Articles around the peak",
        "articles",
        lambda: _articles(view),
        help_more="Articles of the day of most engagement and the days beside it.",
    )
    left, right = st.columns(2)
    with left:
        panel(view, "Organisations", "organizations", lambda: _names(view, "organizations"), term="entity_articles")
    with right:
        panel(view, "Places", "locations", lambda: _names(view, "locations"), term="entity_articles")


def _found(view: View) -> pd.DataFrame:
    articles = data.load("articles", view.campaign_id, view.hashtag)
    if not articles.empty:
        return articles
    status = data.load("news_status", view.campaign_id, view.hashtag)
    if status.empty:
        raise Nothing(
            "Nobody looked for news of this hashtag: it is not followed.",
            "Followed hashtags stand first in the list.",
            State.FILTERED,
        )
    known = status.iloc[0]
    state = State.REFUSED if known["status"] in REFUSED else State.NOT_RUN if known["status"] in {"not_asked", "too_fresh"} else State.NO_DATA
    raise Nothing(f"{news_sentence(known)} {plain(known['reason'])}", None, state)


def _articles(view: View) -> Shown:
    articles = _found(view)
    shared = articles["matched_terms"].map(lambda terms: spellings([] if terms is None else list(terms)))
    table = pd.DataFrame(
        {
            "Published": shaping.local(articles["published_at"], view.shown_zone),
            "Headline": articles["title"].map(lambda title: plain(title, 200)),
            "Source": articles["source_name"].map(lambda name: plain(name, 60)),
            "Shares with the campaign": shared,
            "Link": articles["url"].map(safe_url),
        }
    )
    columns = {
        "Published": st.column_config.DatetimeColumn(format="D MMM, HH:mm", width="small"),
        "Headline": st.column_config.TextColumn(width="large"),
        "Link": st.column_config.LinkColumn(display_text="open", width="small"),
    }
    sources = articles["source_name"].nunique()
    day = day_name(articles.iloc[0]["peak_day"])
    said = f"{named_in(len(articles), sources)} around {day}, those first that share most terms with the campaign."
    return Shown(
        table,
        said,
        f"{said} Times in {view.shown_zone}. Near in time is no proof of a cause.",
        columns=columns,
        table_height=min(34 * (len(table) + 1), 420),
        after=lambda: parts.trace(view, ["articles"], "How articles are counted"),
    )


def _names(view: View, what: str) -> Shown:
    articles = _found(view)
    names = data.load(what, view.campaign_id, view.hashtag)
    if names.empty:
        raise Nothing("No article names an organisation." if what == "organizations" else "No article names a place.")
    table = pd.DataFrame(
        {
            "Name": names["name"].map(lambda name: plain(name, 60)),
            "Articles": names["articles"],
            "Sources": names["sources"],
            "Written": names["surface_forms"].map(spellings),
        }
    )
    said = "By articles: " + "; ".join(f"{row.Name}, {named_in(row.Articles, row.Sources)}" for row in table.itertuples()) + "."
    columns = {
        "Articles": number_column("Articles", "entity_articles"), "Sources": number_column("Sources", "entity_sources"),
        "Written": st.column_config.TextColumn(width="large"),
    }  # fmt: skip

    def chart() -> None:
        draw(charts.ranked, table[["Name", "Articles", "Sources"]], "Name", "Articles", "Articles", palette(), said=said)
        _behind(what, names, articles)

    measure, named = ("organization", "an organisation") if what == "organizations" else ("location", "a place")
    return Shown(
        table,
        said,
        forms={"Chart": chart},
        columns=columns,
        after=lambda: parts.trace(view, [measure], f"How articles with {named} are counted", names=list(names["name"])),
    )


def _behind(what: str, names: pd.DataFrame, articles: pd.DataFrame) -> None:
    """The articles that name the chosen one."""
    chosen = st.selectbox("Articles that name", list(names["name"]), format_func=lambda name: plain(name, 60), key=f"behind-{what}")
    row = names[names["name"] == chosen].iloc[0]
    st.text(f"{named_in(row['articles'], row['sources'])}; written {spellings(row['surface_forms'])}.")
    found = articles[articles["article_id"].isin(list(row["article_ids"]))]
    shown = pd.DataFrame(
        {
            "Headline": found["title"].map(lambda title: plain(title, 200)),
            "Source": found["source_name"].map(lambda name: plain(name, 60)),
            "Link": found["url"].map(safe_url),
        }
    )
    st.dataframe(
        shown, hide_index=True, alt=f"{number(len(shown))} articles with the name.", height=min(38 * (len(shown) + 1), 200),
        column_config={"Headline": st.column_config.TextColumn(width="large"), "Link": st.column_config.LinkColumn(display_text="open", width="small")},
    )  # fmt: skip
    if len(found) < row["articles"]:
        st.caption(f"{number(row['articles'] - len(found))} more stand below the {counted(len(articles), 'article')} listed above.")


show(frame.current())
