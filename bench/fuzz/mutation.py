"""Breaks inputs: JSON by its structure, rows of CSV by their fields, and anything by its bytes. The same random numbers give the same input."""

import csv
import io
import json
import random
from collections.abc import Callable
from typing import Any

Mutate = Callable[[bytes, random.Random], bytes]

# Replaced in the text, since `json.dumps` writes no value as deep as readers take.
DEEP = "@deep@"
DEPTHS = (60, 255, 600, 980, 1_020, 3_000, 100_000)
STRINGS = (
    "", " ", "0", "-1", "٣٤٥", "²", "\ud800", "x\ud83d", "\x00", "\u2028", "\ufeff", "nan", "None", "9e999", "1e18", "1.5E+18", "9" * 21, "7" * 5_000, "[{[]}]",
    "['a', 'b']", "[" * 400, "{}", "http://[", "http://a.example/?q=\ud83d", "https://ex.example:99999/x", "a.é.com" * 20, "#tag" * 90, "RT @ann: ", "@" * 300,
    "0000-00-00", "2026-03-02T05:00:00+99:99", "9999-12-31T23:59:59-14:00", "Mon Apr 03 10:00:00 +0000 2023", "2026-W10-1", "1680516000", "99999999999.9",
    "pulse:a", "tag", "retweeted", "=1+1", '"', "'", ",", "\r", "\n", "\t", "a" * 9_000,
)  # fmt: skip
VALUES = (None, True, False, 0, -1, 7, 2**53 + 1, 2**63, 2**70, 1.5e18, float("nan"), float("inf"), [], {}, [[]], [None], [5], {"id": []}, {"text": 5}, "x")
KEYS = (
    "id", "id_str", "text", "full_text", "created_at", "author_id", "author", "user", "lang", "entities", "hashtags", "mentions", "urls", "tag", "username",
    "public_metrics", "like_count", "retweet_count", "impression_count", "referenced_tweets", "type", "edit_history_tweet_ids", "note_tweet", "extended_tweet",
    "retweeted_status", "is_quote_status", "quoted_status_id_str", "in_reply_to_status_id", "data", "includes", "tweets", "users", "meta", "next_token", "errors",
    "statuses", "matching_rules", "__twarc", "retrieved_at", "title", "detail", "disconnect_type", "status", "articles", "url", "publishedAt", "source", "name",
    "code", "message", "seendate", "domain", "language", "geo", "attachments", "conversation_id", "followers_count", "totalResults", "resource_id",
)  # fmt: skip
TOKENS = (
    b'"', b"'", b"\\", b"\x00", b"\n", b"\r\n", b"\r", b",", b";", b"\t", b"[", b"]", b"{", b"}", b":", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xa8",
    b"null", b"NaN", b"-", b"1e999", b"9" * 400, b'""', b"\\ud83d", b"\\u0000", b"#", b".", b"=", b"Bearer ", b"\xf0\x9f\x98\x80",
)  # fmt: skip


def of_json(data: bytes, rng: random.Random) -> bytes:
    """A JSON text with some of its nodes replaced, taken away, doubled, wrapped or moved; one time in five its bytes are broken instead."""
    try:
        value = json.loads(data)
        if rng.random() < 0.2:
            return of_bytes(data, rng)
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            value = _changed(value, rng)
        return _written(value, rng)
    except (ValueError, RecursionError):
        # No JSON, or so deep that it was read and cannot be written.
        return of_bytes(data, rng)


def behind_first_byte(mutate: Mutate) -> Mutate:
    """Of an input whose first byte says what it is for: that changes seldom."""

    def changed(data: bytes, rng: random.Random) -> bytes:
        kind = bytes([rng.randrange(256)]) if rng.random() < 0.05 else data[:1]
        return kind + mutate(data[1:], rng)

    return changed


def of_row(data: bytes, rng: random.Random) -> bytes:
    """A row of CSV with a field replaced, taken away or added, quoted or not; one time in three its bytes are broken instead."""
    if rng.random() < 0.34:
        return of_bytes(data, rng)
    row = next(csv.reader(data.decode("utf-8", "surrogateescape").splitlines(), strict=False), [])
    at = rng.randrange(len(row)) if row else 0
    match rng.randrange(5):
        case 0 if row:
            del row[at]
        case 1:
            row.insert(at, _text(rng))
        case _ if row:
            row[at] = _text(rng) if rng.random() < 0.7 else _changed(row[at], rng)
    if rng.random() < 0.3:
        line = ",".join(map(str, row))
    else:
        written = io.StringIO()
        csv.writer(written, lineterminator="", quoting=rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))).writerow(row)
        line = written.getvalue()
    return line.encode("utf-8", "surrogateescape" if rng.random() < 0.5 else "replace") if _is_encodable(line) else line.encode("utf-8", "replace")


def of_bytes(data: bytes, rng: random.Random) -> bytes:
    """Bytes flipped, put in, taken out, doubled or cut off."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        at = rng.randrange(len(made) + 1)
        match rng.randrange(6):
            case 0 if at < len(made):
                made[at] ^= 1 << rng.randrange(8)
            case 1:
                made[at:at] = rng.choice(TOKENS)
            case 2:
                del made[at : at + rng.choice((1, 1, 2, 9, 60))]
            case 3:
                made[at:at] = made[at : at + rng.choice((1, 4, 30))]
            case 4 if rng.random() < 0.2:
                del made[at:]
            case _:
                made[at : at + 1] = bytes([rng.randrange(256)])
    return bytes(made)


def _changed(value: Any, rng: random.Random) -> Any:
    """The value with one node, chosen on a walk from the top, changed."""
    if isinstance(value, dict) and value and rng.random() < 0.8:
        return _in_dict(value, rng)
    if isinstance(value, list) and value and rng.random() < 0.8:
        at = rng.randrange(len(value))
        match rng.randrange(6):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return [*value, value[at]]
            case _:
                return [*value[:at], _changed(value[at], rng), *value[at + 1 :]]
    if isinstance(value, str) and rng.random() < 0.5:
        at = rng.randrange(len(value) + 1)
        return value[:at] + _text(rng)[:2_000] + value[at + rng.randrange(3) :]
    if rng.random() < 0.15:
        return [value] if rng.random() < 0.5 else {rng.choice(KEYS): value}
    return _any(rng)


def _in_dict(value: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    made, name = dict(value), rng.choice(list(value))
    match rng.randrange(8):
        case 0:
            del made[name]
        case 1:
            made[rng.choice(KEYS)] = _any(rng)
        case 2:
            made[rng.choice(KEYS)] = made[name]
        case _:
            made[name] = _changed(made[name], rng)
    return made


def _any(rng: random.Random) -> Any:
    roll = rng.random()
    return _text(rng) if roll < 0.45 else DEEP if roll < 0.5 else rng.choice(VALUES)


def _text(rng: random.Random) -> str:
    return rng.choice(STRINGS)


def _written(value: Any, rng: random.Random) -> bytes:
    text = json.dumps(value, ensure_ascii=rng.random() < 0.7)
    if DEEP in text:
        # Rarely the deepest, which no reader takes.
        depth = DEPTHS[min(rng.randrange(len(DEPTHS)), rng.randrange(len(DEPTHS)))]
        text = text.replace(f'"{DEEP}"', "[" * depth + "]" * depth, 1)
    return text.encode("utf-8", "surrogatepass")


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeError:
        return False
    return True
