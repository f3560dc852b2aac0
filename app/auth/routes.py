"""The routes around the site: login, links of invitations, change of password, logout, tokens of the API."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import wraps
from typing import TypeVar

import anyio.to_thread
import sqlalchemy as sa
from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from app.auth import audit, forms, invites, oidc, pages, passwords, sessions, signin, tokens, users, visitors
from app.auth.errors import AuthError, Refused, Throttled
from app.auth.forms import BadForm, safe_next
from app.auth.gate import COOKIE
from app.auth.keys import signing_keys
from app.auth.users import User
from app.identity import Role

Answer = TypeVar("Answer")
# A queue of hashes is a wait of minutes; past this the answer is "later".
MOST_WAITING = 40


class Accounts:
    """The routes on one database of accounts."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._hashing: CapacityLimiter | None = None

    def routes(self) -> list[Route]:
        return [
            Route("/login", self._page(self.login), methods=["GET", "POST"]),
            Route("/logout", self._page(self.logout), methods=["GET", "POST"]),
            Route("/invite/{token}", self._page(self.invite), methods=["GET", "POST"]),
            Route("/password", self._page(self.password), methods=["GET", "POST"]),
            Route("/api/token", self.token, methods=["POST"]),
            *([Route(oidc.BEGIN, self._page(self.company), methods=["GET"])] if oidc.is_on() else []),
        ]

    async def login(self, request: Request) -> Response:
        target = safe_next(request.query_params.get("next"))
        if request.method != "POST":
            came_back = oidc.is_on() and any(name.startswith("_streamlit_user") for name in request.cookies)
            return await self._from_company(request, target) if came_back else _html(request, pages.login, target)
        form = await forms.read_form(request)
        email, target = form.get("email", "")[:254], safe_next(form.get("next"))
        try:
            user = await self._slowly(signin.sign_in, self._engine, email, form.get("password", ""), _now(), *_sender(request))
        except AuthError as error:
            return _html(request, pages.login, target, email, str(error), status=_status(error), error=error)
        return await self._begin(request, user, target, "login")

    async def company(self, request: Request) -> Response:
        """To the provider of company accounts; from there the way leads back to the login."""
        return RedirectResponse(oidc.begin_url(), 303)

    async def _from_company(self, request: Request, target: str) -> Response:
        """What the provider says is exchanged for a session; an invited account is active from now on."""
        try:
            email = oidc.verified_email(request)
            user = await _aside(signin.by_company, self._engine, email, _now(), *_sender(request)) if email else None
            answer = await self._begin(request, user, target, "login") if user else _html(request, pages.login, target)
        except AuthError as error:
            answer = _html(request, pages.login, target, "", str(error), status=401)
        oidc.clear(request, answer)
        return answer

    async def invite(self, request: Request) -> Response:
        token = request.path_params["token"][:100]
        try:
            user = await _aside(invites.owner, self._engine, token, _now())
        except AuthError as error:
            return HTMLResponse(pages.message("This link does not work", str(error)), 404, {"content-security-policy": pages.POLICY})
        if request.method != "POST":
            return _html(request, pages.invite, f"/invite/{token}", user.email)
        form = await forms.read_form(request)
        try:
            user = await self._slowly(invites.use, self._engine, token, form.get("new", ""), _now())
        except AuthError as error:
            return _html(request, pages.invite, f"/invite/{token}", user.email, str(error), status=_status(error), error=error)
        return await self._begin(request, user, "/", "invite used")

    async def password(self, request: Request) -> Response:
        """Behind the gate: there is a session."""
        visitor = await self._visitor(request)
        user = await _aside(users.by_id, self._engine, visitor.identity.user_id) if visitor else None
        if user is None:
            return RedirectResponse("/login", 303)
        if request.method != "POST":
            return _html(request, pages.password, user.email)
        form = await forms.read_form(request)
        try:
            await self._slowly(signin.change_password, self._engine, user, form.get("old", ""), form.get("new", ""), _now(), *_sender(request))
        except AuthError as error:
            return _html(request, pages.password, user.email, str(error), status=_status(error), error=error)
        return await self._begin(request, user, "/", "login")

    async def logout(self, request: Request) -> Response:
        if request.method != "POST":
            return _html(request, pages.logout)
        await forms.read_form(request)
        visitor = await self._visitor(request)
        if visitor is not None:
            await _aside(sessions.end, self._engine, visitor.session.id, _now())
            await self._note(request, "logout", visitor.session.email, visitor.session.id)
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        answer.headers["clear-site-data"] = '"storage"'
        return answer

    async def token(self, request: Request) -> Response:
        """`username` and `password` as form (OAuth 2.0's password grant) or JSON; the answer is a bearer token of 15 minutes."""
        try:
            username, password = _credentials(request, await forms.read_body(request))
            user = await self._slowly(signin.sign_in, self._engine, username, password, _now(), *_sender(request), "token")
            if user.role < Role.ANALYST:
                await self._note(request, "token", user.email, outcome="forbidden")
                return _problem(403, "The API needs the role analyst. Ask an admin:  pulse users set-role EMAIL analyst")
        except BadForm as error:
            return _problem(error.status, str(error))
        except AuthError as error:
            return _problem(_status(error), str(error), error)
        await self._note(request, "token", user.email)
        issued = tokens.issue(signing_keys(), tokens.API, user.id, _now(), gen=user.token_generation)
        seconds = int(tokens.API.lifetime.total_seconds())
        return JSONResponse({"access_token": issued, "token_type": "bearer", "expires_in": seconds}, headers={"cache-control": "no-store"})

    async def _begin(self, request: Request, user: User, target: str, action: str) -> Response:
        """A session with a new id, whatever the browser came with; what it came with ends."""
        before = await self._visitor(request)
        if before is not None:
            await _aside(sessions.end, self._engine, before.session.id, _now())
        sid = await _aside(sessions.start, self._engine, user.id, _now(), *_sender(request))
        await self._note(request, action, user.email, sessions.row_id(sid))
        answer = RedirectResponse(target, 303)
        token = tokens.issue(signing_keys(), tokens.WEB, user.id, _now(), jti=sid)
        # Without max-age: it goes with the browser's session, and the row decides before that.
        answer.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="lax")
        return answer

    async def _visitor(self, request: Request) -> visitors.Visitor | None:
        cookie = request.cookies.get(COOKIE)
        found = await _aside(visitors.of_cookie, cookie) if cookie else None
        return found[1] if found else None

    async def _note(self, request: Request, action: str, actor: str, target: str = "", outcome: str = "ok") -> None:
        address, agent = _sender(request)
        await _aside(audit.record, self._engine, _now(), action, actor, target, outcome, address, agent)

    async def _slowly(self, work: Callable[..., Answer], *arguments: object) -> Answer:
        """Work that hashes: never on the event loop, and few at once."""
        if self._hashing is None:
            self._hashing = CapacityLimiter(passwords.AT_ONCE)
        if self._hashing.statistics().tasks_waiting >= MOST_WAITING:
            raise Throttled(10)
        return await anyio.to_thread.run_sync(lambda: work(*arguments), limiter=self._hashing)

    @staticmethod
    def _page(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        @wraps(handler)
        async def answering(request: Request) -> Response:
            try:
                return await handler(request)
            except BadForm as error:
                return HTMLResponse(pages.message("This did not work", str(error)), error.status, {"content-security-policy": pages.POLICY})

        return answering


def _html(request: Request, page: Callable[..., str], *arguments: str, status: int = 200, error: AuthError | None = None) -> HTMLResponse:
    csrf = forms.csrf_value(request)
    answer = HTMLResponse(page(csrf, *arguments), status, {"content-security-policy": pages.POLICY, **_later(error)})
    answer.set_cookie(forms.CSRF_COOKIE, csrf, path="/", secure=True, httponly=True, samesite="strict")
    return answer


def _credentials(request: Request, body: bytes) -> tuple[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == forms.FORM:
        given: object = forms.parse_fields(body)
    elif kind == "application/json":
        try:
            given = json.loads(body)
        except (ValueError, RecursionError):
            raise BadForm(400, "The body is no JSON.") from None
    else:
        raise BadForm(415, f"Send username and password as {forms.FORM} or application/json.")
    username, password = (given.get("username"), given.get("password")) if isinstance(given, dict) else (None, None)
    if not (isinstance(username, str) and username and isinstance(password, str) and password):
        raise BadForm(422, "username and password are needed, both as text.")
    return username[:254], password


def _problem(status: int, detail: str, error: AuthError | None = None) -> JSONResponse:
    """RFC 9457, as everywhere under /api."""
    from http import HTTPStatus

    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    headers = {**_later(error), "cache-control": "no-store", **({"www-authenticate": "Bearer"} if status == 401 else {})}
    return JSONResponse(content, status, headers, media_type="application/problem+json")


def _status(error: AuthError) -> int:
    return 429 if isinstance(error, Throttled) else 401 if isinstance(error, Refused) else 422


def _later(error: AuthError | None) -> dict[str, str]:
    return {"retry-after": str(error.seconds)} if isinstance(error, Throttled) else {}


def _sender(request: Request) -> tuple[str, str]:
    return (request.client.host if request.client else "", request.headers.get("user-agent", "")[:200])


def _now() -> datetime:
    return datetime.now(UTC)


async def _aside(work: Callable[..., Answer], *arguments: object) -> Answer:
    return await anyio.to_thread.run_sync(lambda: work(*arguments))
