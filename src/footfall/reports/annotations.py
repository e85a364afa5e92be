"""What happened on days of a site, in its owner's words: a line of text at a day, which graphs show."""

from dataclasses import replace
from typing import NamedTuple

from ..stores import Store
from ..stores.shapes import Annotation
from .query import Query
from .resolve import choose_site


class Annotated(NamedTuple):
    """The annotations of a period, of every site where none is named; by day, then by site and text."""

    query: Query
    rows: list[Annotation]


def annotations(store: Store, query: Query) -> Annotated:
    """What was noted of the days of a period; open ends are open. Raises ConfigError for a site that there is none of."""
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
