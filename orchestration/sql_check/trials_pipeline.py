"""Trials of the pipeline: assets, checks, schedules, spending, the stream's landing, the commands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from orchestration.settings import Settings
from orchestration.sql_check.client import MOMENT, no_row, one_row
from orchestration.sql_check.engine import Column
from orchestration.sql_check.product_statements import Stage
from orchestration.sql_check.trials_reading import CAMPAIGN, HOURS, RUN

MODEL: Any = SimpleNamespace(model_id="model", model_revision="1", languages=frozenset({"en"}), find=lambda articles: [], reason_not_read=lambda article: None)


def campaigns(stage: Stage) -> None:
    import dagster as dg

    from orchestration.assets.campaigns import raw_campaigns
    from orchestration.resources.warehouse import WarehouseResource

    raw_campaigns(dg.build_asset_context(), warehouse=WarehouseResource())


def capture(stage: Stage) -> None:
    from orchestration.assets import tweets
    from orchestration.checks.capture import check_budgets, check_capture

    tweets._stored(stage.warehouse, CAMPAIGN, HOURS)
    check_capture(stage.warehouse, HOURS, [])
    check_budgets(stage.warehouse, MOMENT)


def snapshots(stage: Stage) -> None:
    from orchestration.assets import metrics
    from orchestration.cli.snapshots import measured

    metrics.captured_posts(stage.warehouse, HOURS)
    metrics.recorded(stage.warehouse, HOURS)
    measured(stage.settings)


def sentiment(stage: Stage) -> None:
    from ml_assets.sentiment.drift import Profile
    from orchestration import scoring
    from orchestration.checks import drift

    for campaign in (None, CAMPAIGN):
        scoring.posts_by_hour(stage.warehouse, HOURS, campaign)
        scoring.posts_in(stage.warehouse, HOURS, campaign)
    scoring.hours_of(stage.warehouse, CAMPAIGN)
    scoring.known_scores(stage.warehouse, HOURS, MODEL)
    scoring.answers_in(stage.warehouse, HOURS)
    profile = Profile("1", "1", 1000, (0.2, 0.4, 0.4), tuple(edge / 10 for edge in range(1, 10)), (0.1,) * 10, 0.0, 20.0)
    drift.seen_posts(stage.warehouse, MODEL, profile, HOURS)


def candidates(stage: Stage) -> None:
    from orchestration import candidates as side_by_side

    side_by_side.models_with_scores(stage.warehouse)
    one = side_by_side.Side("model", "1")
    stage.answer(one_row(label_a="neutral", label_b="positive", posts=1))
    side_by_side.compare(stage.warehouse, side_by_side.Side(), one, CAMPAIGN)
    side_by_side.drop_candidate(stage.warehouse, one)


def peaks(stage: Stage) -> None:
    import dagster as dg

    from orchestration.assets.detected_peaks import detected_peaks
    from orchestration.resources.warehouse import WarehouseResource

    stage.answer(one_row(zone="America/New_York", hashtag="*", hashtags=["*"]))
    detected_peaks(dg.build_asset_context(), warehouse=WarehouseResource())


def effects(stage: Stage) -> None:
    """A campaign with competitors and without a list of hashtags, judged before and judged no more."""
    import dagster as dg

    from orchestration import campaigns
    from orchestration.assets.effects import campaign_effects, forget_others
    from orchestration.effects.reading import facts_of
    from orchestration.resources.warehouse import WarehouseResource

    declared = campaigns.Campaign(CAMPAIGN, "Campaign", start_day=MOMENT.date(), competitors=("rival",))
    facts_of(stage.warehouse, declared, 5, 56)
    campaign_effects(dg.build_asset_context(), warehouse=WarehouseResource())
    forget_others(stage.warehouse, [], run_id=RUN)


def news(stage: Stage) -> None:
    import dagster as dg

    from orchestration.assets import news as asset
    from orchestration.resources.warehouse import WarehouseResource
    from orchestration.warehouse.tables import NEWS_ARTICLES

    # Not through Dagster, which wants every output: nothing is found for the peak that is answered here.
    list(_function_of(asset.news)(dg.build_asset_context(), asset.NewsConfig(), WarehouseResource()))
    peak = {"campaign_id": CAMPAIGN, "hashtag": "*", "peak_day": MOMENT.date(), "status": "ok"}
    stage.answer(no_row)
    asset._keep(stage.warehouse, NEWS_ARTICLES, [], [peak], RUN)


def _function_of(asset: Any) -> Callable[..., Any]:
    """What the asset runs, as it is written."""
    return asset.op.compute_fn.decorated_fn


def alerts(stage: Stage) -> None:
    from orchestration.alerts import outbox

    outbox.notable_events(stage.warehouse, MOMENT)
    for since in (None, MOMENT):
        outbox.rows_of(stage.warehouse, since)


def entities(stage: Stage) -> None:
    import dagster as dg

    from orchestration.assets import entities as asset
    from orchestration.resources.warehouse import WarehouseResource

    stage.answer(one_row(names="[]"))
    with patch.object(asset, "entity_finder", lambda *_: MODEL):
        asset.article_entities(dg.build_asset_context(), warehouse=WarehouseResource())


def explanations(stage: Stage) -> None:
    """A day with one post and one article is explained, as the one that is stored has another hash."""
    import dagster as dg

    from orchestration.assets import explanations as asset
    from orchestration.resources.warehouse import WarehouseResource

    stage.answer(one_row(campaign_id=CAMPAIGN, hashtag="*", zone="UTC", counted_for=["*"]))
    list(_function_of(asset.peak_explanations)(dg.build_asset_context(), WarehouseResource()))


def gaps(stage: Stage) -> None:
    import dagster as dg

    from orchestration.automation.schedules import fill_gaps
    from orchestration.resources.warehouse import WarehouseResource

    context = dg.build_schedule_context(scheduled_execution_time=MOMENT, resources={"warehouse": WarehouseResource()})
    requests: Any = fill_gaps(context)
    list(requests)


def spending(stage: Stage) -> None:
    from orchestration.sources.x.errors import BudgetExceeded
    from orchestration.spending.books import Books

    books = Books(stage.settings, stage.warehouse, RUN, now=lambda: MOMENT)
    books.spent()
    books.plan(CAMPAIGN, "search", 1, 100)
    books.record(CAMPAIGN, "search", 100)
    refusal = BudgetExceeded.__new__(BudgetExceeded)
    refusal.budget = "day"
    stage.answer(no_row)
    books.refused(refusal, CAMPAIGN, "search", 0.5, 100)
    books.flush()


def landing(stage: Stage) -> None:
    """The table of a production stream: Pub/Sub writes it, nothing of ours makes it."""
    from orchestration.stream.landing import LandingSpool

    with landing_table(stage, "STRING"):
        stage.answer(one_row(data="{}"))
        spool = LandingSpool(stage.warehouse, MOMENT)
        for lines in (spool.lines(HOURS), spool.unread(HOURS), spool.events()):
            list(lines)
        spool.written_at(HOURS)


@contextmanager
def landing_table(stage: Stage, data: str) -> Iterator[None]:
    from orchestration.stream.landing import TABLE

    columns = {"subscription_name": "STRING", "message_id": "STRING", "publish_time": "TIMESTAMP", "data": data, "attributes": "STRING"}
    stage.know(TABLE, **columns)
    try:
        yield
    finally:
        stage.know(TABLE)


def commands(stage: Stage) -> None:
    """`pulse query`, its help with wrong names, `pulse doctor`, the lines after a run, the plan before one, whether the demo is done."""
    from orchestration.cli import doctor, planning, query_help, querying, running, serving
    from orchestration.warehouse.errors import TableMissing

    querying.ask(f"select campaign_id, name from {stage.settings.dataset('marts')}.campaigns", "json")
    query_help.explain(stage.warehouse, "select a from marts.nothing", TableMissing("nothing"))
    production = Settings(env="prod", google_cloud_project=stage.settings.project, home=stage.settings.home)
    list(doctor._warehouse(production))
    running.captured_lines(stage.settings, CAMPAIGN, HOURS)
    planning._history(stage.warehouse, CAMPAIGN)
    serving._is_materialised(stage.settings)


POST, AUTHOR, NAMING, LIVING = "1000000000000000010", "1000000000000000020", "1000000000000000012", "1000000000000000011"


def deletions(stage: Stage) -> None:
    """The deletion duty: a post, an author, and posts that name them, in every table there is and in each form of the landing."""
    from orchestration.assets.compliance import ids_of_x
    from orchestration.compliance.apply import apply, still_stored
    from orchestration.compliance.asked import AUTHOR as OF_AUTHOR
    from orchestration.compliance.asked import POST as OF_POST
    from orchestration.compliance.asked import Asked
    from orchestration.compliance.tombstones import count_returned

    asked = [Asked(OF_POST, POST), Asked(OF_AUTHOR, AUTHOR)]
    stage.know("staging.tweets__20260302T050000__abc", tweet_id="STRING")
    stage.answer(_of_deletions)
    for data in ("STRING", "BYTES", "JSON"):
        with landing_table(stage, data):
            apply(stage.warehouse, asked, run_id=RUN)
            still_stored(stage.warehouse, asked)
    ids_of_x(stage.warehouse)
    stage.answer(no_row)
    count_returned(stage.warehouse)


def retention(stage: Stage) -> None:
    from orchestration.retention import keep_no_longer

    keep_no_longer(stage.warehouse, stage.settings.model_copy(update={"post_text_days": 30, "dead_letter_days": 30}), MOMENT)


def metrics(stage: Stage) -> None:
    from orchestration.metrics.gathering import captured

    captured(stage.warehouse)


def _of_deletions(columns: tuple[Column, ...], sql: str) -> list[dict[str, Any]]:
    """What a warehouse answers that holds the post, a living answer to it, a letter and two lines of the stream that name it."""
    names = {column.name for column in columns}
    if names == {"message_id", "data"}:
        answer = f'{{"data": {{"id": "{NAMING}", "text": "a", "referenced_tweets": [{{"type": "replied_to", "id": "{POST}"}}]}}}}'
        return [{"message_id": "1", "data": f'{{"data": {{"id": "{POST}", "text": "a"}}}}'}, {"message_id": "2", "data": answer}]
    if names == {"subject_key"}:
        return []
    values: dict[str, Any] = {
        "campaign_id": CAMPAIGN, "tweet_id": POST, "root_id": POST, "author_id": AUTHOR, "referenced_id": None, "id": POST,
        "data": f'{{"data": {{"id": "{POST}"}}}}', "captured": 5, "removed": 0,
        "raw_record": f'{{"id": "{NAMING}", "text": "an answer", "referenced_tweets": [{{"type": "replied_to", "id": "{POST}"}}]}}',
    }  # fmt: skip
    if "urls" in names or sql.rstrip().endswith("where referenced_id in unnest(@ids)"):
        values |= {"tweet_id": LIVING, "root_id": LIVING, "author_id": None, "referenced_id": POST, "urls": [f"https://x.com/i/status/{POST}"]}
    elif "raw_record" in names and "letter_id" not in names:
        values |= {"tweet_id": NAMING, "root_id": NAMING}
    return one_row(**values)(columns, sql)


