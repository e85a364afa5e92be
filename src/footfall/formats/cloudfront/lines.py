"""
A line in its pieces: many lines at once where they are plain, or any line with care, to the same pieces.

A piece is a value as logged. One that is absent, as the line has no such field, is None where the list of fields has it, and
b"" where it has not.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import compress
from operator import itemgetter, not_
from typing import Any

from ...cache import Cache
from ..base import BLANK
from ..coded import CodedSplitter, compiled
from ..rows import ListedRows, PlacesOfLines, Split
from .jsonlines import is_json, json_values
from .listing import BOM, HEADER, TAB, FieldList
from .names import DOCUMENTED, LEGACY, LENGTHS, METHOD, STATUS, STEM, unlogged
from .patterns import HOUR, IS_ERROR, SECOND, UNLOGGED, Form
from .times import HOURS, moment
from .values import ERROR

NO_ERROR = b"-"  # of a line that has a result where the list of fields has none
_NEEDED = (METHOD, STEM, STATUS)


class Lines:
    """Lines that have these fields; a JSON line among them, and the line of a file without a header, may have others."""

    def __init__(self, listed: FieldList):
        self._listed, self._form = listed, Form(listed)
        of_all = (HOUR, SECOND, UNLOGGED, *IS_ERROR.values(), *DOCUMENTED)
        pieces = tuple(dict.fromkeys((*self._form.pieces, *of_all)))
        self.number = {piece: number for number, piece in enumerate(pieces)}
        """Of each piece, by its name."""
        self.listed = frozenset(listed.names)
        of_list = {*self._form.pieces, *(piece for name, piece in IS_ERROR.items() if name in self.listed)}
        self._absent = [None if piece in of_list else b"" for piece in pieces]
        self._unlogged = Cache(
            lambda names: b"" if names == self.listed else " ".join(["-", *sorted(unlogged(names))]).encode()
        )
        self._finders = Cache(self._finder)

    def compiled(self) -> CodedSplitter | None:
        """What does the same as `split_block` where it is compiled, and such lines are for it."""
        ways = self._form.ways(self.number)
        hour = (self.number[HOUR],)
        return compiled(ways, self.split_line, hour=hour, hours=HOURS, is_comment=self.is_comment) if ways else None

    def split_block(self, block: bytes, wanted: tuple[int, ...]) -> Split:
        """The wanted pieces of many lines, HOUR among them; as `split_line` reads them, many times as fast."""
        content = block if block.endswith(b"\n") else block + b"\n"
        if b"\r" in content:
            content = content.replace(b"\r\n", b"\n")
        is_odd_json = self._form.is_json and (b"\\" in content or not content.isascii())
        find, hour_of = self._finders[wanted, is_odd_json]
        found: list[Any] = find(content)
        lines = len(content) - len(content.replace(b"\n", b""))  # bytes.count takes thrice as long
        hours = set(map(hour_of, found))
        odd: Sequence[int] = ()
        # Each match ends with a newline, and the next begins there. So each is one line, unless there are fewer of them.
        if len(found) != lines or any(hour and HOURS[hour] is None for hour in hours):  # no such hour
            found, odd, hours = [(line,) for line in content[:-1].split(b"\n")], range(lines), set()
        elif b"" in hours:
            odd = list(compress(range(lines), map(not_, map(hour_of, found))))
            hours.discard(b"")
        unreadable = self._split_odd_lines(found, odd, hours, wanted)
        places: Sequence[int] = list(compress(range(lines), found)) if odd else range(lines)
        rows = list(filter(None, found)) if odd else found
        return Split(ListedRows(rows, wanted, (self.number[HOUR],), PlacesOfLines(block, places), hours), lines, unreadable)

    def _split_odd_lines(
        self, found: list[Any], odd: Sequence[int], hours: set[Any], wanted: tuple[int, ...]
    ) -> list[tuple[int, bytes]]:  # fmt: skip
        """Split these whole lines, which are in the ends of their rows so far; those that are unreadable."""
        pieces_of, hour, unreadable = itemgetter(*wanted), self.number[HOUR], []
        for place in odd:
            line = found[place][-1]
            pieces = None if line.startswith(b"#") else self.split_line(line)
            found[place] = pieces and pieces_of(pieces)
            if pieces is not None:
                hours.add(pieces[hour])
            elif line.strip(BLANK) and not self.is_comment(line):
                unreadable.append((place, line))
        return unreadable

    def _finder(self, asked: tuple[tuple[int, ...], bool]) -> tuple[Any, Any]:
        wanted, is_odd_json = asked
        if not self._form.is_plain:
            return lambda _: (), itemgetter(0)
        pieces = tuple(self.number)
        find = self._form.finder([pieces[number] for number in wanted], is_odd_json=is_odd_json)
        return find, itemgetter(wanted.index(self.number[HOUR]))

    def split_line(self, line: bytes) -> list[Any] | None:
        """All pieces of a line without its newline, or None when it is no record."""
        line = line.removeprefix(BOM).rstrip(b"\r")
        values = json_values(line) if is_json(line) else self._separated(line)
        if values is None or not all(name in values for name in _NEEDED) or not _is_status(values[STATUS]):
            return None
        when = moment(values, self._form.between)
        if when is None:
            return None
        pieces = self._absent.copy()
        for name, value in values.items():
            if (place := self.number.get(name)) is not None:
                pieces[place] = value
        pieces[self.number[HOUR]], pieces[self.number[SECOND]] = when
        for name, piece in IS_ERROR.items():
            if name in values:
                pieces[self.number[piece]] = ERROR if values[name] == ERROR else b"" if name in self.listed else NO_ERROR
        pieces[self.number[UNLOGGED]] = self._unlogged[frozenset(values)]
        return pieces

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
        while values and len(values) not in lengths and not values[-1]:
            values.pop()
        return dict(zip(names, values, strict=False)) if len(values) in lengths else None

    @cached_property
    def _bare_header(self) -> bytes:
        return self._listed.delimiter.join(name.encode() for name in self._listed.names)

    @property
    def too_short(self) -> bytes:
        """See Reader: a record has a time, a status and what separates them."""
        return b"" if self._listed.missing else rb"[^#\n]{0,11}+"

    @property
    def needed(self) -> bytes:
        """See Reader."""
        separates = self._listed.delimiter if self._listed.source == HEADER else TAB
        return b"#{" + separates if len(self._listed.names) > 1 else b""

    def is_comment(self, line: bytes) -> bool:
        """Whether a line is a directive, or a header that does not say so."""
        line = line.removeprefix(BOM)
        return line.startswith(b"#") or (self._listed.source == HEADER and line.rstrip(b"\r") == self._bare_header)


def _is_status(value: bytes) -> bool:
    return value == b"-" or (len(value) == 3 and value.isdigit())
