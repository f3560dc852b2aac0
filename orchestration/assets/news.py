"""raw/news_articles and raw/news_requests: the news around the day of most engagement of each followed hashtag."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

import dagster as dg
from pydantic import Field

from orchestration import campaigns as campaign_file
from orchestration.campaigns import Campaign
from orchestration.capture import letter_rows
from orchestration.progress import tracked
from orchestration.resources.warehouse import WarehouseResource
from orchestration.settings import Settings
from orchestration.sources.news.base import (
    FAILED,
    RATE_LIMITED,
    WORTH_ASKING_AGAIN,
    NewsAnswer,
    NewsError,
    NewsQuestion,
    NewsSource,
)
from orchestration.sources.news.budget import RequestBudget
from orchestration.sources.news.choice import make_news_source
from orchestration.sources.news.terms import as_query, search_terms
from orchestration.warehouse.client import Warehouse
from orchestration.warehouse.tables import API_SPEND, DEAD_LETTERS, NEWS_ARTICLES, NEWS_REQUESTS, Table

OWNERS = ["team:data-platform"]
PEAKS = "marts.peak_days"
NEWSAPI = "newsapi"
ONE_DAY = timedelta(days=1)
BATCH = 10
Peak = tuple[str, str, date]


class NewsConfig(dg.Config):
    """Whose peaks are asked about."""

    campaigns: list[str] = Field(default_factory=list, description="Campaign ids; empty: all.")


@dg.multi_asset(
    name="news",
    specs=[
        dg.AssetSpec(
            ["raw", "news_articles"],
            deps=[["marts", "peak_days"], ["raw", "campaigns"]],
            description="Articles of each day that wants an explanation and of the days beside it, that mention the hashtag's terms.",
            kinds={"python", "bigquery"},
            owners=OWNERS,
        ),
        dg.AssetSpec(
            ["raw", "news_requests"],
            deps=[["marts", "peak_days"], ["raw", "campaigns"]],
            description="What was asked for each peak, and the status of the answer: the page says why there is no news.",
            kinds={"python", "bigquery"},
            owners=OWNERS,
        ),
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "every_article_can_be_shown",
            asset=["raw", "news_articles"],
            blocking=True,
            description="Each stored article has a title, a time, and no link but http(s).",
        ),
        dg.AssetCheckSpec(
            "every_peak_was_asked_about",
            asset=["raw", "news_requests"],
            blocking=True,
            description="Each day of marts.peak_days has an answer, whatever its status.",
        ),
        dg.AssetCheckSpec(
            "the_service_answered",
            asset=["raw", "news_requests"],
            description="No peak waits for a service that refused or failed. A warning: the numbers do not depend on it.",
        ),
    ],
    group_name="news",
    # No retry: a free source answers the same, and a paid one is asked again by the next run where that can help.
    pool="newsapi",
)
def news(context: dg.AssetExecutionContext, config: NewsConfig, warehouse: WarehouseResource) -> Iterator[dg.MaterializeResult[Any]]:
    """Asks once per peak. Answers of a paid source are kept for ever; free ones are read again, as files may have changed."""
    settings, opened = Settings(), warehouse.open()
    known = {campaign.campaign_id: campaign for campaign in campaign_file.load(settings)}
    rows = opened.query(f"select campaign_id, hashtag, peak_day, posts_of_hashtag from {opened.qualified(PEAKS)}")
    peaks = [
        (row["campaign_id"], row["hashtag"], row["peak_day"])
        for row in sorted(rows, key=lambda row: (-row["posts_of_hashtag"], row["hashtag"], row["peak_day"]))
        if not config.campaigns or row["campaign_id"] in config.campaigns
    ]
    stored = opened.query(f"select campaign_id, hashtag, peak_day, source, status, reason, loaded_at from {opened.qualified(NEWS_REQUESTS)}")
    budget = daily_budget(opened, settings, context.run_id)
    requests, articles, changed = [], 0, 0
    answers = ask(peaks, known, settings, stored, budget=budget)
    try:
        # Stored as they come: a run that is killed has paid for no more than the answers of one batch.
        while batch := list(islice(answers, BATCH)):
            new, changed_now = _store(opened, batch, context.run_id)
            requests += new
            articles += sum(row["articles"] for row in new)
            changed += changed_now
    finally:
        budget.settle()
    context.log.info("%d peaks, %d asked about, %d requests of a paid service, %d articles", len(peaks), len(requests), budget.made, articles)
    yield dg.MaterializeResult(
        asset_key=["raw", "news_articles"],
        metadata={"articles": articles, "changed": changed},
        check_results=[_check_articles(opened)],
    )
    answered = {(row["campaign_id"], row["hashtag"], row["peak_day"]): row for row in (*stored, *requests)}
    waiting = [answered[peak] for peak in peaks if peak in answered and answered[peak]["status"] in WORTH_ASKING_AGAIN]
    key = dg.AssetKey(["raw", "news_requests"])
    yield dg.MaterializeResult(
        asset_key=key,
        metadata={"peaks": len(peaks), "asked": len(requests), "paid_requests": budget.made},
        check_results=[
            dg.AssetCheckResult(asset_key=key, check_name="every_peak_was_asked_about", passed=answered.keys() >= set(peaks), metadata={"peaks": len(peaks)}),
            dg.AssetCheckResult(
                asset_key=key,
                check_name="the_service_answered",
                passed=not waiting,
                severity=dg.AssetCheckSeverity.WARN,
                metadata={"waiting": len(waiting), "reason": waiting[0]["reason"] if waiting else ""},
            ),
        ],
    )


def ask(
    peaks: Iterable[Peak],
    campaigns: Mapping[str, Campaign],
    settings: Settings,
    stored: Iterable[Mapping[str, Any]],
    *,
    budget: RequestBudget | None = None,
    now: datetime | None = None,
) -> Iterator[tuple[NewsQuestion, NewsAnswer]]:
    """An answer for each peak that has none yet, or whose source is free.

    A source that cannot answer at all (no key, no file) answers `failed` with its reason: the run goes on without news.
    """
    peaks = list(peaks)
    today = (now or datetime.now(UTC)).date()
    settled = {
        (row["campaign_id"], row["hashtag"], row["peak_day"], row["source"])
        for row in stored
        if row["status"] not in WORTH_ASKING_AGAIN or _is_put_off(row, today)
    }
    sources: dict[str, NewsSource] = {}
    # Peaks come in the order of posts: a campaign without hashtags of its own is known by the one seen most.
    seen_most: dict[str, str] = {}
    for campaign_id, hashtag, _ in peaks:
        if hashtag != "*":
            seen_most.setdefault(campaign_id, hashtag)
    for campaign_id, hashtag, peak_day in tracked("news", peaks, len(peaks), "peaks"):
        campaign = campaigns.get(campaign_id)
        if campaign is None:
            continue
        name = settings.news_source or campaign.news_source
        followed = campaign.hashtags or tuple(filter(None, [seen_most.get(campaign_id)]))
        terms = search_terms(hashtag, news_query=campaign.news_query, name=campaign.name, followed=followed)
        question = NewsQuestion(campaign_id, hashtag, peak_day, campaign.zone, terms, campaign.languages)
        try:
            if name not in sources:
                sources[name] = make_news_source(name, settings, budget)
            if not sources[name].is_free and (campaign_id, hashtag, peak_day, name) in settled:
                continue
            yield question, sources[name].search(question)
        except NewsError as error:
            yield question, NewsAnswer(name, as_query(terms), FAILED, str(error))


def request_row(peak: Mapping[str, Any], answer: NewsAnswer) -> dict[str, Any]:
    return {
        **peak,
        "source": answer.source,
        "query": answer.query,
        "status": answer.status,
        "reason": answer.reason,
        "articles": len(answer.articles),
    }


def daily_budget(warehouse: Warehouse, settings: Settings, run_id: str, now: datetime | None = None) -> RequestBudget:
    """The requests of a paid source that are left of the last 24 hours; what is made is kept in raw.api_spend."""
    now = now or datetime.now(UTC)
    # By the time of writing and not by the UTC day: the service counts 24 hours back, and allows 100 in them.
    since = now - ONE_DAY
    (found,) = warehouse.query(
        f"""
        select coalesce(sum(requests), 0) as requests from {warehouse.qualified(API_SPEND)}
        where api = @api and status = 'used' and spend_day >= @first_day and loaded_at > @since
        """,
        api=NEWSAPI,
        # A run that began on an earlier day may have made requests within the 24 hours.
        first_day=(since - ONE_DAY).date(),
        since=since,
    )
    spend_id = hashlib.sha256(f"{NEWSAPI}\x1fused\x1f{run_id}\x1f{now.isoformat()}".encode()).hexdigest()[:32]
    row = {"spend_id": spend_id, "spend_day": now.date(), "api": NEWSAPI, "status": "used", "spent_by_run": run_id, "kind": "news"}

    def book(requests: int) -> None:
        warehouse.add(API_SPEND, [{**row, "requests": requests, "posts": 0, "usd": 0.0}], run_id=run_id)

    return RequestBudget(settings.newsapi_daily_budget, found["requests"], book)


def _is_put_off(row: Mapping[str, Any], today: date) -> bool:
    """A limit of NewsAPI that was reached today is not tried again today; GDELT's is one of seconds, and over by the next run."""
    loaded_at = row.get("loaded_at")
    return row["source"] == NEWSAPI and row["status"] == RATE_LIMITED and loaded_at is not None and loaded_at.date() >= today


