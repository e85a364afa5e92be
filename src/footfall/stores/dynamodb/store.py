"""The store: combines the parts."""

from collections.abc import Iterator, Sequence

from ...aws import read_table_name
from ...errors import ConfigError
from ...items import ItemMap
from ...records import Account, Digest, Part, Tally, Value
from ..base import Store
from ..shapes import Count, DayVisitors, Keep, Recounted, Stays
from .altered import reading, reading_each
from .annotations import DynamoDBAnnotations
from .backfills import DynamoDBBackfills
from .contents import DynamoDBContents
from .index import IndexCache
from .keys import COUNTS, EXPIRES_AT, RECORD, SOURCE_FILE, TWIN
from .notices import DynamoDBNotices
from .pricing import DynamoDBPricing
from .read import Reader
from .recount import Recounter
from .requests import Requests
from .table import DynamoDBTable
from .tokens import DynamoDBTokens
from .visitors import close_days
from .workers import Workers
from .write import Writer

OPTIONS = ("region", "endpoint")


class DynamoDBStore(Store):
    """A store in a table, `TABLE[?region=&endpoint=]`; nothing is sent until it is used."""

    pricing: DynamoDBPricing
    table: DynamoDBTable
    backfills: DynamoDBBackfills

    def __init__(self, place: str, item: ItemMap, keep: Keep):
        if own := {SOURCE_FILE, RECORD, EXPIRES_AT, TWIN, COUNTS} & item.attributes.keys():
            raise ConfigError(f"[item] {min(own)}: footfall uses this attribute name itself; choose another")
        self.requests = _requests(place, item)
        self.tokens = DynamoDBTokens(self.requests)
        self.annotations = DynamoDBAnnotations(self.requests)
        self.notices = DynamoDBNotices(self.requests)
        self.pricing = DynamoDBPricing(self.requests, item, keep)
        self.table = DynamoDBTable(self.requests)
        self.backfills = DynamoDBBackfills(self.requests)
        self._workers = Workers()
        self.contents = DynamoDBContents(self, self.requests, self._workers, item, keep)
        self._index = IndexCache(self.requests)
        self._reader = Reader(self.requests, self._workers, item, keep, self._index)
        self._writer = Writer(self.requests, self._workers, item, keep, self._index)
        self._recounter = Recounter(self._writer)

    def prepare(self, time_zone: str) -> None:
        """See Store; the table must exist. Finishes what another importer has left."""
        with reading(self.requests):
            self._writer.prepare(time_zone)

    def record(self, digests: Sequence[Digest]) -> list[Account | None]:
        """See Store."""
        with reading(self.requests):
            return self._writer.record(digests)

    def recount(self, digests: Sequence[Digest], *, is_dry: bool = False) -> list[Recounted | Stays | None]:
        """See Store."""
        with reading(self.requests):
            return self._recounter.foresee(digests) if is_dry else self._recounter.recount(digests)

    def counts(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None
    ) -> Iterator[Count]:
        """See Store."""
        return reading_each(self.requests, self._reader.counts(site, dimension, start, end, prefix, value))

    def views(self, site: str, page: str, start: int, end: int, limit: int | None = None) -> Iterator[dict[str, Value]]:
        """See Store."""
        return reading_each(self.requests, self._reader.views(site, page, start, end, limit))

    def times(self, site: str, page: str, start: int, end: int) -> Iterator[int]:
        """See Store."""
        return reading_each(self.requests, self._reader.times(site, page, start, end))

    def files(self) -> Iterator[Part]:
        """See Store."""
        return reading_each(self.requests, self._reader.files())

    def known_of(self, names: Sequence[str]) -> dict[str, list[Part]]:
        """See Store."""
        with reading(self.requests):
            return self._reader.known_of(names)

    def added(self, name: str, part: int) -> Tally | None:
        """See Store."""
        with reading(self.requests):
            return self._reader.added(name, part)

    def visitors(self, site: str, start: str, end: str) -> dict[str, DayVisitors]:
        """See Store."""
        with reading(self.requests):
            return self._reader.visitors(site, start, end)

    def close_days(self, at: float) -> int:
        """See Store."""
        with reading(self.requests):
            return close_days(self.requests, self._workers, self.sites(), at)

    def latest(self) -> int | None:
        """See Store; noted in the settings."""
        with reading(self.requests):
            latest = self._index.settings().get("LatestRequest", {}).get("N")
            return int(latest) if latest else None

    def period(self, site: str) -> tuple[str, str] | None:
        """See Store."""
        with reading(self.requests):
            return self._reader.period(site)

    def sites(self) -> list[str]:
        """See Store."""
        with reading(self.requests):
            return self._reader.sites()

    def sites_with_views(self) -> list[str]:
        """See Store."""
        with reading(self.requests):
            return self._reader.sites_with_views()

    def time_zone(self) -> str | None:
        """See Store."""
        with reading(self.requests):
            zone: str | None = self._index.settings().get("TimeZone", {}).get("S")
            return zone

    def close(self) -> None:
        """See Store."""
        self._workers.close()


def _requests(place: str, item: ItemMap) -> Requests:
    table, given = read_table_name(f"dynamodb:{place}", OPTIONS)
    if not table:
        raise ConfigError(f"dynamodb:{place}: write dynamodb:TABLE?region=eu-west-1")
    return Requests(table, given.get("region"), given.get("endpoint"), (item.partition_key, item.sort_key))
