"""`pulse run --dry-run`: what a run would cost, from X's counts, from history, or at most."""

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from orchestration import campaigns
from orchestration.campaigns import SAMPLE, Campaign, CampaignError
from orchestration.cli.planning import plan_and_show
from orchestration.sources.x.errors import BadQuery, OutOfRetention
from orchestration.warehouse.tables import API_SPEND, CAPTURE_LEDGER
from orchestration.windows import Window

NOW = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)
START = datetime(2026, 3, 2, 5, tzinfo=UTC)
TWO_HOURS = Window(START, START + timedelta(hours=2))
TAG = Campaign(campaign_id="tag", name="Tag", query="#tag", source="x_search")


@contextmanager
def counts_service(posts_a_minute):
    """Answers counts by the minute as X does; the log of what it was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            url = urlsplit(self.path)
            given = {name: values[0] for name, values in parse_qs(url.query).items()}
            asked.append((url.path, given))
            start, end = (datetime.fromisoformat(given[name]) for name in ("start_time", "end_time"))
            minutes = [start + timedelta(minutes=n) for n in range(int((end - start) / timedelta(minutes=1)))]
            data = [
                {"start": f"{each:%Y-%m-%dT%H:%M:00.000Z}", "end": f"{each + timedelta(minutes=1):%Y-%m-%dT%H:%M:00.000Z}",
                 "tweet_count": posts_a_minute(each)} for each in minutes
            ]  # fmt: skip
            body = json.dumps({"data": data, "meta": {"total_tweet_count": sum(each["tweet_count"] for each in data)}}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def home(home_settings, warehouse, monkeypatch):
    """The session's warehouse with the campaign `tag`, and nothing spent or captured."""
    monkeypatch.setenv("PULSE_HOME", str(home_settings.root))
    monkeypatch.setenv("X_BEARER_TOKEN", "test-dry-run")
    monkeypatch.setenv("PULSE_X_CLOCK", NOW.isoformat())
    # Nobody answers there: a test that asks X must say where.
    monkeypatch.setenv("PULSE_X_BASE_URL", "http://127.0.0.1:9")
    before = home_settings.campaigns_file.read_text() if home_settings.campaigns_file.exists() else None
    campaigns.save(home_settings, [SAMPLE, TAG, Campaign(campaign_id="mute", name="Mute", source="archive")])
    for table in (API_SPEND, CAPTURE_LEDGER):
        warehouse.execute(f"delete from {warehouse.qualified(table)} where true")
    yield warehouse
    home_settings.campaigns_file.unlink()
    if before is not None:
        home_settings.campaigns_file.write_text(before)


def plan(window=TWO_HOURS, campaign="tag", source=None, **options):
    plan_and_show(campaign, window, source, **options)


def spending(warehouse):
    found = warehouse.query(f"select status, kind, requests, posts, round(usd, 6) as usd from {warehouse.qualified(API_SPEND)} order by status, kind")
    return [tuple(row.values()) for row in found]


def test_the_dry_run_says_posts_requests_and_dollars_from_one_cheap_request(home, monkeypatch, capsys):
    with counts_service(lambda minute: 2 if minute.hour == 5 else 3) as (url, asked):
        monkeypatch.setenv("PULSE_X_BASE_URL", url)
        plan()
    said = capsys.readouterr().out
    assert [path for path, _ in asked] == ["/2/tweets/counts/recent"]
    assert (asked[0][1]["query"], asked[0][1]["granularity"]) == ("#tag", "minute")
    (row,) = [line for line in said.splitlines() if line.split()[:1] == ["tag"]]
    assert row.replace("│", " ").split() == ["tag", "2", "300", "300", "5", "1.50"]
    assert "Expected from X's counts of 2 hours." in said
    assert "Listed prices of 2026-08-22: 0.005 USD a post read" in said and "No budget stops this run." in said
    assert "at 1, 24, 72, 168 hours of age: up to 1,200 reads, 6.00 USD more" in said


