"""An alert, as a document: a day has far more or far fewer views than usual."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..dimensions import DIMENSIONS
from ..measures import MEASURES, choose_measure
from ..reports import SECTIONS, Period, Query, Usual, breakdown, usual_days
from ..reports.answers import usual_json, with_reach
from ..reports.resolve import resolve
from ..reports.usual import HOURS, WEEKS
from ..stores import Store
from .delivery import Notice
from .document import Document, Table

# Sections of the digest that are shown with the views, to explain the change.
WHY = ("pages", "sources")
MOST_ROWS = 5
ABOUT = f"usual: the median of the same weekday over the {WEEKS} weeks before, up to the same hour"


def alert_notices(store: Store, query: Query, now: datetime) -> Iterator[Notice]:
    """An alert for each day that has far more or far fewer views than usual, to be sent once."""
    query = resolve(store, query)
    for day in usual_days(store, query, now):
        if day.unusual:
            yield _notice(store, replace(query, period=Period(day.day, day.day)), day)


def _notice(store: Store, query: Query, day: Usual) -> Notice:
    def write() -> tuple[Document, dict[str, Any]]:
        return alert_document(store, query, day), with_reach(usual_json(query, [day]), store)

    return Notice("alert", f"{query.site}#{day.day}#{day.unusual}", _title(query, day), write)


def alert_document(store: Store, query: Query, day: Usual) -> Document:
    """An alert: the number of views compared with the usual, and what accounts for the difference."""
    return Document(_title(query, day), [_table([day]), *(_why(store, query, name) for name in WHY)], [ABOUT])


def _title(query: Query, day: Usual) -> str:
    return f"{query.site}: far {day.unusual} views than usual on {day.day}"


def usual_document(query: Query, days: Iterable[Usual]) -> Document:
    """Days compared with their usual range, whether or not they are unusual."""
    return Document(f"{query.site or 'footfall'}: views compared with the usual", [_table(days)], [ABOUT])


def _table(days: Iterable[Usual]) -> Table:
    """Days with their usual range."""
    rows = [
        (
            day.views,
            "-" if day.usual is None else f"{day.usual:,.0f}",
            f"far {day.unusual}" if day.unusual else "",
            f"{day.day}" if day.hours == HOURS else f"{day.day} until {day.hours:02}:00",
        )
        for day in days
    ]
    return Table(
        "Views", (MEASURES["views"].title, "Usual", "", "Day"), rows, empty="there are no logs for yesterday and today"
    )


def _why(store: Store, query: Query, name: str) -> Table:
    section = SECTIONS[name]
    asked = replace(query, dimension=section.dimension, measure=section.measure, limit=MOST_ROWS)
    found = breakdown(store, asked)
    counted = MEASURES[choose_measure(section.measure, section.dimension)].title
    rows = [(row.views, row.value) for row in found.rows]
    return Table(section.title, (counted, DIMENSIONS[section.dimension].title), rows, found.query.turned_off or section.empty)
