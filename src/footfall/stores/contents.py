"""
The contents of a store, in shapes that every kind can export and import, so that they can be copied; see `copying`.

Counts, ledger, visitors, tokens and annotations are the same in every store. A view is not: a table keeps the item that [item]
makes of it, a database the fields that the item is made of. Both keep what identifies a record, see `record_id`.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ..dimensions import DIMENSIONS
from ..pageviews.addresses import Asked
from ..records import PageView, Part, Tally
from .shapes import Annotation, DayVisitors, Token
from .visitors import OpenDay

if TYPE_CHECKING:
    from .base import Store

_COUNTED = [name for name, row in DIMENSIONS.items() if not row.groups]  # the others have no counts of their own


COPIED_BY = "copy"  # stands for the importer that counted, or the run that sent, what is in a copy


class Entry(NamedTuple):
    """A part of a log file in the ledger, and what it added; None if that was not kept."""

    part: Part
    added: Tally | None


class StoredView(NamedTuple):
    """A stored page view."""

    name: str
    part: int
    """The part of the log file that brought it."""
    view: PageView
    """With the fields that are kept; parts of its record's id that are not kept are empty."""
    record: str
    """See record_id."""


class VisitorsOfDay(NamedTuple):
    """The number of visitors of a day; while it is open, also the data kept about them, its key, and when they changed."""

    site: str
    day: str
    numbers: DayVisitors
    kept: OpenDay | None = None
    key: bytes | None = None
    changed_at: int | None = None


class Step(NamedTuple):
    """How much of something was copied."""

    what: str
    number: int


@dataclass(frozen=True)
class Whole:
    """Everything in a store; each part can be iterated over once."""

    time_zone: str
    only_site: str | None
    """The site of all views, if items do not name theirs."""
    entries: Iterable[Entry]
    tallies: Iterable[Tally]
    """No two have the same site and month."""
    days: Iterable[VisitorsOfDay]
    views: Iterable[StoredView]
    tokens: Iterable[Token]
    annotations: Iterable[Annotation]
    notices: Iterable[tuple[str, int]]
    """What was sent to the owner, and when; see Notices."""
    check: Callable[[], None] = lambda: None
    """To be called after reading everything: raises StoreError if the store was written to meanwhile."""


class Contents(Protocol):
    """Exports and imports the whole contents of a store."""

    kind: str
    """Between stores of one kind, contents are cloned without converting them."""

    @property
    def url(self) -> str:
        """The store's URL, as people write it."""

    def state(self) -> str:
        """Identifies its contents: equal for two stores with the same ledger; "" while that is empty."""

    def read(self) -> AbstractContextManager[Whole]:
        """Everything in it, as of one moment."""

    def fill(self, whole: Whole, state: str) -> Iterator[Step]:
        """
        Import all of it, from a store in this state. The store cannot be used until everything is there.

        Raises StoreError if it has anything but an unfinished copy of the same.
        """

    def forget(self, asked: Asked, *, is_dry: bool) -> int:
        """
        Remove an address, and anything else that identifies the reader, from the views that have it; counts stay.

        Returns the number of these views; nothing is written if it `is_dry`.
        """

    def clone(self, source: Any, state: str) -> Iterator[Step]:
        """The same as `fill`, from the contents of another store of its kind."""


def record_id(view: PageView) -> str:
    """Identifies the log record of a view: a second view with the same id is a duplicate. Unique for a page and second."""
    identity = f"{view.site}\0{view.time}\0{view.request_id}\0{view.operation}\0{view.key}"
    return blake2b(identity.encode(), digest_size=8).hexdigest()


def state_of(parts: Iterable[Part], forgotten: str) -> str:
    """The state of a store with this ledger, in any order, and this note of when addresses were last forgotten."""
    number = total = 0
    for part in parts:
        said = (part.name, part.number, part.size, part.sha256, part.rules, part.account.lines, part.account.views)
        total += int.from_bytes(blake2b(repr(said).encode(), digest_size=16).digest())
        number += 1
    return f"{number}-{total % 2**128:032x}-{forgotten}" if number else ""


def entries_of(store: "Store", parts: Iterable[Part]) -> Iterator[Entry]:
    """These ledger entries, each with what it added."""
    return (Entry(part, store.added(part.name, part.number)) for part in parts)


def tallies_of(store: "Store") -> Iterator[Tally]:
    """What a store has counted: the months of each site, from first to last."""
    for site in store.sites():
        if ends := store.period(site):
            yield from tallies_between(store, site, *ends)


def tallies_between(store: "Store", site: str, start: str, end: str) -> Iterator[Tally]:
    """A site's counts from one day to another, both included, by month."""
    for month in _months_between(start, end):
        first, last = max(start, f"{month}-01"), min(end, f"{month}-31")
        yield {
            (site, dimension, day, value): times
            for dimension in _COUNTED
            for value, day, times in store.counts(site, dimension, first, last)
        }


def _months_between(first: str, last: str) -> Iterator[str]:
    """
    The months from one day to another.

    >>> list(_months_between("2026-11-22", "2027-01-01"))
    ['2026-11', '2026-12', '2027-01']
    """
    year, month = int(first[:4]), int(first[5:7])
    while (text := f"{year:04}-{month:02}") <= last[:7]:
        yield text
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
