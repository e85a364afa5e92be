"""Recording digests: views come first, then counts and ledger, all files that are new in one commit."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from time import time as now
from uuid import uuid4

from ...dimensions import tally
from ...items import ItemMap
from ...records import Account, Digest, Keep, PageView, Views
from .batches import read_items
from .commits import Commit, settle, write
from .imported import unmatched
from .index import Index
from .keys import COUNTED_BY, Key
from .ledger import ledger_entry, ledger_key
from .notes import Notes
from .requests import Requests
from .views import write_views


class Writer:
    """One importer's way into a table."""

    def __init__(self, requests: Requests, workers: Executor, index: Index, item: ItemMap, keep: Keep):
        self._requests, self._workers, self._index, self._item, self._keep = requests, workers, index, item, keep
        self._notes = Notes(requests)
        self._importer = uuid4().hex[:16]
        self._unreported: dict[Key, Account] = {}
        """What files came to whose commit perhaps failed; another attempt returns it."""

    def settle(self) -> int:
        """Finish what another importer has left; the number of the last commit."""
        return settle(self._requests, self._workers, self._importer)

    def note_time_zone(self, name: str) -> None:
        """Note the time zone of days, unless there is one."""
        self._notes.time_zone(name)

    def record(self, digests: Sequence[Digest]) -> list[Account | None]:
        """See Store."""
        self._index.forget()
        owned: dict[Key, Sequence[PageView]] = {}
        try:
            while True:
                number = self.settle()
                wanted = {_key(digest): digest for digest in reversed(digests)}
                found = read_items(self._requests, self._workers, wanted, (COUNTED_BY,))
                new = {key: digest for key, digest in reversed(wanted.items()) if key not in found}
                if new and not owned:
                    owned = self._write_views(new)
                if not new or write(self._requests, self._workers, self._commit(number + 1, new, owned)):
                    break  # else another commit came before this one, perhaps with some of its files
        finally:
            self._index.forget()
        ours = new.keys() | {key for key, entry in found.items() if entry.get(COUNTED_BY, {}).get("S") == self._importer}
        accounts = [(key, self._unreported.pop(key, None)) for key in map(_key, digests)]
        return [account if key in ours else None for key, account in accounts]

    def _write_views(self, digests: Mapping[Key, Digest]) -> dict[Key, Sequence[PageView]]:
        """Write the views of files; which views each of them is the first to bring."""
        self._check_sites(digests.values())
        self._notes.months(digests.values())
        self._notes.latest(digests.values())
        files = [(key[1], list(digest.views)) for key, digest in digests.items()]
        written = write_views(self._requests, self._workers, self._item, self._keep, files)
        return dict(zip(digests, unmatched(self._requests, self._workers, self._item, written), strict=True))

    def _commit(self, number: int, digests: Mapping[Key, Digest], owned: Mapping[Key, Sequence[PageView]]) -> Commit:
        accounts = {key: digest.account.with_duplicates(len(digest.views) - len(owned[key])) for key, digest in digests.items()}
        self._unreported |= accounts
        at = int(now())
        return Commit.of(
            number,
            self._importer,
            {key: ledger_entry(digest, accounts[key], at, number, self._importer) for key, digest in digests.items()},
            {key: tally(Views.of(owned[key]), digest.drops) for key, digest in digests.items()},
        )

    def _check_sites(self, digests: Iterable[Digest]) -> None:
        """A second site's views need their site in the partition key, or no report could tell them apart."""
        if self._item.names_site:
            return
        for digest in digests:
            sites = set(digest.views.column("site"))
            if len(sites) == 1:
                self._item.check_sites(digest.name, self._notes.only_site(min(sites)), sites)
            elif sites:
                self._item.check_sites(digest.name, self._index.settings().get("OnlySite", {}).get("S", min(sites)), sites)


def _key(digest: Digest) -> Key:
    return ledger_key(digest.name, digest.part)
