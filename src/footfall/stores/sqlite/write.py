"""Writing into a database: a digest's views, what it adds to the tally and its ledger entry are one transaction."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import chain, repeat
from operator import itemgetter
from time import time as now

from ...cache import Cache
from ...dimensions import tally
from ...items import ItemMap
from ...records import DAY, Account, Digest, Keep, Value, Views
from .. import additions
from . import imported
from .schema import field_columns, quoted

ADD_TO_TALLY = (
    "INSERT INTO tally (site, dimension, day, value, views) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET views = views + excluded.views"
)
ADD_FILE = (
    "INSERT INTO files (id, name, part, is_last, size, sha256, first_time, last_time, ingested_at, lines, views, dropped, "
    "unreadable, rules, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
IS_VOID = "lines = unreadable AND lines > 0"  # see Part
RECORD = ("time", "request_id", "operation", "key")  # the primary key of `views`
OF_TEXTS = ("operation", "key", "site", "page")
IS_OF = f"SELECT file = ? FROM views WHERE {' AND '.join(f'{name} = ?' for name in RECORD)}"
AT_ONCE = 50  # views that one statement writes: a third sooner than one each, and few enough parameters


class Writer:
    """Writes into a database that is open and up to date."""

    def __init__(self, connection: sqlite3.Connection, item: ItemMap, keep: Keep):
        self._connection, self._item, self._keep = connection, item, keep
        self._text_ids = Cache(self._text_id)
        self._refers = {name.lower(): refers for name, refers in field_columns(connection).items()}

    def record(self, digests: Sequence[Digest]) -> list[Account | None]:
        """See Store. All digests are one transaction."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            added: Counter[tuple[str, str, str, str]] = Counter()
            accounts = [self._record(digest, added) for digest in digests]
            self._connection.executemany(ADD_TO_TALLY, [(*key, times) for key, times in sorted(added.items())])
            self._delete_expired()
            self._connection.execute("COMMIT")
        except BaseException:
            self._text_ids.clear()  # what was written is gone again
            if self._connection.in_transaction:  # SQLite has rolled back by itself when the disk is full
                self._connection.execute("ROLLBACK")
            raise
        return accounts

    def _record(self, digest: Digest, added: Counter[tuple[str, str, str, str]]) -> Account | None:
        """Write a digest's views and its ledger entry, and add to what is `added`; its account, None where it is known."""
        execute = self._connection.execute
        where = "name = ? AND part = ?", [digest.name, digest.part]
        execute(f"DELETE FROM files WHERE {where[0]} AND {IS_VOID}", where[1])
        if execute(f"SELECT 1 FROM files WHERE {where[0]}", where[1]).fetchone():
            return None
        self._check_sites(digest)
        file_id = execute("SELECT coalesce(max(id), 0) + 1 FROM files").fetchone()[0]
        views = self._write_views(imported.unknown(self._connection, digest.views), file_id)
        views = imported.unmatched(self._connection, self._item, views)
        account = digest.account.with_duplicates(len(digest.views) - len(views))
        counts = tally(views, digest.drops)
        added.update(counts)
        execute(
            ADD_FILE,
            [
                file_id, digest.name, digest.part, digest.is_last, digest.size, digest.sha256, digest.first_time,
                digest.last_time, int(now()), account.lines, account.views, json.dumps(account.dropped),
                account.unreadable, digest.rules or None, additions.encode(counts, additions.QUICKEST),
            ],
        )  # fmt: skip
        return account

    def _check_sites(self, digest: Digest) -> None:
        """A second site's views need their site in the partition key, or no report could tell them apart."""
        if self._item.names_site:
            return
        sites = set(digest.views.column("site"))
        if sites:
            held = self._connection.execute("SELECT value FROM settings WHERE name = 'site'").fetchone()
            first = held[0] if held else min(sites)
            if not held:
                self._connection.execute("INSERT INTO settings VALUES ('site', ?)", [first])
            self._item.check_sites(digest.place or digest.name, first, sites)

    def _write_views(self, views: Views, file_id: int) -> Views:
        """Write the views that are not known, and return them."""
        if not views or not self._keep.views:
            return views
        refers = {"time": False, "request_id": False, **dict.fromkeys(OF_TEXTS, True)}
        refers |= {name: self._refers[name.lower()] for name in self._item.facts}
        ids = self._text_ids.__getitem__
        columns = (map(ids, views.column(name)) if is_text else views.column(name) for name, is_text in refers.items())
        rows = list(zip(*columns, repeat(file_id), strict=False))
        known: set[tuple[Value, ...]] = set()
        ordered = sorted(rows, key=itemgetter(0))  # by time, as the table is, so that SQLite appends
        for start in range(0, len(ordered), AT_ONCE):
            together = ordered[start : start + AT_ONCE]
            insert = _insert((*refers, "file"), len(together))
            if self._connection.execute(insert, [*chain.from_iterable(together)]).rowcount < len(together):
                known.update(row[: len(RECORD)] for row in together if not self._is_of(file_id, row[: len(RECORD)]))
        return views.where(row[: len(RECORD)] not in known for row in rows) if known else views

    def _is_of(self, file_id: int, record: Sequence[Value]) -> bool:
        return bool(self._connection.execute(IS_OF, [file_id, *record]).fetchone()[0])

    def _delete_expired(self) -> None:
        """Delete what has expired; not within a day of its file, as duplicates are found by the views that are kept."""
        if self._keep.days is not None:
            self._connection.execute(
                "DELETE FROM views WHERE time < ? AND file IN (SELECT id FROM files WHERE ingested_at < ?)",
                [self._keep.oldest(now()), int(now()) - DAY],
            )

    def _text_id(self, text: Value | None) -> int | None:
        if text is None:
            return None
        inserted = self._connection.execute("INSERT OR IGNORE INTO texts (text) VALUES (?)", [text])
        if inserted.rowcount == 1:
            return inserted.lastrowid
        found: int = self._connection.execute("SELECT id FROM texts WHERE text = ?", [text]).fetchone()[0]
        return found


@cache
def _insert(columns: tuple[str, ...], rows: int) -> str:
    """What writes views, which are in the order of these columns; those that are known stay as they are."""
    values = f"({', '.join('?' * len(columns))})"
    return f"INSERT OR IGNORE INTO views ({', '.join(map(quoted, columns))}) VALUES {', '.join([values] * rows)}"
