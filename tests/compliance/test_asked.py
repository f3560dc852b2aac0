"""What a compliance file asks, in X's own shape and as a plain list."""

import json
from datetime import UTC, datetime

import pytest

from orchestration.compliance.asked import AUTHOR, POST, Asked, read_asked
from orchestration.settings import REPOSITORY

REAL = REPOSITORY.parent / "shared" / "data" / "twarc_archives" / "test-data"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real archives are not here")
def test_the_real_files_of_x_are_read():
    with (REAL / "tweets_compliance.jsonl").open() as lines:
        asked, bad = read_asked(lines, POST)
    assert [(one.id, one.reason, one.requested_at) for one in asked] == [
        ("1170025343920402432", "protected", None),
        ("1170147183095664640", "deactivated", datetime(2021, 8, 17, 17, 26, 15, 788_000, UTC)),
    ]
    with (REAL / "users_compliance.jsonl").open() as lines:
        assert read_asked(lines, AUTHOR) == ([Asked(AUTHOR, "1482680858", "protected")], []) and not bad


def test_plain_ids_blank_lines_and_a_byte_order_mark():
    asked, bad = read_asked(["\ufeff12345\r\n", "\n", "67890"], POST)
    assert [one.id for one in asked] == ["12345", "67890"] and bad == []


def test_a_deletion_beats_a_scrub_of_places():
    lines = [json.dumps({"id": "5", "reason": "scrub_geo"}), json.dumps({"id": "5", "reason": "deleted"}), json.dumps({"id": "6", "action": "scrub_geo"})]
    assert [(one.id, one.is_geo) for one in read_asked(lines, POST)[0]] == [("5", False), ("6", True)]


def test_an_unknown_reason_is_no_reason_to_keep_the_post():
    assert read_asked(['{"id": "5", "reason": "whim"}'], POST)[0] == [Asked(POST, "5", "deleted")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("words of somebody", "neither a JSON object nor an id"),
        ('["5"]', "a JSON value that is no object"),
        ('{"id": null}', "no id"),
        ('{"id": 1.5e18}', "an id that has lost digits"),
        ('{"id": "five"}', "no id"),
        ('{"id": "5", "action": "dance"}', "an action that is not known here"),
    ],
)
def test_a_bad_line_is_named_without_its_content(line, reason):
    asked, (bad,) = read_asked(["7", line], POST)
    assert len(asked) == 1 and bad.line == 2 and bad.reason.startswith(reason)
