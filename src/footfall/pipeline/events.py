"""
Events while log files are counted: small values that the pipeline yields, to be summed up and shown.

    FilesFound ─► PartCounted | PartKnown  (each part)  ─► FileDone
                  FileFailed               (at most one, instead of FileDone)

    SourceFailed, NameUnknown, FileKnown, FileArchived, LeftForLater     found, and not read
    FilesGone                                              due for a recount, and not found
    VisitorsRead (each file) ─► DaysRecounted              before a recount: the visitors of days
    Estimated                                              only in a dry run

The parts of a file come in order, and each file is done once.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from ..errors import FootfallError
from ..records import Account, LogFile
from ..stores.shapes import Estimate, Recounted, Stays
from ..unreadable import Rejected, Unreadable

NONE: Mapping[str, int] = MappingProxyType({})


class FilesFound(NamedTuple):
    """How many log files have been found: cumulative, since files are found while others are counted."""

    files: int
    size: int
    """Bytes as stored, perhaps compressed."""
    is_all: bool
    """Whether all files have been found."""


class SourceFailed(NamedTuple):
    """A place where logs were looked for, and none could be found or listed."""

    error: FootfallError


class NameUnknown(NamedTuple):
    """A file that is not read because its name is not a log file's."""

    log_file: LogFile


class FileKnown(NamedTuple):
    """A log file that the ledger has completely, according to its name; it is not opened."""

    log_file: LogFile


class FileArchived(NamedTuple):
    """A log file that is archived in S3 and not requested, since it would have to be restored first."""

    log_file: LogFile


class LeftForLater(NamedTuple):
    """A log file left for lack of time."""

    log_file: LogFile


class PartCounted(NamedTuple):
    """A part of a log file was recorded; in a dry run, it would be."""

    log_file: LogFile
    is_last: bool
    account: Account
    unreadable: Sequence[Unreadable] = ()
    size: int = 0
    """Bytes, decompressed."""
    notice: str = ""
    """Advice to the owner on how it was read, in a sentence about "it"."""
    hints: Mapping[str, int] = NONE
    """How many of its dropped lines suggest that a setting is missing, by setting."""
    sites: Mapping[str, int] = NONE
    """The number of its views by site."""
    rejects: Rejected = Rejected()
    """All unreadable lines, if they are saved; `unreadable` has the first ones."""
    recounted: Recounted | None = None
    """The differences, if it is recounted."""


class PartKnown(NamedTuple):
    """A part that the ledger already has, with the same content; or a whole file, by name and size."""

    log_file: LogFile
    is_last: bool
    size: int = 0
    stays: Stays | None = None
    """Why it keeps its counts, if it was to be recounted."""


class FileFailed(NamedTuple):
    """A log file that cannot be read or recorded; no more of it is read, but the others are counted."""

    log_file: LogFile
    error: FootfallError
    account: Account = Account()
    """The first lines, if it failed because it is not a log."""
    unreadable: Sequence[Unreadable] = ()
    sites: Mapping[str, int] = NONE
    """The number of its views by site, if the store refused it."""
    rejects: Rejected = Rejected()
    """See PartCounted."""


class FileDone(NamedTuple):
    """A log file was read to its end."""

    log_file: LogFile
    is_new: bool
    """Whether any of it was counted now; otherwise the ledger had all of it."""
    account: Account
    """The number of its new parts."""


class Estimated(NamedTuple):
    """The cost of recording the parts that follow."""

    estimate: Estimate


class FilesGone(NamedTuple):
    """Log files that were counted under other rules, and were not found among the logs."""

    names: Sequence[str]
    """As recorded in the ledger."""


class VisitorsRead(NamedTuple):
    """How many of the files with visitors to recount have been read; a later pass over the same files starts again."""

    files: int
    of: int


class DaysRecounted(NamedTuple):
    """The visitors of days with files that were counted under other rules."""

    done: int
    """Days whose visitors are counted by today's rules."""
    stay: int
    """Days whose visitors stay as counted, because not all of their files can be read."""


PartEvent = PartCounted | PartKnown | FileFailed
OfFile = NameUnknown | FileKnown | FileArchived | LeftForLater | FileDone
Event = FilesFound | SourceFailed | OfFile | PartEvent | Estimated | FilesGone | VisitorsRead | DaysRecounted
