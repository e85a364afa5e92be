"""A document to be sent, independent of its output format."""

from collections.abc import Sequence
from typing import NamedTuple

from ..reports.comparison import Direction


class Changed(NamedTuple):
    """The change of a number; only significant changes are highlighted."""

    text: str
    direction: Direction


Cell = str | int | Changed


class Table(NamedTuple):
    """Numbers first, then one text."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    empty: str = ""
    """Shown instead of a table without rows."""
    more: str = ""
    """Shown below it."""


class Document(NamedTuple):
    """A title, a list of tables, and sentences at the end."""

    title: str
    tables: Sequence[Table]
    notes: Sequence[str]
