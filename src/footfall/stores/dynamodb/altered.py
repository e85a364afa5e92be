"""Items altered by another program: reported in one sentence, like a damaged database."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from ...errors import StoreError
from .requests import Requests

# Raised by reading an attribute that is missing, has another type, is not a number, or cannot be decompressed.
RAISED = (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError, zlib.error)

T = TypeVar("T")


@contextmanager
def reading(requests: Requests) -> Iterator[None]:
    """Turns these errors into a StoreError that names the table."""
    try:
        yield
    except RAISED as error:
        raise StoreError(
            f"{requests.url}: an item is not what footfall wrote ({type(error).__name__}: {error}); restore the table from a "
            "backup, or import the logs again into a new one"
        ) from error


def reading_each(requests: Requests, found: Iterator[T]) -> Iterator[T]:
    """The same for results that are read one by one."""
    with reading(requests):
        yield from found
