"""Puts the API together: addresses, access, errors, models."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response

from app.api import problems, schemas
from app.api.access import Authenticate, Bounded, Buckets, admitted, known_before_read
from app.api.answers import Answers
from app.api.description import described
from app.api.desk import Desk, Models
from app.api.questions import Questions
from app.api.routes import Exported, Reading, Tracer, router
from app.identity import Identity
from orchestration.settings import Settings

# 100 texts of 5,000 characters, each written as \\uXXXX, are 3 MB.
MOST_BODY_BYTES = 4 * 1024**2


def make_api(
    authenticate: Authenticate,
    *,
    settings: Settings | None = None,
    open_questions: Callable[[], Questions] | None = None,
    tracer: Tracer | None = None,
    exported: Exported | None = None,
    models: Models | None = None,
) -> FastAPI:
    """An app to be mounted at /api. Nothing is opened, loaded or started before it is needed; call `api.state.close()` at the end.

    `open_questions` opens a connection of the warehouse (by default that of the settings): once in each thread that asks.
    """
    settings = settings or Settings()
    answers = Answers(open_questions or (lambda: _opened(settings)))
    desk, caller = _desk(settings, models), _caller(authenticate, settings)
    api = _bare()
    api.include_router(router(Reading(answers, settings, caller, tracer, exported)))
    api.include_router(_on_demand(desk, caller))
    api.openapi = described(api)  # type: ignore[method-assign]  # FastAPI's own way to another document

    @api.get("/v1/openapi.json", include_in_schema=False)
    async def document(_: Annotated[Identity, Depends(caller)]) -> Response:
        return JSONResponse(api.openapi())

    def close() -> None:
        answers.close()
        desk.close()

    api.state.answers, api.state.close = answers, close
    return api


def make_models_api(authenticate: Authenticate, *, settings: Settings | None = None, models: Models | None = None) -> FastAPI:
    """As `make_api`, of the models alone: no warehouse is opened, so that it may run where none can be reached."""
    settings = settings or Settings()
    desk = _desk(settings, models)
    api = _bare()
    api.include_router(_on_demand(desk, _caller(authenticate, settings)))
    api.state.close = desk.close
    return api


def _desk(settings: Settings, models: Models | None) -> Desk:
    return Desk(models or Models(), most=settings.api_model_queue, seconds=settings.api_model_seconds)


def _caller(authenticate: Authenticate, settings: Settings) -> Callable[[Request], Identity]:
    return admitted(authenticate, Buckets(settings.api_requests_per_second, settings.api_burst))


def _bare() -> FastAPI:
    """Without addresses: errors as problems, bodies bounded."""
    # Its own pages of documentation load scripts from elsewhere: they are off.
    api = FastAPI(
        title="Campaign Pulse",
        version=version("campaign-pulse"),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
        servers=[{"url": "/api"}],
        generate_unique_id_function=lambda route: route.name,
    )
    problems.install(api)
    api.add_middleware(Bounded, most=MOST_BODY_BYTES)
    api.add_middleware(problems.Unforeseen)
    return api


def _opened(settings: Settings) -> Questions:
    from orchestration.warehouse.client import Warehouse

    return Questions(Warehouse(settings))


def _on_demand(desk: Desk, caller: Callable[[Request], Identity]) -> APIRouter:
    made = APIRouter(prefix="/v1", tags=["Models"], route_class=known_before_read(caller))

    async def answer(kind: str, asked: schemas.Texts) -> dict[str, Any]:
        found = await desk.answer(kind, [(each.text, each.language) for each in asked.texts])
        return {**found, "data": found["results"]}

    @made.post("/sentiment")
    async def score_texts(asked: schemas.Texts) -> schemas.ScoredTexts:
        """Up to 100 texts of 5,000 characters: a label and three probabilities for each, or why there are none. Nothing is kept."""
        return schemas.ScoredTexts(**await answer("sentiment", asked))

    @made.post("/entities")
    async def name_texts(asked: schemas.Texts) -> schemas.NamedTexts:
        """Up to 100 texts of 5,000 characters: organisations, places and people named in each, and where. Nothing is kept."""
        return schemas.NamedTexts(**await answer("entities", asked))

    return made
