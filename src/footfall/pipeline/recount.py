"""
recount(): reads log files that were counted under other rules again, and counts the differences in place.

It is `ingest` with a different end: a file's parts are those in the ledger, and are recounted instead of recorded. Files that
an interrupted run has completed are under today's rules, so the next run resumes after them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..digest import Digester, rules_of
from ..errors import StoreError, StoreRefusal
from ..pageviews.counting import Counting
from ..records import LogFile, Part
from ..stores import Store
from ..stores.base import counted_otherwise
from ..stores.shapes import Recounted, Stays
from . import ingest_parts, with_files_done
from .events import Estimated, Event, FileArchived, FileFailed, FileKnown, FilesGone, PartCounted, PartEvent, PartKnown
from .identity import BY_CONTENT, BY_FIRST_LINE
from .recorders import DigestedPart, counted, sites_of
from .workers import START


@dataclass(frozen=True)
class Due:
    """Decides which parts to recount: those under other rules, with a request between two seconds, both included."""

    rules: frozenset[str]
    """The fingerprints of today's rules."""
    first: int | None = None
    last: int | None = None

    def __call__(self, part: Part) -> bool:
        """Whether a part is due."""
        return any(counted_otherwise([part], self.rules)) and self._is_between(part)

    def _is_between(self, part: Part) -> bool:
        if self.first is None or self.last is None:
            return True
        return part.first_time is not None and part.last_time is not None and (
            part.first_time <= self.last and self.first <= part.last_time
        )  # fmt: skip


def recount(
    found: Iterable[LogFile | Event], store: Store, counting: Counting, times: tuple[int, int] | None,
    make_digester: Callable[[], Digester], *, is_dry: bool = False, jobs: int = 1, start: str = START,
) -> Iterator[Event]:  # fmt: skip
    """
    Recount log files that the ledger has under other rules, if given only those with requests in a range of seconds.

    Only these files, and those without a documented name, are opened. Raises StoreMissing if there is no store.
    """
    due = Due(rules_of(counting), *(times or ()))
    left = {part.name for part in store.files() if due(part)}

    def to_read() -> Iterator[LogFile | Event]:
        for each in found:
            log_file = each.log_file if isinstance(each, FileArchived) else each
            if isinstance(log_file, LogFile) and log_file.name and log_file.name not in left:
                yield FileKnown(log_file)
                continue
            if isinstance(log_file, LogFile):
                found_names.add(log_file.name)
            yield each

    found_names: set[str] = set()
    for event in recount_files(to_read(), store, counting, due, make_digester, is_dry=is_dry, jobs=jobs, start=start):
        yield event
        if isinstance(event, PartCounted) and event.recounted:
            found_names.add(event.recounted.name)
        elif isinstance(event, PartKnown) and event.stays:
            found_names.add(event.stays.name)
    gone = left - found_names
    unnamed = store.known_of([name for name in gone if name.startswith((BY_FIRST_LINE, BY_CONTENT))])
    gone -= {name for name, parts in unnamed.items() if not any(map(due, parts))}  # another recount was faster
    if gone:
        yield FilesGone(sorted(gone))


def recount_files(
    found: Iterable[LogFile | Event], store: Store, counting: Counting, due: Due, make_digester: Callable[[], Digester], *,
    is_dry: bool = False, jobs: int = 1, start: str = START,
) -> Iterator[Event]:  # fmt: skip
    """Recount the parts of these log files that are due."""
    recorder = Recounter(store, counting.time_zone.key, is_dry=is_dry)
    return with_files_done(
        ingest_parts(found, recorder, make_digester, jobs=jobs, is_prefetching=True, is_due=due, start=start)
    )


class Recounter:
    """Recounts files in a store; in a dry run, reports the differences and the cost."""

    def __init__(self, store: Store, time_zone: str, *, is_dry: bool):
        self._store, self._time_zone, self._is_dry = store, time_zone, is_dry

    def prepare(self) -> None:
        """See Recorder."""
        if not self._is_dry:
            self._store.prepare(self._time_zone)
        elif (kept := self._store.time_zone()) != self._time_zone:
            raise StoreError(
                f"the store counts days in {kept}, not in {self._time_zone}: set time_zone = {kept!r}, or import the logs "
                f"again into another --store"
            )

    def known_of(self, names: Sequence[str]) -> Mapping[str, Sequence[Part]]:
        """See Recorder."""
        return self._store.known_of(names)

    def files(self) -> Iterable[Part]:
        """See Recorder."""
        return self._store.files()

    def record(self, parts: Sequence[DigestedPart], *, may_differ: bool = False) -> Iterator[PartEvent | Estimated]:
        """Recount them in one batch or, if the store refuses it, one by one, since one of them is at fault."""
        digests = [part.digest for part in parts]
        try:
            outcomes = self._store.recount(digests, is_dry=self._is_dry)
        except StoreRefusal as error:
            if len(parts) == 1:
                yield FileFailed(parts[0].log_file, error, sites=sites_of(digests[0]))
            else:
                for part in parts:
                    yield from self.record([part], may_differ=may_differ)
            return
        if self._is_dry and self._store.pricing:
            yield Estimated(self._store.pricing.estimate_recount(digests, outcomes))
        for (log_file, digest), outcome in zip(parts, outcomes, strict=True):
            if isinstance(outcome, Recounted):
                yield counted(log_file, digest, outcome.after, outcome)
            else:  # None: another recount was faster, or the file came twice
                yield PartKnown(log_file, digest.is_last, digest.size, outcome if isinstance(outcome, Stays) else None)
