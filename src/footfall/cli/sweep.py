"""`footfall sweep`: counts what the ledger lacks, after lost notifications or failed attempts."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import click

from ..articles.table import is_table
from ..errors import ConfigError, StoreMissing
from ..pipeline import ingest
from ..pipeline.days import close_days
from ..pipeline.events import Event, FileKnown, NameUnknown
from ..pipeline.ledger import whole_files
from ..pipeline.recorders import StoreRecorder
from ..pipeline.search import find, without_archived
from ..records import LogFile
from .completion import complete_files
from .ingestion import digesters, run_ingestion, usable_processors
from .invocation import Invocation, invocation_of
from .options import common, quiet
from .rejects import Rejects


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE...]", shell_complete=complete_files)
@quiet
@common
@click.pass_context
def sweep(context: click.Context, /, sources: tuple[str, ...], **given: Any) -> None:
    """
    Count only log files that have not been counted yet.

    SOURCE is s3://bucket/prefix or a folder; default: the setting `logs`. Unlike import, it looks files up by name and
    opens only new ones, so it is fast even with many thousands of files.
    """
    invocation = invocation_of(context, given)
    places = sources or ((invocation.settings["logs"],) if invocation.settings["logs"] else ())
    if not places:
        raise ConfigError("nothing to sweep: give a SOURCE, such as s3://bucket/prefix, or set logs in footfall.toml")
    if tables := [place for place in places if is_table(place)]:
        raise ConfigError(f"{tables[0]} is a table and has no log files to sweep; run footfall import {tables[0]}")
    is_well = run_ingestion(invocation, _events(invocation, places), Rejects(None))
    context.exit(0 if is_well else 1)


def _events(invocation: Invocation, places: Iterable[str]) -> Iterator[Event]:
    found = without_archived(_uncounted(find(places), _counted(invocation)))
    recorder = StoreRecorder(invocation.store, invocation.settings["time_zone"].key)
    yield from ingest(found, recorder, digesters(invocation), jobs=usable_processors(), is_prefetching=True)
    close_days(invocation.store)


def _counted(invocation: Invocation) -> Collection[str]:
    try:
        return whole_files(invocation.store)
    except StoreMissing:
        return ()


def _uncounted(found: Iterable[LogFile | Event], counted: Collection[str]) -> Iterator[LogFile | Event]:
    """The files to read; all others are known, or do not have a log file's name, and become events."""
    for each in found:
        if not isinstance(each, LogFile):
            yield each
        elif not each.name:
            yield NameUnknown(each)
        else:
            yield FileKnown(each) if each.name in counted else each
