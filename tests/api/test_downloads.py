"""CSV: the rows of the JSON, and nothing that a spreadsheet would execute."""

import csv
import io

import pytest

from app.api import downloads
from app.api.schemas import Post
from orchestration.export import unguarded
from orchestration.warehouse.client import Pages
from orchestration.warehouse.tables import Column
from tests.api.conftest import HOSTILE, POST


def read(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/csv; charset=utf-8", answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def pages(*arguments) -> Pages:
    rows = list(zip(*POST.values(), strict=True))
    return Pages(tuple(Column(name, "STRING", "") for name in POST), iter([rows[:1], rows[1:]]))


@pytest.mark.parametrize(("table", "address"), [("cards", "cards"), ("days", "series"), ("hours", "series?grain=hours"), ("words", "words?most=150"), ("articles", "articles"), ("entities", "entities"), ("coverage", "coverage"), ("peaks", "peaks")])  # fmt: skip
@pytest.mark.parametrize("days", ["", "&from=2026-03-05&to=2026-03-06"])
def test_a_table_has_the_rows_of_its_address(api, table, address, days):
    wanted = api.ask(f"{address}{'&' if '?' in address else '?'}campaign=one{days}").json()["data"]
    found = read(api.ask(f"export/{table}?campaign=one{days}"))
    assert len(found) == len(wanted) > 0
    for row, as_json in zip(found, wanted, strict=True):
        # A mart may have more columns than are promised here.
        for name, value in ((name, as_json[name]) for name in row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                assert float(row[name]) == value, name
            elif isinstance(value, str) and not name.endswith(("_at", "hour")):
                assert unguarded(row[name]) == value, name
            elif value is None:
                assert row[name] == "", name


def test_days_of_sentiment_have_shares_and_intervals(api):
    wanted = api.ask("sentiment?campaign=one").json()["days"]
    found = read(api.ask("export/sentiment?campaign=one"))
    for row, day in zip(found, wanted, strict=True):
        for share in day["shares"]:
            assert [float(row[f"{share['label']}{part}"]) for part in ("", "_share", "_low", "_high")] == [
                share[part] for part in ("posts", "share", "low", "high")
            ]


def test_no_cell_begins_as_a_formula(api):
    titles = [row["title"] for row in read(api.ask("export/articles?campaign=one"))]
    assert titles[0] == f"'{HOSTILE}"


def test_every_post_of_the_filters_is_sent_and_texts_of_x_are_not(open_api):
    api = open_api(post_pages=pages)
    found = read(api.ask("export/posts?campaign=one&order=newest&label=positive"))
    assert [row["tweet_id"] for row in found] == ["10", "11"] and list(found[0]) == list(Post.model_fields)
    assert unguarded(found[0]["text"]) == HOSTILE and found[1]["text"] == "" and "ids alone" in found[1]["text_withheld"]
    assert dict(api.questions.asked)["post_pages"][2:4] == ("newest", "positive")


def test_downloads_of_posts_hold_few_connections_and_give_them_back(open_api):
    api = open_api(post_pages=pages)
    for _ in range(downloads.AT_ONCE + 2):
        assert api.ask("export/posts?campaign=one").status_code == 200


def test_one_download_too_many_is_told_to_come_again(open_api):
    import threading

    from app.api.filters import Filters
    from app.api.posts import Order
    from app.api.problems import ApiError
    from orchestration.settings import Settings

    api, slots = open_api(post_pages=pages), threading.BoundedSemaphore(1)
    asked = (lambda: api.questions, Filters("one"), Order("engagement"), Settings(), slots)
    first = downloads.all_posts(*asked)
    next(first)
    with pytest.raises(ApiError) as refused:
        downloads.all_posts(*asked)
    assert refused.value.status == 429 and refused.value.headers["Retry-After"]
    # Whoever stops reading gives the place back.
    first.close()
    next(downloads.all_posts(*asked))


def test_a_download_that_cannot_begin_gives_its_place_back(open_api):
    api = open_api(post_pages=RuntimeError("no"))
    assert [api.ask("export/posts?campaign=one").status_code for _ in range(downloads.AT_ONCE + 1)] == [500] * (downloads.AT_ONCE + 1)


def test_a_download_is_noted_with_its_filters_before_it_is_sent_and_an_answer_that_is_none_is_not(open_api):
    noted = []
    api = open_api(exported=lambda request, identity, *facts: noted.append((identity.name, *facts)), post_pages=pages)
    api.ask("export/words?campaign=one&hashtag=%23A&from=2026-03-05")
    api.ask("export/posts?campaign=one&order=newest&label=positive")
    assert noted == [
        ("Ben", "words", "one", {"hashtag": "a", "from": POST["day"][0], "to": None}),
        ("Ben", "posts", "one", {"hashtag": "*", "from": None, "to": None, "order": "newest", "label": "positive"}),
    ]
    for path, who in (("export/words?campaign=two", "granted"), ("export/words?campaign=six", "analyst"), ("export/words?campaign=one", "viewer"), ("words?campaign=one", "analyst")):
        api.ask(path, who)
    assert len(noted) == 2


def test_a_download_that_cannot_be_noted_is_not_sent(open_api):
    def fails(*arguments):
        raise OSError("disk full")

    api = open_api(exported=fails, post_pages=pages)
    assert [api.ask(f"export/{table}?campaign=one").status_code for table in ("words", *["posts"] * (downloads.AT_ONCE + 1))] == [500] * (downloads.AT_ONCE + 2)
