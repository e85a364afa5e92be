"""
Recounts files in a database: subtracts what a part had added, and adds what it adds under today's rules, in one transaction.

The views that a part was the first to bring are deleted and written again; views that belong to another part stay. A part
keeps its row of the ledger: its id, and when it was ingested.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ...records import Account, Digest, Part, Tally, Views
from ...tallies import Kept, as_kept, tally
from .. import additions
from ..base import BESIDE_TABLE, NOT_KEPT
from ..shapes import Recounted, Stays
from . import copied, read
from .connect import Database
from .kept import KeptValues
from .schema import WITH_COPIED, WITH_ITEMS, WITH_MONTHS
from .write import PartOf, Writer, dropped_json, part_of

OF_PART = "SELECT id, first_time, last_time FROM files WHERE name = ? AND part = ?"
HAS_ITEMS = "SELECT 1 FROM items WHERE time BETWEEN ? AND ? LIMIT 1"
DELETE_VIEWS = "DELETE FROM views WHERE time BETWEEN ? AND ? AND file = ?"  # by time, like the table
COUNT_ANEW = (
    "UPDATE files SET first_time = ?, last_time = ?, lines = ?, views = ?, dropped = ?, unreadable = ?, rules = ?, added = ? "
    "WHERE id = ?"
)
_ID = "(SELECT id FROM texts WHERE text = ?)"
HOLDER = f"SELECT file FROM views WHERE time = ? AND request_id = ? AND operation = {_ID} AND key = {_ID}"

Outcomes = list[Recounted | Stays | None]


class _Entry(NamedTuple):
    """A part that is due for a recount, and its entry in the ledger."""

    place: int
    """Its index among the digests."""
    digest: Digest
    id: int
    times: tuple[int, int]
    """The times of its first and last record."""
    account: Account
    added: Tally


def recount(connection: sqlite3.Connection, database: Database, writer: Writer, digests: Sequence[Digest]) -> Outcomes:
    """See Store. All digests are one transaction."""
    with writer.transaction():
        entries, outcomes = _looked_up(database, digests)
        writer.check_sites([entry.digest for entry in entries])
        taken = [as_kept(entry.added, writer.kept.values) for entry in entries]
        for entry in entries:
            connection.execute(DELETE_VIEWS, [*entry.times, entry.id])
        views = writer.write_views([entry.digest.views for entry in entries], [entry.id for entry in entries])
        change: Counter[tuple[str, str, str, str]] = Counter()
        for entry, was, counted in zip(entries, taken, views, strict=True):
            outcomes[entry.place] = found = _recounted(entry, was, counted, writer.kept.values)
            for key, times in found.change.items():
                change[key] += times
            _enter(connection, entry, found)
        writer.add({key: times for key, times in change.items() if times})
    return outcomes


def foresee(database: Database, digests: Sequence[Digest], *, keeps_views: bool) -> Outcomes:
    """The same, without writing."""
    entries, outcomes = _looked_up(database, digests)
    kept = KeptValues(database.connection).values if database.has(WITH_MONTHS) else None
    its_own = _its_own(database, entries) if keeps_views else [entry.digest.views for entry in entries]
    for entry, counted in zip(entries, its_own, strict=True):
        outcomes[entry.place] = _recounted(entry, as_kept(entry.added, kept) if kept else entry.added, counted, kept)
    return outcomes


def _looked_up(database: Database, digests: Sequence[Digest]) -> tuple[list[_Entry], Outcomes]:
    """The parts to recount, in the order of ingestion; and the outcomes, which are still None for these parts."""
    outcomes: Outcomes = [None] * len(digests)
    entries: dict[PartOf, _Entry] = {}
    for place, (digest, known) in enumerate(_known(database, digests)):
        if known is None or known.rules == (digest.rules or None) or part_of(digest) in entries:
            continue
        added = read.added(database, *part_of(digest))
        if added is None:
            outcomes[place] = Stays(digest.name, NOT_KEPT)
            continue
        ((file_id, first, last),) = database.read(OF_PART, part_of(digest))
        times = (0, -1) if first is None else (first, last)
        if database.has(WITH_ITEMS) and any(database.read(HAS_ITEMS, times)):
            outcomes[place] = Stays(digest.name, BESIDE_TABLE)
            continue
        entries[part_of(digest)] = _Entry(place, digest, file_id, times, known.account, added)
    return sorted(entries.values(), key=lambda entry: entry.id), outcomes


def _known(database: Database, digests: Sequence[Digest]) -> Iterator[tuple[Digest, Part | None]]:
    """Digests, each with the ledger's entry for its part."""
    of_names = read.known_of(database, [*{digest.name for digest in digests}])
    parts = {(part.name, part.number): part for known in of_names.values() for part in known}
    return ((digest, parts.get(part_of(digest))) for digest in digests)


def _recounted(entry: _Entry, taken: Tally, views: Views, kept: Kept | None) -> Recounted:
    digest = entry.digest
    account = digest.account.with_duplicates(len(digest.views) - len(views))
    account = account._replace(late_visitors=entry.account.late_visitors)
    return Recounted(digest.name, entry.account, account, taken, tally(views, digest.drops, kept))


def _enter(connection: sqlite3.Connection, entry: _Entry, found: Recounted) -> None:
    account, digest = found.after, entry.digest
    values = [
        digest.first_time, digest.last_time, account.lines, account.views, dropped_json[*account.dropped.items()],
        account.unreadable, digest.rules or None, additions.encode(found.added, additions.QUICKEST), entry.id,
    ]  # fmt: skip
    connection.execute(COUNT_ANEW, values)


def _its_own(database: Database, entries: Sequence[_Entry]) -> Iterator[Views]:
    """The views of each part that would belong to it: those that no other part has, or brings before it."""
    new: set[tuple[Any, ...]] = set()
    for entry in entries:
        records = [(view.time, view.request_id, view.operation, view.key) for view in entry.digest.views]
        holders = [next(database.read(HOLDER, record), None) for record in records]
        if database.has(WITH_COPIED) and copied.is_any(database.connection):
            of_copied = [copied.holder(database.connection, view) for view in entry.digest.views]
            holders = [(own,) if own is not None else holder for own, holder in zip(of_copied, holders, strict=True)]
        are_new = [holder is None and record not in new for holder, record in zip(holders, records, strict=True)]
        yield entry.digest.views.where(
            is_new or holder == (entry.id,) for is_new, holder in zip(are_new, holders, strict=True)
        )  # fmt: skip
        new.update(record for record, holder in zip(records, holders, strict=True) if holder is None)
