"""
What a store is: it records digests, and answers with counts, views and its ledger; the other methods are derived from these.

Everything else, including what only some stores can do, is in its capabilities; see there.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest

from ..errors import StoreError
from ..records import Account, Digest, Part, Tally, Value
from .capabilities import Annotations, Backfills, Notices, Pricing, Table, Tokens
from .contents import Contents
from .filters import KeptViews
from .imported import TABLE
from .rebuilt import RebuiltDays
from .shapes import Capacity, Count, DayVisitors, Estimate, Recounted, Stays, Top

# All days in logs sort between these, as text.
FIRST_DAY, LAST_DAY = "0000-01-01", "9999-12-31"

# The message about views whose items are cut, after their number.
CUT = "too large for a table item, so the longest attributes were truncated; counted like any other"
# Why a part keeps its counts.
NOT_KEPT = "were counted by an older footfall that did not record what they added; to recount them, import the logs into a "
"new --store"
BESIDE_TABLE = "have views that may also be in an imported table"


class Store(ABC):
    """Where counts are stored. All methods raise StoreError if the store cannot be reached, read or written."""

    tokens: Tokens
    annotations: Annotations
    contents: Contents
    notices: Notices
    pricing: Pricing | None = None
    table: Table | None = None
    backfills: Backfills | None = None
    kept_views: KeptViews | None = None
    rebuilds_days: bool = False
    """Whether the visitors of days can be recounted."""

    @abstractmethod
    def prepare(self, time_zone: str) -> None:
        """Prepare it for writing. Its counts are by day, so it keeps the time zone that it was first given."""

    @abstractmethod
    def record(self, digests: Sequence[Digest]) -> list[Account | None]:
        """
        Count what is new, exactly once, all or nothing for each digest.

        Returns what became of each digest's lines; None if the ledger already had it. Visitors of closed days are not counted,
        and the account says how many there were. Views that another part brought stay as they are, and count as duplicates.
        Views of a second site are refused unless items name their site.
        """

    def recount(self, digests: Sequence[Digest], *, is_dry: bool = False) -> list[Recounted | Stays | None]:  # noqa: ARG002
        """
        Recount parts that the ledger has under other rules: what each had added is subtracted, all or nothing for each.

        Views that it brought first stay its own as long as they count. None if the ledger already has a part under these rules,
        or lacks it. Nothing is written if it `is_dry`, and then the store need not be prepared.
        """
        raise StoreError("this store cannot recount log files; import them into a new --store")

    def rebuilt_days(self) -> RebuiltDays:
        """An object that recounts the visitors of days, if `rebuilds_days`. The store has to be prepared."""
        raise StoreError("this store cannot recount visitors")

    @abstractmethod
    def counts(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None
    ) -> Iterator[Count]:
        """
        How often each value occurred on each day of a period, both ends included.

        For all values, those that begin with `prefix`, or only `value`, which costs least.
        """

    @abstractmethod
    def views(self, site: str, page: str, start: int, end: int, limit: int | None = None) -> Iterator[dict[str, Value]]:
        """The stored items of a page, from the second `start` to `end`, both included, in chronological order."""

    @abstractmethod
    def times(self, site: str, page: str, start: int, end: int) -> Iterator[int]:
        """The times of a page's stored views, in order."""

    @abstractmethod
    def files(self) -> Iterator[Part]:
        """The ledger: every part of every file."""

    @abstractmethod
    def added(self, name: str, part: int) -> Tally | None:
        """What a part of a file added to the tally; None if the ledger lacks the part, or it predates keeping this."""

    @abstractmethod
    def visitors(self, site: str, start: str, end: str) -> dict[str, DayVisitors]:
        """The visitors of each day of a period, both ends included; days whose visitors are not known are left out."""

    @abstractmethod
    def close_days(self, at: float) -> int:
        """
        Close the days that are over by this time, in seconds since the epoch; returns how many.

        Only the number of their visitors is kept; hashes and keys are destroyed. If there are none, nothing is written.
        """

    @abstractmethod
    def sites(self) -> list[str]:
        """The sites that anything was counted for, by name."""

    @abstractmethod
    def time_zone(self) -> str | None:
        """The time zone of its days; None while it is empty."""

    @abstractmethod
    def close(self) -> None:
        """Close the store; it opens again when used."""

    def capacity(self) -> Capacity | None:
        """What was consumed since it was opened; None if the store costs nothing."""
        return self.pricing.capacity() if self.pricing else None

    def estimate(self, digests: Sequence[Digest]) -> Estimate | None:
        """What it would cost to record these together; None if the store costs nothing."""
        return self.pricing.estimate(digests) if self.pricing else None

    def known(self, name: str) -> list[Part]:
        """The ledger's entries of a log file: its parts, in order."""
        return self.known_of([name])[name]

    def known_of(self, names: Sequence[str]) -> dict[str, list[Part]]:
        """The same for several log files; an empty list for one that the ledger lacks."""
        found: dict[str, list[Part]] = {name: [] for name in names}
        for part in self.files():
            if part.name in found:
                found[part.name].append(part)
        return {name: sorted(parts, key=lambda part: part.number) for name, parts in found.items()}

    def latest(self) -> int | None:
        """The time of the latest request in any file, possibly including one that is just being counted."""
        return max((part.last_time for part in self.files() if part.last_time is not None), default=None)

    def period(self, site: str) -> tuple[str, str] | None:
        """The first and last day with counts, found by status, which everything has; None if nothing was counted."""
        days = {day for _, day, _ in self.counts(site, "status", FIRST_DAY, LAST_DAY)}
        return (min(days), max(days)) if days else None

    def sites_with_views(self) -> list[str]:
        """The sites with page views, by name."""
        return [site for site in self.sites() if next(iter(self.counts(site, "page", FIRST_DAY, LAST_DAY)), None)]

    def sums(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None
    ) -> dict[str, int]:
        """What `counts` returns, for the whole period, by value."""
        found: dict[str, int] = {}
        for counted, _, views in self.counts(site, dimension, start, end, prefix, value):
            found[counted] = found.get(counted, 0) + views
        return found

    def top(
        self, site: str, dimension: str, start: str, end: str, prefix: str = "", value: str | None = None, *,
        limit: int | None = None, after: tuple[int, str] | None = None,
    ) -> Top:  # fmt: skip
        """The most frequent of what `sums` returns, at most `limit`; `after` is the count and value of the last row before."""
        sums = self.sums(site, dimension, start, end, prefix, value)
        return ranked(sums, limit, after)

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
        """What `sums` returns for some values, and the total of all."""
        sums = self.sums(site, dimension, start, end, prefix, value)
        return {each: sums[each] for each in values if each in sums}, sum(sums.values())

    def series(self, site: str, dimension: str, start: str, end: str, values: Collection[str]) -> Iterator[Count]:
        """What `counts` returns for these values only, in any order."""
        return (count for count in self.counts(site, dimension, start, end) if count.value in values)


def counted_otherwise(parts: Iterable[Part], rules: Collection[str]) -> Iterator[Part]:
    """The ledger's parts that were counted under rules other than these; an imported table's parts have none."""
    return (part for part in parts if part.rules not in rules and not part.is_void and not part.name.startswith(TABLE))


def ranked(sums: Mapping[str, int], limit: int | None, after: tuple[int, str] | None) -> Top:
    """The most frequent of all sums, at most `limit`; see Store.top."""
    places = ((-views, value) for value, views in sums.items())
    rest = [place for place in places if after is None or place > (-after[0], after[1])]
    first = sorted(rest) if limit is None else nsmallest(limit, rest)
    return Top([(value, -views) for views, value in first], sum(sums.values()), len(first) == len(rest))
