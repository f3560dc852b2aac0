"""What is free below something that lives goes back to the system."""

import subprocess
import sys
import textwrap

from orchestration import heap
from orchestration.settings import REPOSITORY

TRIAL = textwrap.dedent("""
    import psutil
    from orchestration import heap

    held = lambda: psutil.Process().memory_info().rss >> 20
    before = held()
    # Larger than what Python gives out by itself, smaller than what glibc maps.
    blocks = [bytes(20_000) for _ in range(5_000)]
    lives = blocks[-1]
    full = held()
    del blocks
    left = held()
    heap.give_back()
    print(before, full, left, held())
""")


def test_free_memory_goes_back_although_something_lives_above_it():
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", TRIAL], cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=True)
    before, full, left, after = map(int, done.stdout.split())
    assert full > before + 80
    assert left > before + 80, "glibc gives it back by itself now: orchestration/heap.py can go"
    assert after < before + 20


def test_a_machine_without_glibc_goes_on(monkeypatch):
    monkeypatch.setattr(heap.ctypes, "CDLL", lambda _: object())
    heap._trim.cache_clear()
    heap.give_back()
    heap._trim.cache_clear()
