"""
S3 server access logs.

    lines   a line in its pieces: many lines at once, or the odd one with care
    times   when a record was written
    fields  what the pieces say
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache, cached_property, lru_cache, partial
from itertools import compress
from operator import add, itemgetter
from typing import Any, cast

from ...cache import Cache
from ...records import Record, Request
from ..base import Block, Format, RecordIds, Token
from .fields import ABSENT, DOCUMENTED, FIELDS, UNIQUE, text
from .lines import HOUR, SECOND, split_block, split_line
from .times import HOURS, SECONDS

_texts = Cache(text)


class Selection:
    """The pieces that some fields lie in, and how a row of these pieces is looked into."""

    def __init__(self, fields: Iterable[str]):
        pieces = {piece for field in fields for piece in pieces_of((field,))}
        self.pieces = tuple(sorted({HOUR, SECOND, *pieces}))
        self.hour_of, self.second_of = (_taking(self.pieces, (piece,)) for piece in (HOUR, SECOND))
        self.column_of = Cache(lambda fields: _taking(self.pieces, pieces_of(fields)))


class S3Columns:
    """The records of a block, see Columns: a row of pieces for each. Tokens are pieces, and tuples of them."""

    def __init__(self, rows: list[Any], selection: Selection, hours: Iterable[Any] | None = None):
        self._rows, self._selection, self._hour_pieces = rows, selection, hours
        self._pieces: dict[int, Sequence[Any]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def hours(self) -> Collection[int]:
        """See Columns."""
        return self._hours.values()

    def earliest(self) -> int:
        """See Columns. Of other hours than the first, no second needs to be read."""
        hour = min(self._hours, key=self._hours.__getitem__)
        return self._hours[hour] + SECONDS[min(self._seconds_of(hour))]

    def latest(self) -> int:
        """See Columns."""
        hour = max(self._hours, key=self._hours.__getitem__)
        return self._hours[hour] + SECONDS[max(self._seconds_of(hour))]

    def _seconds_of(self, hour: Any) -> Iterable[Any]:
        seconds = map(self._selection.second_of, self._rows)
        if len(self._hours) == 1:
            return seconds
        return compress(seconds, map(hour.__eq__, map(self._selection.hour_of, self._rows)))

    @cached_property
    def _hours(self) -> dict[Any, int]:
        """The hours as logged, and when they begin."""
        pieces = set(map(self._selection.hour_of, self._rows)) if self._hour_pieces is None else self._hour_pieces
        return {piece: HOURS[piece] for piece in pieces}

    def times(self) -> list[int]:
        """See Columns. Whoever asks for times asks for more, so all rows are turned into columns once."""
        if self._rows and not self._pieces:  # rows may have more at their ends
            self._pieces = dict(zip(self._selection.pieces, zip(*self._rows, strict=True), strict=False))
        hours, seconds = (self._pieces.get(piece, ()) for piece in (HOUR, SECOND))
        return list(map(add, map(HOURS.__getitem__, hours), map(SECONDS.__getitem__, seconds)))

    def column(self, *fields: str) -> Iterable[Token]:
        """See Columns."""
        pieces = pieces_of(fields)
        if not self._pieces or not pieces:
            return map(self._selection.column_of[fields], self._rows)
        if len(pieces) == 1:
            return self._pieces[pieces[0]]
        return zip(*map(self._pieces.__getitem__, pieces), strict=True)

    def identities(self) -> Sequence[Token]:
        """See Columns."""
        return list(self.column("record_id", "time"))

    def record_ids(self, origin: Callable[[], str], first_line: int) -> RecordIds:  # noqa: ARG002 - each record has its own
        """See Columns."""
        request_ids, operations, keys = map(self.column, ("request_id", "operation", "key"))
        ids = b"\n".join(cast(Iterable[bytes], request_ids)).decode("utf-8", "replace").split("\n")  # of many at once
        return ids if self._rows else [], map(_texts.__getitem__, operations), map(_texts.__getitem__, keys)

    def where(self, are_chosen: Iterable[Any]) -> "S3Columns":
        """See Columns."""
        return S3Columns(list(compress(self._rows, are_chosen)), self._selection)


class S3Reader:
    """Reads any S3 access log, see Reader."""

    def read(self, block: bytes, fields: frozenset[str]) -> Block:
        """See Reader."""
        selection = _selection(fields)
        found = split_block(block, selection.pieces)
        return Block(S3Columns(found.rows, selection, found.hours), found.lines, found.unreadable)

    def values(self, *fields: str) -> Callable[[Token], tuple[Any, ...]]:
        """See Reader."""
        pieces = pieces_of(fields)
        if len(fields) == 1:
            return lambda token: (_value_of(fields[0], token),)
        # Fields share pieces, and many tokens have the same.
        asked = [(_taking(pieces, pieces_of((field,))), Cache(partial(_value_of, field))) for field in fields]
        if len(pieces) == 1:
            return lambda token: tuple([value_of[token] for _, value_of in asked])
        return lambda token: tuple([value_of[its(token)] for its, value_of in asked])

    def narrow(self, fields: tuple[str, ...], to: tuple[str, ...]) -> Callable[[Token], Token]:
        """See Reader."""
        return _taking(pieces_of(fields), pieces_of(to))

    def parse(self, line: bytes) -> Record | None:
        """See Reader."""
        pieces = split_line(line)
        if pieces is None:
            return None
        values = {name: field.read(*map(pieces.__getitem__, field.pieces)) for name, field in FIELDS.items()}
        return Record(Request(**{name: values[name] for name in Request._fields}), {name: values[name] for name in DOCUMENTED})


def _value_of(field: str, token: Any) -> Any:
    """What a token of one field stands for."""
    row = FIELDS.get(field, ABSENT)
    return row.read(*(token if len(row.pieces) != 1 else (token,)))


def _taking(pieces: tuple[int, ...], wanted: tuple[int, ...]) -> Callable[[Any], Any]:
    """What takes some pieces out of a row of them: a tuple, or the only one."""
    return itemgetter(*map(pieces.index, wanted)) if wanted else lambda _: ()


@lru_cache(maxsize=16)
def _selection(fields: frozenset[str]) -> Selection:
    return Selection(fields)


@cache
def pieces_of(fields: tuple[str, ...]) -> tuple[int, ...]:
    """Where fields lie, each place once; a field that S3 has not lies nowhere."""
    return tuple(sorted({piece for field in fields if field in FIELDS for piece in FIELDS[field].pieces}))


_READER = S3Reader()

S3 = Format(
    title="S3 server access log",
    about="Server access logging of a general purpose bucket, as text: 17 to 27 fields; what AWS appends later is passed over. "
    "Quotes that a client sent inside request URI, referrer or user agent, requesters with blanks, bytes that are not UTF-8, "
    "Windows line ends and blank lines are all read.",
    documented=tuple(DOCUMENTED),
    unique=UNIQUE,
    reader=lambda _: _READER,
)
