"""
Readers whose tokens are pieces of a line: bytes as logged, and tuples of them.

A format that wants speed says in which pieces its fields lie, and gives a function that finds the wanted pieces of many lines
at once; the rest follows here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial
from itertools import compress
from operator import add, itemgetter
from typing import Any, NamedTuple

from ..cache import Cache
from ..records import Record, RecordId, Request
from .base import HOUR, Block, RecordIds, Token, line_starts, lines_of

Pieces = Any
"""Of one line: `pieces[3]` is the third, or None. A match of a regular expression will do, and is the quickest."""


class FieldOfPieces(NamedTuple):
    """How a field is read."""

    pieces: tuple[int, ...]
    read: Callable[..., Any]
    """From these pieces; None for absent."""


def constant(value: Any) -> FieldOfPieces:
    """A field that all lines have the same in."""
    return FieldOfPieces((), lambda: value)


class Rows(NamedTuple):
    """What many lines at once say."""

    rows: list[Any]
    """Of each record, the pieces that were asked for, in their order, and perhaps more at its end."""
    places: Sequence[int]
    """Of each record, its line's place in the block, from 0."""
    hours: Iterable[Any] | None
    """The hour pieces of any of them, each once; None where they were not looked at."""
    lines: int
    """How many lines there were, blank ones and comments too."""
    unreadable: list[tuple[int, bytes]]
    """Lines that are no records, by their place from 0; neither blank lines nor comments."""


