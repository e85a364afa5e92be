"""
Splits lines into the same pieces: many plain lines at once, or any single line with care.

A piece is a value as logged, or None if the line has no such field.
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
    """Lines with these fields; a JSON line among them, and lines of a file without a header, may have others."""

    def __init__(self, listed: FieldList):
        self._listed, self._form = listed, Form(listed)
        self.clock = self._form.clock
        self.hour = tuple(NUMBER[piece] for piece in ((DAY, HOUR) if self.clock.has_days else (HOUR,)))
        """The pieces that tell the hour."""
        self.unlogged = unlogged(frozenset(listed.names))
        """The facts of a request that lines with these fields do not have."""
        self._unlogged = Cache(self._told_unlogged)
        self._finders = Cache(self._finder)

    def compiled(self) -> CodedSplitter | None:
        """A compiled splitter that does the same as `split_block`, if there is one for such lines."""
        ways, is_json = self._form.ways(), self._form.is_json
        return compiled(
            ways, self.split_line, hour=self.hour, hours=self.clock.starts, is_comment=self.is_comment, is_ascii=is_json
        ) if ways else None  # fmt: skip

    def split_block(self, block: bytes, wanted: tuple[int, ...]) -> Split:
        """The wanted pieces of many lines, including those of the hour; the same as from `split_line`, many times as fast."""
        content = block if block.endswith(b"\n") else block + b"\n"
        if b"\r" in content:
            content = content.replace(b"\r\n", b"\n")
        is_odd_json = self._form.is_json and (b"\\" in content or not content.isascii())
        finder: _Finder = self._finders[wanted, is_odd_json]
        found: list[Any] = finder.find(content)
        lines = len(content) - len(content.replace(b"\n", b""))  # bytes.count takes three times as long
        hours = set(map(finder.hour_of, found))
        odd: Sequence[int] = ()
        # Each match ends with a newline, and the next begins there. So each is one line, if there are as many as lines.
        starts = self.clock.starts
        if len(found) != lines or any(hour != finder.no_hour and starts[hour] is None for hour in hours):  # not a valid hour
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
        """Split these whole lines, each at the end of its row; returns all pieces of each, and the unreadable lines."""
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
        """All pieces of a line without its newline, or None if it is not a record."""
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
        """The facts not logged in a line with these fields; None if they are the same as for the list."""
        found = unlogged(names)
        return None if found == self.unlogged else " ".join(["-", *sorted(found)]).encode()

    def _separated(self, line: bytes) -> Mapping[str, bytes] | None:
        """The values of a W3C line; None if there are more or fewer than names. Extra empty values are accepted."""
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
            return None  # faster than naming all values of what may be any text
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
        """See Reader: a record has a time, separators and, except in JSON, a status in its place."""
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
        """Whether a line is a directive, or a header without `#Fields:`."""
        line = line.removeprefix(BOM)
        return line.startswith(b"#") or (self._listed.source == HEADER and line.rstrip(b"\r") == self._bare_header)


class _Finder(NamedTuple):
    """How to search blocks for some pieces."""

    find: Callable[[bytes], list[Any]]
    """Finds these pieces of plain lines; for any other line, empty pieces followed by the whole line."""
    order: tuple[int, ...]
    """The pieces, in the order of the line; plain lines do not have the others."""
    hour_of: Callable[[Any], Any]
    """Returns the pieces of the hour from a row."""
    no_hour: Any
    """What `hour_of` returns for a line that is not plain."""


def _is_status(value: bytes) -> bool:
    return value == b"-" or (len(value) == 3 and value.isdigit())
