"""
What a store can do besides counting. A face asks the store for `tokens`, `annotations`, `notices`, `pricing`,
`table` or `backfills`.

Some stores have not got some of the last three, and have None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from ..records import Digest
from .shapes import Annotation, Capacity, Estimate, Recounted, Stays, Token


class Tokens(Protocol):
    """Who may ask over HTTP. Adding and revoking take a store that is prepared."""

    def all(self) -> list[Token]:
        """The tokens, by name."""

    def add(self, token: Token) -> bool:
        """Keep a token; False where there is one of its name already, which stays."""

    def revoke(self, name: str) -> bool:
        """Delete a token; False where there is none of this name."""


class Annotations(Protocol):
    """What happened on days of a site. Adding and removing take a store that is prepared."""

    def all(self) -> list[Annotation]:
        """Those of every site, by day, then by site and text."""

    def add(self, annotation: Annotation) -> bool:
        """Keep one; False where it is there already."""

    def remove(self, annotation: Annotation) -> bool:
        """Delete one; False where there is none like it."""


Claimed = Literal["ours", "held", "delivered"]
"""The state of a notice: this run may send it, another run is sending it, or it was sent."""


class Notices(Protocol):
    """
    What was sent to the owner, so that it is sent once. All times are in seconds since the epoch.

    Claiming takes a store that is prepared, where it is a database.
    """

    def claim(self, key: str, by: str, at: int, lapsed: int) -> Claimed:
        """Claim a notice for the run `by`, unless it was delivered, or is claimed since a later time than `lapsed`."""

    def release(self, key: str, by: str) -> None:
        """Release a claim, so that any run may claim it at once; does nothing if another run has it now."""

    def confirm(self, key: str, by: str, at: int) -> None:
        """Note that it was delivered, for good; nothing happens where another run has claimed it by now."""

    def delivered(self) -> list[tuple[str, int]]:
        """What was delivered, and when."""


class Pricing(Protocol):
    """What requests to the store cost."""

    def estimate(self, digests: Sequence[Digest]) -> Estimate:
        """What it would cost to record these together. Nothing is read or written."""

    def estimate_recount(self, digests: Sequence[Digest], outcomes: Sequence[Recounted | Stays | None]) -> Estimate:
        """What it would cost to count these anew together, by what a dry run said of each."""

    def capacity(self) -> Capacity:
        """What was consumed since the store was opened."""


class Backfill(NamedTuple):
    """Log files that were handed over to functions in AWS at once."""

    id: str
    started_at: int
    """Seconds since the epoch."""
    calls: int
    calls_done: int
    """Those that reported how it went, well or not."""
    files: int
    done: int
    failed: int
    """Which AWS tries again, or has given up."""


class Backfills(Protocol):
    """The progress of files handed over to the functions."""

    def begin(self, backfill: str, files: Sequence[int]) -> None:
        """Note a backfill before its calls are made, each of so many files."""

    def note(self, backfill: str, call: int, done: int, failed: int) -> None:
        """Note how a call went; one that is tried again notes it again, and the last time holds."""

    def all(self) -> list[Backfill]:
        """All of them, earliest first."""


@dataclass(frozen=True)
class TableInfo:
    """How a table is."""

    name: str
    region: str
    status: str
    items: int
    """As the service counted last."""
    size: int
    """Bytes, as of then."""
    keys: Mapping[str, str]
    """Attribute and type of the partition key, then of the sort key."""
    features: Mapping[str, str]
    """The same names as Table.features has."""
    monthly_cost: Mapping[str, float]
    """US dollars a month to keep what is in it, requests aside: in `total`, and by what they are for."""


class Table(Protocol):
    """The table that a store is, as its service keeps it."""

    features: Mapping[str, str]
    """What it should have besides its keys."""

    @property
    def keys(self) -> tuple[str, str]:
        """The names that its partition key and its sort key should have."""

    @property
    def region(self) -> str:
        """Where it is: `eu-west-1`."""

    def create(self, *, complete: bool = False) -> bool:
        """
        Make the table; False where there is one just like it.

        With `complete`, features that one that is there lacks are turned on. Raises StoreError, which names the
        difference, where it is otherwise.
        """

    def read(self) -> TableInfo:
        """How the table is; raises StoreMissing when there is none."""
