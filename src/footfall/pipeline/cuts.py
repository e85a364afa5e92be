"""Finds where the parts of a large plain file begin, without reading what is between, so several processes can share it."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import BinaryIO

from ..digest import last_directive
from ..records import LogFile
from ..sources.local import read_blocks, source_errors
from . import parts
from .parts import LONGEST_LINE, NOTHING_KNOWN, Cut, read_head, whole_lines

AROUND_CUT = LONGEST_LINE // 4  # bytes; where the lines about a cut are shorter, the cut is where reading all would make it


def cuts(log_file: LogFile, known: Mapping[int, int], mark_of: Callable[[bytes], bytes]) -> list[Cut]:
    """
    The parts of a file; of one that has to be read from its start, compressed or far away, only the first.

    Those that are `known` end where they ended then. `mark_of` says of how a file begins what directives in it begin with;
    where its format has any, all of it is looked through once. Raises SourceError where the file cannot be read.
    """
    starts = starts_of_parts(log_file, known)
    mark = mark_of(read_head(log_file)) if len(starts) > 1 else b""
    directives = _directives_before(log_file, starts, mark) if mark else [b""] * len(starts)
    return [Cut(number, *each) for number, each in enumerate(zip(starts, directives, strict=True))]


def starts_of_parts(log_file: LogFile, known: Mapping[int, int] = NOTHING_KNOWN) -> list[int]:
    """The bytes that the parts begin at, as far as they can be found without reading all; the first is 0."""
    found = [0]
    if log_file.size <= parts.PART_BYTES:
        return found
    with source_errors(log_file.place), log_file.open() as stream:
        if not isinstance(stream, io.BufferedReader) or not stream.seekable():
            return found
        while len(found) - 1 in known and (end := found[-1] + known[len(found) - 1]) < log_file.size:
            found.append(end)
        while (cut := _next_cut(stream, found[-1])) is not None:
            if not cut:  # a line that the cut may split: only reading tells where it ends
                return [0]
            if cut >= log_file.size:
                break
            found.append(cut)
    return found


def _next_cut(stream: BinaryIO, start: int) -> int | None:
    """Where the part ends that begins at `start`; 0 where only reading can tell, None where the file ends before."""
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
