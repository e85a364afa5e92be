"""Threads that send requests in parallel."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

from .requests import CONNECTIONS

T = TypeVar("T")
R = TypeVar("R")


class Workers:
    """As many threads as connections, started on first use and again after `close`."""

    @cached_property
    def _threads(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="footfall-dynamodb")

    def map(self, function: Callable[[T], R], things: Iterable[T]) -> Iterator[R]:
        """The function's results, in order; all calls are started at once."""
        return self._threads.map(function, things)

    def close(self) -> None:
        """Stop the threads."""
        if "_threads" in self.__dict__:
            self._threads.shutdown()
            del self._threads
