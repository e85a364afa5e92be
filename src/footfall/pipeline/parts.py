"""
Splits a log file into parts by bytes, so that memory does not grow with the file and several processes can share it.

A part ends with the line that reaches PART_BYTES. In a plain file, the beginning of a part can be found without reading what
comes before, so one large file can keep many processes busy.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from ..digest import LOOKED_AT, Digester, Lines, Start, last_directive
from ..digest.origin import origin_of
from ..records import LogFile
from ..sources.local import read_blocks, source_errors
from .foreign import refuse_foreign

# Where parts end depends on the file alone and must never change: the ledger identifies files by it.
PART_BYTES = 32 << 20
LONGEST_LINE = 1 << 20  # bytes; S3's lines are 20 KB at most, so a longer one is something else, and unreadable
NOTHING_KNOWN: Mapping[int, int] = MappingProxyType({})


class PartRead(NamedTuple):
    """The result of reading one part of a log file."""

    name: str
    """The file's identity."""
    number: int
    """From 0."""
    is_last: bool
    size: int
    sha256: str
    line_count: int
    """Including blank lines."""
    lines: Lines | None
    """Their digest, numbered from 1; None if the part was only compared with the ledger."""
    head: bytes
    """The beginning of the file, if none of the lines is readable."""


class RawPart:
    """One part of a file while it is read: the other values are only known once `blocks` is exhausted."""

    def __init__(self, number: int, stream: "_Stream", size: int | None):
        self.number, self.start, self.size = number, stream.place, 0
        self.head = stream.head
        self._stream, self._whole_size, self._sha256 = stream, size, hashlib.sha256()
        self.rest = b""
        """The last line, if its newline is missing."""

    def blocks(self) -> Iterator[bytes]:
        """Its content, in blocks of whole lines; only the last may end with an incomplete one."""
        block = b""
        while block_size := self._left:
            block = self._stream.take(block_size, is_exact=self._whole_size is not None)
            if not block:
                break
            self.size += len(block)
            self._sha256.update(block)
            yield block
            self.rest = block[block.rfind(b"\n") + 1 :]

    @property
    def _left(self) -> int:
        return max((PART_BYTES if self._whole_size is None else self._whole_size) - self.size, 0)

    @property
    def is_last(self) -> bool:
        """Whether the file ends here."""
        return self._stream.is_at_end

    @property
    def sha256(self) -> str:
        """The hash of its content, in hexadecimal."""
        return self._sha256.hexdigest()


class Cut(NamedTuple):
    """The beginning of a part that is read by itself."""

    number: int
    """The number of the part."""
    start: int
    """The byte of the file at which it begins."""
    directive: bytes = b""
    """The last directive before it; see Format."""


class Before(NamedTuple):
    """What a part needs from the parts before it."""

    directive: bytes = b""
    """The last directive; see Format."""
    rest: bytes = b""
    """A line whose newline was missing when it was counted."""


def read_file(
    log_file: LogFile, name: str, known: Mapping[int, int], digester: Digester, *, is_anew: bool = False
) -> Iterator[PartRead]:
    """
    All parts of a file; those `known`, by number and size, are not parsed unless it `is_anew`.

    Raises SourceError if it cannot be read, or is not a log.
    """
    before = Before()
    for part in read_parts(log_file, known):
        if not known and not part.number:
            refuse_foreign(log_file.place, part.head)
        read, before = _read(part, name, part.head, before, digester, is_known=part.number in known and not is_anew)
        yield read


def read_part(
    log_file: LogFile, name: str, cut: Cut, known: Mapping[int, int], digester: Digester, *, is_anew: bool = False
) -> PartRead:
    """The part of a file that begins at a cut."""
    part = next(read_parts(log_file, known, cut.number, cut.start))
    head, before = part.head, Before()
    if cut.start:
        head, before = read_head(log_file), Before(cut.directive, _line_before(log_file, cut.start))
    elif not known:
        refuse_foreign(log_file.place, head)
    return _read(part, name, head, before, digester, is_known=cut.number in known and not is_anew)[0]


