"""The model API as a process of its own, for where it scales to none:  python -m app.models_server

`/api/v1/sentiment` and `/api/v1/entities` as the site has them, with the site's tokens and accounts, and no page and no warehouse.
"""

import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


def make_app() -> Any:
    """The ASGI application. Raises AuthError where the accounts or the keys are not usable."""
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Mount, Route

    from app.api import make_models_api
    from app.auth import store
    from app.auth.keys import signing_keys
    from app.bearer import bearer_identity

    signing_keys()
    store.opened()
    api = make_models_api(bearer_identity)

    async def healthz(_: Any) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @asynccontextmanager
    async def running(_: Any) -> AsyncIterator[None]:
        yield
        api.state.close()

    return Starlette(routes=[Route("/healthz", healthz), Mount("/api", api)], lifespan=running)


def main() -> None:
    """Serves on PULSE_SITE_HOST and PULSE_SITE_PORT until it is told to stop. Exits with 1 and one line where it cannot start."""
    import uvicorn

    from app.auth.errors import AuthError
    from orchestration.settings import Settings

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = Settings()
    try:
        app = make_app()
    except AuthError as error:
        sys.exit(f"pulse: {error}")
    uvicorn.run(app, host=settings.site_host, port=settings.site_port, server_header=False, access_log=False)


if __name__ == "__main__":
    main()
