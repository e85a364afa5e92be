"""
What is beside the sites in a table: the settings, of which months there are counts, and how far the last commit is.

Every report asks for it first; several questions of one report are one request.
"""

from collections.abc import Mapping
from time import monotonic
from typing import NamedTuple

from ...errors import StoreError
from .commits import Commit, read_commit
from .keys import LAST_GROUP, SETTINGS, SITES, Item, Key, commit_of, site_key
from .query import query
from .requests import Requests

SCHEMA_VERSION = 1
KEPT_SECONDS = 1.0


class Snapshot(NamedTuple):
    """What was there at one time."""

    read_at: float
    items: Mapping[str, Item]
    """The settings and what is noted of each site, by their sort keys."""
    last: int
    """The number of the last commit that was begun."""
    unfinished: Commit | None
    """That commit, if it is being written, or was when its importer died."""

    def unfinished_of(self, key: Key, item: Item) -> Mapping[str, int]:
        """What an item has of the unfinished commit already, by its attributes."""
        if self.unfinished is None or commit_of(item) != self.last:
            return {}
        return self.unfinished.additions.get(key, {})


class Index:
    """Reads it, and keeps it for a moment."""

    def __init__(self, requests: Requests):
        self._requests = requests
        self._snapshot: Snapshot | None = None

    def forget(self) -> None:
        """Read it anew the next time."""
        self._snapshot = None

    def now(self) -> Snapshot:
        """What is there, as of a moment ago at most."""
        if self._snapshot is None or monotonic() - self._snapshot.read_at > KEPT_SECONDS:
            items = {item[self._requests.keys[1]]["S"]: item for item in query(self._requests, SITES)}
            head = items.pop(LAST_GROUP[1], None)
            unfinished = read_commit(self._requests, head) if head else None
            self._snapshot = Snapshot(monotonic(), items, commit_of(head or {}), unfinished)
        return self._snapshot

    def settings(self) -> Item:
        """The settings of the table; raises StoreError where a newer footfall wrote it."""
        settings = self.now().items.get(SETTINGS[1], {})
        version = int(settings["SchemaVersion"]["N"]) if "SchemaVersion" in settings else SCHEMA_VERSION
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{self._requests.url} was written by a newer footfall (schema {version}, this one knows {SCHEMA_VERSION}): "
                "upgrade footfall, or name another --store"
            )
        return settings

    def sites(self) -> list[str]:
        """The sites, by name."""
        return [name for name in self.now().items if name != SETTINGS[1]]

    def months(self, site: str) -> list[str]:
        """Of which months there are counts, in order; perhaps one more, whose first file is being counted."""
        return sorted(self.now().items.get(site_key(site)[1], {}).get("Months", {}).get("SS", []))

    def time_zone(self) -> str | None:
        """The time zone of the days; None while there is none."""
        zone: str | None = self.settings().get("TimeZone", {}).get("S")
        return zone
