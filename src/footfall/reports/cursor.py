"""Cursors: where the next rows begin, as an opaque string."""

import base64
import json
from typing import Any

from ..errors import ConfigError
from ..records import Value


def write_cursor(*position: Value) -> str:
    """
    A position as a cursor.

    >>> read_cursor(write_cursor(3, "about"), int, str)
    [3, 'about']
    """
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def read_cursor(cursor: str, *kinds: type) -> Any:
    """The position that `write_cursor` wrote; raises ConfigError for anything else."""
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if [type(value) for value in position] == list(kinds):
            return position
    except (ValueError, TypeError, RecursionError):
        pass
    raise no_such_cursor(cursor)


def no_such_cursor(cursor: str) -> ConfigError:
    """The error for a cursor that is not from an answer."""
    return ConfigError(f"cursor {cursor[:80]!r} is not a `next` of any answer", about="cursor")
