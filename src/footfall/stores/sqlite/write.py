"""Writes to a database: a digest's views, its additions to the tally and its ledger entry are one transaction."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain, compress, groupby, repeat
from time import time as now

from ...cache import Cache
from ...columns import Column, in_order, interleaving, joined, translated
from ...dimensions import FILTER_FIELDS
from ...items import ItemMap
from ...records import DAY, Account, Digest, Tally, Value, Views
from ...tallies import SITES, tallies
from .. import additions
from ..shapes import Keep
from ..visitors import late_of, who_came
from . import copied, imported, visitors
from .kept import KeptValues
from .read import of_names
from .schema import OF_TEXTS, field_columns, quoted

ADD_TO_TALLY = (
    "INSERT INTO tally (site, dimension, day, value, views) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET views = views + excluded.views"
)
ADD_TO_MONTHS = ADD_TO_TALLY.replace("tally", "months").replace("day", "month")
DELETE_ZERO = "DELETE FROM tally WHERE site = ? AND dimension = ? AND day = ? AND value = ? AND views = 0"
DELETE_ZERO_MONTH = DELETE_ZERO.replace("tally", "months").replace("day", "month")
ADD_FILE = (
    "INSERT INTO files (id, name, part, is_last, size, sha256, first_time, last_time, ingested_at, lines, views, dropped, "
    "unreadable, rules, added, stored_size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
NOTE_LATE = "UPDATE files SET late_visitors = ? WHERE (name, part) = (?, ?)"
IS_VOID = "lines = unreadable AND lines > 0"  # see Part
RECORD = ("time", "request_id", "operation", "key")  # the primary key of `views`
IS_OF = f"SELECT file = ? FROM views WHERE {' AND '.join(f'{name} = ?' for name in RECORD)}"
AT_ONCE = 50  # views per statement: takes a third less time than one each, and few enough parameters

PartOf = tuple[str, int]
"""The name of a log file, and the number of a part of it."""


class Writer:
    """Writes to a database that is open and upgraded."""

    def __init__(self, connection: sqlite3.Connection, item: ItemMap, keep: Keep):
        self._connection, self._item, self._keep = connection, item, keep
        self._text_ids = Cache(self._text_id)
        self.kept = KeptValues(connection)
        self._refers = {name.lower(): refers for name, refers in field_columns(connection).items()}

    def record(self, digests: Sequence[Digest]) -> list[Account | None]:
        """See Store. All digests are one transaction."""
        with self.transaction():
            entered = self._entered(digests)
            is_new = [each not in entered and not entered.add(each) for each in map(part_of, digests)]  # type: ignore[func-returns-value]
            new = [*compress(digests, is_new)]
            recorded = [each for together in _recorded_together(new) for each in self._record(together)]
            of_new = iter(self._with_visitors(new, recorded))
            self._delete_expired()
        return [next(of_new) if each else None for each in is_new]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything written in the block, or nothing."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            if self.kept.begin():
                self._text_ids.clear()  # another connection may have deleted texts, see `forget`
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            self._text_ids.clear()  # what was written was rolled back
            self.kept.forget()
            if self._connection.in_transaction:  # if the disk is full, SQLite has already rolled back
                self._connection.execute("ROLLBACK")
            raise

    def _entered(self, digests: Sequence[Digest]) -> set[PartOf]:
        """The parts of these digests that the ledger already has; void ones are removed from it."""
        entered: set[PartOf] = set()
        given = {*map(part_of, digests)}
        for where, names in of_names({name for name, _ in given}):
            found = self._connection.execute(f"SELECT name, part, {IS_VOID} FROM files {where}", names)
            for name, part, is_void in found.fetchall():
                if not is_void:
                    entered.add((name, part))
                elif (name, part) in given:
                    self._connection.execute("DELETE FROM files WHERE name = ? AND part = ?", [name, part])
        return entered

    def _record(self, digests: Sequence[Digest]) -> list[tuple[Account, Views]]:
        """
        Write the views of digests, their ledger entries, and what they add to the tally.

        Returns the account of each, and the views that are counted.
        """
        self.check_sites(digests)
        first_id: int = self._connection.execute("SELECT coalesce(max(id), 0) + 1 FROM files").fetchone()[0]
        kept = [imported.unknown(self._connection, digest.views) for digest in digests]
        kept = self.write_views(kept, range(first_id, first_id + len(kept)))
        kept = imported.unmatched(self._connection, self._item, kept)
        added: Counter[tuple[str, str, str, str]] = Counter()
        accounts, rows, ingested_at = [], [], int(now())
        counted = tallies(zip(kept, [digest.drops for digest in digests], strict=True), self.kept.values)
        for file_id, (digest, views, counts) in enumerate(zip(digests, kept, counted, strict=True), first_id):
            account = digest.account.with_duplicates(len(digest.views) - len(views))
            for key, times in counts.items():
                added[key] += times
            accounts.append(account)
            rows.append((
                file_id, digest.name, digest.part, digest.is_last, digest.size, digest.sha256, digest.first_time,
                digest.last_time, ingested_at, account.lines, account.views, dropped_json[*account.dropped.items()],
                account.unreadable, digest.rules or None, additions.encode(counts, additions.QUICKEST), digest.stored_size,
            ))  # fmt: skip
        self._connection.executemany(ADD_FILE, rows)
        self.add(added)
        return list(zip(accounts, kept, strict=True))

    def _with_visitors(self, digests: Sequence[Digest], recorded: Sequence[tuple[Account, Views]]) -> list[Account]:
        """Add visitors to their days; returns the accounts, with the number of visitors that came too late."""
        sites = self.kept.values[SITES]
        loaders = (digest.loaders for digest in digests)
        closed = visitors.add(self._connection, who_came((views for _, views in recorded), loaders, sites))
        if not closed:
            return [account for account, _ in recorded]
        accounts = [account._replace(late_visitors=late_of(views, sites, closed)) for account, views in recorded]
        late = [(account.late_visitors, *part_of(digest)) for digest, account in zip(digests, accounts, strict=True)]
        self._connection.executemany(NOTE_LATE, [each for each in late if each[0]])
        return accounts

    def add(self, added: Tally) -> None:
        """Add to the tally, and to the months; rows that a negative addition reduces to zero are deleted."""
        months: Counter[tuple[str, str, str, str]] = Counter()
        for (site, dimension, day, value), times in added.items():
            months[site, dimension, day[:7], value] += times
        for statement, counts in ((ADD_TO_TALLY, added), (ADD_TO_MONTHS, months)):
            self._connection.executemany(statement, [(*key, times) for key, times in sorted(counts.items())])
        if taken := [key for key, times in added.items() if times < 0]:
            self._connection.executemany(DELETE_ZERO, taken)
            self._connection.executemany(DELETE_ZERO_MONTH, {(site, name, day[:7], value) for site, name, day, value in taken})
            self.kept.forget()  # there may now be room for others

    def check_sites(self, digests: Sequence[Digest]) -> None:
        """Refuse a second site's views unless the partition key has the site, since reports could not distinguish them."""
        if self._item.names_site:
            return
        held = self._connection.execute("SELECT value FROM settings WHERE name = 'site'").fetchone()
        first = held and held[0]
        for digest in digests:
            sites = set(digest.views.column("site"))
            if sites and first is None:
                first = min(sites)
                self._connection.execute("INSERT INTO settings VALUES ('site', ?)", [first])
            if sites - {first}:
                self._item.check_sites(digest.place or digest.name, first, sites)

    def write_views(self, of_digests: list[Views], file_ids: Iterable[int]) -> list[Views]:
        """Write the new views of each digest, and return them; `file_ids` are those of the digests' files."""
        if not any(of_digests) or not self._keep.views:
            return of_digests
        refers = {"time": False, "request_id": False, **dict.fromkeys(OF_TEXTS, True)}
        refers |= {name: self._refers[name.lower()] for name in dict.fromkeys((*self._item.facts, *FILTER_FIELDS))}
        files = [*chain.from_iterable(map(repeat, file_ids, map(len, of_digests)))]
        together = [*Views.joined(of_digests)]
        columns = self._stored([_column(together, name) for name in refers], [*refers.values()])
        holders = self._copied_holders(of_digests)
        known = {place for place, holder in holders.items() if holder != files[place]}
        new = (place for place in range(len(files)) if place not in holders)
        ordered = sorted(new, key=columns[0].__getitem__)  # by time, like the table: SQLite appends
        values_of = interleaving([*columns, files])
        for start in range(0, len(ordered), AT_ONCE):
            places = ordered[start : start + AT_ONCE]
            insert = _insert((*refers, "file"), len(places))
            if self._connection.execute(insert, values_of(places)).rowcount < len(places):
                records = [[column[place] for column in columns[: len(RECORD)]] for place in places]
                known.update(
                    place for place, record in zip(places, records, strict=True) if not self._is_of(files[place], record)
                )
        return [*_without(of_digests, known)] if known else of_digests

    def _stored(self, columns: Sequence[Column], are_texts: Sequence[bool]) -> list[Column]:
        """What is stored of columns: of texts their ids. They are the same however many views are written together."""
        for text in in_order([*compress(columns, are_texts)], self._text_ids):
            self._text_ids[text]
        return [
            translated(column, self._text_ids) if is_text else column
            for column, is_text in zip(columns, are_texts, strict=True)
        ]

    def _copied_holders(self, of_digests: Iterable[Views]) -> dict[int, int]:
        """The indexes, among all of them, of views whose records were copied from a table, with the files that brought them."""
        if not copied.is_any(self._connection):
            return {}
        found = ((place, copied.holder(self._connection, view)) for place, view in enumerate(chain(*of_digests)))
        return {place: holder for place, holder in found if holder is not None}

    def _is_of(self, file_id: Value, record: Sequence[Value]) -> bool:
        return bool(self._connection.execute(IS_OF, [file_id, *record]).fetchone()[0])

    def _delete_expired(self) -> None:
        """
        Delete expired views; not within a day after their file, since duplicates are found among the views that are kept.

        A clock that is ahead deletes nothing: the logs must reach as far. See ADR 0036.
        """
        if self._keep.days is None:
            return
        (latest,) = self._connection.execute("SELECT max(last_time) FROM files").fetchone()
        if latest is not None:
            clock = int(now())
            oldest = self._keep.oldest(min(clock, latest))
            self._connection.execute(
                "DELETE FROM views WHERE time < ? AND file IN (SELECT id FROM files WHERE ingested_at NOT BETWEEN ? AND ?)",
                [oldest, clock - DAY, clock + DAY],  # a file from the future: the clock was ahead then
            )
            self._connection.execute(copied.DELETE_OLD, [oldest])

    def _text_id(self, text: Value | None) -> int | None:
        if text is None:
            return None
        inserted = self._connection.execute("INSERT OR IGNORE INTO texts (text) VALUES (?)", [text])
        if inserted.rowcount == 1:
            return inserted.lastrowid
        found: int = self._connection.execute("SELECT id FROM texts WHERE text = ?", [text]).fetchone()[0]
        return found


