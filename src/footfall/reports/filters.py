"""
Filters: `country=DE`, alone or several together.

A single filter is answered from the tally of its dimension if possible: over time, in total, and by that dimension. Everything
else is counted from stored views, which not every store can do, and of which there may be fewer than were counted.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from ..dimensions import DIMENSIONS, FILTERS
from ..errors import ConfigError
from ..pageviews.pages import asked_page
from ..stores import Store
from ..stores.filters import Coverage, KeptViews
from ..stores.shapes import Count
from .period import seconds_of
from .query import Filter, Query, check_dimension

NOT_KEPT = (
    "this store counts by one dimension at a time, so it answers a single filter only: in total, over time or by its own "
    "dimension; for more, import the logs into SQLite"
)


def read_filter(written: str, index_documents: tuple[str, ...]) -> Filter:
    """
    A filter as people write it; pages can also be given by path or URL.

    >>> read_filter("country=DE", ()), read_filter("page=/blog/a/", ("index.html",))
    (Filter(dimension='country', value='DE'), Filter(dimension='page', value='blog/a'))
    """
    name, is_whole, value = written.partition("=")
    if not is_whole or not value:
        raise ConfigError(f"must be written like country=DE, not {written[:80]!r}", about="filter")
    try:
        row = DIMENSIONS[check_dimension(name)]
    except ConfigError as error:
        raise ConfigError(error.wrong, about="filter") from error
    is_page = row.is_path and name in FILTERS
    return Filter(name, asked_page(value, index_documents) if is_page else value)


def chosen_sums(store: Store, query: Query) -> dict[str, int]:
    """How often each value of the dimension occurred among the stored views that match the filters."""
    kept, asked = _asked(store, query)
    return kept.sums(*asked)


def chosen_counts(store: Store, query: Query) -> Iterator[Count]:
    """The same for each day."""
    kept, asked = _asked(store, query)
    yield from kept.counts(*asked)


def _asked(store: Store, query: Query) -> tuple[KeptViews, tuple[str, str, int, int, Mapping[str, Collection[str]]]]:
    """The store's kept views, and the arguments to query them with; raises ConfigError if it has none that can be filtered."""
    if store.kept_views is None:
        raise ConfigError(NOT_KEPT, about="filter")
    if query.site is None or not query.period.ends:
        raise ValueError("a question that is not resolved")
    start, end = seconds_of(query.period.ends, query.zone)
    return store.kept_views, (query.site, query.stored_as, start, end, _chosen(store, query))


def coverage(store: Store, query: Query) -> Coverage | None:
    """How many of the period's views a filtered answer was chosen from; None if from all that were counted."""
    if not query.filter or query.is_tallied or store.kept_views is None or query.site is None or not query.period.ends:
        return None
    kept = store.kept_views.number(query.site, *seconds_of(query.period.ends, query.zone))
    return Coverage(kept, sum(store.sums(query.site, "hour", *map(str, query.period.ends)).values()))


def tallied(query: Query) -> Query:
    """The same question, turned from one with a filter that is_tallied into one about a value of its dimension."""
    return replace(query, filter=(), dimension=query.filter[0].dimension)


def _chosen(store: Store, query: Query) -> Mapping[str, Collection[str]]:
    """The values of each stored dimension that are chosen."""
    chosen: dict[str, Collection[str]] = {}
    for name, value in (*query.filter, *([Filter("page", query.page)] if query.page is not None else [])):
        stored = DIMENSIONS[name].groups or name
        values = _values_of(store, query, name, value)
        chosen[stored] = [each for each in values if each in chosen[stored]] if stored in chosen else values
    return chosen


def _values_of(store: Store, query: Query, name: str, value: str) -> Sequence[str]:
    """The stored values for a value of a dimension: if the dimension groups others, those in the group; else the value."""
    row = DIMENSIONS[name]
    if not row.groups:
        return [value]
    there = store.sums(str(query.site), row.groups, *map(str, query.period.ends or ()))
    return [each for each in there if row.group_of(each) == value]
