"""
Where counts are stored. A URL picks the store: `sqlite:footfall.db`, `dynamodb:TABLE?region=eu-west-1`.

    base          what a store is
    capabilities  what else stores can do, some or all of them
    sqlite        one file
    dynamodb      one table
    contents      everything in a store, in shapes that every kind can export and import
    copying       copies everything from one store to another
    additions     what a log file added, as the ledger keeps it
    imported      when an item of an imported table and a record of the logs are the same view

A new store is a new file and a new row here; tests/contracts/test_stores.py runs over every row.
"""

from collections.abc import Callable

from ..errors import ConfigError
from ..items import ItemMap
from .base import CUT, Store
from .shapes import KEEP_ALL, Keep

__all__ = ["CUT", "STORES", "Store", "open_store"]


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
    The store at `url`; `item` defines how views are stored, `keep` for how long. Nothing is opened until it is used.

    Raises ConfigError for an unknown kind.
    """
    kind, colon, place = url.partition(":")
    if kind not in STORES or not colon or not place:
        kinds = ", ".join(f"{name}:..." for name in STORES)
        raise ConfigError(f"no store {url!r}; write a store as {kinds}")
    return STORES[kind](place, item, keep)
