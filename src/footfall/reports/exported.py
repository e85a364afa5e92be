"""Everything that is stored, as tables for other programs: a row for each view, or for each value of a dimension and day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from ..items import ItemMap
from ..stores import Store
from ..stores.contents import tallies_between
from .query import Query
from .reading import seconds
from .resolve import resolve
from .stored_views import epoch_of


class Column(NamedTuple):
    """A column of a table."""

    name: str
    kind: str = "text"
    """`text`, `number`, `time`: seconds since the epoch, or `day`: `2026-10-20`."""


class Table(NamedTuple):
    """Rows are read while iterating over them; an empty cell is None."""

    columns: Sequence[Column]
    rows: Iterator[Sequence[Any]]


def views(store: Store, query: Query, item: ItemMap) -> Table:
    """The stored views, by site and page, then in chronological order; with the attributes that [item] names."""
    names = [name for name in item.attributes if name != item.partition_key]
    columns = [Column(name, "number" if item.is_number(name) else "text") for name in names]

    def rows() -> Iterator[Sequence[Any]]:
        for of_site, site, start, end in _of_sites(store, query):
            first, last = seconds(of_site)
            for page in sorted(store.sums(site, "page", start, end)):
                for found in store.views(site, page, first, last):
                    yield epoch_of(found[item.sort_key]), site, page, *(found.get(name) for name in names)

    return Table([Column("time", "time"), Column("site"), Column("page"), *columns], rows())


def counts(store: Store, query: Query, item: ItemMap) -> Table:  # noqa: ARG001 - a row of TABLES
    """How often each value of each dimension was counted on each day, by site and month."""

    def rows() -> Iterator[Sequence[Any]]:
        for _, site, start, end in _of_sites(store, query):
            for tally in tallies_between(store, site, start, end):
                for (_, dimension, day, value), times in sorted(tally.items()):
                    yield day, site, dimension, value, times

    columns = (Column("day", "day"), Column("site"), Column("dimension"), Column("value"), Column("views", "number"))
    return Table(columns, rows())


TABLES: dict[str, Callable[[Store, Query, ItemMap], Table]] = {"views": views, "counts": counts}


def _of_sites(store: Store, query: Query) -> Iterator[tuple[Query, str, str, str]]:
    """The question for each site, or for the one that it names, with the ends of its period."""
    for site in [query.site] if query.site else store.sites():
        of_site = resolve(store, replace(query, site=site))
        if of_site.site and of_site.period.ends:
            start, end = of_site.period.ends
            yield of_site, of_site.site, start.isoformat(), end.isoformat()
