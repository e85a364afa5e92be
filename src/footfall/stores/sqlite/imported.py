"""
Items of an imported table in SQLite: each is a row of `items`, with the log record of the same view, if there is one.

A record replaces its item in `views`, since it has more facts; counts stay as they are. Rows of `items` stay when views expire,
so that an item that is imported again is recognized.
"""

import sqlite3

from ...items import ItemMap
from ...records import PageView, Views
from ..imported import best, facts_of, is_item, is_item_id

_ID = "(SELECT id FROM texts WHERE text = ?)"
_OF_PAGE = f"site = {_ID} AND page = {_ID}"
_FACTS = "(SELECT text FROM texts WHERE id = views.user_agent), views.remote_ip"


def unknown(connection: sqlite3.Connection, views: Views) -> Views:
    """The views, without items that were imported before."""
    if not are_items(views):
        return views
    known = "SELECT 1 FROM items WHERE time = ? AND id = ?"
    return views.where(not connection.execute(known, [view.time, view.request_id]).fetchone() for view in views)


def unmatched(connection: sqlite3.Connection, item: ItemMap, of_digests: list[Views]) -> list[Views]:
    """The newly written views that should be counted: those not already counted as an item or a record."""
    first, last = connection.execute("SELECT min(time), max(time) FROM items").fetchone()
    if first is None and not any(map(are_items, of_digests)):
        return of_digests

    def is_matched(view: PageView) -> bool:
        if is_item(view):
            return _match_item(connection, item, view)
        return first is not None and first <= view.time <= last and _match_record(connection, item, view)

    return [views.where(not is_matched(view) for view in views) for views in of_digests]


def are_items(views: Views) -> bool:
    """Whether a digest's views are items: a table's digests have nothing else, so the first view is enough."""
    return len(views) > 0 and is_item_id(views.columns["request_id"][views.start])


def _match_item(connection: sqlite3.Connection, item: ItemMap, view: PageView) -> bool:
    """Enter an item; returns whether a log record is the same view."""
    found = connection.execute(
        f"SELECT request_id, operation, key, {_FACTS} FROM views WHERE time = ? AND {_OF_PAGE} "
        "AND request_id NOT IN (SELECT id FROM items WHERE items.time = views.time) AND NOT EXISTS (SELECT 1 FROM items "
        "WHERE (time, request_id, operation, key) = (views.time, views.request_id, views.operation, views.key)) "
        "AND request_id != ?",
        [view.time, view.site, view.page, view.request_id],
    )
    records = {tuple(row[:3]): row[3:] for row in found}
    record = best(facts_of(item, view), records)
    connection.execute(
        f"INSERT INTO items VALUES (?, ?, {_ID}, {_ID}, ?, ?, ?)",
        [view.time, view.request_id, view.site, view.page, *(record or (None, None, None))],
    )
    if record:
        _delete(connection, view.time, view.request_id)
    return record is not None


def _match_record(connection: sqlite3.Connection, item: ItemMap, view: PageView) -> bool:
    """Whether an item without a record is the same view; if so, this becomes its record."""
    found = connection.execute(
        f"SELECT items.id, {_FACTS} FROM items LEFT JOIN views ON views.time = items.time AND views.request_id = items.id "
        f"WHERE items.time = ? AND items.request_id IS NULL AND items.site = {_ID} AND items.page = {_ID}",
        [view.time, view.site, view.page],
    )
    its_item = best(facts_of(item, view), {row[0]: row[1:] for row in found})
    if its_item is None:
        return False
    connection.execute(
        f"UPDATE items SET request_id = ?, operation = {_ID}, key = {_ID} WHERE time = ? AND id = ?",
        [view.request_id, view.operation, view.key, view.time, its_item],
    )
    _delete(connection, view.time, its_item)
    return True


def _delete(connection: sqlite3.Connection, time: int, item_id: str) -> None:
    connection.execute("DELETE FROM views WHERE time = ? AND request_id = ?", [time, item_id])
