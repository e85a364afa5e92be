"""
How long a connection to `footfall serve` may take, and how many there may be.

uvicorn waits indefinitely for the rest of a request, and for clients that do not read an answer. Then a hundred silent
connections block everyone else. So each connection has a deadline, and if there are too many, the one that has kept us waiting
longest is closed.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_SECONDS = 10  # for a request to arrive, on a new connection or one that is kept open after an answer
ANSWER_SECONDS = 60  # for its answer to be made and read
MOST_CONNECTIONS = 100  # with a database's files, fewer than the 256 that macOS lets a program open


class Connection(H11Protocol):
    """A connection of uvicorn's that ends when it takes too long."""

    _deadline: asyncio.TimerHandle | None = None
    _is_waiting = True

    def connection_made(self, transport: Any) -> None:
        """A client has connected."""
        super().connection_made(transport)
        self._wait()
        if len(self.connections) > MOST_CONNECTIONS:
            waiting = [each for each in self.connections if isinstance(each, Connection) and each._is_waiting]
            min(waiting, key=lambda each: each._until).end()  # may be this one

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended, on either side."""
        self._cancel()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Data has arrived; once a request is complete, the time for its answer starts."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before and not self.cycle.response_complete:
            self._is_waiting = False
            self._end_in(ANSWER_SECONDS)

    def on_response_complete(self) -> None:
        """The request was answered; the client may send another."""
        self._wait()
        super().on_response_complete()

    def end(self) -> None:
        """End it without an answer."""
        self._is_waiting = False
        self.transport.abort()

    @property
    def _until(self) -> float:
        return self._deadline.when() if self._deadline else 0.0

    def _wait(self) -> None:
        self._is_waiting = True
        self._end_in(REQUEST_SECONDS)

    def _end_in(self, seconds: float) -> None:
        self._cancel()
        self._deadline = self.loop.call_later(seconds, self.end)

    def _cancel(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
