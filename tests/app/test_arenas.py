"""Threads of the site share two heaps of the C library."""

import subprocess
import sys
import textwrap

import pytest

from app import arenas
from orchestration.settings import REPOSITORY

# Heaps as glibc itself tells them, when twelve threads have asked for memory at the same time.
TRIAL = textwrap.dedent("""
    import ctypes, sys, threading
    from pathlib import Path
    from app.arenas import share_arenas

    if sys.argv[1] == "shared":
        share_arenas()
    together = threading.Barrier(12)

    def ask():
        together.wait()
        held = bytes(20_000)
        together.wait()

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    libc = ctypes.CDLL(None)
    libc.fopen.restype = ctypes.c_void_p
    file = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
    libc.malloc_info(0, file)
    libc.fclose(file)
    print(Path(sys.argv[2]).read_text().count("<heap nr="))
""")


def heaps(how, tmp_path):
    said = subprocess.run([sys.executable, "-W", "ignore", "-c", TRIAL, how, str(tmp_path / "info.xml")], cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=True)
    return int(said.stdout)


def test_threads_share_two_heaps(tmp_path):
    assert heaps("shared", tmp_path) <= 2


def test_without_it_each_thread_has_its_own(tmp_path):
    assert heaps("stock", tmp_path) > 4, "glibc shares heaps by itself now: app/arenas.py can go"


def test_a_machine_without_glibc_goes_on(monkeypatch):
    monkeypatch.setattr(arenas.ctypes, "CDLL", lambda _: object())
    arenas.share_arenas()


def test_the_site_does_so_before_anything_else(monkeypatch):
    from app import server

    class Called(Exception):
        pass

    def called():
        raise Called

    monkeypatch.setattr(server, "share_arenas", called)
    monkeypatch.setattr(server.logging, "basicConfig", lambda **_: pytest.fail("too late"))
    with pytest.raises(Called):
        server.main()
