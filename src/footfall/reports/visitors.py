"""How many visitors a site had in a period: the sum of its days, as nobody can know who came back on another one."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from ..stores import Store
from .intervals import label_of
from .query import Query


class Visitors(NamedTuple):
    """The visitors of each day, as far as they are known."""

    of_days: Mapping[str, int]
    unknown: Collection[str]
    """The days that had views, and of whose visitors nothing is known: they were not counted, or the log has no addresses."""

    @property
    def total(self) -> int | None:
        """Of the days that are known; None where none of those that had views is."""
        return None if self.unknown and not self.of_days else sum(self.of_days.values())

    def by(self, interval: str) -> dict[str, int | None]:
        """The same of each interval that has views, by its label."""
        found: dict[str, int | None] = {}
        for day, number in self.of_days.items():
            label = label_of(date.fromisoformat(day), interval)
            found[label] = (found.get(label) or 0) + number
        for day in self.unknown:
            found.setdefault(label_of(date.fromisoformat(day), interval), None)
        return found


def visitors_of(store: Store, query: Query) -> Visitors | None:
    """The visitors of a resolved question's site and period; None where it is about pages, which have none of their own."""
    if query.site is None or not query.period.ends or query.page is not None or query.prefix:
        return None
    start, end = map(str, query.period.ends)
    known = store.visitors(query.site, start, end)
    if len(known) >= query.logged_days:  # nothing is left to be asked
        return Visitors(known, ())
    viewed = {day for _, day, _ in store.counts(query.site, "hour", start, end)}
    return Visitors(known, viewed - known.keys())
