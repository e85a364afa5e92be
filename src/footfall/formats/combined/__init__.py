"""
The access logs that Apache, nginx, lighttpd and many others write by default.

    lines   splits lines into pieces: many at once, or odd ones with care
    fields  what the pieces mean
    why     what is wrong with a line that is not a record
"""

from ..base import Format
from ..blocks import BlockSplitter
from ..coded import compiled
from ..pieces import Layout, PieceReader
from ..times import HOURS_WITH_OFFSET, SECONDS
from . import why
from .fields import DOCUMENTED, OF_REQUEST, UNIQUE
from .lines import END_IN_MANY, HOUR, IN_MANY, NO_RECORD, OFFSET, SECOND, WAYS, split_line


class CombinedReader(PieceReader):
    """Reads any such log."""

    def why_unreadable(self, line: bytes) -> str:
        """See Reader."""
        return why.why_unreadable(line)


_LAYOUT = Layout(
    OF_REQUEST, DOCUMENTED,
    hour=(HOUR, OFFSET), second=SECOND, hours=HOURS_WITH_OFFSET, seconds=SECONDS, has_offsets=True,
)  # fmt: skip
_BLOCKS = BlockSplitter(IN_MANY, END_IN_MANY, split_line, hour=(HOUR, OFFSET), hours=HOURS_WITH_OFFSET)
_COMPILED = compiled(WAYS, split_line, hour=(HOUR, OFFSET), hours=HOURS_WITH_OFFSET)
_READER = CombinedReader(_LAYOUT, _BLOCKS.split, split_line, needed=b"[", no_record=NO_RECORD, compiled=_COMPILED)

COMBINED = Format(
    title="Combined access log",
    about="What Apache, nginx and lighttpd write by default: `combined` or `common`, with or without a leading virtual host; "
    "values after the user agent are ignored. Without a virtual host, the log does not name its site: set `sites`. It has no "
    "content types, so set `clean_urls` if pages are named like `/about`. `common` lines have no user agents, so bots count "
    "as people.",
    documented=tuple(DOCUMENTED),
    unique=UNIQUE,
    reader=lambda _: _READER,
    recognises=_READER.recognises,
)
