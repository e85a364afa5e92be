"""
Forgets a reader's address: sets identifying fields to NULL, and deletes texts that no other view has.

Their bytes are overwritten, in the file and in the write-ahead log, like those of visitors; see `visitors`.
"""

import sqlite3
from collections.abc import Iterable
from time import time_ns

from ...pageviews.addresses import ADDRESSES, OF_THE_READER, Asked
from .connect import Database
from .schema import OF_TEXTS, field_columns, quoted
from .visitors import forgetting, note_forgotten

NOTE = "forgotten"  # in `settings`: the time, so that an unfinished copy of the earlier contents is not continued


def count(database: Database, asked: Asked) -> int:
    """The number of views with such an address."""
    with database.errors():
        connection = database.connection
        where = _has_address(connection, asked)
        found: int = connection.execute(f"SELECT count(*) FROM views WHERE {where}").fetchone()[0]
        return found


def forget(connection: sqlite3.Connection, asked: Asked) -> int:
    """Remove what identifies the reader from these views, and return their number; the connection must be writable."""
    where = _has_address(connection, asked)
    columns = field_columns(connection)
    gone = [name for name in columns if name in ADDRESSES | OF_THE_READER]
    with forgetting(connection):
        texts = {
            row[0]
            for name in gone
            if columns[name]
            for row in connection.execute(f"SELECT DISTINCT {quoted(name)} FROM views WHERE {where}")
        }
        nothing = ", ".join(f"{quoted(name)} = NULL" for name in gone)
        changed = connection.execute(f"UPDATE views SET {nothing} WHERE {where}").rowcount if gone else 0
        if changed:
            _delete_unused(connection, texts, [*OF_TEXTS, *(name for name, refers in columns.items() if refers)])
            connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [NOTE, str(time_ns())])
            note_forgotten(connection)
    return changed


def _has_address(connection: sqlite3.Connection, asked: Asked) -> str:
    """An SQL condition for views with such an address; each text is checked once."""
    connection.create_function("is_theirs", 1, lambda text: asked.is_in(str(text)), deterministic=True)
    columns = field_columns(connection)
    conditions = [
        f"{quoted(name)} IN (SELECT id FROM texts WHERE is_theirs(text))"
        if columns[name]
        else f"{quoted(name)} IS NOT NULL AND is_theirs({quoted(name)})"
        for name in columns
        if name in ADDRESSES
    ]
    return f"({' OR '.join(conditions) or '0'})"


def _delete_unused(connection: sqlite3.Connection, texts: Iterable[int | None], columns: Iterable[str]) -> None:
    """Delete those texts that are no longer referred to by any view in any column, nor by `items` or `copied`."""
    connection.execute("CREATE TEMP TABLE unused (id INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO unused VALUES (?)", [(text,) for text in texts if text is not None])
    used = [("views", column) for column in columns]
    used += [("items", column) for column in ("site", "page", "operation", "key")]
    used += [("copied", column) for column in ("operation", "key")]
    for table, column in used:
        of_column = f"SELECT {quoted(column)} FROM {table} WHERE {quoted(column)} IN (SELECT id FROM unused)"
        connection.execute(f"DELETE FROM unused WHERE id IN ({of_column})")
    connection.execute("DELETE FROM texts WHERE id IN (SELECT id FROM unused)")
    connection.execute("DROP TABLE unused")
