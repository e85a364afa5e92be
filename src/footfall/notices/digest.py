"""The digest of a period as a document."""

from typing import Any

from ..dimensions import DIMENSIONS
from ..measures import MEASURES, choose_measure
from ..reports import SECTIONS, Overview, Query, overview
from ..reports.answers import overview_json, with_reach
from ..reports.comparison import COLUMNS, Comparison, days_text, nothing_text
from ..reports.overview import Found, Row, Section
from ..reports.reading import seconds
from ..reports.resolve import resolve
from ..stores import Store
from .delivery import Notice
from .document import Cell, Changed, Document, Table

# A period is sent when the logs reach its end, or after this long: S3 delivers most of them within hours.
LATEST_SECONDS = 43_200
UNKNOWN = "-"
NO_CHANGE = "="


def digest_document(found: Overview) -> Document:
    """The summary of a period, for people."""
    asked = found.comparison.query
    title = _title(asked)
    if not asked.logged_days:
        return Document(title, [], [nothing_text("nothing", asked)])
    tables = [_numbers(found), *_changes(found)]
    tables += [_section(found.comparison, SECTIONS[name], each) for name, each in found.sections.items()]
    return Document(title, tables, [found.comparison.text(), *_reach(asked)])


def _reach(asked: Query) -> list[str]:
    """A note that the logs of the last days are not there yet, if so."""
    last, end = asked.logged.end, asked.period.end
    return [f"the logs end on {last}, so the period is not complete yet"] if last and end and last < end else []


def _title(asked: Query) -> str:
    return f"{asked.site or 'footfall'}: {days_text(asked.period)}"


def digest_notice(store: Store, query: Query) -> Notice:
    """The digest for the query's site and period, to be sent once."""
    query = resolve(store, query)

    def write() -> tuple[Document, dict[str, Any]]:
        found = overview(store, query)
        return digest_document(found), with_reach(overview_json(found), store)

    about = f"{query.site}#{query.period.start}#{query.period.end}"
    return Notice("digest", about, _title(query), write)


def is_due(store: Store, query: Query, now: float) -> bool:
    """Whether the logs of the period have arrived, or have been waited for long enough."""
    _, last = seconds(query)
    return (store.latest() or 0) > last or now > last + LATEST_SECONDS


def _numbers(found: Overview) -> Table:
    header = ("Total", *_columns(found.comparison), "")
    rows = [_cells(found.comparison, row, MEASURES[row.value].title) for row in found.numbers]
    return Table("In all", header, rows)


def _changes(found: Overview) -> list[Table]:
    if not found.comparison.is_possible:
        return []
    of = {name: section.dimension for name, section in SECTIONS.items()}
    rows = [
        _cells(found.comparison, row, f"{DIMENSIONS[of[name]].title}: {_name(of[name], row.value)}")
        for name, row in found.changes
    ]
    header = ("Now", *COLUMNS, "What")
    return [Table("What changed", header, rows, empty="nothing beyond chance")]


def _section(comparison: Comparison, section: Section, found: Found) -> Table:
    dimension = section.dimension
    counted = MEASURES[choose_measure(section.measure, dimension)].title
    header = (counted, *_columns(comparison), DIMENSIONS[dimension].title)
    rows = [_cells(comparison, row, _name(dimension, row.value)) for row in found.rows]
    more = f"and {found.values - len(rows):,} more" if found.values > len(rows) else ""
    return Table(section.title, header, rows, found.turned_off or section.empty, more)


def _columns(comparison: Comparison) -> tuple[str, ...]:
    return COLUMNS if comparison.is_possible else ()


def _cells(comparison: Comparison, row: Row, name: str) -> list[Cell]:
    now: Cell = UNKNOWN if row.now is None else row.now
    if not comparison.is_possible:
        return [now, name]
    if row.now is None or row.before is None or row.direction is None:
        return [now, UNKNOWN if row.before is None else row.before, UNKNOWN, name]
    text = NO_CHANGE if row.direction == "same" else comparison.change(row.now, row.before)
    return [now, row.before, Changed(text, row.direction), name]


def _name(dimension: str, value: str) -> str:
    name_of = DIMENSIONS[dimension].name_of
    return name_of(value) if name_of else value
