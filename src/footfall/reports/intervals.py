"""How a period is cut: into hours, days, weeks or months, each with its label."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..errors import ConfigError
from .period import Period

INTERVALS = ("hour", "day", "week", "month")
HOURS_PER = {"hour": 1, "day": 24, "week": 24 * 7, "month": 24 * 28}
MOST_MOMENTS = 50_000  # of one history: five years by the hour, a century by the day


def check_interval(interval: str, about: str = "interval") -> None:
    """Raises ConfigError for what is no interval."""
    if interval not in INTERVALS:
        raise ConfigError(f"no interval {interval[:40]!r}; there are: {', '.join(INTERVALS)}", about=about)


def check_length(period: Period, interval: str) -> None:
    """Raises ConfigError where a period is cut into more moments than one answer has room for."""
    moments = period.length * 24 // HOURS_PER[interval]
    if moments > MOST_MOMENTS:
        raise ConfigError(
            f"the interval {interval} cuts this period into some {moments:,} moments, more than {MOST_MOMENTS:,}: "
            "ask for a longer interval or a shorter period",
            about="interval",
        )


def label_of(day: date, interval: str) -> str:
    """The label of a day's interval: a week by its Monday, a month by its first day."""
    if interval == "week":
        day -= timedelta(day.weekday())
    return str(day.replace(day=1) if interval == "month" else day)


def labels_of(period: Period, interval: str, zone: ZoneInfo) -> Iterator[str]:
    """Every label of a period, in order, one for each day: no hour that a change of the clock leaves out."""
    for day in period.days():
        if interval == "hour":
            yield from _hours_of(day, zone)
        else:
            yield label_of(day, interval)


def _hours_of(day: date, zone: ZoneInfo) -> Iterator[str]:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    for hour in range(24):
        local = midnight.replace(hour=hour)
        if datetime.fromtimestamp(local.timestamp(), zone).hour == hour:
            yield f"{day}T{hour:02d}:00"
