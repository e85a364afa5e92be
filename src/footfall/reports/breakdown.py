"""The values of a dimension, the most frequent first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from ..errors import ConfigError
from ..measures import measures_of, numbers_of
from ..stores import Store
from ..stores.filters import Coverage
from .cursor import no_such_cursor, read_cursor, write_cursor
from .filters import coverage
from .intervals import check_length, label_of, labels_of
from .query import Query
from .reading import daily_of, sums_of, top
from .resolve import resolve

MOST_VIEWS = 1 << 63  # of a row: the largest number in a database
MOST_NUMBERS = 1_666_666  # in all series of one answer: at three bytes each, they fill the 5 MB that HTTP allows


class BreakdownRow(NamedTuple):
    """One value of a dimension."""

    value: str
    views: int


class Before(NamedTuple):
    """A breakdown of the period before."""

    query: Query
    views: Mapping[str, int]
    """The count of each row's value in that period."""
    total: int


class Breakdown(NamedTuple):
    """The values of a dimension, the most frequent first, ties by value."""

    query: Query
    rows: Sequence[BreakdownRow]
    total: int
    """The total of all rows, including those beyond the limit."""
    next: str | None
    """Where the next rows begin, for `cursor`; None at the end."""
    before: Before | None = None
    """The same for the previous period, if requested."""
    series: Mapping[str, Sequence[int]] | None = None
    """If requested, for each row: a number for each label of a history with the same interval."""
    views: Mapping[str, int] | None = None
    """The views of each row's value, if the measure is another one that is shown beside views."""
    coverage: Coverage | None = None
    """If a filter searched stored views: how many there are."""


def breakdown(store: Store, query: Query) -> Breakdown:
    """How often each value of a dimension occurred in a period."""
    query = resolve(store, query)
    found = top(store, query, _last_row(query.cursor) if query.cursor else None)
    rows = [BreakdownRow(*row) for row in found.rows]
    values = [row.value for row in rows]
    return Breakdown(
        query,
        rows,
        found.total,
        write_cursor(rows[-1].views, rows[-1].value) if rows and not found.is_end else None,
        _before(store, query.previous(), values) if query.compare else None,
        _series(store, query, query.series, values) if query.series else None,
        _views(store, query, rows) if len(numbers_of(query.measure)) > 1 else None,
        coverage(store, query),
    )


def rank(totals: Mapping[str, int]) -> list[BreakdownRow]:
    """
    Rows, most views first, ties by value.

    >>> [row.value for row in rank({"b": 1, "a": 1, "c": 2})]
    ['c', 'a', 'b']
    """
    return sorted((BreakdownRow(*row) for row in totals.items()), key=lambda row: (-row.views, row.value))


def _last_row(cursor: str) -> tuple[int, str]:
    """The last row of an earlier answer, which may no longer exist."""
    views, value = read_cursor(cursor, int, str)
    if not 0 < views < MOST_VIEWS or value != value.encode("utf-8", "ignore").decode():  # half a character is not text
        raise no_such_cursor(cursor)
    return views, value


def _before(store: Store, query: Query, values: Sequence[str]) -> Before:
    return Before(query, *sums_of(store, query, values))


def _views(store: Store, query: Query, rows: Sequence[BreakdownRow]) -> Mapping[str, int]:
    if "views" not in measures_of(query.counted_by):
        return dict(rows)  # the rows already count the only kind of views
    return sums_of(store, replace(query, measure="views"), [row.value for row in rows])[0]


def _series(store: Store, query: Query, interval: str, values: Sequence[str]) -> dict[str, list[int]]:
    """Each value's numbers over the period, cut into intervals."""
    if query.site is None or not query.period.ends:
        return {}
    interval = "day" if interval == "hour" else interval  # values are only counted by day
    check_length(query.period, interval)
    place_of = {label: place for place, label in enumerate(labels_of(query.period, interval, query.zone))}
    _check_numbers(query, len(values), len(place_of))
    found = {value: [0] * len(place_of) for value in values}
    for value, day, views in daily_of(store, query, found):
        found[value][place_of[label_of(date.fromisoformat(day), interval)]] += views
    return found


def _check_numbers(query: Query, rows: int, labels: int) -> None:
    """Raises ConfigError, before reading any, if there would be more numbers than fit into one answer."""
    if rows * labels > MOST_NUMBERS:
        there = "from {} to {}".format(*query.logged.ends) if query.logged.ends else "of no day"
        raise ConfigError(
            f"{rows:,} rows of {labels:,} numbers each are more than {MOST_NUMBERS:,} numbers; there are logs {there}: "
            "ask for a shorter period, a longer interval or fewer rows",
            about="series",
        )
