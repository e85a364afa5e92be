"""
Each view is written once, and owned by the first file that contributes it.

A view is inserted, never overwritten: PartiQL's `INSERT` fails if the key exists, costs the same as a put, and 25 fit into one
request. So a second writer (another importer, or we ourselves after a crash) finds the owner, and what a file owns never
changes: only that file counts its views, however often it is recorded.
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

MOST_BYTES = 400_000  # of an item with its keys: slightly less than 400 KB
MOST_BYTES_AT_ONCE = 1_000_000  # of one request


class Claim(NamedTuple):
    """A view in a file, and the key that the file claims for it."""

    file: int
    place: int
    """The index of the view in its file."""
    key: Key
    source: str
    record: str
    item: dict[str, dict[str, str]]
    """Without its keys."""
    size: int
    """An upper bound of its bytes."""
    is_cut: bool = False
    """Whether its longest attributes had to be cut."""


class Written(NamedTuple):
    """The views of a file that it was the first to bring."""

    views: list[PageView]
    cut: int
    """How many of them are stored with truncated attributes."""


def write_views(
    requests: Requests, workers: Workers, item: ItemMap, keep: Keep, files: Sequence[tuple[str, Sequence[PageView]]]
) -> list[Written]:
    """
    Write the views of files, each with its name, and return those that each file is the first to bring.

    If several have the same view, the order of the files decides.
    """
    if not keep.views:
        return [Written(list(views), 0) for _, views in files]
    return written(files, own(requests, workers, claims(item, keep, files)))


def written(files: Sequence[tuple[str, Sequence[PageView]]], owned: Iterable[Claim]) -> list[Written]:
    """The views that each file owns."""
    of_file: list[dict[int, Claim]] = [{} for _ in files]
    for claim in owned:
        of_file[claim.file][claim.place] = claim
    return [
        Written([view for place, view in enumerate(views) if place in mine], sum(claim.is_cut for claim in mine.values()))
        for (_, views), mine in zip(files, of_file, strict=True)
    ]


def own(requests: Requests, workers: Workers, wanted: Iterable[Claim]) -> Iterator[Claim]:
    """Insert views; yields the claims that hold, whether new or from an earlier attempt."""
    left = list(wanted)
    while left:
        at_once: dict[Key, Claim] = {}
        # A batch must not contain a key twice; the first claim on it is tried first.
        later = [claim for claim in left if at_once.setdefault(claim.key, claim) is not claim]
        taken = set(_insert(requests, workers, at_once.values()))
        holders = read_items(requests, workers, taken, (SOURCE_FILE, RECORD))
        for key, claim in at_once.items():
            if key not in taken:
                yield claim
            elif key not in holders:  # it has expired meanwhile
                later.append(claim)
            elif holders[key].get(RECORD, {}).get("S") != claim.record:  # another record, or another program's item
                later.append(claim._replace(key=beside(key, claim.record)))
            elif holders[key].get(SOURCE_FILE, {}).get("S") == claim.source:  # from an earlier attempt
                yield claim
        left = later


def claims(item: ItemMap, keep: Keep, files: Sequence[tuple[str, Sequence[PageView]]]) -> Iterator[Claim]:
    """The claims for the views of files, which come with their names."""
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
    """The earliest expiry of views written now: even views of old logs are kept for a day, so that duplicates are found."""
    return int(now()) + DAY


def claim_of(item: ItemMap, keep: Keep, source: str, view: PageView, record: str, soonest: int) -> Claim:
    """A file's claim for one of its views; `soonest` is its earliest expiry."""
    made, key = view_key(item, view)
    typed = item.typed({name: value for name, value in made.items() if name not in (item.partition_key, item.sort_key)})
    typed[SOURCE_FILE] = {"S": source}
    typed[RECORD] = {"S": record}
    if keep.days is not None:
        typed[EXPIRES_AT] = {"N": str(max(view.time + keep.days * DAY, soonest))}
    return _fitting(Claim(0, 0, key, source, record, typed, 0))


def _fitting(claim: Claim) -> Claim:
    """The claim with an item that DynamoDB accepts: if it has too much text, its longest attributes are cut to equal length."""
    size = 4 * sum(len(name) + len(text) for name, typed in claim.item.items() for text in typed.values())
    if size <= MOST_BYTES // 2 or (size := size_of(claim.key, claim.item)) <= MOST_BYTES:  # a character has at most 4 bytes
        return claim._replace(size=size)
    texts = {name: typed["S"] for name, typed in claim.item.items() if "S" in typed and name not in (SOURCE_FILE, RECORD)}
    room = MOST_BYTES - size_of(claim.key, {**claim.item, **{name: {"S": ""} for name in texts}})
    longest = _longest([len(text.encode()) for text in texts.values()], room)
    item: dict[str, Any] = {**claim.item, **{name: {"S": cut(text, longest)} for name, text in texts.items()}}
    return claim._replace(item=item, size=MOST_BYTES, is_cut=True)


def _longest(lengths: Sequence[int], room: int) -> int:
    """
    The length to which texts have to be cut so that all of them fit into `room`.

    >>> _longest([10, 900, 500], 810)
    400
    """
    for place, length in enumerate(sorted(lengths)):
        if length > (share := room // (len(lengths) - place)):
            return share
        room -= length
    return max(lengths)


def _insert(requests: Requests, workers: Workers, claims: Iterable[Claim]) -> Iterator[Key]:
    """Insert the views; yields the keys that already exist."""

    def insert_some(batch: Sequence[Claim]) -> list[Key]:
        refused = execute(requests, [insert(requests, claim.key, claim.item) for claim in batch])
        return [batch[place].key for place in refused]

    for taken in workers.map(insert_some, _batches(claims)):
        yield from taken


def _batches(claims: Iterable[Claim]) -> Iterator[list[Claim]]:
    """Claims in groups that fit into one request."""
    for some in chunks(claims, MOST_STATEMENTS):
        batch: list[Claim] = []
        for claim in some:
            if batch and sum(each.size for each in batch) + claim.size > MOST_BYTES_AT_ONCE:
                yield batch
                batch = []
            batch.append(claim)
        yield batch
