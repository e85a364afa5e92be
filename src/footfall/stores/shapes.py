"""The shapes of stores: what is kept in one and for how long, what it answers with, and what that costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ..records import DAY


@dataclass(frozen=True)
class Keep:
    """Whether views are kept beside their counts, and for how long."""

    views: bool = True
    days: int | None = None
    """After a view; None for ever."""

    def oldest(self, now: float) -> int:
        """The time of the oldest view that is shown; both in seconds since the epoch."""
        return int(now) - self.days * DAY if self.days is not None else 0


KEEP_ALL = Keep()


class Token(NamedTuple):
    """What is kept of a bearer token: never itself."""

    name: str
    sha256: str
    """Its hash, in hexadecimal."""
    created_at: int
    """Seconds since the epoch."""


class Capacity(NamedTuple):
    """What a store's requests have consumed, where it is paid for."""

    read_units: float = 0
    write_units: float = 0
    requests: int = 0

    def since(self, earlier: "Capacity") -> "Capacity":
        """What was consumed after `earlier`."""
        return Capacity(
            self.read_units - earlier.read_units, self.write_units - earlier.write_units, self.requests - earlier.requests
        )


class Estimate(NamedTuple):
    """What recording would cost, where it costs anything."""

    write_units: int
    dollars: float


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
    """Of all values, whether they are among the rows or not."""
    is_end: bool
    """Whether no more rows follow."""
