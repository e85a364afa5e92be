"""
The shapes that travel: LogFile -> Request -> PageView or Dropped -> Digest, then Rows out.

They are frozen, most of them named tuples. Page views travel in columns: a million lines make a quarter million of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import compress
from typing import Any, BinaryIO, NamedTuple

DAY = 86_400  # seconds

Value = str | int
"""What an attribute of a stored item holds: DynamoDB's S or N."""


@dataclass(frozen=True)
class LogFile:
    """One object, or local file, of log lines."""

    name: str
    """Its documented name, which is its identity wherever it lies; "" when its content's hash has to be."""
    place: str
    """Where it lies, as a person would write it: a path, an s3:// URL, or `-`."""
    open: Callable[[], BinaryIO] = field(repr=False, compare=False)
    """Opens its content, decompressed; raises SourceError."""
    size: int = 0
    """Bytes as they lie there, perhaps compressed: for showing progress."""
    is_far: bool = False
    """Whether opening it is a request to another machine, so that it pays to open several at once."""


class Request(NamedTuple):
    """
    The facts of one log line, under the field names of the S3 documentation.

    None stands for `-` and for what the line is too short to have; "" is a header that was sent empty.
    """

    bucket_owner: str | None
    bucket: str | None
    time: int
    """When it was received: seconds since the epoch, UTC."""
    remote_ip: str | None
    requester: str | None
    request_id: str | None
    operation: str | None
    key: str | None
    """As logged, which is percent-encoded: pageviews.pages decodes it."""
    request_uri: str | None
    http_status: int | None
    error_code: str | None
    bytes_sent: int | None
    object_size: int | None
    total_time: int | None
    """Milliseconds, as is the next."""
    turn_around_time: int | None
    referrer: str | None
    user_agent: str | None
    version_id: str | None = None
    host_id: str | None = None
    signature_version: str | None = None
    cipher_suite: str | None = None
    authentication_type: str | None = None
    host_header: str | None = None
    tls_version: str | None = None
    access_point_arn: str | None = None
    acl_required: str | None = None
    source_region: str | None = None

    @property
    def site(self) -> str:
        """Whose page was asked for: the bucket, or the host where the log names no bucket."""
        return self.bucket or self.host_header or "(unknown)"


Raw = Any
"""A line in its pieces, undecoded: `raw[piece]`. A match of a regular expression will do, and is the quickest."""


class Rows(NamedTuple):
    """What many lines at once say: the pieces that were asked for, of those that are records."""

    pieces: list[tuple[Any, ...]]
    """Of each record, in the order that they were asked for in."""
    hours: Set[Any]
    """Those of their pieces that tell an hour, each once."""
    lines: int
    """How many lines there were, blank ones too."""
    unreadable: list[tuple[int, bytes]]
    """The others, by their place, from 0; no blank ones."""


class Format(NamedTuple):
    """How the lines of one kind of log are written: a row of FORMATS."""

    title: str
    split: Callable[[Sequence[bytes]], tuple[list[Raw | None], list[int]]]
    """
    The pieces of lines, None for a line that is not of this format; and the times of all the others, in seconds since
    the epoch, UTC.
    """
    fields: Mapping[str, Callable[[Raw], Any]]
    """How each field of a Request is read from the pieces, in order."""
    pieces: Mapping[str, int]
    """Which piece a field lies in: equal pieces, equal fields. Fields that seldom differ may share one."""
    blank: Sequence[Any]
    """The pieces of a line in which every field is absent."""
    rows: Callable[[bytes, tuple[int, ...]], Rows]
    """
    What a block of lines says, the same as `split`: of each record the wanted pieces, which are asked for in their order
    and with `moment` among them. The hot path, so it takes many lines at a time and makes nothing else of them.
    """
    moment: tuple[int, int]
    """The pieces that a record's hour and its second lie in; the second's sort by time."""
    hours: Mapping[Any, int]
    """When an hour begins, in seconds since the epoch, UTC."""
    seconds: Mapping[Any, int]
    """How many seconds of its hour a record's second is."""

    def parse(self, raw: Raw) -> Request:
        """All fields of a line that `split` took apart."""
        return Request._make(read(raw) for read in self.fields.values())


class PageView(NamedTuple):
    """A request that counts: somebody looked at a page."""

    site: str
    page: str
    time: int
    """Seconds since the epoch, UTC."""
    day: str
    """`2022-10-20`, in the site's time zone; so is the hour."""
    hour: str
    """`08`"""
    referrer: str
    """The host, `(internal)` or `(direct)`."""
    browser: str
    system: str
    status: str
    request_id: str
    """With operation and key it makes the record out: the same again is a duplicate."""
    operation: str
    key: str
    """As logged."""
    facts: tuple[Value | None, ...]
    """What else of the request is stored: the fields that `[item]` in the configuration names, in their order."""