def test_nothing_is_captured_and_only_the_plan_and_the_one_request_are_written_down(home, monkeypatch):
    with counts_service(lambda minute: 1) as (url, _):
        monkeypatch.setenv("PULSE_X_BASE_URL", url)
        plan()
        plan()
    assert spending(home) == [
        ("planned", "counts", 1, 0, 0.005),
        ("planned", "search", 2, 120, 0.6),
        ("used", "counts", 1, 0, 0.005),
        ("used", "counts", 1, 0, 0.005),
    ]
    assert home.query(f"select count(*) as hours from {home.qualified(CAPTURE_LEDGER)}")[0]["hours"] == 0


def test_hours_that_are_not_over_are_expected_as_the_average_of_those_that_are(home, monkeypatch, capsys):
    with counts_service(lambda minute: 1) as (url, asked):
        monkeypatch.setenv("PULSE_X_BASE_URL", url)
        plan(Window(NOW.replace(hour=10, minute=0), NOW.replace(hour=16, minute=0)))
    assert asked[0][1]["end_time"] == "2026-03-02T12:00:00Z"
    said = capsys.readouterr().out
    assert " 360 " in said and "counts of 2 hours; the 4 hours that are not over as the average of these" in said


def test_a_full_hour_is_expected_at_its_cap(home, monkeypatch, capsys):
    with counts_service(lambda minute: 500) as (url, _):
        monkeypatch.setenv("PULSE_X_BASE_URL", url)
        monkeypatch.setenv("PULSE_HOURLY_CAP", "1000")
        plan()
    said = capsys.readouterr().out
    assert "2 hours have more than 1,000 posts" in said and " 2000 " in said and " 2060 " in said


def test_without_counts_the_campaigns_own_history_is_asked_and_x_is_not(home, capsys):
    hours = [START - timedelta(hours=n) for n in (3, 2, 1)]
    ledger = [
        {"campaign_id": "tag", "hour": hour, "source": "x_search", "captured": 10, "counted": counted}
        for hour, counted in zip(hours, (None, 20, 30))
    ]
    home.add(CAPTURE_LEDGER, ledger, run_id="r")
    plan(counts=False)
    said = capsys.readouterr().out
    assert "the campaign's last 3 captured hours, 20 posts an hour on average" in said and " 40 " in said
    assert [row[:2] for row in spending(home)] == [("planned", "counts"), ("planned", "search")]


def test_without_counts_and_without_history_it_is_the_most_it_can_be_and_says_so(home, monkeypatch, capsys):
    monkeypatch.setenv("PULSE_HOURLY_CAP", "1000")
    plan(counts=False)
    said = capsys.readouterr().out
    assert "every hour is taken as full (1,000). The most it can be." in said and " 2000 " in said


def test_a_run_that_a_budget_would_stop_is_told_before_it_begins(home, monkeypatch, capsys):
    monkeypatch.setenv("PULSE_X_BUDGET_RUN_USD", "1")
    with counts_service(lambda minute: 3) as (url, _):
        monkeypatch.setenv("PULSE_X_BASE_URL", url)
        plan()
    said = capsys.readouterr().out
    assert "The run's budget would stop this run before its end. Raise PULSE_X_BUDGET_RUN_USD, or ask for fewer hours." in said


def test_a_source_of_files_costs_nothing_and_asks_nobody(home, capsys):
    plan(campaign=SAMPLE.campaign_id)
    plan(source="archive")
    assert capsys.readouterr().out.count("nothing is billed") == 2 and spending(home) == []


def test_what_the_run_would_refuse_the_dry_run_refuses_too(home, monkeypatch):
    with pytest.raises(OutOfRetention, match="reaches back to 2026-02-23T13:00Z"):
        plan(Window(START - timedelta(days=8), START))
    with pytest.raises(BadQuery, match="has no query"):
        plan(campaign="mute", source="x_search")
    with pytest.raises(CampaignError, match="no campaign"):
        plan(campaign="nobody")


def test_a_stream_is_said_to_be_billed_as_it_arrives(home, capsys):
    plan(source="x_stream", counts=False)
    assert "billed as its posts arrive" in capsys.readouterr().out
