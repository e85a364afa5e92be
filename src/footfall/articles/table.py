"""
The table of the article's page view tracker, read as the log that it was made of: `dynamodb:PageTrackTable`.

Its items become lines of an S3 log (track_lines). The lines of one page and month are a log file, whose name stays the same
however the table grows; and checkpoints stand between them, log files whose names tell how far the table was read.
"""

import base64
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any, BinaryIO
from urllib.parse import parse_qsl

from ..aws import BROKEN_OFF, NEEDS_BOTO3, REACHING, SIGNING_IN, code_of, said_by
from ..errors import ConfigError, SourceError
from ..records import TABLE, LogFile, Part
from .lines import ATTRIBUTES, Item, View, hash_of, other_line, read_view

OPTIONS = ("region", "endpoint", "site", "user")
ATTEMPTS = 10  # of each request, by botocore's own backoff: reading twice does no harm
CONNECT_SECONDS = 5
ANSWER_SECONDS = 30
UNIT_BYTES = 8192  # that a read unit reads, where what was written a moment ago may be missing
# After so many items, at the end of a page's month, the store is told how far the table was read.
CHECKPOINT_ITEMS = 5000
SPOOLED_BYTES = 8 << 20  # of lines; more of them go on in a temporary file, as memory does not grow with the table
LONGEST_PLACE = 800  # bytes, as a name in the ledger has 1,024 at most

# What a code means that DynamoDB gives, and what a person can do; besides what `aws` knows of all services.
REMEDIES: dict[str, str] = {
    **SIGNING_IN,
    **REACHING,
    **dict.fromkeys(BROKEN_OFF, "no answer came, or the connection broke ({said}); run it again, it goes on where it was"),
    "ServiceUnavailable": "AWS fails just now ({said}); run it again later, it goes on where it was",
    "ProvisionedThroughputExceeded": "it is asked for more than it gives just now; run it again later, it goes on where it was",
    "ResourceNotFound": "there is no such table in {region}; `aws dynamodb list-tables` shows yours, ?region= names another",
    "AccessDenied": "access denied ({said}): the policy has to allow dynamodb:DescribeTable and dynamodb:Scan on this table",
    "NoRegionError": "no region is named: write it as {place}?region=eu-west-1, or set AWS_DEFAULT_REGION",
}


