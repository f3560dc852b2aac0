"""Trials of the warehouse's own statements, of the site, and of what reads the marts for people."""

import inspect
from datetime import UTC, datetime, timedelta

from orchestration.settings import Settings
from orchestration.sql_check.client import MOMENT, one_row, plausible
from orchestration.sql_check.product_statements import Stage
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import TABLES
from orchestration.windows import HOUR, Window

CAMPAIGN, RUN = "sample", "run-of-the-check"
HOURS = Window(MOMENT, MOMENT + 2 * HOUR)


def create_tables_of(settings: Settings) -> None:
    Warehouse(settings).ensure_tables()


def create_tables(stage: Stage) -> None:
    create_tables_of(stage.settings)


def grow_tables(stage: Stage) -> None:
    """A table of an earlier version gains every column that it lacks."""
    for table in TABLES:
        first = table.all_columns[0]
        path = (stage.settings.project, stage.settings.dataset(table.dataset), table.name)
        now = stage.client.book.tables[path]
        stage.know(f"{table.dataset}.{table.name}", **{first.name: first.type})
        stage.warehouse.ensure_tables([table])
        stage.client.book.know(path, now)


def write_tables(stage: Stage) -> None:
    """Every table: replaced and emptied in a window, replaced in a scope and whole, added to."""
    for table in TABLES:
        row = {column.name: [] if column.repeated else plausible(column.type) for column in table.columns}
        scope = {table.key[0]: [row[table.key[0]]]}
        # Windows are spans of time; tables with a DATE partition are replaced whole, or in a scope.
        if table.window_column and isinstance(row.get(table.window_column), datetime):
            stage.warehouse.replace_window(table, HOURS, [row], run_id=RUN, scope=scope)
            stage.warehouse.replace_window(table, HOURS, [], run_id=RUN)
        stage.warehouse.replace_all(table, [row], run_id=RUN, scope=scope)
        stage.warehouse.replace_all(table, [row], run_id=RUN)
        stage.warehouse.add(table, [row], run_id=RUN)


def site(stage: Stage) -> None:
    """Every question of the site, with and without what is optional."""
    from app.queries import Marts

    marts = Marts(stage.warehouse)
    given = {"campaign_id": CAMPAIGN, "hashtag": "*", "day": MOMENT.date(), "month": MOMENT.date(), "most": 5, "start": MOMENT.date(), "end": MOMENT.date()}
    given |= {"label": "positive", "word": "great", "moment": MOMENT}
    for name, method in inspect.getmembers(marts, inspect.ismethod):
        if not name.startswith("_"):
            needed = inspect.signature(method).parameters
            method(**{each: given[each] for each in needed})
            method(**{each: given[each] for each, about in needed.items() if about.default is inspect.Parameter.empty})


def api(stage: Stage) -> None:
    """What the API asks beyond the site's questions."""
    from app.api.questions import ORDERS, Questions

    questions, day = Questions(stage.warehouse), MOMENT.date()
    questions.version()
    questions.capture_hours(CAMPAIGN, day, day)
    for order in ORDERS:
        for label in (None, "positive"):
            list(questions.post_pages(CAMPAIGN, "*", order, label, day, day).rows)
            for after in (None, (5, MOMENT, "1")):
                questions.posts(CAMPAIGN, "*", order, label, 5, day, day, after)


def labelling(stage: Stage) -> None:
    """`pulse label`: what is asked, kept, imported, measured and written as a card."""
    import dagster as dg

    from orchestration.assets.confusion import sentiment_confusion
    from orchestration.labelling import card, imported, posts, store
    from orchestration.resources.warehouse import WarehouseResource

    warehouse = stage.warehouse
    stage.answer(one_row(label="neutral", sentiment_label="neutral"))
    posts.candidates(warehouse, CAMPAIGN)
    list(posts.with_texts(warehouse, CAMPAIGN, ["1"]))
    posts.scored_hours(warehouse, CAMPAIGN)
    store.keep(warehouse, CAMPAIGN, "ann", {"1": "neutral"})
    store.labels_of(warehouse, CAMPAIGN, "ann")
    store.judged(warehouse, CAMPAIGN)
    imported.states(warehouse, CAMPAIGN, ["1"])
    card.scored(warehouse, CAMPAIGN)
    sentiment_confusion(dg.build_asset_context(), warehouse=WarehouseResource())


def summary(stage: Stage) -> None:
    from orchestration.summary import summarise

    summarise(stage.warehouse, CAMPAIGN)


def publications(stage: Stage) -> None:
    from orchestration import publications as published

    warehouse, now = stage.warehouse, datetime.now(UTC)
    published.published_campaigns(warehouse)
    content = published.content_of(warehouse, CAMPAIGN)
    stage.answer(one_row(summary="{}"))
    published.publish(warehouse, CAMPAIGN, content, now, run_id=RUN)
    found = published.as_reported_on(warehouse, CAMPAIGN, now.date(), now.date())
    published.history(warehouse, CAMPAIGN)
    published.read_back(warehouse, found)


def checksums_and_export(stage: Stage) -> None:
    from orchestration import checksums, marts
    from orchestration.cli import exporting

    known = marts.marts_of(stage.settings)
    parts = (marts.Part(), marts.Part(CAMPAIGN, MOMENT.date(), MOMENT.date() + timedelta(days=1)))
    dated = [mart for mart in known.values() if mart.has_days or mart.partition]
    checksums.checksums(stage.warehouse, known.values(), parts[0])
    checksums.checksums(stage.warehouse, dated, parts[1])
    for each in known.values():
        checksums.digests(stage.warehouse, each, parts[0])
    for mart in known:
        exporting.export(mart, "csv", CAMPAIGN, None, None, str(stage.settings.root / "export.csv"), bom=False)


def failing_rows(stage: Stage) -> None:
    """The statement that would keep what each data test of dbt finds."""
    from orchestration.dbt.failing_rows import FailedTest, keep_failing_rows

    tests = [FailedTest(unique_id.split(".")[2], "a claim", sql) for unique_id, sql in stage.compiled.items() if unique_id.startswith("test.")]
    keep_failing_rows(stage.settings, tests)


def traces(stage: Stage) -> None:
    """`pulse trace`: every measure, of a day and of all, and every error that asks what there is."""
    from contextlib import suppress

    from orchestration.tracing.measures import MEASURES
    from orchestration.tracing.received import Received
    from orchestration.tracing.reported import Reported
    from orchestration.tracing.scope import Asked, Scope, TraceError
    from orchestration.tracing.trace import trace

    one = one_row(hashtag="*", zone="UTC", first_hour=MOMENT, last_hour=MOMENT, hours=1, name="a word", is_most_engagement=True, peak_day=MOMENT.date())
    # What comes as one JSON text a row is no part of what is checked here.
    stage.answer(lambda columns, sql: [] if {column.name for column in columns} == {"packed"} else one(columns, sql))
    for measure in MEASURES.values():
        name = "a word" if measure.names else None
        for day in (None, MOMENT.date()) if measure.has_days else (None,):
            trace(stage.warehouse, Asked(CAMPAIGN, measure.name, "*", day, name))
    with suppress(TraceError):
        trace(stage.warehouse, Asked(CAMPAIGN, "posts", "not-there"))
    reported, received = Reported(stage.warehouse, CAMPAIGN, "*"), Received(stage.warehouse)
    reported.campaigns()
    received.zone(CAMPAIGN)
    received.readings(Scope(CAMPAIGN, "*", MOMENT.date(), "UTC", HOURS))
