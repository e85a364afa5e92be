"""
Counts in one SQLite file, exactly once.

    connect   opens the file, checks its version, translates SQLite's errors
    schema    the tables, and migrations from earlier versions
    write     a digest's views, tally and ledger entry, in one transaction
    visitors  the visitors of a day, until it is closed
    recount   recounts files under new rules
    rebuilt   recounts the visitors of days
    kept      which values of open dimensions are kept by name
    read      queries of reports
    filtered  queries on filtered views
    tokens    access tokens
    annotations  what happened on days of a site
    contents  exports and imports the whole database
    copied    views that were copied from a table
    notices   what was sent to the owner
    imported  the items of an imported table that are the same views as records of the logs
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from zoneinfo import ZoneInfo

from ...errors import StoreError
from ...items import ItemMap
from ...records import Account, Digest, Part, Tally, Value
from ...tallies import OWN_WORDS
from ..base import Store
from ..shapes import KEEP_ALL, Count, DayVisitors, Keep, Recounted, Stays, Top
from . import read, visitors
from .annotations import SQLiteAnnotations
from .connect import Database
from .contents import SQLiteContents
from .filtered import FilteredViews
from .kept import put_together
from .notices import SQLiteNotices
from .rebuilt import SQLiteRebuiltDays
from .recount import foresee, recount
from .schema import add_fields, upgrade
from .tokens import SQLiteTokens
from .write import Writer


class SQLiteStore(Store):
    """A store in the SQLite file at `place`; nothing is opened until it is used."""

    rebuilds_days = True

    def __init__(self, place: str, item: ItemMap, keep: Keep = KEEP_ALL):
        self._database, self._item, self._keep = Database(place), item, keep
        self._writer: Writer | None = None
        self.tokens = SQLiteTokens(self._database)
        self.annotations = SQLiteAnnotations(self._database)
        self.contents = SQLiteContents(self, self._database, item)
        self.notices = SQLiteNotices(self._database)
        self.kept_views = FilteredViews(self._database, keep)

    def prepare(self, time_zone: str) -> None:
        """See Store; creates the file if there is none, and upgrades one from an earlier footfall in place."""
        with self._database.errors():
            connection = self._database.open_to_write()
            connection.execute("BEGIN IMMEDIATE")
            version = self._database.version()
            upgrade(connection, version)
            put_together(connection)
            if not version:
                connection.execute("INSERT INTO settings VALUES ('time_zone', ?)", [time_zone])
            add_fields(connection, self._item.facts)
            connection.execute("COMMIT")
        kept = self.time_zone()
        if kept != time_zone:
            raise StoreError(
                f"{self._database.path} counts days in {kept}, not in {time_zone}: "
                f"set time_zone = {kept!r}, or import the logs again into another --store"
            )
        self._writer = Writer(connection, self._item, self._keep)

    def record(self, digests: Sequence[Digest]) -> list[Account | None]:
        """See Store."""
        writer = self._prepared()
        with self._database.errors():
            return writer.record(digests)

    def _prepared(self) -> Writer:
        if self._writer is None:
            raise StoreError(f"{self._database.path} was opened read-only; call prepare before recording")
        return self._writer

    def recount(self, digests: Sequence[Digest], *, is_dry: bool = False) -> list[Recounted | Stays | None]:
        """See Store."""
        if is_dry:
            return foresee(self._database, digests, keeps_views=self._keep.views)
        writer = self._prepared()
        with self._database.errors():
            return recount(self._database.connection, self._database, writer, digests)

    def rebuilt_days(self) -> SQLiteRebuiltDays:
        """See Store."""
        self._prepared()
        sites, zone = read.texts(self._database, read.SITES), ZoneInfo(self.time_zone() or "UTC")
        with self._database.errors():
            return SQLiteRebuiltDays(self._database.connection, self._database, {*sites} - OWN_WORDS, zone)

    def counts(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None
    ) -> Iterator[Count]:
        """See Store."""
        return read.counts(self._database, site, dimension, start, end, prefix, value)

    def sums(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None
    ) -> dict[str, int]:
        """See Store."""
        return read.sums(self._database, site, dimension, start, end, prefix, value)

    def top(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None, *,
        limit: int | None = None, after: tuple[int, str] | None = None,
    ) -> Top:  # fmt: skip
        """See Store."""
        return read.top(self._database, site, dimension, start, end, prefix, value, limit, after)

    def sums_of(
        self,
        site: str,
        dimension: str,
        start: str,
        end: str,
        values: Collection[str],
        prefix: str = "",
        value: str | None = None,
    ) -> tuple[dict[str, int], int]:
        """See Store."""
        return read.sums_of(self._database, site, dimension, start, end, values, prefix, value)

    def series(self, site: str, dimension: str, start: str, end: str, values: Collection[str]) -> Iterator[Count]:
        """See Store."""
        return read.series(self._database, site, dimension, start, end, values)

    def views(self, site: str, page: str, start: int, end: int, limit: int | None = None) -> Iterator[dict[str, Value]]:
        """See Store."""
        return read.views(self._database, self._item, self._keep, site, page, start, end, limit)

    def times(self, site: str, page: str, start: int, end: int) -> Iterator[int]:
        """See Store."""
        return read.times(self._database, self._keep, site, page, start, end)

    def files(self) -> Iterator[Part]:
        """See Store."""
        return read.parts(self._database, "ORDER BY id", [])

    def known_of(self, names: Sequence[str]) -> dict[str, list[Part]]:
        """See Store."""
        return read.known_of(self._database, names)

    def added(self, name: str, part: int) -> Tally | None:
        """See Store."""
        return read.added(self._database, name, part)

    def visitors(self, site: str, start: str, end: str) -> dict[str, DayVisitors]:
        """See Store."""
        return dict(visitors.visitors(self._database, site, start, end))

    def close_days(self, at: float) -> int:
        """See Store."""
        with self._database.errors():
            if not visitors.is_any_over(self._database, at):
                return 0
            if self._writer is not None:
                return visitors.close_days(self._database.connection, at)
            with closing(Database(str(self._database.path))) as own:
                return visitors.close_days(own.open_to_write(), at)

    def latest(self) -> int | None:
        """See Store."""
        return read.latest(self._database)

    def sites(self) -> list[str]:
        """See Store."""
        return read.texts(self._database, read.SITES)

    def sites_with_views(self) -> list[str]:
        """See Store."""
        return [site for site in self.sites() if any(self._database.read(read.HAS_VIEWS, [site]))]

    def period(self, site: str) -> tuple[str, str] | None:
        """See Store."""
        return read.period(self._database, site)

    def time_zone(self) -> str | None:
        """See Store."""
        return next(iter(read.texts(self._database, "SELECT value FROM settings WHERE name = 'time_zone'")), None)

    def close(self) -> None:
        """See Store."""
        self._database.close()
        self._writer = None
