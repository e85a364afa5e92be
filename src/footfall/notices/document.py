"""A document to be sent: what it says, whatever it is written as."""

from collections.abc import Sequence
from typing import NamedTuple

from ..reports.comparison import Direction


class Changed(NamedTuple):
    """How a number changed; only what is up or down stands out."""

    text: str
    direction: Direction


Cell = str | int | Changed


class Table(NamedTuple):
    """Numbers first, then one text."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    empty: str = ""
    """What is said in place of a table without rows."""
    more: str = ""
    """What is said below it."""


class Document(NamedTuple):
    """A title, tables below each other, and sentences at the end."""

    title: str
    tables: Sequence[Table]
    notes: Sequence[str]
