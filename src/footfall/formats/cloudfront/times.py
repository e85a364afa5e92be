"""
The times of CloudFront's records: `2022-10-20` and `08:49:42`, in UTC, or how long after the epoch.

An hour and a second of it are looked up apart, each once. In a line that has both fields side by side, the hour is all
from the date up to the hour's two digits, with whatever separates the fields.
"""

import re
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, datetime

from ...cache import Cache
from ..base import HOUR
from .names import DATE, MILLISECONDS, NOTHING, TIME, TIMESTAMP

YEARS = range(1971, 9999)  # what every time zone can show; CloudFront itself began in 2008
_FROM_MILLISECONDS_ON = 10**11  # as seconds it is the year 5138
_HOUR = re.compile(rb"(\d{4})-(\d\d)-(\d\d).*(\d\d)", re.DOTALL).fullmatch
_NUMBER = re.compile(rb"(\d{1,18})(?:\.\d*)?").fullmatch
_TIME = re.compile(rb"(\d\d)(:[0-5]\d:[0-5]\d)").fullmatch

SECONDS = {b":%02d:%02d" % divmod(second, 60): second for second in range(HOUR)}
"""How many seconds of its hour b":49:42" is."""
_SECONDS_OF_HOUR = tuple(SECONDS)


def _epoch_of(hour: bytes) -> int | None:
    match = _HOUR(hour)
    if match is None or int(match[1]) not in YEARS:
        return None
    try:
        return timegm(datetime(*map(int, match.groups()), tzinfo=UTC).timetuple())  # type: ignore[arg-type, misc]
    except ValueError:
        return None


HOURS = Cache(_epoch_of)
"""Seconds since the epoch at the beginning of b"2022-10-20\\t08"; None when there is no such hour."""


def _date_and_hour(number: int) -> tuple[bytes, bytes] | None:
    try:
        when = datetime.fromtimestamp(number * HOUR, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return (b"%d-%02d-%02d" % (when.year, when.month, when.day), b"%02d" % when.hour) if when.year in YEARS else None


_OF_HOUR = Cache(_date_and_hour)


def moment(values: Mapping[str, bytes], between: bytes) -> tuple[bytes, bytes] | None:
    """
    Hour and second of a record, by its fields; None where none of them tells a time.

    The hour is spelled as in lines that have `between` between date and time.
    """
    date, time = values.get(DATE), values.get(TIME)
    if date not in NOTHING and time not in NOTHING:
        found = _TIME(time or b"")
        hour = None if found is None or len(date or b"") != len(b"2022-10-20") else (date or b"") + between + found[1]
        return None if found is None or hour is None or HOURS[hour] is None else (hour, found[2])
    for name in (MILLISECONDS, TIMESTAMP):
        if number := _NUMBER(values.get(name) or b""):
            return _since_epoch(int(number[1]), between)
    return None


def _since_epoch(number: int, between: bytes) -> tuple[bytes, bytes] | None:
    seconds = number // 1000 if number >= _FROM_MILLISECONDS_ON else number
    hour, second = divmod(seconds, HOUR)
    found = _OF_HOUR[hour]
    return None if found is None else (found[0] + between + found[1], _SECONDS_OF_HOUR[second])
