"""Lines of an archive that a fast JSON reader would read otherwise than Python's own, or not at all."""

import json
import random
import string

import pytest

from orchestration.sources.archive.files import Reading, records
from orchestration.sources.values import BadRecord

POST = {"id": "1642889622681432064", "text": "a post", "created_at": "2023-04-03T10:00:00.000Z"}


def read(tmp_path, content: bytes):
    """(posts, reasons of dead letters) of a file with these bytes."""
    file = tmp_path / "posts.jsonl"
    file.write_bytes(content)
    reading, posts = Reading(), []
    for found in records(file, {}, reading):
        try:
            posts.append(found.read())
        except BadRecord as bad:
            reading.bury(bad, found.source_ref, found.line, found.raw)
    return posts, [(letter.reason, letter.line) for letter in reading.dead_letters]


def line(**fields) -> bytes:
    return json.dumps(POST | fields).encode() + b"\n"


@pytest.mark.parametrize("number", [2**64, 2**70, -(2**63) - 1, 10**30])
def test_an_integer_over_64_bits_keeps_its_digits(tmp_path, number):
    posts, _ = read(tmp_path, line(other=number))
    assert json.loads(posts[0].raw_record)["other"] == number


def test_an_id_with_too_many_digits_is_no_id_and_is_not_taken_for_a_float(tmp_path):
    _, letters = read(tmp_path, line() + line(id=10**21))
    assert letters == [("missing_id", 2)]


def test_nan_and_lone_surrogates_are_read_as_python_reads_them(tmp_path):
    posts, letters = read(tmp_path, line(other=float("nan")) + line(text="half \ud83d of an emoji"))
    assert [post.text for post in posts] == ["a post", "half \ud83d of an emoji"] and letters == []


def test_a_metric_that_is_nan_is_absent(tmp_path):
    posts, _ = read(tmp_path, line(public_metrics={"like_count": float("nan"), "reply_count": 2}))
    assert (posts[0].like_count, posts[0].reply_count) == (None, 2)


def test_bytes_that_are_no_utf8_are_replaced_and_the_post_is_kept(tmp_path):
    posts, letters = read(tmp_path, line(text="caf*").replace(b"caf*", b"caf\xe9"))
    assert posts[0].text == "caf\ufffd" and letters == []


def test_a_byte_order_mark_and_all_kinds_of_line_ends_are_no_content(tmp_path):
    one = json.dumps(POST).encode()
    posts, letters = read(tmp_path, b"\xef\xbb\xbf" + one + b"\r\n\r\n" + one + b"\r" + one + b"\n \xc2\xa0 \n" + one)
    assert len(posts) == 4 and letters == []
    assert [post.source_ref for post in posts] == [f"posts.jsonl:{number}" for number in (1, 3, 4, 6)]


@pytest.mark.parametrize("depth", [300, 990, 1_010, 100_000])
def test_deep_nesting_costs_at_most_its_own_line(tmp_path, depth):
    deep = line(other="*").replace(b'"*"', b"[" * depth + b"]" * depth)
    posts, letters = read(tmp_path, line() + deep + line())
    assert len(posts) + len(letters) == 3 and all(letter == ("json_error", 2) for letter in letters)


def test_a_record_is_kept_as_the_same_text_whatever_the_order_of_its_keys(tmp_path):
    turned = dict(reversed(list(POST.items())))
    posts, _ = read(tmp_path, line() + json.dumps(turned).encode() + b"\n")
    assert posts[0].raw_record == posts[1].raw_record == json.dumps(POST, sort_keys=True, separators=(",", ":"))


def test_any_json_value_is_kept_as_it_was_read(tmp_path):
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    made = random.Random(seed)
    values = [_value(made, 4) for _ in range(200)]
    posts, letters = read(tmp_path, b"".join(line(other=value) for value in values))
    assert [json.loads(post.raw_record)["other"] for post in posts] == values and letters == []


def _value(made: random.Random, depth: int):
    kinds = ["text", "integer", "float", "word"] + ["list", "object"] * (depth > 0)
    match made.choice(kinds):
        case "text":
            return "".join(made.choices(string.printable + "äß漢😀\u2028\x7f\u0000", k=made.randrange(9)))
        case "integer":
            return made.randrange(-(10**25), 10**25) // 10 ** made.randrange(26)
        case "float":
            return made.uniform(-1, 1) * 10 ** made.randrange(-30, 30)
        case "word":
            return made.choice([None, True, False])
        case "list":
            return [_value(made, depth - 1) for _ in range(made.randrange(4))]
    return {f"k{number}": _value(made, depth - 1) for number in range(made.randrange(4))}
