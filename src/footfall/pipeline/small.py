"""
Reads many small log files at a time: S3 delivers tens of thousands of files with a few lines each.

The resulting parts are the same as for a file read alone; unusual files are read alone.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from io import BytesIO
from typing import NamedTuple, TypeVar

from ..digest import Digester, Lines
from ..errors import SourceError
from ..records import LogFile
from ..sources.local import source_errors
from .parts import PartRead, read_file

SMALL_BYTES = 64 << 10  # as stored
MOST_BYTES = 512 << 10  # of a small file's content; less than PART_BYTES, as it is one part
# What is read at once: as much as stays in the processor's cache, and no more files than a remote source lists quickly.
TOGETHER_BYTES = 128 << 10
TOGETHER_FILES = 50

File = TypeVar("File")
Found = PartRead | SourceError
"""A part, or the error why a file cannot be read."""


class FileToRead(NamedTuple):
    """A log file, or what to read instead of it."""

    log_file: LogFile
    name: str
    """Its name in the ledger."""
    known: Mapping[int, int]
    """Known parts and their sizes, which are only compared."""
    is_anew: bool = False
    """Whether these are digested anyway."""


def is_small(log_file: LogFile) -> bool:
    """Whether it may be read together with others."""
    return log_file.size <= SMALL_BYTES


def at_hand(log_file: LogFile) -> LogFile:
    """
    The same file; with its content in memory if it is small and has no documented name, as it is read twice then.

    It is identified by its content before it is counted.
    """
    if log_file.name or not is_small(log_file) or not (content := _content(log_file)):
        return log_file
    return log_file._replace(open=partial(BytesIO, content))


def read_files(files: Sequence[FileToRead], digester: Digester) -> Iterator[tuple[int, Found]]:
    """The parts of files, in order, each with the index of its file."""
    start = 0
    for run in runs(files, lambda file: file.log_file):
        together = _read_together(run, digester)
        for place, file in enumerate(run):
            if part := together.get(place):
                yield start + place, part
                continue
            try:
                for read in read_file(file.log_file, file.name, file.known, digester, is_anew=file.is_anew):
                    yield start + place, read
            except SourceError as error:
                yield start + place, error
        start += len(run)


def _read_together(files: Sequence[FileToRead], digester: Digester) -> dict[int, PartRead]:
    """The parts of small new files, which have one each, by index; other files have to be read by themselves."""
    are_new = [place for place, file in enumerate(files) if (not file.known or file.is_anew) and is_small(file.log_file)]
    if len(are_new) < 2:
        return {}
    opened = [(place, content) for place in are_new if (content := _content(files[place].log_file))]
    opened = [(place, content) for place, content in opened if files[place].known in ({}, {0: len(content)})]
    if len(opened) < 2:
        return {}
    read = zip(opened, digester.read_files([content for _, content in opened]), strict=True)
    return {place: _part(files[place].name, content, lines) for (place, content), lines in read if lines}


def _content(log_file: LogFile) -> bytes:
    """All of a small file; b"" if it is larger than expected, or unreadable: reading it by itself then reports the error."""
    try:
        with source_errors(log_file.place), log_file.open() as stream:
            content = stream.read(MOST_BYTES + 1)
    except SourceError:
        return b""
    return content if len(content) <= MOST_BYTES else b""


def _part(name: str, content: bytes, lines: Lines) -> PartRead:
    sha256 = hashlib.sha256(content).hexdigest()
    return PartRead(name, 0, True, len(content), sha256, lines.line_count, lines, b"")


def runs(files: Iterable[File], log_file_of: Callable[[File], LogFile]) -> Iterator[list[File]]:
    """Files in order: small ones in runs that are read together, the others alone."""
    together: list[File] = []
    size = 0
    for each in files:
        log_file = log_file_of(each)
        is_alone = not is_small(log_file)
        if together and (is_alone or len(together) == TOGETHER_FILES or size + log_file.size > TOGETHER_BYTES):
            yield together
            together, size = [], 0
        if is_alone:
            yield [each]
        else:
            together.append(each)
            size += log_file.size
    if together:
        yield together
