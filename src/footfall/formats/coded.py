"""
Rows of pieces from the compiled reader: repeated values are numbered, and evaluated once.

Without the compiled reader, the regular expressions in blocks.py and the like do the same, with the same results.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from operator import itemgetter
from typing import Any

from ..cache import Cache
from ..columns import Choice, Encoded, Encoding, as_bytes
from ..compiled import IS_COMPILED, SEED
from ..compiled import compiled as _compiled
from .base import BLANK, Token
from .rows import Pieces, Split
from .steps import NOT_ASCII, Way, lacks

# The texts that one column may number; then it starts afresh, so that memory does not grow with the logs.
MOST_NUMBERED = 50_000
MOST_BYTES = 1 << 24


def compiled(
    ways: Sequence[Way], split_line: Callable[[bytes], Pieces | None], *, hour: tuple[int, ...],
    hours: Mapping[Any, int | None], is_comment: Callable[[bytes], bool] = lambda _: False, is_ascii: bool = False,
) -> "CodedSplitter | None":  # fmt: skip
    """
    A splitter for blocks of lines written in these ways; None without the compiled reader.

    With `is_ascii`, only ASCII lines are plain.
    """
    return CodedSplitter(ways, split_line, hour, hours, is_comment, is_ascii=is_ascii) if IS_COMPILED else None


class CodedSplitter:
    """
    Splits blocks of lines into pieces, with the same result as `split_line`.

    Lines that match none of these `ways`, or whose hour is not in `hours`, are split one by one. The pieces of `hour`
    give the hour together.
    """

    def __init__(
        self, ways: Sequence[Way], split_line: Callable[[bytes], Pieces | None], hour: tuple[int, ...],
        hours: Mapping[Any, int | None], is_comment: Callable[[bytes], bool], *, is_ascii: bool,
    ):  # fmt: skip
        self.ways, self._split_line, self._hour, self._hours, self._is_comment = ways, split_line, hour, hours, is_comment
        self._is_ascii = is_ascii
        self._numbers = Cache(Numbers)
        self._shapes = Cache(lambda asked: self._shape(*asked))

    def anew(self, like: "CodedSplitter | None" = None) -> "CodedSplitter":
        """The same without any numbered texts yet, or one that numbers them `like` another."""
        splitter = copy(self)
        splitter._numbers = like._numbers if like else Cache(Numbers)
        return splitter

    def _shape(self, wanted: tuple[int, ...], has_more: bool) -> Any:
        """How to search blocks for these pieces; with `has_more`, a block with more than ASCII is also searched for that."""
        before = [lacks(NOT_ASCII)] if has_more else []
        slots = {piece: slot for slot, piece in enumerate(wanted)}
        numbered = [[step.numbered(slots) for step in (*before, *way)] for way in self.ways]
        return _compiled.Shape([list(filter(None, way)) for way in numbered], len(wanted))

    def split(self, block: bytes, wanted: tuple[int, ...]) -> Split:
        """The wanted pieces of all lines; they include those of the hour."""
        numbers: Numbers = self._numbers[wanted]
        numbers.renew()
        lines = self._shapes[wanted, self._is_ascii and not block.isascii()].split(block)
        odd = lines.odd()
        rows = CodedRows(lines, lines.records(), numbers, self._hour)
        if no_hours := {token for token in rows.hours() if self._hours[token] is None}:
            odd += [lines.line(row) for row, token in rows.with_tokens(self._hour) if token in no_hours]
            odd.sort()
        if not odd:
            return Split(rows, lines.count, [])
        unreadable = self._split_odd_lines(lines, odd, itemgetter(*wanted))
        return Split(CodedRows(lines, lines.records(), numbers, self._hour), lines.count, unreadable)

    def _split_odd_lines(
        self, lines: Any, odd: list[tuple[int, int, bytes]], pieces_of: Callable[[Pieces], tuple[bytes | None, ...]]
    ) -> list[tuple[int, bytes]]:
        """Split these lines one by one, each given with its row and its number; returns the unreadable ones."""
        unreadable = []
        for row, number, line in odd:
            pieces = self._split_line(line)
            lines.put(row, pieces and pieces_of(pieces))
            if pieces is None and line.strip(BLANK) and not self._is_comment(line):
                unreadable.append((number, line))
        return unreadable


class Numbers:
    """The numbers of the texts of some wanted pieces, by column."""

    def __init__(self, wanted: tuple[int, ...]):
        self.slots = {piece: slot for slot, piece in enumerate(wanted)}
        self.slots_of = Cache(lambda pieces: tuple([self.slots[piece] for piece in pieces]))
        self.table_of = Cache(lambda pieces: _compiled.Table(self.slots_of[pieces], SEED))
        """By the pieces of a column."""
        self.hours = Cache(lambda token: token)

    def renew(self) -> None:
        """Start afresh in columns that have numbered too many texts."""
        for pieces, table in [*self.table_of.items()]:
            if len(table) >= MOST_NUMBERED or table.size >= MOST_BYTES:
                del self.table_of[pieces]


class CodedRows:
    """Rows of lines that the compiled reader has split, see Rows; `rows` are their numbers, as returned by it."""

    def __init__(self, lines: Any, rows: bytes, numbers: Numbers, hour: tuple[int, ...]):
        self._lines, self._rows, self._numbers, self._hour = lines, rows, numbers, hour
        self._coded: dict[tuple[int, ...], tuple[Any, bytes]] = {}

    def __len__(self) -> int:
        return len(self._rows) // 4

    def _codes(self, pieces: tuple[int, ...]) -> tuple[Any, bytes]:
        """The table that numbers a column, and the column's numbers."""
        if pieces not in self._coded:
            table = self._numbers.table_of[pieces]
            self._coded[pieces] = table, table.codes(self._lines, self._rows)
        return self._coded[pieces]

    def hours(self) -> Collection[Any]:
        """See Rows."""
        return self._hour_codes

    @cached_property
    def _hour_codes(self) -> dict[Any, int]:
        table, codes = self._codes(self._hour)
        tokens = self._numbers.hours.numbered(table, len(table), table.tokens)
        return {tokens[code]: code for code in _compiled.distinct(codes)}

    def with_tokens(self, pieces: tuple[int, ...]) -> Iterable[tuple[int, Token]]:
        """Each row's number and token."""
        return zip(memoryview(self._rows).cast("I"), self.tokens(pieces), strict=True)

    def tokens(self, pieces: tuple[int, ...]) -> list[Token]:
        """See Rows."""
        found: list[Token] = self._lines.pieces(self._rows, self._numbers.slots_of[pieces])
        return found

    def look_up(self, answers: Cache, pieces: tuple[int, ...]) -> Encoded:
        """See Rows."""
        return self._looked_up(answers, None, pieces)[0]

    def look_up_parts(self, answers: Cache, width: int, pieces: tuple[int, ...]) -> list[Encoded]:
        """See Rows."""
        return self._looked_up(answers, width, pieces)

    def _looked_up(self, answers: Cache, width: int | None, pieces: tuple[int, ...]) -> list[Encoded]:
        table, codes = self._codes(pieces)
        encoded = answers.encoded(table, len(table), table.tokens, width)
        return [Encoded(_compiled.recode(codes, of_tokens), values) for of_tokens, values in encoded]

    def by_hour(self, of_hours: Mapping[Any, Any], encoding: Encoding) -> Encoded:
        """See Rows."""
        _, codes = self._codes(self._hour)
        by_code = array("I", [0]) * (max(self._hour_codes.values(), default=0) + 1)
        of_tokens = encoding.codes_of(map(of_hours.__getitem__, self._hour_codes))
        for code, of_token in zip(self._hour_codes.values(), of_tokens, strict=True):
            by_code[code] = of_token
        return Encoded(_compiled.recode(codes, by_code), encoding.values)

    def column_of(self, values: list[Any], encoding: Encoding) -> Encoded:
        """See Rows."""
        return encoding.encoded(values)

    def in_columns(self) -> None:
        """See Rows: they always are."""

    def within(self, hour: Any, second: int) -> tuple[Any, Any]:
        """See Rows."""
        _, codes = self._codes(self._hour)
        bounds: tuple[Any, Any] = self._lines.bounds(self._rows, self._numbers.slots[second], codes, self._hour_codes[hour])
        return bounds

    def where(self, choice: Choice) -> "CodedRows":
        """See Rows."""
        return CodedRows(self._lines, _compiled.compress(self._rows, as_bytes(choice)), self._numbers, self._hour)

    def places(self) -> Sequence[int]:
        """See Rows."""
        return memoryview(self._lines.places(self._rows)).cast("I")

    def by_line(self, codes: "array[int]", values: list[Any]) -> Encoded:
        """See Rows."""
        return Encoded(_compiled.recode(self._lines.places(self._rows), codes), values)

    def starts(self) -> Sequence[int]:
        """See Rows."""
        return memoryview(self._lines.starts(self._rows)).cast("I")
