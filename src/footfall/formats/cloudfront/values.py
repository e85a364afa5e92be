"""
Decodes CloudFront's values.

CloudFront percent-encodes once what a client sent: blanks, quotes, bytes from 127 on, and `%` itself. The path and the query
came encoded by the browser, so they show two layers. What holds a raw blank was rewritten by another tool, which decoded it.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
"""

import re
from urllib.parse import unquote, unquote_to_bytes

from ...records import RecordId
from .names import NOTHING

ERROR = b"Error"  # a result type; the list of the others is open
_PORT = re.compile(r":\d*$")


def as_logged(piece: bytes | None) -> str | None:
    """A text; None for `-`. Bytes that are not UTF-8 become U+FFFD."""
    return None if piece is None or piece == b"-" else piece.decode("utf-8", "replace")


def text(piece: bytes | None) -> str | None:
    """A text as logged; None for `-`, and where nothing is logged."""
    return as_logged(piece) or None


def decoded(piece: bytes | None) -> str | None:
    """Without CloudFront's own layer: as the client sent it."""
    return _decoded(piece, 1)


def path(stem: bytes | None) -> str | None:
    """
    Without the browser's layer too; `+` stays.

    >>> path(b"/caf%25C3%25A9/a%2520b+c.html")
    '/café/a b+c.html'
    """
    found = _decoded(stem, 2)
    return found if found is not None and found.startswith("/") else None


def _decoded(piece: bytes | None, layers: int) -> str | None:
    if piece is None or piece in NOTHING:
        return None
    if b"%" in piece and b" " not in piece:
        for _ in range(layers):
            piece = unquote_to_bytes(piece)
    return piece.decode("utf-8", "replace")


def user_agent(piece: bytes | None) -> str | None:
    """
    As the client sent it: from 2013 to 2019 CloudFront encoded blanks twice.

    >>> user_agent(b"Mozilla/5.0%2520(X11;%2520Linux)") == user_agent(b"Mozilla/5.0%20(X11;%20Linux)")
    True
    """
    agent = decoded(piece)
    return unquote(agent) if agent is not None and "%20" in agent and " " not in agent else agent


def hosts(host_header: bytes | None, distribution: bytes | None) -> tuple[str, ...]:
    """The site that people asked for, and the name of its distribution, by which it can be asked for as well."""
    names = [_PORT.sub("", (decoded(piece) or "").lower()) for piece in (host_header, distribution)]
    return tuple(dict.fromkeys(filter(None, names)))


def is_read(piece: bytes | None) -> bool:
    """Methods are case-sensitive."""
    return piece == b"GET"


def number(piece: bytes | None) -> int | None:
    """None for `-`, and for what is not a number; one of more than 18 digits fits no store."""
    return int(piece) if piece is not None and len(piece) <= 18 and piece.isdigit() else None


def country(piece: bytes | None) -> str | None:
    """
    None where the line has no such field, "" where it says that the country is not known.

    >>> country(b"DE"), country(b"-"), country(b"")
    ('DE', '', None)
    """
    return (as_logged(piece) or "") if piece else None


def record_id(piece: bytes | None) -> RecordId | None:
    """One spelling, whichever form the record comes in."""
    request_id = decoded(piece)
    return None if request_id is None else RecordId(request_id)
