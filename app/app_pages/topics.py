"""What the posts are about: words, pairs of words, hashtags, and the posts that have a word."""

import pandas as pd
import streamlit as st

from app import charts, data, frame, parts, post_table
from app.frame import View
from app.panels import Shown, draw, number_column, palette, panel
from app.shaping import merge_names
from app.states import Nothing, State, nothing_here
from app.text import counted, number, plain, tag_name

WORDS, PAIRS, BARS = 150, 50, 20


def show(view: View) -> None:
    view.ahead(("words", WORDS, *view.period), ("bigrams", PAIRS, *view.period))
    data.ahead(("hashtag_totals", view.campaign_id, *view.period))
    frame.header(view, "Topics")
    panel(
        view,
        "Words",
        "words",
        lambda: _words(view),
        help_more="Distinct texts with the word: a post, its reposts and copies are one. Stop words, links and handles are left out.",
    )
    left, right = st.columns(2)
    with left:
        panel(
            view,
            "Pairs of words",
            "bigrams",
            lambda: _bigrams(view),
            help_more="Two words side by side; distinct texts with the pair.",
        )
    with right:
        panel(view, "Hashtags", "hashtags", lambda: _hashtags(view), term="hashtag")
    panel(view, "Posts with a word", "word-posts", lambda: _posts(view), term="engagement")


def _known_words(view: View) -> pd.DataFrame:
    words = data.load("words", view.campaign_id, view.hashtag, WORDS, *view.period)
    # The followed hashtags are the question, not the answer.
    return words[~words["word"].isin(view.followed)] if not words.empty else words


def _words(view: View) -> Shown:
    words = _known_words(view)
    if words.empty:
        raise Nothing(f"Too few posts of these days carry {tag_name(view.hashtag)} for words of its own.", "A hashtag's day needs ten original posts.",
                      State.NO_DATA if view.is_whole else State.FILTERED)  # fmt: skip
    table = pd.DataFrame({"Word": words["word"].map(lambda word: plain(word, 40)), "Posts": words["posts"]})
    said = "Words of most posts: " + ", ".join(f"{row.Word} {number(row.Posts)}" for row in table.head(10).itertuples()) + "."
    forms = {
        "Cloud": lambda: _cloud(words, said),
        "Bars": lambda: draw(charts.ranked, table.head(BARS), "Word", "Posts", "Original posts", palette(), said=said),
    }
    return Shown(
        table,
        said,
        "Size and bars by the number of original posts with the word; the followed hashtags are left out.",
        forms,
        {"Posts": number_column("Posts")},
        table_height=420,
        after=lambda: parts.trace(view, ["word"], "How posts with a word are counted", names=list(words["word"])),
    )


def _cloud(words: pd.DataFrame, said: str) -> None:
    image = data.cloud(tuple((row.word, int(row.posts)) for row in words.itertuples()), palette() is charts.DARK)
    if image is None:
        nothing_here("These words need a font that this machine lacks.", "The bars show them.")
        return
    st.image(image, width="stretch", alt=said)


def _bigrams(view: View) -> Shown:
    pairs = data.load("bigrams", view.campaign_id, view.hashtag, PAIRS, *view.period)
    if pairs.empty:
        raise Nothing(
            "No pair of words stands in enough posts of these days.",
            "Choose more days.",
            State.NO_DATA if view.is_whole else State.FILTERED,
        )
    table = pd.DataFrame({"Pair": pairs["bigram"].map(lambda pair: plain(pair, 60)), "Posts": pairs["posts"]})
    said = "Pairs of words of most posts: " + ", ".join(f"{row.Pair} {number(row.Posts)}" for row in table.head(5).itertuples()) + "."
    return Shown(table, said, forms={"Chart": lambda: draw(charts.ranked, table.head(15), "Pair", "Posts", "Original posts", palette(), said=said)},
                 columns={"Posts": number_column("Posts")}, table_height=420)  # fmt: skip


def _hashtags(view: View) -> Shown:
    totals = data.load("hashtag_totals", view.campaign_id, *view.period)
    if totals.empty:
        raise Nothing(
            "No post of these days has a hashtag.",
            "Choose more days.",
            State.NO_DATA if view.is_whole else State.FILTERED,
        )
    table = pd.DataFrame(
        {
            "Hashtag": totals["hashtag"].map(tag_name),
            "Posts": totals["posts"],
            "Engagement": totals["engagement"],
            "Followed": totals["hashtag"].isin(view.followed),
        }
    )
    said = "Hashtags of most posts: " + merge_names([f"{row.Hashtag} {number(row.Posts)}" for row in table.itertuples()], 5) + "."
    columns = {"Posts": number_column("Posts", "posts"), "Engagement": number_column("Engagement", "engagement")}
    return Shown(table, said, forms={"Chart": lambda: draw(charts.ranked, table[["Hashtag", "Posts", "Engagement"]].head(15), "Hashtag", "Posts", "Posts", palette(), said=said)},
                 columns=columns, table_height=420)  # fmt: skip


def _posts(view: View) -> Shown:
    known = list(_known_words(view)["word"]) if not _known_words(view).empty else []
    if not known:
        raise Nothing("There are no words to choose from in these days.", "Choose more days.", State.FILTERED)
    word = st.selectbox("Word", known, format_func=lambda each: plain(each, 40), key="word", bind="query-params", width=280)
    posts = data.load("posts_with", view.campaign_id, view.hashtag, word, *view.period)
    if posts.empty:
        raise Nothing(
            f"No original post of these days has “{plain(word, 40)}” in its cleaned text.",
            "Choose another word.",
            State.FILTERED,
        )
    said = f"{counted(len(posts), 'original post')} with the chosen word, those of most engagement; equal texts once."
    return Shown(
        post_table.short(posts),
        said,
        said,
        columns=post_table.columns(),
        raw=post_table.table(posts),
        table_height=420,
        row_height=post_table.TWO_LINES,
        asked={"word": word},
    )


show(frame.current())
