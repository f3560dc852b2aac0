"""The lineage page and its picture: current, complete, readable, and the same each time."""

import itertools
import os
import re
import xml.etree.ElementTree as ET

import pytest

from orchestration.dbt.lineage import (
    COLUMNS,
    HOURLY_MARTS,
    MODELS,
    RAW,
    READERS,
    SOURCES,
    documents,
    join,
)
from orchestration.dbt.lineage_picture import BOX, WIDTH, draw

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    os.environ["PULSE_HOME"] = str(tmp_path_factory.mktemp("lineage"))
    try:
        from orchestration.dbt.lineage import lineage

        yield lineage()
    finally:
        del os.environ["PULSE_HOME"]


@pytest.mark.full
def test_page_and_picture_are_what_make_docs_makes(graph):
    for file, made in documents().items():
        assert file.read_text(encoding="utf-8") == made, f"{file.name} is out of date. Run:  make docs"


def test_every_asset_stands_in_it_and_every_page(graph):
    from orchestration.dbt.assets import manifest
    from orchestration.definitions import defs

    datasets = {"raw", "staging", "intermediate", "ml", "marts", "published"}
    tables = {".".join(key.path) for key in defs.resolve_asset_graph().get_all_asset_keys() if key.path[0] in datasets}
    pages = {exposure["label"] or exposure["name"] for exposure in manifest()["exposures"].values()}
    assert {node.name for node in graph.nodes if node.column != SOURCES} == tables | pages


def test_every_table_comes_from_somewhere_and_all_that_is_read_is_there(graph):
    fed = {child for _, child in graph.edges}
    # Words, lists and models that stand in the project itself.
    within = {node.name for node in graph.nodes if node.column != SOURCES and node.name not in fed}
    assert within == {"intermediate.stop_words", "intermediate.entity_names", "ml.models.entities", "ml.models.sentiment"}


def test_the_way_of_a_post_and_of_an_article_can_be_followed(graph):
    edges = set(graph.edges)
    for way in (
        ("X", "raw.tweets", "staging.stg_x__tweets", "intermediate.int_tweets_deduplicated"),
        ("ml.tweet_sentiment", "staging.stg_ml__tweet_sentiment", "marts.tweets"),
        ("marts.hashtag_peaks", "marts.peak_days", "raw.news_articles", "ml.article_entities", "staging.stg_ml__article_entities", "marts.top_locations"),
        ("marts.engagement_hourly", "ml.detected_peaks", "staging.stg_ml__detected_peaks", "marts.peaks", "marts.peak_days"),
        ("intermediate.entity_names", "marts.top_locations"),
        ("marts.hashtag_peaks", "published.figures"),
    ):
        for edge in itertools.pairwise(way):
            assert edge in edges, edge


def test_columns_follow_the_layers(graph):
    columns = {node.name: node.column for node in graph.nodes}
    assert columns["raw.tweets"] == RAW and columns["staging.stg_ml__tweet_sentiment"] == columns["ml.tweet_sentiment"] == MODELS
    assert columns["marts.engagement_daily"] == HOURLY_MARTS and columns["published.figures"] == READERS


def boxes(svg):
    """(name, x, y, width) of each box."""
    for group in ET.fromstring(svg).iter(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        yield group.find(f"{SVG}title").text.split(":")[0], *(float(rect.get(name)) for name in ("x", "y", "width"))


def test_no_box_lies_on_another_or_outside_the_picture(graph):
    found = sorted(boxes(draw(graph, COLUMNS)), key=lambda box: (box[1], box[2]))
    assert len(found) == len(graph.nodes)
    height = float(ET.fromstring(draw(graph, COLUMNS)).get("height"))
    for _, x, y, width in found:
        assert x >= 0 and x + width <= WIDTH and y >= 20 and y + BOX <= height
    for before, after in itertools.pairwise(found):
        assert before[1] != after[1] or after[2] - before[2] >= BOX + 5, (before, after)


def test_no_line_runs_behind_a_box_that_it_does_not_touch(graph):
    svg = draw(graph, COLUMNS)
    passing = [found for path in ET.fromstring(svg).iter(f"{SVG}path") for found in re.findall(r"([\d.]+) ([\d.]+) H([\d.]+)", path.get("d"))]
    assert passing
    for start, height, end in passing:
        left, right = sorted((float(start), float(end)))
        for name, x, top, width in boxes(svg):
            assert not (left < x + width and x < right and top < float(height) < top + BOX), name


def test_the_same_graph_is_drawn_the_same_way(graph):
    assert draw(graph, COLUMNS) == draw(graph, COLUMNS)


def test_a_name_from_a_file_is_text_in_the_picture():
    manifest = {"nodes": {}, "exposures": {"e": {"name": "e", "label": "<b>A & B</b>", "description": "x", "depends_on": {"nodes": []}}}}
    parents = {("raw", table): [] for table in ("tweets", "campaigns")}
    svg = draw(join(parents, {("raw", "tweets"): "Posts. More."}, manifest), COLUMNS)
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in svg and "<b>" not in svg
    assert "raw.tweets: Posts<" in svg
