"""Pages that were paid for survive a crash, and nothing else does."""

from datetime import UTC, datetime, timedelta

from orchestration.sources.x.page_store import PageStore, StoredPage
from orchestration.windows import HOUR, Window

NOW = datetime(2026, 3, 2, 7, tzinfo=UTC)
WINDOW = Window(NOW - HOUR, NOW)


def stored(tmp_path, *ages):
    store = PageStore(tmp_path)
    file = store.file("c", "#tag", WINDOW)
    for number, age in enumerate(ages):
        store.add(file, StoredPage({"meta": {"n": number}}, NOW - age))
    return store, file


def numbers(store, file):
    return [page.body["meta"]["n"] for page in store.read(file, NOW)]


def test_pages_come_back_in_order(tmp_path):
    assert numbers(*stored(tmp_path, HOUR, HOUR)) == [0, 1]


def test_a_torn_last_line_is_cut_off_and_the_next_page_follows_cleanly(tmp_path):
    store, file = stored(tmp_path, HOUR, HOUR)
    with file.open("ab") as opened:
        opened.write(b'{"received_at": "2026-03-02T06')
    assert numbers(store, file) == [0, 1]
    store.add(file, StoredPage({"meta": {"n": 2}}, NOW))
    assert numbers(store, file) == [0, 1, 2]


def test_pages_older_than_a_day_are_asked_for_again(tmp_path):
    store, file = stored(tmp_path, timedelta(hours=25), HOUR)
    assert numbers(store, file) == [] and file.read_bytes() == b""


def test_another_query_or_slice_is_another_file(tmp_path):
    store = PageStore(tmp_path)
    half = Window(WINDOW.start, WINDOW.start + HOUR / 2)
    assert len({store.file("c", "#tag", WINDOW), store.file("c", "#other", WINDOW), store.file("c", "#tag", half), store.file("d", "#tag", WINDOW)}) == 4


def test_a_landed_hour_is_forgotten_and_its_neighbours_are_not(tmp_path):
    store, file = stored(tmp_path, HOUR)
    other = store.file("c", "#tag", Window(NOW, NOW + HOUR))
    store.add(other, StoredPage({"meta": {"n": 9}}, NOW))
    store.forget("c", WINDOW)
    assert numbers(store, file) == [] and numbers(store, other) == [9]
