"""Starts, finds and stops the warehouse process of a home."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

from orchestration.settings import REPOSITORY, Settings
from orchestration.space import SAYS_FULL, full_disk
from orchestration.warehouse.damage import DATABASE, advice
from orchestration.warehouse.errors import WarehouseError, WarehouseStopped
from orchestration.warehouse.local_server import DAMAGED, OWNED, PORT_IN_USE
from orchestration.warehouse.server_files import Running, ServerFiles

# A cold start takes 2 to 6 s; a server that replays the log of a crash has taken 9 s.
START_SECONDS = 90
# A running statement delays the stop: the server answers signals between statements.
STOP_SECONDS = 30


@dataclass(frozen=True)
class ServerStatus:
    """`running` is None when nobody answers; `busy` when a server lives but is not ready."""

    running: Running | None
    busy: bool
    stopped_on_purpose: bool


def status(settings: Settings) -> ServerStatus:
    files = ServerFiles(settings.warehouse_dir)
    owned = files.is_owned()
    said = files.said() if owned else None
    running = said if said and _answers(said.url) else None
    return ServerStatus(running, owned and running is None, files.stopped.exists())


def ensure_running(settings: Settings) -> Running:
    """The server of this home, started when it never ran or crashed. Raises WarehouseStopped when somebody stopped it."""
    files = ServerFiles(settings.warehouse_dir)
    said = files.said()
    # Not `_answers`: a server in the middle of a long statement answers nothing, but the kernel still takes the call.
    if said and files.is_owned() and _listens(said.url):
        return said
    if files.stopped.exists():
        raise WarehouseStopped
    return start(settings)


def start(settings: Settings) -> Running:
    """The server of this home, whether it had to be started or not. Raises WarehouseError."""
    files = ServerFiles(settings.warehouse_dir)
    try:
        files.folder.mkdir(parents=True, exist_ok=True)
        files.stopped.unlink(missing_ok=True)
        log = files.log.open("ab")
    except OSError as error:
        raise WarehouseError(
            f"The folder {files.folder} cannot be written ({error.strerror}). Free space or set PULSE_HOME."
        ) from error
    deadline = time.monotonic() + START_SECONDS
    process = None
    while time.monotonic() < deadline:
        said = files.said() if files.is_owned() else None
        if said and _answers(said.url):
            return said
        if process is None and said is None and not files.is_owned():
            process = _spawn(settings, log)
        elif process is not None and (code := process.poll()) is not None:
            if code != OWNED:
                raise WarehouseError(_why_not(settings, files, code))
            process = None
        time.sleep(0.05)
    raise WarehouseError(f"The warehouse did not answer within {START_SECONDS} s. Read {files.log}, then try again.")


def stop(settings: Settings) -> bool:
    """Stops the server and remembers that it was on purpose. Returns whether one ran."""
    files = ServerFiles(settings.warehouse_dir)
    files.folder.mkdir(parents=True, exist_ok=True)
    files.stopped.touch()
    return halt(files)


def halt(files: ServerFiles) -> bool:
    """Ends the process, without the mark of `stop`: the next command may start it again."""
    said = files.said()
    if said is None or not files.is_owned():
        return False
    for number, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, 5)):
        try:
            os.kill(said.pid, number)
        except ProcessLookupError:
            break
        deadline = time.monotonic() + seconds
        while files.is_owned() and time.monotonic() < deadline:
            time.sleep(0.05)
        if not files.is_owned():
            break
    files.unsay()
    return True


def _spawn(settings: Settings, log: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "orchestration.warehouse.local_server"]
    command += ["--dir", str(settings.warehouse_dir), "--port", str(settings.warehouse_port)]
    return subprocess.Popen(
        command,
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        # A session of its own: Ctrl-C in the terminal must not end the server in the middle of a statement.
        start_new_session=True,
    )


def _why_not(settings: Settings, files: ServerFiles, code: int) -> str:
    if code == PORT_IN_USE:
        return (
            f"Port {settings.warehouse_port} is in use. Set PULSE_WAREHOUSE_PORT to another one, or to 0 for any free port."
        )
    if code == -signal.SIGKILL:
        # Its last line is of something else: what is killed says nothing. What ends itself (SIGABRT) may say why.
        return (
            f"The warehouse was killed while it started. Where memory is short the kernel does that: "
            f"free some, then give the same command again. Until then it said: {files.log}."
        )
    lines = files.log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
    if code == DAMAGED:
        return advice(settings.warehouse_dir / DATABASE, lines[-1])
    if SAYS_FULL.search(lines[-1]):
        return full_disk(settings.root)
    return f"The warehouse did not start: {lines[-1][:300]}. Read {files.log}."


def _listens(url: str) -> bool:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port or 0), timeout=2).close()
    except OSError:
        return False
    return True


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
