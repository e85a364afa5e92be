"""Notices sent to the owner, in SQLite."""

from ..capabilities import Claimed
from .connect import Database
from .schema import WITH_NOTICES


class SQLiteNotices:
    """See Notices."""

    def __init__(self, database: Database):
        self._database = database

    def claim(self, key: str, by: str, at: int, lapsed: int) -> Claimed:
        """See Notices."""
        with self._database.errors():
            claim = self._database.connection.execute(
                "INSERT INTO notices VALUES (?, ?, ?, NULL) ON CONFLICT (key) DO UPDATE"
                " SET claimed_by = excluded.claimed_by, claimed_at = excluded.claimed_at"
                " WHERE delivered_at IS NULL AND claimed_at <= ?",
                (key, by, at, lapsed),
            )
            if claim.rowcount == 1:
                return "ours"
            sql = "SELECT delivered_at IS NULL FROM notices WHERE key = ?"
            return "held" if self._database.connection.execute(sql, [key]).fetchone()[0] else "delivered"

    def release(self, key: str, by: str) -> None:
        """See Notices."""
        self._set("claimed_at", 0, key, by)

    def confirm(self, key: str, by: str, at: int) -> None:
        """See Notices."""
        self._set("delivered_at", at, key, by)

    def delivered(self) -> list[tuple[str, int]]:
        """See Notices."""
        if not self._database.has(WITH_NOTICES):
            return []
        sql = "SELECT key, delivered_at FROM notices WHERE delivered_at IS NOT NULL ORDER BY key"
        return [(key, at) for key, at in self._database.read(sql)]

    def _set(self, column: str, at: int, key: str, by: str) -> None:
        with self._database.errors():
            sql = f"UPDATE notices SET {column} = ? WHERE key = ? AND claimed_by = ? AND delivered_at IS NULL"
            self._database.connection.execute(sql, (at, key, by))
