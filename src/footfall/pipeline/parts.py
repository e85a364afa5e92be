"""
A log file in its parts: cut by bytes, so that memory does not grow with the file and several processes can share it.

A part ends with the first line that reaches PART_BYTES. Where a part begins in a plain file is found without reading what
comes before, which is how one large file keeps many processes busy.
"""

import hashlib
import io
from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from ..digest import Digester, Lines
from ..formats.base import lines_of
from ..records import LogFile
from ..sources.local import content_name, read_blocks, source_errors

# The cut depends on the file alone and may never change: the ledger knows files by it.
PART_BYTES = 32 << 20
LONGEST_LINE = 1 << 20  # bytes; S3's own are 20 KB at most, so this is something else, and unreadable
AROUND_CUT = LONGEST_LINE // 4  # where the lines about a cut are shorter, the cut is where reading all would make it


class PartRead(NamedTuple):
    """What reading one part of a log file gave."""

    name: str
    """The file's identity."""
    number: int
    """From 0."""
    is_last: bool
    size: int
    sha256: str
    line_count: int
    """Blank lines too."""
    lines: Lines | None
    """What they say, numbered from 1; None where it was only to be compared with the ledger."""


class RawPart:
    """One part of a file while it is read: `blocks` has to be read to its end before the rest is known."""

    def __init__(self, number: int, stream: "_Stream"):
        self.number, self.size = number, 0
        self._stream, self._sha256 = stream, hashlib.sha256()

    def blocks(self) -> Iterator[bytes]:
        """Its content, in blocks of whole lines."""
        while self.size < PART_BYTES and (block := self._stream.take(PART_BYTES - self.size)):
            self.size += len(block)
            self._sha256.update(block)
            yield block

    @property
    def is_last(self) -> bool:
        """Whether the file ends here."""
        return self._stream.is_at_end

    @property
    def sha256(self) -> str:
        """The hash of its content, in hexadecimal."""
        return self._sha256.hexdigest()


def read_file(log_file: LogFile, name: str, skipped: Collection[int], digester: Digester) -> Iterator[PartRead]:
    """All parts of a file; those `skipped` are not taken apart."""
    for part in read_parts(log_file):
        yield _read(part, name, part.number in skipped, digester)


def read_part(log_file: LogFile, number: int, start: int, *, is_skipped: bool, digester: Digester) -> PartRead:
    """The part of a file that begins at the byte `start`, as `cuts` found it."""
    return _read(next(read_parts(log_file, number, start)), log_file.name, is_skipped, digester)


def _read(part: RawPart, name: str, is_skipped: bool, digester: Digester) -> PartRead:
    if is_skipped:
        lines, line_count = None, sum(block.count(b"\n") for block in part.blocks())
    else:
        lines = digester.read(part.blocks())
        line_count = lines.line_count
    return PartRead(name, part.number, part.is_last, part.size, part.sha256, line_count, lines)


def name_of(log_file: LogFile) -> str:
    """What the ledger knows a file by; reads all of one whose name is not a documented one."""
    return log_file.name or content_name(log_file)


def read_parts(log_file: LogFile, number: int = 0, start: int = 0) -> Iterator[RawPart]:
    """
    The parts of a file, from the one that begins at the byte `start`; an empty file is one empty part.

    Each part has to be read before the next is asked for.
    """
    stream = _Stream(log_file, start)
    part = RawPart(number, stream)
    yield part
    while not stream.is_at_end:
        part = RawPart(part.number + 1, stream)
        yield part


def cuts(log_file: LogFile) -> list[int]:
    """
    Where the parts of a file begin; of one that has to be read from its start, compressed or far away, [0].

    Raises SourceError where it cannot be read.
    """
    found = [0]
    if log_file.size <= PART_BYTES:
        return found
    with source_errors(log_file.place), log_file.open() as stream:
        while isinstance(stream, io.BufferedReader) and stream.seekable():
            reached = found[-1] + PART_BYTES - 1
            stream.seek(max(reached - AROUND_CUT, found[-1]))
            before, after = stream.read(reached - stream.tell()), stream.read(AROUND_CUT)
            cut = after.find(b"\n") + 1
            if not cut and len(after) < AROUND_CUT:  # the file ends before
                break
            if not cut or b"\n" not in before:  # a line that the cut may split: only reading tells where it ends
                return [0]
            if reached + cut >= log_file.size:
                break
            found.append(reached + cut)
    return found


def read_lines(log_file: LogFile) -> Iterator[bytes]:
    """The lines of a file without their ends, blank ones too."""
    return chain.from_iterable(map(lines_of, _whole_lines(read_blocks(log_file))))


class _Stream:
    """The content of a file from a byte on, in blocks of whole lines."""

    def __init__(self, log_file: LogFile, start: int = 0):
        self._blocks = _whole_lines(read_blocks(log_file, start))
        self._next = next(self._blocks, b"")

    @property
    def is_at_end(self) -> bool:
        return not self._next

    def take(self, most: int) -> bytes:
        """The next block, cut after the line that reaches so many bytes; empty at the end."""
        block = self._next
        cut = (block.find(b"\n", most - 1) + 1 if len(block) > most else 0) or len(block)
        self._next = block[cut:] or next(self._blocks, b"")
        return block[:cut]


def _whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """
    The same bytes, in blocks that end with a line; only the last, or pieces of an overlong line, may not.

    An overlong line is cut by its own length, so that it is the same pieces wherever reading began.
    """
    rest = b""
    for block in blocks:
        cut = block.rfind(b"\n") + 1
        if cut:
            first_end = len(rest) + block.find(b"\n")
            whole, rest = b"".join((rest, memoryview(block)[:cut])), block[cut:]
            while first_end >= LONGEST_LINE:
                yield whole[:LONGEST_LINE]
                whole, first_end = whole[LONGEST_LINE:], first_end - LONGEST_LINE
            yield whole
        else:
            rest += block
        while len(rest) >= LONGEST_LINE:
            yield rest[:LONGEST_LINE]
            rest = rest[LONGEST_LINE:]
    if rest:
        yield rest
