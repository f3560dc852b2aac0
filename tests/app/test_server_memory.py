"""What lives is left out when a run of a page collects garbage; what dies meanwhile goes all the same, a little later."""

import gc
import weakref

import pytest

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