def _store(warehouse: Warehouse, batch: list[tuple[NewsQuestion, NewsAnswer]], run_id: str) -> tuple[list[dict[str, Any]], int]:
    """Articles first, then the requests that say they are there. Returns the rows of the requests, and the articles changed."""
    articles, requests, letters = [], [], {}
    for question, answer in batch:
        peak = {"campaign_id": question.campaign_id, "hashtag": question.hashtag, "peak_day": question.peak_day}
        articles += [{**peak, **asdict(article), "source": answer.source} for article in answer.articles]
        requests.append(request_row(peak, answer))
        for row in letter_rows(question.campaign_id, "news", answer.source, answer.dead_letters):
            letters[row["campaign_id"], row["letter_id"]] = row
    changed = _keep(warehouse, NEWS_ARTICLES, articles, requests, run_id)
    warehouse.add(NEWS_REQUESTS, requests, run_id=run_id)
    warehouse.add(DEAD_LETTERS, list(letters.values()), run_id=run_id)
    return requests, changed


def _keep(
    warehouse: Warehouse, table: Table, articles: Iterable[Mapping[str, Any]], requests: Iterable[Mapping[str, Any]], run_id: str
) -> int:
    """Replaces the articles of the campaigns that were asked about; those of earlier peaks of a paid source stay."""
    peaks = {(row["campaign_id"], row["hashtag"], row["peak_day"]) for row in requests if row["status"] != FAILED}
    if not peaks:
        return 0
    campaigns = sorted({campaign_id for campaign_id, _, _ in peaks})
    names = [column.name for column in table.columns]
    stored = warehouse.query(f"select {', '.join(names)} from {warehouse.qualified(table)} where campaign_id in unnest(@ids)", ids=campaigns)
    kept = [row for row in stored if (row["campaign_id"], row["hashtag"], row["peak_day"]) not in peaks]
    new = [row for row in articles if (row["campaign_id"], row["hashtag"], row["peak_day"]) in peaks]
    result = warehouse.replace_all(table, [*kept, *new], run_id=run_id, scope={"campaign_id": campaigns})
    return result.changed + result.deleted


def _check_articles(warehouse: Warehouse) -> dg.AssetCheckResult:
    found = warehouse.query(f"""
        select count(*) as articles, countif(coalesce(title, '') = '' or published_at is null) as bare,
            countif(url is not null and not regexp_contains(url, r'^https?://')) as strange_links
        from {warehouse.qualified(NEWS_ARTICLES)}
    """)[0]
    return dg.AssetCheckResult(
        asset_key=["raw", "news_articles"],
        check_name="every_article_can_be_shown",
        passed=found["bare"] == found["strange_links"] == 0,
        metadata=found,
    )
