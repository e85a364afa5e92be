"""
How far an import is, in one line on a terminal that is written anew:

    Counting ██████░░░░░░░░░░░░░░  31 %  12 of 80 files  160 of 519 MB  212,000 lines/s  77,431 views  0:02 left

Nothing is shown of what takes no more than a second, and nothing where no terminal reads.
"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import TextIO

from ..pipeline import Ingested
from ..records import LogFile

FIRST_SECONDS = 1.0
EVERY_SECONDS = 0.1  # more often than that nobody reads
WIDTH = 20
CLEAR = "\r\x1b[K"


def show_progress(done: Iterator[Ingested], log_files: Sequence[LogFile], stream: TextIO | None = None) -> Iterator[Ingested]:
    """The same, and a line of progress on a terminal."""
    stream = stream or sys.stderr
    if stream is None or not stream.isatty():  # there may be no standard error at all
        yield from done
        return
    bar = Progress(log_files)
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

    def __init__(self, log_files: Sequence[LogFile]):
        self._files, self._bytes = len(log_files), sum(file.size for file in log_files)
        self._done_files = self._done_bytes = self._in_file = self._lines = self._views = 0

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
        The line, after so many seconds.

        >>> Progress([]).text(1.0)
        'Counting ████████████████████ 100 %  0 of 0 files  0 of 0 MB  0 lines/s  0 views  0:00 left'
        """
        done = self._done_bytes + self._in_file
        share = done / self._bytes if self._bytes else 1.0
        left = round(seconds / share - seconds) if share else 0
        bar = "█" * round(WIDTH * share)
        return (
            f"Counting {bar:░<{WIDTH}} {share:4.0%}".replace("%", " %")
            + f"  {self._done_files:,} of {self._files:,} files  {done / 1e6:,.0f} of {self._bytes / 1e6:,.0f} MB"
            + f"  {self._lines / seconds:,.0f} lines/s  {self._views:,} views  {left // 60}:{left % 60:02} left"
        )
