"""
S3 server access logs.

    lines   a line in its pieces: many lines at once, or the odd one with care
    times   when a record was written
    fields  what the pieces say
    why     what is wrong with a line that is not a record
"""

from collections.abc import Iterable
from typing import cast

from ...cache import Cache
from ..base import Format, RecordIds
from ..blocks import BlockSplitter
from ..pieces import Layout, PieceColumns, PieceReader
from ..times import HOURS, SECONDS
from . import why
from .fields import DOCUMENTED, OF_REQUEST, UNIQUE, text
from .lines import HOUR, IN_MANY, SECOND, TOO_SHORT, split_line

_texts = Cache(text)


class S3Columns(PieceColumns):
    """The records of a block."""

    def record_ids(self, origin: str, start: int) -> RecordIds:  # noqa: ARG002 - each record has its own
        """See Columns; all request ids are decoded at once, as no two are equal."""
        request_ids, operations, keys = map(self.column, ("request_id", "operation", "key"))
        ids = b"\n".join(cast(Iterable[bytes], request_ids)).decode("utf-8", "replace").split("\n")
        return ids if len(self) else [], map(_texts.__getitem__, operations), map(_texts.__getitem__, keys)


class S3Reader(PieceReader):
    """Reads any S3 access log."""

    columns = S3Columns

    def why_unreadable(self, line: bytes) -> str:
        """See Reader."""
        return why.why_unreadable(line)


_LAYOUT = Layout(OF_REQUEST, DOCUMENTED, hour=(HOUR,), second=SECOND, hours=HOURS, seconds=SECONDS)
_BLOCKS = BlockSplitter(IN_MANY, b"", split_line, hour=(HOUR,), hours=HOURS, never_last=b"[")
_READER = S3Reader(_LAYOUT, _BLOCKS.split, split_line, needed=b"[", too_short=TOO_SHORT)

S3 = Format(
    title="S3 server access log",
    about="Server access logging of a general purpose bucket, as text: 17 to 27 fields; what AWS appends later is passed over. "
    "Quotes that a client sent inside request URI, referrer or user agent, requesters with blanks, bytes that are not UTF-8, "
    "Windows line ends and blank lines are all read.",
    documented=tuple(DOCUMENTED),
    unique=UNIQUE,
    reader=lambda _: _READER,
    recognises=_READER.recognises,
)
