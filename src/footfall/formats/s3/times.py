"""The times of S3's records: `[20/Oct/2022:08:49:42 +0000]` is an hour and a second of it, each looked up once."""

import re
from calendar import timegm
from datetime import UTC, datetime

from ...cache import Cache

YEARS = range(1971, 9999)  # what every time zone can show; S3 itself began in 2006
MONTHS = b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # English, whatever the locale

SECONDS = {b":%02d:%02d" % divmod(second, 60): second for second in range(3600)}
"""How many seconds of its hour b":49:42" is; in order as texts, too."""


def _epoch_of(hour: bytes) -> int | None:
    """Seconds since the epoch at the beginning of b"20/Oct/2022:08"; None when there is no such hour."""
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


def in_utc(stamp: bytes, offset: bytes) -> tuple[bytes, bytes] | None:
    """Hour and second in UTC of b"[20/Oct/2022:10:49:42" and b"+0200]"; None when there is no such time."""
    hour, second = stamp[1:15], stamp[15:]
    if second not in SECONDS or re.fullmatch(rb"[+-]\d{4}\]", offset) is None or HOURS[hour] is None:
        return None
    ahead = (int(offset[1:3]) * 60 + int(offset[3:5])) * (-60 if offset[:1] == b"-" else 60)
    if not ahead:
        return hour, second
    when = datetime.fromtimestamp(HOURS[hour] + SECONDS[second] - ahead, UTC)
    return b"%02d/%b/%d:%02d" % (when.day, MONTHS[when.month - 1], when.year, when.hour), b":%02d:%02d" % (
        when.minute,
        when.second,
    )