@dataclass(frozen=True)
class PageTable:
    """A table of page views, as the article makes it."""

    place: str
    """As a person wrote it."""
    table: str
    region: str | None = None
    endpoint: str | None = None
    site: str = ""
    """Whose views these are, for the items do not say."""
    user: str = ""
    """Whose pages to read, where several users share the table; "" where there is but one."""
    first: date | None = None
    last: date | None = None
    """The days of views to read, in UTC, both included."""

    @cached_property
    def client(self) -> Any:
        """boto3's client; importing boto3 alone takes a tenth of a second."""
        try:
            import boto3
            from botocore.config import Config
        except ImportError as error:
            raise SourceError(f"{self.place} {NEEDS_BOTO3}") from error
        retries: Any = {"mode": "standard", "total_max_attempts": ATTEMPTS}
        config = Config(retries=retries, read_timeout=ANSWER_SECONDS, connect_timeout=CONNECT_SECONDS)
        try:
            with self.errors():
                return boto3.client("dynamodb", region_name=self.region, endpoint_url=self.endpoint, config=config)
        except ValueError as error:  # botocore's words for an endpoint that is no URL
            raise ConfigError(f"{self.place}: {error}; write the endpoint as http://127.0.0.1:8000") from error

    @cached_property
    def described(self) -> Mapping[str, Any]:
        """What AWS tells of the table, which costs nothing. It counts items and bytes every six hours or so."""
        client = self.client
        with self.errors():
            found: Mapping[str, Any] = client.describe_table(TableName=self.table)["Table"]
        if len(found["KeySchema"]) != 2:
            raise SourceError(f"{self.place} has no sort key, which would be the time of a view; name the table of views")
        return found

    @property
    def size(self) -> int:
        """Bytes."""
        return int(self.described.get("TableSizeBytes", 0))

    @property
    def items(self) -> int:
        """How many there are."""
        return int(self.described.get("ItemCount", 0))

    @property
    def read_units(self) -> float:
        """What reading all of it consumes."""
        return max(self.size / UNIT_BYTES, 0.5)

    @cached_property
    def keys(self) -> tuple[str, str]:
        """The names of its partition key and its sort key."""
        names = {key["KeyType"]: str(key["AttributeName"]) for key in self.described["KeySchema"]}
        return names["HASH"], names["RANGE"]

    @cached_property
    def name(self) -> str:
        """What the ledger knows it by: the same of the same table, site, user and days."""
        region, account, table = self.described["TableArn"].split(":", 5)[3:]
        asked = hash_of(self.site, self.user, self.first, self.last)
        return f"{TABLE}{region}:{account}:{table.removeprefix('table/')}#{asked}"

    def scan(self, start: Item | None) -> Iterator[Item]:
        """All items after the one with the key `start`, page after page."""
        wanted = {f"#{place}": name for place, name in enumerate(dict.fromkeys((*self.keys, *ATTRIBUTES)))}
        asked: dict[str, Any] = {
            "TableName": self.table,
            "ProjectionExpression": ", ".join(wanted),
            "ExpressionAttributeNames": wanted,
        }
        while True:
            if start:
                asked["ExclusiveStartKey"] = start
            with self.errors():
                answer = self.client.scan(**asked)
            yield from answer["Items"]
            start = answer.get("LastEvaluatedKey")
            if not start:
                return

    def asks_for(self, view: View) -> bool:
        """Whether a view is of the days that are to be read."""
        return (self.first or view.day) <= view.day <= (self.last or view.day)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """boto3's exceptions, as ours."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            remedy = REMEDIES.get(code_of(error, REMEDIES), "{said}")
            region = self.region or "the region of your AWS configuration"
            told = remedy.format(said=said_by(error), region=region, place=self.place)
            raise SourceError(f"{self.place}: {told}") from error


def read_table(source: str) -> PageTable:
    """The table that `source` names; raises ConfigError where that cannot be."""
    table, _, options = source.removeprefix(TABLE).partition("?")
    given = dict(parse_qsl(options, keep_blank_values=True))
    if unknown := sorted(given.keys() - set(OPTIONS)):
        raise ConfigError(f"{source}: no option {unknown[0]!r}; there are: {', '.join(OPTIONS)}")
    if not table:
        raise ConfigError(f"{source} names no table; write it as {TABLE}PageTrackTable?region=eu-west-1")
    return PageTable(source, table, given.get("region"), given.get("endpoint"), given.get("site", ""), given.get("user", ""))


@dataclass(frozen=True)
class Run:
    """One reading of the table, from its beginning to its end; it may have been interrupted."""

    name: str
    """The beginning of its log files' names; "" where they are not to be known again."""
    checkpoints: int = 0
    """How many there are."""
    start: Item | None = None
    """The key of the last item that was read before the last of them."""


def find_items(source: str) -> Iterator[LogFile]:
    """The items at `source`, for looking at."""
    return log_files(read_table(source), Run(""))


def next_run(table: PageTable, ledger: Iterable[Part]) -> Run:
    """The reading to go on with: the last one, unless it came to the table's end."""
    number, places = 1, dict[int, str]()
    for part in ledger:
        if part.name.startswith(f"{table.name}#"):
            which, is_checkpoint, place = part.name.removeprefix(f"{table.name}#").partition("@")
            its_number = int(which[:4])
            if its_number > number:
                number, places = its_number, {}
            if is_checkpoint and its_number == number:
                count, _, key = place.partition("@")
                places[int(count)] = key
    if "" in places.values():
        number, places = number + 1, {}
    last = max(places, default=-1)
    start = json.loads(base64.urlsafe_b64decode(places[last])) if places else None
    return Run(f"{table.name}#{number:04}", last + 1, start)


