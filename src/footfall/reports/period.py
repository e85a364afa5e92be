"""Periods: parsing them, and finding the previous one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from ..errors import ConfigError

# The years that log formats allow. There are no views outside them, and not every time zone is defined there.
FIRST_DAY, LAST_DAY = date(1971, 1, 1), date(9998, 12, 31)


WEEK = 7  # days
DAYS = {"d": 1, "w": WEEK}
# The last whole one of each, in the syntax of parse_period.
WHOLE_PERIODS = {"day": "yesterday", "week": "last week", "month": "last month"}


@dataclass(frozen=True)
class Period:
    """Days in the site's time zone, both ends included; None means as far as there are counts."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.end < self.start:
            raise ConfigError(f"the period ends ({self.end}) before it starts ({self.start})", about="end")

    @property
    def ends(self) -> tuple[date, date] | None:
        """The first and last day; None while an end is open."""
        return (self.start, self.end) if self.start and self.end else None

    def days(self) -> Iterator[date]:
        """Every day, in order; none while an end is open."""
        if self.ends:
            start, end = self.ends
            yield from (start + timedelta(number) for number in range((end - start).days + 1))

    @property
    def length(self) -> int:
        """How many days it has; 0 while an end is open."""
        return (self.ends[1] - self.ends[0]).days + 1 if self.ends else 0

    def overlap(self, other: "Period") -> int:
        """How many days are in both; 0 while an end of either is open."""
        if not self.ends or not other.ends:
            return 0
        (start, end), (first, last) = self.ends, other.ends
        return max(0, (min(end, last) - max(start, first)).days + 1)


def parse_period(text: str, today: date) -> tuple[date, date]:
    """
    The first and last day of a period as people write it.

    `2022-10-20`, `2022-10`, `2022`, `today`, `yesterday`; `week` (from Monday), `month`, `year`, and each with `last`, the
    previous whole one; `7d` or `7 days` (including today), and likewise `2 weeks`, `12 months` and `3 years`, which end
    today. Raises ConfigError for anything else.

    >>> parse_period("last week", date(2026, 11, 26))
    (datetime.date(2026, 11, 16), datetime.date(2026, 11, 22))
    >>> parse_period("12 months", date(2026, 11, 26))
    (datetime.date(2025, 11, 27), datetime.date(2026, 11, 26))

    >>> parse_period("2026-02", date(2026, 11, 24))
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    """
    try:
        first, last = _read_days(text.strip().lower(), today)
        if first >= FIRST_DAY and last <= LAST_DAY:
            return first, last
    except (ValueError, OverflowError):
        pass
    days = re.findall(r"\d{4}-\d\d-\d\d", text)
    if len(days) == 2:
        raise ConfigError(f"{text[:80]!r} is more than one day or period; give its ends: start {days[0]}, end {days[1]}")
    if text.strip().lower() in ("all", "ever", "all time", "everything", "total"):
        raise ConfigError(f"no day or period {text[:80]!r}; for all days, leave out start, end and period")
    raise ConfigError(
        f"no day or period {text[:80]!r}; write it as 2022-10-20, 2022-10, 2022, today, yesterday, 30d, "
        "week, month, year, last month or 12 months"
    )


def whole_period(written: str, today: date) -> Period:
    """
    The last whole `day`, `week` (from Monday) or `month`; any other period as people write it. Raises ConfigError.

    >>> whole_period("week", date(2026, 11, 27))
    Period(start=datetime.date(2026, 11, 16), end=datetime.date(2026, 11, 22))
    """
    return Period(*parse_period(WHOLE_PERIODS.get(written, written), today))


