"""
Caddy's access log: an object of JSON on each line.

    {"ts": 1666255782.25, "request": {"client_ip": "198.51.100.7", "method": "GET", "uri": "/", ...}, "status": 200, ...}

The same file holds Caddy's other messages, which are passed over as comments, and Docker puts a name and `|` before each line.
The fields: https://caddyserver.com/docs/logging and modules/caddyhttp/marshalers.go of Caddy's source.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..cache import Cache
from ..records import Record, Request
from .base import Format, LineReader, lines_of
from .targets import host_of, path_of, query_of, split_target
from .times import HOURS_WITH_OFFSET, SECONDS, YEARS
from .why import no_object, no_time

_PREFIX = re.compile(rb"[\w.-]+ *\| *(?=\{)").match
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
MOST = 2**63 - 1  # a larger number does not fit into SQLite
# Numbers with a fraction stay texts, as they were logged.
_DECODER = json.JSONDecoder(parse_float=str)

ACCESS_LOGGER = "http.log.access"  # a log with a name of its own has it after this
CLOUDFRONT = "Amazon CloudFront"  # the user agent of its own requests
# Names beside the request, in it, and in its headers and those of the answer, by their documented names.
_IN_MESSAGE = ("level", "ts", "logger", "bytes_read", "user_id", "duration", "size", "status")
_IN_REQUEST = {
    f"request.{name}": name
    for name in ("remote_addr", "remote_ip", "remote_port", "client_ip", "proto", "method", "host", "uri")
}
_REFERRER, _USER_AGENT, _CONTENT_TYPE = "request.headers.Referer", "request.headers.User-Agent", "resp_headers.Content-Type"
DOCUMENTED = (*_IN_MESSAGE[:3], *_IN_REQUEST, _USER_AGENT, _REFERRER, *_IN_MESSAGE[3:], _CONTENT_TYPE)

# Forms of `ts` besides a number: iso8601, rfc3339 and wall, with any fraction, and common_log. Wall has no time zone: UTC.
_DATE_AND_TIME = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]\d*)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
).fullmatch
_COMMON_LOG = re.compile(r"([^:]+:\d\d)(:\d\d:\d\d) ([+-]\d{4})", re.ASCII).fullmatch
_NUMBER = re.compile(r"\d+(\.\d+)?([eE]\+?\d\d?)?", re.ASCII).fullmatch
# Numbers are seconds, milliseconds or nanoseconds; one of seconds has ten digits until the year 2286.
_UNITS = ((10**11, 1), (10**14, 1000), (10**20, 10**9))
FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (YEARS[0], YEARS[-1]))


def parse(line: bytes) -> Record | None:
    """The record of a line; None when it is none."""
    message = _message(line)
    if message is None or not _is_access(message):
        return None
    time, request = _time_of(message.get("ts")), message["request"]
    if time is None or not isinstance(request, dict) or "method" not in request or "uri" not in request:
        return None
    documented = _documented(message)
    return Record(_request(time, message, documented), documented)


def is_comment(line: bytes) -> bool:
    """Whether a line is another message of Caddy's, or tells of a request what an access record tells as well."""
    message = _message(line)
    return message is not None and "msg" in message and not _is_access(message)


def why_unreadable(line: bytes) -> str:
    """See Reader."""
    message, prefix = _message(line), _PREFIX(line)
    if message is None:
        begin = prefix.end() if prefix else 0
        return no_object(line[begin:], begin) if line[begin:].lstrip()[:1] == b"{" else ""
    if "request" not in message:
        return "no key request"
    if not _is_access(message):
        return f"its logger is not {ACCESS_LOGGER}"
    if _time_of(message.get("ts")) is None:
        return no_time(str(message["ts"]).encode("utf-8", "replace")) if "ts" in message else "no key ts"
    request = message["request"] if isinstance(message["request"], dict) else {}
    return next((f"no key request.{name}" for name in ("method", "uri") if name not in request), "")


def _message(line: bytes) -> dict[str, Any] | None:
    prefix = _PREFIX(line)
    if not prefix and line.lstrip()[:1] != b"{":
        return None
    text = (line[prefix.end() :] if prefix else line).decode("utf-8", "replace")
    try:
        found = _DECODER.decode(text)
    except (ValueError, RecursionError):  # no JSON, a number of thousands of digits, or nested too deep
        return None
    return found if isinstance(found, dict) else None


def _is_access(message: Mapping[str, Any]) -> bool:
    """Errors and the reverse proxy log the request once more, under other names."""
    logger = message.get("logger")
    return "request" in message and (not isinstance(logger, str) or logger.startswith(ACCESS_LOGGER))


