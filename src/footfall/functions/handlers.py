"""
The functions in AWS.

    on_log        counts the log files that S3 tells of
    on_sweep      counts, day by day, what the ledger lacks
    on_backfill   counts the files that `footfall import --via` hands over

Each writes one line of JSON for each log file, with its account. What fails is raised when the rest is done, so that
AWS tries again; what is counted is in the ledger and not counted twice. Nothing is imported that they do not need.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from time import monotonic
from typing import Any, NamedTuple, Protocol

from ..digest import Digester
from ..errors import ConfigError, LogGone, StoreError, Unfinished
from ..formats import FORMATS
from ..pipeline import Ingested, ingest, lacking
from ..records import Account, LogFile
from ..reports.answers import account_json
from ..settings import Settings, load_settings
from ..sources import find_logs
from ..sources.s3 import Place, log_file
from ..stores import Store, open_store
from ..stores.dynamodb import DynamoDBStore
from ..stores.dynamodb.backfills import tell as tell_backfill
from .events import told_of

# No file is begun when less is left: what was read may still wait to be written, and DynamoDB may ask for patience.
STOP_BEFORE_MS = 30_000


class Context(Protocol):
    """What AWS tells a function about its call."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """How long until it is stopped."""


class Setup(NamedTuple):
    """What stays the same from call to call."""

    settings: Settings
    store: Store
    digester: Digester


def on_log(event: Any, context: Context) -> dict[str, int]:
    """Count the log files that `event` tells of; says how many came to what."""
    problems: list[str] = []
    places = list(dict.fromkeys(_told_of(event, problems)))
    for place in places:
        if not (file := log_file(place)).name:
            _tell("no log", log_file=file.place)
    return _count((file for file in map(log_file, places) if file.name), context, problems, {})


def _told_of(event: Any, problems: list[str]) -> Iterator[Place]:
    """What it tells of, as far as it can be understood."""
    for part in event["Records"] if isinstance(event, dict) and isinstance(event.get("Records"), list) else [event]:
        try:
            yield from told_of(part)
        except ConfigError as error:
            problems.append(str(error))
            _tell("failed", error=str(error))


def on_sweep(_: Any, context: Context) -> dict[str, int]:
    """Count what lies in the bucket and the ledger lacks; what there is no time for is left for the next sweep."""
    setup = _setup()
    if not setup.settings["logs"]:
        raise ConfigError("nothing to sweep: set FOOTFALL_LOGS to s3://bucket/prefix")
    new = list(lacking(find_logs(setup.settings["logs"]), setup.store))
    return _count(new, context, [], {}, is_left_for_later=True)


def on_backfill(event: Any, context: Context) -> dict[str, int]:
    """Count the log files that `footfall import --via` hands over, and note how far it came."""
    became: dict[str, int] = {}
    try:
        return _count([log_file(Place(event["bucket"], key)) for key in event["keys"]], context, [], became)
    finally:
        store = _setup().store
        if isinstance(store, DynamoDBStore):
            done = sum(became.get(status, 0) for status in ("new", "known", "gone"))
            tell_backfill(store.requests, event["backfill"], event["call"], done, len(event["keys"]) - done)


def _count(
    log_files: Iterable[LogFile], context: Context, problems: list[str], became: dict[str, int], *,
    is_left_for_later: bool = False,
) -> dict[str, int]:  # fmt: skip
    """Count log files while there is time; raises Unfinished, after all, where something has to be tried again."""
    setup, left = _setup(), list[str]()
    setup.store.prepare(setup.settings["time_zone"].key)
    try:
        for told in _files(ingest(_while_there_is_time(log_files, context, left), setup.store, setup.digester)):
            became[told.status] = became.get(told.status, 0) + 1
            told.write(context)
            problems += [told.error] if told.status == "failed" else []
    except StoreError as error:  # which holds for every file: all are tried again
        _tell("failed", request_id=context.aws_request_id, error=str(error))
        raise
    if left:
        became["left"] = len(left)
        _tell("left", request_id=context.aws_request_id, log_files=len(left), next=left[0])
        problems += [] if is_left_for_later else [f"there was no time for {len(left)} log files"]
    if problems:
        raise Unfinished(f"{len(problems)} to be tried again: {'; '.join(problems[:3])}")
    return became


def _while_there_is_time(log_files: Iterable[LogFile], context: Context, left: list[str]) -> Iterator[LogFile]:
    """The log files, until time is short; then the places of those that are `left`."""
    for file in log_files:
        if left or context.get_remaining_time_in_millis() < STOP_BEFORE_MS:
            left.append(file.place)
        else:
            yield file


class Told(NamedTuple):
    """What became of one log file, all its parts together."""

    log_file: LogFile
    status: str
    """`new`, `known`, `gone`, or `failed`"""
    account: Account
    error: str
    ms: int

    def write(self, context: Context) -> None:
        """One line of JSON."""
        more = {"error": self.error} if self.error else {}
        _tell(
            self.status, request_id=context.aws_request_id, log_file=self.log_file.place, name=self.log_file.name, ms=self.ms,
            **account_json(self.account), **more,
        )  # fmt: skip


def _files(parts: Iterable[Ingested]) -> Iterator[Told]:
    """What became of each file, as soon as all its parts are done."""
    accounts: dict[str, Account] = {}
    new: set[str] = set()
    began = monotonic()
    for part in parts:
        file = part.log_file.place
        accounts[file] = accounts.get(file, Account()) + part.account
        if part.status == "new":
            new.add(file)
        if part.is_last or part.error:
            failed = "gone" if isinstance(part.error, LogGone) else "failed" if part.error else ""
            status = failed or ("new" if file in new else "known")
            yield Told(part.log_file, status, accounts.pop(file), str(part.error or ""), round((monotonic() - began) * 1000))


@cache
def _setup() -> Setup:
    """Made at the first call, and kept for those that follow in this process."""
    settings = load_settings(None, {})
    store = open_store(settings["store"], settings["item"], settings.keep)
    return Setup(settings, store, Digester(FORMATS[settings["format"]], settings.counting))


def _tell(status: str, **fields: Any) -> None:
    """One line of JSON on stdout, which is the function's log."""
    line = {"level": "ERROR" if status == "failed" else "INFO", "status": status, **fields}
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()
