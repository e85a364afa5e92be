"""Divides a period into hours, days, weeks or months, each with its label."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..errors import ConfigError
from .period import Period

INTERVALS = ("hour", "day", "week", "month")
DAYS_PER = {"day": 1, "week": 7}
HOURS_PER = {"hour": 1, "day": 24, "week": 24 * 7, "month": 24 * 28}
MOST_MOMENTS = 50_000  # in one history: five years by the hour, a century by the day


def check_interval(interval: str, about: str = "interval") -> None:
    """Raises ConfigError for an unknown interval."""
    if interval not in INTERVALS:
        raise ConfigError(f"no interval {interval[:40]!r}; there are: {', '.join(INTERVALS)}", about=about)


def check_length(period: Period, interval: str) -> None:
    """Raises ConfigError if a period has more moments than fit into one answer."""
    moments = period.length * 24 // HOURS_PER[interval]
    if moments > MOST_MOMENTS:
        raise ConfigError(
            f"the interval {interval} splits this period into about {moments:,} data points, more than {MOST_MOMENTS:,}: "
            f"choose a longer interval or a shorter period",
            about="interval",
        )


def label_of(day: date, interval: str) -> str:
    """The label of a day's interval: a week's Monday, a month's first day."""
    if interval == "week":
        day -= timedelta(day.weekday())
    return str(day.replace(day=1) if interval == "month" else day)


def labels_of(period: Period, interval: str, zone: ZoneInfo) -> Iterator[str]:
    """The labels of a period, in order, each once; without hours skipped by a change of the clock."""
    if interval == "hour":
        for day in period.days():
            yield from _hours_of(day, zone)
    elif period.ends:
        start, end = (label_of(day, interval) for day in period.ends)
        yield from map(str, _begins(date.fromisoformat(start), date.fromisoformat(end), interval))


def _begins(first: date, last: date, interval: str) -> Iterator[date]:
    """The first day of each interval between two days, without iterating over the days."""
    if interval == "month":
        months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
        yield from (date(number // 12, number % 12 + 1, 1) for number in months)
    else:
        yield from map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1, DAYS_PER[interval]))


def _hours_of(day: date, zone: ZoneInfo) -> Iterator[str]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    for hour in range(24):
        local = midnight.replace(hour=hour)
        if datetime.fromtimestamp(local.timestamp(), zone).hour == hour:
            yield f"{day}T{hour:02d}:00"
