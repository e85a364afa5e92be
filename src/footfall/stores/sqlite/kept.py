"""
Which values of open dimensions are kept by name: those that the tally has for a site, dimension and month.

They are bounded, see tallies.bounded. Values beyond the bound in a database from an earlier footfall are merged in place, once:
SETTING records that.
"""

import sqlite3
from collections.abc import Sequence

from ...cache import Cache
from ...dimensions import DIMENSIONS
from ...tallies import MOST_KEPT, OTHER, OWN_WORDS
from ...tallies import SITES as OF_SITES
from .read import SITES

SETTING = "most_kept"  # the bound that was last applied to a database
MOST_REMEMBERED = 200_000  # values, from one transaction to the next: an archive may have any number of months

_OF_MONTH = "site = ? AND dimension = ? AND day BETWEEN ? || '-01' AND ? || '-31'"
_OWN = f"({', '.join('?' * len(OWN_WORDS))})"
_OVERFULL = f"""
SELECT site, dimension, substr(day, 1, 7) FROM tally
WHERE dimension IN ({{}}) AND value NOT IN {_OWN}
GROUP BY 1, 2, 3 HAVING count(DISTINCT value) > ?
"""
_RAREST = f"""
CREATE TEMP TABLE rarest AS SELECT value FROM (
    SELECT value, row_number() OVER (ORDER BY sum(views) DESC, value) AS place FROM tally
    WHERE {_OF_MONTH} AND value NOT IN {_OWN} GROUP BY value
) WHERE place > ?
"""
_TOGETHER = f"""
INSERT INTO tally SELECT site, dimension, day, ?, sum(views) FROM tally
WHERE {_OF_MONTH} AND value IN rarest GROUP BY day
ON CONFLICT DO UPDATE SET views = views + excluded.views
"""
_MONTH_AGAIN = f"""
INSERT INTO months SELECT site, dimension, substr(day, 1, 7), value, sum(views) FROM tally
WHERE {_OF_MONTH} GROUP BY value
"""


class KeptValues:
    """The values that the tally has by name, cached between transactions."""

    def __init__(self, connection: sqlite3.Connection):
        self._connection = connection
        self._version, self._remembered = -1, 0
        self.values = Cache(self._read)
        """See tallies.Kept."""

    def begin(self) -> bool:
        """Called when a transaction begins: forget what another connection may have changed; returns whether one has."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        is_changed: bool = version != self._version
        if is_changed or self._remembered > MOST_REMEMBERED:
            self.forget()
        self._version = version
        return is_changed

    def forget(self) -> None:
        """Forget everything, after a rollback."""
        self.values.clear()
        self._remembered = 0

    def _read(self, of: Sequence[str]) -> set[str]:
        site, dimension, month = of
        if of == OF_SITES:
            return {site for (site,) in self._connection.execute(SITES)} - OWN_WORDS
        of_month = "SELECT value FROM months WHERE site = ? AND dimension = ? AND month = ?"
        rows = self._connection.execute(of_month, [site, dimension, month])
        values = {value for (value,) in rows} - OWN_WORDS
        self._remembered += len(values)
        return values


def put_together(connection: sqlite3.Connection) -> None:
    """Count values beyond the bound as `(other)`; within the caller's transaction."""
    if connection.execute("SELECT 1 FROM settings WHERE (name, value) = (?, ?)", [SETTING, str(MOST_KEPT)]).fetchone():
        return
    are_open = [name for name, row in DIMENSIONS.items() if row.is_open]
    overfull = _OVERFULL.format(", ".join("?" * len(are_open)))
    for site, dimension, month in connection.execute(overfull, [*are_open, *OWN_WORDS, MOST_KEPT]).fetchall():
        of_month = [site, dimension, month, month]
        connection.execute(_RAREST, [*of_month, *OWN_WORDS, MOST_KEPT])
        connection.execute(_TOGETHER, [OTHER, *of_month])
        connection.execute(f"DELETE FROM tally WHERE {_OF_MONTH} AND value IN rarest", of_month)
        connection.execute("DROP TABLE rarest")
        connection.execute("DELETE FROM months WHERE site = ? AND dimension = ? AND month = ?", of_month[:3])
        connection.execute(_MONTH_AGAIN, of_month)
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [SETTING, str(MOST_KEPT)])
