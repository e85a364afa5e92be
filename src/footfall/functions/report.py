"""The log and the answer of a function: turns pipeline events into a line of JSON per log file, and the counts of a call."""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from time import monotonic
from typing import Any

from ..errors import LogGone, Unfinished
from ..pipeline.events import Event, FileDone, FileFailed, LeftForLater, PartCounted
from ..records import Account, LogFile
from ..reports.answers import account_json
from ..stores import CUT

# Normal if one bucket has the logs of several sites; otherwise nothing is ever counted.
ALL_OF_ANOTHER_SITE = "no line belongs to a site in FOOTFALL_SITES"


class CallReport:
    """Sums up the events of one call, and logs them."""

    def __init__(self, request_id: str, failures: Iterable[str] = ()):
        self.files = Counter[str]()
        """The number of log files that are `new`, `recounted`, `known`, `gone` (deleted since) or `failed`."""
        self._recounted: set[str] = set()
        """The places of recounted files."""
        self._left: list[LogFile] = []
        self._notices: dict[str, str] = {}
        """By a file's place: advice to the owner on how it was read."""
        self._failures = list(failures)
        """Errors of files that have to be retried."""
        self._request_id, self._began = request_id, monotonic()

    def add(self, event: Event) -> None:
        """Take in one more event."""
        match event:
            case PartCounted(log_file=log_file, notice=notice, recounted=recounted):
                if notice:
                    self._notices[log_file.place] = notice
                if recounted:
                    self._recounted.add(log_file.place)
            case FileDone(log_file, is_new, account):
                if account.lines and account.dropped.get("other site") == account.lines:
                    self._notices.setdefault(log_file.place, ALL_OF_ANOTHER_SITE)
                if account.cut:
                    self._notices.setdefault(log_file.place, f"{account.cut} of its views: {CUT}")
                status = "recounted" if log_file.place in self._recounted else "new" if is_new else "known"
                self._file(status, log_file, account)
            case FileFailed(log_file, LogGone() as error, account):
                self._file("gone", log_file, account, error=str(error))
            case FileFailed(log_file, error, account):
                self._file("failed", log_file, account, error=str(error))
                self._failures.append(str(error))
            case LeftForLater(log_file):
                self._left.append(log_file)

    def _file(self, status: str, log_file: LogFile, account: Account, **more: str) -> None:
        self.files[status] += 1
        if notice := self._notices.pop(log_file.place, ""):
            more["notice"] = notice
        ms = round((monotonic() - self._began) * 1000)
        write_line(
            status, request_id=self._request_id, log_file=log_file.place, name=log_file.name, ms=ms, **account_json(account),
            **more,
        )  # fmt: skip

    def answer(self, *, is_left_for_later: bool) -> dict[str, int]:
        """The number of files by result; raises Unfinished if something has to be retried."""
        answer, failures = dict(self.files), self._failures
        if self._left:
            answer["left"] = len(self._left)
            write_line("left", request_id=self._request_id, log_files=len(self._left), next=self._left[0].place)
            if not is_left_for_later:
                failures = [*failures, f"{len(self._left)} log files were left for lack of time"]
        if failures:
            raise Unfinished(f"{len(failures)} to be retried: {'; '.join(failures[:3])}")
        return answer


def write_line(status: str, **fields: Any) -> None:
    """One line of JSON on stdout, which is the function's log."""
    line = {"level": "ERROR" if status == "failed" else "INFO", "status": status, **fields}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
