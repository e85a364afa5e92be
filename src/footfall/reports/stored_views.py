"""The stored items of a page's views, in chronological order."""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from ..records import Value
from ..stores import Store
from .cursor import no_such_cursor, read_cursor, write_cursor
from .query import Query
from .reading import items, seconds
from .resolve import resolve

MOST_PASSED = 100_000  # views of one second that a cursor can skip


class StoredViews(NamedTuple):
    """The stored items of a page's views, in time order."""

    query: Query
    items: Iterable[Mapping[str, Value]]
    next: str | None
    """Where the next items begin, for `cursor`; None at the end."""


def stored_views(store: Store, query: Query, sort_key: str) -> StoredViews:
    """The views of the page that `query` names; `sort_key` is the name of the attribute that begins with their time."""
    query = resolve(store, query)
    first, last = seconds(query)
    at, passed = _read_position(query.cursor, first, last) if query.cursor else (first, 0)
    if query.limit is None:
        return StoredViews(query, islice(items(store, query, at), passed, None), None)
    found = list(items(store, query, at, passed + query.limit + 1))[passed:]
    shown = found[: query.limit]
    next_ = _write_position(shown, sort_key, at, passed) if len(found) > len(shown) else None
    return StoredViews(query, shown, next_)


def _read_position(cursor: str, first: int, last: int) -> tuple[int, int]:
    """The second to resume from, and the number of its items that an earlier answer had."""
    at, passed = read_cursor(cursor, int, int)
    if not first <= at <= last or not 0 <= passed <= MOST_PASSED:
        raise no_such_cursor(cursor)
    return at, passed


def _write_position(shown: list[dict[str, Value]], sort_key: str, first: int, passed: int) -> str:
    times = [epoch_of(item[sort_key]) for item in shown]
    again = passed if times[-1] == first else 0
    return write_cursor(times[-1], times.count(times[-1]) + again)


def epoch_of(sort_key: Value) -> int:
    """The time of a stored view, in seconds since the epoch: the beginning of its sort key."""
    match = re.match(r"\d+", str(sort_key))
    return int(match[0]) if match else 0