FACTS = PageView._fields.index("facts")  # the last field


@dataclass(frozen=True)
class Views:
    """
    Page views in columns, one for each field and one for each fact.

    They are found out, counted and written to SQLite a column after the other, and each by itself is made only for who goes
    through them.
    """

    columns: Sequence[Sequence[Any]]

    @classmethod
    def of(cls, views: Iterable[PageView]) -> "Views":
        """These views, in columns."""
        return cls(list(zip(*((*view[:FACTS], *view.facts) for view in views), strict=True)) or [()] * FACTS)

    def column(self, field: str) -> Sequence[Any]:
        """What the views have in a field other than their facts."""
        return self.columns[PageView._fields.index(field)]

    @property
    def facts(self) -> Sequence[Sequence[Any]]:
        """A column for each fact, in their order."""
        return self.columns[FACTS:]

    def chosen(self, are_chosen: Iterable[bool]) -> "Views":
        """Some of the views, in their order."""
        chosen = list(are_chosen)
        return Views([list(compress(column, chosen)) for column in self.columns])

    def __len__(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[PageView]:
        return (PageView._make((*row[:FACTS], row[FACTS:])) for row in zip(*self.columns, strict=True))


class Dropped(NamedTuple):
    """A visitor's request that is no page view, as far as anything counts it."""

    site: str
    day: str
    reason: str
    status: str
    detail: str
    """What the reason's own dimension counts: the missing key, the bot's name; or ""."""


@dataclass(frozen=True)
class Account:
    """What became of lines: lines = views + dropped + unreadable, always. Blank lines are none."""

    lines: int = 0
    views: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    unreadable: int = 0

    def __add__(self, other: "Account") -> "Account":
        reasons = {**self.dropped, **other.dropped}
        return Account(
            self.lines + other.lines,
            self.views + other.views,
            {reason: self.dropped.get(reason, 0) + other.dropped.get(reason, 0) for reason in reasons},
            self.unreadable + other.unreadable,
        )

    def with_duplicates(self, count: int) -> "Account":
        """The same lines, when so many of the views turn out to be known."""
        dropped = {**self.dropped, "duplicate": self.dropped.get("duplicate", 0) + count}
        return Account(self.lines, self.views - count, dropped, self.unreadable)


class Unreadable(NamedTuple):
    """A line that is not of the format."""

    line: int
    """Its number in the file, from 1."""
    content: bytes


@dataclass(frozen=True)
class Digest:
    """
    All that one log file says; of a large file, what one part of it says.

    Parts are cut by bytes and so depend on the file alone: each is recorded exactly once, and memory does not grow with
    the file.
    """

    name: str
    part: int
    """From 0."""
    is_last: bool
    size: int
    """Bytes, decompressed."""
    sha256: str
    first_time: int | None
    """The earliest and the latest request, in seconds since the epoch; None when no line is readable."""
    last_time: int | None
    views: Views
    drops: Mapping[Dropped, int]
    account: Account
    unreadable: Sequence[Unreadable] = ()


@dataclass(frozen=True)
class Part:
    """What the ledger says of one part of a log file."""

    name: str
    number: int
    is_last: bool
    size: int
    sha256: str
    first_time: int | None
    last_time: int | None
    ingested_at: int
    """Seconds since the epoch."""
    account: Account


@dataclass(frozen=True)
class Keep:
    """Whether views are kept beside their counts, and for how long."""

    views: bool = True
    days: int | None = None
    """After a view; None for ever."""

    def oldest(self, now: float) -> int:
        """The time of the oldest view that is shown; both in seconds since the epoch."""
        return int(now) - self.days * DAY if self.days is not None else 0


KEEP_ALL = Keep()


class Token(NamedTuple):
    """What is kept of a bearer token: never itself."""

    name: str
    sha256: str
    """Its hash, in hexadecimal."""
    created_at: int
    """Seconds since the epoch."""


class Capacity(NamedTuple):
    """What a store's requests have consumed, where it is paid for."""

    read_units: float = 0
    write_units: float = 0
    requests: int = 0

    def since(self, earlier: "Capacity") -> "Capacity":
        """What was consumed after `earlier`."""
        return Capacity(
            self.read_units - earlier.read_units, self.write_units - earlier.write_units, self.requests - earlier.requests
        )


class Estimate(NamedTuple):
    """What recording would cost, where it costs anything."""

    write_units: int
    dollars: float


class Count(NamedTuple):
    """How often a value of a dimension occurred on a day."""

    value: str
    day: str
    views: int


class Row(NamedTuple):
    """One value of a breakdown."""

    value: str
    views: int
