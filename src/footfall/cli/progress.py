"""
How far an import is, in one line on a terminal that is written anew:

    Counting ██████░░░░░░░░░░░░░░  31 %  12 of 80 files  160 of 519 MB  212,000 lines/s  77,431 views  0:02 left

or, while there may be more files than were found so far,

    Counting  12 of 20,000+ files  2 of 519+ MB  212,000 lines/s  77,431 views

Nothing is shown of what takes no more than a second, and nothing where no terminal reads.
"""

import shutil
import sys
from collections.abc import Generator, Iterable
from time import monotonic
from typing import TextIO

from ..pipeline.events import Event, FileFailed, FilesFound, PartEvent, PartKnown

FIRST_SECONDS = 1.0
EVERY_SECONDS = 0.1  # more often than that nobody reads
WIDTH = 20
CLEAR = "\r\x1b[K"


def show_progress(events: Iterable[Event], stream: TextIO | None = None) -> Generator[Event, None, None]:
    """The same events, and a line of progress on a terminal."""
    stream = stream or sys.stderr
    if stream is None or not stream.isatty():  # there may be no standard error at all
        yield from events
        return
    progress, began = Progress(), monotonic()
    shown = began
    try:
        for event in events:
            if progress.add(event):
                now = monotonic()
                if now - began >= FIRST_SECONDS and now - shown >= EVERY_SECONDS:
                    shown = now
                    stream.write(CLEAR + progress.text(now - began)[: shutil.get_terminal_size().columns - 1])
                    stream.flush()
            yield event
    finally:
        if shown > began:
            stream.write(CLEAR)
            stream.flush()


class Progress:
    """What is done of the log files."""

    def __init__(self) -> None:
        self._found = FilesFound(0, 0, is_all=False)
        self._done_files = self._done_bytes = self._in_file = self._lines = self._views = 0

    def add(self, event: Event) -> bool:
        """One more has happened; says whether more is done now."""
        if isinstance(event, FilesFound):
            self._found = event
        if not isinstance(event, PartEvent):
            return False
        file = event.log_file
        if not isinstance(event, PartKnown):
            self._lines += event.account.lines
            self._views += event.account.views
        if isinstance(event, FileFailed) or event.is_last:
            self._done_files += 1
            self._done_bytes += file.size
            self._in_file = 0
        else:  # of a compressed file nobody knows how far that is before its end
            self._in_file = min(self._in_file + event.size, file.size)
        return True

    def text(self, seconds: float) -> str:
        """
        The line, after so many seconds; how much is left is not known before all is found.

        >>> Progress().text(1.0)
        'Counting  0 of 0+ files  0 of 0+ MB  0 lines/s  0 views'
        """
        done = self._done_bytes + self._in_file
        share = done / self._found.size if self._found.size else 1.0
        left = round(seconds / share - seconds) if share else 0
        bar = "█" * round(WIDTH * share)
        drawn, more, until = "", "+", ""
        if self._found.is_all:
            drawn, more, until = f" {bar:░<{WIDTH}} {share * 100:3.0f} %", "", f"  {left // 60}:{left % 60:02} left"
        return (
            f"Counting{drawn}  {self._done_files:,} of {self._found.files:,}{more} files"
            f"  {done / 1e6:,.0f} of {self._found.size / 1e6:,.0f}{more} MB"
            f"  {self._lines / seconds:,.0f} lines/s  {self._views:,} views{until}"
        )
