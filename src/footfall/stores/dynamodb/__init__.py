"""
Counts in one DynamoDB table, exactly once.

    requests   sends requests, again where that may help; adds up what they consumed
    threads    sends requests side by side
    errors     what AWS says, and what a person can do about it
    keys       where each kind of item is, and how it is written
    query      reads a partition, page after page
    batches    reads and writes many items at once
    index      what is beside the sites: settings, months, the last commit
    ledger     which files are counted, under which rules, and what each added
    notes      what is noted before files are counted
    views      writes views once each: the first file that brings one owns it
    imported   the items of an imported table that are the same views as records of the logs
    commits    counts files, one commit after the other
    write      records digests with all of that
    read       answers reports
    tokens     who may ask over HTTP
    backfills  how far the functions are with what was handed over to them
    table      makes the table, and says how it is
    pricing    what recording would cost, and what requests did
    cost       AWS's prices

docs/reference/data-model.md describes the whole of it.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl

from ...errors import ConfigError, StoreError
from ...items import ItemMap
from ...records import Account, Count, Digest, Keep, Part, Tally, Value
from ..base import Store
from .backfills import DynamoDBBackfills
from .index import Index
from .keys import COUNTS, EXPIRES_AT, RECORD, SOURCE_FILE, TWIN
from .pricing import DynamoDBPricing
from .read import Reader
from .requests import Requests
from .table import DynamoDBTable
from .threads import Threads
from .tokens import DynamoDBTokens
from .write import Writer

OPTIONS = ("region", "endpoint")


class DynamoDBStore(Store):
    """A store in a table, `TABLE[?region=&endpoint=]`; nothing is sent before the first use."""

    pricing: DynamoDBPricing
    table: DynamoDBTable
    backfills: DynamoDBBackfills

    def __init__(self, place: str, item: ItemMap, keep: Keep):
        if own := {SOURCE_FILE, RECORD, EXPIRES_AT, TWIN, COUNTS} & item.attributes.keys():
            raise ConfigError(f"[item] {min(own)}: footfall keeps an attribute of this name itself; choose another")
        self.requests = _requests(place, (item.partition_key, item.sort_key))
        self._workers = Threads()
        self._index = Index(self.requests)
        self._reader = Reader(self.requests, self._workers, self._index, item, keep)
        self._writer = Writer(self.requests, self._workers, self._index, item, keep)
        self.tokens = DynamoDBTokens(self.requests)
        self.pricing = DynamoDBPricing(self.requests, item, keep)
        self.table = DynamoDBTable(self.requests)
        self.backfills = DynamoDBBackfills(self.requests)

    def prepare(self, time_zone: str) -> None:
        """See Store; the table has to be there. What another importer has left is finished."""
        self._index.forget()
        self._writer.settle()
        if self._index.time_zone() is None:
            self._writer.note_time_zone(time_zone)
            self._index.forget()
        kept = self._index.time_zone()
        if kept != time_zone:
            raise StoreError(
                f"{self.requests.url} counts days in {kept}, not in {time_zone}: "
                f"set time_zone = {kept!r}, or name another --store and import the logs again"
            )

    def record(self, digests: Sequence[Digest]) -> list[Account | None]:
        """See Store."""
        return self._writer.record(digests)

    def counts(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None
    ) -> Iterator[Count]:
        """See Store."""
        return self._reader.counts(site, dimension, start, end, prefix, value)

    def views(self, site: str, page: str, start: int, end: int, limit: int | None = None) -> Iterator[dict[str, Value]]:
        """See Store."""
        return self._reader.views(site, page, start, end, limit)

    def times(self, site: str, page: str, start: int, end: int) -> Iterator[int]:
        """See Store."""
        return self._reader.times(site, page, start, end)

    def files(self) -> Iterator[Part]:
        """See Store."""
        return self._reader.files()

    def known(self, name: str) -> list[Part]:
        """See Store."""
        return self._reader.known(name)

    def added(self, name: str, part: int) -> Tally | None:
        """See Store."""
        return self._reader.added(name, part)

    def latest(self) -> int | None:
        """See Store."""
        latest = self._index.settings().get("LatestRequest", {}).get("N")
        return int(latest) if latest else None

    def sites(self) -> list[str]:
        """See Store."""
        return self._index.sites()

    def period(self, site: str) -> tuple[str, str] | None:
        """See Store."""
        return self._reader.period(site)

    def time_zone(self) -> str | None:
        """See Store."""
        return self._index.time_zone()

    def close(self) -> None:
        """See Store."""
        self._workers.shutdown()


def _requests(place: str, keys: tuple[str, str]) -> Requests:
    """What sends requests to the table of a URL; raises ConfigError where that names none, or an unknown option."""
    table, _, options = place.partition("?")
    given = dict(parse_qsl(options, keep_blank_values=True))
    if unknown := sorted(given.keys() - set(OPTIONS)):
        raise ConfigError(f"dynamodb:{place}: no option {unknown[0]!r}; there are: {', '.join(OPTIONS)}")
    if not table:
        raise ConfigError(f"dynamodb:{place}: write it as dynamodb:TABLE?region=eu-west-1")
    return Requests(table, given.get("region"), given.get("endpoint"), keys)
