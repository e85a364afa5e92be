"""
Decodes CloudFront's values.

CloudFront percent-encodes what a client sent: blanks, quotes, bytes from 127 on, and `%` itself. Path and query were already
encoded by the browser, so they are encoded twice. A value with a raw blank was decoded and rewritten by another tool.
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
"""

import re
from urllib.parse import unquote, unquote_to_bytes

from ...records import RecordId
from .names import NOTHING

ERROR = b"Error"  # a result type; there may be new ones besides the known
_PORT = re.compile(r":\d*$")


def as_logged(piece: bytes | None) -> str | None:
    """A value as text; None for `-`. Bytes that are not UTF-8 become U+FFFD."""
    return None if piece is None or piece == b"-" else piece.decode("utf-8", "replace")


def text(piece: bytes | None) -> str | None:
    """Text as logged; None for `-`, and if nothing is logged."""
    return as_logged(piece) or None


def decoded(piece: bytes | None) -> str | None:
    """Decoded once: as the client sent it."""
    return _decoded(piece, 1)


def path(stem: bytes | None) -> str | None:
    """
    Decoded twice; `+` stays.

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
    The user agent as the client sent it: from 2013 to 2019, CloudFront encoded blanks twice.

    >>> user_agent(b"Mozilla/5.0%2520(X11;%2520Linux)") == user_agent(b"Mozilla/5.0%20(X11;%20Linux)")
    True
    """
    agent = decoded(piece)
    return unquote(agent) if agent is not None and "%20" in agent and " " not in agent else agent


def hosts(host_header: bytes | None, distribution: bytes | None) -> tuple[str, ...]:
    """The site that was requested, and its distribution's domain name, by which it can also be requested."""
    names = [_PORT.sub("", (decoded(piece) or "").lower()) for piece in (host_header, distribution)]
    return tuple(dict.fromkeys(filter(None, names)))


def is_read(piece: bytes | None) -> bool:
    """Whether the method reads; methods are case-sensitive."""
    return piece == b"GET"


def number(piece: bytes | None) -> int | None:
    """A number; None for `-`, other text, and more than 18 digits, which no store can hold."""
    return int(piece) if piece is not None and len(piece) <= 18 and piece.isdigit() else None


def country(piece: bytes | None) -> str | None:
    """
    None if the line has no such field, "" if it says that the country is unknown.

    >>> country(b"DE"), country(b"-"), country(b"")
    ('DE', '', None)
    """
    return (as_logged(piece) or "") if piece else None


def record_id(piece: bytes | None) -> RecordId | None:
    """The record's id, spelled the same in all forms of the log."""
    request_id = decoded(piece)
    return None if request_id is None else RecordId(request_id)
