"""What lives is left out when a run of a page collects garbage; what dies meanwhile goes all the same, a little later."""

import asyncio
import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from app import server
from app.server import _out_of_sight


class Cycle:
    def __init__(self):
        self.itself = self


@pytest.fixture(autouse=True)
def as_before():
    yield
    gc.unfreeze()
    gc.collect()


def test_what_lives_is_not_looked_at_and_what_has_died_goes_the_next_time():
    one = Cycle()
    seen = weakref.ref(one)
    _out_of_sight()
    assert gc.get_freeze_count() > 10_000 and not any(each is one for each in gc.get_objects())
    del one
    gc.collect()
    assert seen() is not None
    _out_of_sight()
    assert seen() is None


def test_garbage_is_collected_again_and_again(monkeypatch):
    done = []
    monkeypatch.setattr(server, "COLLECT_SECONDS", 0.001)
    monkeypatch.setattr(server, "_out_of_sight", lambda: done.append("collected"))

    async def trial():
        with suppress(TimeoutError):
            await asyncio.wait_for(server._now_and_then(), 0.5)

    # A browser test of the same worker leaves its loop running in this thread.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, trial()).result()
    assert done[:3] == ["collected"] * 3
