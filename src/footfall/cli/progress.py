"""
The progress of an import, on one line of the terminal:

    Counting  31 %  0:02 left  77,431 views  12 of 80 files  160 of 519 MB  212,000 lines/s  ██████░░░░░░░░░░░░░░

or, while more files may still be found,

    Counting  77,431 views  12 of 20,000+ files  2 of 519+ MB  212,000 lines/s

and, while a recount reads the visitors of whole days, which comes first,

    Visitors  31 %  12 of 80 files  ██████░░░░░░░░░░░░░░

On a narrow terminal, items at the end are left out, and no number is truncated. Nothing is shown for imports of less than a
second, or if stderr is not a terminal.
"""

import shutil
import sys
from collections.abc import Generator, Iterable, Iterator
from itertools import accumulate
from time import monotonic
from typing import TextIO

from ..pipeline.events import Event, FileFailed, FilesFound, PartEvent, PartKnown, VisitorsRead

FIRST_SECONDS = 1.0
EVERY_SECONDS = 0.1  # nobody can read faster
WIDTH = 20
KNOWN_FROM = 0.01  # of all bytes; before that, the estimate would depend on the time taken to start processes
CLEAR = "\r\x1b[K"


def show_progress(
    events: Iterable[Event], stream: TextIO | None = None, *, is_quiet: bool = False
) -> Generator[Event, None, None]:
    """The same events, and a line of progress on a terminal."""
    stream = stream or sys.stderr
    if is_quiet or stream is None or not stream.isatty():  # there may be no standard error at all
        yield from events
        return
    progress, began = Progress(), monotonic()
    shown = counting = began
    try:
        for event in events:
            if progress.add(event):
                now = monotonic()
                counting = now if isinstance(event, VisitorsRead) else counting
                if now - began >= FIRST_SECONDS and now - shown >= EVERY_SECONDS:
                    shown = now
                    stream.write(CLEAR + progress.text(now - counting, shutil.get_terminal_size().columns - 1))
                    stream.flush()
            yield event
    finally:
        if shown > began:
            stream.write(CLEAR)
            stream.flush()


class Progress:
    """The progress over the log files."""

    def __init__(self) -> None:
        self._found = FilesFound(0, 0, is_all=False)
        self._visitors: VisitorsRead | None = None
        self._done_files = self._done_bytes = self._in_file = self._lines = self._views = 0

    def add(self, event: Event) -> bool:
        """Take in one more event; returns whether there is progress to show."""
        if isinstance(event, FilesFound):
            self._found = event
        self._visitors = event if isinstance(event, VisitorsRead) else None
        if not isinstance(event, PartEvent):
            return self._visitors is not None
        file = event.log_file
        if not isinstance(event, PartKnown):
            self._lines += event.account.lines
            self._views += event.account.views
        if isinstance(event, FileFailed) or event.is_last:
            self._done_files += 1
            self._done_bytes += file.size
            self._in_file = 0
        else:  # in a compressed file, the position is unknown until its end
            self._in_file = min(self._in_file + event.size, file.size)
        return True

    def text(self, seconds: float, columns: int) -> str:
        """
        The line after `seconds`, cut to `columns`; how much is left is unknown until all files are found.

        >>> Progress().text(1.0, 79)
        'Counting  0 views  0 of 0+ files  0 of 0+ MB  0 lines/s'
        >>> Progress().text(1.0, 40)
        'Counting  0 views  0 of 0+ files'
        """
        parts = list(accumulate(self._parts(seconds), "{}  {}".format))
        return next((text for text in reversed(parts) if len(text) <= columns), "")

    def _parts(self, seconds: float) -> Iterator[str]:
        """The parts of the line, the most important first."""
        if self._visitors:
            files, of = self._visitors
            yield from ("Visitors", f"{files / of * 100:3.0f} %", f"{files:,} of {of:,} files", _bar(files / of))
            return
        found, done = self._found, self._done_bytes + self._in_file
        share = done / found.size if found.size else 1.0
        more = "" if found.is_all else "+"
        yield "Counting"
        if found.is_all:
            yield f"{share * 100:3.0f} %"
        if found.is_all and share >= KNOWN_FROM:
            yield f"{_clock(round(seconds / share - seconds))} left"
        yield f"{self._views:,} {'view' if self._views == 1 else 'views'}"
        yield f"{self._done_files:,} of {found.files:,}{more} files"
        yield f"{done / 1e6:,.0f} of {found.size / 1e6:,.0f}{more} MB"
        yield f"{self._lines / seconds:,.0f} lines/s"
        if found.is_all:
            yield _bar(share)


def _bar(share: float) -> str:
    return f"{'█' * round(WIDTH * share):░<{WIDTH}}"


def _clock(seconds: int) -> str:
    """
    A duration as a clock shows it.

    >>> _clock(62), _clock(3725)
    ('1:02', '1:02:05')
    """
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}" if minutes >= 60 else f"{minutes}:{second:02}"
