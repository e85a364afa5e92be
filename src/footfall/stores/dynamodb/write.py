"""Recording: first views, then visitors, then counts and ledger, as one commit for all new files."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from time import time as now
from typing import NamedTuple
from uuid import uuid4

from ...items import ItemMap
from ...records import Account, Digest, Views
from ...tallies import bounded, occurrences, of_known_sites
from ..shapes import Keep
from ..visitors import SiteDay, late_of, who_came
from .batches import delete, execute_all, read_items
from .commits import Last, finish_last, write_commit
from .imported import unmatched
from .index import IndexCache
from .kept import KeptValues
from .keys import COUNTED_BY, Item, Key, ledger_key
from .ledger import Counted, entry_of, is_void
from .notes import Notes
from .overfull import bring_to_bound
from .requests import Requests
from .views import write_views
from .visitors import add
from .workers import Workers


class Owned(NamedTuple):
    """The views that a file was the first to bring and that count, in columns."""

    views: Views
    cut: int
    """How many of the views that it brought are stored with truncated attributes."""


class Writer:
    """One importer: it records files, each exactly once."""

    def __init__(self, requests: Requests, workers: Workers, item: ItemMap, keep: Keep, index: IndexCache):
        self.requests, self.workers, self.item, self.keep, self.index = requests, workers, item, keep, index
        self.notes = Notes(requests, item, index)
        self.kept = KeptValues(requests, workers)
        self.importer = uuid4().hex[:16]
        self._accounts: dict[Key, Account] = {}
        """Accounts of files that have not been returned yet, because an attempt failed."""

    def prepare(self, time_zone: str) -> None:
        """See Store; the table must exist. Finishes what another importer has left."""
        self.index.forget()
        finish_last(self.requests, self.workers, self.importer)
        self.notes.keep_time_zone(time_zone)
        bring_to_bound(self.requests, self.workers, self.index, self.importer)

    def record(self, digests: Sequence[Digest]) -> list[Account | None]:
        """See Store."""
        self.index.forget()
        owned: dict[Key, Owned] = {}
        closed: set[SiteDay] = set()
        try:
            while True:
                last = finish_last(self.requests, self.workers, self.importer)
                wanted = {_key(digest): digest for digest in reversed(digests)}
                found = self._entries(wanted)
                new = {key: digest for key, digest in reversed(wanted.items()) if key not in found}
                if new and not owned:
                    owned = self._write_views(new)
                    closed = self._add_visitors(new.values(), owned)
                if not new or self._write_commit(last, new, self._accounts_of(new, owned, closed), owned):
                    break  # otherwise another commit came first, perhaps with some of the files
        finally:
            self.index.forget()
        ours = new.keys() | {key for key, entry in found.items() if entry.get(COUNTED_BY, {}).get("S") == self.importer}
        # Accounts from a failed attempt are also returned, when the same files are recorded again.
        accounts = [(key, self._accounts.pop(key, None)) for key in map(_key, digests)]
        return [account if key in ours else None for key, account in accounts]

    def _entries(self, keys: Iterable[Key]) -> dict[Key, Item]:
        """The ledger entries of these; entries without a readable line are deleted, see Part."""
        found = read_items(self.requests, self.workers, keys, (COUNTED_BY, "Lines", "Unreadable"))
        void = {key: found.pop(key) for key, entry in [*found.items()] if is_void(entry)}
        if void:  # not if another importer has counted the file meanwhile: then it has fewer unreadable lines
            gone = [delete(self.requests, key, "Unreadable", entry["Unreadable"]) for key, entry in void.items()]
            execute_all(self.requests, self.workers, gone)
        return found

    def _write_views(self, digests: Mapping[Key, Digest]) -> dict[Key, Owned]:
        """Write the views of files; returns the views that each is the first to bring."""
        self.notes.before(digests.values())
        files = [(key[1], list(digest.views)) for key, digest in digests.items()]
        written = write_views(self.requests, self.workers, self.item, self.keep, files)
        counted = unmatched(self.requests, self.workers, self.item, [each.views for each in written])
        return {
            key: Owned(Views.of(views, digest.views.uncounted), each.cut)
            for (key, digest), each, views in zip(digests.items(), written, counted, strict=True)
        }

    def _add_visitors(self, digests: Iterable[Digest], owned: Mapping[Key, Owned]) -> set[SiteDay]:
        """Add visitors; returns the days that are already closed."""
        views, loaders = (each.views for each in owned.values()), (digest.loaders for digest in digests)
        visitors = who_came(views, loaders, self.notes.sites)
        return add(self.requests, self.workers, visitors) if visitors else set()

    def _accounts_of(
        self, digests: Mapping[Key, Digest], owned: Mapping[Key, Owned], closed: Collection[SiteDay]
    ) -> dict[Key, Account]:
        accounts = {}
        for key, digest in digests.items():
            written = owned[key]
            late = late_of(written.views, self.notes.sites, closed) if closed else 0
            account = digest.account.with_duplicates(len(digest.views) - len(written.views))
            accounts[key] = account._replace(cut=written.cut, late_visitors=late)
        return accounts

    def _write_commit(
        self, last: Last, digests: Mapping[Key, Digest], accounts: Mapping[Key, Account], owned: Mapping[Key, Owned]
    ) -> bool:
        counted = self._counted(last, digests, accounts, owned)
        if not write_commit(self.requests, self.workers, last, self.importer, counted):
            return False
        self.kept.done(last.number + 1)
        return True

    def _counted(
        self, last: Last, digests: Mapping[Key, Digest], accounts: Mapping[Key, Account], owned: Mapping[Key, Owned]
    ) -> list[Counted]:
        """What a commit enters for the files."""
        self._accounts |= accounts
        at = int(now())
        sites = self.notes.sites
        found = {key: of_known_sites(occurrences(owned[key].views, digest.drops), sites) for key, digest in digests.items()}
        kept = self.kept.after(last, [*found.values()], sites)
        return [
            Counted(key, entry_of(digest, accounts[key], at, last.number + 1, self.importer), bounded(found[key], kept))
            for key, digest in digests.items()
        ]


def _key(digest: Digest) -> Key:
    return ledger_key(digest.name, digest.part)
