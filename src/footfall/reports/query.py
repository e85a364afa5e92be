"""A question: one frozen value, which checks and echoes itself. Every report takes it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from ..dimensions import DIMENSIONS, FILTERS
from ..errors import ConfigError
from ..measures import BOT, BOTS, MEASURES, VISITORS, choose_measure, measures_of
from ..pageviews.pages import asked_prefix
from .intervals import check_interval
from .period import Period, previous

UTC = ZoneInfo("UTC")
MINUTES = 24 * 60  # of a day


class Filter(NamedTuple):
    """Selects what has this value of a dimension."""

    dimension: str
    value: str

    def __str__(self) -> str:
        return f"{self.dimension}={self.value}"


@dataclass(frozen=True)
class Query:
    """
    A question; each report reads the fields that it needs.

    Raises ConfigError, which names the field, for a question that makes no sense whatever is in the store.
    """

    site: str | None = None
    """None for the only one in the store."""
    period: Period = Period()
    zone: ZoneInfo = UTC
    """The time zone of the site's days."""
    dimension: str | None = None
    """The dimension of a breakdown."""
    measure: str | None = None
    """None for the dimension's default."""
    page: str | None = None
    """A single page."""
    otherwise: tuple[str, ...] = ()
    """Other pages that may be meant if none has that name, see pages.also_meant."""
    prefix: str = ""
    """Only pages, or values of the dimension, with this prefix."""
    filter: tuple[Filter, ...] = ()
    """Only what matches all of these."""
    interval: str = "day"
    """The interval of a history."""
    series: str | None = None
    """The interval of each row's series; None for no series."""
    limit: int | None = None
    cursor: str | None = None
    """The `next` of an earlier answer."""
    compare: bool = False
    """Whether to compare with the previous period."""
    keeps_weekdays: bool = False
    """Whether the previous period begins on the same weekday, except for whole months."""
    logged: Period = Period()
    """The days with logs, added from the store: averages and comparisons leave out all others. Open: there are none."""
    until: datetime | None = None
    """The latest request in any log file, in the time zone; None if the last day with logs is over by then."""
    off: frozenset[str] = frozenset()
    """The dimensions that are turned off, even if the store has earlier counts."""
    must_exist: bool = True
    """Whether a page without views is an error, with suggestions, or a page with no views."""

    def __post_init__(self) -> None:
        if self.dimension is not None:
            check_dimension(self.dimension)
        self._check_filter()
        choose_measure(self.measure, self.measured_by)
        if self.measure is not None and MEASURES[self.measure].is_of_site and not self.is_of_site:
            raise ConfigError(
                f"{self.measure} are only counted for the whole site: leave out page, prefix and filter", about="measure"
            )
        check_interval(self.interval)
        if self.series is not None:
            check_interval(self.series, "series")
        if self.prefix and self.page is not None:
            raise ConfigError("page and prefix cannot be combined; use one of them", about="page")
        if self.page is not None and self.counted_by != "page" and not self.filter:
            raise ConfigError(f"{self.dimension} is counted for the whole site, not for one page", about="page")
        if self.interval == "hour" and self.measure not in (None, *measures_of("hour")):
            raise ConfigError(f"{self.measure} are not counted by the hour: ask by day, or for views", about="interval")
        if self.prefix and self.interval == "hour":
            raise ConfigError("hours are not counted by prefix: ask for one page, for all pages, or by day", about="interval")

    def _check_filter(self) -> None:
        names = [each.dimension for each in self.filter]
        for name in map(check_dimension, names):
            if names.count(name) > 1:
                raise ConfigError(f"names {name} twice, but a view has only one", about="filter")
            if name not in FILTERS and (len(names) > 1 or self.page is not None or self.dimension not in (None, name)):
                alone = "use it alone: in total, over time, or by its own dimension"
                raise ConfigError(
                    f"{name} is counted for requests that are not views, and those are not stored: {alone}", about="filter"
                )
            if name not in FILTERS and self.interval == "hour":
                raise ConfigError(f"{name} is not counted by the hour: ask by day", about="interval")
        if self.filter and self.dimension not in (None, *FILTERS, *names):
            raise ConfigError(f"{self.dimension} counts requests that are not views, which cannot be filtered", about="filter")

    @property
    def is_of_site(self) -> bool:
        """Whether it is about the whole site, not only some of its pages or views."""
        return self.page is None and not self.prefix and not self.filter

    @property
    def measured_by(self) -> str | None:
        """The dimension that decides what can be measured; that of a filter if it selects requests."""
        return self.dimension or next((each.dimension for each in self.filter if each.dimension not in FILTERS), None)

    @property
    def is_tallied(self) -> bool:
        """Whether its only filter can be answered from the tally of the filter's dimension, which is complete."""
        if len(self.filter) != 1 or self.page is not None or self.prefix or self.interval == "hour":
            return False
        name = self.filter[0].dimension
        return self.dimension in (None, name) and (self.measure is None or self.measure in measures_of(name))

    @property
    def counted_by(self) -> str:
        """The dimension whose counts answer it: pages, unless another is named."""
        return self.measured_by or "page"

    @property
    def logged_days(self) -> int:
        """The number of days in the period that have logs."""
        return self.period.overlap(self.logged)

    @property
    def is_running(self) -> bool:
        """Whether the logs end during a day of the period."""
        return self.until is not None and bool(self.period.overlap(Period(self.until.date(), self.until.date())))

    @property
    def covered_days(self) -> float:
        """`logged_days`; a day that is not over counts as the part of it that the logs cover."""
        if self.until is None or not self.is_running:
            return self.logged_days
        return self.logged_days - 1 + round((self.until.hour * 60 + self.until.minute) / MINUTES, 4)

    @property
    def stored_as(self) -> str:
        """The name under which a store has the counts that answer it; for a dimension that groups another, the other."""
        name = MEASURES[choose_measure(self.measure, self.counted_by)].stored_as(self.counted_by)
        return DIMENSIONS[name].groups or name

    @property
    def turned_off(self) -> str:
        """Why it has no answer, if the dimension that would answer it is off; else ""."""
        if self.measure == VISITORS:  # counted for the site, not by a dimension
            return ""
        counted = BOT if self.measure == BOTS else self.stored_as
        asked = (counted, *(DIMENSIONS[each.dimension].groups or each.dimension for each in self.filter))
        name = next((each for each in asked if each in self.off), None)
        if name is None:
            return ""
        if not DIMENSIONS[name].is_on:
            return f"{name} is not counted by default; turn it on in the setting dimensions: {name} = true"
        return f"{name} is not counted: the setting dimensions turns it off"

    def previous(self) -> "Query":
        """The same question about the previous period."""
        return replace(self, period=previous(self.period, keeps_weekdays=self.keeps_weekdays))

    def echo(self, names: Sequence[str]) -> dict[str, Any]:
        """The question as the `query` of an answer: these fields, in this order."""
        start, end = (str(day) if day else None for day in (self.period.start, self.period.end))
        ends = {"start": start, "end": end}
        echoed = {name: ends[name] if name in ends else getattr(self, name) for name in names}
        return echoed | ({"filter": [*map(str, self.filter)]} if self.filter else {})


def check_dimension(name: str) -> str:
    """`name`, if it is a dimension; otherwise raises ConfigError, which lists the dimensions."""
    if name not in DIMENSIONS:
        near = get_close_matches(name, DIMENSIONS, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise ConfigError(f"no dimension {name!r}{meant or '; there are: ' + ', '.join(DIMENSIONS)}")
    return name


def read_prefix(written: str, dimension: str, index_documents: tuple[str, ...]) -> str:
    """The prefix of the requested values; for paths, also as people copy them: `/blog/`."""
    return asked_prefix(written, index_documents) if DIMENSIONS[dimension].is_path else written
