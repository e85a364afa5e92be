"""
Runs of lines that no reader needs to examine: they lack what every record has, and are counted in bulk.

A block can contain a hundred thousand lines of one byte or none. One by one, these would take as long as a day's log.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ..cache import Cache
from .base import BLANK, Reader

SHORT_LINES = 64  # bytes on average; records are longer, so most blocks have no runs and are not searched
# A shorter run is read just as fast with the lines around it.
SHORTEST_RUN = 256  # bytes
FEWEST_LINES = 24
_EMPTY_LINES = re.compile(rb"\n(?:[ \r#]*+(?:\n|\Z))++")  # blank, or only comment marks


class Stretch(NamedTuple):
    """Some lines of a block."""

    content: bytes
    is_run: bool
    """Whether none of them is a record, or a comment other than an obvious one."""


def _search(reader: Reader) -> Callable[[bytes], Iterable[re.Match[bytes]]]:
    lacks_it = rb"[^" + re.escape(reader.needed) + rb"]{%d,}\n" % SHORTEST_RUN
    lines = b"|".join(filter(None, (reader.no_record, reader.comment)))
    wanted = ((reader.needed, lacks_it), (lines, rb"(?:(?:" + lines + rb")\n)++"))
    runs = [pattern for is_known, pattern in wanted if is_known]
    return re.compile(b"^(?:" + b"|".join(runs) + b")", re.MULTILINE).finditer if runs else lambda _: ()


_searches = Cache(_search)
_comments = Cache(lambda comment: re.compile(b"^" + comment + b"$", re.MULTILINE).findall)
_only_comments = Cache(lambda comment: re.compile(b"(?:" + comment + rb"\n)*+").fullmatch)


def stretches(block: bytes, reader: Reader, *, has_runs: bool = False) -> Iterator[Stretch]:
    """A block of whole lines in stretches, in order; with `has_runs`, blocks of longer lines are also searched for runs."""
    few = len(block) // SHORT_LINES  # the most lines in a block without runs; no more are counted
    has_short_lines = len(block) - len(block.replace(b"\n", b"", few + 1)) > few
    place = 0
    for found in _searches[reader](block) if has_short_lines or has_runs else ():
        if found.end() - found.start() < SHORTEST_RUN and found[0].count(b"\n") < FEWEST_LINES:
            continue
        if place < found.start():
            yield Stretch(block[place : found.start()], is_run=False)
        yield Stretch(found[0], is_run=True)
        place = found.end()
    if place < len(block):
        yield Stretch(block[place:], is_run=False)


def worth_a_look(head: bytes, reader: Reader) -> Iterator[bytes]:
    """The lines at a file's beginning that may be records or comments, in blocks, without empty lines and runs."""
    lines = _EMPTY_LINES.sub(b"\n", b"\n" + head)[1:]
    return (stretch.content for stretch in stretches(lines, reader, has_runs=True) if not stretch.is_run)


def unreadable_in(run: bytes, comment: bytes = b"") -> int:
    """
    The number of lines in a run that are neither blank nor such comments.

    >>> unreadable_in(b"\\n a\\n \\r\\n\\nb\\n#c\\n", comment=rb"#[^\\n]*+")
    2
    """
    lines = run.translate(None, BLANK)
    if not lines.strip(b"\n") or (comment and _only_comments[comment](run)):
        return 0
    while b"\n\n" in lines:
        lines = lines.replace(b"\n\n", b"\n")
    return lines.removeprefix(b"\n").count(b"\n") - (len(_comments[comment](run)) if comment else 0)
