"""
What every report reads first: the settings, the sites and the last commit, which are in one partition.

It is cached for a second, so a report needs one request for it.
"""

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import NamedTuple

from ...errors import StoreError
from .altered import reading
from .commits import partitions_of, read_commit
from .content import Commit
from .keys import COPYING, LAST_COMMIT, MOVED, SETTINGS, SITES, Item, Key, commit_of, site_key, site_of
from .query import query
from .requests import Requests

# 2: the ledger has what files added; a footfall for version 1 could not finish such a commit
# 3: partitions of tallies may have been moved; one for 2 would read and write them in the old place
# 4: some tallies are in the items of others; one for 3 would finish a commit with separate items
# 5: a commit may recount files, and subtract; one for 4 could not finish it
SCHEMA_VERSION = 5
REMEMBERED_SECONDS = 1.0


class Index(NamedTuple):
    """The contents of the partition, as of one moment."""

    read_at: float
    items: Mapping[str, Item]
    """The settings and each site's notes, by sort key."""
    last: int
    """The number of the last commit that was begun."""
    moved: Sequence[str]
    """The partitions of tallies that were moved before it."""
    unfinished: Commit | None
    """That commit, if it is being written, or was when its importer died."""

    @property
    def finished(self) -> int:
        """The number of the last commit that is done."""
        return self.last - 1 if self.unfinished else self.last

    @property
    def sites(self) -> list[str]:
        """The sites, by name."""
        return [site_of(name) for name in self.items if name != SETTINGS[1]]

    def months(self, site: str) -> list[str]:
        """The months with counts, in order; possibly one more, whose first file is being counted."""
        return sorted(self.items.get(site_key(site)[1], {}).get("Months", {}).get("SS", []))

    def unfinished_of(self, key: Key, commit: int) -> Mapping[str, int]:
        """What a tally, whose last commit is this one, already includes of the unfinished commit, by attribute."""
        if self.unfinished is None or commit != self.last:
            return {}
        return self.unfinished.additions.get(key, {})


NOTHING = Index(-REMEMBERED_SECONDS, {}, 0, (), None)


class IndexCache:
    """Reads the index, and caches it for a moment."""

    def __init__(self, requests: Requests):
        self._requests = requests
        self._index = NOTHING

    def forget(self) -> None:
        """Read it again next time."""
        self._index = NOTHING

    def read(self) -> Index:
        """The index, at most a second old."""
        if monotonic() - self._index.read_at > REMEMBERED_SECONDS:
            with reading(self._requests):
                self._index = self._read()
        return self._index

    def _read(self) -> Index:
        items = {item[self._requests.keys[1]]["S"]: item for item in query(self._requests, SITES)}
        head = items.pop(LAST_COMMIT[1], None)
        moved = partitions_of(items.pop(MOVED[1], {}), head or {})
        unfinished = read_commit(self._requests, head) if head else None
        return Index(monotonic(), items, commit_of(head or {}), moved, unfinished)

    def settings(self) -> Item:
        """The settings of the table; raises StoreError if a newer footfall wrote them."""
        settings = self.read().items.get(SETTINGS[1], {})
        with reading(self._requests):
            version = int(settings["SchemaVersion"]["N"]) if "SchemaVersion" in settings else SCHEMA_VERSION
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{self._requests.url} was written by a newer footfall (schema {version}, this one knows {SCHEMA_VERSION}): "
                "upgrade footfall, or choose another --store"
            )
        if COPYING in settings:
            raise StoreError(f"{self._requests.url} is an incomplete copy: run the same footfall copy again to complete it")
        return settings
