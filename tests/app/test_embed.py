"""A managed dashboard on a page: only where one is set, only over https, and nothing else may be framed because of it."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from app import server
from app.auth.headers import policy
from app.embed import Embedded, NotEmbeddable, embedded
from app.identity import Role
from orchestration.settings import REPOSITORY, Settings
from tests.app.conftest import said

URL = "https://lookerstudio.google.com/embed/reporting/0a1b/page/p_x?params=%7B%22c%22:%22sample%22%7D"


def frames(framed: str | None) -> str:
    return re.search(r"frame-src ([^;]+);", policy("pulse.example", True, framed)).group(1)


def test_without_a_dashboard_nothing_may_be_framed():
    assert embedded(Settings(embed_url=None)) is embedded(Settings(embed_url="")) is None and frames(None) == "'none'"


def test_a_dashboards_origin_may_be_framed_and_stands_nowhere_else_in_the_policy():
    found = embedded(Settings(embed_url=URL))
    assert found == Embedded(URL, "https://lookerstudio.google.com", "lookerstudio.google.com") and frames(found.origin) == found.origin
    before, after = policy("pulse.example", True), policy("pulse.example", True, found.origin)
    assert after.replace(found.origin, "'none'", 1) == before and "frame-ancestors 'none'" in after


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://BI.example.org:8443/d/1#tab", "https://bi.example.org:8443"), ("https://bi.example.org:443/", "https://bi.example.org"),
        ("https://xn--bcher-kva.example/embed", "https://xn--bcher-kva.example"),
    ],
)  # fmt: skip
def test_of_an_address_only_host_and_port_go_into_the_policy(url, origin):
    assert embedded(Settings(embed_url=url)).origin == origin


@pytest.mark.parametrize(
    "url",
    [
        "http://bi.example.org/", "bi.example.org/embed", "//bi.example.org", "javascript:alert(1)", "data:text/html,x", "https://", "https:///embed", "https://*/",
        "https://*.example.org/", "https://bi.example.org https://evil.example", "https://bi.example.org,https://evil.example", "https://bi.example.org; script-src *",
        "https://bi.example.org;script-src", "https://bi.example.org\r\nx: y", "https://bi.example.org\\@evil.example", "https://user:word@bi.example.org/",
        "https://bi.example.org@evil.example", "https://bi.example.org:99999/", "https://bi.example.org:x/", "https://localhost/", "https://127.0.0.1/", "https://[::1]/",
        "https://bücher.example/", 'https://bi.example.org/"onload="x', "https://bi.example.org/'none'", f"https://bi.example.org/{'x' * 2_000}", "https://-bi.example.org/",
    ],
)  # fmt: skip
def test_an_address_that_may_not_be_framed_is_refused_with_a_reason_and_is_not_repeated(url):
    with pytest.raises(NotEmbeddable, match="^PULSE_EMBED_URL cannot be embedded: .* Copy the address") as refused:
        embedded(Settings(embed_url=url))
    assert url not in str(refused.value)


def test_the_site_does_not_start_with_an_address_that_may_not_be_framed(monkeypatch, tmp_path):
    monkeypatch.setenv("PULSE_HOME", str(tmp_path))
    monkeypatch.setenv("PULSE_EMBED_URL", "http://bi.example.org/")
    with pytest.raises(SystemExit, match="^pulse: PULSE_EMBED_URL cannot be embedded: only https is framed"):
        server.main()


def opened(visitor: dict) -> AppTest:
    """The page by its file, as nobody's menu offers it before it is set."""
    test = AppTest.from_file(str(REPOSITORY / "app" / "site.py"), default_timeout=60)
    test.user = visitor
    return test.switch_page("app_pages/dashboard.py").run()


def test_the_page_is_there_for_every_reader_where_a_dashboard_is_set(monkeypatch, site, signed_in_as):
    monkeypatch.setenv("PULSE_EMBED_URL", URL)
    viewer = signed_in_as(Role.VIEWER, ("c",))
    site(visitor=viewer)
    page = opened(viewer)
    (frame,) = page.get("iframe")
    assert frame.proto.src == URL and [title.value for title in page.title] == ["Dashboard"] and "From lookerstudio.google.com" in said(page)


def test_there_is_no_page_where_none_is_set(monkeypatch, site, signed_in_as):
    monkeypatch.delenv("PULSE_EMBED_URL", raising=False)
    visitor = signed_in_as()
    site(visitor=visitor)
    page = opened(visitor)
    assert not page.get("iframe") and [title.value for title in page.title] != ["Dashboard"]
