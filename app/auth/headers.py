"""Headers that stand on every answer: what the browser may load, from where, and what it must not do with it."""

import re

HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
# Streamlit's own bundle has hashes in its names; the rest is somebody's data. The API says itself what may be kept.
CACHEABLE = ("/static/", "/favicon.ico")


def policy(host: str, secure: bool, framed: str | None = None) -> str:
    """The Content-Security-Policy of Streamlit's pages, tried with its charts and tables.

    'unsafe-inline' for scripts is Streamlit's need (its shell, and `st.html` with a script of ours); texts from outside never reach an
    element that makes markup. 'wasm-unsafe-eval' is the table's. Forms, frames and every other host are closed; `framed` is the one origin that may be framed.
    """
    socket = f" {'wss' if secure else 'ws'}://{host}" if HOST.fullmatch(host) else ""
    frames = framed or "'none'"
    return (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        f"font-src 'self' data:; connect-src 'self'{socket}; worker-src 'self' blob:; frame-src {frames}; frame-ancestors 'none'; base-uri 'self'; "
        "form-action 'self'; object-src 'none'"
    )


def security_headers(path: str, host: str, secure: bool, sent: dict[str, str], framed: str | None = None) -> dict[str, str]:
    """Those to add to an answer that has `sent` (names in lower case). A page's own, stricter policy stays."""
    headers = {**ALWAYS, "content-security-policy": policy(host, secure, framed)}
    if secure:
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    headers = {name: value for name, value in headers.items() if name not in sent}
    if not path.startswith(CACHEABLE) and not (path.startswith("/api/") and "cache-control" in sent):
        headers["cache-control"] = "no-store"
    return headers
