"""
Parts of log files, recorded together: one transaction for many small files.

A batch does not wait long, so little is repeated after a crash.
"""

from collections.abc import Iterator
from time import monotonic

from ..records import Digest, LogFile
from .events import Event
from .recorders import DigestedPart, Recorder

BATCH_VIEWS = 10_000
BATCH_FILES = 500
BATCH_REJECTS = 8 << 20  # bytes of unreadable lines, where they are kept in memory
BATCH_SECONDS = 1.0


class Batch:
    """The parts that are waiting to be recorded."""

    def __init__(self, recorder: Recorder):
        self._recorder = recorder
        self._parts: list[DigestedPart] = []
        self._views, self._rejects, self._began = 0, 0, monotonic()

    def add(self, log_file: LogFile, digest: Digest) -> None:
        """Add a part."""
        self._parts.append(DigestedPart(log_file, digest))
        self._views += len(digest.views)
        self._rejects += len(digest.rejects.content)

    @property
    def is_due(self) -> bool:
        """Whether it is large enough, or has waited long enough."""
        is_large = self._views >= BATCH_VIEWS or len(self._parts) >= BATCH_FILES or self._rejects >= BATCH_REJECTS
        return is_large or monotonic() - self._began >= BATCH_SECONDS

    def ends_with(self, log_file: LogFile) -> bool:
        """Whether the last part is of this file, so that it must be recorded before the file's next event."""
        return bool(self._parts) and self._parts[-1].log_file is log_file

    def record(self) -> Iterator[Event]:
        """Record everything pending, and start over."""
        parts = self._parts
        self._parts, self._views, self._rejects, self._began = [], 0, 0, monotonic()
        if parts:
            yield from self._recorder.record(parts)
