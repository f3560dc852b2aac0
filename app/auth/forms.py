"""What a form of ours must look like before it is read: small, sent by our own page, with the value that only our page knows."""

import hmac
import re
import secrets
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request

# `__Host-` and Strict: no other site can set it or have it sent.
CSRF_COOKIE = "__Host-pulse_csrf"
CSRF_FIELD = "csrf"
CSRF_VALUE = re.compile(r"[A-Za-z0-9_-]{43}")
LARGEST_BYTES = 16_384
# Digits of a stated length: Python refuses to read numbers of thousands.
LONGEST_LENGTH = 19
FORM = "application/x-www-form-urlencoded"


class BadForm(Exception):
    """`status` is the answer's; the message is for people."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def read_body(request: Request) -> bytes:
    """At most `LARGEST_BYTES`; a larger body is refused before it is read. Raises BadForm."""
    too_large = BadForm(413, f"This is too large: {LARGEST_BYTES:,} bytes are taken.")
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or len(declared) > LONGEST_LENGTH or int(declared) > LARGEST_BYTES:
        raise too_large
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BYTES:
            raise too_large
    return body


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form that our own page sent. Raises BadForm."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise BadForm(415, "This is no form of ours.")
    check_origin(request)
    fields = parse_fields(await read_body(request))
    check_csrf(request.cookies.get(CSRF_COOKIE), fields.get(CSRF_FIELD))
    return fields


def parse_fields(body: bytes) -> dict[str, str]:
    """Each field's last value. Raises BadForm."""
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise BadForm(400, "This is no form of ours.") from None
    return {name: values[-1] for name, values in fields.items()}


def check_origin(request: Request) -> None:
    """Raises BadForm for a form that another site sent. Browsers name the origin of every form they send."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    foreign = BadForm(403, "This form was sent by another site. Open the page here and send it again.")
    if origin is not None and _host_of(origin) != request.headers.get("host"):
        raise foreign
    if site is not None and site not in ("same-origin", "none"):
        raise foreign


def _host_of(origin: str) -> str:
    """Empty for what is no address, e.g. `http://[`."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def check_csrf(cookie: str | None, field: str | None) -> None:
    """The cookie and the field of a form are equal only on our own page. Raises BadForm."""
    if not cookie or not field or not CSRF_VALUE.fullmatch(cookie) or not hmac.compare_digest(cookie.encode(), field.encode()):
        raise BadForm(
            400,
            "The browser did not send back the cookie of this form. Allow cookies for this page, reload it and try again. "
            "Without https only Chromium and Firefox keep it, and only from this machine.",
        )


def csrf_value(request: Request) -> str:
    """That of the cookie where there is one, so that two open tabs do not end each other's forms."""
    kept = request.cookies.get(CSRF_COOKIE, "")
    return kept if CSRF_VALUE.fullmatch(kept) else secrets.token_urlsafe(32)


def safe_next(wanted: str | None) -> str:
    """A path of this site to go to after the login; anything else is the first page."""
    if not wanted or len(wanted) > 2_000 or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return "/"
    if not wanted.isprintable():
        return "/"
    parts = urlsplit(wanted)
    # Back to a form of ours would be no place to be after it.
    if parts.scheme or parts.netloc or parts.path in ("/login", "/logout", "/password") or parts.path.startswith(("/api/", "/invite/")):
        return "/"
    return wanted
