"""
What a commit is to write, as its item has it, so that anyone can finish it.

Of each file that is its ledger entry and what it added: the sum of these is what tallies get, so it is not written down
again. What is stored in items of its own is read from there.
"""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from ...records import Tally
from ..additions import VERSION, compress, decompress, nested, tally_of
from .keys import ADDED, ADDED_IN, ADDITIONS, COMMIT, COUNTED_BY, Item, Key, day_attribute, moved_key, tally_key
from .ledger import Counted, Entered, join
from .query import query
from .requests import Requests

Additions = Mapping[Key, Mapping[str, int]]
"""What to add: to which tally's attributes how much."""


@dataclass(frozen=True)
class Commit:
    """Files that are counted together."""

    number: int
    importer: str
    """Who began it."""
    additions: Additions
    entries: Mapping[Key, Item]
    """Of the ledger."""
    moved: Sequence[str] = ()
    """The partitions of tallies that were moved before it."""
    move: str = ""
    """The partition that it moves; then it counts no files."""


def additions_of(tallies: Iterable[Tally], moved: Collection[str] = ()) -> Additions:
    """The sum of tallies by the items that keep it: a month's days are attributes of one. Some may have been `moved`."""
    additions: dict[Key, Counter[str]] = defaultdict(Counter)
    for tally in tallies:
        for (site, dimension, day, value), times in tally.items():
            key = moved_key(tally_key(site, day[:7], dimension, value), moved)
            additions[key][day_attribute(day, dimension)] += times
    return dict(additions)


def written_down(files: Sequence[tuple[Counted, Entered]]) -> bytes:
    """What is written down of files that are to be entered: what they added as well, unless it has items of its own."""
    return compress(
        [
            [*counted.key, entered.entry, None] if entered.more else [*counted.key, counted.entry, nested(counted.added)]
            for counted, entered in files
        ]
    )


def move_written_down(partition: str) -> bytes:
    """What is written down of a commit that moves a partition."""
    return compress({"move": partition})


def read_content(requests: Requests, head: Item, content: bytes, moved: Sequence[str]) -> Commit:
    """The commit that was written down, also as footfall wrote it before the ledger had what files added."""
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
    stored = _stored(requests, head) if any(added is None for *_, added in files) else {}
    tallies = [tally_of(added) if added is not None else stored[entry[ADDED_IN]["S"]] for *_, entry, added in files]
    return Commit(number, importer, additions_of(tallies, moved), dict(_entry(*file) for file in files), moved)


def _stored(requests: Requests, head: Item) -> dict[str, Tally]:
    """What parts added that have items of their own, by their prefixes."""
    sort = requests.keys[1]
    items = query(requests, ADDITIONS, prefix=head["Prefix"]["S"])
    by_part = groupby(items, lambda item: f"{item[sort]['S'].rpartition('#')[0]}#")
    return {prefix: join(pieces) for prefix, pieces in by_part}


def _entry(partition: str, sort: str, entry: dict[str, Any], added: Any) -> tuple[Key, Item]:
    return (partition, sort), entry if added is None else {**entry, ADDED: {"B": compress(added)}}
