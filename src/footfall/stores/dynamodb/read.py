"""Reads counts, views and the ledger, without what an unfinished commit has added, so answers always cover whole files."""

from collections.abc import Iterator, Mapping, Sequence
from time import time as now
from typing import NamedTuple

from ...cache import Cache
from ...items import ItemMap
from ...records import Part, Tally, Value
from ..shapes import Count, DayVisitors, Keep
from .batches import read_items
from .index import Index, IndexCache
from .keys import (
    COMMIT,
    EXPIRES_AT,
    NO_MONTH,
    RECORD,
    RECOUNTED,
    SOURCE_FILE,
    TWIN,
    Item,
    Key,
    beside,
    commit_of,
    day_attribute,
    is_together,
    ledger_key,
    ledger_partition,
    moved_key,
    part_name,
    partition_key,
    read_value,
    tally_key,
    together_attribute,
    together_key,
)  # fmt: skip
from .ledger import read_added, read_part
from .query import query
from .requests import Requests
from .visitors import visitors
from .workers import Workers

# Of a report while importers count: if a commit begins halfway through, it reads again. There are at most about ten commits a
# second, and a query takes a tenth of the time of one.
MOST_READINGS = 5
OURS = (SOURCE_FILE, RECORD, EXPIRES_AT, TWIN)


LAST_SECOND = 9_999_999_999  # times from 2001 to 2286 have ten digits, so they sort as text


AT_FIRST = 25  # tallies read at first to find one that counts anything


class _Numbers(NamedTuple):
    """The numbers of a tally's item for a period."""

    key: Key
    commit: int
    """Its last commit."""
    numbers: Sequence[tuple[str, str, str, int]]
    """Values, days, the attributes that count them, and the counts."""


