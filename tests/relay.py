"""Stands between a client and AWS, sees every request, and does at some of them what goes wrong in between."""

import http.client
import http.server
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from email.message import Message
from itertools import count
from typing import Any
from urllib.parse import urlsplit

Meet = Callable[[int, str, bytes], bytes | int | None]
"""
Given a request's number from 0, `before` or `after`, and the answer's content; says what to send instead of all that, or the
status of a refusal.
"""
REFUSAL = b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>made up</Message></Error>"


class Relay(http.server.ThreadingHTTPServer):
    """Passes on all requests to `upstream`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, upstream: str, meet: Meet):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream, self.meet, self.numbers = urlsplit(upstream).netloc, meet, count()
        self.asked: list[str] = []
        self.sent: list[tuple[str, Message]] = []
        """The path and the headers of each request."""
        self.seconds_fast = 0
        """How far its clock is ahead, as its answers tell."""

    @property
    def endpoint(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: Any) -> None:
        """A client that is killed in the midst is what the tests want."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Relay

    def _pass_on(self) -> None:
        number = next(self.server.numbers)
        self.server.asked.append(self.headers.get("X-Amz-Target", self.command))
        self.server.sent.append((self.path, self.headers))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.meet(number, "before", b"")
        with closing(http.client.HTTPConnection(self.server.upstream, timeout=60)) as upstream:
            path = self.path.removeprefix(f"http://{self.headers['Host']}")  # of a proxy, all of the URL is asked for
            upstream.request(self.command, path, body, dict(self.headers.items()))
            with upstream.getresponse() as answer:
                content = answer.read()
        part = self.server.meet(number, "after", content)
        if isinstance(part, int):
            self.send_response(part)
            self.send_header("Content-Length", str(len(REFUSAL)))
            self.end_headers()
            self.wfile.write(REFUSAL)
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in ("connection", "content-length", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", answer.headers["Content-Length"] if self.command == "HEAD" else str(len(content)))
        self.end_headers()
        self.wfile.write(content if part is None else part)
        self.wfile.flush()
        if part is not None:
            self.connection.shutdown(2)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _pass_on  # noqa: N815 - the names that http.server asks for

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string((timestamp or time.time()) + self.server.seconds_fast)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def relay(upstream: str, meet: Meet) -> Iterator[Relay]:
    """A relay, as long as it is needed."""
    made = Relay(upstream, meet)
    threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
