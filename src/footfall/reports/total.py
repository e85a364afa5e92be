"""How much was viewed in a period: of all pages, of those that begin with a prefix, or of one."""

from typing import NamedTuple

from ..stores import Store
from .query import Query
from .reading import sums
from .resolve import resolve


class Total(NamedTuple):
    """How much was viewed in a period."""

    query: Query
    total: int
    pages: int
    """How many pages have a view."""
    days: int
    """How many the period has, with views and without."""
    before: "Total | None" = None
    """The same of the period before, where that is asked for."""


def total(store: Store, query: Query) -> Total:
    """The total of a period, and of the one before where `compare` asks for it."""
    query = resolve(store, query)
    return _total(store, query, _total(store, query.previous()) if query.compare else None)


def _total(store: Store, query: Query, before: Total | None = None) -> Total:
    views = sums(store, query)
    return Total(query, views.total(), len(views), query.period.length, before)