def _documented(message: Mapping[str, Any]) -> dict[str, Any]:
    request, headers = message["request"], _headers(message["request"].get("headers"))
    found = {name: message.get(name) for name in _IN_MESSAGE}
    found.update({name: request.get(short) for name, short in _IN_REQUEST.items()})
    found.update({_USER_AGENT: headers.get("user-agent"), _REFERRER: headers.get("referer")})
    found[_CONTENT_TYPE] = _headers(message.get("resp_headers")).get("content-type")
    found["user_id"] = found["user_id"] or None
    return {name: _plain(found[name]) for name in DOCUMENTED}


def _headers(headers: Any) -> dict[str, Any]:
    """Headers by their names in lower case, as these are in any; of several values the first one."""
    if not isinstance(headers, dict):
        return {}
    return {name.lower(): values[0] if isinstance(values, list) and values else values for name, values in headers.items()}


def _plain(value: Any) -> str | int | None:
    """A text or a whole number that can be stored; None for anything else."""
    if isinstance(value, str):
        return value if value.isascii() else _LONE_SURROGATES.sub("\ufffd", value)
    return value if type(value) is int and -MOST <= value <= MOST else None


def _request(time: int, message: Mapping[str, Any], documented: Mapping[str, Any]) -> Request:
    text = Cache(lambda name: value if isinstance(value := documented[name], str) else None)
    target = split_target((text["request.uri"] or "").encode())
    host = host_of((text["request.host"] or "").encode()) or (host_of(target.origin) if target.path else "")
    # Behind proxies that Caddy trusts, the client's address is its own, since 2.7; before 2.5 it had a port.
    address = text["request.client_ip"] or text["request.remote_ip"] or _without_port(text["request.remote_addr"] or "")
    return Request(
        time=time,
        hosts=(host,) if host else (),
        method=text["request.method"] or None,
        path=path_of(target.path),
        query=query_of(target.query),
        status=_number(documented["status"]),
        referrer=text[_REFERRER],
        user_agent=text[_USER_AGENT],
        remote_ip=address or None,
        content_type=text[_CONTENT_TYPE],
        bytes_sent=_number(documented["size"]),
        is_read=text["request.method"] == "GET",
        is_cdn=text[_USER_AGENT] == CLOUDFRONT,
        unlogged=_UNLOGGED["host" in message["request"], "headers" in message["request"], "resp_headers" in message],
    )


def _without_port(address: str) -> str:
    return host_of(address.encode()).strip("[]")


def _unlogged(has: tuple[bool, bool, bool]) -> frozenset[str]:
    """What is not kept; owners may have Caddy leave out any part of a message."""
    has_host, has_headers, has_response_headers = has
    kept = {
        "hosts": has_host, "referrer": has_headers, "user_agent": has_headers, "content_type": has_response_headers,
    }  # fmt: skip
    return frozenset(name for name, is_kept in kept.items() if not is_kept)


_UNLOGGED = Cache(_unlogged)


def _number(value: str | int | None) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _time_of(stamp: Any) -> int | None:
    """Seconds since the epoch, in whichever form Caddy was told to write it; None when it is no time."""
    try:
        if type(stamp) is int or _NUMBER(stamp):
            time = _epoch_of_number(stamp if type(stamp) is int else float(stamp))
        else:
            time = _epoch_of_text(stamp)
    except (ValueError, OverflowError, TypeError):  # of such a form, but no such time; or no text at all
        return None
    return int(time) if FIRST <= time < LAST else None


def _epoch_of_number(number: float) -> float:
    return next((number // unit for limit, unit in _UNITS if number < limit), 0)


def _epoch_of_text(stamp: str) -> float:
    if match := _DATE_AND_TIME(stamp):
        year, month, day, time, zone = match.groups()
        return datetime.fromisoformat(f"{year}-{month}-{day}T{time}{zone or 'Z'}").timestamp()
    if match := _COMMON_LOG(stamp):
        hour, second, offset = (part.encode() for part in match.groups())
        return float((HOURS_WITH_OFFSET[hour, offset] or 0) + SECONDS.get(second, 0))
    return 0


def _recognises(head: bytes) -> bool:
    """A file may begin with many messages before the first request."""
    return any(parse(line) is not None or is_comment(line) for line in lines_of(head))


_TOO_SHORT = rb"[^\n]{0,8}+"  # {"msg":0} is a comment
_READER = LineReader(parse, is_comment, needed=b"{", too_short=_TOO_SHORT, why_unreadable=why_unreadable)

CADDY = Format(
    title="Caddy access log",
    about="The JSON that Caddy 2 writes for each request. It has the content type of each answer, so that pages are known "
    "whatever they are named. Caddy's other messages in the same file are passed over.",
    documented=DOCUMENTED,
    unique=(
        "ts", "request.remote_addr", "request.remote_ip", "request.remote_port", "request.client_ip", "request.uri",
        "bytes_read", "duration", "size",
    ),
    reader=lambda _: _READER,
    recognises=_recognises,
)  # fmt: skip
