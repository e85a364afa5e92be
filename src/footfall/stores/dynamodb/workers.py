"""Threads that send requests in parallel."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

from .requests import CONNECTIONS

T = TypeVar("T")
R = TypeVar("R")


class Workers:
    """As many threads as connections, started at the first use and again after `close`."""

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="footfall-dynamodb")

    def map(self, function: Callable[[T], R], things: Iterable[T]) -> Iterator[R]:
        """What the function returns for each, in their order; all are begun at once."""
        return self._threads.map(function, things)

    def close(self) -> None:
        """End them."""
        if "_threads" in self.__dict__:
            self._threads.shutdown()
            del self._threads
