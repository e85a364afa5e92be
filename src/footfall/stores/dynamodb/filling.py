"""
Fills a table with the contents of another store: plain, repeatable writes, with COPYING in its settings until the end.

The table cannot be used before that. Afterwards it looks as if there had been a single commit.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import blake2b
from time import time as now
from typing import Any

from ...errors import StoreError
from ...items import ItemMap
from ...records import DAY, Digest, Tally, Views
from ...tallies import MOST_KEPT
from ..contents import COPIED_BY, Entry, Step, StoredView, VisitorsOfDay, Whole
from ..shapes import Keep
from ..visitors import end_of
from .batches import chunks, put_all, read_batch
from .content import additions_of
from .index import SCHEMA_VERSION
from .keys import (
    CHANGED_AT,
    COMMIT,
    CONTENT,
    COPYING,
    COUNTED_BY,
    EXPIRES_AT,
    KEY,
    LAST_COMMIT,
    MOST_KEPT_SETTING,
    NO_MONTH,
    SETTINGS,
    Item,
    Key,
    key_of_day,
    ledger_key,
    month_of,
    part_name,
    site_key,
    visitors_key,
)
from .ledger import Counted, Entered, enter, entry_of
from .requests import Refused, Requests
from .views import claim_of, own, soonest_end
from .visitors import KEY_DAYS, attributes_of
from .workers import Workers

ITEMS_AT_ONCE = 2_500  # as many as are written in a second or two
THE_COMMIT = 1
NAMES = {"#zone": "TimeZone", "#version": "SchemaVersion", "#kept": MOST_KEPT_SETTING, "#copying": COPYING}


class Filler:
    """Fills one table."""

    def __init__(self, requests: Requests, workers: Workers, item: ItemMap, keep: Keep):
        self._requests, self._workers, self._item, self._keep = requests, workers, item, keep
        self._months: dict[str, set[str]] = defaultdict(set)
        self._file_months: set[str] = set()
        self._latest: int | None = None

    def begin(self, time_zone: str, state: str) -> None:
        """Note that this will be the copy of a store in this state; raises StoreError if there is anything else."""
        there = read_batch(self._requests, [SETTINGS, LAST_COMMIT])
        or_new = "" if LAST_COMMIT in there else " OR attribute_not_exists(#copying)"
        values: dict[str, Any] = {
            ":zone": {"S": time_zone}, ":version": _number(SCHEMA_VERSION), ":kept": _number(MOST_KEPT), ":state": {"S": state},
        }  # fmt: skip
        with suppress(Refused):
            self._requests.update(
                SETTINGS, "SET #zone = :zone, #version = :version, #kept = :kept, #copying = :state", NAMES, values,
                ConditionExpression=f"(#copying = :state{or_new}) AND (attribute_not_exists(#zone) OR #zone = :zone)",
            )  # fmt: skip
            return
        raise StoreError(f"{self._requests.url} {_otherwise(there.get(SETTINGS, {}), time_zone)}; copy to an empty table")

    def fill(self, whole: Whole) -> Iterator[Step]:
        """Write everything except tokens, annotations and notices."""
        for entries in chunks(whole.entries, ITEMS_AT_ONCE):
            self._enter(entries)
            yield Step("files", len(entries))
        for tally in whole.tallies:
            self._count(tally)
            yield Step("counts", len(tally))
        for days in chunks(whole.days, ITEMS_AT_ONCE):
            self._put(item for day in days for item in _items_of_day(day))
            yield Step("days", len(days))
        for views in chunks(whole.views, ITEMS_AT_ONCE):
            self._write_views(views)
            yield Step("views", len(views))

    def commit(self, only_site: str | None) -> None:
        """Write the notes that reports need to find everything else."""
        self._put((site_key(site), {"Months": {"SS": sorted(months)}}) for site, months in self._months.items())
        noted: Item = {
            "FileMonths": {"SS": sorted(self._file_months)},
            **({"LatestRequest": _number(self._latest)} if self._latest is not None else {}),
            **({"OnlySite": {"S": only_site}} if only_site else {}),
        }
        names = {f"#{name}": name for name in noted}
        expression = "SET " + ", ".join(f"#{name} = :{name}" for name in noted)
        self._requests.update(SETTINGS, expression, names, {f":{name}": value for name, value in noted.items()})
        head: Item = {
            COMMIT: _number(THE_COMMIT), COUNTED_BY: {"S": COPIED_BY}, CONTENT: {"B": b""}, "Prefix": {"S": COPIED_BY},
            "Items": _number(0), "Pieces": _number(0), "Done": {"BOOL": True},
        }  # fmt: skip
        self._put([(LAST_COMMIT, head)])

    def end(self) -> None:
        """Note that everything is here: from now on, it is a normal table."""
        version = {":version": _number(SCHEMA_VERSION)}  # an update must set something
        names = {"#copying": COPYING, "#version": "SchemaVersion"}
        self._requests.update(SETTINGS, "SET #version = :version REMOVE #copying", names, version)

    def _put(self, items: Iterable[tuple[Key, Item]]) -> None:
        put_all(self._requests, self._workers, items)

    def _enter(self, entries: Iterable[Entry]) -> None:
        entered = [_entered(entry) for entry in entries]
        self._put((key, item) for each in entered for key, item in each.more.items())
        self._put((each.key, each.entry) for each in entered)
        self._file_months.update(month_of(each.key[0]) or NO_MONTH for each in entered)
        times = [entry.part.last_time for entry in entries if entry.part.last_time is not None]
        self._latest = max([*times, *([] if self._latest is None else [self._latest])], default=None)

    def _count(self, tally: Tally) -> None:
        number = {COMMIT: _number(THE_COMMIT)}
        self._put(
            (key, {**{name: _number(times) for name, times in counts.items()}, **number})
            for key, counts in additions_of([tally]).items()
        )
        for site, _, day, _ in tally:
            self._months[site].add(day[:7])

    def _write_views(self, views: Iterable[StoredView]) -> None:
        soonest = soonest_end()
        claims = [
            claim_of(self._item, self._keep, part_name(each.name, each.part), each.view, each.record, soonest) for each in views
        ]
        if len([*own(self._requests, self._workers, claims)]) < len(claims):
            raise StoreError(f"{self._requests.url} has views from elsewhere; copy to an empty table")


def _otherwise(settings: Item, time_zone: str) -> str:
    """Why a table with these settings cannot be filled."""
    kept = settings.get("TimeZone", {}).get("S", time_zone)
    if kept != time_zone:
        return f"counts days in {kept}, not in {time_zone}"
    if COPYING in settings:
        return "has half a copy of something else, or of a store that has changed since"
    return "already has counts"


def _entered(entry: Entry) -> Entered:
    """What is written for a part in the ledger."""
    part = entry.part
    digest = Digest(
        part.name, part.number, part.is_last, part.size, part.sha256, part.first_time, part.last_time, Views.of([]), {},
        part.account, rules=part.rules or "", stored_size=part.stored_size,
    )  # fmt: skip
    key = ledger_key(part.name, part.number)
    item = entry_of(digest, part.account, part.ingested_at, THE_COMMIT, COPIED_BY)
    if entry.added is None:
        return Entered(key, item, {})
    return enter(Counted(key, item, entry.added), f"{COPIED_BY}{blake2b(key[1].encode(), digest_size=16).hexdigest()}#")


def _items_of_day(day: VisitorsOfDay) -> Iterator[tuple[Key, Item]]:
    item: Item = attributes_of(day.numbers, day.kept)
    if day.key is not None and day.changed_at is not None:
        expires_at = int(max(end_of(day.day), now())) + KEY_DAYS * DAY
        yield key_of_day(day.site, day.day), {KEY: {"B": day.key}, EXPIRES_AT: _number(expires_at)}
        item = {**item, CHANGED_AT: _number(day.changed_at)}
    yield visitors_key(day.site, day.day), item


def _number(number: int) -> dict[str, str]:
    return {"N": str(number)}
