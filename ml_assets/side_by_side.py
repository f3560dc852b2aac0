"""Batches of a model at the same time, each on one core. Imports torch.

Matrices of a small model are too small to be divided among cores, which wait for one another after each. Seen for 2,000 posts on 2 cores, posts a second: 336
where each batch is divided, 420 with batches side by side; beside another busy process 68 and 240. The same bits either way.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

from ml_assets.precision import device

Batch = TypeVar("Batch")
Answer = TypeVar("Answer")


def side_by_side(work: Callable[[Batch], Answer], batches: Sequence[Batch]) -> list[Answer]:
    """`work` of each batch, in their order; the last ones, the longest by custom, begin first. Raises what `work` raises.

    As many at a time as torch has threads; where batches are fewer than that, and on a GPU, one after another.
    """
    cores = torch.get_num_threads()
    if cores < 2 or len(batches) < cores or device().type != "cpu":
        return [work(batch) for batch in batches]
    try:
        with ThreadPoolExecutor(cores, "batch", initializer=torch.set_num_threads, initargs=(1,)) as pool:
            return list(pool.map(work, reversed(batches)))[::-1]
    finally:
        # Threads that are made later take over what was set last.
        torch.set_num_threads(cores)
