"""
Exports a snapshot of a database, and fills a new one, which is moved into place when it is complete.

Databases are cloned by SQLite itself, page by page, even while an importer writes to the source.
"""

import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from glob import escape
from itertools import islice
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from ...errors import StoreError, StoreMissing
from ...items import ItemMap
from ...pageviews.addresses import Asked
from ...records import PageView, Views
from ...tallies import MOST_KEPT
from .. import additions
from ..contents import COPIED_BY, Entry, Step, StoredView, VisitorsOfDay, Whole, entries_of, record_id, state_of, tallies_of
from ..shapes import KEEP_ALL
from . import copied, kept, visitors
from .connect import Database
from .forget import NOTE, count, forget
from .schema import SCHEMA_VERSION, add_fields, field_columns, shown, upgrade
from .write import ADD_FILE, NOTE_LATE, Writer, dropped_json

if TYPE_CHECKING:
    from . import SQLiteStore

VIEWS_AT_ONCE = 5_000
IS_TAKEN = "SELECT 1 FROM views WHERE time = ? AND request_id = ? LIMIT 1"
PAGES_AT_ONCE = 2_500  # 10 MB
COPYING = ".copying-"  # in the name of the new database, between the old one's name and the process id


class SQLiteContents:
    """See Contents."""

    kind = "sqlite"

    def __init__(self, store: "SQLiteStore", database: Database, item: ItemMap):
        self._store, self._item = store, item
        self.database = database

    @property
    def url(self) -> str:
        """See Contents."""
        return f"sqlite:{self.database.path}"

    def state(self) -> str:
        """See Contents."""
        return state_of(self._store.files(), self._setting(NOTE) or "")

    @contextmanager
    def read(self) -> Iterator[Whole]:
        """See Contents."""
        with self._moment():
            if not self.database.has(SCHEMA_VERSION) or self._setting(kept.SETTING) != str(MOST_KEPT):
                raise StoreError(f"{self.url} was written by an older footfall; import something into it to upgrade it")
            if next(self.database.read("SELECT 1 FROM items LIMIT 1"), None):
                raise StoreError(
                    f"{self.url} has items of an imported table, which can only be copied to a database: copy to sqlite:..., "
                    f"or import table and logs into the new store"
                )
            entries = entries_of(self._store, self._store.files())
            yield Whole(
                self._store.time_zone() or "UTC", self._setting("site"), entries, tallies_of(self._store), self._days(),
                self._views(), self._store.tokens.all(), self._store.annotations.all(), self._store.notices.delivered(),
            )  # fmt: skip

    @contextmanager
    def _moment(self) -> Iterator[None]:
        """Everything read in the block is as of one moment, whoever writes meanwhile."""
        with self.database.errors():
            self.database.connection.execute("BEGIN")
            try:
                self.database.connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
                yield
            finally:
                self.database.connection.execute("ROLLBACK")

    def _setting(self, name: str) -> str | None:
        return next((value for (value,) in self.database.read("SELECT value FROM settings WHERE name = ?", [name])), None)

    def _days(self) -> Iterator[VisitorsOfDay]:
        return visitors.all_days(self.database)

    def _views(self) -> Iterator[StoredView]:
        refers = field_columns(self.database.connection)
        facts = [name for name in self._item.facts if name in refers]
        names = {"operation": True, "key": True, "site": True, "page": True} | {name: refers[name] for name in facts}
        columns = ", ".join(shown(*row) for row in names.items())
        rows = self.database.read(
            f"SELECT files.name, files.part, record, time, request_id, {columns} FROM views "
            "JOIN files ON files.id = views.file LEFT JOIN copied USING (time, request_id, operation, key) ORDER BY time"
        )
        for name, part, record, time, request_id, operation, key, site, page, *values in rows:
            view = PageView(site, page, time, request_id, operation, key, dict(zip(facts, values, strict=True)))
            yield StoredView(name, part, view, record or record_id(view))

    def forget(self, asked: Asked, *, is_dry: bool) -> int:
        """See Contents. A database from an earlier footfall is upgraded first."""
        if is_dry:
            return count(self.database, asked)
        self._store.prepare(self._store.time_zone() or "UTC")
        with self.database.errors():
            return forget(self.database.connection, asked)

    def fill(self, whole: Whole, state: str) -> Iterator[Step]:  # noqa: ARG002 - there are no incomplete databases
        """See Contents."""
        with self.database.errors(), self._new() as database:
            connection = database.open_to_write()
            connection.execute("BEGIN IMMEDIATE")
            upgrade(connection, 0)
            add_fields(connection, self._item.facts)
            noted = {"time_zone": whole.time_zone, kept.SETTING: str(MOST_KEPT), "site": whole.only_site}
            connection.executemany("INSERT INTO settings VALUES (?, ?)", [row for row in noted.items() if row[1] is not None])
            yield from self._write(connection, whole)
            whole.check()
            connection.execute("COMMIT")

    def _write(self, connection: sqlite3.Connection, whole: Whole) -> Iterator[Step]:
        writer = Writer(connection, self._item, KEEP_ALL)
        ids: dict[tuple[str, int], int] = {}
        for number, entry in enumerate(whole.entries, 1):
            _enter(connection, number, entry)
            ids[entry.part.name, entry.part.number] = number
            yield Step("files", 1)
        for tally in whole.tallies:
            writer.add(tally)
            yield Step("counts", len(tally))
        for day in whole.days:
            visitors.write(connection, day)
            yield Step("days", 1)
        left = iter(whole.views)
        while views := [*islice(left, VIEWS_AT_ONCE)]:
            _write_views(connection, writer, views, ids)
            yield Step("views", len(views))
        for token in whole.tokens:
            connection.execute("INSERT INTO tokens VALUES (?, ?, ?)", token)
            yield Step("tokens", 1)
        for annotation in whole.annotations:
            connection.execute("INSERT INTO annotations VALUES (?, ?, ?)", annotation)
            yield Step("annotations", 1)
        for key, at in whole.notices:
            connection.execute("INSERT INTO notices VALUES (?, ?, ?, ?)", [key, COPIED_BY, at, at])

    def clone(self, source: "SQLiteContents", state: str) -> Iterator[Step]:  # noqa: ARG002 - as above
        """See Contents."""
        with source._moment(), self._new() as database, closing(sqlite3.connect(database.path)) as connection:
            source.database.connection.backup(connection, pages=PAGES_AT_ONCE)
            for table in ("files", "views", "tally"):
                (number,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
                yield Step({"tally": "counts"}.get(table, table), number)

    @contextmanager
    def _new(self) -> Iterator[Database]:
        """A database beside this one's place, which is moved there if all goes well."""
        place = self.database.path
        self._check_unused()
        try:
            _delete_left_over(place)
            database = Database(f"{place}{COPYING}{os.getpid()}-{token_hex(4)}")
            try:
                with closing(database):
                    yield database
                self.database.close()
                self._check_unused()  # there may have been an import or a copy into it meanwhile
                self.database.close()
                _delete(place)  # the empty one, with its write-ahead log, which SQLite would use for the new one
                database.path.replace(place)
            finally:
                _delete(database.path)
        except (sqlite3.OperationalError, OSError) as error:
            said = error.strerror if isinstance(error, OSError) else error
            raise StoreError(
                f"{self.url} cannot be written ({said}); check that its folder exists, is yours and has room, or copy elsewhere"
            ) from error

    def _check_unused(self) -> None:
        """Raises StoreError if there is a database that is not empty."""
        with suppress(StoreMissing):
            if self.state():
                raise StoreError(f"{self.url} already has counts of its own; copy to a new store")
            if not self._store.time_zone():
                return
            for what, found in (("tokens", self._store.tokens.all()), ("annotations", self._store.annotations.all())):
                if found:
                    raise StoreError(f"{self.url} has {what}, which a copy would replace; copy to a new store")


def _delete_left_over(place: Path) -> None:
    """Delete the unfinished databases beside this place that killed copies left."""
    for path in place.parent.glob(f"{escape(place.name)}{COPYING}*"):
        process = path.name.rpartition(COPYING)[2].partition("-")[0]
        if process.isdigit() and not _is_running(int(process)):
            _delete(path)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's process
        return True
    return True


def _delete(database: Path) -> None:
    """Delete a database, and the files beside it, if they exist."""
    for end in ("", "-wal", "-shm", "-journal"):
        Path(f"{database}{end}").unlink(missing_ok=True)


def _enter(connection: sqlite3.Connection, file_id: int, entry: Entry) -> None:
    part, account = entry.part, entry.part.account
    added = None if entry.added is None else additions.encode(entry.added, additions.QUICKEST)
    row = [
        file_id, part.name, part.number, part.is_last, part.size, part.sha256, part.first_time, part.last_time,
        part.ingested_at, account.lines, account.views, dropped_json[*account.dropped.items()], account.unreadable,
        part.rules, added, part.stored_size,
    ]  # fmt: skip
    connection.execute(ADD_FILE, row)
    if account.late_visitors:
        connection.execute(NOTE_LATE, [account.late_visitors, part.name, part.number])


def _write_views(
    connection: sqlite3.Connection, writer: Writer, views: Iterable[StoredView], ids: dict[tuple[str, int], int]
) -> None:
    told_apart = [*_told_apart(connection, views)]
    of_files: dict[int, list[PageView]] = defaultdict(list)
    for each in told_apart:
        of_files[ids[each.name, each.part]].append(each.view)
    writer.write_views([Views.of(of_file) for of_file in of_files.values()], of_files)
    copied.note(connection, told_apart)


def _told_apart(connection: sqlite3.Connection, views: Iterable[StoredView]) -> Iterator[StoredView]:
    """The views; if two cannot be told apart by their known facts, one gets its record id as its key."""
    seen: set[tuple[int, str]] = set()
    for each in views:
        if record_id(each.view) != each.record:
            where = each.view.time, each.view.request_id
            if where in seen or connection.execute(IS_TAKEN, where).fetchone():
                yield each._replace(view=each.view._replace(key=each.record))
                continue
            seen.add(where)
        yield each
