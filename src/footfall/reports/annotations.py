"""The owner's annotations: lines of text for days of a site, which graphs show."""

from dataclasses import replace
from typing import NamedTuple

from ..stores import Store
from ..stores.shapes import Annotation
from .query import Query
from .resolve import choose_site


class Annotated(NamedTuple):
    """The annotations of a period, of all sites unless one is named; by day, then by site and text."""

    query: Query
    rows: list[Annotation]


def annotations(store: Store, query: Query) -> Annotated:
    """The annotations of a period, which may be open at either end. Raises ConfigError for an unknown site."""
    if query.site is not None:
        query = replace(query, site=choose_site(store, query.site))
    start, end = (str(day) if day else "" for day in (query.period.start, query.period.end))
    return Annotated(
        query,
        [
            each
            for each in store.annotations.all()
            if query.site in (None, each.site) and start <= each.day and (not end or each.day <= end)
        ],
    )
