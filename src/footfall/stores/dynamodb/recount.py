"""
Recounts files in a table: one commit subtracts what parts had added, and adds what they add under today's rules.

Views come first, as when files are recorded: those that no longer count are deleted, those that newly count are inserted,
and others are updated if they are now stored differently; see `rewrite`. What a part owns then follows from its lines and
from which part came first, so the result is the same after a crash, or beside another recount. An entry of the ledger is only
replaced if it is still the one that was read: each part is recounted once.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from ...dimensions import DIMENSIONS
from ...records import DAY, Account, Digest, Tally, Views
from ...tallies import OWN_WORDS, bounded, occurrences, of_known_sites, put_together
from ..base import BESIDE_TABLE, NOT_KEPT
from ..shapes import Recounted, Stays
from .batches import read_items
from .commits import Last, finish_last, write_commit
from .imported import ITEM_MONTHS
from .keys import ADDED_IN, COUNTED_BY, RULES, SETTINGS, Item, Key, commit_of, ledger_key, moved_key, tally_key
from .ledger import Counted, Replaced, added_of, entry_of, is_void, read_part
from .rewrite import Rewritten, foresee_views, rewrite_views
from .write import Writer

Outcomes = list[Recounted | Stays | None]


class _Due(NamedTuple):
    """A part that is due for a recount, and its ledger entry."""

    key: Key
    digest: Digest
    """With the values that do not change: whether it is the last, and the size of its file."""
    entry: Item
    before: Account
    taken: Tally

    @property
    def rewritten(self) -> Rewritten:
        """The input for rewriting its views."""
        times = [int(self.entry[name]["N"]) for name in ("FirstTime", "LastTime") if name in self.entry]
        pages = {(site, value) for site, dimension, _, value in self.taken if dimension == "page"}
        return Rewritten(self.key[1], list(self.digest.views), pages, times, self.digest.views.uncounted)


class Recounter:
    """Recounts files for an importer."""

    def __init__(self, writer: Writer):
        self._writer = writer
        self._requests, self._workers = writer.requests, writer.workers

    def recount(self, digests: Sequence[Digest]) -> Outcomes:
        """See Store."""
        writer = self._writer
        made: dict[Key, Recounted] = {}
        writer.index.forget()
        try:
            while True:
                last = finish_last(self._requests, self._workers, writer.importer)
                entries, due, stays = self._due(digests, last)
                if not due:
                    break
                counted, recounted = self._rewritten(last, due)
                made |= recounted
                if write_commit(self._requests, self._workers, last, writer.importer, counted):
                    writer.kept.done(last.number + 1)
                    break  # otherwise another commit came first, perhaps with some of these
        finally:
            writer.index.forget()
        ours = {each.key for each in due} | {key for key in made if entries[key].get(COUNTED_BY) == {"S": writer.importer}}
        return _outcomes(digests, {key: made[key] for key in ours}, stays)

    def foresee(self, digests: Sequence[Digest]) -> Outcomes:
        """The same, without writing."""
        index = self._writer.index.read()
        last = Last(index.finished, index.moved)
        _, due, stays = self._due(digests, last)
        views = foresee_views(
            self._requests, self._workers, self._writer.item, self._writer.keep, [each.rewritten for each in due]
        )
        _, recounted = self._counted(last, due, views, set(index.sites))
        return _outcomes(digests, recounted, stays)

    def _due(self, digests: Sequence[Digest], last: Last) -> tuple[dict[Key, Item], list[_Due], dict[Key, Stays]]:
        """The ledger entries, the parts that are due for a recount, and those that keep their counts."""
        wanted = {ledger_key(digest.name, digest.part): digest for digest in reversed(digests)}
        entries = read_items(self._requests, self._workers, wanted)
        others = {key: entry for key, entry in entries.items() if entry.get(RULES, {}).get("S", "") != wanted[key].rules}
        others = {key: entry for key, entry in others.items() if not is_void(entry)}
        months = read_items(self._requests, self._workers, [SETTINGS], (ITEM_MONTHS,)).get(SETTINGS, {})
        of_tables = months.get(ITEM_MONTHS, {}).get("SS", [])
        tallies = self._workers.map(lambda entry: added_of(self._requests, entry), others.values())
        added = dict(zip(others, tallies, strict=True))
        stays: dict[Key, Stays] = {}
        due = []
        for key, digest in reversed(wanted.items()):
            if key not in others:
                continue
            part, taken = read_part(key[1], entries[key]), added[key]
            if taken is None or _may_be_of(of_tables, part.first_time, part.last_time):
                stays[key] = Stays(digest.name, NOT_KEPT if taken is None else BESIDE_TABLE)
                continue
            same = digest._replace(is_last=part.is_last, stored_size=part.stored_size)
            due.append(_Due(key, same, entries[key], part.account, taken))
        return entries, self._as_kept(due, last), stays

    def _as_kept(self, due: Sequence[_Due], last: Last) -> list[_Due]:
        """The same; in months that were moved, values merged by the move are subtracted from `(other)`."""
        if not last.moved:
            return list(due)

        def key_of(counted: tuple[str, str, str, str]) -> Key:
            site, dimension, day, value = counted
            return moved_key(tally_key(site, day[:7], dimension, value), last.moved)

        bound = {key for each in due for key in each.taken if DIMENSIONS[key[1]].is_open and key[3] not in OWN_WORDS}
        moved = {key: key_of(key) for key in bound}
        moved = {key: place for key, place in moved.items() if place[0].endswith("#kept")}
        there = read_items(self._requests, self._workers, set(moved.values()), self._requests.keys)
        gone = {key for key, place in moved.items() if place not in there}
        return [each._replace(taken=put_together(each.taken, gone)) for each in due]

    def _rewritten(self, last: Last, due: Sequence[_Due]) -> tuple[list[Counted], dict[Key, Recounted]]:
        """Rewrite the views of parts; returns what the commit has to enter, and the changes in each."""
        writer = self._writer
        writer.notes.before_recount([each.digest for each in due])
        rewritten = [each.rewritten for each in due]
        views = rewrite_views(self._requests, self._workers, writer.item, writer.keep, rewritten)
        return self._counted(last, due, views, writer.notes.sites)

    def _counted(
        self, last: Last, due: Sequence[_Due], views: Sequence[tuple[Views, int, int]], sites: set[str]
    ) -> tuple[list[Counted], dict[Key, Recounted]]:
        """What the commit has to enter for the parts, and the changes in each."""
        found = [of_known_sites(occurrences(own, each.digest.drops), sites) for each, (own, *_) in zip(due, views, strict=True)]
        kept = self._writer.kept.after(last, found, sites)
        counted, recounted = [], {}
        for each, occurred, (own, cut, changed) in zip(due, found, views, strict=True):
            duplicates = len(each.digest.views) - len(own)
            account = each.digest.account.with_duplicates(duplicates)._replace(cut=cut, late_visitors=each.before.late_visitors)
            ingested_at = int(each.entry["IngestedAt"]["N"])
            entry = entry_of(each.digest, account, ingested_at, last.number + 1, self._writer.importer)
            added_in = each.entry.get(ADDED_IN, {}).get("S", "")
            replaced = Replaced(commit_of(each.entry), each.taken, list(each.entry.keys() - self._requests.keys), added_in)
            added = bounded(occurred, kept)
            counted.append(Counted(each.key, entry, added, replaced))
            recounted[each.key] = Recounted(each.digest.name, each.before, account, each.taken, added, changed)
        return counted, recounted


def _outcomes(digests: Sequence[Digest], recounted: Mapping[Key, Recounted], stays: Mapping[Key, Stays]) -> Outcomes:
    """The outcome of each; for a duplicate, only the first time."""
    left: dict[Key, Recounted | Stays] = {**recounted, **stays}
    return [left.pop(ledger_key(digest.name, digest.part), None) for digest in digests]


def _may_be_of(months: Iterable[str], first: int | None, last: int | None) -> bool:
    """Whether days between two times, in any time zone, may be in one of these months."""
    if first is None or last is None:
        return False
    begin, end = (f"{datetime.fromtimestamp(time, UTC):%Y-%m}" for time in (first - DAY, last + DAY))
    return any(begin <= month <= end for month in months)
