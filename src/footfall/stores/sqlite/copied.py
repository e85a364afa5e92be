"""
Views copied from a table, whose records' operation and key are unknown.

The table `copied` has each one's record id, so that the same record in another file is a duplicate, as in the table.
"""

import sqlite3
from collections.abc import Iterable

from ...records import PageView
from ..contents import StoredView, record_id

_TEXT = "(SELECT id FROM texts WHERE text = ?)"
_NOTE = f"INSERT OR REPLACE INTO copied VALUES (?, ?, ?, {_TEXT}, {_TEXT})"
_HOLDER = "SELECT file FROM copied JOIN views USING (time, request_id, operation, key) WHERE record = ?"
# For deleted views: a record id alone identifies nobody.
DELETE_OLD = (
    "DELETE FROM copied WHERE time < ? AND NOT EXISTS (SELECT 1 FROM views WHERE (time, request_id, operation, key) = "
    "(copied.time, copied.request_id, copied.operation, copied.key))"
)


def is_any(connection: sqlite3.Connection) -> bool:
    """Whether there are such views; few databases have any."""
    return connection.execute("SELECT 1 FROM copied LIMIT 1").fetchone() is not None


def holder(connection: sqlite3.Connection, view: PageView) -> int | None:
    """The id of the file that brought the same record, if that was copied."""
    row = connection.execute(_HOLDER, [record_id(view)]).fetchone()
    return None if row is None else row[0]


def note(connection: sqlite3.Connection, views: Iterable[StoredView]) -> None:
    """Note the record ids of these views, which are already written; views that contain theirs need no note."""
    rows = [
        (each.record, each.view.time, each.view.request_id, each.view.operation, each.view.key)
        for each in views
        if record_id(each.view) != each.record
    ]
    connection.executemany(_NOTE, rows)
