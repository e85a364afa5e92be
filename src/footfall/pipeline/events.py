"""
What happens while log files are counted: small values that the pipeline yields, and that whoever shows it adds up.

    FilesFound ─► PartCounted | PartKnown  (each part)  ─► FileDone
                  FileFailed               (at most one, instead of FileDone)

    SourceFailed, NameUnknown, FileKnown, FileArchived, LeftForLater     of what was found and is not read
    FilesGone                                              of what is to be recounted, and was not found
    DaysRecounted                                          before that: the visitors of days
    Estimated                                              only in a dry run

The parts of a file come in their order, and each file is done once.
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
    """How many log files were found so far: sums, since files are found while others are counted."""

    files: int
    size: int
    """Bytes as they are stored, perhaps compressed."""
    is_all: bool
    """Whether there are no more."""


class SourceFailed(NamedTuple):
    """A place where logs were looked for, and none could be found or listed."""

    error: FootfallError


class NameUnknown(NamedTuple):
    """A file that is not read because its name is not a log file's."""

    log_file: LogFile


class FileKnown(NamedTuple):
    """A log file that the ledger has whole, as its name says; it is not opened."""

    log_file: LogFile


class FileArchived(NamedTuple):
    """A log file that is in an archive of S3 and is not asked for, since the answer would be that it has to be restored."""

    log_file: LogFile


class LeftForLater(NamedTuple):
    """A log file that there is no time for."""

    log_file: LogFile


class PartCounted(NamedTuple):
    """A part of a log file is recorded; in a dry run it would be."""

    log_file: LogFile
    is_last: bool
    account: Account
    unreadable: Sequence[Unreadable] = ()
    size: int = 0
    """Bytes, decompressed."""
    notice: str = ""
    """What an owner should know of how it was read, in a sentence about "it"."""
    hints: Mapping[str, int] = NONE
    """How many of its dropped lines look as if this setting was missing."""
    sites: Mapping[str, int] = NONE
    """How many of its views are of which site."""
    rejects: Rejected = Rejected()
    """All unreadable lines, where they are kept; `unreadable` has the first of them."""
    recounted: Recounted | None = None
    """What is different, where it is recounted."""


class PartKnown(NamedTuple):
    """A part that the ledger has already, with the same content; or all of a file, by its name and size."""

    log_file: LogFile
    is_last: bool
    size: int = 0
    stays: Stays | None = None
    """Why it stays as it was counted, where it was to be recounted."""


class FileFailed(NamedTuple):
    """A log file that cannot be read or recorded; no more of it is read, and the others go on."""

    log_file: LogFile
    error: FootfallError
    account: Account = Account()
    """Of the lines that made it fail, where it is not a log."""
    unreadable: Sequence[Unreadable] = ()
    sites: Mapping[str, int] = NONE
    """How many views it has of which site, where the store refused it."""
    rejects: Rejected = Rejected()
    """See PartCounted."""


class FileDone(NamedTuple):
    """A log file was read to its end."""

    log_file: LogFile
    is_new: bool
    """Whether anything of it was counted now; else the ledger had it whole."""
    account: Account
    """Of its parts that are new."""


class Estimated(NamedTuple):
    """What recording the parts that follow would cost."""

    estimate: Estimate


class FilesGone(NamedTuple):
    """Log files that were counted under other rules, and are not where logs were looked for."""

    names: Sequence[str]
    """As the ledger has them."""


class DaysRecounted(NamedTuple):
    """The visitors of days with files that were counted under other rules."""

    done: int
    """Days whose visitors are counted by today's rules."""
    stay: int
    """Days whose visitors stay as they were counted, as not all files of them can be read."""


PartEvent = PartCounted | PartKnown | FileFailed
OfFile = NameUnknown | FileKnown | FileArchived | LeftForLater | FileDone
Event = FilesFound | SourceFailed | OfFile | PartEvent | Estimated | FilesGone | DaysRecounted