dropped_json = Cache(lambda dropped: json.dumps(dict(dropped)))
"""By the items of the dropped counts: small files have the same few."""


def part_of(digest: Digest) -> PartOf:
    return digest.name, digest.part


def _recorded_together(digests: Iterable[Digest]) -> Iterator[list[Digest]]:
    """Digests of logs together; those of a table one by one, since an item may be in several, and belongs to the first."""
    for is_table, run in groupby(digests, lambda digest: imported.are_items(digest.views)):
        together = [*run]
        yield from [[digest] for digest in together] if is_table else [together]


def _column(several: Sequence[Views], name: str) -> Column:
    """The values of all of them for this name; None if a dimension is off, so that it was not derived."""
    return joined([views.column(name) or [None] * len(views) for views in several])


def _without(of_digests: Iterable[Views], known: set[int]) -> Iterator[Views]:
    """The views of each digest, except those at these indices, which count on from one digest to the next."""
    start = 0
    for views in of_digests:
        places = range(start, start + len(views))
        has_known = any(place in places for place in known)
        yield views.where(place not in known for place in places) if has_known else views
        start = places.stop


@cache
def _insert(columns: tuple[str, ...], rows: int) -> str:
    """A statement that inserts views with these columns, in order; known views stay as they are."""
    values = f"({', '.join('?' * len(columns))})"
    return f"INSERT OR IGNORE INTO views ({', '.join(map(quoted, columns))}) VALUES {', '.join([values] * rows)}"
