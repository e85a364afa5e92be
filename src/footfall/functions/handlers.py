"""
The functions in AWS.

    on_log        counts the log files that S3 announces
    on_sweep      counts, once a day, what the ledger lacks, and closes days
    on_backfill   counts the files that `footfall import --via` hands over, or recounts those of `footfall recount --via`

An AWS event names log files, which the pipeline counts; the result for each is one line of JSON. Failures are raised after
everything else is done, so that AWS retries; counted files are in the ledger and are not counted twice. Only what the functions
need is imported.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple, Protocol

from ..digest import Digester, make_digester, rules_of
from ..errors import ConfigError, StoreError
from ..pipeline import ingest
from ..pipeline.days import close_days
from ..pipeline.events import Event, LeftForLater
from ..pipeline.ledger import uncounted
from ..pipeline.recorders import StoreRecorder
from ..records import LogFile
from ..settings import Settings, load_settings
from ..sources import find_logs
from ..sources.s3 import Place, log_file
from ..stores import Store, open_store
from .notifications import Named, handed_over, objects_in
from .report import CallReport, write_line

# No file is started if less is left: what was read has to be written, and DynamoDB may throttle.
STOP_BEFORE_MS = 30_000


class Context(Protocol):
    """What AWS passes to a function about its call."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """The time until AWS stops it."""


class Setup(NamedTuple):
    """What is reused from call to call."""

    settings: Settings
    store: Store
    digester: Digester


def on_log(event: Any, context: Context) -> dict[str, int]:
    """Count the log files that `event` names; returns the number of files by result."""
    named = list(objects_in(event))
    errors = _errors_in(named)
    log_files = list(map(log_file, dict.fromkeys(each for each in named if isinstance(each, Place))))
    for file in log_files:
        if not file.name:
            write_line("no log", log_file=file.place)
    report = CallReport(context.aws_request_id, errors)
    _count((file for file in log_files if file.name), report, context)
    return report.answer(is_left_for_later=False)


def _errors_in(named: Iterable[Named]) -> list[str]:
    """The parts of an event that cannot be understood; they are also logged."""
    errors = [str(each) for each in named if isinstance(each, ConfigError)]
    for error in errors:
        write_line("failed", error=error)
    return errors


def on_sweep(_: Any, context: Context) -> dict[str, int]:
    """Count what is in the bucket but not in the ledger; what there is no time for is left for the next sweep."""
    setup = _setup()
    if not setup.settings["logs"]:
        raise ConfigError("nothing to sweep: set FOOTFALL_LOGS to s3://bucket/prefix")
    new = list(uncounted(find_logs(setup.settings["logs"]), setup.store))
    report = CallReport(context.aws_request_id)
    if archived := sum(file.is_archived for file in new):
        write_line("archived", request_id=context.aws_request_id, log_files=archived)
    _count((file for file in new if not file.is_archived), report, context, closes_days=True)
    return report.answer(is_left_for_later=True)


def on_backfill(event: Any, context: Context) -> dict[str, int]:
    """Count the log files that `footfall import --via` hands over, and note how far it came."""
    named = handed_over(event)
    report = CallReport(context.aws_request_id, _errors_in(named))
    try:
        log_files = [log_file(each) for each in named if isinstance(each, Place)]
        _count(log_files, report, context, are_due=bool(event.get("recount")))
        return report.answer(is_left_for_later=False)
    finally:
        if backfills := _setup().store.backfills:
            done = sum(report.files[status] for status in ("new", "recounted", "known", "gone"))
            backfills.note(event["backfill"], event["call"], done, len(named) - done)


def _count(
    log_files: Iterable[LogFile], report: CallReport, context: Context, *, closes_days: bool = False, are_due: bool = False
) -> None:
    """Count or recount log files while there is time, and report what happens; then perhaps close days."""
    setup = _setup()
    found = _while_there_is_time(log_files, context)
    try:
        for event in _anew(found, setup) if are_due else ingest(found, _recorder(setup), lambda: setup.digester):
            report.add(event)
        if closes_days and (closed := close_days(setup.store)):
            write_line("closed", request_id=context.aws_request_id, days=closed)
    except StoreError as error:  # affects every file: all are retried
        write_line("failed", request_id=context.aws_request_id, error=str(error))
        raise


def _recorder(setup: Setup) -> StoreRecorder:
    return StoreRecorder(setup.store, setup.settings["time_zone"].key)


def _anew(found: Iterable[LogFile | Event], setup: Setup) -> Iterator[Event]:
    from ..pipeline.recount import Due, recount_files

    counting = setup.settings.counting
    return recount_files(found, setup.store, counting, Due(rules_of(counting)), lambda: setup.digester)


def _while_there_is_time(log_files: Iterable[LogFile], context: Context) -> Iterator[LogFile | LeftForLater]:
    """The log files, until time runs short; after that, a LeftForLater for each."""
    is_short = False
    for file in log_files:
        is_short = is_short or context.get_remaining_time_in_millis() < STOP_BEFORE_MS
        yield LeftForLater(file) if is_short else file


@cache
def _setup() -> Setup:
    """Made on the first call, and kept for later calls in this process."""
    settings = load_settings(None, {})
    store = open_store(settings["store"], settings["item"], settings.keep)
    return Setup(settings, store, make_digester(settings["format"], settings.counting))
