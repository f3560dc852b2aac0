"""The API on the materialised sample: page, API, CSV and marts give the same figures for the same filters."""

import csv
import io

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from app import data
from app.api import make_api
from app.api.downloads import NAMES
from app.api.traces import tracer
from app.api.views import plain_value
from app.identity import Identity, Role
from app.queries import Marts
from app.text import plain, tag_name
from orchestration.export import unguarded
from orchestration.settings import REPOSITORY

TAGS = ("*", "auroratrail", "aurorarecall")


@pytest.fixture(scope="module")
def ask(sample_home):
    """Answers of the API by path, as JSON, or rows of its CSV."""
    settings = sample_home.settings.model_copy(update={"api_burst": 10_000})
    api = make_api(lambda request: Identity("1", "Ada", Role.ADMIN), settings=settings)
    with TestClient(Starlette(routes=[Mount("/api", api)])) as client:

        def answer(path: str, **filters: str):
            found = client.get(f"/api/v1/{path}", params={"campaign": "sample", **filters})
            assert found.status_code == 200, found.text
            return list(csv.DictReader(io.StringIO(found.text, newline=""))) if path.startswith("export/") else found.json()

        yield answer
    api.state.close()


@pytest.fixture(scope="module")
def marts(sample_home) -> Marts:
    return Marts(sample_home.warehouse)


@pytest.mark.parametrize("hashtag", TAGS)
def test_page_api_and_csv_give_the_same_figures(sample_home, ask, monkeypatch, hashtag):
    reader = Identity("1", "Ada", Role.ADMIN)
    monkeypatch.setenv("PULSE_HOME", str(sample_home.folder))
    monkeypatch.setattr("app.auth.current.signed_in", lambda: reader)
    monkeypatch.setattr(data, "current_identity", lambda: reader)
    data.forget()
    data._desk.clear()
    page = AppTest.from_file(str(REPOSITORY / "app" / "site.py"), default_timeout=120)
    page.query_params["hashtag"] = tag_name(hashtag)
    page.run()
    data.forget()
    data._desk.clear()
    assert not page.exception
    shown = [(metric.label, metric.value) for metric in page.metric]
    # The sign is in the page's address.
    cards = ask("cards", hashtag="*" if hashtag == "*" else f"#{hashtag}")["data"]
    assert [(card["label"], card["shown"]) for card in cards] == [*shown, ("Peak day", cards[-1]["shown"])] and len(shown) == 6
    for card, row in zip(cards, ask("export/cards", hashtag=hashtag), strict=True):
        assert unguarded(row["shown"]) == card["shown"]
        assert row["value"] == ("" if card["value"] is None else str(card["value"]))


@pytest.mark.parametrize("hashtag", TAGS)
def test_the_cards_are_what_the_series_comes_to(ask, hashtag):
    cards = {card["measure"]: card["value"] for card in ask("cards", hashtag=hashtag)["data"]}
    days = ask("series", hashtag=hashtag)["data"]
    assert cards["posts"] == sum(day["posts"] for day in days) and cards["engagement"] == sum(day["engagement"] or 0 for day in days)
    assert cards["peak_day"] == max(days, key=lambda day: day["engagement"] or 0)["day"]
    hours = ask("series", hashtag=hashtag, grain="hours")["data"]
    assert cards["posts"] == sum(hour["posts"] for hour in hours)
    sentiment = ask("sentiment", hashtag=hashtag)
    assert cards["net_sentiment"] == sentiment["net"]["points"]
    assert sentiment["scored"] == sum(day["scored"] for day in sentiment["days"])


def test_two_periods_come_to_the_whole(ask):
    whole, *parts = (ask("cards", **days)["data"] for days in ({}, {"to": "2026-03-09"}, {"from": "2026-03-09"}))
    for place, measure in ((0, "posts"), (2, "engagement")):
        assert whole[place]["measure"] == measure and whole[place]["value"] == sum(part[place]["value"] for part in parts)
    assert [part[-1]["value"] for part in parts] == ["2026-03-05", "2026-03-11"]
    scored = [ask("sentiment", **days)["scored"] for days in ({}, {"to": "2026-03-09"}, {"from": "2026-03-09"})]
    assert scored[0] == scored[1] + scored[2]


