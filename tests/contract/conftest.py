"""A desk at which X is asked: the stub on one side, the source on the other, and one clock for both."""

from datetime import UTC, datetime, timedelta

import pytest

from orchestration.campaigns import Campaign
from orchestration.capture import capture_campaign
from orchestration.sources.x.client import XClient
from orchestration.sources.x.metering import Unlimited
from orchestration.sources.x.retry import RetryPolicy
from orchestration.sources.x.search import XSearchSource
from orchestration.windows import HOUR, Window

TOKEN = "test-contract-token-that-nobody-may-read"
START = datetime(2026, 3, 2, 5, tzinfo=UTC)
END = START + HOUR
WINDOW = Window(START, END)
SEARCH = "/2/tweets/search"
CAMPAIGN = Campaign("contract", "Contract", query="#tag", source="x_search")
SNOWFLAKE_EPOCH_MS = 1_288_834_974_657


def post(moment: datetime, order: int = 0, **fields) -> dict:
    """A post of API v2 with an id that carries its time; `order` tells posts of one millisecond apart."""
    ms = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    tweet_id = str(((ms - SNOWFLAKE_EPOCH_MS) << 22) + order)
    made = {
        "id": tweet_id,
        "text": f"post {tweet_id} #tag",
        "created_at": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z",
        "author_id": str(1_000 + order % 7),
        "lang": "en",
        "public_metrics": {"retweet_count": 1, "reply_count": 0, "like_count": 3, "quote_count": 0, "bookmark_count": 0, "impression_count": 9},
        "entities": {"hashtags": [{"start": 0, "end": 4, "tag": "tag"}]},
        "edit_history_tweet_ids": [tweet_id],
    }
    return made | fields


def spread(count: int, *, start: datetime = START, span: timedelta = HOUR) -> list[dict]:
    """So many posts, evenly over the hour."""
    return [post(start + span * number / max(count, 1), order=number % 4096) for number in range(count)]


def ids(capture) -> list[str]:
    return [found.tweet_id for hour in capture.hours for found in hour.posts]


class Dies(Unlimited):
    """A process that is killed before its call number `after` + 1."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.after = after

    def allow(self, kind, most_posts):
        if len(self.calls) >= self.after:
            raise KeyboardInterrupt


class XDesk:
    def __init__(self) -> None:
        self.stub, self.posts, self.slept = None, [], []
        self.now = END + timedelta(hours=1)

    def holds(self, posts, *, vocabulary="tweet", search_returns_reposts=False) -> None:
        from orchestration.x_stub.running import RunningStub
        from orchestration.x_stub.store import Store

        self.close()
        self.posts = sorted(posts, key=lambda each: (each["created_at"], int(each["id"])))
        self.now = END + timedelta(hours=1)
        self.stub = RunningStub(Store.of(self.posts), now=self.now, vocabulary=vocabulary, search_returns_reposts=search_returns_reposts)
        self.stub.__enter__()

    def close(self) -> None:
        if self.stub is not None:
            self.stub.__exit__(None, None, None)
            self.stub = None

    def at(self, moment: datetime) -> None:
        self.now = moment
        self.stub.clock.set(moment)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at(self.now + timedelta(seconds=seconds))

    def client(self, *, timeout=None, dies_after=None) -> XClient:
        return XClient(
            self.stub.url,
            Unlimited() if dies_after is None else Dies(dies_after),
            retry=RetryPolicy(uniform=lambda low, high: high),
            sleep=self.sleep,
            clock=lambda: self.now.timestamp(),
            timeout=timeout,
        )

    def source(self, *, store=None, full_archive=False, vocabulary="tweet", **client) -> XSearchSource:
        return XSearchSource(
            client=self.client(**client),
            usd=lambda kind, posts, requests: 0.005 * (posts or requests),
            store=store,
            full_archive=full_archive,
            vocabulary=vocabulary,
            now=lambda: self.now,
            sleep=self.sleep,
        )

    def query(self, text=None):
        return CAMPAIGN.as_query() if text is None else Campaign("contract", "Contract", query=text, source="x_search").as_query()

    def fetch(self, window=WINDOW, *, cap=10_000, query=None, now=None, **source):
        if now is not None:
            self.at(now)
        return self.source(**source).fetch(window, self.query(query), cap)

    def captured(self, window=WINDOW, *, cap=10_000, stored=None, force=False):
        return capture_campaign(CAMPAIGN, self.source(), window, cap, stored=stored or {}, force=force)

    def fault(self, kind, *, path=SEARCH, **how) -> None:
        self.stub.faults.add(kind, path=path, **how)

    def clear_faults(self) -> None:
        self.stub.faults.clear()

    def stub_delete(self, *tweet_ids: str) -> None:
        self.stub.store.delete(*tweet_ids)

    def stub_requests(self, path="/2/") -> int:
        return sum(entry["path"] == path or (path.endswith("/") and entry["path"].startswith(path)) for entry in self.stub.log)

    @property
    def searches(self) -> int:
        return self.stub_requests(f"{SEARCH}/")


@pytest.fixture
def x(monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", TOKEN)
    desk = XDesk()
    yield desk
    desk.close()
