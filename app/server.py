"""The site as one process: login, gate, API and Streamlit.  pulse serve"""

import asyncio
import gc
import json
import logging
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.arenas import share_arenas

if TYPE_CHECKING:
    from starlette.routing import Route
    from starlette.types import ASGIApp

SITE = Path(__file__).with_name("site.py")
log = logging.getLogger("pulse.site")

# Only here: a page that is started without this module is told no session id, and shows nothing.
OPTIONS = {
    "server.trustedUserHeaders": json.dumps({"x-pulse-sid": "sid"}),
    # The page has no upload; a signed-in reader cannot fill the memory with one.
    "server.maxUploadSize": 1,
    "server.enableXsrfProtection": True,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "browser.gatherUsageStats": False,
}

# Streamlit looks through its folders for a file of secrets each time a page asks who is there, until it has some: 4 % of a page's run.
NO_SECRETS: Mapping[str, dict[str, Any]] = {"campaign-pulse": {}}

# Open pages hold their sockets; they are told to come back, not waited for.
STOP_SECONDS = 3
# Some 0.2 s for everybody, each time.
COLLECT_SECONDS = 20
LARGEST_MESSAGE = 4 * 1024 * 1024


def make_app() -> "ASGIApp":
    """The ASGI application. Raises AuthError where accounts, keys or the framed dashboard are not usable: it does not start half."""
    import streamlit as st
    from starlette.middleware import Middleware
    from streamlit.web import bootstrap

    from app.auth import oidc, store, visitors
    from app.auth.gate import Gate
    from app.auth.keys import signing_keys
    from app.auth.routes import Accounts
    from app.embed import embedded
    from app.metrics import PATH, Measured, SiteMetrics, metrics_route, metrics_token
    from orchestration.settings import Settings

    signing_keys()
    settings = Settings()
    token, metrics = metrics_token(), SiteMetrics()
    secrets_of_provider, dashboard = oidc.secrets(settings), embedded(settings)
    engine = store.opened()
    api, close_api = _api()
    routes = [*_health(), *Accounts(engine).routes(), api, _favicon()]
    also_public = oidc.PUBLIC if secrets_of_provider else frozenset()
    if token:
        # It asks for a token of its own, as the API does.
        routes.append(metrics_route(metrics, token))
        also_public |= {PATH}
    gate = Middleware(Gate, find=visitors.of_cookie, leave=_rerun(), also_public=also_public, framed=dashboard.origin if dashboard else None)
    around = [Middleware(Measured, metrics=metrics), gate]
    app = st.App(SITE.resolve(), secrets=secrets_of_provider or NO_SECRETS, routes=routes, middleware=around, lifespan=_lifespan(close_api), on_script_error=_said_with_a_reference)
    # After the App, which says where config.toml is. Streamlit reads its environment variables only in its own command.
    bootstrap.load_config_options(OPTIONS)
    return app


def main() -> None:
    """Serves until it is told to stop. Exits with 1 and one line where it cannot start."""
    share_arenas()
    import uvicorn

    from app.auth.errors import AuthError
    from orchestration.settings import Settings

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    settings = Settings()
    try:
        app = make_app()
    except AuthError as error:
        sys.exit(f"pulse: {error}")
    trusted = settings.site_trusted_proxies
    uvicorn.run(
        app,
        host=settings.site_host,
        port=settings.site_port,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        ws_ping_interval=30,
        ws_ping_timeout=30,
        # As Streamlit leaves it by default: it was a sixth of the processor of a run, for messages of some KB.
        ws_per_message_deflate=False,
        # Who may say where a request comes from: nobody, unless a proxy is named. uvicorn's default trusts this machine.
        proxy_headers=bool(trusted),
        forwarded_allow_ips=trusted or None,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def _lifespan(close_api: Callable[[], None]) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def running(_: Any) -> AsyncIterator[None]:
        """Imports what a page needs before the first reader waits for it, then takes all of it out of the collector's sight.

        Streamlit collects garbage after each run of a page, over everything that was ever imported: 156 ms a run, 60 with it frozen. The client of
        BigQuery is imported by the first question: left out here, it cost each run 50 ms. What readers leave open is taken out now and then: with ten of
        them it was a fifth of a run.
        """
        # Links of invitations are paths, and a line a request says nothing that the audit does not. Streamlit gives this logger its handler
        # back after uvicorn took it away.
        logging.getLogger("uvicorn.access").disabled = True
        await asyncio.to_thread(_import_pages)
        _out_of_sight()
        again = asyncio.create_task(_now_and_then())
        try:
            yield
        finally:
            again.cancel()
            await asyncio.to_thread(close_api)

    return running


async def _now_and_then() -> None:
    while True:
        await asyncio.sleep(COLLECT_SECONDS)
        await asyncio.to_thread(_out_of_sight)


def _out_of_sight() -> None:
    """Collects all garbage, then leaves what lives to the next time. Without the first step, what dies in between would never go."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _import_pages() -> None:
    import altair  # noqa: F401
    import pandas  # noqa: F401
    from google.cloud import bigquery  # noqa: F401

    from app import cards, queries  # noqa: F401


def _rerun() -> bytes:
    """Streamlit's own message for "draw the page again": the page that is drawn for an ended session sends its reader to the login."""
    from streamlit.proto.BackMsg_pb2 import BackMsg

    message = BackMsg()
    message.rerun_script.SetInParent()
    return message.SerializeToString()


def _said_with_a_reference(error: Exception) -> bool:
    """What a reader sees of a bug: a reference to the log, and nothing of the error."""
    import streamlit as st

    reference = secrets.token_hex(4)
    log.error("the page failed, reference %s", reference, exc_info=error)
    st.text(f"This page could not be shown. Reference {reference}: it stands in the site's log.")
    return True


def _health() -> "list[Route]":
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def healthz(_: Any) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    return [Route("/healthz", healthz)]


def _favicon() -> Any:
    from starlette.responses import FileResponse
    from starlette.routing import Route

    async def favicon(_: Any) -> FileResponse:
        return FileResponse(SITE.with_name("icon.png"), headers={"cache-control": "public, max-age=86400"})

    return Route("/favicon.ico", favicon)


def _api() -> tuple[Any, Callable[[], None]]:
    """The API, and what closes it. It asks for its own token on every path and never looks at the cookie."""
    from starlette.routing import Mount

    from app.api import make_api
    from app.api.traces import tracer
    from app.auth import exports
    from app.bearer import bearer_identity
    from orchestration.settings import Settings

    def exported(request: Any, identity: Any, table: str, campaign_id: str, asked: Any) -> None:
        address = request.client.host if request.client else ""
        exports.by_token(identity.user_id, campaign_id, table, asked, address, request.headers.get("user-agent", ""))

    settings = Settings()
    api = make_api(bearer_identity, settings=settings, tracer=tracer(settings), exported=exported)
    return Mount("/api", api), api.state.close


if __name__ == "__main__":
    main()
