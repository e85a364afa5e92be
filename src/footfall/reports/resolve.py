"""What the store adds to a question: its only site, its first and last day, and whether the page exists."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from ..errors import ConfigError
from ..measures import choose_measure
from ..stores import Store
from ..stores.shapes import Count
from .period import Period
from .query import Query

MOST_NAMED = 20  # sites of a store that a message lists
LAST_HOUR = 23  # of a day: a request in it may be the last one
MOST_COMPARED = 20_000  # pages that are searched for suggestions


def resolve(store: Store, query: Query) -> Query:
    """
    The same question with nothing left open; the site, and the ends of the period, may stay None while nothing is counted.

    Raises ConfigError for an unknown site or page.
    """
    site = choose_site(store, query.site)
    counted = store.period(site) if site else None
    period, measure = _closed(query.period, counted), choose_measure(query.measure, query.measured_by)
    latest = _latest(store, query.zone) if counted else None
    logged = _logged(counted, latest)
    resolved = replace(query, site=site, period=period, measure=measure, logged=logged, until=_until(logged, latest))
    if query.page is not None and query.must_exist:
        return replace(resolved, page=_known_page(store, resolved, counted, query.page))
    return resolved


def choose_site(store: Store, site: str | None) -> str | None:
    """The named site, or the only one, or the only one with views; None while nothing is counted."""
    sites = store.sites()
    if site is not None and sites:
        known = {name.lower(): name for name in sites}
        if site.lower() not in known:
            raise ConfigError(f"no site {site[:80]!r} in the store", f"there are: {_named(sites)}", "site")
        return known[site.lower()]
    if site is None and len(sites) > 1:
        # Scanners request a site by other names, such as its distribution's; all their requests are dropped.
        sites = store.sites_with_views() or sites
    if site is None and len(sites) > 1:
        raise ConfigError(
            "the store has several sites; choose one: --site, or site= over HTTP", f"there are: {_named(sites)}", "site"
        )
    return site or (sites[0] if sites else None)


def _named(sites: Sequence[str]) -> str:
    more = f" and {len(sites) - MOST_NAMED:,} more" if len(sites) > MOST_NAMED else ""
    return ", ".join(sites[:MOST_NAMED]) + more


def _closed(period: Period, counted: tuple[str, str] | None) -> Period:
    """Open ends become the first and last day with counts."""
    if counted is None:
        return period
    first, last = (date.fromisoformat(day) for day in counted)
    start = period.start or (min(first, period.end) if period.end else first)
    return Period(start, period.end or max(last, start))


def _latest(store: Store, zone: ZoneInfo) -> datetime | None:
    """The latest request in any log file."""
    latest = store.latest()
    return None if latest is None else datetime.fromtimestamp(latest, zone)


def _logged(counted: tuple[str, str] | None, latest: datetime | None) -> Period:
    """From the site's first day to the latest request in any log file: days between without requests are just quiet."""
    if counted is None:
        return Period()
    first, last = (date.fromisoformat(day) for day in counted)
    return Period(first, last if latest is None else max(last, latest.date()))


def _until(logged: Period, latest: datetime | None) -> datetime | None:
    """The latest request, if its day has more to come; None if the site's last day is over, for all that the logs say."""
    return latest if latest and latest.date() == logged.end and latest.hour < LAST_HOUR else None


def _known_page(store: Store, query: Query, counted: tuple[str, str] | None, page: str) -> str:
    """The page, or another that its name may mean; raises ConfigError if none exists, with similar names."""

    def viewed(value: str | None = None) -> Iterator[Count]:
        return store.counts(query.site, "page", *counted, value=value) if query.site and counted else iter(())

    for each in (page, *query.otherwise):
        if next(viewed(each), None):
            return each
    known = {count.value for count in viewed()}
    near = get_close_matches(page, sorted(known)[:MOST_COMPARED], n=3, cutoff=0.5)
    raise ConfigError(f"no views of a page {page[:80]!r}", f"did you mean {' or '.join(near)}?" if near else "", "page")
