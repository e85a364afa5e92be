"""
Views are written once each, and the first file that brings one owns it.

A view is inserted, never overwritten: `INSERT` of PartiQL fails where its key exists, costs what a put costs, and 25 go
with one request. So whoever comes second, an importer beside us or ourselves after a crash, finds who came first, and
what a file owns never changes: its views are counted by that file alone, however often it is recorded.
"""

from collections.abc import Iterable, Iterator, Sequence
from time import time as now
from typing import NamedTuple

from ...items import ItemMap
from ...records import DAY, Keep, PageView
from .batches import MOST_STATEMENTS, chunks, execute, insert, read_items
from .keys import EXPIRES_AT, RECORD, SOURCE_FILE, Key, beside, record_id, view_key
from .requests import Requests
from .workers import Workers


class Claim(NamedTuple):
    """A view that a file brings, and the key that it claims for it."""

    file: int
    place: int
    """Which view of which file."""
    key: Key
    source: str
    record: str
    item: dict[str, dict[str, str]]
    """Without its keys."""


def write_views(
    requests: Requests, workers: Workers, item: ItemMap, keep: Keep, files: Sequence[tuple[str, Sequence[PageView]]]
) -> list[list[PageView]]:
    """
    Write the views of files, each with its name, and return those that each file is the first to bring.

    The order of the files decides between them where both bring a view.
    """
    if not keep.views:
        return [list(views) for _, views in files]
    owned: list[set[int]] = [set() for _ in files]
    left = list(claims(item, keep, files))
    while left:
        at_once: dict[Key, Claim] = {}
        # One key may not be twice in a batch; the first claim on it has the first try.
        later = [claim for claim in left if at_once.setdefault(claim.key, claim) is not claim]
        taken = set(_insert(requests, workers, at_once.values()))
        holders = read_items(requests, workers, taken, (SOURCE_FILE, RECORD))
        for key, claim in at_once.items():
            if key not in taken:
                owned[claim.file].add(claim.place)
            elif key not in holders:  # it has expired in the meantime
                later.append(claim)
            elif holders[key].get(RECORD, {}).get("S") != claim.record:  # another record, or another program's item
                later.append(claim._replace(key=beside(key, claim.record)))
            elif holders[key].get(SOURCE_FILE, {}).get("S") == claim.source:  # of an earlier attempt
                owned[claim.file].add(claim.place)
        left = later
    return [[view for place, view in enumerate(views) if place in mine] for (_, views), mine in zip(files, owned, strict=True)]


def claims(item: ItemMap, keep: Keep, files: Sequence[tuple[str, Sequence[PageView]]]) -> Iterator[Claim]:
    """What files, each with its name, claim for their views."""
    soonest = int(now()) + DAY  # expired already, they are kept for a day all the same: duplicates are found by them
    for file, (source, views) in enumerate(files):
        seen: set[str] = set()
        for place, view in enumerate(views):
            record = record_id(view)
            if record in seen:
                continue
            seen.add(record)
            made, key = view_key(item, view)
            typed = item.typed({name: value for name, value in made.items() if name not in (item.partition_key, item.sort_key)})
            typed[SOURCE_FILE] = {"S": source}
            typed[RECORD] = {"S": record}
            if keep.days is not None:
                typed[EXPIRES_AT] = {"N": str(max(view.time + keep.days * DAY, soonest))}
            yield Claim(file, place, key, source, record, typed)


def _insert(requests: Requests, workers: Workers, claims: Iterable[Claim]) -> Iterator[Key]:
    """Insert the views; says which keys exist already."""

    def insert_some(batch: Sequence[Claim]) -> list[Key]:
        refused = execute(requests, [insert(requests, claim.key, claim.item) for claim in batch])
        return [batch[place].key for place in refused]

    for taken in workers.map(insert_some, chunks(claims, MOST_STATEMENTS)):
        yield from taken