class Reader:
    """Answers from the table; see Store for what each method returns."""

    def __init__(self, requests: Requests, workers: Workers, item: ItemMap, keep: Keep, index: IndexCache):
        self._requests, self._workers, self._item, self._keep, self._index = requests, workers, item, keep, index

    def counts(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None
    ) -> Iterator[Count]:
        """One query for each month, in parallel; with `value`, one read of all months' items."""
        if value == "":
            return  # nothing is counted for an empty value, and keys must not be empty
        for _ in range(MOST_READINGS):
            index = self._index.read()
            months = [month for month in index.months(site) if start[:7] <= month <= end[:7]]
            if is_together(dimension):
                tallies = self._together(site, months, (start, end), dimension, prefix, value)
            else:
                keys = [moved_key(tally_key(site, month, dimension, value or ""), index.moved) for month in months]
                days_of = {key[0]: _days(month, start, end, dimension) for month, key in zip(months, keys, strict=True)}
                tallies = self._tallies(keys, days_of, prefix, value)
            if all(each.commit <= index.last for each in tallies):
                break
            self._index.forget()  # a commit has begun since, and only some of these have had it
        for key, commit, numbers in tallies:
            more = index.unfinished_of(key, commit)
            for counted, day, attribute, times in numbers:
                if views := times - more.get(attribute, 0):
                    yield Count(counted, day, views)

    def _tallies(
        self, keys: Sequence[Key], days_of: Mapping[str, Mapping[str, str]], prefix: str, value: str | None
    ) -> list[_Numbers]:  # fmt: skip
        """For each month, the tally of a value, or all tallies. Their items would take ten times the memory."""
        sort = self._requests.keys[1]
        if value is not None:
            found = read_items(self._requests, self._workers, keys)
            return [_numbers(key, item, days_of[key[0]]) for key, item in found.items()]

        def read(key: Key) -> list[_Numbers]:
            items = query(self._requests, key[0], prefix=prefix)
            return [_numbers((key[0], item[sort]["S"]), item, days_of[key[0]]) for item in items]

        return [each for month in self._workers.map(read, keys) for each in month]

    def _together(
        self, site: str, months: Sequence[str], days: tuple[str, str], dimension: str, prefix: str, value: str | None
    ) -> list[_Numbers]:  # fmt: skip
        """For each day, a dimension's values, which are in one item with those of other dimensions."""
        sort, begins = self._requests.keys[1], together_attribute(dimension, "")
        names = together_attribute(dimension, prefix)

        def read(month: str) -> list[_Numbers]:
            found = []
            for item in query(self._requests, together_key(site, month)[0], between=days):
                day = item[sort]["S"]
                of_day = [(name, int(times["N"])) for name, times in item.items() if name.startswith(names)]
                numbers = [(name.removeprefix(begins), day, name, times) for name, times in of_day]
                asked = [each for each in numbers if value in (None, each[0])]
                found.append(_Numbers(together_key(site, day), commit_of(item), asked))
            return found

        return [each for month in self._workers.map(read, months) for each in month]

    def sites_with_views(self) -> list[str]:
        """Reads each site's first items of a month or two, in parallel; includes what is just being counted."""
        index = self._index.read()

        return self._counted_by(index, "page")

    def sites(self) -> list[str]:
        """The noted sites; if files were recounted, only those that still have counts."""
        index = self._index.read()
        return self._counted_by(index, "status") if RECOUNTED in self._index.settings() else index.sites

    def _counted_by(self, index: Index, dimension: str) -> list[str]:
        """The sites that have counts in a dimension."""

        def has(site: str) -> bool:
            partitions = (tally_key(site, month, dimension, "")[0] for month in reversed(index.months(site)))
            return any(any(map(_is_anything, query(self._requests, each, limit=AT_FIRST))) for each in partitions)

        return [site for site, is_one in zip(index.sites, self._workers.map(has, index.sites), strict=True) if is_one]

    def period(self, site: str) -> tuple[str, str] | None:
        """From the first and last month with counts; everything that is counted has a status."""
        noted = self._index.read().months(site)
        days_of = Cache(lambda month: {day for _, day, _ in self.counts(site, "status", f"{month}-01", f"{month}-31")})
        first = next((days for month in noted if (days := days_of[month])), None)
        last = next((days for month in reversed(noted) if (days := days_of[month])), None)
        return (min(first), max(last)) if first and last else None

    def views(self, site: str, page: str, start: int, end: int, limit: int | None = None) -> Iterator[dict[str, Value]]:
        """Items as stored, with the attributes that [item] names."""
        names = (*self._item.attributes, *OURS)
        for number, (key, item) in enumerate(self._views(site, page, start, end, names, limit)):
            if limit is not None and number >= limit:
                return
            yield {
                name: key if name == self._item.sort_key else read_value(item[name])
                for name in self._item.attributes
                if name in item
            }

    def times(self, site: str, page: str, start: int, end: int) -> Iterator[int]:
        """Only the sort keys are transferred."""
        names = (self._item.sort_key, *OURS)
        return (int(key[:10]) for key, _ in self._views(site, page, start, end, names, None))

    def _views(
        self, site: str, page: str, start: int, end: int, names: Sequence[str], limit: int | None
    ) -> Iterator[tuple[str, Item]]:
        """A page's views with their sort keys as [item] makes them; without expired views and other programs' items."""
        partition = partition_key(self._item.page_name(site, page))
        first, last = max(start, self._keep.oldest(now()), 0), min(max(end, 0), LAST_SECOND - 1)
        if first > last:
            return  # DynamoDB refuses a range that ends before it starts
        between = f"{first:010}", f"{last + 1:010}"  # times may be followed by anything
        for item in query(self._requests, partition, between=between, attributes=names, limit=limit):
            key = item[self._item.sort_key]["S"]
            is_kept = EXPIRES_AT not in item or int(item[EXPIRES_AT]["N"]) > now()  # AWS takes days to delete it
            if SOURCE_FILE in item and TWIN not in item and int(key[:10]) <= end and is_kept:
                yield key.removesuffix(beside(("", ""), item[RECORD]["S"])[1]), item

    def files(self) -> Iterator[Part]:
        """Month after month."""
        shown = self._index.read().finished
        for month in sorted(self._index.settings().get("FileMonths", {}).get("SS", [])):
            for entry in query(self._requests, ledger_partition("" if month == NO_MONTH else month)):
                if commit_of(entry) <= shown:
                    yield read_part(entry[self._requests.keys[1]]["S"], entry)

    def known_of(self, names: Sequence[str]) -> dict[str, list[Part]]:
        """
        One query for each, including what is just being counted.

        For many files, their first parts are read first, 100 at once, since only files with a first part have others.
        """
        asked = names
        if len(names) > 1:
            entered = read_items(self._requests, self._workers, {ledger_key(name, 0) for name in names}, (COMMIT,))
            asked = [name for name in names if ledger_key(name, 0) in entered]
        return {**{name: [] for name in names}, **{name: self._known(name) for name in asked}}

    def _known(self, name: str) -> list[Part]:
        partition, first = ledger_key(name, 0)
        entries = query(self._requests, partition, between=(first, part_name(name, 99_999)))
        parts = [read_part(entry[self._requests.keys[1]]["S"], entry) for entry in entries]
        return [part for part in parts if part.name == name]

    def visitors(self, site: str, start: str, end: str) -> dict[str, DayVisitors]:
        """One query: a small item for each closed day, and up to 8 KB for each open one."""
        return dict(visitors(self._requests, site, start, end))

    def added(self, name: str, part: int) -> Tally | None:
        """One read, and one query if it does not fit into the entry."""
        return read_added(self._requests, name, part, self._index.read().finished)


def _days(month: str, start: str, end: str, dimension: str) -> dict[str, str]:
    """The days of a month in the period, possibly with a few that do not exist, and the attributes that count them."""
    days = [day for number in range(1, 32) if start <= (day := f"{month}-{number:02}") <= end]
    return {day: day_attribute(day, dimension) for day in days}


def _numbers(key: Key, item: Item, days: Mapping[str, str]) -> _Numbers:
    found = ((day, attribute, item.get(attribute)) for day, attribute in days.items())
    return _Numbers(key, commit_of(item), [(key[1], day, name, int(times["N"])) for day, name, times in found if times])


def _is_anything(tally: Item) -> bool:
    """Whether a tally's item counts anything on any day; after a recount, it may not."""
    return any(name != COMMIT and int(value["N"]) for name, value in tally.items() if "N" in value)
