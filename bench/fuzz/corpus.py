"""Good inputs, made up: posts in every shape, rows, articles. Those beside what is broken have ids of their own, so that nobody takes their place."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from orchestration.sources.values import SNOWFLAKE_EPOCH_MS
from orchestration.warehouse.rows import encode
from orchestration.windows import Window

HOUR = Window.hour_of(datetime(2026, 3, 2, 5, tzinfo=UTC))
AT = HOUR.start + timedelta(minutes=50)
NEIGHBOURS = 100


def post(number: int, **fields: Any) -> dict[str, Any]:
    """A post of API v2 whose id carries its time, `number` seconds into the hour."""
    moment = HOUR.start + timedelta(seconds=number)
    tweet_id = str(((int(moment.timestamp() * 1000) - SNOWFLAKE_EPOCH_MS) << 22) + number)
    return {
        "id": tweet_id,
        "text": f"Out on the trail, day {number} #AuroraTrail @ann https://example.org/{number}",
        "created_at": f"{moment:%Y-%m-%dT%H:%M:%S}.000Z",
        "author_id": str(7_000 + number),
        "lang": "en",
        "public_metrics": {"retweet_count": 1, "reply_count": 0, "like_count": number, "quote_count": 0, "bookmark_count": 0, "impression_count": 900},
        "entities": {
            "hashtags": [{"start": 22, "end": 34, "tag": "AuroraTrail"}],
            "mentions": [{"start": 35, "end": 39, "username": "ann", "id": "5"}],
            "urls": [{"start": 40, "end": 63, "url": "https://t.co/abc", "expanded_url": f"https://example.org/{number}"}],
        },
        "edit_history_tweet_ids": [tweet_id],
    } | fields


def v1(number: int, **fields: Any) -> dict[str, Any]:
    """A post as API v1.1 wrote it."""
    made = post(number)
    return {
        "id": int(made["id"]),
        "id_str": made["id"],
        "full_text": made["text"],
        "created_at": f"{HOUR.start + timedelta(seconds=number):%a %b %d %H:%M:%S +0000 %Y}",
        "favorite_count": 3,
        "retweet_count": 1,
        "user": {"id_str": str(7_000 + number), "screen_name": "ann", "followers_count": 12},
        "entities": {"hashtags": [{"text": "AuroraTrail"}], "user_mentions": [{"screen_name": "ann"}], "symbols": [], "urls": []},
    } | fields


def page(*posts: dict[str, Any], **fields: Any) -> dict[str, Any]:
    original = post(80, text="All of it #Whole", note_tweet={"text": "All of it, and more #Whole #Long", "entities": {"hashtags": [{"tag": "Whole"}]}})
    return {
        "data": list(posts),
        "includes": {"users": [{"id": "7001", "username": "ann", "public_metrics": {"followers_count": 4}}], "tweets": [original]},
        "meta": {"result_count": len(posts)},
    } | fields


def records() -> list[dict[str, Any]]:
    """Single posts, one of every kind."""
    quoted = [{"type": "quoted", "id": post(80)["id"]}]
    return [
        post(1),
        post(2, referenced_tweets=[{"type": "retweeted", "id": post(80)["id"]}], text="RT @ann: All of it #Wh…"),
        post(3, referenced_tweets=quoted, note_tweet={"text": "A long one #Späť ＃日本 $ABC.d example.com/x", "entities": {"hashtags": [{"tag": "Späť"}]}}),
        post(4, entities={}, text="bare words #Only.here $GME http://例え.テスト/あ foo.co.za"),
        {"id": post(5)["id"], "text": "no time"},
        post(6, author={"id": "9", "username": "bob", "public_metrics": {"followers_count": 5}}, geo={"place_id": "x"}, attachments={"media_keys": ["3_1"]}),
        post(7, referenced_posts=[{"type": "replied_to", "id": "12"}], in_reply_to_user_id="5", public_metrics={"repost_count": 2, "like_count": "1,234"}),
        v1(8),
        v1(9, retweeted_status=v1(81), is_quote_status=True, quoted_status_id_str="77"),
        v1(10, extended_tweet={"full_text": "the whole #Extended"}, in_reply_to_status_id=5),
    ]  # fmt: skip


def shapes() -> list[Any]:
    """Lines of an archive: every envelope in which posts come."""
    one, two, three = records()[:3]
    read = {"version": "2.14.1", "retrieved_at": "2026-03-03T06:00:00+00:00"}
    return [
        *records(),
        page(one, two, three),
        page(one) | {"__twarc": read},
        {"data": two, "includes": page()["includes"], "matching_rules": [{"id": "1", "tag": "pulse:a"}]},
        [one, two],
        {"statuses": [v1(8), v1(9)], "search_metadata": {}},
        {"meta": {"result_count": 0}},
        {"errors": [{"title": "Not Found Error", "resource_id": "5"}]},
    ]


def lines(values: Iterable[Any]) -> list[bytes]:
    return [json.dumps(value).encode() for value in values]


def article(number: int, **fields: Any) -> dict[str, Any]:
    titles = ("Halvenne recalls boots", "A trail opens in the north", "Why hikers mend their own gear", "Nobody bought the blue tent")
    return {
        "source": {"id": None, "name": f"Paper {number}"},
        "author": "Ann Bee",
        "title": f"{titles[number % len(titles)]} {number} - Paper {number}",
        "description": "Aurora Trail and what came of it.",
        "url": f"https://www.example.org/{number}?utm_source=x&id={number}#top",
        "urlToImage": None,
        "publishedAt": f"2026-03-02T{number % 24:02}:15:00Z",
        "content": "Aurora Trail … [+1200 chars]",
    } | fields


def of_gdelt(number: int, **fields: Any) -> dict[str, Any]:
    made = article(number)
    return {
        "url": made["url"], "url_mobile": "", "title": f"Aurora Trail , {made['title']}", "seendate": f"20260302T{number % 24:02}1500Z",
        "socialimage": "", "domain": f"paper{number}.example", "language": "English", "sourcecountry": "Norway",
    } | fields  # fmt: skip


def check_post(found: Any) -> None:
    """A post that came out is one that the warehouse takes: each field of its type. Raises Wrong."""
    from bench.fuzz.findings import Wrong

    for name in ("tweet_id", "root_id", "text", "kind", "raw_record"):
        if type(getattr(found, name)) is not str:
            raise Wrong(f"{name} is a {type(getattr(found, name)).__name__}")
    for name in ("author_id", "author_key", "lang", "referenced_id", "source_ref"):
        if (value := getattr(found, name)) is not None and type(value) is not str:
            raise Wrong(f"{name} is a {type(value).__name__}")
    for name in ("like_count", "reply_count", "quote_count", "repost_count", "bookmark_count", "impression_count", "author_followers"):
        if (value := getattr(found, name)) is not None and not (type(value) is int and 0 <= value < 10**15):
            raise Wrong(f"{name} is no count")
    for name in ("hashtags", "mentions", "cashtags", "urls"):
        if not all(type(each) is str for each in getattr(found, name)):
            raise Wrong(f"{name} holds what is no text")
    if found.id_is_exact and not (found.tweet_id.isascii() and found.tweet_id.isdigit() and len(found.tweet_id) <= 20):
        raise Wrong("an exact id is no number of up to 20 digits")
    if found.created_at.utcoffset() != timedelta(0):
        raise Wrong("created_at is not in UTC")
    for value in (found.text, found.raw_record, found.created_at, found.observed_at, found.hashtags, found.urls, found.lang):
        encode(value)
