"""
The same view in the logs and in an imported table, in DynamoDB: counted once, even if both are imported at the same time.

Both are written as views, and only then does each importer look for the other's, so at least one of them sees both. The first
to write a record into the item as its twin decides which of the two counts, and stores that: the decision is final, and a file
that is recorded again counts the same views. An importer of logs only checks months with imported items; finding these costs a
read unit.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from ...items import ItemMap
from ...records import PageView
from ..contents import record_id
from ..imported import COMPARED, TABLE, Facts, best, facts_of, is_item
from .batches import read_items
from .keys import COUNTS, RECORD, SETTINGS, SOURCE_FILE, TWIN, Item, partition_key
from .query import query
from .requests import Refused, Requests
from .workers import Workers

ITEM_MONTHS = "ItemMonths"  # in the settings: the months of imported items, noted before the items are written
OF_ITEM, OF_RECORD = "item", "record"  # the values of COUNTS


@dataclass(frozen=True)
class _Kept:
    """A view as stored."""

    sort: str
    record: str
    is_item: bool
    twin: str
    counts: str
    facts: Facts


def unmatched(requests: Requests, workers: Workers, item: ItemMap, files: Sequence[Sequence[PageView]]) -> list[list[PageView]]:
    """The views of each file that should be counted: those without a twin that counts. The views are already written."""
    if not any(files):
        return [[] for _ in files]
    noted = read_items(requests, workers, [SETTINGS], (ITEM_MONTHS,)).get(SETTINGS, {})
    months = set(noted.get(ITEM_MONTHS, {}).get("SS", []))
    by_partition: dict[str, list[PageView]] = {}
    for views in files:
        for view in views:
            if view.day[:7] in months:
                by_partition.setdefault(partition_key(item.page_name(view.site, view.page)), []).append(view)
    matched = workers.map(lambda each: _matched(requests, item, *each), by_partition.items())
    counted_by_twins = {id(view) for some in matched for view in some}
    return [[view for view in views if id(view) not in counted_by_twins] for views in files]


def _matched(requests: Requests, item: ItemMap, partition: str, views: Sequence[PageView]) -> list[PageView]:
    """The views of a page that do not count, because their twins do."""
    times = [view.time for view in views]
    kept = _read(requests, item, partition, min(times), max(times))
    return [view for view in views if not _is_counted(requests, item, partition, view, kept)]


def _is_counted(
    requests: Requests, item: ItemMap, partition: str, view: PageView, kept: dict[int, dict[str, _Kept]]
) -> bool:  # fmt: skip
    record = record_id(view)
    while True:
        there = kept.get(view.time, {})
        if is_item(view):
            mine = there[record]
            if mine.twin:
                return mine.counts == OF_ITEM
            taken = {each.twin for each in there.values()}
            free = {name: each.facts for name, each in there.items() if not each.is_item and name not in taken}
            found = best(facts_of(item, view), free)
            decided = (mine, found, OF_RECORD) if found else None
        else:
            if its_item := next((each for each in there.values() if each.twin == record), None):
                return its_item.counts == OF_RECORD
            free = {name: each.facts for name, each in there.items() if each.is_item and not each.twin}
            found = best(facts_of(item, view), free)
            decided = (there[found], record, OF_ITEM) if found else None
        if decided is None:
            return True
        its_item, twin, counts = decided
        with suppress(Refused):  # another importer was faster
            requests.update(
                (partition, its_item.sort),
                "SET #twin = :twin, #counts = :counts",
                {"#twin": TWIN, "#counts": COUNTS},
                {":twin": {"S": twin}, ":counts": {"S": counts}},
                ConditionExpression="attribute_not_exists(#twin)",
            )
        kept.update(_read(requests, item, partition, view.time, view.time))


def _read(requests: Requests, item: ItemMap, partition: str, first: int, last: int) -> dict[int, dict[str, _Kept]]:
    """A page's views between two seconds, both included, by second and record."""
    holders = [item.attribute_of(name) for name in COMPARED]
    names = (requests.keys[1], SOURCE_FILE, RECORD, TWIN, COUNTS, *filter(None, holders))
    found: dict[int, dict[str, _Kept]] = {}
    for row in query(requests, partition, between=(f"{first:010}", f"{last + 1:010}"), attributes=names):
        if SOURCE_FILE in row:
            kept = _Kept(
                sort=row[requests.keys[1]]["S"],
                record=row[RECORD]["S"],
                is_item=row[SOURCE_FILE]["S"].startswith(TABLE),
                twin=_text(row, TWIN) or "",
                counts=_text(row, COUNTS) or "",
                facts=[_text(row, name) for name in holders],
            )
            found.setdefault(int(kept.sort[:10]), {})[kept.record] = kept
    return found


def _text(row: Item, name: str | None) -> str | None:
    return row[name]["S"] if name is not None and name in row else None
