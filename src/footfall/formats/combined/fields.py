"""From pieces to fields: those of a request, and those that servers document."""

import re

from ..pieces import ABSENT, FieldOfPieces, constant
from ..targets import decode, host_of, path_of, query_of
from ..times import HOURS_WITH_OFFSET, SECONDS
from .lines import (
    BYTES,
    CDN_AGENT,
    HOUR,
    IDENT,
    METHOD,
    OFFSET,
    ORIGIN,
    PATH,
    PROTOCOL,
    QUERY,
    REFERRER,
    REMOTE_HOST,
    SECOND,
    STATUS,
    TEXTS,
    USER,
    USER_AGENT,
    VHOST,
)  # fmt: skip

# Apache's escapes for characters that have a name; all others are `\xhh`, the only form that nginx and lighttpd use.
_NAMED = {b'"': b'"', b"\\": b"\\", b"b": b"\b", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_escape = re.compile(rb'\\(?:x([0-9A-Fa-f]{2})|(["\\bnrtv]))')
# A name such as www.example.org, possibly with a port; an address would end with a digit.
_HOST_NAME = re.compile(rb"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.[A-Za-z][A-Za-z0-9-]+\.?(?::\d+)?").fullmatch


def unescape(piece: bytes) -> bytes:
    """Decodes what a server wrote between quotes to what the client sent."""
    if b"\\" not in piece:
        return piece
    return _escape.sub(lambda found: bytes.fromhex(found[1].decode()) if found[1] else _NAMED[found[2]], piece)


def text(piece: bytes) -> str | None:
    """Text; None for `-`."""
    return None if piece in (b"", b"-") else decode(unescape(piece))


def _user(piece: bytes) -> str | None:
    """Apache writes an empty name as `""`."""
    return None if piece == b'""' else text(piece)


def _quoted(piece: bytes) -> str | None:
    """Text after its opening quote; None for `"-"`, and if there is no quote."""
    return None if piece[:1] != b'"' or piece == b'"-' else decode(unescape(piece[1:]))


def number(piece: bytes) -> int | None:
    """A number; None for `-`."""
    return None if piece == b"-" else int(piece)


def _time_of(hour: bytes, second: bytes, offset: bytes) -> int:
    return int(HOURS_WITH_OFFSET[hour, offset] + SECONDS[second])


def _vhost(vhost: bytes, ident: bytes) -> str | None:
    """The virtual host as logged: lighttpd writes it in place of ident, which is no longer used."""
    return text(vhost or (ident if _HOST_NAME(ident) else b""))


def _hosts(vhost: bytes, ident: bytes, origin: bytes) -> tuple[str, ...]:
    named = _vhost(vhost, ident) or (decode(unescape(origin)) if b"://" in origin else "")
    host = host_of(named.encode())
    return (host,) if host else ()


def _request_line(method: bytes, origin: bytes, path: bytes, query: bytes, protocol: bytes) -> str | None:
    return text(b" ".join(filter(None, (method, origin + path + query, protocol))))


def _unlogged(vhost: bytes, ident: bytes, texts: bytes) -> frozenset[str]:
    has_not = {"content_type": True, "hosts": _vhost(vhost, ident) is None, "referrer": not texts, "user_agent": not texts}
    return frozenset(name for name, is_so in has_not.items() if is_so)


TIME = FieldOfPieces((HOUR, SECOND, OFFSET), _time_of)

DOCUMENTED: dict[str, FieldOfPieces] = {
    "vhost": FieldOfPieces((VHOST, IDENT), _vhost),
    "remote_host": FieldOfPieces((REMOTE_HOST,), text),
    "ident": FieldOfPieces((IDENT,), text),
    "user": FieldOfPieces((USER,), _user),
    "time": TIME,
    "request_line": FieldOfPieces((METHOD, ORIGIN, PATH, QUERY, PROTOCOL), _request_line),
    "status": FieldOfPieces((STATUS,), number),
    "bytes": FieldOfPieces((BYTES,), number),
    "referrer": FieldOfPieces((REFERRER,), _quoted),
    "user_agent": FieldOfPieces((USER_AGENT,), _quoted),
}

# Status is also a number, but under this name a field of every view.
UNIQUE = ("time", "remote_host", "request_line", "bytes")

OF_REQUEST: dict[str, FieldOfPieces] = {
    "time": TIME,
    "hosts": FieldOfPieces((VHOST, IDENT, ORIGIN), _hosts),
    "method": FieldOfPieces((METHOD,), text),
    "path": FieldOfPieces((PATH,), lambda path: path_of(unescape(path))),
    "query": FieldOfPieces((QUERY,), lambda query: query_of(unescape(query))),
    "status": DOCUMENTED["status"],
    "referrer": DOCUMENTED["referrer"],
    "user_agent": DOCUMENTED["user_agent"],
    "remote_ip": DOCUMENTED["remote_host"],
    "content_type": ABSENT,
    "bytes_sent": DOCUMENTED["bytes"],
    "record_id": ABSENT,
    "is_read": FieldOfPieces((METHOD,), lambda method: method == b"GET"),
    "is_signed": constant(False),
    "is_cdn": FieldOfPieces((CDN_AGENT,), bool),
    "is_error_page": constant(False),
    "unlogged": FieldOfPieces((VHOST, IDENT, TEXTS), _unlogged),
}
