"""
Visitors in a database: a row for each site and day, with the key and the hashes until the day is closed.

When SQLite deletes something, its bytes stay in the file and in the write-ahead log. So it is set to overwrite them with zeros
(`secure_delete`), and the log is emptied after days are closed; or, if someone is reading just then, when days are next closed.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import time as now

from ..contents import VisitorsOfDay
from ..shapes import DayVisitors
from ..visitors import OpenDay, SiteDay, Visitors, is_over, new_key
from .connect import LOCK_SECONDS, Database
from .schema import WITH_SIGNS, WITH_VISITORS

SETTING = "forgets"  # in `settings` while the write-ahead log may contain what was forgotten
_FORGETS = "SELECT 1 FROM settings WHERE name = ?"
_OF_DAY = "site = ? AND day = ?"
_NUMBERS = ("visitors", "loaded", "from_search", "from_search_loaded")
_CHANGED = (*_NUMBERS, "hashes", "signs", "changed_at")
_WRITE = (
    f"INSERT INTO visitors (site, day, key, {', '.join(_CHANGED)}) VALUES (?, ?, ?, {', '.join('?' * len(_CHANGED))}) "
    f"ON CONFLICT DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _CHANGED)}"
)


def add(connection: sqlite3.Connection, visitors: Visitors) -> set[SiteDay]:
    """Add visitors to their days; within the caller's transaction. Returns the days that are already closed."""
    closed = set()
    for where, came in visitors.items():
        row = connection.execute(f"SELECT key, hashes, signs FROM visitors WHERE {_OF_DAY}", where).fetchone()
        if row and row[0] is None:
            closed.add(where)
            continue
        key, *kept = row or (new_key(),)
        before = OpenDay(*(each for each in kept if each is not None))
        after = before.joined_by(came, key)
        if row is None or after != before:
            write(connection, VisitorsOfDay(*where, after.numbers(), after, key, int(now())))
    return closed


def write(connection: sqlite3.Connection, day: VisitorsOfDay) -> None:
    """Write a day's row."""
    hashes, signs = day.kept or (None, None)
    connection.execute(_WRITE, (day.site, day.day, day.key, *day.numbers, hashes, signs or None, day.changed_at))


def all_days(database: Database) -> Iterator[VisitorsOfDay]:
    """The rows of all days."""
    names = ", ".join(_NUMBERS)
    for site, day, key, hashes, signs, changed_at, *numbers in database.read(
        f"SELECT site, day, key, hashes, signs, changed_at, {names} FROM visitors"
    ):
        kept = None if hashes is None else OpenDay(hashes, signs or b"")
        yield VisitorsOfDay(site, day, _numbers(*numbers), kept, key, changed_at)


def _numbers(visitors: int, loaded: int | None, *from_search: int) -> DayVisitors:
    return DayVisitors(visitors) if loaded is None else DayVisitors(visitors, loaded, *from_search)


def is_any_over(database: Database, at: float) -> bool:
    """Whether there are days to close, or the write-ahead log has to be emptied."""
    if not database.has(WITH_VISITORS):
        return False
    return any(database.read(_FORGETS, [SETTING])) or any(_over(database.connection, at))


def close_days(connection: sqlite3.Connection, at: float) -> int:
    """See Store; the connection must be writable."""
    with forgetting(connection):
        over = list(_over(connection, at))
        forget = f"UPDATE visitors SET key = NULL, hashes = NULL, signs = NULL, changed_at = NULL WHERE {_OF_DAY}"
        connection.executemany(forget, over)
        if over:
            note_forgotten(connection)
    return len(over)


def _over(connection: sqlite3.Connection, at: float) -> Iterator[SiteDay]:
    found = connection.execute("SELECT site, day, changed_at FROM visitors WHERE hashes IS NOT NULL").fetchall()
    return (SiteDay(site, day) for site, day, changed_at in found if is_over(day, changed_at, at))


@contextmanager
def forgetting(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit everything written in the block, or nothing; then clear the write-ahead log, see note_forgotten."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    _empty_log(connection)


def note_forgotten(connection: sqlite3.Connection) -> None:
    """Note that the write-ahead log will contain what was forgotten; within the caller's transaction."""
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, '')", [SETTING])


def _empty_log(connection: sqlite3.Connection) -> None:
    """Empty the write-ahead log if it may contain what was forgotten, and nobody is reading."""
    if connection.execute(_FORGETS, [SETTING]).fetchone():
        connection.execute("PRAGMA busy_timeout = 0")  # no need to wait: days are closed again soon enough
        (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(f"PRAGMA busy_timeout = {LOCK_SECONDS * 1000:.0f}")
        if not is_busy:
            connection.execute("DELETE FROM settings WHERE name = ?", [SETTING])


def visitors(database: Database, site: str, start: str, end: str) -> Iterator[tuple[str, DayVisitors]]:
    """See Store. A database last written before visitors were counted has none."""
    if database.has(WITH_VISITORS):
        names = ", ".join(_NUMBERS) if database.has(WITH_SIGNS) else "visitors, NULL, NULL, NULL"
        asked = f"SELECT day, {names} FROM visitors WHERE site = ? AND day BETWEEN ? AND ? ORDER BY day"
        for day, number, loaded, *from_search in database.read(asked, [site, start, end]):
            if type(day) is not str or not all(
                type(each) is int for each in (number, *([loaded, *from_search] if loaded is not None else []))
            ):
                raise database.damaged()
            yield day, _numbers(number, loaded, *from_search)
