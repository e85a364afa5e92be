"""The questions that reports ask a table."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from time import time as now

from ...cache import Cache
from ...items import ItemMap
from ...records import Count, Keep, Part, Tally, Value
from .batches import read_batch, read_items
from .index import Index
from .keys import (
    EXPIRES_AT,
    RECORD,
    SOURCE_FILE,
    TWIN,
    Item,
    Key,
    beside,
    commit_of,
    day_attribute,
    partition_key,
    read_value,
    tally_key,
)
from .ledger import ledger_key, ledger_partition, part_name, read_added, read_part
from .notes import NO_MONTH
from .query import query
from .requests import Requests

# Of a report, while importers count: a commit that begins in the midst of one makes it read again. Commits come some ten a
# second at most, and a query takes a tenth of that.
MOST_READINGS = 5
LAST_SECOND = 9_999_999_999  # times have ten digits until 2286, so texts are in their order


class Reader:
    """Answers from a table; what is not of whole files is left out."""

    def __init__(self, requests: Requests, workers: Executor, index: Index, item: ItemMap, keep: Keep):
        self._requests, self._workers, self._index, self._item, self._keep = requests, workers, index, item, keep

    def counts(self, site: str, dimension: str, start: str, end: str, prefix: str, value: str | None) -> Iterator[Count]:
        """See Store. One query for each month, side by side; with `value`, one read of all months' items."""
        if value == "":
            return  # nothing is counted by an empty value, and no key may be empty
        for _ in range(MOST_READINGS):
            snapshot = self._index.now()
            months = [month for month in self._index.months(site) if start[:7] <= month <= end[:7]]
            keys = [tally_key(site, month, dimension, value or "") for month in months]
            months_items = self._tallies(keys, prefix, value)
            if all(commit_of(item) <= snapshot.last for items in months_items for item in items):
                break
            self._index.forget()  # a commit has begun since it was read, and some of these had it, others not yet
        for (partition, _), month, items in zip(keys, months, months_items, strict=True):
            days = [day for number in range(1, 32) if start <= (day := f"{month}-{number:02}") <= end]
            for item in items:
                counted = item[self._requests.keys[1]]["S"]
                more = snapshot.unfinished_of((partition, counted), item)
                for day in days:
                    attribute = day_attribute(day)
                    if views := int(item.get(attribute, {}).get("N", 0)) - more.get(attribute, 0):
                        yield Count(counted, day, views)

    def _tallies(self, keys: Sequence[Key], prefix: str, value: str | None) -> list[list[Item]]:
        """Of each month: the item of a value, or all items."""
        if value is not None:
            found = read_items(self._requests, self._workers, keys)
            return [[found[key]] if key in found else [] for key in keys]
        return list(self._workers.map(lambda key: list(query(self._requests, key[0], prefix=prefix)), keys))

    def period(self, site: str) -> tuple[str, str] | None:
        """See Store. Only the first and the last month that have anything are read."""
        noted = self._index.months(site)
        days_of = Cache(
            lambda month: {day for _, day, _ in self.counts(site, "status", f"{month}-01", f"{month}-31", "", None)}
        )
        first = next((days for month in noted if (days := days_of[month])), None)
        last = next((days for month in reversed(noted) if (days := days_of[month])), None)
        return (min(first), max(last)) if first and last else None

    def views(self, site: str, page: str, start: int, end: int, limit: int | None) -> Iterator[dict[str, Value]]:
        """See Store. Items are as they are stored, with the attributes that [item] names."""
        names = (*self._item.attributes, SOURCE_FILE, RECORD, EXPIRES_AT, TWIN)
        for number, (key, item) in enumerate(self._views(site, page, start, end, names, limit)):
            if limit is not None and number >= limit:
                return
            yield {
                name: key if name == self._item.sort_key else read_value(item[name])
                for name in self._item.attributes
                if name in item
            }

    def times(self, site: str, page: str, start: int, end: int) -> Iterator[int]:
        """See Store."""
        names = (self._item.sort_key, SOURCE_FILE, RECORD, EXPIRES_AT, TWIN)
        return (int(key[:10]) for key, _ in self._views(site, page, start, end, names, None))

    def _views(
        self, site: str, page: str, start: int, end: int, names: Sequence[str], limit: int | None
    ) -> Iterator[tuple[str, Item]]:
        """A page's views with their sort keys as [item] makes them; not those that have expired, nor others' items."""
        partition = partition_key(self._item.page_name(site, page))
        first, last = max(start, self._keep.oldest(now()), 0), min(max(end, 0), LAST_SECOND - 1)
        if first > last:
            return  # DynamoDB refuses a range whose end comes first
        between = f"{first:010}", f"{last + 1:010}"  # what follows the times may be anything
        for item in query(self._requests, partition, between=between, attributes=names, limit=limit):
            key = item[self._item.sort_key]["S"]
            is_kept = EXPIRES_AT not in item or int(item[EXPIRES_AT]["N"]) > now()  # AWS deletes within days
            if SOURCE_FILE in item and TWIN not in item and int(key[:10]) <= end and is_kept:
                yield key.removesuffix(beside(("", ""), item[RECORD]["S"])[1]), item

    def files(self) -> Iterator[Part]:
        """See Store."""
        snapshot = self._index.now()
        shown = snapshot.last - 1 if snapshot.unfinished else snapshot.last
        for month in sorted(self._index.settings().get("FileMonths", {}).get("SS", [])):
            yield from self._parts(ledger_partition("" if month == NO_MONTH else month), up_to=shown)

    def known(self, name: str) -> list[Part]:
        """See Store."""
        partition, first = ledger_key(name, 0)
        return [part for part in self._parts(partition, (first, part_name(name, 99_999))) if part.name == name]

    def added(self, name: str, part: int) -> Tally | None:
        """See Store."""
        key = ledger_key(name, part)
        entry = read_batch(self._requests, [key]).get(key)
        return read_added(self._requests, key[1], entry) if entry else None

    def _parts(self, partition: str, between: tuple[str, str] | None = None, up_to: int | None = None) -> Iterator[Part]:
        for entry in query(self._requests, partition, between=between):
            if up_to is None or commit_of(entry) <= up_to:
                yield read_part(entry[self._requests.keys[1]]["S"], entry)
