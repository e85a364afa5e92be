"""
How long a connection to `footfall serve` may take, and how many there may be.

uvicorn waits indefinitely for the rest of a request, and for clients that do not read an answer. Then a hundred silent
connections block everyone else. So each connection has a deadline, and if there are too many, the one that has kept us waiting
longest is closed.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_SECONDS = 10  # until a request is there, of a new connection, and of one that was answered and goes on
ANSWER_SECONDS = 60  # until its answer is made and read
MOST_CONNECTIONS = 100  # with what a database takes, fewer files than the 256 that macOS lets a program have open


class Connection(H11Protocol):
    """A connection of uvicorn's that ends when it takes too long."""

    _deadline: asyncio.TimerHandle | None = None
    _is_waiting = True

    def connection_made(self, transport: Any) -> None:
        """Somebody has connected."""
        super().connection_made(transport)
        self._wait()
        if len(self.connections) > MOST_CONNECTIONS:
            waiting = [each for each in self.connections if isinstance(each, Connection) and each._is_waiting]
            min(waiting, key=lambda each: each._until).end()  # this one is among them

    def connection_lost(self, exc: Exception | None) -> None:
        """It has ended, whoever did it."""
        self._cancel()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Something has come; when it is a whole request, its answer has time from now on."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before and not self.cycle.response_complete:
            self._is_waiting = False
            self._end_in(ANSWER_SECONDS)

    def on_response_complete(self) -> None:
        """It was answered, and may ask again."""
        self._wait()
        super().on_response_complete()

    def end(self) -> None:
        """End it without a word."""
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
