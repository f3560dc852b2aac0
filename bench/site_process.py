"""The site on a free port with a reader who is signed in: for pictures and tests in a real browser."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx

from app.auth.forms import CSRF_COOKIE, CSRF_FIELD
from app.auth.gate import COOKIE
from orchestration.ports import free_port
from orchestration.processes import end
from orchestration.settings import REPOSITORY

CHROMIUM = Path("/usr/bin/chromium")
SECONDS = 120
READER, PASSWORD = "reader@example.org", "ferns under slow rain"


@dataclass(frozen=True)
class Site:
    """A running app: `link` is the one-time link of an administrator, `pid` the process that draws the pages."""

    address: str
    link: str
    pid: int


@contextmanager
def served(home: Path) -> Iterator[tuple[str, str]]:
    """The address of the site on the data of the home, and the one-time link of an administrator. Accounts are kept apart from the home's."""
    with running(home) as site:
        yield site.address, site.link


@contextmanager
def running(home: Path, *, said: int | IO[bytes] = subprocess.DEVNULL, **more: str) -> Iterator[Site]:
    """The process that `pulse serve` starts, with `more` in its environment; its log goes to `said`."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as accounts:
        environment = os.environ | {
            "PULSE_HOME": str(home.resolve()),
            "PULSE_SITE_PORT": str(port),
            "PULSE_SITE_URL": address,
            "PULSE_AUTH_DATABASE_URL": f"sqlite:///{accounts}/users.sqlite",
        } | more
        pulse = [Path(sys.executable).with_name("pulse"), "users", "invite", READER, "--role", "admin"]
        invited = subprocess.run(pulse, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=SECONDS, check=True).stdout
        process = subprocess.Popen(
            [sys.executable, "-m", "app.server"], cwd=REPOSITORY, env=environment, stdout=said, stderr=said
        )
        try:
            wait_for(f"{address}/healthz", process)
            yield Site(address, next(word for word in invited.split() if word.startswith(f"{address}/invite/")), process.pid)
        finally:
            end(process, 20)


def signed_in(site: Site) -> str:
    """The cookie of a session, had with the site's link and without a browser."""
    form = httpx.get(site.link)
    (csrf,) = [value for name, value in _cookies(form) if name == CSRF_COOKIE]
    answer = httpx.post(
        site.link, data={CSRF_FIELD: csrf, "new": PASSWORD}, headers={"Origin": site.address, "Cookie": f"{CSRF_COOKIE}={csrf}"}, timeout=SECONDS
    )
    return next(f"{name}={value}" for name, value in _cookies(answer) if name == COOKIE)


def _cookies(answer: httpx.Response) -> list[tuple[str, str]]:
    """As they are set: a jar keeps no secure cookie of a plain connection."""
    return [tuple(said.partition(";")[0].split("=", 1)) for said in answer.headers.get_list("set-cookie")]


def wait_for(address: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The site did not answer at {address}. Run it by hand to see why:  python -m app.server")


def enter(context, link: str) -> None:
    """Uses the link in this browser context: all its pages are signed in."""
    page = context.new_page()
    page.goto(link)
    page.get_by_label("New password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-testid=stApp]", timeout=SECONDS * 1_000)
    page.close()


def settle(page) -> None:
    """Until the run is over and the charts are drawn."""
    page.wait_for_selector("h1", timeout=SECONDS * 1_000)
    # By selectors: the site's policy forbids the evaluation that Playwright's own waiting for a function needs.
    page.wait_for_selector("[data-test-script-state=running]", state="detached", timeout=SECONDS * 1_000)
    for unready in ("[data-stale=true]", "[data-testid=stSkeleton]", "[data-testid=stSpinner]"):
        page.wait_for_selector(unready, state="detached", timeout=SECONDS * 1_000)
    page.wait_for_timeout(700)
