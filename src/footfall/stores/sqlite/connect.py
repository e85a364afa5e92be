"""The connection to a database file: opened on first use, with its version checked and its errors translated."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from ...errors import StoreBusy, StoreError, StoreMissing
from .schema import APPLICATION_ID, SCHEMA_VERSION

LOCK_SECONDS = 10.0  # other importers commit about once a second

DAMAGED = "it is damaged; restore a backup, or import the logs again into a new --store"

# What SQLite's errors mean, and the remedy.
REMEDIES = {
    "database is locked": (StoreBusy, "another process is writing to it; wait until it is done, or choose another --store"),
    "readonly database": (StoreError, "it is read-only; check its permissions and those of its folder, or choose another "
    "--store"),
    "unable to open": (StoreError, "it cannot be opened; check that its folder exists and is yours, or choose another --store"),
    "disk is full": (StoreError, "the disk is full; the last log files were not counted: free some space and run it again"),
    "disk I/O error": (
        StoreError,
        "the disk failed, or the file is damaged; the last log files were not counted: check the disk and its free space, and "
        "run it again; if that does not help, restore a backup",
    ),
    "file is not a database": (StoreError, "it is not a SQLite database; choose another --store"),
    "malformed": (StoreError, DAMAGED),
    "decode": (StoreError, DAMAGED),  # text in a row or in the schema is not UTF-8
    "no such": (StoreError, f"({{said}}) {DAMAGED}"),  # table or column, if another program has changed it
    "has no column": (StoreError, f"({{said}}) {DAMAGED}"),
    "integer overflow": (StoreError, DAMAGED),
}  # fmt: skip


class Database:
    """The SQLite file at `place`; opened on first use, and then read-only."""

    def __init__(self, place: str):
        self._opened: sqlite3.Connection | None = None
        self.path = Path(place)
        self._version = 0

    @property
    def connection(self) -> sqlite3.Connection:
        """The open connection, or else a new read-only one; raises StoreMissing if there is no file."""
        if self._opened is None:
            self._open(writable=False)
        assert self._opened is not None  # noqa: S101 - for the type checker
        return self._opened

    def open_to_write(self) -> sqlite3.Connection:
        """Reopens the file for writing; creates it if there is none."""
        self.close()
        self._open(writable=True)
        self._turn_to_wal()
        self.connection.execute("PRAGMA secure_delete = ON")  # visitors' keys must be erased; see visitors
        self._version = SCHEMA_VERSION  # a writer first upgrades it
        return self.connection

    def read(self, sql: str, values: Iterable[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""
        with self.errors():
            yield from chain(self.connection.execute(sql, list(values)))  # otherwise closing this would close the cursor again

    def close(self) -> None:
        """Close the connection; it opens again when used."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def __del__(self) -> None:
        self.close()  # in case the owner forgot; newer Pythons warn about unclosed connections

    def _open(self, *, writable: bool) -> None:
        try:
            self._opened = self._connect(writable=writable)
            self._check(writable=writable)
        except BaseException:
            self.close()
            raise

    def _connect(self, *, writable: bool) -> sqlite3.Connection:
        if self.path.is_dir():
            raise StoreError(f"{self.path} is a folder, not a database; choose another --store")
        if not writable and not self.path.exists():
            raise StoreMissing(
                f"there is no database {self.path} here: import logs first (footfall import FOLDER), or choose another --store"
            )
        mode = "rwc" if writable else "ro"
        url = f"{self.path.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(url, uri=True, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False)

    def _check(self, *, writable: bool) -> None:
        try:
            self._version = self.version()
        except sqlite3.OperationalError as error:
            # A WAL database in a folder without write permission can be read as it is, if nobody is writing to it.
            if writable or Path(f"{self.path}-wal").exists() or "lock" in str(error):
                raise
            self.close()
            url = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
            self._opened = sqlite3.connect(url, uri=True, isolation_level=None, check_same_thread=False)
            self._version = self.version()
        if not self._version and not writable:
            raise StoreMissing(f"{self.path} is an empty database: import logs first (footfall import FOLDER)")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        self.connection.execute("PRAGMA wal_autocheckpoint = 16000")  # pages: 64 MB
        self.connection.execute("PRAGMA cache_size = -65536")  # KiB

    def _turn_to_wal(self) -> None:
        """Allow readers beside a writer; SQLite does not wait by itself for another process doing the same."""
        began = monotonic()
        while self.connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                self.connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or monotonic() - began > LOCK_SECONDS:
                    raise
                sleep(0.05)

    def has(self, version: int) -> bool:
        """Whether the schema was at this version, or a later one, when the file was opened."""
        if self._opened is None:
            with self.errors():
                self._open(writable=False)
        return self._version >= version

    def version(self) -> int:
        """The schema's version, 0 for an empty file; raises StoreError for a foreign database, or one from a newer footfall."""
        connection = self.connection
        is_alone = not connection.in_transaction
        if is_alone:  # another importer may be creating the file: read all of this as of one moment
            connection.execute("BEGIN")
        tables: int = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if is_alone:
            connection.execute("COMMIT")
        if not ours and not tables:
            return 0
        if not ours:
            raise StoreError(f"{self.path} is another program's database; choose another --store")
        if version < 1:
            raise StoreError(
                f"{self.path} was written by an older footfall (schema {version}, this one is {SCHEMA_VERSION}): "
                "import the logs again into a new --store"
            )
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"{self.path} was written by a newer footfall (schema {version}, this one knows {SCHEMA_VERSION}): "
                "upgrade footfall, or choose another --store"
            )
        return version

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turns SQLite's errors into a StoreError that says what to do."""
        try:
            yield
        except (sqlite3.Error, UnicodeDecodeError) as error:
            said = str(error)
            kind, remedy = next((row for text, row in REMEDIES.items() if text in said), (StoreError, "{said}"))
            raise kind(f"{self.path}: {remedy.replace('{said}', said)}") from error

    def damaged(self) -> StoreError:
        """The error for contents that footfall does not write."""
        return StoreError(f"{self.path}: {DAMAGED}")
