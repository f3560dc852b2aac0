"""How many heaps the C library keeps for the threads of this process."""

import ctypes

# Of malloc.h.
M_ARENA_MAX = -8


def share_arenas(most: int = 2) -> None:
    """Threads share so many heaps. To be called before the first thread; without glibc nothing happens.

    glibc makes up to eight a core. Each run of a page is a thread of its own, and each heap keeps what the largest of its runs has freed: with charts and clouds that
    change all the time the site went from 288 to 342 MiB in two minutes, with two heaps from 282 to 292, at the same speed. Python's lock lets few threads ask
    at the same time.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_ARENA_MAX, most)
