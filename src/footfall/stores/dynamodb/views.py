"""
Each view is written once, and owned by the first file that contributes it.

A view is inserted, never overwritten: `INSERT` of PartiQL fails where its key exists, costs what a put costs, and 25 go
with one request. So the second writer, another importer or we ourselves after a crash, finds the owner, and what a file owns
never changes: only that file counts its views, however often it is recorded.
"""

from collections.abc import Iterable, Iterator, Sequence
from time import time as now
from typing import Any, NamedTuple

from ...items import ItemMap
from ...pageviews.pages import cut
from ...records import DAY, PageView
from ..contents import record_id
from ..shapes import Keep
from .batches import MOST_STATEMENTS, chunks, execute, insert, read_items
from .keys import EXPIRES_AT, RECORD, SOURCE_FILE, Key, beside, view_key
from .requests import Requests
from .sizes import size_of
from .workers import Workers

MOST_BYTES = 400_000  # of an item with its keys: 400 KB, and a little less
MOST_BYTES_AT_ONCE = 1_000_000  # of one request


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
    size: int
    """At least as many bytes as it has."""
    is_cut: bool = False
    """Whether its longest attributes had to be cut."""


class Written(NamedTuple):
    """The views of a file that it was the first to bring."""

    views: list[PageView]
    cut: int
    """How many of them are stored with attributes that are cut."""


def write_views(
    requests: Requests, workers: Workers, item: ItemMap, keep: Keep, files: Sequence[tuple[str, Sequence[PageView]]]
) -> list[Written]:
    """
    Write the views of files, each with its name, and return those that each file is the first to bring.

    The order of the files decides between them where both bring a view.
    """
    if not keep.views:
        return [Written(list(views), 0) for _, views in files]
    return written(files, own(requests, workers, claims(item, keep, files)))


def written(files: Sequence[tuple[str, Sequence[PageView]]], owned: Iterable[Claim]) -> list[Written]:
    """Of each file the views that it owns."""
    of_file: list[dict[int, Claim]] = [{} for _ in files]
    for claim in owned:
        of_file[claim.file][claim.place] = claim
    return [
        Written([view for place, view in enumerate(views) if place in mine], sum(claim.is_cut for claim in mine.values()))
        for (_, views), mine in zip(files, of_file, strict=True)
    ]


def own(requests: Requests, workers: Workers, wanted: Iterable[Claim]) -> Iterator[Claim]:
    """Insert views; says which claims hold then, for the first time or since an earlier attempt."""
    left = list(wanted)
    while left:
        at_once: dict[Key, Claim] = {}
        # One key may not be twice in a batch; the first claim on it has the first try.
        later = [claim for claim in left if at_once.setdefault(claim.key, claim) is not claim]
        taken = set(_insert(requests, workers, at_once.values()))
        holders = read_items(requests, workers, taken, (SOURCE_FILE, RECORD))
        for key, claim in at_once.items():
            if key not in taken:
                yield claim
            elif key not in holders:  # it has expired in the meantime
                later.append(claim)
            elif holders[key].get(RECORD, {}).get("S") != claim.record:  # another record, or another program's item
                later.append(claim._replace(key=beside(key, claim.record)))
            elif holders[key].get(SOURCE_FILE, {}).get("S") == claim.source:  # of an earlier attempt
                yield claim
        left = later


def claims(item: ItemMap, keep: Keep, files: Sequence[tuple[str, Sequence[PageView]]]) -> Iterator[Claim]:
    """What files, each with its name, claim for their views."""
    soonest = soonest_end()
    for file, (source, views) in enumerate(files):
        seen: set[str] = set()
        for place, view in enumerate(views):
            record = record_id(view)
            if record in seen:
                continue
            seen.add(record)
            yield claim_of(item, keep, source, view, record, soonest)._replace(file=file, place=place)


def soonest_end() -> int:
    """When views may expire that are written now: had they expired already, duplicates are found by them for a day."""
    return int(now()) + DAY


def claim_of(item: ItemMap, keep: Keep, source: str, view: PageView, record: str, soonest: int) -> Claim:
    """What a file claims for a view of it; `soonest` is when it may expire."""
    made, key = view_key(item, view)
    typed = item.typed({name: value for name, value in made.items() if name not in (item.partition_key, item.sort_key)})
    typed[SOURCE_FILE] = {"S": source}
    typed[RECORD] = {"S": record}
    if keep.days is not None:
        typed[EXPIRES_AT] = {"N": str(max(view.time + keep.days * DAY, soonest))}
    return _fitting(Claim(0, 0, key, source, record, typed, 0))


def _fitting(claim: Claim) -> Claim:
    """The claim with an item that DynamoDB takes: where it has too much text, the longest attributes are cut to one length."""
    size = 4 * sum(len(name) + len(text) for name, typed in claim.item.items() for text in typed.values())
    if size <= MOST_BYTES // 2 or (size := size_of(claim.key, claim.item)) <= MOST_BYTES:  # a character has 4 bytes at most
        return claim._replace(size=size)
    texts = {name: typed["S"] for name, typed in claim.item.items() if "S" in typed and name not in (SOURCE_FILE, RECORD)}
    room = MOST_BYTES - size_of(claim.key, {**claim.item, **{name: {"S": ""} for name in texts}})
    longest = _longest([len(text.encode()) for text in texts.values()], room)
    item: dict[str, Any] = {**claim.item, **{name: {"S": cut(text, longest)} for name, text in texts.items()}}
    return claim._replace(item=item, size=MOST_BYTES, is_cut=True)


def _longest(lengths: Sequence[int], room: int) -> int:
    """
    To which length texts have to be cut, so that all of them fit into the room together.

    >>> _longest([10, 900, 500], 810)
    400
    """
    for place, length in enumerate(sorted(lengths)):
        if length > (share := room // (len(lengths) - place)):
            return share
        room -= length
    return max(lengths)


def _insert(requests: Requests, workers: Workers, claims: Iterable[Claim]) -> Iterator[Key]:
    """Insert the views; says which keys exist already."""

    def insert_some(batch: Sequence[Claim]) -> list[Key]:
        refused = execute(requests, [insert(requests, claim.key, claim.item) for claim in batch])
        return [batch[place].key for place in refused]

    for taken in workers.map(insert_some, _batches(claims)):
        yield from taken


def _batches(claims: Iterable[Claim]) -> Iterator[list[Claim]]:
    """Claims that go with one request."""
    for some in chunks(claims, MOST_STATEMENTS):
        batch: list[Claim] = []
        for claim in some:
            if batch and sum(each.size for each in batch) + claim.size > MOST_BYTES_AT_ONCE:
                yield batch
                batch = []
            batch.append(claim)
        yield batch
