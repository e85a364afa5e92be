"""Access tokens, in SQLite."""

from ..shapes import Token
from .connect import Database
from .schema import WITH_TOKENS


class SQLiteTokens:
    """See Tokens."""

    def __init__(self, database: Database):
        self._database = database

    def all(self) -> list[Token]:
        """See Tokens. A database last written before tokens existed has none."""
        if not self._database.has(WITH_TOKENS):
            return []
        rows = list(self._database.read("SELECT name, sha256, created_at FROM tokens ORDER BY name"))
        if not all(list(map(type, row)) == [str, str, int] for row in rows):
            raise self._database.damaged()
        return [Token(*row) for row in rows]

    def add(self, token: Token) -> bool:
        """See Tokens."""
        with self._database.errors():
            insert = "INSERT OR IGNORE INTO tokens VALUES (?, ?, ?)"
            return self._database.connection.execute(insert, token).rowcount == 1

    def revoke(self, name: str) -> bool:
        """See Tokens."""
        with self._database.errors():
            return self._database.connection.execute("DELETE FROM tokens WHERE name = ?", [name]).rowcount == 1
