"""The cost of an hour does not grow with history: proved on the compiled SQL of every model that is built by the hour."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orchestration.dbt import pruning
from orchestration.dbt.bounds import Range
from orchestration.dbt.compiled import FOLDER, Compiled, compiled
from orchestration.dbt.project import arguments
from orchestration.dbt.pruning import Catalogue, NotProvable, Partition, Read
from orchestration.dbt.runner import window_environment
from orchestration.settings import Settings
from orchestration.windows import Window, parse_time

HOUR = Window(parse_time("2026-03-02T05:00Z"), parse_time("2026-03-02T06:00Z"))

# Without partitions: what an hour may read whole of them, and why that stays small.
LOOKUPS = {
    "raw.campaigns": "one row per campaign",
    "ml.sentiment_confusion": "one row per campaign that somebody labelled, and model",
    "intermediate.int_stop_words": "a list of words, it does not grow with posts",
    "intermediate.stop_words": "a list of words, it does not grow with posts",
}
# Read whole, once a run, by models that look at all of a campaign.
READ_WHOLE = {
    "marts.engagement_daily": "a row per hashtag and day: the peak of a campaign is the largest of all its days",
    "marts.sentiment_daily": "a row per hashtag and day, summed over the whole campaign",
    "intermediate.int_authors_daily": "a row per author, hashtag and day, the largest of these: authors of a period are counted once",
    "raw.api_spend": "a row per run, campaign and kind of call",
    "raw.news_articles": "at most 100 articles per peak",
    "raw.news_requests": "a row per peak",
    "ml.peak_explanations": "a row per peak",
    "ml.article_evidence": "a row per article of a peak",
}


@pytest.fixture(scope="module")
def settings(new_home) -> Settings:
    return Settings(home=new_home("cost"))


@pytest.fixture(scope="module")
def project(settings) -> Compiled:
    return compiled(settings, HOUR)


@pytest.fixture(scope="module")
def catalogue(settings, project) -> Catalogue:
    return pruning.catalogue_of(settings, project.manifest, project.sql)


@pytest.fixture(scope="module")
def hourly(project) -> dict[str, Any]:
    return {uid: node for uid, node in project.manifest.nodes.items() if node.config.materialized == "incremental"}


@pytest.fixture(scope="module")
def merges(settings, project, hourly) -> dict[str, str]:
    """The MERGE of each model, as the project's own macros write it, round a query that does not matter here."""
    from dbt.cli.main import dbtRunner

    template = """
        {%- for id, node in graph.nodes.items() if node.config.materialized == 'incremental' -%}
        {%- set target = api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias) -%}
        {%- set column = api.Column.create('x', 'string') -%}
        {{ id }} is {{ bq_insert_overwrite_sql(
            none, target, 'select x from y', none, adapter.parse_partition_by(node.config.partition_by), none, [column], false, false
        ) }};
        {%- endfor -%}
    """
    apart = settings.model_copy(update={"home": settings.root / FOLDER})
    before = dict(os.environ)
    os.environ.update(window_environment(HOUR))
    try:
        command = arguments(apart, "compile", "--no-introspect", "--no-populate-cache", "--inline", template)
        result = dbtRunner(manifest=project.manifest).invoke(command)
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert result.success, result.exception
    told = [each.split(" is ", 1) for each in result.result.results[0].node.compiled_code.split(";") if each.strip()]
    return {uid.strip(): sql for uid, sql in told}


@pytest.mark.full
def test_every_hourly_model_names_the_partitions_of_everything_it_reads(project, catalogue, hourly):
    assert len(hourly) > 10
    for uid in hourly:
        found = pruning.reads(project.sql[uid], catalogue)
        assert found, f"{uid} reads no partitioned table: then it needs no hours"
        assert [read for read in found if not read.range.is_bounded] == [], uid


@pytest.mark.full
def test_an_hour_reads_four_days_at_most(project, catalogue, hourly):
    """The days that hold the hour in any zone, and for each of them its hours in any zone."""
    for uid in hourly:
        for read in pruning.reads(project.sql[uid], catalogue):
            if read.range.is_bounded:
                assert read.range.end - read.range.start <= timedelta(days=4), (uid, read)


@pytest.mark.full
def test_a_model_of_days_reads_all_hours_of_its_days_in_every_zone(project, catalogue, hourly):
    for uid, node in hourly.items():
        if node.config.get("partition_by")["data_type"] == "date":
            days = pruning.written(project.sql[uid], node.config.get("partition_by")["field"])
            for read in pruning.reads(project.sql[uid], catalogue):
                if catalogue.partitions[read.relation].type == "TIMESTAMP" and read.range.is_bounded:
                    assert read.range.start <= days.start - timedelta(hours=14) and read.range.end >= days.end + timedelta(hours=12), (uid, read)


