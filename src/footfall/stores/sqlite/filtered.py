"""
Counts the stored views that match a filter.

The dashboard asks for a dozen dimensions of the same views. So the chosen views are searched for once, in chronological order,
and copied into a temporary table that only this connection sees; further questions are answered from it.
"""

import json
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from time import time as now
from typing import Any

from ...dimensions import DIMENSIONS, FILTER_FIELDS
from ..shapes import Count, Keep
from .connect import Database
from .read import IN_LIST, counts_of, sums_from
from .schema import field_columns, quoted

# Views written by an earlier footfall have no day, nor any values of dimensions.
OF_PERIOD = "site = (SELECT id FROM texts WHERE text = ?) AND time BETWEEN ? AND ? AND day IS NOT NULL"
OF_TEXTS = f"(SELECT id FROM texts WHERE text IN {IN_LIST})"
COLUMNS = ", ".join(map(quoted, ("page", *FILTER_FIELDS)))
MOST_CHOSEN = 4  # tables at a time: the dashboard alternates between a period and the previous one; enough for two filters
MOST_NUMBERS = 100


class FilteredViews:
    """See KeptViews."""

    def __init__(self, database: Database, keep: Keep):
        self._database, self._keep = database, keep
        self._as_of: Any = None
        self._tables: OrderedDict[Any, str] = OrderedDict()
        self._numbers: dict[Any, int] = {}

    def sums(self, site: str, dimension: str, start: int, end: int, chosen: Mapping[str, Collection[str]]) -> dict[str, int]:
        """See KeptViews."""
        if (table := self._chosen(site, start, end, chosen)) is None:
            return {}
        column = quoted(DIMENSIONS[dimension].field)
        grouped = f"SELECT {column} AS value, count(*) AS views FROM {table} WHERE {column} IS NOT NULL GROUP BY 1"
        return sums_from(self._database, f"SELECT (SELECT text FROM texts WHERE id = value), views FROM ({grouped})", [])

    def counts(self, site: str, dimension: str, start: int, end: int, chosen: Mapping[str, Collection[str]]) -> Iterator[Count]:
        """See KeptViews."""
        if (table := self._chosen(site, start, end, chosen)) is None:
            return iter(())
        column = quoted(DIMENSIONS[dimension].field)
        grouped = f"SELECT {column} AS value, day, count(*) AS views FROM {table} WHERE {column} IS NOT NULL GROUP BY 1, 2"
        texts = "(SELECT text FROM texts WHERE id = value), (SELECT text FROM texts WHERE id = day)"
        return counts_of(self._database, [*self._database.read(f"SELECT {texts}, views FROM ({grouped})")])

    def number(self, site: str, start: int, end: int) -> int:
        """See KeptViews."""
        if not self._are_kept():
            return 0
        asked = (site, self._oldest(start), end)
        if asked not in self._numbers:
            if len(self._numbers) >= MOST_NUMBERS:
                self._numbers.clear()
            ((self._numbers[asked],),) = self._database.read(f"SELECT count(*) FROM views WHERE {OF_PERIOD}", asked)
        return self._numbers[asked]

    def _chosen(self, site: str, start: int, end: int, chosen: Mapping[str, Collection[str]]) -> str | None:
        """The temporary table of the chosen views, created if necessary; None if no views are kept with their dimensions."""
        if not self._are_kept():
            return None
        wanted = {quoted(DIMENSIONS[name].field): json.dumps(sorted(values)) for name, values in sorted(chosen.items())}
        asked = (site, self._oldest(start), end, *wanted.items())
        if asked not in self._tables:
            table = f"chosen_{len(self._tables)}"
            if len(self._tables) >= MOST_CHOSEN:
                _, table = self._tables.popitem(last=False)
            where = " AND ".join([OF_PERIOD, *(f"{each} IN {OF_TEXTS}" for each in wanted)])
            with self._database.errors():
                connection = self._database.connection
                connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
                made = f"CREATE TEMP TABLE {table} AS SELECT {COLUMNS} FROM views WHERE {where}"
                connection.execute(made, [*asked[:3], *wanted.values()])
                self._as_of = self._version()  # creating the table does not count as a change
            self._tables[asked] = table
        self._tables.move_to_end(asked)
        return f"temp.{self._tables[asked]}"

    def _are_kept(self) -> bool:
        """Whether the database has the columns, which it gets once this version writes to it. Clears old caches."""
        with self._database.errors():
            connection = self._database.connection
            if (as_of := self._version()) != self._as_of:
                self._as_of = as_of
                self._numbers.clear()
                self._tables.clear()
            return set(FILTER_FIELDS) <= field_columns(connection).keys()

    def _version(self) -> Any:
        """A value that differs after each change, by this connection or any other."""
        connection = self._database.connection
        return connection, connection.execute("PRAGMA data_version").fetchone(), connection.total_changes

    def _oldest(self, start: int) -> int:
        return max(start, self._keep.oldest(now()))
