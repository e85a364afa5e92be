"""Finds where the parts of a large plain file begin, without reading all of it, so that several processes can share it."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import BinaryIO

from ..digest import last_directive
from ..records import LogFile
from ..sources.local import read_blocks, source_errors
from . import parts
from .parts import LONGEST_LINE, NOTHING_KNOWN, Cut, read_head, whole_lines

AROUND_CUT = LONGEST_LINE // 4  # bytes; if the lines around a cut are shorter, the cut is where reading everything would put it


def cuts(log_file: LogFile, known: Mapping[int, int], mark_of: Callable[[bytes], bytes]) -> list[Cut]:
    """
    The parts of a file; only the first if the file must be read from its start, because it is compressed or remote.

    `known` parts end where they ended before. `mark_of` takes the head of a file and returns what directives begin with;
    if its format has directives, the whole file is searched for them. Raises SourceError if the file cannot be read.
    """
    starts = starts_of_parts(log_file, known)
    mark = mark_of(read_head(log_file)) if len(starts) > 1 else b""
    directives = _directives_before(log_file, starts, mark) if mark else [b""] * len(starts)
    return [Cut(number, *each) for number, each in enumerate(zip(starts, directives, strict=True))]


def starts_of_parts(log_file: LogFile, known: Mapping[int, int] = NOTHING_KNOWN) -> list[int]:
    """The bytes at which parts begin, as far as they can be found without reading the whole file; the first is 0."""
    found = [0]
    if log_file.size <= parts.PART_BYTES:
        return found
    with source_errors(log_file.place), log_file.open() as stream:
        if not isinstance(stream, io.BufferedReader) or not stream.seekable():
            return found
        while len(found) - 1 in known and (end := found[-1] + known[len(found) - 1]) < log_file.size:
            found.append(end)
        while (cut := _next_cut(stream, found[-1])) is not None:
            if not cut:  # the cut may split a line: only reading shows where that ends
                return [0]
            if cut >= log_file.size:
                break
            found.append(cut)
    return found


def _next_cut(stream: BinaryIO, start: int) -> int | None:
    """The end of the part that begins at `start`; 0 if only reading can tell, None if the file ends before it."""
    reached = start + parts.PART_BYTES - 1
    stream.seek(max(reached - AROUND_CUT, start))
    before, after = stream.read(reached - stream.tell()), stream.read(AROUND_CUT)
    cut = after.find(b"\n") + 1
    if not cut and len(after) < AROUND_CUT:
        return None
    return reached + cut if cut and b"\n" in before else 0


def _directives_before(log_file: LogFile, starts: Sequence[int], mark: bytes) -> Iterator[bytes]:
    """The last directive before each of these bytes."""
    left, place, directive = list(starts), 0, b""
    with closing(read_blocks(log_file)) as blocks:
        for block in whole_lines(blocks):
            while left and left[0] <= place + len(block):
                yield last_directive(block[: left.pop(0) - place], mark) or directive
            if not left:
                return
            directive, place = last_directive(block, mark) or directive, place + len(block)
