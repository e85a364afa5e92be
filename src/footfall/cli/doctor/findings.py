"""The findings of a `footfall doctor` check, and its input."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ...aws import code_of
from ...digest import Digester, Outcome, Start, make_digester
from ...errors import FootfallError, SourceError
from ...pipeline.foreign import refuse_foreign, what_else
from ...pipeline.parts import read_head, read_lines
from ...records import LogFile
from ...settings import Settings
from ...sources import find_logs, scheme_of
from ...sources.names import documented_kind, from_time_on
from ...sources.s3 import Place, read_place, s3_errors
from ...stores import Store

OK, WARNING, ERROR, SKIPPED = "ok", "warning", "error", "skipped"

MOST_LISTED = 100_000  # objects
SAMPLE_FILES, SAMPLE_LINES = 20, 20_000  # of each kind of log: the newest, whose lines are explained


class Finding(NamedTuple):
    """What a check found."""

    status: str
    told: str
    remedy: str = ""


class NoPermission(FootfallError):
    """The check's question was refused."""


class Skip(FootfallError):
    """There is nothing to check; the text says why."""


class Head(NamedTuple):
    """The beginning of a log file."""

    file: LogFile
    content: bytes
    log_format: str
    """The name of its format; "" if unknown."""
    notice: str
    """Advice to the owner on how it is read; see Reader."""
    refusal: str
    """Why nothing in it can be counted, and the remedy; "" if it can."""


@dataclass
class Checkup:
    """The subject of the checks."""

    settings: Settings
    store: Store

    @property
    def logs(self) -> str:
        """Where the logs are, from the settings; raises Skip if that is not set."""
        if not self.settings["logs"]:
            raise Skip("the setting logs is empty")
        return str(self.settings["logs"])

    @property
    def s3_place(self) -> Place:
        """Where in S3 the logs are; raises Skip if they are elsewhere."""
        if scheme_of(self.logs) != "s3":
            raise Skip("the logs are not in S3")
        return read_place(self.logs)

    @cached_property
    def listed(self) -> Sequence[LogFile]:
        """All files there, up to MOST_LISTED."""
        return list(islice(find_logs(self.logs), MOST_LISTED))

    @cached_property
    def newest(self) -> Sequence[LogFile]:
        """The newest log files of each kind, latest first; by modification time if none has a documented name."""
        by_age = sorted((file for file in self.listed if file.name), key=lambda file: from_time_on(file.name), reverse=True)
        if not by_age and scheme_of(self.logs) != "s3":
            return sorted(self.listed, key=changed_at, reverse=True)[:SAMPLE_FILES]
        of_kinds = [[file for file in by_age if documented_kind(file.name) == kind] for kind in ("s3", "cloudfront")]
        sample = {file.place for files in of_kinds for file in files[:SAMPLE_FILES]}
        return [file for file in by_age if file.place in sample]

    @cached_property
    def heads(self) -> Sequence[Head]:
        """The beginnings of the newest log files."""
        return [self._head(file) for file in self.newest]

    @cached_property
    def has_cloudfront(self) -> bool:
        """Whether CloudFront's own logs are there."""
        return bool(self.settings["logs"]) and any(head.log_format == "cloudfront" for head in self.heads)

    @cached_property
    def outcomes(self) -> Sequence[Outcome]:
        """The outcomes of lines of the newest log files, equally many from each."""
        return [outcome for head in self.heads for outcome in self._outcomes_of(head)]

    def _head(self, file: LogFile) -> Head:
        content = read_head(file)
        lines = self._digester.read([content], Start(content))
        refusal = lines.refusal or _foreign(file, content)
        if not refusal and lines.account.lines == lines.account.unreadable > 0:
            refusal = what_else(content, lines.log_format)
        return Head(file, content, lines.log_format, lines.notice, refusal)

    def _outcomes_of(self, head: Head) -> Iterator[Outcome]:
        explained = self._digester.explain(*read_lines(head.file))
        return (outcome for _, outcome in islice(explained, SAMPLE_LINES // len(self.heads)))

    @cached_property
    def _digester(self) -> Digester:
        return make_digester(self.settings["format"], self.settings.counting)


def changed_at(file: LogFile) -> float:
    """When a file on this machine was last changed, in seconds since the epoch; 0 if unknown."""
    try:
        return Path(file.place).stat().st_mtime
    except (OSError, ValueError):
        return 0.0


def _foreign(file: LogFile, content: bytes) -> str:
    """Why a file with this beginning is not a log, and what to do; "" if it may be one."""
    try:
        refuse_foreign(file.place, content)
    except SourceError as error:
        return str(error).removeprefix(f"{file.place}: ")
    return ""


@contextmanager
def asking(action: str, place: Place) -> Iterator[None]:
    """Turns refused requests into NoPermission; other errors are raised as usual."""
    with s3_errors(place):
        from botocore.exceptions import ClientError

        try:
            yield
        except ClientError as error:
            if code_of(error, ()) in ("AccessDenied", "403"):
                raise NoPermission(action) from error
            raise
