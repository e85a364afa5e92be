"""How much was viewed in a period: of all pages, of those that begin with a prefix, or of one."""

from dataclasses import replace
from typing import NamedTuple

from ..measures import ARRIVALS, VISITORS
from ..stores import Store
from .query import Query
from .reading import sums
from .resolve import resolve
from .visitors import Visitors, visitors_of

KNOW_REFERRERS = ("referrer", "channel")  # dimensions with a value of each view, where the log keeps referrers


class Total(NamedTuple):
    """How much was viewed in a period."""

    query: Query
    total: int
    pages: int
    """How many pages have a view."""
    days: int
    """How many the period has, with views and without."""
    arrivals: int | None
    """How many of the views, whatever the measure; None where the logs keep no referrers."""
    visitors: Visitors | None = None
    """Whatever the measure; None of pages."""
    before: "Total | None" = None
    """The same of the period before, where that is asked for."""


def total(store: Store, query: Query) -> Total:
    """The total of a period, and of the one before where `compare` asks for it."""
    query = resolve(store, query)
    return _total(store, query, _total(store, query.previous()) if query.compare else None)


def _total(store: Store, query: Query, before: Total | None = None) -> Total:
    visitors = visitors_of(store, query)
    if query.measure == VISITORS:
        of_views = _total(store, replace(query, measure="views"))
        return of_views._replace(query=query, total=(visitors and visitors.total) or 0, before=before)
    found = sums(store, query)
    arrivals = found.total() if query.measure == ARRIVALS else sums(store, _of_arrivals(query)).total()
    is_known = not _of_arrivals(query).turned_off and (arrivals or _are_referrers_kept(store, query))
    return Total(query, found.total(), len(found), query.period.length, arrivals if is_known else None, visitors, before)


def _of_arrivals(query: Query) -> Query:
    return replace(query, measure=ARRIVALS)


def _are_referrers_kept(store: Store, query: Query) -> bool:
    """Whether anything was counted by referrer, or could have been; asked only where there are no arrivals."""
    views = sums(store, replace(query, measure=None))
    by = next((name for name in KNOW_REFERRERS if name not in query.off), None)
    of_site = replace(query, dimension=by, measure=None, page=None, otherwise=(), prefix="")
    return not views or (by is not None and bool(sums(store, of_site)))
