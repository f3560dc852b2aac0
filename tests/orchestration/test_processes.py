"""A process that is ended is gone, whether or not it listens."""

import subprocess
import sys
import time

from orchestration.processes import end


def started(code: str) -> subprocess.Popen:
    process = subprocess.Popen([sys.executable, "-c", f"import signal, time\n{code}\nprint('up', flush=True)\ntime.sleep(60)"], stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "up\n"
    return process


def test_a_process_may_finish_what_it_writes():
    process = started("signal.signal(signal.SIGTERM, lambda *_: exit(7))")
    end(process, 20)
    assert process.returncode == 7


def test_one_that_does_not_listen_is_killed_after_its_time():
    process, began = started("signal.signal(signal.SIGTERM, signal.SIG_IGN)"), time.monotonic()
    end(process, 0.5)
    assert process.returncode == -9 and time.monotonic() - began >= 0.5


def test_one_that_has_ended_is_left_alone():
    process = subprocess.Popen([sys.executable, "-c", "exit(3)"])
    process.wait(20)
    end(process, 1)
    assert process.returncode == 3


def test_a_command_does_not_look_for_garbage_among_its_imports_at_its_end():
    trial = "import atexit, gc, sys; atexit.register(lambda: print('frozen', gc.get_freeze_count())); sys.argv = ['pulse', '--help']; from orchestration.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", trial], capture_output=True, text=True, timeout=60, check=True)
    assert int(done.stdout.rpartition("frozen ")[2]) > 10_000
