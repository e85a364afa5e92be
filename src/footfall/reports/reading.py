"""What a resolved question reads from the store; nothing if nothing is counted."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from ..dimensions import DIMENSIONS, Dimension
from ..measures import MEASURES, choose_measure
from ..records import Value
from ..stores import Store
from ..stores.base import ranked
from ..stores.shapes import Count, Top
from .filters import chosen_counts, chosen_sums, tallied
from .period import seconds_of
from .query import Query


def sums(store: Store, query: Query) -> Counter[str]:
    """How often each value occurred in the period."""
    if query.site is None or not query.period.ends or query.turned_off:
        return Counter()
    start, end = map(str, query.period.ends)
    if query.is_tallied:
        found = Counter(sums_of(store, tallied(query), [query.filter[0].value])[0])
    elif query.filter:
        prefix = _prefix(query)
        chosen = chosen_sums(store, query)
        found = _grouped(query, {value: times for value, times in chosen.items() if value.startswith(prefix)})
    else:
        found = _grouped(query, store.sums(query.site, query.stored_as, start, end, _prefix(query), query.page))
    found.pop(_left_out(query), None)
    return found


def top(store: Store, query: Query, after: tuple[int, str] | None) -> Top:
    """The most frequent values of the period, up to the limit, after a row of an earlier answer."""
    if query.site is None or not query.period.ends or query.turned_off:
        return Top([], 0, is_end=True)
    if _row(query).groups or query.filter:
        return ranked(sums(store, query), query.limit, after)
    site, stored, (start, end) = query.site, query.stored_as, map(str, query.period.ends)
    left_out, limit = _left_out(query), query.limit
    more = None if limit is None else limit + bool(left_out)  # one of the rows may be left out
    found = store.top(site, stored, start, end, query.prefix, query.page, limit=more, after=after)
    if not left_out:
        return found
    rows = [row for row in found.rows if row[0] != left_out]
    total = found.total - store.sums_of(site, stored, start, end, [left_out], query.prefix)[0].get(left_out, 0)
    return Top(rows[:limit], total, found.is_end and len(rows) == len(rows[:limit]))


def sums_of(store: Store, query: Query, values: Collection[str]) -> tuple[dict[str, int], int]:
    """How often each of these values occurred in the period, and the total of all values."""
    if query.site is None or not query.period.ends or query.turned_off:
        return {}, 0
    if _row(query).groups or query.filter:
        grouped = sums(store, query)
        return {value: grouped[value] for value in values if value in grouped}, grouped.total()
    start, end = map(str, query.period.ends)
    left_out = _left_out(query)
    found, total = store.sums_of(query.site, query.stored_as, start, end, [*values, left_out], query.prefix, query.page)
    without = found.pop(left_out, 0)
    return found, total - without


def daily(store: Store, query: Query) -> Iterator[Count]:
    """How often each value occurred on each day."""
    if query.site is not None and query.period.ends and not query.turned_off:
        if query.filter:
            yield from _filtered(store, query)
            return
        start, end = map(str, query.period.ends)
        yield from store.counts(query.site, query.stored_as, start, end, query.prefix, query.page)


def daily_of(store: Store, query: Query, values: Collection[str]) -> Iterator[Count]:
    """The same for these values only, in any order."""
    if query.site is not None and query.period.ends and values and not query.turned_off:
        if query.filter:
            yield from (count for count in _filtered(store, query) if count.value in values)
            return
        start, end = map(str, query.period.ends)
        if not _row(query).groups:
            yield from store.series(query.site, query.stored_as, start, end, values)
            return
        for value, day, times in store.counts(query.site, query.stored_as, start, end):
            if (group := _row(query).group_of(value)) in values:
                yield Count(group, day, times)


def _filtered(store: Store, query: Query) -> Iterator[Count]:
    """The counts of what a filter selects; from the tally if possible."""
    if query.is_tallied:
        yield from daily_of(store, tallied(query), [query.filter[0].value])
        return
    for value, day, times in chosen_counts(store, query):
        if (group := _row(query).group_of(value)).startswith(query.prefix):
            yield Count(group, day, times)


def _row(query: Query) -> Dimension:
    return DIMENSIONS[query.counted_by]


def _prefix(query: Query) -> str:
    """The prefix to pass to the store; none for groups, whose names differ from those of their values."""
    return "" if _row(query).groups else query.prefix


def _grouped(query: Query, found: Mapping[str, int]) -> Counter[str]:
    """Counts by the requested dimension, if it groups the values of another."""
    if not _row(query).groups:
        return Counter(found)
    grouped: Counter[str] = Counter()
    for value, times in found.items():
        if (group := _row(query).group_of(value)).startswith(query.prefix):
            grouped[group] += times
    return grouped


def _left_out(query: Query) -> str:
    """The value of the dimension that the question's measure leaves out; "", which is never a value, for none."""
    return MEASURES[choose_measure(query.measure, query.counted_by)].leaves_out(DIMENSIONS[query.counted_by])


def items(store: Store, query: Query, first: int | None = None, limit: int | None = None) -> Iterator[dict[str, Value]]:
    """The stored views of the page, in chronological order: of the whole period, or from the second `first` on."""
    if query.site is not None and query.page is not None and query.period.ends:
        start, end = seconds(query)
        yield from store.views(query.site, query.page, start if first is None else first, end, limit)


def times(store: Store, query: Query) -> Iterator[int]:
    """The times of the page's stored views, in order."""
    if query.site is not None and query.page is not None and query.period.ends:
        yield from store.times(query.site, query.page, *seconds(query))


def seconds(query: Query) -> tuple[int, int]:
    """The first and last second of the period, since the epoch; an empty range while it is open."""
    return seconds_of(query.period.ends, query.zone) if query.period.ends else (0, -1)
