"""
Visitors in a database: a row for each site and day, with the key and the hashes until the day is closed.

Of what is deleted, SQLite leaves the bytes where they were, in the file and in the write-ahead log. So it is told to write
zeros over them (`secure_delete`), and the log is emptied when days were closed; where somebody is reading just then, by
whoever closes days next.
"""

import sqlite3
from collections.abc import Iterator
from time import time as now

from ..hyperloglog import NOTHING, count, merged
from ..visitors import SiteDay, Visitors, hashed, is_over, new_key
from .connect import LOCK_SECONDS, Database
from .schema import WITH_VISITORS

SETTING = "forgets"  # in `settings` while the write-ahead log may have what was forgotten
_FORGETS = "SELECT 1 FROM settings WHERE name = ?"
_OF_DAY = "site = ? AND day = ?"
_WRITE = (
    "INSERT INTO visitors VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
    "(visitors, hashes, changed_at) = (excluded.visitors, excluded.hashes, excluded.changed_at)"
)


def add(connection: sqlite3.Connection, visitors: Visitors) -> set[SiteDay]:
    """Add visitors to their days; within the caller's transaction. Returns the days that are closed, which they missed."""
    closed = set()
    for where, identities in visitors.items():
        row = connection.execute(f"SELECT key, hashes FROM visitors WHERE {_OF_DAY}", where).fetchone()
        if row == (None, None):
            closed.add(where)
            continue
        key, before = row or (new_key(), b"")
        after = merged(before or NOTHING, hashed(identities, key))
        if after != before:
            connection.execute(_WRITE, (*where, count(after), key, after, int(now())))
    return closed


def is_any_over(database: Database, at: float) -> bool:
    """Whether there are days to close, or the write-ahead log is to be emptied."""
    if not database.has(WITH_VISITORS):
        return False
    return any(database.read(_FORGETS, [SETTING])) or any(_over(database.connection, at))


def close_days(connection: sqlite3.Connection, at: float) -> int:
    """See Store; of a connection that may write."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        over = list(_over(connection, at))
        forget = f"UPDATE visitors SET key = NULL, hashes = NULL, changed_at = NULL WHERE {_OF_DAY}"
        connection.executemany(forget, over)
        if over:
            note_forgotten(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    empty_log(connection)
    return len(over)


def _over(connection: sqlite3.Connection, at: float) -> Iterator[SiteDay]:
    found = connection.execute("SELECT site, day, changed_at FROM visitors WHERE hashes IS NOT NULL").fetchall()
    return (SiteDay(site, day) for site, day, changed_at in found if is_over(day, changed_at, at))


def note_forgotten(connection: sqlite3.Connection) -> None:
    """Note that the write-ahead log will have what was forgotten; within the caller's transaction."""
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, '')", [SETTING])


def empty_log(connection: sqlite3.Connection) -> None:
    """Empty the write-ahead log, unless it has nothing that was forgotten; not while others read."""
    if connection.execute(_FORGETS, [SETTING]).fetchone():
        connection.execute("PRAGMA busy_timeout = 0")  # nobody is waited for: the next one to close days comes soon enough
        (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(f"PRAGMA busy_timeout = {LOCK_SECONDS * 1000:.0f}")
        if not is_busy:
            connection.execute("DELETE FROM settings WHERE name = ?", [SETTING])


def visitors(database: Database, site: str, start: str, end: str) -> Iterator[tuple[str, int]]:
    """See Store. A database that was not written to since visitors are counted has none."""
    if database.has(WITH_VISITORS):
        asked = "SELECT day, visitors FROM visitors WHERE site = ? AND day BETWEEN ? AND ? ORDER BY day"
        for day, number in database.read(asked, [site, start, end]):
            if type(day) is not str or type(number) is not int:
                raise database.damaged()
            yield day, number
