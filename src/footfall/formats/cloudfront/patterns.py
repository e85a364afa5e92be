"""
Patterns that find pieces of many lines at once, built from a list of fields and the wanted pieces.

They match plain lines, which are nearly all: values between separators, date and time side by side, a status of three digits.
Most values may match across the end of a line, since classes of two characters cost twice as much: the caller counts lines.
"""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

from ..steps import (
    DIGITS,
    END_OF_LINE,
    OR_DASH,
    Step,
    Way,
    back,
    clock,
    exactly,
    lacks,
    literal,
    made_of,
    not_after,
    not_before,
    same,
    until,
)
from .listing import KEYS, PLACES, FieldList
from .names import DATE, DOCUMENTED, MILLISECONDS, RESPONSE_RESULT, RESULT, STATUS, TIME
from .times import BY_HOURS, BY_HUNDREDS
from .values import ERROR

# Pieces that are not fields. Of results, only ERROR matters: pieces with few values make few kinds of lines.
DAY, HOUR, SECOND, UNLOGGED = "(day)", "(hour)", "(second)", "(unlogged)"
IS_ERROR = {RESULT: "(result is Error)", RESPONSE_RESULT: "(response result is Error)"}

NUMBER = {piece: number for number, piece in enumerate((DAY, HOUR, SECOND, UNLOGGED, *IS_ERROR.values(), *DOCUMENTED))}
"""The number of each piece: the same for all lists, so that answers for lines of one are valid for the others."""

_DATE, _HOUR, _SECOND = rb"\d{4}-\d\d-\d\d", rb"\d\d", rb":[0-5]\d:[0-5]\d"
_STATUS = rb"(?:\d{3}|-)"
LONGEST = b"{0,1024}+"  # without a limit, searching to the end of the block would take quadratic time
_BEGINS_PLAINLY = rb"(?![#{\s\xef])"  # not a comment, JSON, or a byte order mark
NO_BEGINNING = b"#{ \t\n\r\f\v\xef"  # the same


class _Stretch(NamedTuple):
    """A stretch of a line."""

    piece: str
    """The piece that it is; "" for a separator."""
    pattern: bytes
    ahead: bytes | None = None
    """The text before it, if it is only a look-ahead before the next stretch; left out unless its piece is wanted."""


