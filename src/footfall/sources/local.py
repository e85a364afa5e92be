"""Log files on this machine: files, folders, globs, and standard input; plain or gzip."""

import glob
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO

from ..errors import SourceError
from ..records import LogFile
from .compression import DAMAGED, GZIP_MAGIC, open_gzip
from .names import documented_name

BLOCK_BYTES = 1 << 17


def find_logs(source: str) -> Iterator[LogFile]:
    """
    The log files at `source`, by name: a file, a folder and all below it, a glob of files and folders, or `-`.

    Links are followed, and no folder is read twice.

    Hidden files are passed over. Raises SourceError where there is nothing; a file that cannot be read raises it when
    it is opened.
    """
    if source == "-":
        if sys.stdin is None:  # as a shell's <&- leaves it
            raise SourceError("-: standard input is closed; pipe the log lines in, or name a file")
        yield _spool(sys.stdin.buffer, "-")
        return
    source = os.path.expanduser(source)  # a shell does not, within quotes
    with source_errors(source):
        path = Path(source)
        if path.is_dir():
            found, nothing = list(_walk([path])), f"{source} has no files; name the folder that the log files lie in"
        elif path.exists():
            found, nothing = [_log_file(path)], ""
        elif glob.has_magic(source):
            matches = sorted(Path(name) for name in glob.glob(source, recursive=True))
            found, nothing = list(_walk(matches)), f"no file matches {source}"
        else:
            found, nothing = [], f"no file or folder {source}"
    if not found:
        raise SourceError(nothing)
    yield from found


def _walk(places: Iterable[Path]) -> Iterator[LogFile]:
    """The files among places and below them, by name; a folder that cannot be entered is a file that cannot be read."""
    closed: list[OSError] = []
    entered: set[tuple[int, int]] = set()
    found = {place for place in places if place.is_file()}
    for top in filter(Path.is_dir, places):
        for place, folders, files in os.walk(top, onerror=closed.append, followlinks=True):
            if not _is_new(place, entered):  # a link to what holds it, or to what was read already
                folders.clear()
                continue
            folders[:] = [name for name in folders if not name.startswith(".")]
            found |= {path for path in (Path(place, name) for name in files if not name.startswith(".")) if path.is_file()}
    yield from map(_log_file, sorted(found))
    for error in closed:
        yield LogFile("", str(error.filename), partial(_open, Path(error.filename), str(error.filename)))


def _is_new(folder: str, entered: set[tuple[int, int]]) -> bool:
    """Whether a folder was not entered before, under any name; it is from now on."""
    status = os.stat(folder)
    before = len(entered)
    entered.add((status.st_dev, status.st_ino))
    return len(entered) > before


def _log_file(path: Path) -> LogFile:
    place = str(path)
    if not path.is_file():  # a pipe, as of a shell's <(...)
        with open(path, "rb") as stream:
            return _spool(stream, place)
    # Names on this machine may have bytes that are no text; no store takes them.
    name = os.fsencode(path.name).decode("utf-8", "replace")
    return LogFile(documented_name(name) or "", place, partial(_open, path, place), path.stat().st_size)


def _spool(stream: BinaryIO, place: str) -> LogFile:
    """What can be read but once is kept in a temporary file until it is ingested."""
    spooled = tempfile.NamedTemporaryFile(prefix="footfall-")  # noqa: SIM115 - lives as long as the LogFile
    with source_errors(place):
        shutil.copyfileobj(stream, spooled)
        spooled.flush()
    size = Path(spooled.name).stat().st_size
    if not size:
        raise SourceError(f"{place}: nothing came in; what writes to it may have failed")

    return LogFile("", place, _Spooled(spooled, place), size)


class _Spooled:
    """Opens a temporary file, and keeps it for as long; another process opens it by its name."""

    def __init__(self, kept: IO[bytes], place: str):
        self._kept, self._place = kept, place

    def __call__(self) -> BinaryIO:
        return _open(Path(self._kept.name), self._place)

    def __reduce__(self) -> Any:
        return partial, (_open, Path(self._kept.name), self._place)


def _open(path: Path, place: str) -> BinaryIO:
    with source_errors(place):
        with open(path, "rb") as stream:
            is_gzip = stream.read(2) == GZIP_MAGIC
        return open_gzip(path) if is_gzip else open(path, "rb")


def content_name(log_file: LogFile) -> str:
    """`sha256:` and the hash of the decompressed content: the identity of a file without a documented name."""
    sha256 = hashlib.sha256()
    for block in read_blocks(log_file):
        sha256.update(block)
    return f"sha256:{sha256.hexdigest()}"


def read_blocks(log_file: LogFile, start: int = 0) -> Generator[bytes, None, None]:
    """The content from a byte on, in blocks; raises SourceError when it cannot be read to its end."""
    with source_errors(log_file.place), log_file.open() as stream:
        if start:
            stream.seek(start)
        while block := stream.read(BLOCK_BYTES):
            yield block


@contextmanager
def source_errors(place: str) -> Iterator[None]:
    """What the system says, and decoders, becomes a SourceError that names the file."""
    try:
        yield
    except DAMAGED as error:
        raise SourceError(f"{place}: the gzip file is cut short or damaged ({error}); fetch it again") from error
    except OSError as error:
        remedy = "see that you may read it, then run it again"
        raise SourceError(f"{place}: cannot be read ({error.strerror or error}); {remedy}") from error
