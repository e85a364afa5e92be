"""
The target of a request, and the host named in it.

Most targets are a path and a query. Those sent to a proxy begin with the host (`http://www.example.org/blog/`), and those of
CONNECT and `OPTIONS *` have no path. Everything is as the client sent it: percent-encoded once.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

_TARGET = re.compile(rb"([A-Za-z][A-Za-z0-9+.-]*://[^/?]*)?+(/[^?]*)?+(\?.*)?+", re.DOTALL).fullmatch
# User and password, host, port. An IPv6 address is in brackets if a port may follow.
_HOST = re.compile(rb"(?:[^@/]*@)?(\[[^\]]*\]|[^:]*|[^:]*:[^:]*:.*)(?::\d*)?", re.DOTALL).fullmatch


class Target(NamedTuple):
    """The parts of a target; together, they are what was sent, except for the path of `http://www.example.org`."""

    origin: bytes
    """`http://www.example.org`, or a target without a path; usually empty."""
    path: bytes
    """Begins with `/`; empty if there is none."""
    query: bytes
    """With its `?`; empty if there is none."""


def split_target(target: bytes) -> Target:
    """The parts of a target, still encoded."""
    match = _TARGET(target)
    if match is None or not (match[1] or match[2]):
        return Target(target, b"", b"")
    return Target(match[1] or b"", match[2] or b"/", match[3] or b"")


def decode(content: bytes) -> str:
    """Bytes as text; those that are not UTF-8 become U+FFFD."""
    return content.decode("utf-8", "replace")


def path_of(path: bytes) -> str | None:
    """The decoded path; None if there is none."""
    return decode(unquote_to_bytes(path)) if path else None


def query_of(query: bytes) -> str | None:
    """The query without its `?`, as the client sent it; None if there is none."""
    return decode(query[1:]) or None


def host_of(named: bytes) -> str:
    """
    The host of `www.example.org:80` or of an origin, in lower case and without its port; "" if there is none.

    >>> host_of(b"http://WWW.example.org:8080")
    'www.example.org'
    """
    authority = named.rpartition(b"://")[2]
    match = _HOST(authority)
    return decode(authority if match is None else match[1]).lower()
