"""
Where counts stay. A URL picks the store: `sqlite:footfall.db`, `dynamodb:TABLE?region=eu-west-1`.

A new store is a new file and a new row here; tests/contracts/test_stores.py runs over every row.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Protocol

from ..errors import ConfigError
from ..items import ItemMap
from ..records import KEEP_ALL, Account, Capacity, Count, Digest, Estimate, Keep, Part, Token, Value


class Store(Protocol):
    """What every store does. All raise StoreError when it cannot be reached, read or written."""

    def prepare(self, time_zone: str) -> None:
        """Make it ready to be written to. Its counts are by day, so it keeps to the time zone that it began with."""

    def known(self, name: str) -> list[Part]:
        """What the ledger says of a log file: its parts, in order."""

    def record(self, digests: Sequence[Digest]) -> list[Account | None]:
        """
        Count what is new, exactly once, all or nothing for each digest.

        Says what became of each digest's lines; None where the ledger had it already. Views that another part brought
        are left as they are and become duplicates. The views of a second site are refused while items do not name theirs.
        """

    def counts(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None
    ) -> Iterator[Count]:
        """
        How often each value occurred on each day of a period, both ends included.

        Of all values, of those that begin with `prefix`, or of `value` alone, which costs the least.
        """

    def sums(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None
    ) -> dict[str, int]:
        """The same for the whole period, by value."""

    def courses(self, site: str, dimension: str, start: str, end: str, values: Collection[str]) -> Iterator[Count]:
        """What `counts` tells, of these values alone, in any order."""

    def views(self, site: str, page: str, start: int, end: int, limit: int | None = None) -> Iterator[dict[str, Value]]:
        """The stored items of a page, from the second `start` to `end`, both included, in time order."""

    def times(self, site: str, page: str, start: int, end: int) -> Iterator[int]:
        """When a page's stored views happened, in order."""

    def files(self) -> Iterator[Part]:
        """The ledger: every part of every file."""

    def latest(self) -> int | None:
        """The time of the latest request that any file has; of one that is being counted perhaps already."""

    def sites(self) -> list[str]:
        """The sites that anything was counted for, by name."""

    def period(self, site: str) -> tuple[str, str] | None:
        """The first and the last day that anything was counted on; None when nothing was."""

    def time_zone(self) -> str | None:
        """The time zone of its days; None while it is empty."""

    def tokens(self) -> list[Token]:
        """Who may ask over HTTP, by name."""

    def add_token(self, token: Token) -> bool:
        """Keep a token; False where there is one of its name already, which stays. The store has to be prepared."""

    def revoke_token(self, name: str) -> bool:
        """Forget a token; False where there is none of this name. The store has to be prepared."""

    def estimate(self, digests: Sequence[Digest]) -> Estimate | None:
        """What it would cost to record these together; None where nothing is paid for. Nothing is read or written."""

    def capacity(self) -> Capacity | None:
        """What was consumed since it was opened; None where nothing is paid for."""

    def close(self) -> None:
        """Let go of it."""


def _sqlite(place: str, item: ItemMap, keep: Keep) -> Store:
    from .sqlite import SQLiteStore

    return SQLiteStore(place, item, keep)


def _dynamodb(place: str, item: ItemMap, keep: Keep) -> Store:
    from .dynamodb import DynamoDBStore

    return DynamoDBStore(place, item, keep)


STORES: dict[str, Callable[[str, ItemMap, Keep], Store]] = {
    "sqlite": _sqlite,
    "dynamodb": _dynamodb,
}


def open_store(url: str, item: ItemMap, keep: Keep = KEEP_ALL) -> Store:
    """
    The store at `url`, whose views are made as `item` says and kept as `keep` says; it is not touched before it is used.

    Raises ConfigError when there is no such kind.
    """
    kind, colon, place = url.partition(":")
    if kind not in STORES or not colon or not place:
        kinds = ", ".join(f"{name}:..." for name in STORES)
        raise ConfigError(f"no store {url!r}; a store is written {kinds}")
    return STORES[kind](place, item, keep)
