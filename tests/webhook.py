"""A webhook of our own, which answers as a test wants."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

HANG_UP = 0  # in place of a status: no answer at all


class Webhook(ThreadingHTTPServer):
    """Takes what is posted to it; first it answers as `failures` says, then with 204."""

    daemon_threads = True

    def __init__(self, *failures: int):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.failures = list(failures)
        self.received: list[dict[str, Any]] = []
        """What was posted, whatever was answered."""

    @property
    def url(self) -> str:
        """Its address, with a part that nobody else is to know."""
        return f"http://127.0.0.1:{self.server_port}/secret-of-the-owner"


@contextmanager
def webhook(*failures: int) -> Iterator[Webhook]:
    """A webhook, as long as it is needed."""
    with Webhook(*failures) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    server: Webhook

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append({**body, "key": self.headers["Idempotency-Key"]})
        status = self.server.failures.pop(0) if self.server.failures else 204
        if status == HANG_UP:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass
