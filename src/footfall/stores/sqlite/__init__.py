"""
Counts in one SQLite file, exactly once: a digest's views, its tally and its ledger entry are one transaction.

    files   the ledger: a row for each part of each log file, with its account
    tally   how often each value of each dimension occurred on each day
    views   the page views, by time, with the fields of the request that [item] names, each in a column of its name
    items   what was imported of another table, see sqlite_twins
    tokens  who may ask over HTTP

Texts that repeat (pages, user agents, referrers) are kept once, in `texts`; the SQL view `page_views` shows them.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, repeat
from operator import itemgetter
from pathlib import Path
from time import monotonic, sleep
from time import time as now
from typing import Any, cast

from ...cache import Cache
from ...dimensions import tally
from ...errors import StoreBusy, StoreError, StoreMissing
from ...items import ItemMap
from ...records import DAY, KEEP_ALL, Account, Count, Digest, Keep, PageView, Part, Token, Value, Views
from . import imported as sqlite_twins

APPLICATION_ID = 0x666F6F74  # "foot": what `file` and SQLite itself know such a database by
# As it was at first; every database, a new one too, is brought from there to today's by UPGRADES.
SCHEMA = """
CREATE TABLE files (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    part INTEGER NOT NULL,
    is_last INTEGER NOT NULL,
    size INTEGER NOT NULL,          -- bytes, decompressed
    sha256 TEXT NOT NULL,
    first_time INTEGER,             -- seconds since the epoch, as all times
    last_time INTEGER,
    ingested_at INTEGER NOT NULL,
    lines INTEGER NOT NULL,         -- lines = views + dropped + unreadable
    views INTEGER NOT NULL,
    dropped TEXT NOT NULL,          -- JSON: lines by reason
    unreadable INTEGER NOT NULL,
    UNIQUE (name, part)
);
CREATE TABLE tally (
    site TEXT NOT NULL,
    dimension TEXT NOT NULL,
    day TEXT NOT NULL,              -- 2026-10-20, in the time zone of `settings`
    value TEXT NOT NULL,
    views INTEGER NOT NULL,
    PRIMARY KEY (site, dimension, day, value)
) WITHOUT ROWID;
CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE views (
    time INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    operation INTEGER NOT NULL,     -- these four refer to texts
    key INTEGER NOT NULL,
    site INTEGER NOT NULL,
    page INTEGER NOT NULL,
    file INTEGER NOT NULL,          -- refers to files
    {fact_columns},
    PRIMARY KEY (time, request_id, operation, key)
) WITHOUT ROWID;
CREATE VIEW page_views AS SELECT
    datetime(time, 'unixepoch') AS time, request_id,
    {text_columns},
    {other_columns}
FROM views;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
# By the version that each makes. A database that is opened to be written to is brought up to date where it lies.
UPGRADES = {
    2: """
CREATE TABLE tokens (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX files_by_last_time ON files (last_time);
""",
    3: sqlite_twins.SCHEMA,
}
SCHEMA_VERSION = max(UPGRADES)
# One after the other, each the next in the primary key: as quick with a million rows as with ten.
SITES = """
WITH RECURSIVE found (site) AS (
    SELECT min(site) FROM tally
    UNION ALL SELECT (SELECT min(site) FROM tally WHERE site > found.site) FROM found WHERE found.site IS NOT NULL
) SELECT site FROM found WHERE site IS NOT NULL
"""
# Those that differ each time, or are numbers, are not kept in `texts`.
SINGULAR = frozenset({
    "time", "request_id",
    "remote_ip", "request_uri", "version_id", "host_id", "http_status", "bytes_sent", "object_size", "total_time",
    "turn_around_time",
})  # fmt: skip
OF_PAGE = (
    "WHERE site = (SELECT id FROM texts WHERE text = ?) AND page = (SELECT id FROM texts WHERE text = ?) "
    "AND time BETWEEN ? AND ?"
)
ADD_TO_TALLY = (
    "INSERT INTO tally (site, dimension, day, value, views) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET views = views + excluded.views"
)
FIRST_FACTS = (
    "day", "hour", "referrer_host", "browser", "system", "bucket_owner", "bucket", "remote_ip", "requester", "request_uri",
    "http_status", "error_code", "bytes_sent", "object_size", "total_time", "turn_around_time", "referrer", "user_agent",
    "version_id", "host_id", "signature_version", "cipher_suite", "authentication_type", "host_header", "tls_version",
    "access_point_arn", "acl_required", "source_region",
)  # fmt: skip
LOCK_SECONDS = 10.0  # another importer commits every second or so
CHUNK = 1000  # views written before asking whether all were new
AT_ONCE = 20  # views that one statement writes: a quarter sooner than one each, and still few enough parameters

# What SQLite says, and what a person can do about it.
REMEDIES = {
    "database is locked": (StoreBusy, "another process is writing to it; wait until it is done, or name another --store"),
    "readonly database": (StoreError, "it is read-only; check its and its folder's permissions, or name another --store"),
    "unable to open": (StoreError, "it cannot be opened; check that its folder exists and is yours, or name another --store"),
    "disk is full": (StoreError, "the disk is full; the last log files were not counted: make room and run it again"),
    "disk I/O error": (StoreError, "the disk fails; the last log files were not counted: check its space and run it again"),
    "file is not a database": (StoreError, "it is no SQLite database; name another --store"),
    "malformed": (StoreError, "it is damaged; restore it from a copy, or import the logs again into a new --store"),
}  # fmt: skip


def _of_period(site: str, dimension: str, start: str, end: str, prefix: str, value: str | None) -> tuple[str, list[Value]]:
    """Which rows of the tally are asked for, and the values of its question marks."""
    where, values = "site = ? AND dimension = ? AND day BETWEEN ? AND ?", [site, dimension, start, end]
    if value is not None:
        return f"{where} AND value = ?", [*values, value]
    return (f"{where} AND substr(value, 1, ?) = ?", [*values, len(prefix), prefix]) if prefix else (where, [*values])


def _insert(connection: sqlite3.Connection, columns: Sequence[str], rows: Sequence[tuple[Value | None, ...]]) -> None:
    """Write views, which are in the order of these columns; those that are known stay as they are."""
    insert = f"INSERT OR IGNORE INTO views ({', '.join(columns)}) VALUES "
    values = f"({', '.join('?' * len(columns))})"
    whole = len(rows) - len(rows) % AT_ONCE
    together = (list(chain.from_iterable(rows[place : place + AT_ONCE])) for place in range(0, whole, AT_ONCE))
    connection.executemany(insert + ", ".join([values] * AT_ONCE), together)
    connection.executemany(insert + values, rows[whole:])


def _text_of(column: str) -> str:
    """What shows a column of `views`."""
    return column if column in SINGULAR else f"(SELECT text FROM texts WHERE id = {column})"


def _schema() -> str:
    """SCHEMA with a column for every field that [item] may name."""
    fields = [name for name in FIRST_FACTS if name not in ("day", "hour", "referrer_host", "browser", "system")]
    texts = ("operation", "key", "site", "page", *(name for name in fields if name not in SINGULAR))
    return SCHEMA.format(
        fact_columns=",\n    ".join(f"{name} {'' if name in SINGULAR else 'INTEGER'}".strip() for name in FIRST_FACTS),
        text_columns=",\n    ".join(f"{_text_of(name)} AS {name}" for name in texts),
        other_columns=", ".join(name for name in fields if name in SINGULAR),
    )


