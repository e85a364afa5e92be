"""
Readers whose tokens are pieces of a line: bytes as logged, and tuples of them.

A fast format declares which pieces its fields are in, and provides a function that finds the wanted pieces of many lines at
once; this module does the rest.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from operator import add, itemgetter
from typing import Any, NamedTuple, Protocol, Self

from ..cache import Cache
from ..columns import Choice, Column, Encoding
from ..records import Record, RecordId, Request
from .base import HOUR, Block, Reader, RecordIds, Token
from .rows import Pieces, Rows, Split, SplitBlock, taking
from .runs import worth_a_look


class FieldOfPieces(NamedTuple):
    """How a field is read."""

    pieces: tuple[int, ...]
    read: Callable[..., Any]
    """The function from these pieces to the value; None for absent."""


def constant(value: Any) -> FieldOfPieces:
    """A field with the same value in all lines."""
    return FieldOfPieces((), lambda: value)


class Layout:
    """Which pieces the fields of a format are in, and how pieces express the time."""

    def __init__(
        self, request: Mapping[str, FieldOfPieces], documented: Mapping[str, FieldOfPieces], *,
        hour: tuple[int, ...], second: int, hours: Cache, seconds: Mapping[Any, int],
        span: int = HOUR, has_offsets: bool = False,
    ):  # fmt: skip
        self.request, self.documented = request, documented
        self.fields = {**documented, **request}
        """All fields that can be read; if both have a name, the request's is used."""
        self.hour, self.second = hour, second
        """The pieces that give the hour together, and the piece of its second."""
        self.hours, self.seconds = hours, Cache(seconds.__getitem__)
        """The beginning of an hour, in seconds since the epoch, by its piece or pieces; the offset of a second from it."""
        self.span = span
        """The length of an hour, in seconds; a format may use other stretches of time instead."""
        self.has_offsets = has_offsets
        """Whether hours may begin within hours of UTC, or in several time zones."""
        self.pieces_of = Cache(self._pieces_of)
        """The pieces of some fields, each once; a field that the format lacks has none."""
        self.wanted = Cache(lambda fields: tuple(sorted({*hour, second, *self.pieces_of[tuple(fields)]})))
        """The pieces of some fields, and those of the time."""

    def _pieces_of(self, fields: tuple[str, ...]) -> tuple[int, ...]:
        return tuple(sorted({piece for field in fields if field in self.fields for piece in self.fields[field].pieces}))

    def value_of(self, field: str) -> Callable[[Token], Any]:
        """What tells what a token of one field stands for."""
        row = self.fields.get(field, ABSENT)
        return row.read if len(row.pieces) == 1 else lambda token: row.read(*token)  # type: ignore[misc]


_NO_TEXT = Encoding()
ABSENT = constant(None)
"""A field that a format lacks."""


class PieceColumns:
    """The records of a block, see Columns: a row of pieces for each. Tokens are pieces, and tuples of them."""

    def __init__(self, rows: Rows, layout: Layout):
        self._rows, self._layout = rows, layout

    def __len__(self) -> int:
        return len(self._rows)

    def hours(self) -> Collection[int]:
        """See Columns."""
        starts = self._hours.values()
        if self._layout.has_offsets and any(start % HOUR for start in starts):
            return {time - time % HOUR for time in self.times()}  # for time zones that are half an hour off
        return {start - start % HOUR for start in starts}

    def earliest(self) -> int:
        """See Columns."""
        return self._extreme(min)

    def latest(self) -> int:
        """See Columns."""
        return self._extreme(max)

    def _extreme(self, choose: Callable[..., Any]) -> int:
        """The earliest or latest time: only the seconds of the first or last hour are read, which sort as text."""
        hours, layout = self._hours, self._layout
        if layout.has_offsets and (len(set(hours.values())) < len(hours) or any(start % HOUR for start in hours.values())):
            return int(choose(self.times()))
        hour = choose(hours, key=hours.__getitem__)
        second: int = layout.seconds[choose(self._rows.within(hour, layout.second))]
        return hours[hour] + second

    @cached_property
    def _hours(self) -> dict[Any, int]:
        """The hours as logged, with their beginnings."""
        return {token: self._layout.hours[token] for token in self._rows.hours()}

    def times(self) -> list[int]:
        """See Columns. Callers that need times also need other columns."""
        layout = self._layout
        self._rows.in_columns()
        hours, seconds = self._rows.look_up(layout.hours, layout.hour), self._rows.look_up(layout.seconds, (layout.second,))
        return list(map(add, hours, seconds))

    def places(self) -> Sequence[int]:
        """See Columns."""
        return self._rows.places()

    def column(self, *fields: str) -> Iterable[Token]:
        """See Columns."""
        return self._rows.tokens(self._layout.pieces_of[fields])

    def look_up(self, answers: Cache, *fields: str) -> Column:
        """See Columns."""
        return self._rows.look_up(answers, self._layout.pieces_of[fields])

    def look_up_parts(self, answers: Cache, width: int, *fields: str) -> Sequence[Column]:
        """See Columns."""
        return self._rows.look_up_parts(answers, width, self._layout.pieces_of[fields])

    def by_time(self, answers: Cache, step: int) -> Column:
        """See Columns. A whole hour nearly always has a single answer."""
        of_hours = {}
        for token, start in self._hours.items():
            of_hour = [answers[time] for time in range(start - start % step, start + self._layout.span, step)]
            if of_hour.count(of_hour[0]) < len(of_hour):
                return self._rows.column_of([answers[time - time % step] for time in self.times()], answers.encoding)
            of_hours[token] = of_hour[0]
        return self._rows.by_hour(of_hours, answers.encoding)

    def by_line(self, codes: "array[int]", values: list[Any]) -> Column:
        """See Columns."""
        return self._rows.by_line(codes, values)

    def record_ids(self, origin: str, start: int) -> RecordIds:
        """See Columns."""
        if not self._layout.pieces_of[("record_id",)]:
            return self.ids_alone([f"{origin}-{start + each}" for each in self._rows.starts()])
        found = [*map(self._layout.value_of("record_id"), self.column("record_id"))]
        starts = [] if all(found) else self._rows.starts()
        ids = [found[each] or RecordId(f"{origin}-{start + starts[each]}") for each in range(len(found))]
        request_ids, operations, keys = (list(map(itemgetter(part), ids)) for part in range(3))
        return request_ids, operations, keys

    def ids_alone(self, request_ids: list[str]) -> RecordIds:
        """These request ids, without operations and keys."""
        nothing = self._rows.column_of([""] * len(self), _NO_TEXT)
        return request_ids, nothing, nothing

    def where(self, choice: Choice) -> "PieceColumns":
        """See Columns."""
        return type(self)(self._rows.where(choice), self._layout)