def test_the_peak_of_any_hashtag_is_the_one_of_the_mart(ask, marts):
    """One rule in SQL and in Python: every hashtag that has a peak."""
    rows = marts.hashtags("sample")
    for row in rows.itertuples():
        peak = next(card for card in ask("cards", hashtag=row.hashtag)["data"] if card["measure"] == "peak_day")
        assert (peak["value"], peak["behind"].split(" ")[0]) == (str(row.peak_day), f"{row.engagement:,}"), row.hashtag
    assert len(rows) > 5


@pytest.mark.parametrize("hashtag", TAGS)
def test_lists_are_those_of_the_page(ask, marts, hashtag):
    posts = ask("posts", hashtag=hashtag, limit="10")["data"]
    top = marts.top_posts("sample", hashtag)
    assert [(post["tweet_id"], post["engagement"]) for post in posts] == list(zip(top["tweet_id"], top["engagement"]))
    tags = marts.hashtags("sample")
    words = marts.words("sample", hashtag)
    words = words[~words["word"].isin(tags.loc[tags["followed"], "hashtag"])]
    assert [(row["word"], row["posts"]) for row in ask("words", hashtag=hashtag, most="150")["data"]] == list(zip(words["word"], words["posts"]))
    assert [row["title"] for row in ask("articles", hashtag=hashtag)["data"]] == [
        plain_value(title) for title in marts.articles("sample", hashtag).get("title", [])
    ]
    names = [*marts.organizations("sample", hashtag).get("name", []), *marts.locations("sample", hashtag).get("name", [])]
    assert [row["name"] for row in ask("entities", hashtag=hashtag)["data"]] == names
    assert all(plain(row["name"]) == row["name"] for row in ask("entities", hashtag=hashtag)["data"])


def test_coverage_is_that_of_the_ledger(ask, marts):
    capture, found = marts.capture("sample").iloc[0], ask("coverage")
    assert (found["hours"], found["captured"], found["counted"], found["capped_hours"]) == (
        capture["hours"],
        capture["captured"],
        capture["counted"],
        capture["capped_hours"],
    )


def test_every_post_can_be_walked_and_downloaded(ask, marts):
    walked, cursor = [], None
    while True:
        page = ask("posts", hashtag="aurorarecall", order="newest", limit="100", **({"cursor": cursor} if cursor else {}))
        walked += [post["tweet_id"] for post in page["data"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(walked) == len(set(walked)) == sum(day["posts"] for day in ask("series", hashtag="aurorarecall")["data"])
    assert [row["tweet_id"] for row in ask("export/posts", hashtag="aurorarecall", order="newest")] == walked


def test_every_path_of_the_document_answers_on_real_marts(sample_home):
    """Rows made by a test have the columns that the test's writer had in mind: `peaks` answered 500 on the real mart and passed on made-up ones."""
    settings = sample_home.settings.model_copy(update={"api_burst": 10_000})
    api = make_api(lambda request: Identity("1", "Ada", Role.ADMIN), settings=settings, tracer=tracer(settings))
    paths = [path for path, operations in api.openapi()["paths"].items() if "get" in operations]
    with TestClient(Starlette(routes=[Mount("/api", api)])) as client:
        for path in paths:
            for table in NAMES if "{table}" in path else [""]:
                asked = path.replace("{table}", table)
                found = client.get(f"/api{asked}", params={"campaign": "sample", "measure": "engagement"})
                assert found.status_code == 200, (asked, found.text)
        events = client.get("/api/v1/peaks", params={"campaign": "sample"}).json()["data"]
        days = {row["peak_day"]: row["verdict"] for row in client.get("/api/v1/explanation", params={"campaign": "sample"}).json()["data"]}
    api.state.close()
    assert {"2026-03-05", "2026-03-11"} <= {event["top_day"] for event in events}
    assert days == {"2026-03-05": "explained", "2026-03-11": "explained", "2026-03-14": "no_articles"}
