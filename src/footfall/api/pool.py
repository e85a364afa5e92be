"""
Opened stores, each leased to one request at a time.

So no two threads use a store at once, and the capacity consumed during the lease is the cost of the request.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from time import monotonic

from ..errors import StoreBusy
from ..stores import Store
from ..stores.shapes import Capacity

MOST_STORES = 8
LONGEST_WAIT = 5.0  # seconds
# A database may be replaced, or created, while we serve.
MOST_SECONDS = 10.0


class LeasedStore:
    """A store for the time of one request."""

    def __init__(self, store: Store):
        self.store = store
        self._before = store.capacity()

    def capacity(self) -> Capacity | None:
        """What this request has consumed."""
        now = self.store.capacity()
        return now.since(self._before) if now is not None and self._before is not None else now


class StorePool:
    """Stores opened by `open_store`, as many as there are concurrent requests."""

    def __init__(self, open_store: Callable[[], Store]):
        self._open_store = open_store
        self._free: list[tuple[float, Store]] = []
        self._lock = Lock()
        self._places = BoundedSemaphore(MOST_STORES)

    @contextmanager
    def lease(self) -> Iterator[LeasedStore]:
        """A store; raises StoreBusy if all are in use for too long."""
        if not self._places.acquire(timeout=LONGEST_WAIT):
            raise StoreBusy("too many requests at once; try again in a moment")
        try:
            with self._lock:
                opened_at, store = self._free.pop() if self._free else (monotonic(), self._open_store())
            if monotonic() - opened_at > MOST_SECONDS:
                store.close()  # it reopens itself when used
                opened_at = monotonic()
            try:
                yield LeasedStore(store)
            finally:
                with self._lock:
                    self._free.append((opened_at, store))
        finally:
            self._places.release()

    def close(self) -> None:
        """Close all of them."""
        with self._lock:
            for _, store in self._free:
                store.close()
            self._free.clear()
