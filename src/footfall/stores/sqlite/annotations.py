"""What happened on days of a site, in SQLite."""

from ..shapes import Annotation
from .connect import Database
from .schema import WITH_ANNOTATIONS


class SQLiteAnnotations:
    """See Annotations."""

    def __init__(self, database: Database):
        self._database = database

    def all(self) -> list[Annotation]:
        """See Annotations. A database last written before annotations existed has none."""
        if not self._database.has(WITH_ANNOTATIONS):
            return []
        rows = list(self._database.read("SELECT site, day, text FROM annotations ORDER BY day, site, text"))
        if not all(isinstance(value, str) for row in rows for value in row):
            raise self._database.damaged()
        return [Annotation(*row) for row in rows]

    def add(self, annotation: Annotation) -> bool:
        """See Annotations."""
        return self._changes("INSERT OR IGNORE INTO annotations VALUES (?, ?, ?)", annotation)

    def remove(self, annotation: Annotation) -> bool:
        """See Annotations."""
        return self._changes("DELETE FROM annotations WHERE site = ? AND day = ? AND text = ?", annotation)

    def _changes(self, sql: str, annotation: Annotation) -> bool:
        """Whether this changed a row."""
        with self._database.errors():
            return self._database.connection.execute(sql, annotation).rowcount == 1
