"""`footfall import --via FUNCTION`: hands years of logs to the function in AWS, which counts them in parallel."""

import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import click

from ..aws import BROKEN_OFF, REACHING, SIGNING_IN, code_of, said_by
from ..errors import ConfigError, FootfallError, StoreMissing
from ..items import iso
from ..pipeline.events import SourceFailed
from ..pipeline.ledger import uncounted
from ..records import LogFile, Part
from ..sources.s3 import SCHEME, client_of, read_place
from ..stores import Store
from ..stores.capabilities import Backfill
from .invocation import Invocation
from .summary import show_problem

# Of one call: what a function counts within minutes, and AWS accepts as an event (256 KB).
MOST_FILES, MOST_BYTES, MOST_EVENT_BYTES = 250, 100 << 20, 200_000
PACKED = 8  # bytes of lines per byte of CloudFront's gzip files; S3 does not compress

# What AWS's error codes mean for the function, and the remedy.
REMEDIES: dict[str, str] = {
    **SIGNING_IN,
    **REACHING,
    **dict.fromkeys(BROKEN_OFF, "no answer ({said}); run it again"),
    "ResourceNotFound": "there is no such function in this region: make deploy creates footfall-prod-onBackfill; "
    "AWS_DEFAULT_REGION sets the region",
    "AccessDenied": "access denied ({said}): allow lambda:InvokeFunction on it",
    "TooManyRequests": "AWS is throttling calls ({said}); run it again later; files already handed over are being counted",
}

Call = Sequence[LogFile]


def hand_over(
    invocation: Invocation, found: Iterable[LogFile | SourceFailed], function: str, *,
    due: Callable[[Part], bool] | None = None,
) -> bool:  # fmt: skip
    """
    Hand over the log files that the ledger lacks, or that are `due` for a recount. Returns whether all places could be listed.
    """
    everything = list(found)
    _hand_over(invocation, [each for each in everything if isinstance(each, LogFile)], function, due=due)
    failures = [each for each in everything if isinstance(each, SourceFailed)]
    for failure in failures:
        show_problem(str(failure.error))
    return not failures


def _hand_over(
    invocation: Invocation, log_files: Sequence[LogFile], function: str, *, due: Callable[[Part], bool] | None = None
) -> None:
    """
    Hand over what the ledger lacks, or what is `due` for a recount, and show it.

    The function's own settings apply, not ours.
    """
    if (backfills := invocation.store.backfills) is None:
        raise ConfigError("--via counts into the function's table: add --store 'dynamodb:TABLE?region=eu-west-1'")
    if others := [file.place for file in log_files if not file.place.startswith(SCHEME)]:
        raise ConfigError(f"--via only reads s3://bucket/prefix, not {others[0]}")
    try:
        new = _due(log_files, invocation.store, due) if due else _new(log_files, invocation.store)
    except StoreMissing as error:
        raise StoreMissing(f"{error}; make deploy creates it") from error
    calls = list(_calls(new))
    random.shuffle(calls)  # so concurrent calls rarely count the same month, and rarely wait for each other
    backfill = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    backfills.begin(backfill, [len(call) for call in calls])
    for number, call in enumerate(calls):
        _invoke(function, {**_event(backfill, number, call), **({"recount": True} if due else {})})
    invocation.store.close()
    known = len(log_files) - len(new)
    if invocation.is_json:
        handed = {"backfill": backfill, "function": function, "files": len(new), "known": known, "calls": len(calls)}
        click.echo(invocation.answer(handed))
    elif not invocation.is_quiet:
        click.echo(f"{len(new):,} log files handed to {function} in {len(calls):,} calls, {known:,} known")
        click.echo("footfall status shows the progress", err=True)


def _new(log_files: Sequence[LogFile], store: Store) -> list[LogFile]:
    return [*uncounted(log_files, store), *(file for file in log_files if not file.name)]


def _due(log_files: Sequence[LogFile], store: Store, due: Callable[[Part], bool]) -> list[LogFile]:
    """The files that are due for a recount; for files without a documented name, the function finds out."""
    names = {part.name for part in store.files() if due(part)}
    return [file for file in log_files if (file.name in names or not file.name) and not file.is_archived]


def _calls(log_files: Sequence[LogFile]) -> Iterator[Call]:
    """The log files in groups that fit into one call, each from one bucket."""
    call: list[LogFile] = []
    size = text = 0
    for file in log_files:
        lines_size = file.size * (PACKED if file.place.endswith(".gz") else 1)
        is_full = len(call) >= MOST_FILES or size + lines_size > MOST_BYTES or text + 2 * len(file.place) > MOST_EVENT_BYTES
        if call and (is_full or read_place(file.place).bucket != read_place(call[0].place).bucket):
            yield call
            call, size, text = [], 0, 0
        call.append(file)
        size += lines_size
        text += 2 * len(file.place)
    if call:
        yield call


def _event(backfill: str, number: int, call: Call) -> dict[str, Any]:
    """The event for the function; see `functions.handlers.on_backfill`."""
    places = [read_place(file.place) for file in call]
    return {"backfill": backfill, "call": number, "bucket": places[0].bucket, "keys": [place.key for place in places]}


def _invoke(function: str, event: dict[str, Any]) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client_of("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode())
    except (BotoCoreError, ClientError) as error:
        remedy = REMEDIES.get(code_of(error, REMEDIES), "{said}").format(said=said_by(error))
        raise FootfallError(f"{function}: {remedy}") from error


def backfills_of(store: Store) -> list[Backfill]:
    """The backfills recorded in a store; none if no function can count into it."""
    return store.backfills.all() if store.backfills else []


def text_of(backfill: Backfill) -> str:
    """A backfill as `footfall status` shows it."""
    failed = f", {backfill.failed:,} failed: footfall sweep retries them" if backfill.failed else ""
    return f"{backfill.done:,} of {backfill.files:,} files since {iso(backfill.started_at)}{failed}"


def json_of(backfill: Backfill) -> dict[str, Any]:
    """The same in JSON."""
    return {**backfill._asdict(), "started_at": iso(backfill.started_at)}
