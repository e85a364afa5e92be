"""
The content of a commit, as stored in its item, so that any importer can complete it.

For each file, this is its ledger entry and what it added. Tallies get the sum, which is not stored separately. Additions stored
in separate items are read from there.
"""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from ...records import Tally
from ..additions import VERSION, Nested, compress, decompress, nested, tally_of
from .keys import (
    ADDED,
    ADDED_IN,
    ADDITIONS,
    COMMIT,
    COUNTED_BY,
    Item,
    Key,
    day_attribute,
    is_together,
    moved_key,
    tally_key,
    together_attribute,
    together_key,
)
from .ledger import Counted, Entered, Replaced, join
from .query import query
from .requests import Requests

Additions = Mapping[Key, Mapping[str, int]]
"""What to add, by key and attribute of the tallies."""


@dataclass(frozen=True)
class Commit:
    """Files that are counted together."""

    number: int
    importer: str
    """The one that began it."""
    additions: Additions
    entries: Mapping[Key, Item]
    """The ledger entries."""
    moved: Sequence[str] = ()
    """The partitions of tallies that were moved before it."""
    move: str = ""
    """The partition that it moves; then it counts no files."""
    replaced: Mapping[Key, Replaced] = field(default_factory=dict)
    """What is replaced by entries that are not new."""


def additions_of(added: Iterable[Tally], moved: Collection[str] = (), taken: Iterable[Tally] = ()) -> Additions:
    """
    The sum of tallies, minus what is `taken` off, by the items that store them.

    The days of a month are attributes of one item; for small dimensions, the values of a day are. Some may have been
    `moved`. Items without a change are left out.
    """
    additions: dict[Key, Counter[str]] = defaultdict(Counter)
    for tallies, sign in ((added, 1), (taken, -1)):
        for tally in tallies:
            for (site, dimension, day, value), times in tally.items():
                if is_together(dimension):
                    additions[together_key(site, day)][together_attribute(dimension, value)] += sign * times
                else:
                    key = moved_key(tally_key(site, day[:7], dimension, value), moved)
                    additions[key][day_attribute(day, dimension)] += sign * times
    different = ((key, {day: times for day, times in days.items() if times}) for key, days in additions.items())
    return {key: days for key, days in different if days}


def written_down(files: Sequence[tuple[Counted, Entered]]) -> bytes:
    """
    What is written down for files to enter: their entries, what they added unless it is in separate items and, for recounted
    files, what they replace.
    """
    return compress([[*_row(counted, entered), *_replaced_row(counted.replaced)] for counted, entered in files])


def _row(counted: Counted, entered: Entered) -> Sequence[Any]:
    return [*counted.key, entered.entry, None] if entered.more else [*counted.key, counted.entry, nested(counted.added)]


def _replaced_row(replaced: Replaced | None) -> Sequence[Any]:
    return [replaced.commit, nested(replaced.taken), replaced.attributes, replaced.added_in] if replaced else ()


def move_written_down(partition: str) -> bytes:
    """What is written down for a commit that moves a partition."""
    return compress({"move": partition})


def read_content(requests: Requests, head: Item, content: bytes, moved: Sequence[str]) -> Commit:
    """The commit that was written down, possibly in the form used before the ledger had what files added."""
    number, importer = int(head[COMMIT]["N"]), head[COUNTED_BY]["S"]
    if content[:1] != VERSION:
        additions, entries = json.loads(zlib.decompress(content))
        return Commit(
            number,
            importer,
            {(partition, sort): days for partition, sort, days in additions},
            {(partition, sort): item for partition, sort, item in entries},
        )
    files = decompress(content)
    if isinstance(files, dict):
        return Commit(number, importer, {}, {}, moved, files["move"])
    stored = _stored(requests, head) if any(added is None for _, _, _, added, *_ in files) else {}
    tallies = [tally_of(added) if added is not None else stored[entry[ADDED_IN]["S"]] for _, _, entry, added, *_ in files]
    replaced = {(partition, sort): _replaced(*more) for partition, sort, _, _, *more in files if more}
    additions = additions_of(tallies, moved, (each.taken for each in replaced.values()))
    return Commit(number, importer, additions, dict(_entry(*file[:4]) for file in files), moved, replaced=replaced)


def _replaced(commit: int, taken: Nested, attributes: Sequence[str], added_in: str) -> Replaced:
    return Replaced(commit, tally_of(taken), attributes, added_in)


def _stored(requests: Requests, head: Item) -> dict[str, Tally]:
    """The additions of parts that are in separate items, by prefix."""
    sort = requests.keys[1]
    items = query(requests, ADDITIONS, prefix=head["Prefix"]["S"])
    by_part = groupby(items, lambda item: f"{item[sort]['S'].rpartition('#')[0]}#")
    return {prefix: join(pieces) for prefix, pieces in by_part}


def _entry(partition: str, sort: str, entry: dict[str, Any], added: Any) -> tuple[Key, Item]:
    return (partition, sort), entry if added is None else {**entry, ADDED: {"B": compress(added)}}
