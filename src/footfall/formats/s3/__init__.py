"""
S3 server access logs.

    lines   splits lines into pieces: many at once, or odd ones with care
    times   the times of records
    fields  what the pieces mean
    why     what is wrong with a line that is not a record
"""

from collections.abc import Iterable
from typing import cast

from ...cache import Cache
from ..base import Format, RecordIds
from ..blocks import BlockSplitter
from ..coded import compiled
from ..pieces import Layout, PieceColumns, PieceReader
from ..times import HOURS, SECONDS
from . import why
from .fields import DOCUMENTED, OF_REQUEST, UNIQUE, text
from .lines import HOUR, IN_MANY, NO_RECORD, SECOND, WAYS, split_line

_OPERATIONS, _KEYS = Cache(text), Cache(text)  # one for each column, see Cache.numbered


class S3Columns(PieceColumns):
    """The records of a block."""

    def record_ids(self, origin: str, start: int) -> RecordIds:  # noqa: ARG002 - each record has its own
        """See Columns; all request ids are decoded at once, since no two are equal."""
        ids = b"\n".join(cast(Iterable[bytes], self.column("request_id"))).decode("utf-8", "replace").split("\n")
        return ids if len(self) else [], self.look_up(_OPERATIONS, "operation"), self.look_up(_KEYS, "key")


class S3Reader(PieceReader):
    """Reads any S3 access log."""

    columns = S3Columns

    def why_unreadable(self, line: bytes) -> str:
        """See Reader."""
        return why.why_unreadable(line)


_LAYOUT = Layout(OF_REQUEST, DOCUMENTED, hour=(HOUR,), second=SECOND, hours=HOURS, seconds=SECONDS)
_BLOCKS = BlockSplitter(IN_MANY, b"", split_line, hour=(HOUR,), hours=HOURS, never_last=b"[")
_COMPILED = compiled(WAYS, split_line, hour=(HOUR,), hours=HOURS)
_READER = S3Reader(_LAYOUT, _BLOCKS.split, split_line, needed=b"[", no_record=NO_RECORD, compiled=_COMPILED)

S3 = Format(
    title="S3 server access log",
    about="Server access logs of a general purpose bucket, as text: 17 to 27 fields; fields that AWS may append are ignored. "
    "Quotes sent by clients in request URI, referrer or user agent, requesters with spaces, bytes that are not UTF-8, Windows "
    "line ends and blank lines are all handled.",
    documented=tuple(DOCUMENTED),
    unique=UNIQUE,
    reader=lambda _: _READER,
    recognises=_READER.recognises,
)
