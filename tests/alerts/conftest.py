"""Events, and receivers on this machine: of a webhook by HTTP, of mail by a small part of SMTP."""

import json
import socketserver
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from orchestration.alerts.events import PEAK, Event

TOP = datetime(2026, 3, 14, 22, tzinfo=UTC)
HOUR = timedelta(hours=1)


def event(start=TOP, hours=1, **fields):
    made = {
        "kind": PEAK, "campaign_id": "aurora", "hashtag": "*", "series": "volume", "grain": "hour", "start_at": start, "end_at": start + hours * HOUR,
        "top_at": start, "value": 412.0, "expected": 66.0, "times_expected": 6.24, "score": 8.4, "coverage": 0.97,
    }  # fmt: skip
    return Event(**(made | fields))


class Receiver:
    """Takes POSTs at `url`; `answers` are (status, headers) of the next ones, 200 afterwards."""

    def __init__(self):
        self.answers, self.received = [], []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.received.append((self.path, dict(self.headers), json.loads(body)))
                status, headers = outer.answers.pop(0) if outer.answers else (200, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/services/T00/B00/a-secret-that-nobody-may-read"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def texts(self):
        return [body["text"] for _, _, body in self.received]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class MailReceiver:
    """Takes mail at `port`; `answers` maps a command to what is answered in place of 250, once."""

    def __init__(self):
        self.answers, self.mails, self.commands = {}, [], []
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def say(self, line):
                self.wfile.write(f"{line}\r\n".encode())

            def handle(self):
                self.say("220 ready")
                while line := self.rfile.readline().decode().strip():
                    command = line.split()[0].upper()
                    outer.commands.append(line)
                    if command in outer.answers:
                        self.say(outer.answers.pop(command))
                    elif command == "EHLO":
                        self.wfile.write(b"250-here\r\n250 AUTH PLAIN\r\n")
                    elif command == "AUTH":
                        self.say("235 welcome")
                    elif command == "DATA":
                        self.say("354 go on")
                        lines = iter(lambda: self.rfile.readline().decode(), ".\r\n")
                        outer.mails.append("".join(lines))
                        self.say("250 taken")
                    elif command == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("250 ok")

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def mailbox():
    made = MailReceiver()
    yield made
    made.close()
