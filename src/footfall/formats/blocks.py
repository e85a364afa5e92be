"""
Splits many lines at once: one regular expression finds the pieces of all plain lines of a block; the others are split one by
one.

This takes a third of the time. The only error the expression may make is to miss a plain line.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import compress
from operator import itemgetter
from typing import Any, NamedTuple

from ..cache import Cache
from .base import BLANK
from .rows import ListedRows, Pieces, PlacesOfLines, Split


class Finder(NamedTuple):
    """How to search blocks for some pieces."""

    find: Callable[[bytes], list[Any]]
    """Finds these pieces of plain lines; for any other line, empty pieces followed by the whole line."""
    hour_of: Callable[[Any], Any]
    """Returns the pieces of the hour from a row."""
    no_hour: Any
    """What `hour_of` returns for a line that is not plain."""
    pieces_of: Callable[[Pieces], Any]
    """Returns the same pieces from a line that was split by itself."""
    last_of: Callable[[Any], bytes]
    """Returns the last piece from a row, if its content matters."""


class BlockSplitter:
    """
    Splits blocks of lines into pieces, with the same result as `split_line`.

    `plain` describes plain lines: for each piece, by number, two regular expressions, for the text before it and for the
    piece; `end` follows the last. They have no groups of their own. Pieces may match across the end of a line, since
    classes of two characters (`[^ \\n]`) cost five times as much as `[^ ]`; counting the lines detects that. So the length
    of each must be limited (`{1,128}`): searching from each line to the end of the block would take quadratic time.
    The pieces of `hour` tell the hour together; those that `hours` does not know are of no record.
    A line that has the byte `never_last` in its last piece is not plain.
    """

    def __init__(
        self, plain: Mapping[int, tuple[bytes, bytes]], end: bytes, split_line: Callable[[bytes], Pieces | None], *,
        hour: tuple[int, ...], hours: Mapping[Any, int | None],
        never_last: bytes = b"",
    ):  # fmt: skip
        self._plain, self._end, self._split_line, self._hour, self._hours = plain, end, split_line, hour, hours
        self._never_last = never_last
        self._finders = Cache(self._finder)

    def split(self, block: bytes, wanted: tuple[int, ...]) -> Split:
        """The wanted pieces of all lines; they include those of the hour."""
        content = block if block.endswith(b"\n") else block + b"\n"
        if b"\r" in content:
            content = content.replace(b"\r\n", b"\n")
        finder: Finder = self._finders[wanted]
        found = finder.find(content)
        lines = len(content) - len(content.replace(b"\n", b""))  # bytes.count takes three times as long
        hour_of_each = list(map(finder.hour_of, found))
        odd: Sequence[int] = _places(finder.no_hour, hour_of_each)
        hours = set(hour_of_each)
        hours.discard(finder.no_hour)
        # Each match ends with a newline, and the next begins there. So each is one line, if there are as many as lines.
        is_each_one = len(found) == lines and not (
            self._never_last and self._never_last in b"".join(map(finder.last_of, found))
        )
        if not is_each_one or any(self._hours[hour] is None for hour in hours):  # not a valid hour
            found, odd, hours = [(line,) for line in content[:-1].split(b"\n")], range(lines), set()
        unreadable = self._split_odd_lines(finder, found, odd, hours)
        places: Sequence[int] = list(compress(range(lines), found)) if odd else range(lines)
        rows = list(filter(None, found)) if odd else found
        return Split(ListedRows(rows, wanted, self._hour, PlacesOfLines(block, places), hours), lines, unreadable)

    def _split_odd_lines(
        self, finder: Finder, found: list[Any], odd: Sequence[int], hours: set[Any]
    ) -> list[tuple[int, bytes]]:  # fmt: skip
        """Split the odd lines one by one, in place; returns those that are unreadable."""
        unreadable, hour_of = [], itemgetter(*self._hour)
        for place in odd:
            line = found[place][-1]
            pieces = self._split_line(line)
            found[place] = pieces and finder.pieces_of(pieces)
            if pieces is not None:
                hours.add(hour_of(pieces))
            elif line.strip(BLANK):
                unreadable.append((place, line))
        return unreadable

    def _finder(self, wanted: tuple[int, ...]) -> Finder:
        asked = {*wanted, max(self._plain)} if self._never_last else {*wanted}
        plain = b"".join(
            before + (b"(" + piece + b")" if number in asked else piece) for number, (before, piece) in self._plain.items()
        )
        hour = [*map(wanted.index, self._hour)]
        find = re.compile(plain + self._end + rb"\n|([^\n]*+)\n").findall
        no_hour = itemgetter(*hour)([b""] * len(wanted))
        return Finder(find, itemgetter(*hour), no_hour, itemgetter(*wanted), itemgetter(len(asked) - 1))


def _places(value: Any, values: list[Any]) -> list[int]:
    """The indexes of a value that is rare among the others."""
    places: list[int] = []
    try:
        while True:
            places.append(values.index(value, places[-1] + 1 if places else 0))
    except ValueError:
        return places
