"""
Finding log files, and events during the search.

The pipeline iterates over the log files; other events of the finder, such as a failed source or a skipped file, are held here
until events are next yielded.
"""

from collections import deque
from collections.abc import Generator, Iterable, Iterator

from ..errors import SourceError
from ..records import LogFile
from ..sources import find_logs
from ..sources.prefetch import find_in_background
from .events import Event, FileArchived, FilesFound, SourceFailed


def find(sources: Iterable[str]) -> Iterator[LogFile | SourceFailed]:
    """The log files at all sources; one that fails does not stop the others."""
    for source in sources:
        try:
            yield from find_logs(source)
        except SourceError as error:
            yield SourceFailed(error)


def without_archived(found: Iterable[LogFile | Event]) -> Iterator[LogFile | Event]:
    """The same; log files that would first have to be restored become events."""
    for each in found:
        yield FileArchived(each) if isinstance(each, LogFile) and each.is_archived else each


class Search:
    """Iterates over what a finder yields; with `is_in_background`, in a thread, while earlier files are counted."""

    def __init__(self, found: Iterable[LogFile | Event], *, is_in_background: bool):
        self._events: deque[Event] = deque()
        self._files = self._size = 0
        self._is_all = False
        self._latest = FilesFound(0, 0, False)
        log_files = self._log_files(found)
        self._iterator = find_in_background(log_files) if is_in_background else log_files

    def _log_files(self, found: Iterable[LogFile | Event]) -> Generator[LogFile, None, None]:
        for each in found:
            if isinstance(each, LogFile):
                self._files += 1
                self._size += each.size
                yield each
            else:
                self._events.append(each)
        self._is_all = True

    def __iter__(self) -> Iterator[LogFile]:
        return self._iterator

    def close(self) -> None:
        """Stop searching."""
        self._iterator.close()

    @property
    def has_news(self) -> bool:
        """Whether there are events."""
        return self._files != self._latest.files or self._is_all != self._latest.is_all or bool(self._events)

    def events(self) -> Iterator[Event]:
        """The events since the last call."""
        latest = FilesFound(self._files, self._size, self._is_all)
        if latest != self._latest:
            self._latest = latest
            yield latest
        while self._events:
            yield self._events.popleft()
