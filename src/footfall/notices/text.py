"""A document as plain text, for terminals and mail."""

from collections.abc import Iterator

from ..output import printable, to_table
from .document import Cell, Changed, Document, Table


def to_text(document: Document) -> str:
    """The document, with a blank line between its parts and none at the end."""
    parts = [printable(document.title), *map(_table, document.tables), "\n".join(map(printable, document.notes))]
    return "\n\n".join(filter(None, parts))


def _table(table: Table) -> str:
    return "\n".join(filter(None, _lines(table)))


def _lines(table: Table) -> Iterator[str]:
    if not table.rows:
        yield f"{table.title}: {table.empty}"
        return
    yield table.title
    yield to_table(table.header, (list(map(_cell, row)) for row in table.rows), numbers=len(table.header) - 1)
    yield table.more


def _cell(cell: Cell) -> str | int:
    return cell.text if isinstance(cell, Changed) else cell