class Form:
    """How lines with these fields are written."""

    def __init__(self, listed: FieldList):
        self._names, self._delimiter, self.is_json = listed.names, listed.delimiter, listed.source == KEYS
        self._tells_length = listed.source == PLACES
        has_days = {DATE, TIME} <= {*listed.names}
        self.clock = BY_HUNDREDS if MILLISECONDS in listed.names and not has_days else BY_HOURS
        """How most lines express the time."""
        is_doubtful = listed.missing or listed.is_ambiguous or len(set(self._names)) < len(self._names)
        self.is_plain = (has_days or not self.clock.has_days) and not is_doubtful
        """Whether many lines can be read at once."""

    def order(self, wanted: Collection[int]) -> tuple[int, ...]:
        """The wanted pieces that plain lines have, in the order of the line."""
        there = [NUMBER[each.piece] for each in self._line(b"") if each.piece in NUMBER]
        return tuple(piece for piece in there if piece in wanted)

    def finder(self, wanted: Collection[int], *, is_odd_json: bool) -> Callable[[bytes], list[Any]]:
        """A function that finds these pieces of plain lines (see `order`), and any other whole line at the end of the row."""
        plain = b""
        for stretch in self._line(rb"\\\x80-\xff" if is_odd_json else b""):
            is_wanted = NUMBER.get(stretch.piece) in wanted
            pattern = b"(" + stretch.pattern + b")" if is_wanted else stretch.pattern
            if stretch.ahead is None:
                plain += pattern
            elif is_wanted:
                plain += b"(?=" + stretch.ahead + pattern + b")"
        return re.compile(plain + rb"\n|([^\n]*+)\n").findall

    def ways(self) -> list[Way]:
        """The syntax of lines for the compiled reader; empty if patterns have to be used."""
        if not self.is_plain or len(self._delimiter) > 1:
            return []
        stop = b'"' if self.is_json else self._delimiter
        way = [lacks(b"\\"), literal(b'{"' + self._names[0].encode() + b'":"')] if self.is_json else [not_before(NO_BEGINNING)]
        for place, name in enumerate(self._names):
            way += [literal(self._before(name))] if place else []
            way += self._moment(name) or self._value(name, stop)
        if self.is_json:
            return [[*way, literal(b'"}'), END_OF_LINE]]
        way += [not_after(stop)] if self._tells_length else [made_of(stop, least=0)]
        return [[*way, not_after(b"\r"), END_OF_LINE]]

    def _moment(self, name: str) -> list[Step]:
        """Steps for a field of the time, and again for the clock's pieces; empty for any other field."""
        if name == DATE and self.clock.has_days:
            return [exactly(10, NUMBER[DATE]), back(10), exactly(10, NUMBER[DAY])]
        if name == TIME and self.clock.has_days:
            return [exactly(8, NUMBER[TIME]), back(8), exactly(2, NUMBER[HOUR]), clock(NUMBER[SECOND])]
        if name == MILLISECONDS and not self.clock.has_days:
            hundreds = [exactly(8, NUMBER[HOUR]), exactly(2, NUMBER[SECOND]), exactly(3)]
            return [made_of(DIGITS, NUMBER[MILLISECONDS], 13, 13), back(13), *hundreds]
        return []

    @staticmethod
    def _value(name: str, stop: bytes) -> list[Step]:
        number = NUMBER.get(name)
        if name == STATUS:
            return [made_of(DIGITS, number, 3, 3, OR_DASH)]
        as_error = [same(ERROR, stop, NUMBER[IS_ERROR[name]])] if name in IS_ERROR else []
        return [*as_error, until(stop, number, least=0)]

    def _before(self, name: str) -> bytes:
        return b'","' + name.encode() + b'":"' if self.is_json else self._delimiter

    def _line(self, never: bytes) -> Iterator[_Stretch]:
        """The stretches of a line; values do not contain `never`."""
        stop = b'"' if self.is_json else re.escape(self._delimiter)
        for place, name in enumerate(self._names):
            yield _Stretch("", re.escape(self._before(name)) if place else self._start(name))
            if stretches := self._stretches_of_moment(name):
                yield from stretches
                continue
            if name in IS_ERROR:
                yield _Stretch(IS_ERROR[name], rb"(?:" + ERROR + b"(?=[" + stop + rb"\n]))?+", ahead=b"")
            is_at_end = place in (0, len(self._names) - 1)
            value = b"[^" + stop + never + (rb"\n" if is_at_end else b"") + b"]" + LONGEST
            yield _Stretch(name, _STATUS if name == STATUS else value)
        yield _Stretch("", self._end())

    def _stretches_of_moment(self, name: str) -> list[_Stretch]:
        """See _moment."""
        if name == DATE and self.clock.has_days:
            return [_Stretch(DATE, _DATE, ahead=b""), _Stretch(DAY, _DATE)]
        if name == TIME and self.clock.has_days:
            return [_Stretch(TIME, _HOUR + _SECOND, ahead=b""), _Stretch(HOUR, _HOUR), _Stretch(SECOND, _SECOND)]
        if name == MILLISECONDS and not self.clock.has_days:
            hundreds = [_Stretch(HOUR, rb"\d{8}"), _Stretch(SECOND, rb"\d\d"), _Stretch("", rb"\d{3}")]
            return [_Stretch(MILLISECONDS, rb"\d{13}", ahead=b""), *hundreds]
        return []

    def _start(self, name: str) -> bytes:
        return rb'\{"' + re.escape(name.encode()) + b'":"' if self.is_json else _BEGINS_PLAINLY

    def _end(self) -> bytes:
        if self.is_json:
            return rb'"\}'
        stop = re.escape(self._delimiter)
        # If fields are determined by the number of values, lines with empty ones at the end are read with care.
        return rb"(?<![\r" + stop + b"])" if self._tells_length else stop + rb"*+(?<!\r)"
