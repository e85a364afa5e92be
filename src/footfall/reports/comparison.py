"""
Comparison with the previous period, as tables show it.

Days before a site's first log are left out. If the previous period has some of them, changes compare daily averages; if it
has only such days, there is nothing to compare with.

A period that is not over also compares daily averages, in which its last day counts as the part of it that the logs cover.
Nights are quiet, so that is only roughly that day's part of the views: with fewer than two whole days before it, no change is
reported.
"""

from datetime import timedelta
from math import sqrt
from typing import Literal, NamedTuple

from .intervals import label_of
from .period import Period
from .query import Query

COLUMNS = ("Before", "Change")
UNKNOWN = "-"
TENFOLD = 10  # from this factor on, it reads better than a percentage
FEWEST_DAYS = 2  # whole ones beside one that is not over: then its error stays below a tenth, which counts as no change
SURE = 10  # a change of less than 1/SURE of the earlier number does not count as one

Direction = Literal["up", "down", "same"]


class Comparison(NamedTuple):
    """A question, and the same about the previous period."""

    query: Query
    before: Query

    @property
    def is_possible(self) -> bool:
        """Whether there are logs of the previous period."""
        return self.before.logged_days > 0

    @property
    def is_partial(self) -> bool:
        """Whether either period has days without logs, or that are not over."""
        return any(each.covered_days < each.period.length for each in (self.query, self.before))

    @property
    def is_too_early(self) -> bool:
        """Whether too little of the period is over: it would always seem to have lost."""
        return self.query.is_running and self.query.logged_days - 1 < FEWEST_DAYS

    def is_over(self, at: str) -> bool:
        """Whether the logs reach beyond the interval with this label."""
        until, last = self.query.until, self.query.logged.end
        if until and self.query.interval == "hour":
            return at < f"{until:%Y-%m-%dT%H}:00"
        reached = until.date() if until else last and last + timedelta(1)
        return reached is not None and at < label_of(reached, self.query.interval)

    def change(self, now: int, before: int) -> str:
        """The change between numbers for the whole period."""
        if self.is_too_early:
            return UNKNOWN
        if self.is_partial:
            return change(now / (self.query.covered_days or 1), before / (self.before.covered_days or 1))
        return change(now, before)

    def direction(self, now: int, before: int) -> Direction | None:
        """The direction of that change; None if there is nothing to compare with."""
        if not self.is_possible or self.is_too_early:
            return None
        if self.is_partial:
            return direction(now, before * self.query.covered_days / self.before.covered_days)
        return direction(now, before)

    def text(self, changes: str = "changes compare daily averages") -> str:
        """The text below the table: which days were compared and, if some are missing, how (`changes`)."""
        period, first = self.before.period, self.query.logged.start
        if not self.is_possible:
            return f"nothing to compare with: there are no logs before {self.query.period.start}"
        is_first = first is not None and period.start is not None and period.start < first
        text = f"before: {days_text(Period(first, period.end))}, the first days with logs" if is_first else ""
        text = text or f"before: {days_text(period)}"
        if self.is_too_early:
            return f"{text}; {self.query.until:%Y-%m-%d is only counted up to %H:%M}, too early to compare"
        return f"{text}; {changes}" if self.is_partial else text


def change(now: float, before: float) -> str:
    """
    The change, in percent or as a factor.

    >>> change(12, 10), change(9, 10), change(10, 10), change(70, 2), change(3, 0)
    ('+20 %', '-10 %', '0 %', 'x35', 'new')
    """
    if now == before:
        return "0 %"
    if not before:
        return "new"
    if now >= TENFOLD * before:
        return f"x{now / before:,.0f}"
    percent = round(100 * (now - before) / before)
    return f"{percent:+d} %" if percent else "0 %"


def direction(now: float, before: float) -> Direction:
    """
    The direction of a change; `same` if it is less than a tenth, or could be chance: less than the square root of the counts.

    The dashboard uses the same rule for colors.

    >>> direction(88, 80), direction(95, 80), direction(70, 80), direction(105, 100), direction(3, 0), direction(1, 0)
    ('same', 'up', 'down', 'same', 'up', 'same')
    """
    difference = abs(now - before)
    if SURE * difference < before or difference <= sqrt(max(now, before)):
        return "same"
    return "up" if now > before else "down"


def share_text(part: int, whole: int) -> str:
    """
    The share of a whole, in percent.

    >>> share_text(1, 3), share_text(1, 1000), share_text(3, 3)
    ('33 %', '<1 %', '100 %')
    """
    percent = 100 * part / whole if whole else 0
    return "<1 %" if 0 < percent < 0.5 else f"{percent:.0f} %"


def nothing_text(what: str, query: Query) -> str:
    """The message if nothing was counted; for a period without logs, it says which days have some."""
    elsewhere = f"; there are logs from {days_text(query.logged)}" if query.logged.ends and not query.logged_days else ""
    return f"{what} was counted in this period{elsewhere}"


def days_text(period: Period) -> str:
    """
    The days of a period.

    >>> from datetime import date
    >>> days_text(Period(date(2026, 10, 19), date(2026, 10, 22)))
    '2026-10-19 to 2026-10-22'
    """
    return str(period.start) if period.start == period.end else f"{period.start} to {period.end}"
