"""
Splits lines into pieces: many plain lines at once, or any single line with care.

Pieces are JSON as logged; in a line that is read with care, they are rewritten so that they can be stored. The outcome of a
line depends on a few pieces, and request headers vary a lot: so one piece says whether CloudFront made the request, and
another what is not logged.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from ...cache import Cache
from ..base import BLANK
from ..rows import ListedRows, PlacesOfLines, Split
from .messages import FIRST, LAST, NO_JSON, decoded, header_of, is_access, is_comment, message_of, plain, time_of

CLOUDFRONT = "Amazon CloudFront"  # the user agent of its own requests
# Keys of the message, of the request, and of the headers of request and answer, by their documented names.
IN_MESSAGE = ("level", "ts", "logger", "bytes_read", "user_id", "duration", "size", "status")
IN_REQUEST = {
    f"request.{name}": name
    for name in ("remote_addr", "remote_ip", "remote_port", "client_ip", "proto", "method", "host", "uri")
}
REFERRER, USER_AGENT, CONTENT_TYPE = "request.headers.Referer", "request.headers.User-Agent", "resp_headers.Content-Type"
DOCUMENTED = (*IN_MESSAGE[:3], *IN_REQUEST, USER_AGENT, REFERRER, *IN_MESSAGE[3:], CONTENT_TYPE)

HEADERS, TLS, ANSWER_HEADERS, REMOTE_ADDR = "(headers)", "(tls)", "(headers of the answer)", "request.remote_addr"
STRETCH, SECOND, IS_CDN, UNLOGGED = "(hundred seconds)", "(second)", "(is CloudFront)", "(unlogged)"
PIECES = (
    "level", "ts", STRETCH, SECOND, "logger",
    *(name for name in IN_REQUEST if name != REMOTE_ADDR), HEADERS, TLS,
    *IN_MESSAGE[3:], ANSWER_HEADERS, REMOTE_ADDR, IS_CDN, UNLOGGED,
)  # fmt: skip
NUMBER_OF = {name: number for number, name in enumerate(PIECES)}
HUNDRED = 100  # seconds: the first digits of `ts` are that
HOUR = (NUMBER_OF[STRETCH],)
ASKED_HEADERS = ("user-agent", "referer", "content-type")

# How nearly all lines are written. Lines with longer values are read with care: searching to the end of the block would take
# quadratic time. So are times with six nines, which could be rounded to the next second.
_IN_TEXT, _INTEGER, _OBJECT = rb'[^"\\\x00-\x1f]', rb"(0|[1-9]\d{0,17}+)", rb"(\{[^{}\n]{0,2048}+\})"
_TEXT = b'("' + _IN_TEXT + b'{0,1024}+")'
_OF_REQUEST = b",".join(b'"%s":%s' % (name.encode(), _TEXT) for name in IN_REQUEST.values() if name != "remote_addr")
_FIND = re.compile(
    rb'\{"level":' + _TEXT + rb',"ts":(?=(\d{10}\.\d{1,7}+))([1-9]\d{7})(\d\d)\.(?!9{6})\d++'
    + rb',"logger":("http\.log\.access' + _IN_TEXT + rb'{0,256}+"),"msg":"' + _IN_TEXT + rb'{0,256}+","request":\{'
    + _OF_REQUEST + rb',"headers":' + _OBJECT + rb'(?:,"tls":' + _OBJECT + rb")?+\}"
    + rb',"bytes_read":' + _INTEGER + rb',"user_id":' + _TEXT + rb',"duration":(\d{1,9}+(?:\.\d{1,20}+)?+)'
    + rb',"size":' + _INTEGER + rb',"status":' + _INTEGER + rb',"resp_headers":' + _OBJECT + rb"\}()()()\n|([^\n]*+)\n"
).findall  # fmt: skip


def split_line(line: bytes) -> tuple[bytes | None, ...] | None:
    """The pieces of a line; None if it is not a record."""
    message = message_of(line)
    return None if message is None else _split_message(message)


def _split_message(message: Mapping[str, Any]) -> tuple[bytes | None, ...] | None:
    if not is_access(message):
        return None
    time, request = time_of(message.get("ts")), message["request"]
    if time is None or not isinstance(request, dict) or "method" not in request or "uri" not in request:
        return None
    found: dict[str, bytes | None] = {name: _json(message.get(name)) for name in IN_MESSAGE}
    found |= {name: _json(request.get(short)) for name, short in IN_REQUEST.items()}
    found["request.host"] = _json(request["host"]) if "host" in request else None
    found[HEADERS] = _json_of_headers(request["headers"]) if "headers" in request else None
    found[ANSWER_HEADERS] = _json_of_headers(message["resp_headers"]) if "resp_headers" in message else None
    found[STRETCH], found[SECOND] = b"%08d" % (time // HUNDRED), b"%02d" % (time % HUNDRED)
    found[IS_CDN] = b"true" if header_of(request.get("headers"), "user-agent") == CLOUDFRONT else b""
    found[UNLOGGED] = b" ".join(_unlogged("host" in request, "headers" in request, "resp_headers" in message))
    return tuple(map(found.get, PIECES))


def _json(value: Any) -> bytes:
    return json.dumps(plain(value)).encode()


def _json_of_headers(headers: Any) -> bytes:
    return json.dumps({name: plain(header_of(headers, name)) for name in ASKED_HEADERS}).encode()


def _unlogged(has_host: bool, has_headers: bool, has_answer_headers: bool) -> list[bytes]:
    """The facts that are not logged; Caddy can be configured to leave out any part of a message."""
    kept = {b"hosts": has_host, b"referrer": has_headers, b"user_agent": has_headers, b"content_type": has_answer_headers}
    return [name for name, is_kept in kept.items() if not is_kept]


def split_block(block: bytes, wanted: tuple[int, ...]) -> Split:  # noqa: ARG001 - all pieces are found at once
    """The pieces of many lines."""
    content = block if block.endswith(b"\n") else block + b"\n"
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n")
    rows: list[Any] = _FIND(content)
    lines = content[:-1].split(b"\n")
    odd: Iterable[int] = range(len(lines))
    if len(rows) == len(lines):  # otherwise a match went across the end of a line
        odd = _odd_places(rows)
    else:
        rows = [None] * len(lines)
    unreadable = []
    for place in odd:
        message = message_of(lines[place])
        rows[place] = message and _split_message(message)
        if not rows[place] and lines[place].strip(BLANK) and not is_comment(message):
            unreadable.append((place, lines[place]))
    places = PlacesOfLines(block, [place for place, row in enumerate(rows) if row])
    numbers = tuple(range(len(PIECES)))
    return Split(ListedRows([*filter(None, rows)], numbers, HOUR, places), len(lines), unreadable)


def _odd_places(rows: Sequence[tuple[bytes, ...]]) -> list[int]:
    """The lines that have to be read with care: those that are not plain, and those with an invalid piece."""
    wrong = [
        {piece for piece in set(map(itemgetter(number), rows)) if piece and not is_well[piece]}
        for number, is_well in _CHECKS.items()
    ]
    if not any(wrong):
        return [place for place, row in enumerate(rows) if not row[0]]
    of_row = [*zip(_CHECKS, wrong, strict=True)]
    return [place for place, row in enumerate(rows) if not row[0] or any(row[number] in pieces for number, pieces in of_row)]


def _read_headers(piece: bytes) -> dict[str, Any] | None:
    """The headers that are needed, by name in lower case; None if they are not JSON."""
    headers = decoded(piece)
    return None if headers is NO_JSON else {name: plain(header_of(headers, name)) for name in ASKED_HEADERS}


def _start_of(hundreds: bytes) -> int | None:
    start = int(hundreds) * HUNDRED
    return start if FIRST <= start < LAST else None


def _are_readers(piece: bytes) -> bool:
    """Whether a request with these headers was not sent by CloudFront."""
    headers = HEADERS_OF[piece]
    return headers is not None and headers["user-agent"] != CLOUDFRONT


HEADERS_OF = Cache(_read_headers)
STARTS = Cache(_start_of)
"""The beginning of a stretch of time, in seconds since the epoch; None if it is invalid."""
# Functions that say whether a piece of a plain line is valid.
_CHECKS = {
    NUMBER_OF[STRETCH]: Cache(lambda piece: STARTS[piece] is not None),
    NUMBER_OF[HEADERS]: Cache(_are_readers),
    NUMBER_OF[TLS]: Cache(lambda piece: decoded(piece) is not NO_JSON),
    NUMBER_OF[ANSWER_HEADERS]: Cache(lambda piece: HEADERS_OF[piece] is not None),
}
