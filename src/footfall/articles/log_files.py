"""
The items of the table as log files: one for each page and month, and checkpoints between them.

The lines of a log file are made from the items (lines), so everything downstream reads them like any other log.
"""

import io
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from ..errors import SourceError
from ..records import LogFile
from ..sources.spooled import TemporaryCopy
from ..stores.imported import TABLE
from .checkpoints import Run, place_of
from .lines import View, hash_of, other_line, read_view
from .table import PageTable, read_table

ANOTHERS = "another-user"  # the site given to views that were not requested, so that they are dropped as another site's
CHECKPOINT_ITEMS = 5000  # between checkpoints, which come at the end of a page's month
SPOOLED_BYTES = 8 << 20  # of lines; more are kept in a temporary file, so that memory does not grow with the table


def find_items(source: str) -> Iterator[LogFile]:
    """The items of the table at `source`, for inspection only; they have no names to be recorded under."""
    return log_files(read_table(source), Run(""))


def log_files(table: PageTable, run: Run) -> Iterator[LogFile]:
    """
    The items of a table as log files, as they are read: one for each page and month, and checkpoints between them.

    A checkpoint's name says where reading resumes; the last one has no place. Checkpoints contain the records that are
    not views.
    """
    month, others, of, user = _Lines(), _Lines(), ("", ""), None
    checkpoints, before, read = run.checkpoints, run.start, 0
    for item in table.scan(run.start):
        view = read_view(item, table.keys)
        page = hash_of(item[table.keys[0]])
        # A scan returns a partition's items together, ordered by their sort keys.
        if month.size and (of[0] != page or (view and of[1] != f"{view.day:%Y-%m}")):
            yield month.log_file(table, run.name_of_month(*of))
            month = _Lines()
        if not month.size and read >= CHECKPOINT_ITEMS and (place := place_of(before)):
            yield others.log_file(table, run.name_of_checkpoint(checkpoints, place))
            checkpoints, others, read = checkpoints + 1, _Lines(), 0
        if view is None:
            others.add(other_line(item, table.keys, table.site or "-"))
        elif table.asks_for(view):
            user = _check_user(table, view, user)
            of = page, f"{view.day:%Y-%m}"
            is_wanted = table.user in ("", view.user)
            month.add(view.line((table.site or "-") if is_wanted else ANOTHERS, table.keys))
        before, read = {name: item[name] for name in table.keys}, read + 1
    if month.size:
        yield month.log_file(table, run.name_of_month(*of))
    yield others.log_file(table, run.name_of_checkpoint(checkpoints, ""))


def _check_user(table: PageTable, view: View, before: str | None) -> str:
    """Several users usually mean several sites."""
    if not table.user and before is not None and view.user != before:
        raise SourceError(
            f"{table.place} has pages of two users, {before or '(none)'} and {view.user or '(none)'}: import each separately, "
            f"with the site its pages belong to: {TABLE}{table.table}?user={view.user or before}"
        )
    return view.user


class _Lines:
    """Collects the lines of a log file; many lines go to a temporary file."""

    def __init__(self) -> None:
        self.size = 0
        self._lines: list[bytes] = []
        self._in_memory = 0
        self._file: TemporaryCopy | None = None

    def add(self, line: bytes) -> None:
        """Add a line."""
        self._lines.append(line)
        self.size += len(line)
        self._in_memory += len(line)
        if self._in_memory > SPOOLED_BYTES:
            self._spool()

    def _spool(self) -> None:
        if self._file is None:
            self._file = TemporaryCopy()
        with open(self._file.name, "ab") as file:
            file.writelines(self._lines)
        self._lines, self._in_memory = [], 0

    def log_file(self, table: PageTable, name: str) -> LogFile:
        """All of them."""
        if self._file is None:
            return LogFile(name, table.place, partial(io.BytesIO, b"".join(self._lines)), self.size)
        self._spool()

        def reopen(kept: TemporaryCopy = self._file) -> BinaryIO:
            return open(kept.name, "rb")

        return LogFile(name, table.place, reopen, self.size)