class SQLiteStore:
    """A store in the SQLite file at `place`; nothing is opened before the first use."""

    def __init__(self, place: str, item: ItemMap, keep: Keep = KEEP_ALL):
        self._path = Path(place)
        self._item, self._keep = item, keep
        self._opened: sqlite3.Connection | None = None
        self._text_ids = Cache(self._text_id)

    def prepare(self, time_zone: str) -> None:
        """See Store; makes the file when there is none."""
        with self._errors():
            self._connect(writable=True)
            connection = self._connection
            self._turn_to_wal()
            connection.execute("BEGIN IMMEDIATE")
            version = self._version()
            if not version:
                for statement in _schema().split(";\n"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                connection.execute("INSERT INTO settings VALUES ('time_zone', ?)", [time_zone])
            for next_version, statements in UPGRADES.items():
                for statement in statements.split(";\n") if next_version > version else ():
                    connection.execute(statement)
            if version < SCHEMA_VERSION:
                connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute("COMMIT")
            kept = self.time_zone()
            if kept != time_zone:
                raise StoreError(
                    f"{self._path} counts days in {kept}, not in {time_zone}: "
                    f"set time_zone = {kept!r}, or name another --store and import the logs again"
                )

    def _turn_to_wal(self) -> None:
        """Readers and a writer side by side; SQLite does not wait by itself for who is just doing the same."""
        began = monotonic()
        while self._connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or monotonic() - began > LOCK_SECONDS:
                    raise
                sleep(0.05)

    def known(self, name: str) -> list[Part]:
        """See Store."""
        return list(self._parts("WHERE name = ? ORDER BY part", [name]))

    def record(self, digests: Sequence[Digest]) -> list[Account | None]:
        """See Store. All digests are one transaction."""
        with self._errors():
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                counts: Counter[tuple[str, str, str, str]] = Counter()
                accounts = [self._record(connection, digest, counts) for digest in digests]
                connection.executemany(ADD_TO_TALLY, [(*key, times) for key, times in sorted(counts.items())])
                self._forget_views(connection)
                connection.execute("COMMIT")
            except BaseException:
                self._text_ids.clear()  # what was written is gone again
                if connection.in_transaction:  # SQLite has rolled back by itself when the disk is full
                    connection.execute("ROLLBACK")
                raise
        return accounts

    def _record(
        self, connection: sqlite3.Connection, digest: Digest, counts: Counter[tuple[str, str, str, str]]
    ) -> Account | None:  # fmt: skip
        """Write a digest's views and its ledger entry, and add what is to be counted; None where it is known."""
        is_known = connection.execute("SELECT 1 FROM files WHERE name = ? AND part = ?", [digest.name, digest.part])
        if is_known.fetchone():
            return None
        self._check_sites(connection, digest)
        file_id = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM files").fetchone()[0]
        views = self._write_views(connection, sqlite_twins.unknown(connection, digest.views), file_id)
        views = sqlite_twins.unmatched(connection, self._item, views)
        account = digest.account.with_duplicates(len(digest.views) - len(views))
        connection.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                file_id, digest.name, digest.part, digest.is_last, digest.size, digest.sha256, digest.first_time,
                digest.last_time, int(now()), account.lines, account.views, json.dumps(account.dropped),
                account.unreadable,
            ],
        )  # fmt: skip
        counts.update(tally(views, digest.drops))
        return account

    def _check_sites(self, connection: sqlite3.Connection, digest: Digest) -> None:
        """A second site's views need their site in the partition key, or no report could tell them apart."""
        if self._item.names_site:
            return
        sites = set(digest.views.column("site"))
        if sites:
            held = connection.execute("SELECT value FROM settings WHERE name = 'site'").fetchone()
            first = held[0] if held else min(sites)
            if not held:
                connection.execute("INSERT INTO settings VALUES ('site', ?)", [first])
            self._item.check_sites(digest.name, first, sites)

    def _write_views(self, connection: sqlite3.Connection, views: Views, file_id: int) -> Views:
        """Write the views that are not known, and return them."""
        if not views or not self._keep.views:
            return views
        kept = {name: views.column(name) for name in ("operation", "key", "site", "page")}
        kept |= {name: views.column(name) for name in self._item.facts}
        ids = self._text_ids
        rows = list(
            zip(
                views.column("time"),
                views.column("request_id"),
                *(values if name in SINGULAR else map(ids.__getitem__, values) for name, values in kept.items()),
                repeat(file_id),
                strict=False,
            )
        )
        known: set[tuple[Value, ...]] = set()
        ordered = sorted(rows, key=itemgetter(0))  # by time, as the table is, so that SQLite appends
        for start in range(0, len(ordered), CHUNK):
            chunk = ordered[start : start + CHUNK]
            before = connection.total_changes
            _insert(connection, ("time", "request_id", *kept, "file"), chunk)
            if connection.total_changes - before < len(chunk):
                known.update(row[:4] for row in chunk if not self._is_of(connection, row[:4], file_id))
        return views.where(row[:4] not in known for row in rows) if known else views

    def _forget_views(self, connection: sqlite3.Connection) -> None:
        """Delete what has expired; not within a day of its file, as duplicates are found by the views that are kept."""
        if self._keep.days is not None:
            connection.execute(
                "DELETE FROM views WHERE time < ? AND file IN (SELECT id FROM files WHERE ingested_at < ?)",
                [self._keep.oldest(now()), int(now()) - DAY],
            )

    def _is_of(self, connection: sqlite3.Connection, record: Sequence[Value], file_id: int) -> bool:
        found = connection.execute(
            "SELECT file FROM views WHERE time = ? AND request_id = ? AND operation = ? AND key = ?", record
        )
        return bool(found.fetchone()[0] == file_id)

    def _text_id(self, text: Value | None) -> int | None:
        if text is None:
            return None
        connection = self._connection
        inserted = connection.execute("INSERT OR IGNORE INTO texts (text) VALUES (?)", [text])
        if inserted.rowcount == 1:
            return inserted.lastrowid
        found: int = connection.execute("SELECT id FROM texts WHERE text = ?", [text]).fetchone()[0]
        return found

    def counts(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None
    ) -> Iterator[Count]:
        """See Store."""
        where, values = _of_period(site, dimension, start, end, prefix, value)
        return (Count(*row) for row in self._read(f"SELECT value, day, views FROM tally WHERE {where}", values))

    def sums(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None
    ) -> dict[str, int]:
        """See Store. SQLite adds up five times as fast as Python."""
        where, values = _of_period(site, dimension, start, end, prefix, value)
        return dict(self._read(f"SELECT value, sum(views) FROM tally WHERE {where} GROUP BY value", values))

    def courses(self, site: str, dimension: str, start: str, end: str, values: Collection[str]) -> Iterator[Count]:
        """See Store. The rows of other values are left out before Python sees them."""
        where, asked = _of_period(site, dimension, start, end, "", None)
        of_values = "value IN (SELECT json_each.value FROM json_each(?))"
        rows = self._read(f"SELECT value, day, views FROM tally WHERE {where} AND {of_values}", [*asked, json.dumps([*values])])
        return (Count(*row) for row in rows)

    def views(self, site: str, page: str, start: int, end: int, limit: int | None = None) -> Iterator[dict[str, Value]]:
        """See Store. Items are made by [item] as it is now; facts that were not kept leave attributes out."""
        names = ("time", "request_id", "operation", "key", *self._item.facts)
        rows = self._read(
            f"SELECT {', '.join(_text_of(name) for name in names)} FROM views {OF_PAGE} ORDER BY time, request_id LIMIT ?",
            [site, page, max(start, self._keep.oldest(now())), end, -1 if limit is None else limit],
        )
        for time, request_id, operation, key, *facts in rows:
            kept = dict(zip(self._item.facts, facts, strict=True))
            yield self._item.make(PageView(site, page, time, request_id, operation, key, kept))

    def times(self, site: str, page: str, start: int, end: int) -> Iterator[int]:
        """See Store."""
        rows = self._read(
            f"SELECT time FROM views {OF_PAGE} ORDER BY time", [site, page, max(start, self._keep.oldest(now())), end]
        )
        return (time for (time,) in rows)

    def files(self) -> Iterator[Part]:
        """See Store."""
        return self._parts("ORDER BY id", [])

    def latest(self) -> int | None:
        """See Store."""
        ((latest,),) = self._read("SELECT max(last_time) FROM files", [])
        return cast(int | None, latest)

    def sites(self) -> list[str]:
        """See Store."""
        return [site for (site,) in self._read(SITES, [])]

    def period(self, site: str) -> tuple[str, str] | None:
        """See Store. Everything that is counted has a status, and by the primary key its first and last are next at hand."""
        days = "SELECT {}(day) FROM tally WHERE site = ? AND dimension = 'status'"
        ((first, last),) = self._read(f"SELECT ({days.format('min')}), ({days.format('max')})", [site, site])
        return (first, last) if first else None

    def time_zone(self) -> str | None:
        """See Store."""
        rows = list(self._read("SELECT value FROM settings WHERE name = 'time_zone'", []))
        return rows[0][0] if rows else None

    def tokens(self) -> list[Token]:
        """See Store. A database that was not written to since there are tokens has none."""
        with self._errors():
            if self._version() < 2:
                return []
        return [Token(*row) for row in self._read("SELECT name, sha256, created_at FROM tokens ORDER BY name", [])]

    def add_token(self, token: Token) -> bool:
        """See Store."""
        with self._errors():
            return self._connection.execute("INSERT OR IGNORE INTO tokens VALUES (?, ?, ?)", token).rowcount == 1

    def revoke_token(self, name: str) -> bool:
        """See Store."""
        with self._errors():
            return self._connection.execute("DELETE FROM tokens WHERE name = ?", [name]).rowcount == 1

    def estimate(self, digests: Sequence[Digest]) -> None:
        """See Store: a file costs nothing."""

    def capacity(self) -> None:
        """See Store: a file costs nothing."""

    def close(self) -> None:
        """See Store."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _parts(self, where: str, values: Sequence[Value]) -> Iterator[Part]:
        rows = self._read(
            "SELECT name, part, is_last, size, sha256, first_time, last_time, ingested_at, "
            f"lines, views, dropped, unreadable FROM files {where}",
            values,
        )
        for name, part, is_last, size, sha256, first, last, ingested_at, lines, views, dropped, unreadable in rows:
            account = Account(lines, views, json.loads(dropped), unreadable)
            yield Part(name, part, bool(is_last), size, sha256, first, last, ingested_at, account)

    def _read(self, sql: str, values: Iterable[Value]) -> Iterator[tuple[Any, ...]]:
        with self._errors():
            yield from self._connection.execute(sql, list(values))

    @property
    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            self._connect(writable=False)
        return cast(sqlite3.Connection, self._opened)

    def _connect(self, *, writable: bool) -> None:
        self.close()
        try:
            self._open(writable=writable)
        except BaseException:
            self.close()
            raise

    def _open(self, *, writable: bool) -> None:
        if self._path.is_dir():
            raise StoreError(f"{self._path} is a folder and cannot be opened as a database; name another --store")
        if not writable and not self._path.exists():
            raise StoreMissing(
                f"no database {self._path} here: import logs first (footfall import FOLDER), or name another --store"
            )
        mode = "rwc" if writable else "ro"
        url = f"{self._path.absolute().as_uri()}?mode={mode}"
        self._opened = sqlite3.connect(url, uri=True, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)
        if not writable:
            try:
                self._version()
            except sqlite3.OperationalError as error:
                # A WAL database in a folder that is not ours to write: readable as it lies, if nobody is writing it.
                if Path(f"{self._path}-wal").exists() or "lock" in str(error):
                    raise
                self._opened = sqlite3.connect(f"{url}&immutable=1", uri=True, isolation_level=None, check_same_thread=False)
        version = self._version()
        if not version and not writable:
            raise StoreMissing(f"{self._path} is an empty database: import logs first (footfall import FOLDER)")
        self._opened.execute("PRAGMA synchronous = NORMAL")
        self._opened.execute("PRAGMA wal_autocheckpoint = 16000")  # pages: 64 MB
        self._opened.execute("PRAGMA cache_size = -65536")  # KiB

    def _version(self) -> int:
        """The schema's version, 0 of an empty file; raises StoreError for what is not ours, or not of this footfall."""
        connection = self._connection
        is_alone = not connection.in_transaction
        if is_alone:  # another importer may be making the file: all of this as of one moment
            connection.execute("BEGIN")
        tables: int = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if is_alone:
            connection.execute("COMMIT")
        if not ours and not tables:
            return 0
        if not ours:
            raise StoreError(f"{self._path} is another program's database; name another --store")
        if version < 1:
            raise StoreError(
                f"{self._path} was written by an older footfall (schema {version}, this one is {SCHEMA_VERSION}): "
                "import the logs again into a new --store"
            )
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{self._path} was written by a newer footfall (schema {version}, this one knows {SCHEMA_VERSION}): "
                "upgrade footfall, or name another --store"
            )
        return version

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            said = str(error)
            kind, remedy = next((row for text, row in REMEDIES.items() if text in said), (StoreError, said))
            raise kind(f"{self._path}: {remedy}") from error
