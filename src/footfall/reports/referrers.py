"""Where the readers of one page came from, as far as its views are kept."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ..records import Value
from ..stores import Store
from .breakdown import BreakdownRow, rank
from .query import Query
from .reading import items, sums
from .resolve import resolve

MOST_READ = 10_000  # views of a page whose referrers are counted: single items of DynamoDB cost money


class PageReferrers(NamedTuple):
    """Where the readers of one page came from, as far as its views are kept."""

    query: Query
    rows: Sequence[BreakdownRow]
    total: int
    """Of the views that were read."""
    of: int
    """Of all that were counted."""


def page_referrers(store: Store, query: Query, referrer_of: Callable[[Mapping[str, Value]], str] | None) -> PageReferrers:
    """
    The referrers of a page's stored views, the earliest MOST_READ at most.

    `referrer_of` gives that of an item; None where items have none.
    """
    query = resolve(store, query)
    found = Counter(map(referrer_of, items(store, query, limit=MOST_READ))) if referrer_of else Counter[str]()
    return PageReferrers(query, rank(found)[: query.limit], found.total(), sums(store, query).total())
