"""Who holds the token of a request to the API: accounts and API meet here alone."""

import logging

from fastapi import Request

from app.api.access import NotAuthenticated
from app.auth import visitors
from app.auth.tokens import BadToken
from app.identity import Identity

log = logging.getLogger("pulse.site")


def bearer_identity(request: Request) -> Identity:
    """Of the `Authorization` header alone. Raises NotAuthenticated."""
    try:
        return visitors.of_authorization(request.headers.get("authorization"))
    except BadToken as error:
        log.info("a token was refused: %s", error)
        raise NotAuthenticated from None
