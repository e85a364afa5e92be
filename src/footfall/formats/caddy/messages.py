"""A line's message: whether it reports a request, its time, and what is wrong with a line that does not."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..times import HOURS_WITH_OFFSET, SECONDS, YEARS
from ..why import no_object, no_time

_PREFIX = re.compile(rb"[\w.-]+ *\| *(?=\{)").match
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
MOST = 2**63 - 1  # a larger number does not fit into SQLite
# Numbers with a fraction stay text, as logged.
_DECODE = json.JSONDecoder(parse_float=str).raw_decode
NO_JSON = object()
ACCESS_LOGGER = "http.log.access"  # followed by the log's name, if it has one

# Other forms of `ts` than numbers: iso8601, rfc3339 and wall, with any fraction, and common_log. Wall, without zone, is UTC.
_DATE_AND_TIME = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,]\d*)?(Z|[+-]\d\d:?\d\d)?", re.ASCII
).fullmatch
_COMMON_LOG = re.compile(r"([^:]+:\d\d)(:\d\d:\d\d) ([+-]\d{4})", re.ASCII).fullmatch
_NUMBER = re.compile(r"\d+(\.\d+)?([eE]\+?\d\d?)?", re.ASCII).fullmatch
# Numbers are seconds, milliseconds or nanoseconds; seconds have ten digits until the year 2286.
_UNITS = ((10**11, 1), (10**14, 1000), (10**20, 10**9))
FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (YEARS[0], YEARS[-1]))


def message_of(line: bytes) -> dict[str, Any] | None:
    """The object of a line; None if it is not one."""
    if line[:1] != b"{":
        prefix = _PREFIX(line)
        if not prefix and line.lstrip()[:1] != b"{":
            return None
        line = line[prefix.end() :] if prefix else line
    found = decoded(line)
    return found if isinstance(found, dict) else None


def decoded(content: bytes) -> Any:
    """Decoded JSON; NO_JSON if it is invalid, has a number with thousands of digits, or is nested too deep."""
    text = content.strip(b" \t\r\n").decode("utf-8", "replace")
    try:
        value, end = _DECODE(text)
    except (ValueError, RecursionError):
        return NO_JSON
    return value if end == len(text) else NO_JSON


def is_access(message: Mapping[str, Any]) -> bool:
    """Whether a message is of the access log: errors and the reverse proxy log requests again, under other names."""
    logger = message.get("logger")
    return "request" in message and (not isinstance(logger, str) or logger.startswith(ACCESS_LOGGER))


def header_of(headers: Any, name: str) -> Any:
    """A header by its name in lower case, whatever case it has; the first of several values."""
    if not isinstance(headers, dict):
        return None
    keys = [key for key in headers if len(key) == len(name) and key.lower() == name]
    values = headers[keys[-1]] if keys else None
    return values[0] if isinstance(values, list) and values else values


def is_comment(message: Mapping[str, Any] | None) -> bool:
    """Whether a message is another one of Caddy's, or about a request that also has an access record."""
    return message is not None and "msg" in message and not is_access(message)


def why_unreadable(line: bytes) -> str:
    """See Reader."""
    message, prefix = message_of(line), _PREFIX(line)
    if message is None:
        begin = prefix.end() if prefix else 0
        return no_object(line[begin:], begin) if line[begin:].lstrip()[:1] == b"{" else ""
    if "request" not in message:
        return "no key request"
    if not is_access(message):
        return f"its logger is not {ACCESS_LOGGER}"
    if time_of(message.get("ts")) is None:
        return no_time(str(message["ts"]).encode("utf-8", "replace")) if "ts" in message else "no key ts"
    request = message["request"] if isinstance(message["request"], dict) else {}
    return next((f"no key request.{name}" for name in ("method", "uri") if name not in request), "")


def plain(value: Any) -> str | int | None:
    """A text or a whole number that can be stored; None for anything else."""
    if isinstance(value, str):
        return value if value.isascii() else _LONE_SURROGATES.sub("\ufffd", value)
    return value if type(value) is int and -MOST <= value <= MOST else None


def time_of(stamp: Any) -> int | None:
    """Seconds since the epoch, from any form that Caddy can write; None if it is not a time."""
    if type(stamp) is str and stamp[10:11] == "." and stamp.isascii() and (stamp[:10] + stamp[11:]).isdigit():
        second = int(float(stamp))  # the usual form, with a faster check
        return second if FIRST <= second < LAST else None
    if type(stamp) is str and not "0" <= stamp[:1] <= "9":
        return None
    try:
        if type(stamp) is int:
            time = _epoch_of_number(stamp) if stamp >= FIRST else 0
        elif _NUMBER(stamp):
            time = _epoch_of_number(float(stamp))
        else:
            time = _epoch_of_text(stamp)
    except (ValueError, OverflowError, TypeError):  # a valid form but not a valid time, or not text
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
