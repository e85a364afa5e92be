"""
The access log of `footfall serve`: a line for each request, in the `combined` format of Apache and nginx.

Behind a proxy on this machine, the address is the one in the proxy's `X-Forwarded-For`.
"""

import logging
import sys
from logging.handlers import WatchedFileHandler
from pathlib import Path
from time import localtime, strftime
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import FootfallError
from ..pageviews.addresses import mask

STDERR = "-"


class AccessLog:
    """Wraps an application, and logs its requests."""

    def __init__(self, app: ASGIApp, place: str, *, is_masked: bool):
        """The log is the file at `place`, reopened after rotation, or standard error. Raises FootfallError."""
        self._app, self._is_masked = app, is_masked
        self._handler = _handler(place)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, size, is_logged = 500, 0, False

        def log() -> None:
            nonlocal is_logged
            is_logged = True
            line = self._line(scope, status, size)
            self._handler.handle(logging.LogRecord("access", logging.INFO, "", 0, line, None, None))

        async def send_and_count(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body"):
                log()  # before the answer is complete, so that its line is there once a client has it
            await send(message)

        try:
            await self._app(scope, receive, send_and_count)
        finally:
            if not is_logged:
                log()

    def _line(self, scope: Scope, status: int, size: int) -> str:
        headers = Headers(scope=scope)
        address, _ = scope.get("client") or ("-", 0)
        if self._is_masked:
            address = mask(address) or "-"
        query = scope["query_string"].decode("latin-1")
        target = scope["raw_path"].decode("latin-1") + (f"?{query}" if query else "")
        asked = _quoted(f"{scope['method']} {target} HTTP/{scope['http_version']}")
        sent = (_quoted(headers.get(name, "-")) for name in ("referer", "user-agent"))
        return " ".join([address, "- -", strftime("[%d/%b/%Y:%H:%M:%S %z]", localtime()), asked, str(status), str(size), *sent])


def _handler(place: str) -> logging.Handler:
    if place == STDERR:
        return logging.StreamHandler(sys.stderr)
    try:
        return WatchedFileHandler(Path(place), encoding="utf-8")
    except OSError as error:
        raise FootfallError(
            f"{place}: the access log cannot be written ({error.strerror}); check its folder, or choose another --access-log"
        ) from error


def _quoted(text: Any) -> str:
    """
    A text in quotes, escaped so that it cannot end early; strangers choose most of it.

    >>> print(_quoted('a "b" \\n'))
    "a \\x22b\\x22 \\x0a"
    """
    written = (
        letter if letter.isprintable() and letter not in '"\\' else "".join(f"\\x{byte:02x}" for byte in letter.encode())
        for letter in text
    )
    return f'"{"".join(written)}"'
