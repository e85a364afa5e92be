"""What is counted, and by what. A new dimension is a new row."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from .records import Dropped, Views

OTHER = "(other)"
# What strangers choose is bounded, so that a scanner cannot run up the owner's bill.
MOST_VALUES = 200
LONGEST_VALUE = 512  # bytes

# Lines that are no visitor's request, or the same request again, count in no dimension.
UNCOUNTED = frozenset({"other site", "not a read", "signed", "excluded", "duplicate"})


@dataclass(frozen=True)
class Dimension:
    """What to count by."""

    title: str
    """Of its column in a table."""
    of_view: str | None = None
    """The field of a page view that holds its value; None where page views have none."""
    of_dropped: str | None = None
    """The reason whose dropped requests it counts by their detail; "*" counts all of them by their status."""
    detail: str | None = None
    """The field of the request that the detail comes from."""
    is_open: bool = False
    """Whether strangers choose its values."""

    @property
    def counts(self) -> str:
        """What it counts, as the heading of a column."""
        return "Requests" if self.of_dropped else "Views"


DIMENSIONS: dict[str, Dimension] = {
    "page": Dimension("Page", "page"),
    "hour": Dimension("Hour", "hour"),
    "referrer": Dimension("Referrer", "referrer", is_open=True),
    "browser": Dimension("Browser", "browser", is_open=True),
    "system": Dimension("System", "system", is_open=True),
    "status": Dimension("Status", "status", of_dropped="*"),
    "not_found": Dimension("Missing page", of_dropped="not found", detail="key", is_open=True),
    "bot": Dimension("Bot", of_dropped="bot", detail="user_agent", is_open=True),
}

Tally = dict[tuple[str, str, str, str], int]
"""(site, dimension, day, value) -> how often."""


def tally(views: Views, drops: Mapping[Dropped, int]) -> Tally:
    """How often each value of each dimension occurred on each day; rare values of open dimensions as `(other)`."""
    counts: Tally = {}
    for (site, day), found in _by_site_and_day(views, drops).items():
        for name, values in found.items():
            for value, times in (_fold(values) if DIMENSIONS[name].is_open else values).items():
                counts[site, name, day, value] = times
    return counts


def _by_site_and_day(views: Views, drops: Mapping[Dropped, int]) -> dict[tuple[str, str], dict[str, Counter[str]]]:
    """The values of each dimension that there is anything of; columns are counted several times faster than views."""
    found: dict[tuple[str, str], dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    columns = {name: views.column(row.of_view) for name, row in DIMENSIONS.items() if row.of_view is not None}
    end = 0
    for where, run in groupby(zip(views.column("site"), views.column("day"), strict=True)):  # most stand together
        start, end = end, end + len(list(run))
        for name, column in columns.items():
            found[where][name].update(column[start:end])
    for dropped, times in drops.items():
        for name, dimension in DIMENSIONS.items():
            if dimension.of_dropped == "*":
                found[dropped.site, dropped.day][name][dropped.status] += times
            elif dimension.of_dropped == dropped.reason:
                found[dropped.site, dropped.day][name][dropped.detail] += times
    return found


def _fold(values: Counter[str]) -> Counter[str]:
    """The most frequent values, ties by name, and the rest as one."""
    if len(values) <= MOST_VALUES:
        return values
    ranked = sorted(values.items(), key=lambda row: (-row[1], row[0]))
    folded = Counter(dict(ranked[:MOST_VALUES]))
    folded[OTHER] += sum(times for _, times in ranked[MOST_VALUES:])
    return folded
