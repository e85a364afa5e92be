"""Where the readers of one page came from, based on its stored views."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ..records import Value
from ..stores import Store
from .breakdown import BreakdownRow, rank
from .query import Query
from .reading import items, sums
from .resolve import resolve

MOST_READ = 10_000  # views of a page whose referrers are counted: reading items from DynamoDB costs money

MOST_ADDRESSES = 5  # of a host


class PageReferrers(NamedTuple):
    """Where the readers of one page came from, based on its stored views."""

    query: Query
    rows: Sequence[BreakdownRow]
    total: int
    """How many views were read."""
    of: int
    """How many views were counted."""
    addresses: Mapping[str, Sequence[tuple[str, int]]]
    """The most frequent full addresses of each row's host, with counts; empty if the value is not a host."""


def page_referrers(
    store: Store, query: Query, referrer_of: Callable[[Mapping[str, Value]], tuple[str, str]] | None
) -> PageReferrers:  # fmt: skip
    """
    The referrers of a page's stored views, the earliest MOST_READ at most.

    `referrer_of` returns the host and address of an item's referrer; None if items have no referrers.
    """
    query = resolve(store, query)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for host, address in map(referrer_of, items(store, query, limit=MOST_READ)) if referrer_of else ():
        found[host][address] += 1
    hosts = {host: addresses.total() for host, addresses in found.items()}
    rows = rank(hosts)[: query.limit]
    addresses = {
        row.value: [(each.value, each.views) for each in rank(found[row.value])[:MOST_ADDRESSES] if each.value] for row in rows
    }
    return PageReferrers(query, rows, sum(hosts.values()), sums(store, query).total(), addresses)
