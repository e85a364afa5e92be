"""
Detects days with far more or far fewer views than usual.

A day is compared with the same weekday of the eight weeks before, up to the same hour. The usual number is their median, and
the spread the largest of three numbers: the median of their distances from it, scaled to a standard deviation; its square
root; and a tenth of it. See ADR 0052.
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
FEWEST_WEEKS = 4  # with fewer, the usual number is unknown
FEWEST_VIEWS = 50  # a smaller difference is never reported
SPREADS = 5
FACTOR = 2
# The median distance of a normal distribution is smaller than its standard deviation by this factor.
TO_DEVIATION = 1.4826
HOURS = 24
LATE_HOURS = 6  # S3 delivers most logs sooner; until then, a day may have few views because some are missing

Unusual = Literal["more", "fewer"]


class Usual(NamedTuple):
    """A day so far, with its usual range."""

    day: date
    hours: int
    """How many of its hours are compared, from midnight: those that are over and logged."""
    views: int
    usual: float | None
    """The median of the weeks before; None if there are too few."""
    spread: float
    """How far days normally are from it."""
    is_whole: bool
    """Whether all of its logs should be there: only then can it have too few views."""

    @property
    def unusual(self) -> Unusual | None:
        """Whether it has far more or far fewer views; None if neither, or if that is not known."""
        if self.usual is None or abs(self.views - self.usual) < max(SPREADS * self.spread, FEWEST_VIEWS):
            return None
        if self.views >= FACTOR * self.usual:
            return "more"
        return "fewer" if self.is_whole and FACTOR * self.views <= self.usual else None


def usual_days(store: Store, query: Query, now: datetime) -> list[Usual]:
    """Yesterday and today in the site's time zone, if there are logs of them; `now` is aware."""
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
    """How many hours of a day are over, up to the latest log."""
    return HOURS if reach.date() > day else reach.hour if reach.date() == day else 0


def usual_day(day: date, hours: int, views: Mapping[date, Sequence[int]], first: date, reach: datetime) -> Usual:
    """Compares a day's first hours with those of its weekday; `views` are by hour, and the logs go from `first` to `reach`."""
    weeks = [day - timedelta(7 * number) for number in range(1, WEEKS + 1)]
    before = [sum(views[each][:hours]) for each in weeks if each >= first]
    is_whole = (reach - timedelta(hours=LATE_HOURS)).date() > day
    now = sum(views[day][:hours])
    if len(before) < FEWEST_WEEKS:
        return Usual(day, hours, now, None, 0, is_whole)
    middle = median(before)
    distance = TO_DEVIATION * median(abs(each - middle) for each in before)
    return Usual(day, hours, now, middle, max(distance, sqrt(middle), middle / 10), is_whole)
