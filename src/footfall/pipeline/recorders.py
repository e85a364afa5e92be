"""
The end of the pipeline: digests go into a store or, in a dry run, nowhere.

Both report each part as an event, so nothing else needs to know whether it is a dry run.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from ..errors import StoreMissing, StoreRefusal
from ..records import Account, Digest, LogFile, Part
from ..stores import Store
from ..stores.shapes import Recounted
from .events import Estimated, FileFailed, PartCounted, PartEvent, PartKnown
from .ledger import difference_of


class DigestedPart(NamedTuple):
    """One part of a log file, read but not recorded yet."""

    log_file: LogFile
    digest: Digest


class Recorder(Protocol):
    """The end of the pipeline."""

    def prepare(self) -> None:
        """Called first, once there is something to count."""

    def known_of(self, names: Sequence[str]) -> Mapping[str, Sequence[Part]]:
        """The ledger's entries for log files: the parts of each, in order."""

    def files(self) -> Iterable[Part]:
        """The ledger: every part of every file."""

    def record(self, parts: Sequence[DigestedPart], *, may_differ: bool = False) -> Iterator[PartEvent | Estimated]:
        """
        Record parts together; yields one event for each, in order.

        A part that the ledger already has must have the same content, unless it `may_differ`.
        """


class StoreRecorder:
    """Records into a store with days in `time_zone`."""

    def __init__(self, store: Store, time_zone: str):
        self._store, self._time_zone = store, time_zone
        self._is_prepared = False

    def prepare(self) -> None:
        """Prepare the store for writing."""
        if not self._is_prepared:
            self._store.prepare(self._time_zone)
            self._is_prepared = True

    def known_of(self, names: Sequence[str]) -> Mapping[str, Sequence[Part]]:
        """See Recorder."""
        return self._store.known_of(names)

    def files(self) -> Iterable[Part]:
        """See Recorder."""
        return self._store.files()

    def record(self, parts: Sequence[DigestedPart], *, may_differ: bool = False) -> Iterator[PartEvent]:
        """Record them in one batch or, if the store refuses it, one by one, since one of them is at fault."""
        try:
            accounts = self._store.record([part.digest for part in parts])
        except StoreRefusal as error:
            if len(parts) == 1:
                yield FileFailed(parts[0].log_file, error, sites=sites_of(parts[0].digest))
            else:
                for part in parts:
                    yield from self.record([part], may_differ=may_differ)
            return
        for (log_file, digest), account in zip(parts, accounts, strict=True):
            if account is not None:
                yield counted(log_file, digest, account)
            elif not may_differ and (wrong := difference_of(log_file, digest, self._store.known(digest.name))):
                yield FileFailed(log_file, wrong)
            else:  # another importer was faster, or the file came twice
                yield PartKnown(log_file, digest.is_last, digest.size)


class DryRun:
    """Writes nothing: reports what a store, which may not exist yet, would count, and the cost."""

    def __init__(self, store: Store):
        self._store = store
        self._is_missing = False

    def prepare(self) -> None:
        """Check whether there is a ledger."""
        try:
            self._store.sites()
        except StoreMissing:
            self._is_missing = True

    def known_of(self, names: Sequence[str]) -> Mapping[str, Sequence[Part]]:
        """See Recorder."""
        return dict.fromkeys(names, ()) if self._is_missing else self._store.known_of(names)

    def files(self) -> Iterable[Part]:
        """See Recorder."""
        return [] if self._is_missing else self._store.files()

    def record(self, parts: Sequence[DigestedPart], *, may_differ: bool = False) -> Iterator[PartEvent | Estimated]:  # noqa: ARG002
        """See Recorder; known parts are left out earlier."""
        if estimate := self._store.estimate([part.digest for part in parts]):
            yield Estimated(estimate)
        for log_file, digest in parts:
            yield counted(log_file, digest, digest.account)


def counted(log_file: LogFile, digest: Digest, account: Account, recounted: Recounted | None = None) -> PartCounted:
    """The event for a part that is counted or recounted."""
    return PartCounted(
        log_file,
        digest.is_last,
        account,
        digest.unreadable,
        digest.size,
        digest.notice,
        digest.hints,
        sites_of(digest),
        digest.rejects,
        recounted,
    )


def sites_of(digest: Digest) -> Mapping[str, int]:
    """The number of its views by site."""
    sites = digest.views.column("site")
    are_same = bool(sites) and sites.count(sites[0]) == len(sites)  # nearly always, and this runs for each file
    return {sites[0]: len(sites)} if are_same else Counter(sites)
