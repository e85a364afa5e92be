"""Views over time: for all pages, those with a prefix, or one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from ..errors import ConfigError
from ..measures import BOT, BOTS, VISITORS, measures_of, numbers_of
from ..stores import Store
from ..stores.filters import Coverage
from .filters import coverage
from .intervals import check_length, label_of, labels_of
from .query import Query
from .reading import daily, sums, times
from .resolve import resolve
from .visitors import Visitors, visitors_of


class Moment(NamedTuple):
    """The views from `at` to the next."""

    at: str
    """`2022-10-20`, or `2022-10-20T08:00` for an hour; a week's Monday, a month's first day."""
    views: int


class History(NamedTuple):
    """Views over time, with zeros where there were none."""

    query: Query
    series: Sequence[Moment]
    total: int
    before: "History | None" = None
    """The same for the previous period, if requested."""
    views: Mapping[str, int] | None = None
    """The views at each moment, if the measure is another one that is shown beside views."""
    visitors: Visitors | None = None
    """Shown beside views; None for pages, for hours, and with a filter."""
    coverage: Coverage | None = None
    """If a filter searched stored views: how many there are."""


def history(store: Store, query: Query) -> History:
    """The history of a period and, with `compare`, of the previous one."""
    query = resolve(store, query)
    return _history(store, query, _history(store, query.previous()) if query.compare else None)


def _history(store: Store, query: Query, before: History | None = None) -> History:
    if query.site is None or not query.period.ends:
        return History(query, [], 0, before)
    check_length(query.period, query.interval)
    has_visitors = query.interval != "hour" and query.measure in ("views", VISITORS)
    visitors = visitors_of(store, query) if has_visitors else None
    if query.measure == VISITORS and visitors:
        by_label = visitors.by(query.interval)
        series = {label: by_label.get(label) or 0 for label in labels_of(query.period, query.interval, query.zone)}
    else:
        series = _series(store, query)
    views = _series(store, replace(query, measure="views")) if len(numbers_of(query.measure)) > 1 else None
    return History(
        query, [Moment(*row) for row in series.items()], sum(series.values()), before, views, visitors, coverage(store, query)
    )


def _series(store: Store, query: Query) -> dict[str, int]:
    """The numbers, by the labels of the period."""
    # Hours are only counted for the whole site.
    is_of_single_views = query.page is not None and query.interval == "hour" and not query.filter
    found = _moments_of_views(store, query) if is_of_single_views else _moments(store, query)
    series = dict.fromkeys(labels_of(query.period, query.interval, query.zone), 0)
    for at, views in found:
        series[at] = series.get(at, 0) + views
    return series


def _moments(store: Store, query: Query) -> Iterator[Moment]:
    # Every view has its hour, and there are fewer hours than pages.
    is_whole = (query.page is None or query.filter) and not query.prefix and query.measure in measures_of("hour")
    if query.measure == BOTS:
        counted = replace(query, measure=None, dimension=BOT)
    else:
        counted = query if query.is_tallied else replace(query, dimension="hour" if is_whole else "page")
    for value, day, views in daily(store, counted):
        at = f"{day}T{value}:00" if query.interval == "hour" else label_of(date.fromisoformat(day), query.interval)
        yield Moment(at, views)


def _moments_of_views(store: Store, query: Query) -> Iterator[Moment]:
    """
    A page's hours, which can only be found in its stored views.

    Raises ConfigError if not all of them are kept, rather than report too few.
    """
    kept = list(times(store, query))
    if len(kept) < sums(store, query).total():
        raise ConfigError(
            f"the hours of {query.page!r} are not known for the whole period, because views are not kept (keep_views, "
            f"keep_views_days): ask by day, or for a later period",
            about="interval",
        )
    return (Moment(f"{datetime.fromtimestamp(time, query.zone):%Y-%m-%dT%H}:00", 1) for time in kept)
