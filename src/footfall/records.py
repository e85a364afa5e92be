"""
The data passed between layers: LogFile -> Record -> Request -> PageView -> Digest. Those of stores are in stores/shapes.py.

They are frozen, most of them named tuples.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, BinaryIO, NamedTuple

from .columns import Column, chosen
from .unreadable import Rejected, Unreadable

DAY = 86_400  # seconds

Value = str | int
"""The type of an attribute of a stored item: DynamoDB's S or N."""


class LogFile(NamedTuple):
    """One object, or local file, of log lines."""

    name: str
    """Its documented name, which identifies it wherever it is; "" if a hash of its content has to be used."""
    place: str
    """Where it is, as a user would write it: a path, an s3:// URL, or `-`."""
    open: Callable[[], BinaryIO]
    """Opens its content, decompressed; raises SourceError."""
    size: int = 0
    """Bytes as stored, perhaps compressed, for showing progress."""
    fetch: Callable[[], bytes] | None = None
    """Fetches all of its content as stored, if that is on another machine, so that several files can be fetched at once."""
    is_archived: bool = False
    """Whether it is archived and must be restored before it can be opened."""

    @property
    def is_far(self) -> bool:
        """Whether opening it takes a request to another machine."""
        return self.fetch is not None


class RecordId(NamedTuple):
    """Identifies a record: the same id at the same time is the same record, whichever file it is in."""

    request_id: str
    operation: str = ""
    """Only for S3, where several records may share a request's id, such as those of a copy; "" in other formats, like `key`."""
    key: str = ""
    """As logged."""

    def __str__(self) -> str:
        return " ".join(filter(None, self))


class Request(NamedTuple):
    """
    The facts of one record in HTTP's terms, whatever its format: decoded; None if the record does not have them.

    These are what the rules, and the functions in FIELDS, may read.
    """

    time: int
    """When it was received or answered: seconds since the epoch, UTC."""
    hosts: tuple[str, ...] = ()
    """The names of its site, as logged but without a port; reports use the first unless `sites` names another."""
    method: str | None = None
    path: str | None = None
    """Decoded by its format; begins with `/`. In S3's log, it is the object's key, so for `/` it is `/index.html`."""
    query: str | None = None
    """The part after the `?`, as the client sent it."""
    status: int | None = None
    referrer: str | None = None
    """"" if the header was sent empty; the same applies to the user agent."""
    user_agent: str | None = None
    remote_ip: str | None = None
    content_type: str | None = None
    bytes_sent: int | None = None
    country: str | None = None
    """As logged; "" if the log has a field for it, but does not know it."""
    record_id: RecordId | None = None
    """None if the format has no ids."""
    is_read: bool = True
    """Whether it reads a page's content and changes nothing."""
    is_signed: bool = False
    """Whether it carried credentials."""
    is_cdn: bool = False
    """Whether a CDN made the request; readers are in the CDN's own logs."""
    is_error_page: bool = False
    """Whether an error page was served, whatever the status says."""
    unlogged: frozenset[str] = frozenset()
    """The facts that its log does not record, for which None says nothing about the request."""

    @property
    def site(self) -> str:
        """The site whose page was requested: the first of its names."""
        return self.hosts[0] if self.hosts else "(unknown)"


class Record(NamedTuple):
    """One line of a log, taken apart."""

    request: Request
    documented: Mapping[str, Any]
    """Each field that the format documents, by its documented name; None for absent."""


class PageView(NamedTuple):
    """A request that counts: someone opened a page."""

    site: str
    page: str
    time: int
    """Seconds since the epoch, UTC."""
    request_id: str
    """This and the next two form its record's id."""
    operation: str
    key: str
    fields: Mapping[str, Value | None]
    """Its other fields, by the names of FIELDS and of the fields that `[item]` stores."""

    @property
    def day(self) -> str:
        """`2022-10-20`, in the site's time zone."""
        return str(self.fields["day"])


OF_EVERY_VIEW = PageView._fields[:-1]


