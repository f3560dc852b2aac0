"""A home with accounts, and the real server on it."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from app.auth import passwords, store, users
from app.auth.gate import COOKIE
from app.identity import Role
from orchestration.ports import free_port
from orchestration.settings import REPOSITORY, Settings

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
PASSWORD = "ferns under slow rain"
# Made once: a hash takes up to half a second here.
HASH = passwords.hashed(PASSWORD)
PEOPLE = {
    "admin@example.org": (Role.ADMIN, ()),
    "ana@example.org": (Role.ANALYST, ("alpha",)),
    "vera@example.org": (Role.VIEWER, ("bravo",)),
}


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """The accounts of a home of the test's own, which the code under test opens too."""
    monkeypatch.setenv("PULSE_HOME", str(tmp_path))
    yield (opened := store.opened())
    opened.dispose()
    store._opened.cache_clear()


@pytest.fixture
def add(engine):
    def account(email="vera@example.org", role=Role.VIEWER, now=NOW):
        return users.create(engine, email, "", role, now, "test", HASH)

    return account


@dataclass
class Browser:
    """What a browser does with cookies and forms; `httpx` keeps no Secure cookie over http, as a browser does for this machine."""

    address: str
    cookies: dict[str, str]

    def request(self, method: str, path: str, **more) -> httpx.Response:
        headers = {"accept": "text/html", **more.pop("headers", {})}
        if self.cookies:
            headers.setdefault("cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        answer = httpx.request(method, self.address + path, headers=headers, timeout=60, **more)
        for line in answer.headers.get_list("set-cookie"):
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value.strip('"')
            if "max-age=0" in line.lower():
                del self.cookies[name]
        return answer

    def get(self, path: str, **more) -> httpx.Response:
        return self.request("GET", path, **more)

    def send(self, path: str, fields: dict[str, str], **more) -> httpx.Response:
        """Opens the form and sends it."""
        form = self.get(path)
        found = re.search(r'name="csrf" value="([^"]+)"', form.text)
        return self.request("POST", path.partition("?")[0], data={"csrf": found.group(1) if found else "", **fields}, **more)

    def sign_in(self, email: str, password: str = PASSWORD, target: str = "/") -> httpx.Response:
        return self.send("/login", {"email": email, "password": password, "next": target})


@dataclass(frozen=True)
class Site:
    home: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def engine(self):
        return store.open_database(Settings(home=self.home))

    def browser(self, email: str | None = None) -> Browser:
        browser = Browser(self.address, {})
        if email:
            assert browser.sign_in(email).status_code == 303
            assert COOKIE in browser.cookies
        return browser

    def token(self, email: str, password: str = PASSWORD) -> httpx.Response:
        return httpx.post(f"{self.address}/api/token", data={"username": email, "password": password}, timeout=60)

    def forget_attempts(self) -> None:
        from app.auth.tables import LOGIN_ATTEMPTS

        with store.writing(self.engine) as connection:
            connection.execute(LOGIN_ATTEMPTS.delete())


@pytest.fixture(scope="session")
def running_site(tmp_path_factory):
    home = tmp_path_factory.mktemp("site")
    engine = store.open_database(Settings(home=home))
    for email, (role, campaigns) in PEOPLE.items():
        user = users.create(engine, email, email.partition("@")[0].title(), role, datetime.now(UTC), "test", HASH)
        for campaign in campaigns:
            users.grant(engine, user, campaign, datetime.now(UTC), "test")
    site = Site(home, free_port())
    environment = {**os.environ, "PULSE_HOME": str(home), "PULSE_SITE_PORT": str(site.port)}
    with (home / "site.log").open("w") as log:
        process = subprocess.Popen([sys.executable, "-m", "tests.auth.fake_site"], cwd=REPOSITORY, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(600):
            assert process.poll() is None, (home / "site.log").read_text()
            try:
                httpx.get(f"{site.address}/healthz", timeout=1)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield site
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def site(running_site):
    """Each test begins without counted failures: all of them come from one address."""
    running_site.forget_attempts()
    return running_site