class CompiledSplitter(Protocol):
    """Splits blocks like a SplitBlock, and numbers texts on the way."""

    @property
    def split(self) -> SplitBlock:
        """What does it."""

    def anew(self, like: Self | None) -> Self:
        """The same without any numbered texts yet, or one that numbers them `like` another."""


class PieceReader:
    """A reader of lines with this layout, see Reader."""

    columns: type[PieceColumns] = PieceColumns
    notice = refusal = ""
    comment = b""

    def __init__(
        self, layout: Layout, split_block: SplitBlock, split_line: Callable[[bytes], Pieces | None],
        needed: bytes = b"", no_record: bytes = b"", compiled: CompiledSplitter | None = None,
    ):  # fmt: skip
        """`compiled` does the same as `split_block`, if available; see coded.py."""
        self._layout, self._split_line = layout, split_line
        self._compiled, self._split_block_purely = compiled, split_block
        self._split_block = compiled.split if compiled else split_block
        self.needed, self.no_record = needed, no_record

    def read(self, block: bytes, fields: frozenset[str]) -> Block:
        """See Reader."""
        rows, lines, unreadable = self._split_block(block, self._layout.wanted[fields])
        return Block(self.columns(rows, self._layout), lines, unreadable)

    @property
    def meaning(self) -> Layout:
        """See Reader."""
        return self._layout

    def anew(self, like: Reader | None = None) -> Self:
        """See Reader."""
        reader = copy(self)
        if self._compiled:
            reader._compiled = self._compiled.anew(like._compiled if isinstance(like, PieceReader) else None)
            reader._split_block = reader._compiled.split
        return reader

    def pure(self) -> Self:
        """The same reader without anything compiled."""
        reader = copy(self)
        reader._compiled, reader._split_block = None, self._split_block_purely
        return reader

    def values(self, *fields: str) -> Callable[[Token], tuple[Any, ...]]:
        """See Reader."""
        layout, pieces = self._layout, self._layout.pieces_of[fields]
        if len(fields) == 1:
            value_of = layout.value_of(fields[0])
            return lambda token: (value_of(token),)
        # Fields share pieces, and many tokens are equal.
        asked = [(taking(pieces, layout.pieces_of[(field,)]), Cache(layout.value_of(field))) for field in fields]
        return lambda token: tuple([values[its(token)] for its, values in asked])

    def narrow(self, fields: tuple[str, ...], to: tuple[str, ...]) -> Callable[[Token], Token]:
        """See Reader."""
        return taking(self._layout.pieces_of[fields], self._layout.pieces_of[to])

    def recognises(self, head: bytes) -> bool:
        """Whether any of these lines is a record, see Format; nearly always the first one is enough."""
        if self._split_line(head[: head.find(b"\n")].removesuffix(b"\r")) is not None:
            return True
        return any(len(rows) for rows, _, _ in self.split_head(head))

    def split_head(self, head: bytes) -> Iterator[Split]:
        """The first lines of a file, split, without those that are obviously neither records nor comments."""
        wanted = self._layout.wanted[frozenset()]
        return (self._split_block_purely(block, wanted) for block in worth_a_look(head, self))

    def is_comment(self, line: bytes) -> bool:  # noqa: ARG002 - most formats have no comments
        """See Reader."""
        return False

    def why_unreadable(self, line: bytes) -> str:  # noqa: ARG002 - formats that know why override this
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
