"""A stub as a server in a thread of this process, on a free port of this machine."""

import socket
import threading
import time
from abc import ABC, abstractmethod
from typing import Self

import uvicorn

from orchestration.ports import LOOPBACK

START_SECONDS = 10.0


class ServedInThread(ABC):
    """`with` it: serves at `url` from its first line on, and has ended after it."""

    url = ""

    @abstractmethod
    def config(self) -> uvicorn.Config:
        """What is served."""

    def __enter__(self) -> Self:
        self._socket = socket.socket()
        self._socket.bind((LOOPBACK, 0))
        self._server = uvicorn.Server(self.config())
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        limit = time.monotonic() + START_SECONDS
        while not self._server.started:
            if time.monotonic() > limit or not self._thread.is_alive():
                raise RuntimeError(f"{type(self).__name__} did not start")
            time.sleep(0.005)
        self.url = f"http://{LOOPBACK}:{self._socket.getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(START_SECONDS)
        self._socket.close()