class Layout:
    """In which pieces the fields of a format's lines lie, and how pieces tell the time."""

    def __init__(
        self, request: Mapping[str, FieldOfPieces], documented: Mapping[str, FieldOfPieces], *,
        hour: tuple[int, ...], second: int, hours: Mapping[Any, int], seconds: Mapping[Any, int],
    ):  # fmt: skip
        self.request, self.documented = request, documented
        self.fields = {**documented, **request}
        """All that can be asked for; a name that both have is what the request says."""
        self.hour, self.second = hour, second
        """The pieces that tell the hour, together, and the second of it."""
        self.hours, self.seconds = hours, seconds
        """When an hour begins, in seconds since the epoch, by its piece or a tuple of them; how far a second is from it."""
        self.has_offsets = len(hour) > 1
        """Whether hours may begin within hours of UTC, or in several time zones."""
        self.pieces_of = Cache(self._pieces_of)
        """Where fields lie, each place once; a field that the format has not lies nowhere."""
        self.selection = Cache(lambda fields: Selection(self, fields))

    def _pieces_of(self, fields: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(sorted({piece for field in fields if field in self.fields for piece in self.fields[field].pieces}))

    def value_of(self, field: str, token: Any) -> Any:
        """What a token of one field stands for."""
        row = self.fields.get(field, ABSENT)
        return row.read(*(token if len(row.pieces) != 1 else (token,)))


ABSENT = constant(None)
"""A field that a format has not."""


class Selection:
    """The pieces that some fields lie in, and how a row of these pieces is looked into."""

    def __init__(self, layout: Layout, fields: Collection[str]):
        self.layout = layout
        self.pieces = tuple(sorted({*layout.hour, layout.second, *layout.pieces_of[tuple(fields)]}))
        self.hour_of, self.second_of = (taking(self.pieces, pieces) for pieces in (layout.hour, (layout.second,)))
        self.column_of = Cache(lambda fields: taking(self.pieces, layout.pieces_of[fields]))


class PieceColumns:
    """The records of a block, see Columns: a row of pieces for each. Tokens are pieces, and tuples of them."""

    def __init__(self, rows: list[Any], selection: Selection, lines: "PlacesOfLines", hours: Iterable[Any] | None = None):
        self._rows, self._selection, self._lines, self._hour_pieces = rows, selection, lines, hours
        self._layout = selection.layout
        self._pieces: dict[int, Sequence[Any]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def hours(self) -> Collection[int]:
        """See Columns."""
        starts = self._hours.values()
        if not self._layout.has_offsets or not any(start % HOUR for start in starts):
            return starts
        return {time - time % HOUR for time in self.times()}  # of a time zone that is half an hour off

    def earliest(self) -> int:
        """See Columns."""
        return self._extreme(min)

    def latest(self) -> int:
        """See Columns."""
        return self._extreme(max)

    def _extreme(self, choose: Callable[..., Any]) -> int:
        """The earliest or the latest time: seconds are read of the first or the last hour alone, and in order as texts."""
        hours, layout = self._hours, self._layout
        if layout.has_offsets and (len(set(hours.values())) < len(hours) or any(start % HOUR for start in hours.values())):
            return int(choose(self.times()))
        hour = choose(hours, key=hours.__getitem__)
        seconds: Iterable[Any] = map(self._selection.second_of, self._rows)
        if len(hours) > 1:
            seconds = compress(seconds, map(hour.__eq__, map(self._selection.hour_of, self._rows)))
        return hours[hour] + layout.seconds[choose(seconds)]

    @cached_property
    def _hours(self) -> dict[Any, int]:
        """The hours as logged, and when they begin."""
        pieces = set(map(self._selection.hour_of, self._rows)) if self._hour_pieces is None else self._hour_pieces
        return {piece: self._layout.hours[piece] for piece in pieces}

    def times(self) -> list[int]:
        """See Columns. Whoever asks for times asks for more, so all rows are turned into columns once."""
        if self._rows and not self._pieces:  # rows may have more at their ends
            self._pieces = dict(zip(self._selection.pieces, zip(*self._rows, strict=True), strict=False))
        layout = self._layout
        hours, seconds = self._column(layout.hour), self._column((layout.second,))
        return list(map(add, map(layout.hours.__getitem__, hours), map(layout.seconds.__getitem__, seconds)))

    def places(self) -> Sequence[int]:
        """See Columns."""
        return self._lines.left()

    def column(self, *fields: str) -> Iterable[Token]:
        """See Columns."""
        pieces = self._layout.pieces_of[fields]
        if not self._pieces or not pieces:
            return map(self._selection.column_of[fields], self._rows)
        return self._column(pieces)

    def _column(self, pieces: tuple[int, ...]) -> Iterable[Token]:
        if len(pieces) == 1:
            return self._pieces.get(pieces[0], ())
        return zip(*[self._pieces.get(piece, ()) for piece in pieces], strict=True)

    def identities(self) -> Sequence[Token]:
        """See Columns."""
        if not self._layout.pieces_of[("record_id",)]:
            return [object() for _ in self._rows]
        return list(self.column("record_id", "time"))

    def record_ids(self, origin: str, start: int) -> RecordIds:
        """See Columns."""
        found = [self._layout.value_of("record_id", token) for token in self.column("record_id")]
        starts = [] if all(found) else self._lines.starts(start)
        ids = [found[each] or RecordId(f"{origin}-{starts[each]}") for each in range(len(found))]
        request_ids, operations, keys = (map(itemgetter(part), ids) for part in range(3))
        return request_ids, operations, keys

    def where(self, are_chosen: Iterable[Any]) -> "PieceColumns":
        """See Columns."""
        chosen = list(are_chosen)
        return type(self)(list(compress(self._rows, chosen)), self._selection, self._lines.where(chosen))


class PlacesOfLines(NamedTuple):
    """Which lines of a block records are: found out only where they have no ids."""

    block: bytes
    places: Sequence[int]
    """From 0."""
    chosen: tuple[Sequence[Any], ...] = ()
    """Which of them are left, one choice after the other."""

    def where(self, are_chosen: Sequence[Any]) -> "PlacesOfLines":
        """Some of them."""
        return self._replace(chosen=(*self.chosen, are_chosen))

    def left(self) -> Sequence[int]:
        """The places of those that are left."""
        places: Iterable[int] = self.places
        for are_chosen in self.chosen:
            places = compress(places, are_chosen)
        return [*places] if self.chosen else self.places

    def starts(self, start: int) -> list[int]:
        """Where these lines begin in the file, in bytes; the block begins at `start`."""
        of_lines = line_starts(self.block, start)
        return [of_lines[place] for place in self.left()]


class PieceReader:
    """A reader of lines with this layout, see Reader."""

    columns: type[PieceColumns] = PieceColumns
    notice = refusal = ""

    def __init__(
        self, layout: Layout, split_block: Callable[[bytes, tuple[int, ...]], Rows],
        split_line: Callable[[bytes], Pieces | None], needed: bytes = b"", too_short: bytes = b"",
    ):  # fmt: skip
        self._layout, self._split_block, self._split_line = layout, split_block, split_line
        self.needed, self.too_short = needed, too_short

    def read(self, block: bytes, fields: frozenset[str]) -> Block:
        """See Reader."""
        selection = self._layout.selection[fields]
        found = self._split_block(block, selection.pieces)
        columns = self.columns(found.rows, selection, PlacesOfLines(block, found.places), found.hours)
        return Block(columns, found.lines, found.unreadable)

    def values(self, *fields: str) -> Callable[[Token], tuple[Any, ...]]:
        """See Reader."""
        layout, pieces = self._layout, self._layout.pieces_of[fields]
        if len(fields) == 1:
            return lambda token: (layout.value_of(fields[0], token),)
        # Fields share pieces, and many tokens have the same.
        asked = [(taking(pieces, layout.pieces_of[(field,)]), Cache(partial(layout.value_of, field))) for field in fields]
        return lambda token: tuple([value_of[its(token)] for its, value_of in asked])

    def narrow(self, fields: tuple[str, ...], to: tuple[str, ...]) -> Callable[[Token], Token]:
        """See Reader."""
        return taking(self._layout.pieces_of[fields], self._layout.pieces_of[to])

    def recognises(self, head: bytes) -> bool:
        """Whether any of these lines is a record, see Format."""
        return any(self._split_line(line) is not None for line in lines_of(head))

    def is_comment(self, line: bytes) -> bool:  # noqa: ARG002 - most formats have none
        """See Reader."""
        return False

    def why_unreadable(self, line: bytes) -> str:  # noqa: ARG002 - a format that can tell says so
        """See Reader."""
        return ""

    def parse(self, line: bytes) -> Record | None:
        """See Reader."""
        pieces = self._split_line(line)
        if pieces is None:
            return None

        def read(rows: Mapping[str, FieldOfPieces]) -> dict[str, Any]:
            return {name: row.read(*map(pieces.__getitem__, row.pieces)) for name, row in rows.items()}

        return Record(Request(**read(self._layout.request)), read(self._layout.documented))


def taking(pieces: tuple[int, ...], wanted: tuple[int, ...]) -> Callable[[Any], Any]:
    """What takes some pieces out of a token of them: a tuple, or the only one."""
    if not wanted:
        return lambda _: ()
    return itemgetter(*map(pieces.index, wanted)) if len(pieces) > 1 else lambda token: token
