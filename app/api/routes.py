"""The addresses under /v1 that read: what each takes, and which view answers it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from app.api import downloads, posts, schemas, views
from app.api.answers import Answers, Ask
from app.api.filters import NAME, CampaignId, Day, Filters, filters
from app.api.problems import not_built, not_found
from app.identity import Identity
from orchestration.settings import Settings

# How a figure comes about; takes the filters, the measure and a day or None, and is asked in a thread. Raises LookupError for what cannot be traced.
Tracer = Callable[[Filters, str, date | None], Mapping[str, Any]]

# Notes a download before it is sent: the request, who asks, the table, the campaign and the filters. Called in a thread.
Exported = Callable[[Request, Identity, str, str, Mapping[str, Any]], None]

Filtered = Annotated[Filters, Depends(filters)]
Label = Annotated[schemas.Label | None, Query(description="Only posts with this label.")]
By = Annotated[
    Literal["engagement", "newest"], Query(description="`engagement`: originals whose engagement is known. `newest`: all posts, reposts too.")
]
# A type checker takes only a Literal whose values stand in it.
if TYPE_CHECKING:
    Table = str
else:
    Table = Literal[downloads.NAMES]


@dataclass
class Reading:
    """What the addresses that read are made of."""

    answers: Answers
    settings: Settings
    caller: Callable[[Request], Identity]
    tracer: Tracer | None = None
    exported: Exported | None = None
    slots: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(downloads.AT_ONCE))

    async def __call__(self, request: Request, identity: Identity, asked: Filters, make: Callable[[Ask], BaseModel], *more: Any) -> Response:
        self.authorise(identity, asked)
        return await self.answers.respond(request, (request.scope["route"].path, asked, *more), make)

    def authorise(self, identity: Identity, asked: Filters) -> None:
        """Before anything shared is looked into. A campaign without a grant answers as one that does not exist."""
        if not identity.may_see(asked.campaign):
            raise not_found(views.UNKNOWN.format(asked.campaign))


def router(reading: Reading) -> APIRouter:
    made = APIRouter(prefix="/v1")
    _campaigns(made, reading)
    _figures(made, reading)
    _posts_and_news(made, reading)
    _where_from(made, reading)
    return made


def _campaigns(made: APIRouter, reading: Reading) -> None:
    settings = reading.settings
    Caller = Annotated[Identity, Depends(reading.caller)]

    @made.get("/campaigns", tags=["Campaigns"], response_model=schemas.Campaigns)
    async def campaigns(request: Request, identity: Caller) -> Response:
        """Campaigns with captured hours that you may see, the newest first."""

        def make(ask: Ask) -> schemas.Campaigns:
            return schemas.Campaigns(data=[row for row in views.rows_of(views.campaigns(ask)) if identity.may_see(row["campaign_id"])])

        return await reading.answers.respond(request, ("/v1/campaigns", identity.campaigns), make)

    @made.get("/hashtags", tags=["Campaigns"], response_model=schemas.Hashtags)
    async def hashtags(request: Request, identity: Caller, campaign: CampaignId) -> Response:
        """Hashtags of a campaign with their day of most engagement, of all days: the whole campaign, followed ones, then those seen most."""
        asked = Filters(campaign)
        return await reading(request, identity, asked, lambda ask: views.hashtags(ask, asked))

    @made.get("/spend", tags=["Campaigns"], response_model=schemas.Spend)
    async def spend(
        request: Request, identity: Caller, month: Annotated[str | None, Query(pattern=r"^20\d{2}-(0[1-9]|1[0-2])$", examples=["2026-03"])] = None
    ) -> Response:
        """What reading from X has cost from this month on (UTC; by default this month), for campaigns that you may see."""
        first = _first_of(month)
        return await reading.answers.respond(
            request, ("/v1/spend", first, identity.campaigns), lambda ask: views.spend(ask, first, settings, identity.campaigns)
        )


def _figures(made: APIRouter, reading: Reading) -> None:
    settings = reading.settings
    Caller = Annotated[Identity, Depends(reading.caller)]

    @made.get("/cards", tags=["Figures"], response_model=schemas.Cards)
    async def cards(request: Request, identity: Caller, asked: Filtered) -> Response:
        """The six figures of the page's first screen, with the words, changes and intervals that stand beside them, and the day of most engagement."""
        return await reading(request, identity, asked, lambda ask: views.cards(ask, asked, settings))

    @made.get("/series", tags=["Figures"], response_model=schemas.Series)
    async def series(request: Request, identity: Caller, asked: Filtered, grain: Annotated[Literal["days", "hours"], Query()] = "days") -> Response:
        """Posts, engagement and coverage over time: captured days of the campaign's zone, or hours (UTC) with posts."""
        return await reading(request, identity, asked, lambda ask: views.series(ask, asked, grain), grain)

    @made.get("/sentiment", tags=["Figures"], response_model=schemas.Sentiment)
    async def sentiment(request: Request, identity: Caller, asked: Filtered) -> Response:
        """Labels of scored original posts, their shares with 95 % intervals, net sentiment, and each day."""
        return await reading(request, identity, asked, lambda ask: views.sentiment(ask, asked))

    @made.get("/words", tags=["Figures"], response_model=schemas.Words)
    async def words(request: Request, identity: Caller, asked: Filtered, most: Annotated[int, Query(ge=1, le=150)] = 50) -> Response:
        """Words by the number of original posts that have them; followed hashtags are left out. At most `most`."""
        return await reading(request, identity, asked, lambda ask: views.words(ask, asked, most), most)

    @made.get("/peaks", tags=["Peaks"], response_model=schemas.Peaks)
    async def peaks(request: Request, identity: Caller, asked: Filtered) -> Response:
        """Events: spans in which volume, engagement or the negative share was far above what is usual."""
        return await reading(request, identity, asked, lambda ask: views.peaks(ask, asked))

    @made.get("/explanation", tags=["Peaks"], response_model=schemas.Explanations)
    async def explanation(request: Request, identity: Caller, asked: Filtered) -> Response:
        """For each day that wants an explanation: the news story with most evidence, and how that compares with ordinary days."""
        return await reading(request, identity, asked, lambda ask: views.explanations(ask, asked))


