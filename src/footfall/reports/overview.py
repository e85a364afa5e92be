"""The summary of a whole period and its changes from the previous one, for `footfall digest`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from ..measures import ARRIVALS, VISITORS
from ..pageviews.bots import find_bot
from ..pageviews.classes import OF_AI
from ..stores import Store
from .breakdown import breakdown, rank
from .comparison import Comparison, Direction
from .query import Query
from .resolve import resolve
from .total import total

MOST_ROWS = 10  # of a section
MOST_CHANGES = 5


class Row(NamedTuple):
    """A value of a dimension, or a measure of the site."""

    value: str
    now: int | None
    """None if unknown."""
    before: int | None
    """In the previous period; None if it is not known, or nothing can be compared."""
    direction: Direction | None
    """The direction of its change; None if nothing can be compared."""


class Section(NamedTuple):
    """Some values of a dimension."""

    title: str
    dimension: str
    measure: str | None = None
    """None for the dimension's default."""
    is_shown: Callable[[Row], bool] = lambda _: True
    has_changes: bool = False
    """Whether its rows are among those that changed the most."""
    empty: str = "none"
    """The text if there is no row to show."""


SECTIONS: dict[str, Section] = {
    "pages": Section("Pages", "page", has_changes=True),
    "sources": Section("Sources of arrivals", "source", ARRIVALS, has_changes=True),
    "new_broken_links": Section("New broken links", "broken_link", is_shown=lambda row: not row.before),
    "ai_crawlers": Section("AI crawlers", "bot", is_shown=lambda row: find_bot(row.value).kind in OF_AI),
}
"""The sections of a digest, in order. A new section is a new row."""


class Found(NamedTuple):
    """The rows of a section."""

    rows: Sequence[Row]
    """The rows to show: the most frequent, ties by value."""
    values: int
    """How many values there are, shown or not."""
    turned_off: str
    """Why nothing is counted by its dimension; "" if it is."""


class Overview(NamedTuple):
    """The summary of a period."""

    comparison: Comparison
    """The question, and the same about the previous period."""
    numbers: Sequence[Row]
    """Visitors, views and arrivals of the site, by the names of MEASURES."""
    changes: Sequence[tuple[str, Row]]
    """The values that changed the most, each with its section, including those that are gone; without changes due to chance."""
    sections: Mapping[str, Found]
    """By the names of SECTIONS."""


def overview(store: Store, query: Query) -> Overview:
    """The summary of a question's site and period; its other fields are ignored."""
    query = resolve(store, query)
    if query.period.end and query.period.end < datetime.now(query.zone).date():
        query = replace(query, until=None)  # it is over, and a digest has waited for its logs
    comparison = Comparison(query, query.previous())
    found = {name: _rows(store, comparison, section) for name, section in SECTIONS.items()}
    changed = [
        (name, row)
        for name, section in SECTIONS.items()
        if section.has_changes
        for row in found[name]
        if row.direction in ("up", "down")
    ]
    changed.sort(key=lambda each: -abs((each[1].now or 0) - (each[1].before or 0)))
    sections = {name: _found(query, SECTIONS[name], rows) for name, rows in found.items()}
    return Overview(comparison, _numbers(store, comparison), changed[:MOST_CHANGES], sections)


def _numbers(store: Store, comparison: Comparison) -> list[Row]:
    found = total(store, replace(comparison.query, compare=True))

    def row(name: str, now: int | None, before: int | None) -> Row:
        if now is None or before is None or not comparison.is_possible:
            return Row(name, now, None, None)
        return Row(name, now, before, comparison.direction(now, before))

    before = found.before or found
    visitors = (each.visitors.total if each.visitors else None for each in (found, before))
    return [
        row(VISITORS, *visitors),
        row("views", found.total, before.total),
        row(ARRIVALS, found.arrivals, before.arrivals),
    ]


def _rows(store: Store, comparison: Comparison, section: Section) -> list[Row]:
    """Every value of a section's dimension; those that no longer occur come last."""
    asked = replace(comparison.query, dimension=section.dimension, measure=section.measure)
    now = {row.value: row.views for row in breakdown(store, asked).rows}
    if not comparison.is_possible:
        return [Row(value, views, None, None) for value, views in now.items()]
    before = {row.value: row.views for row in breakdown(store, asked.previous()).rows}
    gone = rank({value: views for value, views in before.items() if value not in now})
    every = [*now.items(), *((value, 0) for value, _ in gone)]
    return [
        Row(value, views, before.get(value, 0), comparison.direction(views, before.get(value, 0))) for value, views in every
    ]


def _found(query: Query, section: Section, rows: Sequence[Row]) -> Found:
    shown = [row for row in rows if row.now and section.is_shown(row)]
    asked = replace(query, dimension=section.dimension, measure=section.measure)
    return Found(shown[:MOST_ROWS], len(shown), asked.turned_off)
