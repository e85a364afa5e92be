"""
Runs of lines that no reader needs to look at: they lack what every record has, and are counted all together.

A block has room for a hundred thousand lines of a byte or none. One by one these would take as long as a day's log.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..cache import Cache
from .base import BLANK, Reader

SHORT_LINES = 64  # bytes on average; a record is longer, so that most blocks have no such runs and are not searched for them
# What is shorter takes no longer with the lines around it.
SHORTEST_RUN = 256  # bytes
FEWEST_LINES = 24


class Stretch(NamedTuple):
    """Some lines of a block."""

    content: bytes
    is_run: bool
    """Whether none of them is a record or a comment."""


def _search(reader: Reader) -> Callable[[bytes], Iterable[re.Match[bytes]]]:
    lacks_it = rb"[^" + re.escape(reader.needed) + rb"]{%d,}\n" % SHORTEST_RUN
    too_short = rb"(?:" + reader.too_short + rb"\n){%d,}+" % FEWEST_LINES
    runs = [*([lacks_it] if reader.needed else []), *([too_short] if reader.too_short else [])]
    return re.compile(b"^(?:" + b"|".join(runs) + b")", re.MULTILINE).finditer if runs else lambda _: ()


_searches = Cache(_search)


def stretches(block: bytes, reader: Reader) -> Iterator[Stretch]:
    """All of a block of whole lines, in its order."""
    lines = len(block) - len(block.replace(b"\n", b""))
    place = 0
    for found in _searches[reader](block) if lines * SHORT_LINES > len(block) else ():
        if place < found.start():
            yield Stretch(block[place : found.start()], is_run=False)
        yield Stretch(found[0], is_run=True)
        place = found.end()
    if place < len(block):
        yield Stretch(block[place:], is_run=False)


def unreadable_in(run: bytes) -> int:
    """
    How many lines of a run are not blank.

    >>> unreadable_in(b"\\n a\\n \\r\\n\\nb\\n")
    2
    """
    lines = run.translate(None, BLANK)
    while b"\n\n" in lines:
        lines = lines.replace(b"\n\n", b"\n")
    return lines.removeprefix(b"\n").count(b"\n")
