"""
Caddy's access log: a JSON object on each line.

    {"ts": 1666255782.25, "request": {"client_ip": "198.51.100.7", "method": "GET", "uri": "/", ...}, "status": 200, ...}

    messages  which lines report a request, and its time
    lines     splits lines into pieces: many at once, or any single line with care
    fields    what the pieces mean
    runs      patterns for lines that are obviously not records

The same file may contain Caddy's other messages, which are ignored like comments, and Docker puts a name and `|` before each
line.
The fields: https://caddyserver.com/docs/logging and modules/caddyhttp/marshalers.go of Caddy's source.
"""

import re

from ..base import Format
from ..pieces import PieceReader
from .fields import LAYOUT
from .lines import DOCUMENTED, split_block, split_line
from .messages import is_comment, message_of, why_unreadable
from .runs import NO_RECORD, OTHER_MESSAGE


class CaddyReader(PieceReader):
    """Reads any Caddy log."""

    comment = OTHER_MESSAGE

    def is_comment(self, line: bytes) -> bool:
        """See Reader."""
        return is_comment(message_of(line))

    def why_unreadable(self, line: bytes) -> str:
        """See Reader."""
        return why_unreadable(line)


_READER = CaddyReader(LAYOUT, split_block, split_line, needed=b"{", no_record=NO_RECORD)


def _recognises(head: bytes) -> bool:
    """A file may begin with many messages before the first request."""
    if b'"msg"' in head and re.search(b"^" + OTHER_MESSAGE, head, re.MULTILINE):
        return True
    return any(len(unreadable) < lines for _, lines, unreadable in _READER.split_head(head))


CADDY = Format(
    title="Caddy access log",
    about="The JSON that Caddy 2 writes for each request. It has the content type of each answer, so pages are recognized "
    "whatever their names. Caddy's other messages in the same file are ignored.",
    documented=DOCUMENTED,
    unique=(
        "ts", "request.remote_addr", "request.remote_ip", "request.remote_port", "request.client_ip", "request.uri",
        "bytes_read", "duration", "size",
    ),
    reader=lambda _: _READER,
    recognises=_recognises,
)  # fmt: skip
