"""A question: one frozen value, which checks and echoes itself. Every report takes it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from ..dimensions import DIMENSIONS
from ..errors import ConfigError
from ..measures import MEASURES, VISITORS, choose_measure, measures_of
from ..pageviews.pages import asked_prefix
from .intervals import check_interval
from .period import Period, previous

UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Query:
    """
    What is asked; a report reads the fields that it has a use for.

    Raises ConfigError for a question that makes no sense, whatever the store has; it names the field.
    """

    site: str | None = None
    """None: the only one that the store has."""
    period: Period = Period()
    zone: ZoneInfo = UTC
    """Where the site's days begin and end."""
    dimension: str | None = None
    """What a breakdown is by."""
    measure: str | None = None
    """None: what the dimension counts."""
    page: str | None = None
    """One page alone."""
    otherwise: tuple[str, ...] = ()
    """The pages that are meant where there is none of that name, see pages.also_meant."""
    prefix: str = ""
    """Only pages, or values of the dimension, that begin so."""
    interval: str = "day"
    """How a history is cut."""
    series: str | None = None
    """How each row's series is cut; None for rows without one."""
    limit: int | None = None
    cursor: str | None = None
    """The `next` of an earlier answer."""
    compare: bool = False
    """Whether the period before is asked for too."""
    logged: Period = Period()
    """Which days there are logs of, which the store adds: no average and no comparison counts others. Open: of none."""
    off: frozenset[str] = frozenset()
    """The dimensions that nothing is counted by, whatever the store has of days before."""
    must_exist: bool = True
    """Whether a page that was never viewed is refused, with what was perhaps meant, or has no views."""

    def __post_init__(self) -> None:
        if self.dimension is not None:
            check_dimension(self.dimension)
        choose_measure(self.measure, self.dimension)
        if self.measure == VISITORS and (self.page is not None or self.prefix):
            raise ConfigError("visitors are only counted for the whole site: leave out page and prefix", about="measure")
        check_interval(self.interval)
        if self.series is not None:
            check_interval(self.series, "series")
        if self.prefix and self.page is not None:
            raise ConfigError("page and prefix exclude each other; use one of them", about="page")
        if self.page is not None and self.counted_by != "page":
            raise ConfigError(f"{self.dimension} is counted for the whole site, not for one page", about="page")
        if self.interval == "hour" and self.measure not in (None, *measures_of("hour")):
            raise ConfigError(f"{self.measure} are not counted by the hour: ask by day, or for views", about="interval")
        if self.prefix and self.interval == "hour":
            raise ConfigError(
                "the hours of pages with a prefix are not counted: ask for one page, for all, or by day", about="interval"
            )

    @property
    def counted_by(self) -> str:
        """The dimension whose counts answer it: of pages, unless another is named."""
        return self.dimension or "page"

    @property
    def logged_days(self) -> int:
        """How many days of the period there are logs of."""
        return self.period.overlap(self.logged)

    @property
    def stored_as(self) -> str:
        """The name under which a store has the counts that answer it; of a dimension that groups, those of the other."""
        name = MEASURES[choose_measure(self.measure, self.counted_by)].stored_as(self.counted_by)
        return DIMENSIONS[name].groups or name

    @property
    def turned_off(self) -> str:
        """Why it has no answer, where the dimension is off whose counts answer it; else ""."""
        if self.measure == VISITORS or (name := self.stored_as) not in self.off:  # visitors: of the site, not by a dimension
            return ""
        if not DIMENSIONS[name].is_on:
            return f"nothing is counted by {name} unless the setting dimensions turns it on: {name} = true"
        return f"{name} is turned off by the setting dimensions, so nothing is counted by it"

    def previous(self) -> "Query":
        """The same question about the period before."""
        return replace(self, period=previous(self.period))

    def echo(self, names: Sequence[str]) -> dict[str, Any]:
        """What was asked, as the `query` of an answer: these fields, in this order."""
        start, end = (str(day) if day else None for day in (self.period.start, self.period.end))
        ends = {"start": start, "end": end}
        return {name: ends[name] if name in ends else getattr(self, name) for name in names}


def check_dimension(name: str) -> str:
    """`name`, where it is a dimension; raises ConfigError, which says what there is."""
    if name not in DIMENSIONS:
        near = get_close_matches(name, DIMENSIONS, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise ConfigError(f"no dimension {name!r}{meant or '; there are: ' + ', '.join(DIMENSIONS)}")
    return name


def read_prefix(written: str, dimension: str, index_documents: tuple[str, ...]) -> str:
    """What values begin with that are asked for: of paths also as people copy them, `/blog/`; of others as it is."""
    return asked_prefix(written, index_documents) if DIMENSIONS[dimension].is_path else written
