"""What `make demo-live` runs: the whole product in its X mode, against a stub of X's API on this machine. No account."""

import gzip
import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from orchestration.cli import serving
from orchestration.cli.errors import fail, said_in_one_line
from orchestration.processes import end
from orchestration.settings import REPOSITORY, Settings
from orchestration.windows import HOUR, Window, floor_hour, parse_time

CAMPAIGN_ID, STREAM_ID = "live", "live-stream"
# The sample is moved in time so that its last day is still to come on the stream; search reaches back to before its recall.
AHEAD = timedelta(hours=23)
SEARCHED = timedelta(hours=140)
GROWTH_HOURS = 12
TOKEN = "test-demo-live"
NEWS_KEY = "test-demo-live"
STUB_SECONDS = 30


def demo_live() -> None:
    """Search, stream, metric snapshots and the site, against the stub; until Ctrl-C."""
    from orchestration.ports import free_port, port_is_free
    from orchestration.warehouse import server_control
    from orchestration.warehouse.server_files import ServerFiles

    with said_in_one_line():
        home = Settings().root / "demo-live"
        # A home of its own: what the stub bills is no money, and a budget must not count it.
        port, news_port = free_port(), free_port()
        os.environ.update(_environment(home, port, news_port))
        settings = Settings()
        if settings.env == "prod":
            fail("make demo-live is for the warehouse on this machine. Unset PULSE_ENV and run it again.")
        if not port_is_free(settings.site_port):
            fail(f"Port {settings.site_port} is in use. Stop what runs there, or set PULSE_SITE_PORT to another one.")
        server_control.halt(ServerFiles(settings.warehouse_dir))
        shutil.rmtree(home, ignore_errors=True)
        with ExitStack() as running, serving.own_warehouse(settings):
            running.enter_context(_process(home / "x-stub.log", "x-stub", "--port", str(port), "--ends-in-hours", f"{AHEAD / HOUR:.0f}", "--growth-hours", str(GROWTH_HOURS)))
            articles = _moved_articles(home / "articles.jsonl")
            running.enter_context(_process(home / "newsapi-stub.log", "newsapi-stub", "--port", str(news_port), "--data", str(articles), "--plan", "business"))
            _wait_for(f"{settings.x_base_url}/stub/bill", home / "x-stub.log")
            _wait_for(f"{settings.newsapi_base_url}/stub", home / "newsapi-stub.log")
            print(f"A stub of X's API: {settings.x_base_url}   (tokens beginning `test-`; its bill: {settings.x_base_url}/stub/bill)")
            _add_campaigns()
            running.enter_context(_process(home / "stream.log", "stream", "run"))
            _capture(settings)
            print(_in_another_terminal(home, settings))
            serving.serve_site(settings)


def _environment(home: Path, port: int, news_port: int) -> dict[str, str]:
    return {
        "PULSE_HOME": str(home),
        "PULSE_X_BASE_URL": f"http://127.0.0.1:{port}",
        "X_BEARER_TOKEN": TOKEN,
        "PULSE_NEWSAPI_BASE_URL": f"http://127.0.0.1:{news_port}",
        "PULSE_NEWSAPI_PLAN": "business",
        "NEWSAPI_KEY": NEWS_KEY,
        # The stub bills no money; these let the whole of the demonstration through and still show a budget at work.
        "PULSE_X_BUDGET_RUN_USD": "500",
        "PULSE_X_BUDGET_DAY_USD": "1000",
        "PULSE_X_BUDGET_SNAPSHOTS_DAY_USD": "500",
    }


def _add_campaigns() -> None:
    from orchestration.cli.campaigns import add_campaign
    from orchestration.sources.sample import campaign as sample

    common = {"query": sample.QUERY, "hashtags": ",".join(sample.HASHTAGS), "zone": sample.ZONE, "news_query": sample.NEWS_QUERY, "news_source": "newsapi"}
    add_campaign({"campaign_id": CAMPAIGN_ID, "name": f"{sample.NAME} (search)", "source": "x_search", **common})
    add_campaign({"campaign_id": STREAM_ID, "name": f"{sample.NAME} (stream)", "source": "x_stream", **common})


def _capture(settings: Settings) -> None:
    """What a person would do by hand: look at the price, capture the last days, read the metrics again."""
    from orchestration.cli.planning import plan_and_show
    from orchestration.cli.running import run_and_show
    from orchestration.cli.snapshots import take_and_show
    from orchestration.cli.summarising import show_summary
    from orchestration.dbt.project import prepare_manifest

    end = floor_hour(datetime.now(UTC) - timedelta(minutes=1))
    window = Window(end - SEARCHED, end)
    prepare_manifest(settings)
    plan_and_show(CAMPAIGN_ID, window, None)
    run_and_show(CAMPAIGN_ID, window, None, None, {}, False)
    take_and_show()
    print()
    show_summary(CAMPAIGN_ID, "text")


def _in_another_terminal(home: Path, settings: Settings) -> str:
    lines = [f"export PULSE_HOME={home}", f"export PULSE_X_BASE_URL={settings.x_base_url}", f"export X_BEARER_TOKEN={TOKEN}", "pulse stream status"]
    return "\nIn another terminal, to try commands on it:\n  " + "\n  ".join(lines)


@contextmanager
def _process(log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A `pulse` command in the background, ended with the block."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as opened:
        process = subprocess.Popen([serving.tool("pulse"), *words], cwd=REPOSITORY, stdout=opened, stderr=opened)
        try:
            yield process
        finally:
            end(process, 15)


def _moved_articles(file: Path) -> Path:
    """The sample's articles, moved in time as the stub of X moves its posts."""
    from orchestration.sources.sample.campaign import SPAN
    from orchestration.sources.sample.source import ARTICLES

    by = (datetime.now(UTC) + AHEAD - SPAN.end) // HOUR * HOUR
    file.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(ARTICLES, "rt", encoding="utf-8") as lines, file.open("w", encoding="utf-8") as moved:
        for line in lines:
            article = json.loads(line)
            # Some of the sample's articles are broken on purpose, and stay so.
            with suppress(ValueError):
                article["publishedAt"] = f"{parse_time(article.get('publishedAt') or '') + by:%Y-%m-%dT%H:%M:%SZ}"
            moved.write(json.dumps(article, ensure_ascii=False) + "\n")
    return file


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + STUB_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    fail(f"A stub did not answer within {STUB_SECONDS} s. Read {log}.")
