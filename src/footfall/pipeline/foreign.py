"""
Files that are not web logs, recognized for what they are, each with a remedy: FOREIGN.

A row is something that people keep next to their logs, or pack them in.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from ..errors import SourceError
from ..formats import FORMATS


class Foreign(NamedTuple):
    """Something that is not a log that can be read."""

    what: str
    remedy: str
    is_it: Callable[[bytes], object]
    """Whether a file that begins with these bytes (decompressed) is of this kind."""


def _starts(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(magic)


OLD_LINE_ENDS = (
    "text whose lines end with a carriage return alone, as on old Macs",
    "convert it to line feeds: tr '\\r' '\\n' < OLD > NEW",
)
_HAS_OLD_LINE_ENDS = re.compile(rb"[^\x00-\x08\x0a-\x1f]*\r[\t\x20-\x7e]{20}").match
SEE_WHY = "footfall explain shows how each line is read"
# These contain no lines, or hide their contents, so they are refused before a line is read.
PACKED: tuple[Foreign, ...] = (
    Foreign("a bzip2 file", "decompress it with bunzip2, and import the result", re.compile(rb"BZh[1-9]1AY&SY").match),
    Foreign("an xz file", "decompress it with unxz, and import the result", _starts(b"\xfd7zXZ\x00")),
    Foreign("a zstd file", "decompress it with unzstd, and import the result", _starts(b"\x28\xb5\x2f\xfd")),
    Foreign("a compress (.Z) file", "decompress it with uncompress, and import the result", _starts(b"\x1f\x9d", b"\x1f\xa0")),
    Foreign("an lzma file", "decompress it with unlzma, and import the result", _starts(b"\x5d\0\0")),
    Foreign("an lzip file", "decompress it with lzip -d, and import the result", _starts(b"LZIP")),
    Foreign("an lzop file", "decompress it with lzop -d, and import the result", _starts(b"\x89LZO")),
    Foreign("a snappy file", "decompress it with snzip -d, and import the result", _starts(b"\xff\x06\0\0sNaPpY")),
    Foreign("a RAR archive", "unpack it with unrar x, and import the folder", _starts(b"Rar!\x1a\x07")),
    Foreign("an lz4 file", "decompress it with unlz4, and import the result", _starts(b"\x04\x22\x4d\x18")),
    Foreign("a zip archive", "unpack it with unzip, and import the folder", _starts(b"PK\x03\x04", b"PK\x05\x06")),
    Foreign("a 7z archive", "unpack it with 7z x, and import the folder", _starts(b"7z\xbc\xaf\x27\x1c")),
    Foreign(
        "a tar archive",
        "unpack it with tar xf, and import the folder",
        lambda head: head[257:262] == b"ustar" and b"\0" in head[:257],
    ),
    Foreign("a gzip file within a gzip file", "decompress it once with gunzip, and import the result", _starts(b"\x1f\x8b")),
    Foreign("a Parquet file", "have the logs delivered as W3C or JSON, which footfall reads", _starts(b"PAR1")),
    Foreign("an ORC file", "have the logs delivered as text or JSON, which footfall reads", _starts(b"ORC\n", b"ORC\x11")),
    Foreign("a PDF document", "import the log files themselves", _starts(b"%PDF-")),
    Foreign("an SQLite database", "name the log files; to read a footfall database, use --store", _starts(b"SQLite format 3")),
    Foreign(
        "text in UTF-32",
        "convert it to UTF-8: iconv -f UTF-32 -t UTF-8",
        lambda head: head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")) or _has_zeros(head, 4),
    ),
    Foreign(
        "text in UTF-16, as Windows PowerShell's > writes it",
        "convert it to UTF-8: iconv -f UTF-16 -t UTF-8, or PowerShell's Out-File -Encoding utf8",
        lambda head: head.startswith((b"\xff\xfe", b"\xfe\xff")) or _has_zeros(head, 2),
    ),
    Foreign(*OLD_LINE_ENDS, lambda head: b"\n" not in head.rstrip(b"\r\n") and _HAS_OLD_LINE_ENDS(head)),
)
# These contain lines, but no records of a known format.
OTHERWISE: tuple[Foreign, ...] = (
    Foreign(
        "a load balancer's log", "footfall does not read it: import CloudFront's log or the web server's",
        re.compile(rb"(?:https?|h2|grpcs|wss?|tls) \d{4}-\d\d-\d\dT\S+ (?:app|net)/").match,
    ),
    Foreign(
        "a load balancer's log", "footfall does not read it: import CloudFront's log or the web server's",
        re.compile(rb'\d{4}-\d\d-\d\dT\S+Z \S+ [\d.:]+ (?:[\d.:]+|-) -?\d').match,
    ),
    Foreign(
        "CloudTrail's log of API calls", "turn on the bucket's access logs, or CloudFront's",
        re.compile(rb'\s*\{\s*"Records"\s*:').match,
    ),
    Foreign(
        "a VPC flow log", "import the access log of S3, CloudFront or the web server",
        re.compile(rb"(?:version account-id|2 \d{12} eni-)").match,
    ),
    Foreign(
        "an HTML error page, not a log", "it was saved instead of the log file: download that again",
        re.compile(rb"\s*<(?:!--|!doctype html|html|head|body)", re.IGNORECASE).match,
    ),
    Foreign(
        "an XML document, such as S3's answer that access is denied",
        "it was saved instead of the log file: download that again",
        re.compile(rb"\s*<\?xml|\s*<Error>").match,
    ),
    Foreign(
        "a JSON error, not a log", "it was saved instead of the log file: download that again",
        re.compile(rb'\s*\{\s*"(?:errors?|message|code|detail|status_?code)"\s*:', re.IGNORECASE).match,
    ),
    Foreign(
        "a web server's error log", "import its access log",
        re.compile(rb"(?:\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[\w+\] \d+#|\[\w{3} \w{3} \d\d [\d:.]+ \d{4}\] \[)").match,
    ),
    Foreign(
        "an S3 inventory or a table of comma-separated values", "import the log files themselves",
        re.compile(rb'"[^"\n]*"(?:,"[^"\n]*")+\r?\n').match,
    ),
    Foreign("a git-lfs pointer", "fetch the file itself: git lfs pull", _starts(b"version https://git-lfs")),
    Foreign(*OLD_LINE_ENDS, _HAS_OLD_LINE_ENDS),
)  # fmt: skip


def refuse_foreign(place: str, head: bytes) -> None:
    """Raise SourceError if this beginning shows a file that is compressed with something other than gzip, or has no lines."""
    for row in PACKED:
        if row.is_it(head):
            raise SourceError(f"{place}: is {row.what}, not a log; {row.remedy}. Nothing in it was counted")


def what_else(head: bytes, read_as: str) -> str:
    """What a file is if no line is readable in the format it was `read_as`, and the remedy."""
    for row in OTHERWISE:
        if row.is_it(head):
            return f"is {row.what}; {row.remedy}"
    for name, log_format in FORMATS.items():
        told = f"its format is {name} ({log_format.title})"
        if log_format.recognises(head) and name == read_as:
            return f"{told} by its first lines, but none of its lines is a record; {SEE_WHY}"
        if log_format.recognises(head):
            return f'{told}, not {read_as}; set format = "auto", or leave --format out'
    return f"none of its lines is in a log format that footfall knows; {SEE_WHY}"


def _has_zeros(head: bytes, width: int) -> bool:
    """Whether, at the beginning, all but one of every `width` bytes are zero, like Latin letters in UTF-16 and UTF-32."""
    first = head[:64]
    places = [any(first[place::width]) for place in range(width)]
    return len(first) >= 16 and sum(places) == 1
