"""
Splits lines into the same pieces: many plain lines at once, or any single line with care.

A piece is a value as logged, or None where the line has no such field.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import compress
from operator import itemgetter
from typing import Any, NamedTuple

from ...cache import Cache
from ..base import BLANK
from ..coded import CodedSplitter, compiled
from ..rows import ListedRows, PlacesOfLines, Split, taking
from .jsonlines import is_json, json_values
from .listing import BOM, HEADER, TAB, FieldList
from .names import LEGACY, LENGTHS, METHOD, STATUS, STEM, unlogged
from .patterns import DAY, HOUR, IS_ERROR, NUMBER, SECOND, UNLOGGED, Form
from .times import moment
from .values import ERROR

_NEEDED = (METHOD, STEM, STATUS)


class Lines:
    """Lines that have these fields; a JSON line among them, and the line of a file without a header, may have others."""

    def __init__(self, listed: FieldList):
        self._listed, self._form = listed, Form(listed)
        self.clock = self._form.clock
        self.hour = tuple(NUMBER[piece] for piece in ((DAY, HOUR) if self.clock.has_days else (HOUR,)))
        """The pieces that tell the hour."""
        self.unlogged = unlogged(frozenset(listed.names))
        """Which facts of a request lines with these fields do not keep."""
        self._unlogged = Cache(self._told_unlogged)
        self._finders = Cache(self._finder)

    def compiled(self) -> CodedSplitter | None:
        """What does the same as `split_block` where it is compiled, and such lines are for it."""
        ways, is_json = self._form.ways(), self._form.is_json
        return compiled(
            ways, self.split_line, hour=self.hour, hours=self.clock.starts, is_comment=self.is_comment, is_ascii=is_json
        ) if ways else None  # fmt: skip

    def split_block(self, block: bytes, wanted: tuple[int, ...]) -> Split:
        """The wanted pieces of many lines, those of the hour among them; as `split_line` reads them, many times as fast."""
        content = block if block.endswith(b"\n") else block + b"\n"
        if b"\r" in content:
            content = content.replace(b"\r\n", b"\n")
        is_odd_json = self._form.is_json and (b"\\" in content or not content.isascii())
        finder: _Finder = self._finders[wanted, is_odd_json]
        found: list[Any] = finder.find(content)
        lines = len(content) - len(content.replace(b"\n", b""))  # bytes.count takes thrice as long
        hours = set(map(finder.hour_of, found))
        odd: Sequence[int] = ()
        # Each match ends with a newline, and the next begins there. So each is one line, unless there are fewer of them.
        starts = self.clock.starts
        if len(found) != lines or any(hour != finder.no_hour and starts[hour] is None for hour in hours):  # no such hour
            found, odd, hours = [(line,) for line in content[:-1].split(b"\n")], range(lines), set()
        elif finder.no_hour in hours:
            odd = [place for place, hour in enumerate(map(finder.hour_of, found)) if hour == finder.no_hour]
            hours.discard(finder.no_hour)
        careful, unreadable = self._split_odd_lines(found, odd)
        for place in odd:
            found[place] = None
        order = finder.order
        if any(pieces[piece] is not None for pieces in careful.values() for piece in set(wanted).difference(order)):
            order, padded = wanted, taking(order, wanted)
            found = [row and padded(row) for row in found]
        pieces_of = itemgetter(*order)
        for place, pieces in careful.items():
            found[place] = pieces_of(pieces)
        hours.update(map(itemgetter(*self.hour), careful.values()))
        places: Sequence[int] = list(compress(range(lines), found)) if odd else range(lines)
        rows = list(filter(None, found)) if odd else found
        return Split(ListedRows(rows, order, self.hour, PlacesOfLines(block, places), hours), lines, unreadable)

    def _split_odd_lines(
        self, found: list[Any], odd: Sequence[int]
    ) -> tuple[dict[int, list[Any]], list[tuple[int, bytes]]]:  # fmt: skip
        """Split these whole lines, which are in the ends of their rows: all pieces of each, and those that are unreadable."""
        careful, unreadable = {}, []
        for place in odd:
            line = found[place][-1]
            pieces = None if line.startswith(b"#") else self.split_line(line)
            if pieces is not None:
                careful[place] = pieces
            elif line.strip(BLANK) and not self.is_comment(line):
                unreadable.append((place, line))
        return careful, unreadable

    def _finder(self, asked: tuple[tuple[int, ...], bool]) -> "_Finder":
        wanted, is_odd_json = asked
        if not self._form.is_plain:
            return _Finder(lambda _: [], wanted, itemgetter(0), b"")
        order = self._form.order(wanted)
        hour_of = itemgetter(*map(order.index, self.hour))
        return _Finder(self._form.finder(order, is_odd_json=is_odd_json), order, hour_of, hour_of([b""] * len(order)))

    def split_line(self, line: bytes) -> list[Any] | None:
        """All pieces of a line without its newline, or None when it is not a record."""
        line = line.removeprefix(BOM).rstrip(b"\r")
        values = json_values(line) if is_json(line) else self._separated(line)
        if values is None or not all(name in values for name in _NEEDED) or not _is_status(values[STATUS]):
            return None
        when = moment(values, self.clock)
        if when is None:
            return None
        pieces: list[Any] = [None] * len(NUMBER)
        for name, value in values.items():
            if (place := NUMBER.get(name)) is not None:
                pieces[place] = value
        pieces[NUMBER[DAY]], pieces[NUMBER[HOUR]], pieces[NUMBER[SECOND]] = when
        for name, piece in IS_ERROR.items():
            if name in values:
                pieces[NUMBER[piece]] = ERROR if values[name] == ERROR else b""
        pieces[NUMBER[UNLOGGED]] = self._unlogged[frozenset(values)]
        return pieces

    def _told_unlogged(self, names: frozenset[str]) -> bytes | None:
        """What is unlogged in a line with these fields; None where that is what is in all lines of the list."""
        found = unlogged(names)
        return None if found == self.unlogged else " ".join(["-", *sorted(found)]).encode()

    def _separated(self, line: bytes) -> Mapping[str, bytes] | None:
        """The values of a W3C line; None where they are more or fewer than the names. Empty ones too many are no harm."""
        if line.startswith(b"#") or self._listed.is_ambiguous:
            return None
        if self._listed.source == HEADER:
            names, delimiter, lengths = self._listed.names, self._listed.delimiter, frozenset((len(self._listed.names),))
        else:
            names, delimiter, lengths = LEGACY, TAB, LENGTHS
        most = max(lengths)
        values = line.split(delimiter, most)
        if len(values) > most and values.pop().strip(delimiter):
            return None
        if (place := self._status_place) < len(values) and not _is_status(values[place]):
            return None  # sooner than to name all values of what may be any text
        while values and len(values) not in lengths and not values[-1]:
            values.pop()
        return dict(zip(names, values, strict=False)) if len(values) in lengths else None

    @cached_property
    def _status_place(self) -> int:
        names = self._listed.names if self._listed.source == HEADER else LEGACY
        return names.index(STATUS) if STATUS in names else len(names)

    @cached_property
    def _bare_header(self) -> bytes:
        return self._listed.delimiter.join(name.encode() for name in self._listed.names)

    @property
    def no_record(self) -> bytes:
        """See Reader: a record has a time, a status and what separates them; the status is in its place, but in JSON."""
        if self._listed.missing:
            return b""
        stop = re.escape(self._separator)
        status = rb"(?:[^%b\n]*+%b){%d}(?:\d{3}|-)[%b\r\n]" % (stop, stop, self._status_place, stop)
        separated = rb"(?!#|" + BOM + rb"|[ \t\r\v\f]*+\{)(?!" + status + rb")[^\n]*+"
        in_json = rb"[ \t\r\v\f]*+\{(?![^\n]*?" + STEM.encode() + rb")[^\\\n]*+(?=\n)"
        return rb"(?:[^\n]{0,11}+(?=\n)|" + separated + b"|" + in_json + b")"

    @property
    def needed(self) -> bytes:
        """See Reader."""
        return b"{" + self._separator if len(self._listed.names) > 1 else b""

    @property
    def comment(self) -> bytes:
        """See Reader."""
        is_header = self._listed.source == HEADER and self._bare_header.strip(BLANK)
        header = b"|" + re.escape(self._bare_header) + rb"\r*+(?=\n)" if is_header else b""
        return rb"(?:" + BOM + rb")?+(?:#[^\n]*+" + header + rb")"

    @property
    def _separator(self) -> bytes:
        return self._listed.delimiter if self._listed.source == HEADER else TAB

    def is_comment(self, line: bytes) -> bool:
        """Whether a line is a directive, or a header that does not say so."""
        line = line.removeprefix(BOM)
        return line.startswith(b"#") or (self._listed.source == HEADER and line.rstrip(b"\r") == self._bare_header)


class _Finder(NamedTuple):
    """How blocks are searched for some pieces."""

    find: Callable[[bytes], list[Any]]
    """These pieces of plain lines, and of any other line all of it, behind empty pieces."""
    order: tuple[int, ...]
    """The pieces, in the order of the line; no plain line has the others."""
    hour_of: Callable[[Any], Any]
    """Those that tell the hour."""
    no_hour: Any
    """What they are of a line that is not plain."""


def _is_status(value: bytes) -> bool:
    return value == b"-" or (len(value) == 3 and value.isdigit())
