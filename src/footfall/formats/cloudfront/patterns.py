"""
Patterns that find pieces of many lines at once: made for a list of fields, and for the pieces that are asked for.

They fit the plain lines, which are nearly all: values between separators, date and time side by side, a status of three
digits. Most values do not keep to their line, since classes of two characters cost twice as much: whoever searches counts
the lines.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from ..steps import (
    DIGITS,
    END_OF_LINE,
    OR_DASH,
    Step,
    Way,
    back,
    clock,
    empty,
    exactly,
    literal,
    made_of,
    not_after,
    not_before,
    same,
    until,
)
from .listing import KEYS, PLACES, FieldList
from .names import DATE, RESPONSE_RESULT, RESULT, STATUS, TIME
from .values import ERROR

# Pieces that are no fields. Nothing depends on any other result than ERROR: pieces of few values make few kinds of lines.
HOUR, SECOND, UNLOGGED = "(hour)", "(second)", "(unlogged)"
IS_ERROR = {RESULT: "(result is Error)", RESPONSE_RESULT: "(response result is Error)"}

_DATE, _HOUR, _SECOND = rb"\d{4}-\d\d-\d\d", rb"\d\d", rb":[0-5]\d:[0-5]\d"
_STATUS = rb"(?:\d{3}|-)"
LONGEST = b"{0,1024}+"  # longer values are for the careful: to look to the end of the block takes the square of the time
_BEGINS_PLAINLY = rb"(?![#{\s\xef])"  # no comment, no JSON, no byte order mark
NO_BEGINNING = b"#{ \t\n\r\f\v\xef"  # the same


class _Stretch(NamedTuple):
    """A stretch of a line."""

    piece: str
    """What it is; "" for what separates pieces."""
    pattern: bytes
    ahead: bytes | None = None
    """What is before it, where it is looked at ahead of the next stretch; it is left out unless its piece is wanted."""


class Form:
    """How lines with these fields are written."""

    def __init__(self, listed: FieldList):
        self._names, self._delimiter, self.is_json = listed.names, listed.delimiter, listed.source == KEYS
        self._tells_length = listed.source == PLACES
        self.between = self._before(TIME)
        """What is between a date and a time."""
        is_doubtful = listed.missing or listed.is_ambiguous or len(set(self._names)) < len(self._names)
        self.is_plain = (DATE, TIME) in pairwise(self._names) and not is_doubtful
        """Whether many lines can be read at once."""
        self.pieces = [each.piece for each in self._line(b"") if each.piece] if self.is_plain else [*self._names]
        """All pieces that lines consist of, in their order."""

    def finder(self, wanted: Collection[str], *, is_odd_json: bool) -> Callable[[bytes], list[Any]]:
        """What finds these pieces of plain lines, and all of any other line at the end of the row."""
        plain = b""
        for stretch in self._line(rb"\\\x80-\xff" if is_odd_json else b""):
            is_wanted = stretch.piece in wanted
            pattern = b"(" + stretch.pattern + b")" if is_wanted else stretch.pattern
            if stretch.ahead is None:
                plain += pattern
            elif is_wanted:
                plain += b"(?=" + stretch.ahead + pattern + b")"
        plain += b"()" * len(set(wanted).difference(self.pieces))
        return re.compile(plain + rb"\n|([^\n]*+)\n").findall

    def ways(self, number: Mapping[str, int]) -> list[Way]:
        """How lines are written for the compiled reader, by the number of each piece; none where that is left to patterns."""
        if not self.is_plain or self.is_json or len(self._delimiter) > 1:
            return []
        way = [*map(empty, (number[piece] for piece in number if piece not in self.pieces)), not_before(NO_BEGINNING)]
        for place, name in enumerate(self._names):
            follows_date = place and self._names[place - 1] == DATE
            if name == TIME and follows_date:
                continue
            way += [literal(self._before(name))] if place else []
            if self._names[place : place + 2] == (DATE, TIME):
                way += self._moment(number)
                continue
            if name in IS_ERROR:
                way += [same(ERROR, self._delimiter, number[IS_ERROR[name]])]
            is_status = name == STATUS
            way += [
                made_of(DIGITS, number[name], 3, 3, OR_DASH) if is_status else until(self._delimiter, number[name], least=0)
            ]
        way += [not_after(self._delimiter)] if self._tells_length else [made_of(self._delimiter, least=0)]
        return [[*way, not_after(b"\r"), END_OF_LINE]]

    def _moment(self, number: Mapping[str, int]) -> list[Step]:
        """Date and time, and once more as an hour and a second of it."""
        hour = len(b"2022-10-20" + self.between + b"08")
        apart = [exactly(10, number[DATE]), literal(self.between), exactly(8, number[TIME])]
        return [*apart, back(hour + 6), exactly(hour, number[HOUR]), clock(number[SECOND])]

    def _before(self, name: str) -> bytes:
        return b'","' + name.encode() + b'":"' if self.is_json else self._delimiter

    def _line(self, never: bytes) -> Iterator[_Stretch]:
        """All of a line; `never` is in no value."""
        stop = b'"' if self.is_json else re.escape(self._delimiter)
        after_date = re.escape(self.between)
        for place, name in enumerate(self._names):
            follows_date = place and self._names[place - 1] == DATE
            if name == TIME and follows_date:
                continue
            yield _Stretch("", re.escape(self._before(name)) if place else self._start(name))
            if self._names[place : place + 2] == (DATE, TIME):
                yield _Stretch(DATE, _DATE, ahead=b"")
                yield _Stretch(TIME, _HOUR + _SECOND, ahead=_DATE + after_date)
                yield _Stretch(HOUR, _DATE + after_date + _HOUR)
                yield _Stretch(SECOND, _SECOND)
                continue
            if name in IS_ERROR:
                yield _Stretch(IS_ERROR[name], rb"(?:" + ERROR + b"(?=[" + stop + rb"\n]))?+", ahead=b"")
            is_at_end = place in (0, len(self._names) - 1)
            value = b"[^" + stop + never + (rb"\n" if is_at_end else b"") + b"]" + LONGEST
            yield _Stretch(name, _STATUS if name == STATUS else value)
        yield _Stretch("", self._end())

    def _start(self, name: str) -> bytes:
        return rb'\{"' + re.escape(name.encode()) + b'":"' if self.is_json else _BEGINS_PLAINLY

    def _end(self) -> bytes:
        if self.is_json:
            return rb'"\}'
        stop = re.escape(self._delimiter)
        # Where the number of values tells which they are, empty ones at the end are for the careful.
        return rb"(?<![\r" + stop + b"])" if self._tells_length else stop + rb"*+(?<!\r)"
