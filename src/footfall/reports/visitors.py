"""The visitors of a site in a period: the sum of its days, since returning visitors cannot be recognized on another day."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from ..stores import Store
from ..stores.shapes import DayVisitors
from .intervals import label_of
from .query import Query

LEAST_TELLING = 0.9  # the share of visitors from search engines, who are nearly all people, that must have loaded files
NOBODY_LOADED = "no visitor loaded a picture, style or script: they are in another log, or not logged"
FEW_LOADED = "only {:.0%} of the visitors from search engines loaded a picture, style or script"


class Suspects(NamedTuple):
    """The visitors who viewed pages and loaded none of their files in a day: suspected bots."""

    number: int | None
    """None if the number would mean nothing, or is not known for any day."""
    loaded: int | None
    """The other visitors; None in the same cases."""
    unknown_days: int
    """The number of days with visitors for which this is not known."""
    why_unknown: str = ""
    """Why the number would mean nothing; also "" if it was not kept."""


class Visitors(NamedTuple):
    """The visitors of each day, as far as they are known."""

    of_days: Mapping[str, DayVisitors]
    unknown: Collection[str]
    """The days with views whose visitors are not known: they were not counted, or the log has no addresses."""

    @property
    def total(self) -> int | None:
        """The sum of the known days; None if no day with views is known."""
        return None if self.unknown and not self.of_days else sum(day.visitors for day in self.of_days.values())

    @property
    def suspects(self) -> Suspects:
        """How many of them may be bots; not known if people's browsers also seem to load no files."""
        told = [day for day in self.of_days.values() if day.loaded is not None]
        unknown = sum(day.loaded is None and day.visitors > 0 for day in self.of_days.values())
        visitors, loaded = sum(day.visitors for day in told), sum(day.loaded or 0 for day in told)
        if self.total is None or (unknown and not visitors):
            return Suspects(None, None, unknown)
        if why := _why_unknown(told, visitors, loaded):
            return Suspects(None, None, unknown, why)
        return Suspects(visitors - loaded, loaded, unknown)

    def by(self, interval: str) -> dict[str, int | None]:
        """The visitors of each interval that has views, by its label."""
        found: dict[str, int | None] = {}
        for day, numbers in self.of_days.items():
            label = label_of(date.fromisoformat(day), interval)
            found[label] = (found.get(label) or 0) + numbers.visitors
        for day in self.unknown:
            found.setdefault(label_of(date.fromisoformat(day), interval), None)
        return found


def _why_unknown(told: Collection[DayVisitors], visitors: int, loaded: int) -> str:
    """Why loading no files does not suggest a bot; "" if it does."""
    if visitors and not loaded:
        return NOBODY_LOADED
    from_search, also_loaded = sum(day.from_search for day in told), sum(day.from_search_loaded for day in told)
    return FEW_LOADED.format(also_loaded / from_search) if also_loaded < LEAST_TELLING * from_search else ""


def visitors_of(store: Store, query: Query) -> Visitors | None:
    """The visitors of a resolved question's site and period; None if it is only about some of its views."""
    if query.site is None or not query.period.ends or query.page is not None or query.prefix or query.filter:
        return None
    start, end = map(str, query.period.ends)
    known = store.visitors(query.site, start, end)
    if len(known) >= query.logged_days:  # all days are known
        return Visitors(known, ())
    viewed = {day for _, day, _ in store.counts(query.site, "hour", start, end)}
    return Visitors(known, viewed - known.keys())