def log_files(table: PageTable, run: Run) -> Iterator[LogFile]:
    """
    The items of a table as log files, as they are read: one for each page and month, and checkpoints between them.

    A checkpoint's name says where reading goes on; the last one's has no place. It holds the records that are no views.
    """
    month, others, of, user = _Lines(), _Lines(), ("", ""), None
    checkpoints, before, read = run.checkpoints, run.start, 0
    for item in table.scan(run.start):
        view = read_view(item, table.keys)
        page = hash_of(item[table.keys[0]])
        # A scan tells a partition's items one after the other, in the order of their sort keys.
        if month.size and (of[0] != page or (view and of[1] != f"{view.day:%Y-%m}")):
            yield month.log_file(table, run.name and "#".join((run.name, *of)))
            month = _Lines()
        if not month.size and read >= CHECKPOINT_ITEMS and (place := _place(before)):
            yield others.log_file(table, run.name and f"{run.name}@{checkpoints:06}@{place}")
            checkpoints, others, read = checkpoints + 1, _Lines(), 0
        if view is None:
            others.add(other_line(item, table.keys, table.site or "-"))
        elif table.asks_for(view):
            user = _check_user(table, view, user)
            of = page, f"{view.day:%Y-%m}"
            is_asked = table.user in ("", view.user)
            month.add(view.line(table.site if is_asked and table.site else "-", table.keys))
        before, read = {name: item[name] for name in table.keys}, read + 1
    if month.size:
        yield month.log_file(table, run.name and "#".join((run.name, *of)))
    yield others.log_file(table, run.name and f"{run.name}@{checkpoints:06}@")


def is_checkpoint(name: str) -> bool:
    """Whether a log file of this name has no views."""
    return "@" in name


def is_complete(name: str) -> bool:
    """Whether the log file of this name is the last one of a table."""
    return name.endswith("@")


def _check_user(table: PageTable, view: View, before: str | None) -> str:
    """Several users are several sites, as a rule."""
    if not table.user and before is not None and view.user != before:
        raise SourceError(
            f"{table.place} has pages of two users, {before or '(none)'} and {view.user or '(none)'}: import each by itself, "
            f"with the site that its pages are of: {TABLE}{table.table}?user={view.user or before}"
        )
    return view.user


def _place(key: Item | None) -> str:
    """A key as a part of a name; "" where it is too long for one."""
    place = base64.urlsafe_b64encode(json.dumps(key).encode()).decode()
    return place if len(place) <= LONGEST_PLACE else ""


class _Lines:
    """Lines that are to be a log file; where they are many, in a temporary file."""

    def __init__(self) -> None:
        self.size = 0
        self._lines: list[bytes] = []
        self._in_memory = 0
        self._file: Any = None

    def add(self, line: bytes) -> None:
        """Add a line."""
        self._lines.append(line)
        self.size += len(line)
        self._in_memory += len(line)
        if self._in_memory > SPOOLED_BYTES:
            self._spool()

    def _spool(self) -> None:
        if self._file is None:
            self._file = tempfile.NamedTemporaryFile(prefix="footfall-")  # noqa: SIM115 - lives as long as the LogFile
        self._file.write(b"".join(self._lines))
        self._file.flush()
        self._lines, self._in_memory = [], 0

    def log_file(self, table: PageTable, name: str) -> LogFile:
        """All of them."""
        if self._file is None:
            return LogFile(name, table.place, partial(io.BytesIO, b"".join(self._lines)), self.size)
        self._spool()

        def reopen(kept: Any = self._file) -> BinaryIO:
            return open(kept.name, "rb")

        return LogFile(name, table.place, reopen, self.size)
