"""
Detects days with far more or far fewer views than usual.

A day is compared with the same weekday of the eight weeks before, hour for hour as far as it has gone. What is usual is their
median; their spread is the largest of three numbers: the median of their distances from it, scaled to a standard deviation, the
square root of what is usual, and a tenth of it. See ADR 0052.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import sqrt
from statistics import median
from typing import Literal, NamedTuple

from ..stores import Store
from .period import Period
from .query import Query
from .reading import daily
from .resolve import resolve

WEEKS = 8
FEWEST_WEEKS = 4  # with fewer nobody knows what is usual
FEWEST_VIEWS = 50  # a difference of fewer is no news, whatever the site
SPREADS = 5
FACTOR = 2
# Medians of distances of a normal distribution are this much smaller than its standard deviation.
TO_DEVIATION = 1.4826
HOURS = 24
LATE_HOURS = 6  # S3 delivers most logs sooner: before that, a day with few views may just lack some

Unusual = Literal["more", "fewer"]


class Usual(NamedTuple):
    """A day, as far as it has gone, beside what is usual for it."""

    day: date
    hours: int
    """How many of its hours count, from midnight: those that are over and logged."""
    views: int
    usual: float | None
    """The median of the weeks before; None where there are too few."""
    spread: float
    """How far days lie from it by themselves."""
    is_whole: bool
    """Whether all of its logs should be there: only then can it have too few views."""

    @property
    def unusual(self) -> Unusual | None:
        """Whether it has far more or far fewer; None where it has neither, or nobody knows."""
        if self.usual is None or abs(self.views - self.usual) < max(SPREADS * self.spread, FEWEST_VIEWS):
            return None
        if self.views >= FACTOR * self.usual:
            return "more"
        return "fewer" if self.is_whole and FACTOR * self.views <= self.usual else None


def usual_days(store: Store, query: Query, now: datetime) -> list[Usual]:
    """Yesterday and today in the site's time zone, as far as there are logs of them; `now` is aware."""
    query = resolve(store, query)
    latest, first = store.latest(), query.logged.start
    if query.site is None or latest is None or first is None:
        return []
    today = now.astimezone(query.zone).date()
    asked = Period(today - timedelta(7 * WEEKS + 1), today)
    views: dict[date, list[int]] = defaultdict(lambda: [0] * HOURS)
    for hour, day, times in daily(store, replace(query, dimension="hour", measure=None, period=asked)):
        views[date.fromisoformat(day)][int(hour)] = times
    reach = datetime.fromtimestamp(latest, query.zone)
    return [
        usual_day(day, hours, views, first, reach) for day in (today - timedelta(1), today) if (hours := _hours(day, reach))
    ]


def _hours(day: date, reach: datetime) -> int:
    """How many hours of a day are over, as far as the logs reach."""
    return HOURS if reach.date() > day else reach.hour if reach.date() == day else 0


def usual_day(day: date, hours: int, views: Mapping[date, Sequence[int]], first: date, reach: datetime) -> Usual:
    """A day's first hours beside those of its weekday; `views` are by the hour, and the logs go from `first` to `reach`."""
    weeks = [day - timedelta(7 * number) for number in range(1, WEEKS + 1)]
    before = [sum(views[each][:hours]) for each in weeks if each >= first]
    is_whole = (reach - timedelta(hours=LATE_HOURS)).date() > day
    now = sum(views[day][:hours])
    if len(before) < FEWEST_WEEKS:
        return Usual(day, hours, now, None, 0, is_whole)
    middle = median(before)
    distance = TO_DEVIATION * median(abs(each - middle) for each in before)
    return Usual(day, hours, now, middle, max(distance, sqrt(middle), middle / 10), is_whole)
