"""
The views of recounted files: turns what they owned under other rules into what they own under today's.

A file's views are found by the pages that it had added, between its first and last request. Views are only deleted, changed or
inserted while they belong to this file, and what it owns in the end follows from its lines, so this can be repeated after a
crash, or beside another recount.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from ...items import ItemMap
from ...records import PageView, Views
from ..shapes import Keep
from .batches import Statement, delete, execute_all, read_items, update
from .keys import EXPIRES_AT, RECORD, SOURCE_FILE, Item, Key, beside, partition_key
from .query import query
from .requests import Requests
from .views import Claim, claims, own, written
from .workers import Workers

GAP_SECONDS = 600  # between two files of one page: views in a smaller gap are read as well, to save a request


class Rewritten(NamedTuple):
    """A file whose views are brought in line with today's rules."""

    source: str
    views: Sequence[PageView]
    pages: Collection[tuple[str, str]]
    """The sites and pages of its current views."""
    times: Sequence[int]
    """The times of its first and last record; empty if it has none."""
    uncounted: frozenset[str]
    """See Views."""


class _Stored(NamedTuple):
    """A view that a file owns."""

    key: Key
    item: Item
    """Without its keys."""


Owned = dict[tuple[str, str, str], _Stored]
"""By source, partition and record."""


class _Change(NamedTuple):
    """What has to be done."""

    same: Sequence[Claim]
    """These are owned already."""
    new: Sequence[Claim]
    statements: Sequence[Statement]
    """Delete views that no longer count, and update those that are stored differently."""
    of_source: Counter[str]
    """The number of views written, changed or deleted, by source."""


def rewrite_views(
    requests: Requests, workers: Workers, item: ItemMap, keep: Keep, files: Sequence[Rewritten]
) -> list[tuple[Views, int, int]]:
    """Rewrite the views of files; returns the views that each owns, how many are cut, and how many were changed."""
    change = _change(requests, workers, item, keep, files)
    execute_all(requests, workers, change.statements)
    return _owned_by(files, keep, [*change.same, *own(requests, workers, change.new)], change)


def foresee_views(
    requests: Requests, workers: Workers, item: ItemMap, keep: Keep, files: Sequence[Rewritten]
) -> list[tuple[Views, int, int]]:
    """The same, without writing."""
    change = _change(requests, workers, item, keep, files)
    places = {place for claim in change.new for place in _places(claim)}
    holders = read_items(requests, workers, places, (SOURCE_FILE, RECORD))
    first: dict[tuple[Key, str], Claim] = {}
    for claim in change.new:
        at_its_place = (holders.get(place, {}) for place in _places(claim))
        if not any(each.get(RECORD, {}).get("S") == claim.record and not _is_of(each, claim) for each in at_its_place):
            first.setdefault((claim.key, claim.record), claim)
    return _owned_by(files, keep, [*change.same, *first.values()], change)


def _owned_by(
    files: Sequence[Rewritten], keep: Keep, owned: Iterable[Claim], change: _Change
) -> list[tuple[Views, int, int]]:  # fmt: skip
    of_files = written([(file.source, file.views) for file in files], owned)
    return [
        (
            Views.of(each.views if keep.views else file.views, file.uncounted),
            each.cut,
            change.of_source[file.source],
        )
        for file, each in zip(files, of_files, strict=True)
    ]


def _change(requests: Requests, workers: Workers, item: ItemMap, keep: Keep, files: Sequence[Rewritten]) -> _Change:
    wanted = list(claims(item, keep, [(file.source, file.views) for file in files])) if keep.views else []
    owned = _owned(requests, workers, _stretches(item, files, wanted), {file.source for file in files})
    same, new, statements = [], [], []
    of_source: Counter[str] = Counter()
    for claim in wanted:
        held = claim.source, claim.key[0], claim.record
        there = owned.get(held)
        if there and there.key in _places(claim):
            del owned[held]
            same.append(claim)
            if statement := _updated(requests, there, claim):
                statements.append(statement)
                of_source[claim.source] += 1
        else:
            new.append(claim)
            of_source[claim.source] += 1
    for (source, *_), there in owned.items():
        statements.append(delete(requests, there.key, SOURCE_FILE, {"S": source}))
        of_source[source] += 1
    return _Change(same, new, statements, of_source)


def _updated(requests: Requests, there: _Stored, claim: Claim) -> Statement | None:
    """The statement that updates a stored view to today's rules; None if nothing changes. Its expiry stays as it is."""
    expires = EXPIRES_AT in there.item and EXPIRES_AT in claim.item
    ignored = {EXPIRES_AT} if expires else set()
    changes = {
        name: value for name, value in claim.item.items() if name not in ignored and there.item.get(name) != value
    }  # fmt: skip
    removed = [name for name in there.item if name not in claim.item]
    if not changes and not removed:
        return None
    return update(requests, there.key, changes, {SOURCE_FILE: {"S": claim.source}}, removed)


def _owned(
    requests: Requests, workers: Workers, stretches: Iterable[tuple[str, int, int]], sources: Collection[str]
) -> Owned:  # fmt: skip
    """The views that these files own, in stretches of partitions."""
    names = requests.keys

    def read(stretch: tuple[str, int, int]) -> list[Item]:
        partition, first, last = stretch
        return [each for each in query(requests, partition, between=(f"{first:010}", f"{last + 1:010}")) if SOURCE_FILE in each]

    found: Owned = {}
    for items in workers.map(read, stretches):
        for each in items:
            key = each[names[0]]["S"], each[names[1]]["S"]
            if (source := each[SOURCE_FILE]["S"]) in sources:
                rest = {name: value for name, value in each.items() if name not in names}
                found[source, key[0], each[RECORD]["S"]] = _Stored(key, rest)
    return found


def _stretches(item: ItemMap, files: Sequence[Rewritten], wanted: Iterable[Claim]) -> Iterator[tuple[str, int, int]]:
    """The partitions to search, each between two times; files that are close together share one."""
    new: dict[int, set[str]] = {}
    for claim in wanted:
        new.setdefault(claim.file, set()).add(claim.key[0])
    times: dict[str, list[tuple[int, int]]] = {}
    for place, file in enumerate(files):
        of_views = [*file.times, *(view.time for view in file.views)]
        pages = {partition_key(item.page_name(*page)) for page in file.pages} | new.get(place, set())
        for partition in pages if of_views else ():
            times.setdefault(partition, []).append((min(of_views), max(of_views)))
    for partition, of_files in times.items():
        first, last = min(of_files)
        for begin, end in sorted(of_files):
            if begin > last + GAP_SECONDS:
                yield partition, first, last
                first, last = begin, end
            last = max(last, end)
        yield partition, first, last


def _places(claim: Claim) -> tuple[Key, Key]:
    """The keys where a view may be stored: its own, or one beside it if another record has that."""
    return claim.key, beside(claim.key, claim.record)


def _is_of(holder: Item, claim: Claim) -> bool:
    return holder.get(SOURCE_FILE, {}).get("S") == claim.source
