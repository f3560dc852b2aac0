"""The C heap of a process that stays for weeks."""

import ctypes
from functools import cache
from typing import Any


def give_back() -> None:
    """Hands what is free in the heap to the system: glibc by itself does so only above the last thing that lives. Without glibc nothing happens."""
    if trim := _trim():
        trim(0)


@cache
def _trim() -> Any:
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
