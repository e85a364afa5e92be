"""
Times in the format of web servers: `20/Oct/2022:10:49:42 +0200` is an hour, a second within it, and an offset.

There are few hours, and an hour has 3,600 seconds, so each is looked up once.
"""

import re
from calendar import timegm
from datetime import UTC, datetime

from ..cache import Cache

# Finds a second record in a line: records of S3 and of web servers begin a few words before their time.
ANOTHER = re.compile(rb" \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] ").search
ANOTHER_BEGINS = re.compile(rb"\[\d\d/").search
"""The same for places without clients' text, so that a record that was cut off is found, too."""

YEARS = range(1971, 9999)  # supported by every time zone
MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # English, whatever the locale

SECONDS = {b":%02d:%02d" % divmod(second, 60): second for second in range(3600)}
"""The second of the hour for b":49:42"; texts sort in the same order."""


def _epoch_of(hour: bytes) -> int | None:
    """Seconds since the epoch at the beginning of b"20/Oct/2022:08"; None if it is invalid."""
    match = re.fullmatch(rb"(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d)", hour)
    try:
        if match is not None:
            year, month = int(match[3]), MONTHS.index(match[2]) + 1
            if year not in YEARS:
                return None
            return timegm(datetime(year, month, int(match[1]), int(match[4]), tzinfo=UTC).timetuple())
    except ValueError:
        pass
    return None


HOURS = Cache(_epoch_of)
"""The beginning of an hour in UTC, in seconds since the epoch; None if it is invalid."""


def _epoch_with_offset(hour_and_offset: tuple[bytes, bytes]) -> int | None:
    """The same for an hour in another time zone, (b"20/Oct/2022:10", b"+0200"); not a whole hour in UTC for some zones."""
    hour, offset = hour_and_offset
    begin, ahead = HOURS[hour], _seconds_ahead(offset)
    return None if begin is None or ahead is None else begin - ahead


HOURS_WITH_OFFSET = Cache(_epoch_with_offset)


def _seconds_ahead(offset: bytes) -> int | None:
    """How many seconds b"+0530" is ahead of UTC; None if it is invalid."""
    match = re.fullmatch(rb"([+-])(\d\d)([0-5]\d)", offset)
    if match is None or int(match[2]) >= 24:
        return None
    return (int(match[2]) * 60 + int(match[3])) * (-60 if match[1] == b"-" else 60)


def in_utc(stamp: bytes, offset: bytes) -> tuple[bytes, bytes] | None:
    """Hour and second in UTC for b"[20/Oct/2022:10:49:42" and b"+0200]"; None if they are invalid."""
    hour, second = stamp[1:15], stamp[15:]
    ahead = _seconds_ahead(offset[:-1])
    if second not in SECONDS or ahead is None or offset[-1:] != b"]" or HOURS[hour] is None:
        return None
    if not ahead:
        return hour, second
    when = datetime.fromtimestamp(HOURS[hour] + SECONDS[second] - ahead, UTC)
    return b"%02d/%b/%d:%02d" % (when.day, MONTHS[when.month - 1], when.year, when.hour), b":%02d:%02d" % (
        when.minute,
        when.second,
    )
