"""`footfall import`: counts log files, and the items of the articles' table."""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from ..articles.importer import choose_table, cost_text, ingest_table
from ..articles.table import PageTable, is_table
from ..digest import Digester
from ..errors import ConfigError
from ..pipeline import ingest
from ..pipeline.days import close_days
from ..pipeline.events import Event, SourceFailed
from ..pipeline.recorders import DryRun, Recorder, StoreRecorder
from ..pipeline.search import find, without_archived
from ..records import LogFile
from ..reports import Period, parse_period
from ..sources.names import documented_day
from .backfill import hand_over
from .completion import complete_files
from .ingestion import digesters, run_ingestion, usable_processors
from .invocation import Invocation, invocation_of
from .options import common, quiet, settings
from .rejects import Rejects


@click.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", shell_complete=complete_files)
@click.option("--since", metavar="DAY", help="Skip log files whose names, as given by S3, have an earlier day.")
@click.option("--until", metavar="DAY", help="Skip log files whose names have a later day.")
@click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help="Read with N processes (default: one per CPU).")
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show what would be counted, without writing it; duplicates in other files are not detected.",
)
@click.option("--via", metavar="FUNCTION", help="Have your function in AWS count the log files in S3.")
@click.option("--verify", is_flag=True, help="Compare the content of files that were counted before, not only name and size.")
@click.option("--rejects", metavar="FILE", help="Save unreadable lines to FILE, unchanged.", shell_complete=complete_files)
@quiet
@settings
@common
@click.pass_context
def import_(
    context: click.Context, /, sources: tuple[str, ...], since: str | None, until: str | None, dry_run: bool,
    verify: bool, rejects: str | None, via: str | None, jobs: int | None, **given: Any,
) -> None:  # fmt: skip
    """
    Count the page views of log files, plain or gzip.

    SOURCE is a file, a folder, a glob, s3://bucket/prefix, or - for standard input.

    Files that were counted before are known by name and size and skipped, even if they have moved; --verify also compares
    their content. If interrupted, run it again to resume.
    """
    invocation = invocation_of(context, given)
    first, last = _days(since, until)
    if rejects and any(os.path.realpath(source) == os.path.realpath(rejects) for source in sources):
        raise ConfigError(f"--rejects {rejects} is one of the log files; choose another file")
    own_files = invocation.own_files | ({Path(os.path.realpath(rejects))} if rejects else set())
    tables = [
        choose_table(source, invocation.settings, invocation.store, first, last) for source in sources if is_table(source)
    ]
    places = [source for source in sources if not is_table(source)]
    found = _without(own_files, places, _between(first, last, find(places)))
    if via:
        if tables or rejects or dry_run:
            raise ConfigError("--via cannot be used with --dry-run or --rejects")
        is_well = hand_over(invocation, found, via)
    else:
        kept = Rejects(rejects)
        digester = digesters(invocation, rejects_folder=kept.folder)
        events = _events(invocation, found, tables, digester, is_dry=dry_run, jobs=jobs or usable_processors(), verifies=verify)
        is_well = run_ingestion(invocation, events, kept, is_dry=dry_run)
    context.exit(0 if is_well else 1)


def _events(
    invocation: Invocation, found: Iterable[LogFile | Event], tables: Iterable[PageTable],
    make_digester: Callable[[], Digester], *, is_dry: bool, jobs: int, verifies: bool,
) -> Iterator[Event]:  # fmt: skip
    """The events of the log files, then those of the tables' items."""
    store, counting = invocation.store, invocation.settings.counting
    recorder: Recorder = DryRun(store) if is_dry else StoreRecorder(store, invocation.settings["time_zone"].key)
    for table in () if invocation.is_quiet else tables:
        click.echo(cost_text(table), err=True)
    yield from ingest(without_archived(found), recorder, make_digester, jobs=jobs, is_prefetching=True, verifies=verifies)
    for table in tables:
        yield from ingest_table(table, recorder, counting)
    if not is_dry:
        close_days(store)


def _days(since: str | None, until: str | None) -> tuple[date | None, date | None]:
    """The days named by --since and --until, in UTC like the names of log files."""
    today = datetime.now(UTC).date()
    first = parse_period(since, today)[0] if since else None
    last = parse_period(until, today)[1] if until else None
    Period(first, last)  # raises ConfigError if it ends before it starts
    return first, last


def _between(
    first: date | None, last: date | None, found: Iterable[LogFile | SourceFailed]
) -> Iterator[LogFile | SourceFailed]:
    """The log files of these days, and those whose names contain no day."""
    is_asked = first is not None or last is not None
    for each in found:
        day = documented_day(each.name) if is_asked and isinstance(each, LogFile) else None
        if day is None or (first or day) <= day <= (last or day):
            yield each


def _without(
    own_files: set[Path], places: Iterable[str], found: Iterable[LogFile | SourceFailed]
) -> Iterator[LogFile | SourceFailed]:
    """The log files, without footfall's own files unless they are named."""
    named = set(places)

    def is_ours(file: LogFile) -> bool:  # a file with a documented name never is
        return not (file.is_far or file.name or file.place in named) and Path(os.path.realpath(file.place)) in own_files

    return (each for each in found if isinstance(each, SourceFailed) or not is_ours(each))
