"""Totals of a period: for all pages, those with a prefix, or one."""

from dataclasses import replace
from typing import NamedTuple

from ..dimensions import FILTERS
from ..measures import ARRIVALS, BOT, BOTS, VISITORS
from ..stores import Store
from ..stores.filters import Coverage
from .filters import coverage
from .query import Query
from .reading import sums, sums_of
from .resolve import resolve
from .visitors import Visitors, visitors_of

KNOW_REFERRERS = ("referrer", "channel")  # dimensions with a value for each view, if the log has referrers


class Total(NamedTuple):
    """The views in a period."""

    query: Query
    total: int
    pages: int | None
    """How many pages have a view; None with a filter on a dimension for which pages are not known."""
    days: int
    """The number of days in the period, with or without views."""
    arrivals: int | None
    """How many of the views are arrivals, whatever the measure; None if the logs have no referrers."""
    visitors: Visitors | None = None
    """The visitors, whatever the measure; None for pages."""
    before: "Total | None" = None
    """The same for the previous period, if requested."""
    coverage: Coverage | None = None
    """If a filter searched stored views: how many there are."""
    bots: int | None = None
    """How many pages bots read, whatever the measure; None for pages, and if bots are not counted."""


def total(store: Store, query: Query) -> Total:
    """The total of a period and, with `compare`, of the previous one."""
    query = resolve(store, query)
    return _total(store, query, _total(store, query.previous()) if query.compare else None)


def _total(store: Store, query: Query, before: Total | None = None) -> Total:
    if query.measure in (VISITORS, BOTS):
        of_views = _total(store, replace(query, measure="views"))
        number = of_views.bots if query.measure == BOTS else of_views.visitors and of_views.visitors.total
        return of_views._replace(query=query, total=number or 0, before=before)
    found = sums(store, query)
    pages = _pages(store, query) if query.is_tallied else len(found)
    arrivals = found.total() if query.measure == ARRIVALS else _arrivals(store, query, found.total())
    return Total(
        query,
        found.total(),
        pages,
        query.period.length,
        arrivals,
        visitors_of(store, query),
        before,
        coverage(store, query),
        _bots(store, query),
    )


def _pages(store: Store, query: Query) -> int | None:
    """The number of pages viewed under a filter: the tally of its dimension does not have pages."""
    name, _ = query.filter[0]
    if name == "page":
        return int(bool(sums(store, query)))
    if name not in FILTERS or store.kept_views is None:
        return None
    return len(sums(store, replace(query, dimension="page")))


def _bots(store: Store, query: Query) -> int | None:
    if not query.is_of_site or BOT in query.off:
        return None
    _, bots = sums_of(store, replace(query, measure=None, dimension=BOT), [])
    return bots


def _arrivals(store: Store, query: Query, views: int) -> int | None:
    if query.measured_by is not None:  # requests, which are not arrivals
        return None
    asked = _of_arrivals(query)
    if asked.filter and not asked.is_tallied and store.kept_views is None:
        return None
    arrivals = sums(store, asked).total()
    return arrivals if not asked.turned_off and (arrivals or not views or _are_referrers_kept(store, query)) else None


def _of_arrivals(query: Query) -> Query:
    return replace(query, measure=ARRIVALS)


def _are_referrers_kept(store: Store, query: Query) -> bool:
    """Whether anything was counted by referrer; only called if there are views and no arrivals."""
    by = next((name for name in KNOW_REFERRERS if name not in query.off), None)
    of_site = replace(query, dimension=by, measure=None, page=None, otherwise=(), prefix="", filter=())
    return by is not None and bool(sums(store, of_site))