@pytest.mark.full
def test_a_run_overwrites_exactly_what_it_selects(project, catalogue, hourly, merges):
    assert set(merges) == set(hourly)
    for uid, node in hourly.items():
        partition = catalogue.partitions[f"{node.schema}.{node.alias}"]
        overwritten = pruning.deleted(merges[uid], partition)
        assert overwritten.is_bounded, uid
        assert overwritten == pruning.written(project.sql[uid], partition.column), uid


@pytest.mark.full
def test_a_data_test_of_an_hourly_model_reads_no_more_than_the_model_wrote(project, catalogue, hourly):
    for uid, node in project.manifest.nodes.items():
        if node.resource_type == "test" and node.attached_node in hourly:
            unbounded = [read for read in pruning.reads(project.sql[uid], catalogue) if not read.range.is_bounded]
            assert unbounded == [], uid


@pytest.mark.full
def test_what_an_hour_reads_without_partitions_is_a_known_small_lookup(project, catalogue, hourly):
    read = set().union(*(_below(pruning.relations(project.sql[uid]), catalogue) for uid in hourly))
    assert read - set(catalogue.partitions) - set(LOOKUPS) == set()


@pytest.mark.full
def test_what_is_read_whole_once_a_run_is_known_with_its_reason(project, catalogue, hourly):
    whole = set()
    for uid, node in project.manifest.nodes.items():
        if node.resource_type == "model" and node.config.materialized == "table":
            whole |= {read.relation for read in pruning.reads(project.sql[uid], catalogue) if not read.range.is_bounded}
    assert whole == set(READ_WHOLE)


def _below(names: set[str], catalogue: Catalogue) -> set[str]:
    tables = names - set(catalogue.views)
    for view in names & set(catalogue.views):
        tables |= _below(pruning.relations(catalogue.views[view]), catalogue)
    return tables


# The proof itself, on SQL that is wrong.

POSTS = Catalogue({"raw.tweets": Partition("created_at", "TIMESTAMP"), "marts.days": Partition("day", "DATE")})
FROM_FIVE, TO_SIX = "created_at >= timestamp '2026-03-02 05:00:00+00'", "created_at < timestamp '2026-03-02 06:00:00+00'"
WINDOW = Range(datetime(2026, 3, 2, 5, tzinfo=UTC), datetime(2026, 3, 2, 6, tzinfo=UTC))


def one(sql: str, catalogue: Catalogue = POSTS) -> Range:
    (read,) = pruning.reads(sql, catalogue)
    return read.range


def test_plain_bounds_by_literals_are_proved():
    assert pruning.reads(f"select * from `p`.`raw`.`tweets` where {FROM_FIVE} and {TO_SIX}", POSTS) == [Read("raw.tweets", WINDOW)]
    assert one(f"with a as (select 1 as x from p.raw.tweets as t where (t.{FROM_FIVE} and not t.is_repost) and t.{TO_SIX}) select * from a") == WINDOW
    assert one("select * from raw.tweets where timestamp '2026-03-02 06:00:00+00' > created_at and timestamp '2026-03-02 05:00:00+00' <= created_at") == WINDOW
    assert one("select * from marts.days where day between date '2026-03-02' and date '2026-03-03'") == one(
        "select * from marts.days where day >= date '2026-03-02' and day < date '2026-03-04'"
    )


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ("the upper bound is absent", FROM_FIVE),
        ("the lower bound is absent", TO_SIX),
        ("a function is round the column", f"{FROM_FIVE} and timestamp_trunc(created_at, hour) < timestamp '2026-03-02 06:00:00+00'"),
        ("a cast is round the column", f"{FROM_FIVE} and cast(created_at as timestamp) < timestamp '2026-03-02 06:00:00+00'"),
        ("the bound is a subquery", f"{FROM_FIVE} and created_at < (select max(hour) from p.raw.hours)"),
        ("the bound is computed", f"{FROM_FIVE} and created_at < timestamp_add(timestamp '2026-03-02 05:00:00+00', interval 1 hour)"),
        ("the bound is the clock", f"{FROM_FIVE} and created_at < current_timestamp()"),
        ("the bound is another column", f"{FROM_FIVE} and created_at < observed_at"),
        ("or instead of and", f"{FROM_FIVE} or {TO_SIX}"),
        ("one half of an or", f"{FROM_FIVE} and ({TO_SIX} or is_repost)"),
        ("the bound is denied", f"{FROM_FIVE} and not ({TO_SIX})"),
        ("the literal is a day, the column a time", f"{FROM_FIVE} and created_at < date '2026-03-03'"),
        ("the literal is a bare text", f"{FROM_FIVE} and created_at < '2026-03-03'"),
        ("another column is bounded", f"{FROM_FIVE} and observed_at < timestamp '2026-03-02 06:00:00+00'"),
    ],
)
def test_a_bound_that_bigquery_cannot_prune_by_is_refused(wrong, where):
    assert not one(f"select * from p.raw.tweets where {where}").is_bounded, wrong