def _read_days(word: str, today: date) -> tuple[date, date]:
    if word == "today":
        return today, today
    if word == "yesterday":
        return today - timedelta(1), today - timedelta(1)
    if named := re.fullmatch(r"(this |last )?(week|month|year)", word):
        whole = _whole(named[2], today)
        return _whole(named[2], whole[0] - timedelta(1)) if named[1] == "last " else whole
    if counted := re.fullmatch(r"(?:last )?([1-9][0-9]*) ?(d|days?|w|weeks?|m|months?|y|years?)", word):
        return _back(today, int(counted[1]), counted[2][0]) + timedelta(1), today
    if len(word) == 4:
        return date(int(word), 1, 1), date(int(word), 12, 31)
    if len(word) == 7 and word[4] == "-":
        first = date(int(word[:4]), int(word[5:]), 1)
        return first, (first + timedelta(31)).replace(day=1) - timedelta(1)
    if len(word) == 10:
        return date.fromisoformat(word), date.fromisoformat(word)
    raise ValueError(word)


def _whole(unit: str, day: date) -> tuple[date, date]:
    """The first and last day of a day's week, month or year."""
    if unit == "week":
        first = day - timedelta(day.weekday())
        return first, first + timedelta(6)
    if unit == "year":
        return day.replace(month=1, day=1), day.replace(month=12, day=31)
    return day.replace(day=1), (day.replace(day=1) + timedelta(31)).replace(day=1) - timedelta(1)


def _back(day: date, number: int, unit: str) -> date:
    """The day `number` days, weeks, months or years earlier; in a shorter month, its last day."""
    if unit in DAYS:
        return day - timedelta(number * DAYS[unit])
    months = day.year * 12 + day.month - 1 - number * (12 if unit == "y" else 1)
    first, last = _whole("month", date(months // 12, months % 12 + 1, 1))
    return min(first + timedelta(day.day - 1), last)


def read_period(start: str | None, end: str | None, period: str | None, zone: ZoneInfo) -> Period:
    """The period from the beginning of `start` to the end of `end`, or `period`, which sets both; `today` depends on `zone`."""
    if period and (start or end):
        raise ConfigError("period already sets both ends; leave out start and end", about="period")
    today = datetime.now(zone).date()
    first = parse_period(start or period or "", today)[0] if start or period else None
    last = parse_period(end or period or "", today)[1] if end or period else None
    return Period(first, last)


def previous(period: Period, *, keeps_weekdays: bool = False) -> Period:
    """
    The same number of days just before; for whole months, the same number of months. An open period has none.

    With `keeps_weekdays`, days are moved back by the fewest whole weeks, so that Mondays are compared with Mondays.

    >>> previous(Period(date(2026, 10, 8), date(2026, 10, 10)))
    Period(start=datetime.date(2026, 10, 5), end=datetime.date(2026, 10, 7))
    >>> previous(Period(date(2026, 10, 8), date(2026, 10, 10)), keeps_weekdays=True)
    Period(start=datetime.date(2026, 10, 1), end=datetime.date(2026, 10, 3))
    >>> previous(Period(date(2026, 3, 1), date(2026, 3, 31)), keeps_weekdays=True)
    Period(start=datetime.date(2026, 2, 1), end=datetime.date(2026, 2, 28))
    """
    if not period.ends:
        return Period()
    start, end = period.ends
    try:
        if start.day == 1 and (end + timedelta(1)).day == 1:
            months = (end.year - start.year) * 12 + end.month - start.month + 1
            number = start.year * 12 + start.month - 1 - months
            return Period(date(number // 12, number % 12 + 1, 1), start - timedelta(1))
        back = timedelta(WEEK * ceil(period.length / WEEK) if keeps_weekdays else period.length)
        return Period(start - back, end - back)
    except (ValueError, OverflowError) as error:
        raise ConfigError(
            f"there is no period of this length before {start}; ask for a shorter one", about="compare"
        ) from error


def seconds_of(ends: tuple[date, date], zone: ZoneInfo) -> tuple[int, int]:
    """The first and last second of a period, since the epoch."""
    start, end = ends
    first, after = (datetime.combine(day, time(), zone) for day in (start, min(end, LAST_DAY) + timedelta(1)))
    return int(first.timestamp()), int(after.timestamp()) - 1
