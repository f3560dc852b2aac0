"""The process's environment as it was: dbt reads it, so what is set for one call must not stay for the next."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_environment() -> Iterator[None]:
    """Whatever is set or taken away within is put back. Not for threads: a process has one environment."""
    before = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
