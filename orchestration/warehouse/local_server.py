"""The warehouse process of this machine:  python -m orchestration.warehouse.local_server --dir FOLDER [--port PORT]

A BigQuery-compatible server on DuckDB. It holds the folder's lock while it lives and says in `server.json` where it
answers. Exit codes: 0 stopped, 3 the folder is owned by another server, 4 the port is in use, 5 the database file is
damaged, 1 anything else.
"""

import argparse
import asyncio
import os
import signal
import sys
from pathlib import Path

from orchestration.ports import port_is_free
from orchestration.settings import LOCAL_PROJECT
from orchestration.warehouse.damage import says_damage
from orchestration.warehouse.server_files import Running, ServerFiles

OWNED, PORT_IN_USE, DAMAGED = 3, 4, 5


async def serve(files: ServerFiles, port: int, pid: int) -> None:
    """Runs until SIGTERM or SIGINT."""
    from bqemulator.config import PersistenceMode, Settings
    from bqemulator.server import EmulatorServer

    from orchestration.warehouse.emulator_patches import apply_patches

    apply_patches(files.folder)
    server = EmulatorServer(
        Settings(
            persistence_mode=PersistenceMode.PERSISTENT,
            data_dir=files.folder,
            rest_port=port,
            grpc_port=0,
            default_project_id=LOCAL_PROJECT,
            enable_format_extensions=False,
            log_level="warning",
        )
    )
    asked_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_stop.set)
    await server.start()
    files.say(Running(pid, server.rest_url))
    await asked_to_stop.wait()
    files.unsay()
    await server.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    asked = parser.parse_args()
    files = ServerFiles(asked.dir)
    lock = files.take_lock()
    if lock is None:
        print(f"another server owns {asked.dir}", file=sys.stderr)
        return OWNED
    files.unsay()
    if asked.port and not port_is_free(asked.port):
        print(f"port {asked.port} is in use", file=sys.stderr)
        return PORT_IN_USE
    try:
        asyncio.run(serve(files, asked.port, os.getpid()))
    except Exception as error:
        if not says_damage(error):
            raise
        print(str(error).splitlines()[0], file=sys.stderr)
        return DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main())
