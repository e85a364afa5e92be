"""
Exports the contents of a table, and imports them into another.

A table cannot be read as a snapshot. So we check that no file was counted meanwhile: the last commit must be the same before
and after.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import time as now
from typing import TYPE_CHECKING

from ...errors import StoreError
from ...items import ItemMap
from ...pageviews.addresses import Asked
from ...records import PageView, Part
from ...tallies import MOST_KEPT
from ..base import FIRST_DAY, LAST_DAY
from ..contents import COPIED_BY, Step, StoredView, VisitorsOfDay, Whole, entries_of, state_of, tallies_of
from ..shapes import Keep
from .altered import reading_each
from .batches import chunks, put_all, read_batch
from .filling import ITEMS_AT_ONCE, Filler
from .forget import forget
from .imported import ITEM_MONTHS
from .keys import (
    CHANGED_AT,
    COPYING,
    EXPIRES_AT,
    FORGOTTEN,
    HASHES,
    KEY,
    LAST_COMMIT,
    MOST_KEPT_SETTING,
    RECORD,
    SETTINGS,
    SOURCE_FILE,
    VISITORS,
    Item,
    Key,
    beside,
    key_of_day,
    part_name,
    partition_key,
    read_value,
    visitors_key,
)
from .query import query, scan
from .requests import Requests
from .visitors import kept_of, numbers_of
from .workers import Workers

if TYPE_CHECKING:
    from .store import DynamoDBStore


class DynamoDBContents:
    """See Contents."""

    kind = "dynamodb"

    def __init__(self, store: "DynamoDBStore", requests: Requests, workers: Workers, item: ItemMap, keep: Keep):
        self._store, self._workers, self._item, self._keep = store, workers, item, keep
        self.requests = requests

    @property
    def url(self) -> str:
        """See Contents."""
        return self.requests.url

    def state(self) -> str:
        """See Contents; also "" for an unfinished copy."""
        settings = self._read(SETTINGS)
        if COPYING in settings:
            return ""
        return state_of(self._store.files(), settings.get(FORGOTTEN, {}).get("N", ""))

    def _read(self, key: Key) -> Item:
        return read_batch(self.requests, [key]).get(key, {})

    def _check(self, before: Item) -> None:
        """Raises StoreError if files were counted after this commit."""
        if self._read(LAST_COMMIT) != before:
            raise StoreError(
                f"{self.url}: log files were counted during the copy, so the copy cannot be used. Stop imports while copying, "
                f"or restore the table to a point in time and copy that to an empty store"
            )

    @contextmanager
    def read(self) -> Iterator[Whole]:
        """See Contents."""
        settings = self._read(SETTINGS)
        if ITEM_MONTHS in settings:
            raise StoreError(
                f"{self.url} has items of an imported table, which can only be copied to a table: copy to dynamodb:..., or "
                f"import table and logs into the new store"
            )
        if settings.get(MOST_KEPT_SETTING) != {"N": str(MOST_KEPT)}:
            raise StoreError(f"{self.url} was written by an older footfall; import something into it to upgrade it")
        before = self._read(LAST_COMMIT)
        only_site, parts = settings.get("OnlySite", {}).get("S"), list(self._store.files())
        yield Whole(
            settings["TimeZone"]["S"], only_site, entries_of(self._store, parts), tallies_of(self._store),
            reading_each(self.requests, self._days()), reading_each(self.requests, self._views(only_site, parts)),
            self._store.tokens.all(), self._store.annotations.all(), self._store.notices.delivered(),
            lambda: self._check(before),
        )  # fmt: skip

    def _days(self) -> Iterator[VisitorsOfDay]:
        sort = self.requests.keys[1]
        for site in self._store.sites():
            items = {item[sort]["S"]: item for item in query(self.requests, visitors_key(site, "")[0])}
            for day, item in items.items():
                key = items.get(key_of_day(site, day)[1], {})
                if VISITORS in item:
                    yield _visitors_of(site, day, item, key)

    def _views(self, only_site: str | None, parts: Iterable[Part]) -> Iterator[StoredView]:
        """Views page by page, only those of these files."""
        sources = {part_name(part.name, part.number): part for part in parts}
        for site in self._store.sites():
            for page in self._store.sums(site, "page", FIRST_DAY, LAST_DAY):
                for item in query(self.requests, partition_key(self._item.page_name(site, page))):
                    part = sources.get(item.get(SOURCE_FILE, {}).get("S", ""))
                    is_kept = EXPIRES_AT not in item or int(item[EXPIRES_AT]["N"]) > now()
                    if part and is_kept and only_site in (None, site):
                        view = self._view(site, page, item)
                        yield StoredView(part.name, part.number, view, item[RECORD]["S"])

    def _view(self, site: str, page: str, item: Item) -> PageView:
        """The view that an item was made from, as far as known; raises StoreError if [item] would now make a different item."""
        sort = self._item.sort_key
        made = {name: read_value(item[name]) for name in self._item.attributes if name in item}
        made[sort] = str(made[sort]).removesuffix(beside(("", ""), item[RECORD]["S"])[1])
        found = {"request_id": "", "operation": "", "key": "", **self._item.fields_of(made)}
        facts = {name: found.get(name) for name in self._item.facts}
        request_id, operation, key = (str(found[name]) for name in ("request_id", "operation", "key"))
        view = PageView(site, page, int(str(made[sort])[:10]), request_id, operation, key, facts)
        remade = {self._item.partition_key: made[self._item.partition_key]}
        if {**self._item.make(view), **remade} != made:
            raise StoreError(
                f"{self.url}: the item of {page!r} at {made[sort]!r} was written with a different [item]: copy with the "
                f"settings it was written with, or to another table, which takes items as they are"
            )
        return view

    def forget(self, asked: Asked, *, is_dry: bool) -> int:
        """See Contents."""
        self._store.time_zone()  # raises StoreError if the table cannot be used
        return forget(self.requests, self._workers, self._item, asked, is_dry=is_dry)

    def fill(self, whole: Whole, state: str) -> Iterator[Step]:
        """See Contents."""
        filler = Filler(self.requests, self._workers, self._item, self._keep)
        filler.begin(whole.time_zone, state)
        yield from filler.fill(whole)
        for token in whole.tokens:
            self._store.tokens.add(token)
            yield Step("tokens", 1)
        for annotation in whole.annotations:
            self._store.annotations.add(annotation)
            yield Step("annotations", 1)
        for key, at in whole.notices:
            self._store.notices.claim(key, COPIED_BY, at, at)
            self._store.notices.confirm(key, COPIED_BY, at)
        whole.check()
        filler.commit(whole.only_site)
        filler.end()

    def clone(self, source: "DynamoDBContents", state: str) -> Iterator[Step]:
        """See Contents. Every item is copied unchanged; the settings come last."""
        filler = Filler(self.requests, self._workers, self._item, self._keep)
        before, settings = source._read(LAST_COMMIT), source._read(SETTINGS)
        filler.begin(settings["TimeZone"]["S"], state)
        items = ((_key_of(item, self.requests.keys), item) for item in scan(source.requests))
        for some in chunks((each for each in items if each[0] != SETTINGS), ITEMS_AT_ONCE):
            put_all(self.requests, self._workers, some)
            yield Step("items", len(some))
        source._check(before)
        put_all(self.requests, self._workers, [(SETTINGS, settings)])


def _visitors_of(site: str, day: str, item: Item, key: Item) -> VisitorsOfDay:
    """A day's visitors; if its key has expired, it counts as closed."""
    numbers = numbers_of(item)
    if KEY not in key or HASHES not in item:
        return VisitorsOfDay(site, day, numbers)
    return VisitorsOfDay(site, day, numbers, kept_of(item), bytes(key[KEY]["B"]), int(item[CHANGED_AT]["N"]))


def _key_of(item: Item, keys: tuple[str, str]) -> Key:
    partition, sort = keys
    return item[partition]["S"], item[sort]["S"]
