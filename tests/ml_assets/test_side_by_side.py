import threading
import time

import pytest
import torch

from ml_assets.side_by_side import side_by_side


@pytest.fixture
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def test_batches_run_at_the_same_time_on_one_core_each_and_are_answered_in_their_order(two_threads):
    both = threading.Barrier(2, timeout=30)

    def work(batch):
        both.wait()
        return batch, torch.get_num_threads()

    assert side_by_side(work, range(6)) == [(batch, 1) for batch in range(6)]
    # Whoever comes next has all cores again, in this thread and in a new one.
    seen = [torch.get_num_threads()]
    other = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))
    other.start()
    other.join()
    assert seen == [2, 2]


def test_a_single_batch_has_all_cores(two_threads):
    here = threading.get_ident()
    assert side_by_side(lambda batch: (batch, torch.get_num_threads(), threading.get_ident()), ["only"]) == [("only", 2, here)]
    assert side_by_side(lambda batch: batch, []) == []


def test_with_one_thread_nothing_runs_beside_the_caller(two_threads):
    torch.set_num_threads(1)
    assert set(side_by_side(lambda _: threading.get_ident(), range(3))) == {threading.get_ident()}


def test_the_first_error_is_raised_and_what_has_not_begun_is_left_out(two_threads):
    begun = []

    def work(batch):
        begun.append(batch)
        if batch == 99:
            raise ValueError("damaged")
        time.sleep(0.01)

    with pytest.raises(ValueError, match="damaged"):
        side_by_side(work, range(100))
    assert len(begun) < 20
    assert torch.get_num_threads() == 2
