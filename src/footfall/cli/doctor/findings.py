"""What a check of `footfall doctor` finds, and what is looked at."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from ...aws import code_of
from ...digest import Outcome, make_digester
from ...errors import FootfallError
from ...pipeline.parts import read_head, read_lines
from ...records import LogFile
from ...settings import Settings
from ...sources import find_logs, scheme_of
from ...sources.s3 import Place, read_place, s3_errors
from ...stores import Store

WELL, ODD, WRONG, UNKNOWN = "well", "odd", "wrong", "unknown"

MOST_LISTED = 100_000  # objects
SAMPLE_FILES, SAMPLE_LINES = 20, 20_000  # the newest, whose lines are explained


class Finding(NamedTuple):
    """What a check found."""

    status: str
    told: str
    remedy: str = ""


class NoPermission(FootfallError):
    """The check's question was refused."""


@dataclass
class Checkup:
    """What is looked at."""

    settings: Settings
    store: Store

    @property
    def place(self) -> Place | None:
        """Where in S3 the logs are; None where they are not in S3."""
        source: str = self.settings["logs"]
        return read_place(source) if scheme_of(source) == "s3" else None

    @cached_property
    def newest(self) -> Sequence[LogFile]:
        """The newest log files, the latest first."""
        listed = islice(find_logs(self.settings["logs"]), MOST_LISTED)
        return sorted((file for file in listed if file.name), key=lambda file: file.name[-36:], reverse=True)[:SAMPLE_FILES]

    @cached_property
    def outcomes(self) -> Sequence[Outcome]:
        """What becomes of the lines of the newest log files."""
        digester = make_digester(self.settings["format"], self.settings.counting)
        outcomes = (outcome for file in self.newest for _, outcome in digester.explain(read_lines(file), read_head(file)))
        return list(islice(outcomes, SAMPLE_LINES))


@contextmanager
def asking(action: str, place: Place) -> Iterator[None]:
    """A question that is refused is NoPermission; what else goes wrong is raised as ever."""
    with s3_errors(place):
        from botocore.exceptions import ClientError

        try:
            yield
        except ClientError as error:
            if code_of(error, ()) in ("AccessDenied", "403"):
                raise NoPermission(action) from error
            raise
