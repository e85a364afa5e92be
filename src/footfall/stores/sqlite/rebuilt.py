"""
The recounted visitors of days in a database: one transaction replaces them, unless files of these days came meanwhile.

A file's visitors and its row of the ledger are also written in one transaction. So a day's visitors are either from files that
were there before, which are read, or from a file whose row is newer; then the day is refused.
"""

import sqlite3
from collections.abc import Collection
from time import time as now
from zoneinfo import ZoneInfo

from ...records import DAY
from ..contents import VisitorsOfDay
from ..rebuilt import RebuiltDays, days_between
from ..visitors import SiteDay, utc_day
from .connect import Database
from .visitors import forgetting, note_forgotten, write

LAST_FILE = "SELECT coalesce(max(id), 0) FROM files"
TIMES_SINCE = "SELECT first_time, last_time FROM files WHERE id > ? AND first_time IS NOT NULL"
HAS_ITEMS = "SELECT 1 FROM items WHERE time BETWEEN ? AND ? LIMIT 1"
LATE = "SELECT id, first_time, last_time FROM files WHERE late_visitors > 0"
NO_MORE_LATE = "UPDATE files SET late_visitors = NULL WHERE id = ?"
OF_DAYS = "SELECT site, day, key, changed_at FROM visitors"
DELETE = "DELETE FROM visitors WHERE site = ? AND day = ?"


class SQLiteRebuiltDays(RebuiltDays):
    """See RebuiltDays; the connection must be writable."""

    def __init__(self, connection: sqlite3.Connection, database: Database, sites: Collection[str], zone: ZoneInfo):
        super().__init__(sites)
        self._connection, self._database, self._zone = connection, database, zone
        (self._last_file,) = connection.execute(LAST_FILE).fetchone()

    def fixed(self, days: Collection[str]) -> set[str]:
        """See RebuiltDays: days with items of an imported table, in any time zone, because their files cannot be recounted."""
        begins = {day: utc_day(day) for day in days}
        with self._database.errors():
            return {
                day
                for day, begin in begins.items()
                if self._connection.execute(HAS_ITEMS, [begin - DAY, begin + 2 * DAY]).fetchone()
            }

    def replace(self, days: Collection[str]) -> set[str]:
        """See RebuiltDays."""
        with self._database.errors(), forgetting(self._connection):
            since = self._connection.execute(TIMES_SINCE, [self._last_file]).fetchall()
            refused = {day for first, last in since for day in days_between(first, last, self._zone)} & {*days}
            self._replace({*days} - refused)
            note_forgotten(self._connection)  # the replaced keys and hashes
        return refused

    def _replace(self, days: Collection[str]) -> None:
        rows = self._connection.execute(OF_DAYS).fetchall()
        were = {SiteDay(site, day): (key, changed_at) for site, day, key, changed_at in rows if day in days}
        self._connection.executemany(DELETE, were)
        for where, (key, kept) in self._of_day.items():
            if where.day not in days:
                continue
            had_key, changed_at = were.get(where, (key, int(now())))
            is_open = had_key is not None
            of_open = (kept, key, changed_at) if is_open else (None, None, None)
            write(self._connection, VisitorsOfDay(*where, kept.numbers(), *of_open))
        for file_id, first, last in self._connection.execute(LATE).fetchall():
            if {*days_between(first, last, self._zone)} <= {*days}:
                self._connection.execute(NO_MORE_LATE, [file_id])
