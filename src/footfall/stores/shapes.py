"""Data types of stores: what is kept and for how long, their answers, and their costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..records import DAY, Account, Tally


@dataclass(frozen=True)
class Keep:
    """Whether views are kept in addition to their counts, and for how long."""

    views: bool = True
    days: int | None = None
    """Days after a view; None means for ever."""

    def oldest(self, now: float) -> int:
        """The time of the oldest view that is shown; both in seconds since the epoch."""
        return int(now) - self.days * DAY if self.days is not None else 0


KEEP_ALL = Keep()


class Token(NamedTuple):
    """What is stored for a bearer token, never the token itself."""

    name: str
    sha256: str
    """Its hash, in hexadecimal."""
    created_at: int
    """Seconds since the epoch."""


class Annotation(NamedTuple):
    """A line of text for a day of a site: what happened that may explain its counts. No two are equal."""

    site: str
    day: str
    """2026-10-20, in the site's time zone."""
    text: str


class Capacity(NamedTuple):
    """What a store's requests have consumed, if they cost money."""

    read_units: float = 0
    write_units: float = 0
    requests: int = 0

    def since(self, earlier: "Capacity") -> "Capacity":
        """What was consumed after `earlier`."""
        return Capacity(
            self.read_units - earlier.read_units, self.write_units - earlier.write_units, self.requests - earlier.requests
        )


class Estimate(NamedTuple):
    """The cost of recording, if any."""

    write_units: int
    dollars: float


class DayVisitors(NamedTuple):
    """The number of visitors of a day; approximate if there are more than fit into a list."""

    visitors: int
    loaded: int | None = None
    """Those who loaded a file that belongs to pages; None if that was not kept."""
    from_search: int = 0
    """Those who came from a search engine."""
    from_search_loaded: int = 0
    """Those who did both."""


class Count(NamedTuple):
    """How often a value of a dimension occurred on a day."""

    value: str
    day: str
    views: int


class Top(NamedTuple):
    """The most frequent values of a dimension."""

    rows: Sequence[tuple[str, int]]
    """Values and how often each occurred: most first, ties by value."""
    total: int
    """The total of all values, including those not among the rows."""
    is_end: bool
    """Whether no more rows follow."""


class Recounted(NamedTuple):
    """A part of a log file that is recounted under new rules."""

    name: str
    """The name of the file in the ledger."""
    before: Account
    after: Account
    taken: Tally
    """What it had added to the tally."""
    added: Tally
    """What it adds now."""
    written_views: int = 0
    """How many stored views are written, changed or deleted, if that costs money."""

    @property
    def change(self) -> Tally:
        """The changes in the tally, without values that stay the same."""
        return difference(self.added, self.taken)


class Stays(NamedTuple):
    """A part of a log file that cannot be recounted and keeps its counts."""

    name: str
    """The name of the file in the ledger."""
    why: str
    """Phrased for several files."""


def difference(added: Tally, taken: Tally) -> Tally:
    """
    How much more or less one tally has than another, without equal numbers.

    >>> difference({("a", "page", "2026-11-22", "/"): 2}, {("a", "page", "2026-11-22", "b"): 1})
    {('a', 'page', '2026-11-22', '/'): 2, ('a', 'page', '2026-11-22', 'b'): -1}
    """
    keys = dict.fromkeys((*added, *taken))
    return {key: more for key in keys if (more := added.get(key, 0) - taken.get(key, 0))}