def _read(
    part: RawPart, name: str, head: bytes, before: Before, digester: Digester, *, is_known: bool
) -> tuple[PartRead, Before]:
    start = Start(head, before.directive, origin_of(head), part.start)
    if is_known:
        lines, line_count, directive, mark = None, 0, before.directive, digester.mark_of(head)
        for block in part.blocks():
            line_count += block.count(b"\n")
            directive = last_directive(block, mark) or directive
    else:
        lines = digester.read(*_joined(part.blocks(), before.rest, start, digester))
        line_count, directive = lines.line_count, lines.directive
    is_no_log = lines is not None and lines.account.lines == lines.account.unreadable > 0
    head = head[:LOOKED_AT] if is_no_log else b""
    return PartRead(
        name, part.number, part.is_last, part.size, part.sha256, line_count, lines, head
    ), Before(directive, part.rest)  # fmt: skip


def _joined(blocks: Iterator[bytes], rest: bytes, start: Start, digester: Digester) -> tuple[Iterator[bytes], Start]:
    """
    Blocks after an incomplete line `rest` at the end of the previous part, and where they begin.

    The blocks begin with its other half, which completes it; if the first half was a record, it was counted, and the other
    half is left out.
    """
    if not rest or not (block := next(blocks, b"")):
        return blocks, start
    if digester.is_record(start, rest):
        cut = block.find(b"\n")
        first, place = (block[cut:], start.place + cut) if cut >= 0 else (b"", start.place + len(block))
    else:
        first, place = rest + block, start.place - len(rest)
    return chain([first], blocks), start._replace(place=place)


def _line_before(log_file: LogFile, start: int) -> bytes:
    """The line that ends at the byte `start` without a newline; usually b""."""
    with source_errors(log_file.place), log_file.open() as stream:
        stream.seek(max(start - LONGEST_LINE, 0))
        tail = stream.read(min(start, LONGEST_LINE))
    return tail[tail.rfind(b"\n") + 1 :]


def read_head(log_file: LogFile) -> bytes:
    """The first lines of a file."""
    with closing(read_blocks(log_file)) as blocks:
        return next(whole_lines(blocks), b"")


def read_parts(
    log_file: LogFile, known: Mapping[int, int] = NOTHING_KNOWN, number: int = 0, start: int = 0
) -> Iterator[RawPart]:
    """
    The parts of a file, from the one that begins at the byte `start`; an empty file is one empty part.

    Parts whose sizes are `known` end where they ended before: a file that has grown is read on from there. Each part has to
    be read before the next one is requested.
    """
    stream = _Stream(log_file, start)
    part = RawPart(number, stream, known.get(number))
    yield part
    while not stream.is_at_end:
        part = RawPart(part.number + 1, stream, known.get(part.number + 1))
        yield part


def read_lines(log_file: LogFile) -> tuple[Iterator[bytes], Start]:
    """The lines of a file without their newlines, including blank ones, and the Start to read them with."""
    head = read_head(log_file)
    blocks = whole_lines(read_blocks(log_file))
    lines = chain.from_iterable(block.removesuffix(b"\n").split(b"\n") for block in blocks)
    return lines, Start(head, origin=origin_of(head))


class _Stream:
    """The content of a file from a byte on, in blocks of whole lines."""

    def __init__(self, log_file: LogFile, start: int = 0):
        self._blocks = whole_lines(read_blocks(log_file, start))
        self._next = self.head = next(self._blocks, b"")
        self.place = start
        """The current position in the file."""

    @property
    def is_at_end(self) -> bool:
        return not self._next

    def take(self, most: int, *, is_exact: bool) -> bytes:
        """The next block, cut after `most` bytes, or after the line that reaches them; empty at the end."""
        block = self._next
        cut = len(block)
        if cut > most:
            cut = most if is_exact else block.find(b"\n", most - 1) + 1 or cut
        self._next = block[cut:] or next(self._blocks, b"")
        self.place += cut
        return block[:cut]


def whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """
    The same bytes, in blocks that end with a line; exceptions are the last block, and pieces of an overlong line.

    An overlong line is cut by its own length, so that its pieces are the same wherever reading began.
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