def _posts_and_news(made: APIRouter, reading: Reading) -> None:
    settings = reading.settings
    Caller = Annotated[Identity, Depends(reading.caller)]

    @made.get("/posts", tags=["Posts and news"], response_model=schemas.Posts)
    async def list_posts(
        request: Request,
        identity: Caller,
        asked: Filtered,
        order: By = "engagement",
        label: Label = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        cursor: Annotated[
            str | None, Query(max_length=posts.LONGEST_CURSOR, pattern=NAME, description="`next` of the page before, with the same filters.")
        ] = None,
    ) -> Response:
        """Posts a page at a time. Texts of posts captured from X are withheld unless this installation allows them."""
        by = posts.Order(order, label)
        return await reading(request, identity, asked, lambda ask: posts.posts(ask, asked, by, limit, cursor, settings), by, limit, cursor)

    @made.get("/articles", tags=["Posts and news"], response_model=schemas.Articles)
    async def articles(request: Request, identity: Caller, asked: Filtered) -> Response:
        """News around the hashtag's day of most engagement; none when that day is not among those asked for."""
        return await reading(request, identity, asked, lambda ask: views.articles(ask, asked))

    @made.get("/entities", tags=["Posts and news"], response_model=schemas.Entities)
    async def entities(request: Request, identity: Caller, asked: Filtered) -> Response:
        """Organisations and places named in these articles, most articles first."""
        return await reading(request, identity, asked, lambda ask: views.entities(ask, asked))


def _where_from(made: APIRouter, reading: Reading) -> None:
    settings = reading.settings
    Caller = Annotated[Identity, Depends(reading.caller)]

    @made.get("/coverage", tags=["Where it comes from"], response_model=schemas.Coverage)
    async def coverage(request: Request, identity: Caller, asked: Filtered) -> Response:
        """Captured hours of the whole campaign: how many posts there were, how many were captured, by which run."""
        return await reading(request, identity, asked, lambda ask: views.coverage(ask, asked))

    @made.get("/trace", tags=["Where it comes from"], response_model=schemas.Trace)
    async def trace(
        request: Request,
        identity: Caller,
        asked: Filtered,
        measure: Annotated[str, Query(pattern=r"^[a-z_]{1,60}$", examples=["engagement"])],
        day: Day | None = None,
    ) -> Response:
        """How a figure comes about: formula, post ids with their contribution, capture hours, runs, models, and the figure recomputed."""

        def make(ask: Ask) -> schemas.Trace:
            of = views.about(ask, asked)
            if reading.tracer is None:
                raise not_built("Trace")
            try:
                return schemas.Trace(about=of, measure=measure, trace=dict(reading.tracer(asked, measure, day)))
            except LookupError as error:
                raise not_found(str(error.args[0]) if error.args else "This cannot be traced.") from None

        return await reading(request, identity, asked, make, measure, day)

    @made.get(
        "/export/{table}",
        tags=["Where it comes from"],
        response_class=StreamingResponse,
        responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
    )
    async def export(
        request: Request,
        identity: Caller,
        asked: Filtered,
        table: Annotated[Table, Path()],
        order: By = "engagement",
        label: Label = None,
    ) -> Response:
        """The rows of the same filters as CSV (RFC 4180, UTF-8; text that begins as a formula has an apostrophe in front). `order` and `label` are for posts."""
        reading.authorise(identity, asked)

        def checked(ask: Ask) -> str:
            views.about(ask, asked)
            views.hashtag_row(ask, asked)
            return ask.version

        version = await reading.answers.rows(checked)
        by = posts.Order(order, label)
        if reading.exported:
            facts = asked.facts() | (asdict(by) if table == "posts" else {})
            await run_in_threadpool(reading.exported, request, identity, table, asked.campaign, facts)
        if table == "posts":
            parts = await run_in_threadpool(downloads.all_posts, reading.answers.open_questions, asked, by, settings, reading.slots)
        else:
            parts = iter(await reading.answers.rows(lambda ask: downloads.small(table, ask, asked, settings)))
        headers = {"Content-Disposition": f'attachment; filename="{table}.csv"', "Cache-Control": "private, no-store", "X-Data-Version": version}
        return StreamingResponse(parts, media_type="text/csv; charset=utf-8", headers=headers)


def _first_of(month: str | None) -> date:
    if month is None:
        return datetime.now(UTC).date().replace(day=1)
    return date.fromisoformat(f"{month}-01")
