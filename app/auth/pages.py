"""The pages around the site as plain HTML: no script, nothing from outside, every value escaped."""

import base64
import hashlib
from html import escape

from app.auth import oidc
from app.auth.forms import CSRF_FIELD
from app.auth.passwords import LONGEST, SHORTEST

# The colours are those of .streamlit/config.toml; a test holds them against it.
STYLE = """
:root { color-scheme: light dark; --ink: #0d1620; --paper: #ffffff; --card: #f4f6f9; --line: #dfe3e8; --act: #2a5f92; --on-act: #ffffff; --bad: #a3341f; --quiet: #566270; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf2; --paper: #12171d; --card: #1b222b; --line: #313b47; --act: #8ab8e6; --on-act: #12171d; --bad: #f2a08f; --quiet: #a3afbc; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 "Source Sans 3", "Source Sans Pro", system-ui, sans-serif; }
main { width: 100%; max-width: 25rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 0.6rem; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0.5rem 0 0; color: var(--quiet); overflow-wrap: anywhere; }
p[role=alert] { color: var(--bad); font-weight: 600; }
label { display: block; margin-top: 1.25rem; font-weight: 600; }
input { width: 100%; margin-top: 0.25rem; padding: 0.6rem 0.75rem; font: inherit; color: var(--ink); background: var(--paper);
  border: 1px solid var(--quiet); border-radius: 0.6rem; }
button { width: 100%; margin-top: 1.5rem; padding: 0.7rem; font: inherit; font-weight: 600; color: var(--on-act); background: var(--act); border: 0;
  border-radius: 0.6rem; cursor: pointer; }
input:focus-visible, button:focus-visible, a:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
a { color: var(--act); }
"""
# No script and no other place: whatever slipped into a page would do nothing.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; img-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def login(csrf: str, target: str, email: str = "", error: str = "") -> str:
    fields = (
        _field("email", "E-mail address", "email", "username", value=email, focus=not email)
        + _field("password", "Password", "password", "current-password", focus=bool(email))
        + _hidden("next", target)
    )
    # A link, not a form: form-action 'self' would forbid the redirect to the provider.
    company = f'<p><a href="{oidc.BEGIN}">Sign in with your company account</a></p>' if oidc.is_on() else ""
    heading = _heading("Campaign Pulse", "Sign in to see how a campaign is doing, and why.", error)
    return _page("Sign in", heading + _form("/login", csrf, fields, "Sign in") + company)


def invite(csrf: str, action: str, email: str, error: str = "") -> str:
    said = f"Choose a password for {email}. It needs {SHORTEST} characters; several words are easy to remember."
    return _page("Choose a password", _heading("Choose a password", said, error) + _form(action, csrf, _account(email) + _new_password(), "Set the password and sign in"))


def password(csrf: str, email: str, error: str = "") -> str:
    fields = _account(email) + _field("old", "Present password", "password", "current-password", focus=True) + _new_password(focus=False)
    said = f"A new password for {email}. Every open page of yours ends, here and elsewhere."
    return _page("Change the password", _heading("Change the password", said, error) + _form("/password", csrf, fields, "Change it") + _back())


def logout(csrf: str) -> str:
    return _page("Sign out", _heading("Sign out?", "This ends your session in this browser, also in its other tabs.") + _form("/logout", csrf, "", "Sign out") + _back())


def message(title: str, text: str) -> str:
    return _page(title, _heading(title, text) + '<p><a href="/login">To the login</a></p>')


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{escape(title)} · Campaign Pulse</title><link rel="icon" href="/favicon.ico">'
        f"<style>{STYLE}</style></head><body><main>{body}</main></body></html>"
    )


def _heading(title: str, said: str, error: str = "") -> str:
    alert = f'<p role="alert" id="error">{escape(error)}</p>' if error else ""
    return f"<h1>{escape(title)}</h1><p>{escape(said)}</p>{alert}"


def _form(action: str, csrf: str, fields: str, button: str) -> str:
    return f'<form method="post" action="{escape(action)}">{_hidden(CSRF_FIELD, csrf)}{fields}<button type="submit">{escape(button)}</button></form>'


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def _field(name: str, label: str, kind: str, autocomplete: str, value: str = "", focus: bool = False, more: str = "") -> str:
    return (
        f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" type="{kind}" autocomplete="{autocomplete}" '
        f'value="{escape(value)}" required{" autofocus" if focus else ""}{more}>'
    )


def _new_password(focus: bool = True) -> str:
    return _field("new", "New password", "password", "new-password", focus=focus, more=f' minlength="{SHORTEST}" maxlength="{LONGEST}"')


def _account(email: str) -> str:
    """For the browser's store of passwords, which else saves one without its account."""
    return f'<input type="hidden" name="username" autocomplete="username" value="{escape(email)}">'


def _back() -> str:
    return '<p><a href="/">Back</a></p>'
