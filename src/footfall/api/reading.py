"""
The store for one request: data that several questions of a batch need is read once, and nothing is read for a disconnected
client.
"""

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any, cast

from anyio.from_thread import run  # Starlette runs us in one of AnyIO's threads
from starlette.requests import Request

from ..stores import Store

# What several questions of a request may need. Callers must not modify the answers.
ONCE = frozenset({"sites", "time_zone", "latest", "period", "sums"})
MOST_KEPT = 200_000  # values, of all sums together; further ones are read each time
CHECK_SECONDS = 0.1  # between checks that the client is still there; each may take a millisecond


class ClientLeft(Exception):
    """The client has disconnected."""


def read_for(request: Request, store: Store) -> Store:
    """`store`, for the questions of one request; reading raises ClientLeft."""
    return cast(Store, _Reading(request, store))


class _Reading:
    """Passes everything on to the store; methods that it does not know are not cached."""

    def __init__(self, request: Request, store: Store):
        self._request, self._store = request, store
        self._known: dict[Any, Any] = {}
        self._room = MOST_KEPT
        self._looked_at = monotonic()

    def __getattr__(self, name: str) -> Any:
        found, default = getattr(self._store, name), getattr(Store, name, None)
        if not callable(found):
            return found
        is_default = getattr(type(self._store), name) is default
        # Store's default methods call its other methods; here, they call the ones of this class, which may know the answer.
        return self._watched(name, partial(default, self) if default and is_default else found)

    def _watched(self, name: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        def read(*asked: Any, **by_name: Any) -> Any:
            key = name, asked, tuple(by_name.items())
            if name in ONCE and key in self._known:
                return self._known[key]
            self._look()
            answer = ask(*asked, **by_name)
            if name in ONCE:
                self._keep(key, answer)
            return answer

        return read

    def _keep(self, key: Any, answer: Any) -> None:
        size = len(answer) if isinstance(answer, dict) else 0
        if size <= self._room:
            self._known[key] = answer
            self._room -= size

    def _look(self) -> None:
        if monotonic() - self._looked_at >= CHECK_SECONDS:
            if run(self._request.is_disconnected):
                raise ClientLeft
            self._looked_at = monotonic()
