"""
What recording log files would cost to write, without writing anything: by AWS's formula, from the items as they would be.

A write takes a unit for each KB begun. Views, tallies and ledger entries are counted as they would be written; what a commit
needs for itself is some units more. Views that the table has already cost as much, as it is the attempt that is paid for.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ...dimensions import tally
from ...items import ItemMap
from ...records import Capacity, Digest, Estimate, Keep
from .commits import FIRST_BYTES, Commit, pack
from .cost import using
from .keys import Key
from .ledger import ledger_entry, ledger_key, part_name, with_added
from .requests import Requests
from .views import claims

KB = 1024
DAYS_BYTES = 31 * 7  # of a tally's item by the end of its month: `D01` and a number, each day
COMMIT_WRITES = 2  # of its item: when it begins, and when it is done
NOTED = 3  # of a first batch: the months, the file's month, and how far the files reach


class DynamoDBPricing:
    """See Pricing."""

    def __init__(self, requests: Requests, item: ItemMap, keep: Keep):
        self._requests, self._item, self._keep = requests, item, keep

    def estimate(self, digests: Sequence[Digest]) -> Estimate:
        """See Pricing."""
        units = write_units(self._item, self._keep, digests)
        return Estimate(units, using(0, units))

    def capacity(self) -> Capacity:
        """See Pricing."""
        return self._requests.capacity


def write_units(item: ItemMap, keep: Keep, digests: Sequence[Digest]) -> int:
    """The units that it takes to record these together."""
    files = [(part_name(digest.name, digest.part), list(digest.views)) for digest in digests]
    views = sum(_units(_size(claim.key, claim.item)) for claim in (claims(item, keep, files) if keep.views else ()))
    keys = [ledger_key(digest.name, digest.part) for digest in digests]
    entries = {key: ledger_entry(digest, digest.account, 0, 1, "0" * 32) for key, digest in zip(keys, digests, strict=True)}
    added = {key: tally(digest.views, digest.drops) for key, digest in zip(keys, digests, strict=True)}
    commit = Commit.of(1, "0" * 32, entries, added)
    tallies = sum(_units(_size(key, {}) + DAYS_BYTES) for key in commit.additions)
    items = [item for key, entry in entries.items() for item in with_added(key, entry, added[key])]
    ledger = sum(_units(_size(key, entry)) for key, entry in items)
    return views + tallies + ledger + _of_commit(commit) + NOTED


def _of_commit(commit: Commit) -> int:
    """A commit is written down before it is done, and what does not fit into its item is written and deleted."""
    more = len(pack(commit)) - FIRST_BYTES
    return COMMIT_WRITES + (2 * _units(more) if more > 0 else 0)


def _units(size: int) -> int:
    return max(1, math.ceil(size / KB))


def _size(key: Key, item: Mapping[str, Any]) -> int:
    """Bytes, as AWS counts them; the names of the keys are some ten more."""
    return (
        sum(len(part.encode()) for part in key) + 16 + sum(len(name.encode()) + _bytes(value) for name, value in item.items())
    )


def _bytes(value: Mapping[str, Any]) -> int:
    """A text's UTF-8, half a byte for each digit of a number, and a little for what holds others."""
    ((kind, content),) = value.items()
    if kind == "N":
        return len(content) // 2 + 2
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _bytes(each) for name, each in content.items())
    return len(content.encode()) if isinstance(content, str) else 1
