"""
What recording log files would cost to write, without writing anything: by AWS's formula, from the items as they would be.

A write takes a unit for each KB begun. Views, tallies and ledger entries are counted as they would be written; what a commit
needs for itself is some units more. Views that the table has already cost as much, as it is the attempt that is paid for.
"""

import json
import math
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from ...dimensions import tally
from ...items import ItemMap
from ...records import Digest, Keep
from .commits import FIRST_BYTES, additions_of
from .keys import Item, Key, ledger_key, part_name
from .ledger import entry_of
from .views import claims

KB = 1024
DAYS_BYTES = 31 * 7  # of a tally's item by the end of its month: `D01` and a number, each day
COMMIT_WRITES = 2  # of its item: when it begins, and when it is done
NOTED = 3  # of a first batch: the months, the file's month, and how far the files reach


def write_units(item: ItemMap, keep: Keep, digests: Sequence[Digest]) -> int:
    """The units that it takes to record these together."""
    files = [(part_name(digest.name, digest.part), list(digest.views)) for digest in digests]
    views = sum(_units(_size(claim.key, claim.item)) for claim in (claims(item, keep, files) if keep.views else ()))
    additions = additions_of(tally(digest.views, digest.drops) for digest in digests)
    tallies = sum(_units(_size(key, {}) + DAYS_BYTES) for key in additions)
    entries = {ledger_key(digest.name, digest.part): entry_of(digest, digest.account, 0, 1, "0" * 32) for digest in digests}
    ledger = sum(_units(_size(key, entry)) for key, entry in entries.items())
    return views + tallies + ledger + _of_commit(additions, entries) + NOTED


def _of_commit(additions: Mapping[Key, Mapping[str, int]], entries: Mapping[Key, Item]) -> int:
    """A commit is written down before it is done, and what does not fit into its item is written and deleted."""
    content = [[*key, days] for key, days in additions.items()], [[*key, entry] for key, entry in entries.items()]
    more = len(zlib.compress(json.dumps(content, ensure_ascii=False).encode())) - FIRST_BYTES
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
