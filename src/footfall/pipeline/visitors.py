"""
recount_visitors(): recounts the visitors of days with files that were counted under other rules.

It runs before the counts are recounted, so that after a crash the ledger shows what is left to do: as long as a file of a day
is under other rules, the day is repeated. All files of such a day are read once, whatever their rules.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence

from ..digest import Digester
from ..pageviews.counting import Counting
from ..records import LogFile, Part
from ..stores import Store
from ..stores.imported import TABLE
from ..stores.rebuilt import RebuiltDays, days_between
from . import ingest_parts
from .events import DaysRecounted, Event, FileFailed, PartEvent, PartKnown, VisitorsRead
from .identity import BY_CONTENT, BY_FIRST_LINE, IsDue
from .recorders import DigestedPart
from .workers import LATER_START

ROUNDS = 3  # a day is repeated if more files of it came meanwhile

Find = Callable[[], Iterable[LogFile | Event]]


def recount_visitors(
    find: Find, store: Store, counting: Counting, is_due: IsDue, make_digester: Callable[[], Digester], *, jobs: int = 1,
) -> Iterator[Event]:  # fmt: skip
    """
    Recount the visitors of each day that has requests in a part that is due; the event says for how many days it could.

    `find` yields the log files, each time it is called. A day with a file that is gone stays as it is. Does nothing if
    visitors are off, or if the store cannot recount them. Raises StoreMissing if there is no store.
    """
    if not (counting.visitors and store.rebuilds_days):
        return
    pass_over = _Pass(find, store, counting, make_digester, jobs)
    left = {day for part in store.files() if is_due(part) for day in pass_over.days_of(part)}
    if left:
        store.prepare(counting.time_zone.key)
    done: set[str] = set()
    stay: set[str] = set()
    for _ in range(ROUNDS):
        if not left:
            break
        rebuilt = store.rebuilt_days()
        lost = yield from pass_over.read(rebuilt, left)
        refused = rebuilt.replace(left - lost)
        done |= left - lost - refused
        stay |= lost
        left = refused
    if done or stay:
        yield DaysRecounted(len(done), len(stay | left))


class _Pass:
    """Reads all log files of some days."""

    def __init__(
        self, find: Find, store: Store, counting: Counting, make_digester: Callable[[], Digester], jobs: int
    ):  # fmt: skip
        self._find, self._store, self._zone = find, store, counting.time_zone
        self._make_digester, self._jobs = make_digester, jobs

    def days_of(self, part: Part) -> list[str]:
        """The days from a part's first to its last request."""
        if part.first_time is None or part.last_time is None or part.is_void:
            return []
        return days_between(part.first_time, part.last_time, self._zone)

    def read(self, rebuilt: RebuiltDays, days: Collection[str]) -> Generator[VisitorsRead, None, set[str]]:
        """Add the visitors of these days; returns the days with files that cannot be read, whose visitors may be incomplete."""
        touching = _touching(days, self.days_of)
        parts = [part for part in self._store.files() if touching(part)]
        names = {part.name for part in parts}
        files = [each for each in self._find() if isinstance(each, LogFile) and (not each.name or each.name in names)]
        there = {each.name for each in files}
        gone = (part for part in parts if not _may_be_read(part, there))
        lost = {*rebuilt.fixed(days), *(day for part in gone for day in self.days_of(part))} & {*days}
        wanted = {*days} - lost
        if not wanted:
            return lost
        touching = _touching(wanted, self.days_of)
        reader = _Reader(self._store, rebuilt, wanted)
        asked = {part.name for part in parts if touching(part)}
        to_read = [each for each in files if not each.name or each.name in asked]
        done = 0
        for event in ingest_parts(
            to_read, reader, self._make_digester, jobs=self._jobs, is_prefetching=True, is_due=touching, start=LATER_START
        ):
            # Files that cannot be read are missing below, and are reported when counts are recounted.
            if isinstance(event, FileFailed) or (isinstance(event, PartKnown) and event.is_last):
                done += 1
                yield VisitorsRead(done, len(to_read))
        missed = (part for part in parts if touching(part) and (part.name, part.number) not in reader.read)
        return lost | {day for part in missed for day in self.days_of(part)} & wanted


def _touching(days: Collection[str], days_of: Callable[[Part], Sequence[str]]) -> IsDue:
    """Whether a part may have requests on one of these days."""
    ordered = sorted(days)

    def is_touching(part: Part) -> bool:
        of_part = days_of(part)
        place = bisect_left(ordered, of_part[0]) if of_part else len(ordered)
        return place < len(ordered) and ordered[place] <= of_part[-1]

    return is_touching


def _may_be_read(part: Part, there: Collection[str]) -> bool:
    """Whether a part's file may be among those found, and can be recounted."""
    is_unnamed = part.name.startswith((BY_FIRST_LINE, BY_CONTENT))
    return part.rules is not None and not part.name.startswith(TABLE) and (is_unnamed or part.name in there)


class _Reader:
    """A Recorder that only adds visitors to days."""

    def __init__(self, store: Store, rebuilt: RebuiltDays, days: Collection[str]):
        self._store, self._rebuilt, self._days = store, rebuilt, days
        self.read: set[tuple[str, int]] = set()
        """The parts that were added, by the names of their files and their numbers."""

    def prepare(self) -> None:
        """See Recorder; the store is already prepared."""

    def known_of(self, names: Sequence[str]) -> Mapping[str, Sequence[Part]]:
        """See Recorder."""
        return self._store.known_of(names)

    def files(self) -> Iterable[Part]:
        """See Recorder."""
        return self._store.files()

    def record(self, parts: Sequence[DigestedPart], *, may_differ: bool = False) -> Iterator[PartEvent]:  # noqa: ARG002
        """See Recorder; nothing is written."""
        self._rebuilt.add([part.digest for part in parts], self._days)
        for log_file, digest in parts:
            self.read.add((digest.name, digest.part))
            yield PartKnown(log_file, digest.is_last, digest.size)