@pytest.mark.parametrize(
    ("wrong", "sql"),
    [
        ("outside the CTE", f"with a as (select * from p.raw.tweets) select * from a where {FROM_FIVE} and {TO_SIX}"),
        ("outside the subquery", f"select * from (select * from p.raw.tweets) where {FROM_FIVE} and {TO_SIX}"),
        ("after a window function", f"select * from p.raw.tweets where true qualify row_number() over (order by x) = 1 and {FROM_FIVE} and {TO_SIX}"),
        ("after the groups", f"select created_at from p.raw.tweets group by created_at having {FROM_FIVE} and {TO_SIX}"),
        ("of the other table", f"select * from p.raw.tweets as t join other as o on t.id = o.id where o.{FROM_FIVE} and o.{TO_SIX}"),
        ("of nobody knows which table", f"select * from p.raw.tweets as t join other as o on t.id = o.id where {FROM_FIVE} and {TO_SIX}"),
        ("in the join", f"select * from other as o left join p.raw.tweets as t on t.id = o.id and t.{FROM_FIVE} and t.{TO_SIX}"),
    ],
)
def test_a_bound_that_stands_elsewhere_is_refused(wrong, sql):
    assert not one(sql).is_bounded, wrong


def test_each_read_of_a_table_needs_bounds_of_its_own():
    once = f"select * from p.raw.tweets where {FROM_FIVE} and {TO_SIX}"
    assert [read.range.is_bounded for read in pruning.reads(f"{once} union all select * from p.raw.tweets", POSTS)] == [True, False]
    assert [read.range.is_bounded for read in pruning.reads(f"{once} and id in (select id from p.raw.tweets)", POSTS)] == [True, False]


@pytest.mark.parametrize(
    ("view", "proved"),
    [
        ("with s as (select * from p.raw.tweets), r as (select id, created_at from s) select * from r", True),
        ("select id, created_at as at from p.raw.tweets", False),
        ("select id, timestamp_trunc(created_at, hour) as created_at from p.raw.tweets", False),
        ("select id, observed_at as created_at from p.raw.tweets", False),
        ("select * replace (observed_at as created_at) from p.raw.tweets", False),
        ("select *, row_number() over (order by id) as place from p.raw.tweets", False),
        ("select id, max(created_at) as created_at from p.raw.tweets group by id", False),
        ("select distinct created_at from p.raw.tweets", False),
        ("select * from p.raw.tweets limit 10", False),
    ],
)
def test_a_bound_passes_through_a_view_that_shows_the_column_unchanged(view, proved):
    through = Catalogue(POSTS.partitions, {"staging.posts": view})
    where = f"where {FROM_FIVE} and {TO_SIX}"
    assert one(f"select * from p.staging.posts {where}", through).is_bounded == proved


def test_a_bound_on_the_new_name_passes_through_a_view_that_renames():
    through = Catalogue(POSTS.partitions, {"staging.posts": "select created_at as at from p.raw.tweets"})
    assert one(f"select * from p.staging.posts where {FROM_FIVE} and {TO_SIX}".replace("created_at", "at"), through) == WINDOW


def test_the_range_of_an_answer_is_followed_to_where_it_is_bounded():
    bounded = f"with a as (select * from p.raw.tweets where {FROM_FIVE} and {TO_SIX})"
    assert pruning.written(f"{bounded} select * from a", "created_at") == WINDOW
    assert pruning.written(f"{bounded} select timestamp_trunc(created_at, hour) as hour from a", "hour") == WINDOW
    assert pruning.written(f"{bounded} select a.*, b.x from a left join b on a.i = b.i", "created_at") == WINDOW
    assert pruning.written(f"{bounded} select created_at from a union all select created_at from p.raw.tweets", "created_at") == Range()
    assert pruning.written(f"{bounded} select timestamp_add(created_at, interval 1 hour) as hour from a", "hour") == Range()
    with pytest.raises(NotProvable):
        pruning.written(f"{bounded} select * from a join a as b on a.i = b.i", "created_at")


def test_a_merge_that_deletes_more_than_its_window_is_seen():
    merge = "merge into p.marts.days as d using (select 1 as x) as s on false when not matched by source {} then delete when not matched then insert (x) values (x)"
    day = Partition("day", "DATE")
    exact = "and d.day >= date '2026-03-02' and d.day <= date '2026-03-02'"
    assert pruning.deleted(merge.format(exact), day) == Range(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC))
    assert not pruning.deleted(merge.format("and d.day >= date '2026-03-02'"), day).is_bounded
    assert not pruning.deleted(merge.format(""), day).is_bounded
