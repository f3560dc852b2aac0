"""Every archive of real posts that is at hand, served by the stub and captured through search: the true first posts of each hour."""

import re
from collections import Counter
from datetime import datetime, timedelta

import pytest

from orchestration.campaigns import Campaign
from orchestration.settings import REPOSITORY
from orchestration.sources.base import SourceError
from orchestration.sources.values import parse_created_at
from orchestration.sources.x.client import XClient
from orchestration.sources.x.metering import Unlimited
from orchestration.sources.x.query import parse
from orchestration.sources.x.search import XSearchSource
from orchestration.windows import Window
from orchestration.x_stub.loading import from_archives
from orchestration.x_stub.running import RunningStub

TWARC = REPOSITORY.parent / "shared" / "data" / "twarc_archives" / "test-data"
FILES = sorted(TWARC.glob("*.json*")) if TWARC.exists() else []
CAP = 40
MOST_HOURS = 5
WORD = re.compile(r"[a-zA-Z]{4,12}")


@pytest.mark.skipif(not FILES, reason="the archives are not at hand")
def test_the_first_posts_of_every_hour_of_every_archive(monkeypatch):
    monkeypatch.setenv("X_BEARER_TOKEN", "test-archives")
    hours = capped = 0
    for file in FILES:
        try:
            store = from_archives([file])
        except SourceError:
            continue
        words = Counter(word.lower() for each in store.posts for word in set(WORD.findall(each.record["text"])))
        if not words:
            continue
        # Words of equal count stand in the order of a set, which differs from process to process; now it is 24 hours each time.
        query = f'"{min(words, key=lambda word: (-words[word], word))}"'
        living = [each for each in store.posts if parse(query).matches(each.record) and not each.is_repost and each.id not in store.replaced_at]
        by_hour: dict[datetime, list[str]] = {}
        for each in living:
            by_hour.setdefault(Window.hour_of(parse_created_at(each.record["created_at"])).start, []).append(each.id)
        now = Window.hour_of(parse_created_at(store.posts[-1].record["created_at"])).end + timedelta(hours=1)
        campaign = Campaign("archives", "Archives", query=query, source="x_search")
        with RunningStub(store, now=now) as stub:
            client = XClient(stub.url, Unlimited(), clock=now.timestamp)
            source = XSearchSource(client, usd=lambda *_: 0.0, full_archive=True, now=lambda now=now: now)
            for start in sorted(by_hour, key=lambda start: (-len(by_hour[start]), start))[:MOST_HOURS]:
                (hour,) = source.fetch(Window.hour_of(start), campaign.as_query(), CAP).hours
                assert [post.tweet_id for post in hour.posts] == by_hour[start][:CAP], (file.name, start)
                assert hour.capped == (len(by_hour[start]) > CAP) and hour.counted == len(by_hour[start])
                hours, capped = hours + 1, capped + hour.capped
    assert hours > 20 and capped >= 3, (hours, capped)
