"""Log files on this machine: files, folders, globs, and standard input; plain or gzip."""

import glob
import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Generator, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import SourceError
from ..records import LogFile
from .compression import DAMAGED, GZIP_MAGIC, open_content, open_gzip
from .names import documented_name
from .spooled import TemporaryCopy
from .written import advice

BLOCK_BYTES = 1 << 19  # the compiled reader takes a tenth less than with 128 KB; a megabyte is slower in pure Python
SMALL_BYTES = 1 << 16  # of a file as stored: smaller ones are read at once


def find_logs(source: str) -> Iterator[LogFile]:
    """
    The log files at `source`, by name: a file, a folder and all below it, a glob of files and folders, or `-`.

    Links are followed, and no folder is read twice.

    Hidden files are left out. Raises SourceError if there are no files; for a file that cannot be read, opening it raises
    SourceError.
    """
    if source == "-":
        if sys.stdin is None:  # closed by a shell's <&-
            raise SourceError("-: standard input is closed; pipe log lines in, or name a file")
        yield _spool(sys.stdin.buffer, "-")
        return
    source = os.path.expanduser(source)  # shells do not expand ~ in quotes
    with source_errors(source):
        found, nothing = _found_at(source)
        first = next(found, None)
        if first is None:
            raise SourceError(nothing)
        yield first
        yield from found  # one by one: an archive of S3 logs has hundreds of thousands


def _found_at(source: str) -> tuple[Iterator[LogFile], str]:
    """The log files at a local place, and the error message if there are none."""
    if not source.strip():
        return iter([]), "SOURCE is empty; give a file, a folder or s3://bucket/prefix"
    path = Path(source)
    if path.is_dir():
        return _walk([str(path)]), f"{source} has no files; name the folder that contains the log files"
    if path.exists():
        return iter([_named(path)]), ""
    if glob.has_magic(source):
        matches = [str(Path(name)) for name in glob.glob(source, recursive=True)]
        return _walk(matches), f"no file matches {source}{advice(source)}"
    return iter([]), f"no file or folder {source}{advice(source)}"


def _walk(places: Sequence[str]) -> Iterator[LogFile]:
    """
    The files at these places, and those in folders below, by name.

    Unreadable folders and broken links are returned as files; opening them raises SourceError.
    """
    closed = [place for place in places if os.path.islink(place) and not os.path.exists(place)]
    entered: set[tuple[int, int]] = set()
    sizes = {place: os.stat(place).st_size for place in places if os.path.isfile(place)}
    for top in sorted(filter(os.path.isdir, places), key=_by_parts):
        folders = [top]
        while folders:
            folder = folders.pop()
            try:
                if _is_new(folder, entered):  # otherwise a link to a parent, or to a folder that was already read
                    within, files, nowhere = _entries(folder)
                    folders += reversed(within)
                    sizes |= files
                    closed += nowhere
            except OSError as why:
                closed.append(str(why.filename))
    for path in sorted(sizes, key=_by_parts):
        yield _log_file(path, sizes[path])
    for path in sorted(closed, key=_by_parts):
        yield LogFile("", path, partial(_open, path, path))


def _by_parts(path: str) -> str:
    """A sort key that compares paths by their parts, so that a folder's contents stay together."""
    return path.replace(os.sep, "\0")


def _entries(folder: str) -> tuple[list[str], dict[str, int], list[str]]:
    """A folder's subfolders, its files with their sizes, and its broken links; other links count as their targets."""
    folders: list[str] = []
    sizes: dict[str, int] = {}
    nowhere: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            try:
                if entry.is_dir():
                    folders.append(entry.path)
                elif stat.S_ISREG((status := entry.stat()).st_mode):
                    sizes[entry.path] = status.st_size
            except OSError:  # otherwise it was deleted meanwhile
                if entry.is_symlink():
                    nowhere.append(entry.path)
    return folders, sizes, nowhere


def _is_new(folder: str, entered: set[tuple[int, int]]) -> bool:
    """Whether a folder was not entered before, under any name; marks it as entered."""
    status = os.stat(folder)
    before = len(entered)
    entered.add((status.st_dev, status.st_ino))
    return len(entered) > before


def _named(path: Path) -> LogFile:
    """The log file at a path that was given directly."""
    if not path.is_file():  # a pipe, such as a shell's <(...)
        with open(path, "rb") as stream:
            return _spool(stream, str(path))
    return _log_file(str(path), path.stat().st_size)


def _log_file(path: str, size: int) -> LogFile:
    name = path.rpartition(os.sep)[2]
    if not name.isascii():  # local names may contain bytes that are not text, which no store accepts
        name = os.fsencode(name).decode("utf-8", "replace")
    return LogFile(documented_name(name) or "", path, partial(_open, path, path), size)


def _spool(stream: BinaryIO, place: str) -> LogFile:
    """Copies a stream that can only be read once to a temporary file."""
    copy = TemporaryCopy()
    with source_errors(place), open(copy.name, "wb") as spooled:
        shutil.copyfileobj(stream, spooled)
    size = os.stat(copy.name).st_size
    if not size:
        raise SourceError(f"{place}: no input; the command that writes to it may have failed")
    return LogFile("", place, _Spooled(copy, place), size)


class _Spooled:
    """Opens a temporary copy, and keeps it alive meanwhile; other processes open it by name."""

    def __init__(self, kept: TemporaryCopy, place: str):
        self._kept, self._place = kept, place

    def __call__(self) -> BinaryIO:
        return _open(self._kept.name, self._place)

    def __reduce__(self) -> Any:
        return partial, (_open, self._kept.name, self._place)


def _open(path: str, place: str) -> BinaryIO:
    """The content of a file, decompressed; a small file, like most S3 logs, is read at once."""
    with source_errors(place):
        content = _beginning(path)
        if len(content) < SMALL_BYTES:
            return open_content(content)
        return open_gzip(Path(path)) if content[:2] == GZIP_MAGIC else open(path, "rb")


def _beginning(path: str) -> bytes:
    """The first bytes of a file as stored, with os.read, which takes half the time of open()."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        return os.read(descriptor, SMALL_BYTES)
    finally:
        os.close(descriptor)


def content_name(log_file: LogFile) -> str:
    """`sha256:` and the hash of the decompressed content: the identity of a file without a documented name."""
    sha256 = hashlib.sha256()
    for block in read_blocks(log_file):
        sha256.update(block)
    return f"sha256:{sha256.hexdigest()}"


def read_blocks(log_file: LogFile, start: int = 0) -> Generator[bytes, None, None]:
    """The content from byte `start`, in blocks; raises SourceError if it cannot be read to its end."""
    with source_errors(log_file.place), log_file.open() as stream:
        if start:
            stream.seek(start)
        while block := stream.read(BLOCK_BYTES):
            yield block


class source_errors:  # noqa: N801 - a context manager, faster than one made from a generator
    """Turns errors of the system and of decoders into a SourceError that names the file."""

    def __init__(self, place: str):
        self._place = place

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, *__: object) -> None:
        if isinstance(error, DAMAGED):
            raise SourceError(f"{self._place}: the gzip file is cut short or damaged ({error}); download it again") from error
        if isinstance(error, OSError) and os.path.islink(self._place) and not os.path.exists(self._place):
            raise SourceError(
                f"{self._place}: is a link to {os.readlink(self._place)}, which does not exist; fix or remove the link"
            ) from error
        if isinstance(error, OSError):
            remedy = "check that you may read it, and run it again"
            raise SourceError(f"{self._place}: cannot be read ({error.strerror or error}); {remedy}") from error
