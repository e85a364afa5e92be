"""
What a store can do besides counting: its attributes `tokens`, `annotations`, `notices`, `pricing`, `table` and `backfills`.

The last three are None for stores that do not have them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from ..records import Digest
from .shapes import Annotation, Capacity, Estimate, Recounted, Stays, Token


class Tokens(Protocol):
    """Access tokens for HTTP. Adding and revoking need a prepared store."""

    def all(self) -> list[Token]:
        """The tokens, by name."""

    def add(self, token: Token) -> bool:
        """Store a token; False if there is already one with its name, which stays."""

    def revoke(self, name: str) -> bool:
        """Delete a token; False if there is none with this name."""


class Annotations(Protocol):
    """What happened on days of a site. Adding and removing need a prepared store."""

    def all(self) -> list[Annotation]:
        """The annotations of all sites, by day, then by site and text."""

    def add(self, annotation: Annotation) -> bool:
        """Store one; False if it already exists."""

    def remove(self, annotation: Annotation) -> bool:
        """Delete one; False if there is none like it."""


Claimed = Literal["ours", "held", "delivered"]
"""The state of a notice: this run may send it, another run is sending it, or it was sent."""


class Notices(Protocol):
    """
    What was sent to the owner, so that it is sent once. All times are in seconds since the epoch.

    A database has to be prepared before claiming.
    """

    def claim(self, key: str, by: str, at: int, lapsed: int) -> Claimed:
        """Claim a notice for the run `by`, unless it was delivered, or was claimed after `lapsed`."""

    def release(self, key: str, by: str) -> None:
        """Release a claim, so that any run can claim it at once; does nothing if another run has it now."""

    def confirm(self, key: str, by: str, at: int) -> None:
        """Note permanently that it was delivered; does nothing if another run has claimed it by now."""

    def delivered(self) -> list[tuple[str, int]]:
        """What was delivered, and when."""


class Pricing(Protocol):
    """What requests to the store cost."""

    def estimate(self, digests: Sequence[Digest]) -> Estimate:
        """What it would cost to record these together. Nothing is read or written."""

    def estimate_recount(self, digests: Sequence[Digest], outcomes: Sequence[Recounted | Stays | None]) -> Estimate:
        """What it would cost to recount these together, based on each one's outcome in a dry run."""

    def capacity(self) -> Capacity:
        """What was consumed since the store was opened."""


class Backfill(NamedTuple):
    """Log files that were handed over together to functions in AWS."""

    id: str
    started_at: int
    """Seconds since the epoch."""
    calls: int
    calls_done: int
    """Calls that reported their result, successful or not."""
    files: int
    done: int
    failed: int
    """Failed calls, which AWS retries, or has given up."""


class Backfills(Protocol):
    """The progress of files handed over to the functions."""

    def begin(self, backfill: str, files: Sequence[int]) -> None:
        """Note a backfill before its calls are made; `files` are the numbers of files in each."""

    def note(self, backfill: str, call: int, done: int, failed: int) -> None:
        """Note the result of a call; a retried call notes it again, and the last result counts."""

    def all(self) -> list[Backfill]:
        """All of them, earliest first."""


@dataclass(frozen=True)
class TableInfo:
    """The state of a table."""

    name: str
    region: str
    status: str
    items: int
    """As last counted by the service."""
    size: int
    """Bytes, as of the same time."""
    keys: Mapping[str, str]
    """Attribute and type of the partition key, then of the sort key."""
    features: Mapping[str, str]
    """With the same names as Table.features."""
    monthly_cost: Mapping[str, float]
    """US dollars per month for its contents, without requests: the `total`, and by item."""


class Table(Protocol):
    """The table of a store, as its service describes it."""

    features: Mapping[str, str]
    """The features that it should have besides its keys."""

    @property
    def keys(self) -> tuple[str, str]:
        """The names that its partition key and its sort key should have."""

    @property
    def region(self) -> str:
        """Its region: `eu-west-1`."""

    def create(self, *, complete: bool = False) -> bool:
        """
        Create the table; False if it already exists and is set up correctly.

        With `complete`, features that an existing table lacks are turned on. Raises StoreError, which names the
        differences, for other differences.
        """

    def read(self) -> TableInfo:
        """The state of the table; raises StoreMissing if there is none."""
