"""Log files on this machine: files, folders, globs, and standard input; plain or gzip."""

import glob
import gzip
import hashlib
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO, cast

from ..errors import SourceError
from ..records import LogFile
from .names import documented_name

GZIP_MAGIC = b"\x1f\x8b"
BLOCK_BYTES = 1 << 17


def find_logs(source: str) -> Iterator[LogFile]:
    """
    The log files at `source`, by name: a file, a folder and all below it, a glob, or `-`.

    Hidden files are passed over. Raises SourceError where there is nothing; a file that cannot be read raises it when
    it is opened.
    """
    if source == "-":
        yield _spool(sys.stdin.buffer)
        return
    path = Path(source)
    if path.is_dir():
        found = [file for file in sorted(path.rglob("*")) if file.is_file() and not _is_hidden(file.relative_to(path))]
        nothing = f"{source} has no files; name the folder that the log files lie in"
    elif path.exists():
        found, nothing = [path], ""
    elif glob.has_magic(source):
        found = sorted(Path(name) for name in glob.glob(source, recursive=True) if Path(name).is_file())
        nothing = f"no file matches {source}"
    else:
        found, nothing = [], f"no file or folder {source}"
    if not found:
        raise SourceError(nothing)
    for file in found:
        yield _log_file(file)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _log_file(path: Path) -> LogFile:
    place = str(path)
    return LogFile(documented_name(path.name) or "", place, partial(_open, path, place), path.stat().st_size)


def _spool(stream: BinaryIO) -> LogFile:
    """Standard input can be read but once: it is kept in a temporary file until it is ingested."""
    spooled = tempfile.NamedTemporaryFile(prefix="footfall-")  # noqa: SIM115 - lives as long as the LogFile
    with _errors("-"):
        shutil.copyfileobj(stream, spooled)
        spooled.flush()

    def reopen(kept: IO[bytes] = spooled) -> BinaryIO:
        return _open(Path(kept.name), "-")

    size = Path(spooled.name).stat().st_size
    if not size:
        raise SourceError("-: nothing came in on standard input")
    return LogFile("", "-", reopen, size)


def _open(path: Path, place: str) -> BinaryIO:
    with _errors(place):
        with open(path, "rb") as stream:
            is_gzip = stream.read(2) == GZIP_MAGIC
        return cast(BinaryIO, gzip.open(path)) if is_gzip else open(path, "rb")


def content_name(log_file: LogFile) -> str:
    """`sha256:` and the hash of the decompressed content: the identity of a file without a documented name."""
    sha256 = hashlib.sha256()
    for block in read_blocks(log_file):
        sha256.update(block)
    return f"sha256:{sha256.hexdigest()}"


def read_blocks(log_file: LogFile) -> Iterator[bytes]:
    """The content in blocks; raises SourceError when it cannot be read to its end."""
    with _errors(log_file.place), log_file.open() as stream:
        while block := stream.read(BLOCK_BYTES):
            yield block


@contextmanager
def _errors(place: str) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceError(f"{place}: the gzip file is cut short or damaged ({error}); fetch it again") from error
    except OSError as error:
        raise SourceError(f"{place}: cannot be read ({error.strerror or error})") from error
