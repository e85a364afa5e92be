"""
How far an import is, in one line on a terminal that is written anew:

    Counting ██████░░░░░░░░░░░░░░  31 %  12 of 80 files  160 of 519 MB  212,000 lines/s  77,431 views  0:02 left

or, while there may be more files than were found so far,

    Counting  12 of 20,000+ files  2 of 519+ MB  212,000 lines/s  77,431 views

Nothing is shown of what takes no more than a second, and nothing where no terminal reads.
"""

import shutil
import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TextIO

from ..pipeline import Ingested
from ..records import LogFile

FIRST_SECONDS = 1.0
EVERY_SECONDS = 0.1  # more often than that nobody reads
WIDTH = 20
CLEAR = "\r\x1b[K"


def show_progress(done: Iterator[Ingested], bar: "Progress", stream: TextIO | None = None) -> Iterator[Ingested]:
    """The same, and a line of progress on a terminal."""
    stream = stream or sys.stderr
    if stream is None or not stream.isatty():  # there may be no standard error at all
        yield from done
        return
    began = shown = monotonic()
    try:
        for ingested in done:
            bar.add(ingested)
            now = monotonic()
            if now - began >= FIRST_SECONDS and now - shown >= EVERY_SECONDS:
                shown = now
                text = bar.text(now - began)[: shutil.get_terminal_size().columns - 1]
                stream.write(CLEAR + text)
                stream.flush()
            yield ingested
    finally:
        if shown > began:
            stream.write(CLEAR)
            stream.flush()


class Progress:
    """What is done of the log files."""

    def __init__(self) -> None:
        self._files = self._bytes = self._done_files = self._done_bytes = self._in_file = self._lines = self._views = 0
        self._is_all_found = False

    def expect(self, log_files: Iterable[LogFile]) -> Iterator[LogFile]:
        """The same log files; each that is found is waited for from now on."""
        for file in log_files:
            self._files += 1
            self._bytes += file.size
            yield file
        self._is_all_found = True

    def add(self, ingested: Ingested) -> None:
        """A part of a file is done; of a compressed one nobody knows how far that is before its end."""
        self._lines += ingested.account.lines
        self._views += ingested.account.views
        self._in_file = min(self._in_file + ingested.size, ingested.log_file.size)
        if ingested.is_last:
            self._done_files += 1
            self._done_bytes += ingested.log_file.size
            self._in_file = 0

    def text(self, seconds: float) -> str:
        """
        The line, after so many seconds; nobody knows how much is left before all is found.

        >>> Progress().text(1.0)
        'Counting  0 of 0+ files  0 of 0+ MB  0 lines/s  0 views'
        """
        done = self._done_bytes + self._in_file
        share = done / self._bytes if self._bytes else 1.0
        left = round(seconds / share - seconds) if share else 0
        bar = "█" * round(WIDTH * share)
        drawn, more, until = "", "+", ""
        if self._is_all_found:
            drawn, more, until = f" {bar:░<{WIDTH}} {share * 100:3.0f} %", "", f"  {left // 60}:{left % 60:02} left"
        return (
            f"Counting{drawn}  {self._done_files:,} of {self._files:,}{more} files"
            f"  {done / 1e6:,.0f} of {self._bytes / 1e6:,.0f}{more} MB"
            f"  {self._lines / seconds:,.0f} lines/s  {self._views:,} views{until}"
        )
