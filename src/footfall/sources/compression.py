"""Gzip: with isal if it is installed, which takes less than half the time, otherwise with zlib."""

import gzip
import io
import zlib
from pathlib import Path
from typing import Any, BinaryIO, cast

GZIP_MAGIC = b"\x1f\x8b"
GZIP_FORM = 31  # zlib's code for gzip
MOST_AT_ONCE = 1 << 20  # decompressed bytes of a file; a larger one is read as a stream

_gzip_file: Any = gzip.GzipFile
_decompressor: Any = zlib.decompressobj
# What is raised for a file that is cut short or damaged.
DAMAGED: tuple[Any, ...] = (EOFError, zlib.error, gzip.BadGzipFile)
try:
    from isal import igzip, igzip_lib, isal_zlib
except ImportError:
    pass
else:
    _gzip_file, _decompressor = igzip.IGzipFile, isal_zlib.decompressobj
    DAMAGED += (igzip_lib.IsalError,)


def open_gzip(source: Path | BinaryIO) -> BinaryIO:
    """The decompressed content of a gzip file, or of a stream of one."""
    return cast(BinaryIO, _gzip_file(source) if isinstance(source, Path) else _gzip_file(fileobj=source))


def open_content(content: bytes) -> BinaryIO:
    """The decompressed content of a file, given all its bytes, plain or gzip."""
    if content[:2] != GZIP_MAGIC:
        return io.BytesIO(content)
    whole = _decompressed(content)
    return open_gzip(io.BytesIO(content)) if whole is None else io.BytesIO(whole)


def _decompressed(packed: bytes) -> bytes | None:
    """
    The content of a small gzip file, much faster than as a stream.

    None if it is large, damaged or has several streams: reading it as a stream handles these.
    """
    inflate = _decompressor(GZIP_FORM)
    try:
        content = inflate.decompress(packed, MOST_AT_ONCE)
    except DAMAGED:
        return None
    return content if inflate.eof and not inflate.unused_data else None