@dataclass(frozen=True)
class Views:
    """
    Page views in columns, by name: those of OF_EVERY_VIEW, and one for each of their fields.

    A million lines make a quarter of a million views, so they are derived, counted and written a column at a time. PageView
    objects are only made for callers that iterate over them.
    """

    columns: Mapping[str, Column]
    """Columns with these views, and those of other files."""
    start: int = 0
    """The index of the first of these views."""
    end: int | None = None
    """The index after the last of them; None for the end of the columns."""
    uncounted: frozenset[str] = frozenset()
    """The dimensions that they are not counted by, even if they have the column."""

    @classmethod
    def of(cls, views: Iterable[PageView], uncounted: frozenset[str] = frozenset()) -> "Views":
        """These views in columns; all must have the same fields."""
        rows = [{**dict(zip(OF_EVERY_VIEW, view, strict=False)), **view.fields} for view in views]
        return cls({name: [row[name] for row in rows] for name in (rows[0] if rows else OF_EVERY_VIEW)}, uncounted=uncounted)

    @classmethod
    def joined(cls, several: Iterable["Views"]) -> Iterator["Views"]:
        """The same views in order, with adjacent ones joined into as few sets of columns as possible."""
        last: Views | None = None
        for views in several:
            if last is not None and views.columns is last.columns and views.start == last.end:
                last = cls(last.columns, last.start, views.end, last.uncounted)
                continue
            if last is not None:
                yield last
            last = views
        if last is not None:
            yield last

    def column(self, name: str) -> Column:
        """What each view has under this name."""
        column = self.columns.get(name, ())
        return column if self.end is None and not self.start else column[self.start : self.end]

    def where(self, are_chosen: Iterable[bool]) -> "Views":
        """Some of the views, in their order."""
        choice = list(are_chosen)
        return Views({name: chosen(self.column(name), choice) for name in self.columns}, uncounted=self.uncounted)

    def __len__(self) -> int:
        return (len(self.columns["time"]) if self.end is None else self.end) - self.start

    def __iter__(self) -> Iterator[PageView]:
        names = [name for name in self.columns if name not in OF_EVERY_VIEW]
        fields = zip(*map(self.column, names), strict=True) if names else repeat(())
        every = zip(*map(self.column, OF_EVERY_VIEW), strict=True)
        for row, values in zip(every, fields, strict=False):
            yield PageView._make((*row, dict(zip(names, values, strict=True))))


Tally = dict[tuple[str, str, str, str], int]
"""(site, dimension, day, value) -> how often."""


Loaders = Mapping[tuple[str, str], Collection[bytes]]
"""By site and day, who loaded page files (pictures, styles, scripts), as visitors; see pageviews.visitors."""


NONE: Mapping[str, int] = {}


class Account(NamedTuple):
    """What became of the lines: lines = views + dropped + unreadable, always. Blank lines do not count."""

    lines: int = 0
    views: int = 0
    dropped: Mapping[str, int] = NONE
    unreadable: int = 0
    cut: int = 0
    """The number of views whose longest attributes were truncated, because their items were too large; they count."""
    late_visitors: int = 0
    """Visitors of days that were closed before their views arrived; the views count, these visitors do not."""

    def __add__(self, other: "Account") -> "Account":  # type: ignore[override]
        dropped = {**self.dropped}
        for reason, lines in other.dropped.items():
            dropped[reason] = dropped.get(reason, 0) + lines
        return Account(
            self.lines + other.lines,
            self.views + other.views,
            dropped,
            self.unreadable + other.unreadable,
            self.cut + other.cut,
            self.late_visitors + other.late_visitors,
        )

    def with_duplicates(self, count: int) -> "Account":
        """The same lines, if `count` of the views turn out to be duplicates."""
        dropped = {**self.dropped, "duplicate": self.dropped.get("duplicate", 0) + count}
        return Account(self.lines, self.views - count, dropped, self.unreadable, self.cut)


class Digest(NamedTuple):
    """
    The contents of one log file; of a large file, those of one part.

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
    """The earliest and latest request, in seconds since the epoch; None if no line is readable."""
    last_time: int | None
    views: Views
    drops: Mapping[tuple[str, str, str, str], int]
    """What the dropped lines add to the tally: (site, dimension, day, value) -> count, including rare values."""
    account: Account
    unreadable: Sequence[Unreadable] = ()
    """The first ones, for display; the account has their number."""
    rules: str = ""
    """The fingerprint of the rules that it was counted under; see digest.fingerprint."""
    notice: str = ""
    """Advice to the owner on how its lines were read, in a sentence."""
    hints: Mapping[str, int] = NONE
    """How many dropped lines suggest that a setting is missing, by setting."""
    place: str = ""
    """Where the file is, for messages; if it is not known, they use the name."""
    rejects: Rejected = Rejected()
    """All unreadable lines, if they are saved."""
    stored_size: int | None = None
    """See Part."""
    loaders: Loaders | None = None
    """None if this is not recorded."""


@dataclass(frozen=True)
class Part:
    """The ledger's entry for one part of a log file."""

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
    rules: str | None = None
    """The fingerprint of the rules that it was counted under; None if the ledger did not keep it yet."""
    stored_size: int | None = None
    """Bytes of the whole file as stored, perhaps compressed; None if that was not known, or not kept yet."""

    @property
    def is_void(self) -> bool:
        """Whether none of its lines was readable: versions before 0.1 recorded such files, so they are read again."""
        return self.account.lines == self.account.unreadable > 0
