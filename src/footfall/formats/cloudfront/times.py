"""
The times of CloudFront's records: `2022-10-20` and `08:49:42` in UTC, or the time since the epoch.

A stretch of time and the second in it are looked up separately, each once. A stretch is an hour if lines have date and time;
it is a hundred seconds if they have milliseconds since the epoch, and given by the first digits.
"""

import re
from calendar import timegm
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ...cache import Cache
from ..base import HOUR
from .names import DATE, MILLISECONDS, NOTHING, TIME, TIMESTAMP

YEARS = range(1971, 9999)  # supported by every time zone; CloudFront itself began in 2008
_FROM_MILLISECONDS_ON = 10**11  # as seconds, it is the year 5138
_DATE = re.compile(rb"(\d{4})-(\d\d)-(\d\d)").fullmatch
_NUMBER = re.compile(rb"(\d{1,18})(?:\.\d*)?").fullmatch
_TIME = re.compile(rb"(\d\d)(:[0-5]\d:[0-5]\d)").fullmatch
HUNDRED = 100  # seconds

_SECONDS_OF_HOUR = [b":%02d:%02d" % divmod(second, 60) for second in range(HOUR)]
_SECONDS_OF_HUNDRED = [b"%02d" % second for second in range(HUNDRED)]


def _epoch_of(day_and_hour: tuple[bytes | None, bytes]) -> int | None:
    day, hour = day_and_hour
    match = _DATE(day or b"")
    if match is None or int(match[1]) not in YEARS or not hour.isdigit():
        return None
    try:
        return timegm(datetime(*map(int, (*match.groups(), hour)), tzinfo=UTC).timetuple())  # type: ignore[arg-type, misc]
    except ValueError:
        return None


def _epoch_of_hundred(digits: bytes) -> int | None:
    """The epoch of a hundred seconds; None if the number is too small to be milliseconds."""
    start = int(digits) * HUNDRED if digits.isdigit() else 0
    return start if start * 1000 >= _FROM_MILLISECONDS_ON else None


@dataclass(frozen=True, eq=False)
class Clock:
    """How pieces of lines express the time."""

    has_days: bool
    """Whether a stretch is given by a day and an hour; otherwise by one number."""
    span: int
    """The length of a stretch, in seconds."""
    starts: Cache
    """The beginning of a stretch, in seconds since the epoch, by its piece or pieces; None if it is invalid."""
    seconds: Mapping[bytes, int]
    """The second in a stretch, by its piece; texts sort in the same order."""


BY_HOURS = Clock(True, HOUR, Cache(_epoch_of), {text: second for second, text in enumerate(_SECONDS_OF_HOUR)})
"""By b"2022-10-20", b"08" and b":49:42"."""
BY_HUNDREDS = Clock(False, HUNDRED, Cache(_epoch_of_hundred), {text: second for second, text in enumerate(_SECONDS_OF_HUNDRED)})
"""By b"16662557" and b"82"."""


def _date_and_hour(number: int) -> tuple[bytes, bytes] | None:
    try:
        when = datetime.fromtimestamp(number * HOUR, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return (b"%d-%02d-%02d" % (when.year, when.month, when.day), b"%02d" % when.hour) if when.year in YEARS else None


_OF_HOUR = Cache(_date_and_hour)


def moment(values: Mapping[str, bytes], clock: Clock = BY_HOURS) -> tuple[bytes | None, bytes, bytes] | None:
    """Day, hour and second of a record, from its fields, in this clock's form; None if there is no valid time."""
    found = _moment(values)
    if found is None or clock.has_days:
        return found
    stretch, second = divmod(BY_HOURS.starts[found[:2]] + BY_HOURS.seconds[found[2]], HUNDRED)
    return None, b"%08d" % stretch, _SECONDS_OF_HUNDRED[second]


def _moment(values: Mapping[str, bytes]) -> tuple[bytes, bytes, bytes] | None:
    date, time = values.get(DATE), values.get(TIME)
    if date not in NOTHING and time not in NOTHING:
        found = _TIME(time or b"")
        return None if found is None or BY_HOURS.starts[date, found[1]] is None else (date or b"", found[1], found[2])
    for name in (MILLISECONDS, TIMESTAMP):
        if number := _NUMBER(values.get(name) or b""):
            return _since_epoch(int(number[1]))
    return None


def _since_epoch(number: int) -> tuple[bytes, bytes, bytes] | None:
    seconds = number // 1000 if number >= _FROM_MILLISECONDS_ON else number
    hour, second = divmod(seconds, HOUR)
    found = _OF_HOUR[hour]
    return None if found is None else (*found, _SECONDS_OF_HOUR[second])
