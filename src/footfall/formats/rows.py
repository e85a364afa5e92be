"""
Rows of pieces: the lines of a block, before the pieces are interpreted.

    Split       the result of splitting a block of lines
    ListedRows  rows that are Python lists and tuples, as found by regular expressions

coded.py has the rows found by the compiled reader.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import compress, repeat
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from ..cache import Cache
from ..columns import Choice, Column, Encoding
from .base import Token, line_starts

Pieces = Any
"""The pieces of one line: `pieces[3]` is the third, or None. A match of a regular expression also works, and is the fastest."""


class Rows(Protocol):
    """The requested pieces of each record in a block; pieces are identified by number."""

    def __len__(self) -> int:
        """The number of records."""

    def hours(self) -> Collection[Any]:
        """The tokens of the records' hours, each once."""

    def tokens(self, pieces: tuple[int, ...]) -> Iterable[Token]:
        """The piece of each record, or the tuple of its pieces."""

    def look_up(self, answers: Cache, pieces: tuple[int, ...]) -> Column:
        """The answer for each record's token."""

    def look_up_parts(self, answers: Cache, width: int, pieces: tuple[int, ...]) -> Sequence[Column]:
        """The same for answers that are tuples of this width: a column for each element; there is at least one row."""

    def by_hour(self, of_hours: Mapping[Any, Any], encoding: Encoding) -> Column:
        """The value in `of_hours` for each record's hour."""

    def column_of(self, values: list[Any], encoding: Encoding) -> Column:
        """These values, one for each; encoded if other columns are."""

    def in_columns(self) -> None:
        """Prepare for reading several columns."""

    def within(self, hour: Any, second: int) -> tuple[Any, Any]:
        """The least and greatest of these pieces among the records of this hour."""

    def where(self, choice: Choice) -> "Rows":
        """Some of them."""

    def places(self) -> Sequence[int]:
        """Which lines of the block they are, from 0."""

    def by_line(self, codes: "array[int]", values: list[Any]) -> Column:
        """Of each the value of the code that its line has."""

    def starts(self) -> Sequence[int]:
        """At which bytes of the block their lines begin."""


class Split(NamedTuple):
    """The result of splitting many lines at once."""

    rows: Rows
    lines: int
    """The number of lines, including blank ones and comments."""
    unreadable: list[tuple[int, bytes]]
    """Lines that are not records, by index from 0; not blank lines or comments."""


SplitBlock = Callable[[bytes, tuple[int, ...]], Split]
"""Splits a block of lines into these pieces, which include those of the time."""


class PlacesOfLines(NamedTuple):
    """The lines of a block's records; byte positions are only computed for formats without ids."""

    block: bytes
    places: Sequence[int]
    """The index of each record's line, from 0."""
    chosen: tuple[Sequence[Any], ...] = ()
    """Which of them are left, as successive selections."""

    def where(self, are_chosen: Sequence[Any]) -> "PlacesOfLines":
        """Some of them."""
        return self._replace(chosen=(*self.chosen, are_chosen))

    def left(self) -> Sequence[int]:
        """The indexes of those that are left."""
        places: Iterable[int] = self.places
        for are_chosen in self.chosen:
            places = compress(places, are_chosen)
        return [*places] if self.chosen else self.places

    def starts(self) -> list[int]:
        """At which bytes of the block these lines begin."""
        of_lines = line_starts(self.block, 0)
        return [of_lines[place] for place in self.left()]


class ListedRows:
    """Rows that are sequences, see Rows."""

    def __init__(
        self, rows: list[Any], numbers: tuple[int, ...], hour: tuple[int, ...], lines: PlacesOfLines,
        hours: Collection[Any] | None = None,
    ):  # fmt: skip
        """
        `numbers` are those of the pieces in each row, which may have more at its end; `hours` are optional.

        Any other piece is absent from all lines.
        """
        self._rows, self._numbers, self._hour, self._lines, self._hours = rows, numbers, hour, lines, hours
        self._columns: dict[int, Sequence[Any]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def hours(self) -> Collection[Any]:
        """See Rows."""
        if self._hours is None:
            self._hours = set(self.tokens(self._hour))
        return self._hours

    def tokens(self, pieces: tuple[int, ...]) -> Iterable[Token]:
        """See Rows."""
        if not self._columns or not pieces:
            return map(_taking[self._numbers, pieces], self._rows)
        columns = [self._columns.get(piece) or repeat(None, len(self)) for piece in pieces]
        return columns[0] if len(columns) == 1 else zip(*columns, strict=True)

    def look_up(self, answers: Cache, pieces: tuple[int, ...]) -> Column:
        """See Rows."""
        return list(map(answers.__getitem__, self.tokens(pieces)))

    def look_up_parts(self, answers: Cache, width: int, pieces: tuple[int, ...]) -> Sequence[Column]:  # noqa: ARG002
        """See Rows."""
        return list(zip(*self.look_up(answers, pieces), strict=True))

    def by_hour(self, of_hours: Mapping[Any, Any], encoding: Encoding) -> Column:  # noqa: ARG002 - these are lists
        """See Rows."""
        return list(map(of_hours.__getitem__, self.tokens(self._hour)))

    def column_of(self, values: list[Any], encoding: Encoding) -> Column:  # noqa: ARG002
        """See Rows."""
        return values

    def within(self, hour: Any, second: int) -> tuple[Any, Any]:
        """See Rows."""
        seconds = self.tokens((second,))
        if len(self.hours()) > 1:
            seconds = compress(seconds, map(hour.__eq__, self.tokens(self._hour)))
        among = set(seconds)
        return min(among), max(among)  # type: ignore[type-var]

    def in_columns(self) -> None:
        """See Rows."""
        if self._rows and not self._columns:  # rows may have more at their ends
            self._columns = dict(zip(self._numbers, zip(*self._rows, strict=True), strict=False))

    def where(self, choice: Choice) -> "ListedRows":
        """See Rows."""
        rows = list(compress(self._rows, choice))
        return ListedRows(rows, self._numbers, self._hour, self._lines.where(choice))

    def places(self) -> Sequence[int]:
        """See Rows."""
        return self._lines.left()

    def by_line(self, codes: "array[int]", values: list[Any]) -> Column:
        """See Rows."""
        return [values[codes[place]] for place in self._lines.left()]

    def starts(self) -> list[int]:
        """See Rows."""
        return self._lines.starts()


def taking(pieces: tuple[int, ...], wanted: tuple[int, ...]) -> Callable[[Any], Any]:
    """A function that takes some pieces out of a token: a tuple, or the only piece; None for a piece that the token lacks."""
    if not wanted:
        return lambda _: ()
    if set(wanted).difference(pieces):
        places = [pieces.index(piece) if piece in pieces else None for piece in wanted]
        several = lambda row: tuple([None if place is None else row[place] for place in places])  # noqa: E731
        return several if len(wanted) > 1 else lambda _: None
    return itemgetter(*map(pieces.index, wanted)) if len(pieces) > 1 else lambda token: token


_taking = Cache(lambda asked: taking(*asked))
