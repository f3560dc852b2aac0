"""The spool's files: one line at once, torn ends cut off, deletions respected."""

import errno
import fcntl
import os
from datetime import timedelta

import pytest

from orchestration.compliance.files import rewrite
from orchestration.compliance.gone import Gone
from orchestration.lock import Busy
from orchestration.settings import Settings
from orchestration.sources.x.coverage import ALIVE, CONNECTED, DISCONNECTED, Event
from orchestration.sources.x.spool import FileSpool, UnreadLine, hour_file, unread_file
from orchestration.stream import file_spool
from orchestration.stream.file_spool import FileSpoolWriter
from orchestration.stream.lines import bad_line, read_line
from orchestration.stream.manifest import KILLED, end_of_killed, is_running, only_one
from orchestration.stream.rules import RuleBook
from orchestration.windows import Window
from tests.contract.conftest import START, post
from tests.stream.conftest import HOUR

BOOK = RuleBook(("a",), {"1": ("a",)})


def line_of(moment, order=0, **fields):
    import json

    raw = json.dumps({"data": post(moment, order, **fields), "matching_rules": [{"id": "1"}]}).encode()
    return read_line(raw, moment, "s", BOOK)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "spool" / "x_stream"


@pytest.fixture
def writer(folder):
    opened = FileSpoolWriter(folder)
    yield opened
    opened.close()


def test_each_post_is_in_the_file_of_its_own_hour_at_once(writer, folder):
    lines = [line_of(START + timedelta(minutes=minutes)) for minutes in (59, 61, 10)]
    for line in lines:
        writer.post(line)
    assert hour_file(folder, START).read_bytes() == lines[0].text + lines[2].text
    assert [each.text for each in FileSpool(folder).lines(Window.hour_of(START + timedelta(hours=1)))] == [lines[1].text]


def test_files_are_readable_by_their_owner_only(writer, folder):
    writer.post(line_of(START))
    assert hour_file(folder, START).stat().st_mode & 0o077 == 0


def test_late_posts_of_many_hours_keep_only_few_files_open(writer):
    for hours in range(40):
        writer.post(line_of(START - timedelta(hours=hours)))
    assert len(writer._open) <= file_spool.MOST_OPEN


def test_a_torn_last_line_is_cut_off_and_kept_and_takes_no_other_with_it(writer, folder):
    whole, torn = line_of(START), line_of(START, 1)
    writer.post(whole)
    with hour_file(folder, START).open("ab") as opened:
        opened.write(torn.text[:50])
    assert [each.text for each in FileSpool(folder).lines(HOUR)] == [whole.text]
    again = FileSpoolWriter(folder)
    assert again.mend(START) == 1 and again.mend(START) == 0
    again.post(torn)
    again.close()
    assert [each.text for each in FileSpool(folder).lines(HOUR)] == [whole.text, torn.text]
    (unread,) = FileSpool(folder).unread(HOUR)
    assert UnreadLine.of(unread.text).reason == "torn_line" and UnreadLine.of(unread.text).line == torn.text[:50].decode()


def test_a_file_of_one_torn_line_longer_than_a_block_is_emptied(writer, folder):
    hour_file(folder, START).parent.mkdir(parents=True)
    hour_file(folder, START).write_bytes(b"x" * 200_000)
    assert writer.mend(START) == 1 and hour_file(folder, START).read_bytes() == b""


def test_a_line_that_does_not_fit_on_the_disk_leaves_nothing_of_itself(writer, folder, monkeypatch):
    whole = line_of(START)
    writer.post(whole)
    real = os.write

    def half(handle, data):
        if len(data) < len(whole.text):
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, bytes(data)[:40])

    monkeypatch.setattr(file_spool.os, "write", half)
    with pytest.raises(OSError, match="No space"):
        writer.post(line_of(START, 1))
    monkeypatch.undo()
    writer.post(line_of(START, 2))
    assert [each.text for each in FileSpool(folder).lines(HOUR)] == [whole.text, line_of(START, 2).text]


def test_a_deletion_by_duty_between_two_posts_loses_neither_and_brings_nothing_back(writer, folder, tmp_path):
    gone, kept, later = (line_of(START, order) for order in range(3))
    writer.post(gone)
    writer.post(kept)
    writer.unread(bad_line(b'{"data":{"id":"' + gone.tweet_id.encode() + b'","te', START, "s", "json_error", "torn"))
    done = rewrite(Settings(home=tmp_path), {gone.tweet_id.encode()}, Gone(posts={gone.tweet_id}))
    assert done.files == 2
    writer.post(later)
    assert [each.text for each in FileSpool(folder).lines(HOUR)] == [kept.text, later.text]
    assert unread_file(folder, START).read_bytes() == b""


def test_a_post_waits_while_a_deletion_holds_the_file(writer, folder):
    import threading

    writer.post(line_of(START))
    with hour_file(folder, START).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        thread = threading.Thread(target=writer.post, args=(line_of(START, 1),))
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
    thread.join(5)
    assert len(list(FileSpool(folder).lines(HOUR))) == 2


def test_a_killed_session_gets_its_end_at_its_last_sign_of_life(writer, folder):
    writer.event(Event(START, CONNECTED, "a"))
    writer.alive(Event(START + timedelta(seconds=30), ALIVE, "a", campaigns=("c",)), {"posts": 3})
    end = end_of_killed(folder)
    assert end == Event(START + timedelta(seconds=30), DISCONNECTED, "a", KILLED)
    writer.event(end)
    assert end_of_killed(folder) is None


def test_a_second_consumer_is_refused_and_told_who_runs(folder):
    assert not is_running(folder)
    with only_one(folder):
        assert is_running(folder)
        with pytest.raises(Busy, match=rf"Process {os.getpid()} runs"), only_one(folder):
            pass
    assert not is_running(folder)


def test_the_time_of_the_last_line_survives_being_read(writer, folder):
    writer.post(line_of(START))
    spool = FileSpool(folder)
    assert spool.written_at(HOUR) == spool.written_at(HOUR) and spool.written_at(Window.hour_of(START - timedelta(hours=1))) is None
