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
_EMPTY_LINES = re.compile(rb"\n(?:[ \r#]*+(?:\n|\Z))++")  # blank, or bare marks of comments


class Stretch(NamedTuple):
    """Some lines of a block."""

    content: bytes
    is_run: bool
    """Whether none of them is a record, nor a comment but at a glance."""


def _search(reader: Reader) -> Callable[[bytes], Iterable[re.Match[bytes]]]:
    lacks_it = rb"[^" + re.escape(reader.needed) + rb"]{%d,}\n" % SHORTEST_RUN
    too_short = rb"(?:" + reader.too_short + rb"\n){%d,}+" % FEWEST_LINES
    comments = rb"(?:" + reader.comment + rb"\n){%d,}+" % FEWEST_LINES
    wanted = ((reader.needed, lacks_it), (reader.too_short, too_short), (reader.comment, comments))
    runs = [pattern for is_known, pattern in wanted if is_known]
    return re.compile(b"^(?:" + b"|".join(runs) + b")", re.MULTILINE).finditer if runs else lambda _: ()


_searches = Cache(_search)
_comments = Cache(lambda comment: re.compile(b"^" + comment, re.MULTILINE))


def stretches(block: bytes, reader: Reader) -> Iterator[Stretch]:
    """All of a block of whole lines, in its order."""
    few = len(block) // SHORT_LINES  # so many lines at most in a block without runs, and no more than these are counted
    has_short_lines = len(block) - len(block.replace(b"\n", b"", few + 1)) > few
    place = 0
    for found in _searches[reader](block) if has_short_lines else ():
        if place < found.start():
            yield Stretch(block[place : found.start()], is_run=False)
        yield Stretch(found[0], is_run=True)
        place = found.end()
    if place < len(block):
        yield Stretch(block[place:], is_run=False)


def worth_a_look(head: bytes, reader: Reader) -> Iterator[bytes]:
    """The lines of a file's beginning that may be records or comments, in blocks: neither empty lines nor runs."""
    lines = _EMPTY_LINES.sub(b"\n", b"\n" + head)[1:]
    return (stretch.content for stretch in stretches(lines, reader) if not stretch.is_run)


def unreadable_in(run: bytes, comment: bytes = b"") -> int:
    """
    How many lines of a run are neither blank nor such comments.

    >>> unreadable_in(b"\\n a\\n \\r\\n\\nb\\n#c\\n", comment=rb"#[^\\n]*+")
    2
    """
    if comment:
        run = _comments[comment].sub(b"", run)
    if not run.translate(None, BLANK + b"\n"):
        return 0
    lines = run.translate(None, BLANK)
    while b"\n\n" in lines:
        lines = lines.replace(b"\n\n", b"\n")
    return lines.removeprefix(b"\n").count(b"\n")
