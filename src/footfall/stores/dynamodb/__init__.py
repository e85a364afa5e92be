"""
Counts in one DynamoDB table, exactly once.

    requests   sends requests, again where that may help; adds up what they cost
    errors     what AWS says, and what a person can do about it
    keys       where each kind of item lies, and how it is written
    query      reads a partition, page after page
    batches    reads and writes many items at once
    views      writes views once each: the first file that brings one owns it
    twins      finds the items of an imported table that the logs have as well
    groups     counts files, one group of them after the other
    backfills  how far the functions are with what was handed to them
    table      makes the table, and tells of it
    cost       what it costs

docs/reference/data-model.md tells the whole of it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cached_property
from time import monotonic
from time import time as now
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from uuid import uuid4

from ...cache import Cache
from ...dimensions import tally
from ...errors import ConfigError, StoreError
from ...items import ItemMap
from ...records import Account, Capacity, Count, Digest, Estimate, Keep, PageView, Part, Token, Value, Views
from ..imported import is_item
from .batches import read_items
from .commits import Group, additions_of, count, read_group, settle
from .cost import using
from .estimate import write_units
from .imported import ITEM_MONTHS, unmatched
from .keys import (
    COUNTED_BY,
    COUNTS,
    EXPIRES_AT,
    LAST_GROUP,
    RECORD,
    SETTINGS,
    SITES,
    SOURCE_FILE,
    TOKENS,
    TWIN,
    Item,
    Key,
    beside,
    day_attribute,
    group_of,
    ledger_entry,
    ledger_key,
    ledger_partition,
    part_name,
    partition_key,
    read_part,
    read_token,
    read_value,
    site_key,
    tally_key,
    token_key,
)  # fmt: skip
from .query import query
from .requests import CONNECTIONS, Refused, Requests
from .views import write_views

SCHEMA_VERSION = 1
# Months are kept as sets of texts, and a set may not be empty: of files whose names have no month.
NO_MONTH = "none"
OPTIONS = ("region", "endpoint")
REMEMBERED_SECONDS = 1.0
# Of a report, while importers count: a group that begins in the midst of one makes it read again. Groups come some ten a second
# at most, and a query takes a tenth of that.
MOST_READINGS = 5


class Index(NamedTuple):
    """What lies beside the sites, at one time."""

    read_at: float
    items: Mapping[str, Item]
    """The settings and what is noted of each site, by their sort keys."""
    last: int
    """The number of the last group of files that was begun."""
    unfinished: Group | None
    """That group, if it is being counted, or was when its importer died."""

    def unfinished_of(self, key: Key, item: Item) -> Mapping[str, int]:
        """What an item has of the unfinished group already, by its attributes."""
        if self.unfinished is None or group_of(item) != self.last:
            return {}
        return self.unfinished.additions.get(key, {})


class DynamoDBStore:
    """A store in a table, `TABLE[?region=&endpoint=]`; nothing is sent before the first use."""

    def __init__(self, place: str, item: ItemMap, keep: Keep):
        table, _, options = place.partition("?")
        given = dict(parse_qsl(options, keep_blank_values=True))
        if unknown := sorted(given.keys() - set(OPTIONS)):
            raise ConfigError(f"dynamodb:{place}: no option {unknown[0]!r}; there are: {', '.join(OPTIONS)}")
        if not table:
            raise ConfigError(f"dynamodb:{place}: write it as dynamodb:TABLE?region=eu-west-1")
        if own := {SOURCE_FILE, RECORD, EXPIRES_AT, TWIN, COUNTS} & item.attributes.keys():
            raise ConfigError(f"[item] {min(own)}: footfall keeps an attribute of this name itself; choose another")
        self.item, self._keep = item, keep
        self.requests = Requests(table, given.get("region"), given.get("endpoint"), (item.partition_key, item.sort_key))
        self._importer = uuid4().hex[:16]
        self._untold: dict[Key, Account] = {}
        self._noted: set[tuple[Key, str, str]] = set()
        self._noted_latest = -1
        self._first_site: str | None = None
        self._forget_index()

    def _forget_index(self) -> None:
        self._remembered = Index(-REMEMBERED_SECONDS, {}, 0, None)

    @cached_property
    def _workers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="footfall-dynamodb")

    def capacity(self) -> Capacity:
        """See Store."""
        return self.requests.capacity

    def prepare(self, time_zone: str) -> None:
        """See Store; the table has to be there. What another importer has left is finished."""
        self._forget_index()
        settle(self.requests, self._workers, self._importer)
        settings = self._settings()
        if "TimeZone" not in settings:
            with suppress(Refused):  # another importer was quicker, or an answer was lost
                self.requests.send(
                    "update_item",
                    TableName=self.requests.table,
                    Key=self._typed(SETTINGS),
                    UpdateExpression="SET #zone = :zone, #version = :version",
                    ConditionExpression="attribute_not_exists(#zone)",
                    ExpressionAttributeNames={"#zone": "TimeZone", "#version": "SchemaVersion"},
                    ExpressionAttributeValues={":zone": {"S": time_zone}, ":version": {"N": str(SCHEMA_VERSION)}},
                )
            self._forget_index()
            settings = self._settings()
        kept = settings["TimeZone"]["S"]
        if kept != time_zone:
            raise StoreError(
                f"{self.requests.url} counts days in {kept}, not in {time_zone}: "
                f"set time_zone = {kept!r}, or name another --store and import the logs again"
            )

    def _index(self) -> "Index":
        """What every report asks for first; several questions of a report are one request."""
        if monotonic() - self._remembered.read_at > REMEMBERED_SECONDS:
            items = {item[self.requests.keys[1]]["S"]: item for item in query(self.requests, SITES)}
            head = items.pop(LAST_GROUP[1], None)
            unfinished = read_group(self.requests, head) if head else None
            self._remembered = Index(monotonic(), items, group_of(head or {}), unfinished)
        return self._remembered

    def _settings(self) -> Item:
        settings = self._index().items.get(SETTINGS[1], {})
        version = int(settings["SchemaVersion"]["N"]) if "SchemaVersion" in settings else SCHEMA_VERSION
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{self.requests.url} was written by a newer footfall (schema {version}, this one knows {SCHEMA_VERSION}): "
                "upgrade footfall, or name another --store"
            )
        return settings

    def known(self, name: str) -> list[Part]:
        """See Store."""
        partition, first = ledger_key(name, 0)
        return [part for part in self._parts(partition, (first, part_name(name, 99_999))) if part.name == name]

    def record(self, digests: Sequence[Digest]) -> list[Account | None]:
        """See Store. Views come first, then counts and ledger: all files that are new are one group."""
        self._forget_index()
        owned: dict[Key, Sequence[PageView]] = {}
        try:
            while True:
                number = settle(self.requests, self._workers, self._importer)
                wanted = {_ledger_key(digest): digest for digest in reversed(digests)}
                found = read_items(self.requests, self._workers, wanted, (COUNTED_BY,))
                new = {key: digest for key, digest in reversed(wanted.items()) if key not in found}
                if new and not owned:
                    owned = self._write_views(new)
                if not new or count(self.requests, self._workers, self._group(number + 1, new, owned)):
                    break  # else another group came before this one, perhaps with some of its files
        finally:
            self._forget_index()
        ours = new.keys() | {key for key, entry in found.items() if entry.get(COUNTED_BY, {}).get("S") == self._importer}
        # Those of an attempt that failed are told as well, the next time that they are asked for.
        accounts = [(key, self._untold.pop(key, None)) for key in map(_ledger_key, digests)]
        return [account if key in ours else None for key, account in accounts]

    def estimate(self, digests: Sequence[Digest]) -> Estimate:
        """See Store."""
        units = write_units(self.item, self._keep, digests)
        return Estimate(units, using(0, units))

    def _write_views(self, digests: Mapping[Key, Digest]) -> dict[Key, Sequence[PageView]]:
        """Write the views of files; says which views each of them is the first to bring."""
        self._check_sites(digests.values())
        self._note_months(digests.values())
        self._note_latest(digests.values())
        files = [(key[1], list(digest.views)) for key, digest in digests.items()]
        written = write_views(self.requests, self._workers, self.item, self._keep, files)
        return dict(zip(digests, unmatched(self.requests, self._workers, self.item, written), strict=True))

    def _group(self, number: int, digests: Mapping[Key, Digest], owned: Mapping[Key, Sequence[PageView]]) -> Group:
        accounts = {key: digest.account.with_duplicates(len(digest.views) - len(owned[key])) for key, digest in digests.items()}
        self._untold |= accounts
        at = int(now())
        return Group(
            number,
            self._importer,
            additions_of(tally(Views.of(owned[key]), digest.drops) for key, digest in digests.items()),
            {key: ledger_entry(digest, accounts[key], at, number, self._importer) for key, digest in digests.items()},
        )

    def _check_sites(self, digests: Iterable[Digest]) -> None:
        """A second site's views need their site in the partition key, or no report could tell them apart."""
        if self.item.names_site:
            return
        for digest in digests:
            sites = set(digest.views.column("site"))
            if not sites:
                continue
            first = (
                self._only_site(min(sites)) if len(sites) == 1 else self._settings().get("OnlySite", {}).get("S", min(sites))
            )
            self.item.check_sites(digest.name, first, sites)

    def _only_site(self, site: str) -> str:
        """The site that views are of: the one that comes first, for ever."""
        if self._first_site is None:
            answer = self.requests.send(
                "update_item",
                TableName=self.requests.table,
                Key=self._typed(SETTINGS),
                UpdateExpression="SET #site = if_not_exists(#site, :site)",
                ExpressionAttributeNames={"#site": "OnlySite"},
                ExpressionAttributeValues={":site": {"S": site}},
                ReturnValues="ALL_NEW",
            )
            self._first_site = str(answer["Attributes"]["OnlySite"]["S"])
        return self._first_site

    def _note_months(self, digests: Iterable[Digest]) -> None:
        """Note which months there is something of, before there is, so that reports find it without a scan."""
        noted: set[tuple[Key, str, str]] = set()
        for digest in digests:
            month = _ledger_key(digest)[0].removeprefix("#files").removeprefix("#")
            noted.add((SETTINGS, "FileMonths", month or NO_MONTH))
            days = {*zip(digest.views.column("site"), digest.views.column("day"), strict=True)}
            days |= {(site, day) for site, _, day, _ in digest.drops}
            noted |= {(site_key(site), "Months", day[:7]) for site, day in days}
            noted |= {(SETTINGS, ITEM_MONTHS, str(view.fields["day"])[:7]) for view in digest.views if is_item(view)}
        for key, attribute, month in sorted(noted - self._noted):
            self.requests.send(
                "update_item",
                TableName=self.requests.table,
                Key=self._typed(key),
                UpdateExpression="ADD #months :month",
                ExpressionAttributeNames={"#months": attribute},
                ExpressionAttributeValues={":month": {"SS": [month]}},
            )
        self._noted |= noted

    def _note_latest(self, digests: Iterable[Digest]) -> None:
        """Note how far the files reach, so that no report has to read the whole ledger for it; before they are counted, too."""
        last = max((digest.last_time for digest in digests if digest.last_time is not None), default=None)
        if last is None or last <= self._noted_latest:
            return
        with suppress(Refused):  # another file reaches further
            self.requests.send(
                "update_item",
                TableName=self.requests.table,
                Key=self._typed(SETTINGS),
                UpdateExpression="SET #latest = :latest",
                ConditionExpression="attribute_not_exists(#latest) OR #latest < :latest",
                ExpressionAttributeNames={"#latest": "LatestRequest"},
                ExpressionAttributeValues={":latest": {"N": str(last)}},
            )
        self._noted_latest = last

    def counts(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None
    ) -> Iterator[Count]:
        """
        See Store. One query for each month, side by side; with `value`, one read of all months' items.

        What is counted just now is left out, so that what is told is of whole files, those that `files` tells of.
        """
        if value == "":
            return  # nothing is counted by an empty value, and no key may be empty
        for _ in range(MOST_READINGS):
            index = self._index()
            keys = [
                tally_key(site, month, dimension, value or "") for month in self._months(site) if start[:7] <= month <= end[:7]
            ]
            months_items = self._tallies(keys, prefix, value)
            if all(group_of(item) <= index.last for items in months_items for item in items):
                break
            self._forget_index()  # a group has begun since it was read, and some of these had it, others not yet
        for (partition, _), items in zip(keys, months_items, strict=True):
            month = partition.removesuffix(f"#{dimension}")[-7:]
            days = [day for number in range(1, 32) if start <= (day := f"{month}-{number:02}") <= end]
            for item in items:
                counted = item[self.requests.keys[1]]["S"]
                more = index.unfinished_of((partition, counted), item)
                for day in days:
                    attribute = day_attribute(day)
                    if views := int(item.get(attribute, {}).get("N", 0)) - more.get(attribute, 0):
                        yield Count(counted, day, views)

    def sums(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None
    ) -> dict[str, int]:
        """See Store."""
        found: dict[str, int] = {}
        for counted, _, views in self.counts(site, dimension, start, end, prefix, value):
            found[counted] = found.get(counted, 0) + views
        return found

    def courses(self, site: str, dimension: str, start: str, end: str, values: Collection[str]) -> Iterator[Count]:
        """See Store. To read all of a month costs less than to read some hundred items one by one."""
        return (count for count in self.counts(site, dimension, start, end) if count.value in values)

    def _tallies(self, keys: Sequence[Key], prefix: str, value: str | None) -> list[list[Item]]:
        """Of each month: the item of a value, or all items."""
        if value is not None:
            found = read_items(self.requests, self._workers, keys)
            return [[found[key]] if key in found else [] for key in keys]
        return list(self._workers.map(lambda key: list(query(self.requests, key[0], prefix=prefix)), keys))

    def views(self, site: str, page: str, start: int, end: int, limit: int | None = None) -> Iterator[dict[str, Value]]:
        """See Store. Items are as they are stored, with the attributes that [item] names."""
        names = (*self.item.attributes, SOURCE_FILE, RECORD, EXPIRES_AT, TWIN)
        for number, (key, item) in enumerate(self._views(site, page, start, end, names, limit)):
            if limit is not None and number >= limit:
                return
            yield {
                name: key if name == self.item.sort_key else read_value(item[name])
                for name in self.item.attributes
                if name in item
            }

    def times(self, site: str, page: str, start: int, end: int) -> Iterator[int]:
        """See Store."""
        names = (self.item.sort_key, SOURCE_FILE, RECORD, EXPIRES_AT, TWIN)
        return (int(key[:10]) for key, _ in self._views(site, page, start, end, names, None))

    def _views(
        self, site: str, page: str, start: int, end: int, names: Sequence[str], limit: int | None
    ) -> Iterator[tuple[str, Item]]:
        """A page's views with their sort keys as [item] makes them; not those that have expired, nor others' items."""
        partition = partition_key(self.item.page_name(site, page))
        oldest = self._keep.oldest(now())
        # Times have ten digits since 2001, so texts are in their order; what follows them may be anything.
        between = f"{max(start, oldest, 0):010}", f"{max(end, 0) + 1:010}"
        for item in query(self.requests, partition, between=between, attributes=names, limit=limit):
            key = item[self.item.sort_key]["S"]
            is_kept = EXPIRES_AT not in item or int(item[EXPIRES_AT]["N"]) > now()  # AWS deletes within days
            if SOURCE_FILE in item and TWIN not in item and int(key[:10]) <= end and is_kept:
                yield key.removesuffix(beside(("", ""), item[RECORD]["S"])[1]), item

    def files(self) -> Iterator[Part]:
        """See Store."""
        index = self._index()
        shown = index.last - 1 if index.unfinished else index.last
        for month in sorted(self._settings().get("FileMonths", {}).get("SS", [])):
            yield from self._parts(ledger_partition("" if month == NO_MONTH else month), up_to=shown)

    def _parts(self, partition: str, between: tuple[str, str] | None = None, up_to: int | None = None) -> Iterator[Part]:
        for entry in query(self.requests, partition, between=between):
            if up_to is None or group_of(entry) <= up_to:
                yield read_part(entry[self.requests.keys[1]]["S"], entry)

    def latest(self) -> int | None:
        """See Store."""
        latest = self._settings().get("LatestRequest", {}).get("N")
        return int(latest) if latest else None

    def sites(self) -> list[str]:
        """See Store."""
        return [name for name in self._index().items if name != SETTINGS[1]]

    def period(self, site: str) -> tuple[str, str] | None:
        """See Store. Everything that is counted has a status."""
        noted = self._months(site)
        days_of = Cache(lambda month: {day for _, day, _ in self.counts(site, "status", f"{month}-01", f"{month}-31")})
        first = next((days for month in noted if (days := days_of[month])), None)
        last = next((days for month in reversed(noted) if (days := days_of[month])), None)
        return (min(first), max(last)) if first and last else None

    def _months(self, site: str) -> list[str]:
        """Of which months there are counts, in order; perhaps one more, whose first file is being counted."""
        return sorted(self._index().items.get(site_key(site)[1], {}).get("Months", {}).get("SS", []))

    def time_zone(self) -> str | None:
        """See Store."""
        zone: str | None = self._settings().get("TimeZone", {}).get("S")
        return zone

    def tokens(self) -> list[Token]:
        """See Store."""
        return [read_token(item) for item in query(self.requests, TOKENS)]

    def add_token(self, token: Token) -> bool:
        """See Store."""
        name, sha256, created_at = {"S": token.name}, {"S": token.sha256}, {"N": str(token.created_at)}
        item = {**self._typed(token_key(token.name)), "Name": name, "SHA256": sha256, "CreatedAt": created_at}
        return self._is_done(
            "put_item",
            Item=item,
            ConditionExpression="attribute_not_exists(SHA256) OR SHA256 = :same",  # sent again, where an answer was lost
            ExpressionAttributeValues={":same": sha256},
        )

    def revoke_token(self, name: str) -> bool:
        """See Store."""
        key = self._typed(token_key(name))
        return self._is_done("delete_item", Key=key, ConditionExpression="attribute_exists(SHA256)")

    def _is_done(self, operation: str, **asked: Any) -> bool:
        """Whether the condition held."""
        try:
            self.requests.send(operation, TableName=self.requests.table, **asked)
        except Refused:
            return False
        return True

    def close(self) -> None:
        """See Store."""
        if "_workers" in self.__dict__:
            self._workers.shutdown()
            del self._workers

    def _typed(self, key: Key) -> dict[str, Any]:
        return {name: {"S": value} for name, value in zip(self.requests.keys, key, strict=True)}


def _ledger_key(digest: Digest) -> Key:
    return ledger_key(digest.name, digest.part)
