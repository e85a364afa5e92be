"""
Imports the table: determines its site, shows the cost of reading, and sends its items through the pipeline.

Progress shows the whole table as one file, but the ledger has its pages, months and checkpoints.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from ..digest import make_digester
from ..errors import ConfigError, StoreMissing
from ..pageviews.counting import Counting
from ..pipeline import ingest_parts, with_files_done
from ..pipeline.events import Estimated, Event, FileFailed, FilesFound, PartCounted, PartEvent, PartKnown
from ..pipeline.recorders import DigestedPart, Recorder
from ..records import Digest, LogFile, Part
from ..settings import Settings
from ..stores import Store
from .checkpoints import is_checkpoint, is_complete, next_run
from .log_files import log_files
from .table import PageTable, read_table

WRITTEN_AS = "s3"  # the format of the lines made from the items


def choose_table(source: str, settings: Settings, store: Store, first: date | None, last: date | None) -> PageTable:
    """The table at `source`, with the site of its views; raises ConfigError if it cannot be imported."""
    if not settings["keep_views"] or settings["keep_views_days"] is not None:
        raise ConfigError(
            f"{source}: duplicates between logs and table are found by stored views: import the table with "
            'keep_views = true and keep_views_days = "", and restore these settings afterwards'
        )
    table = read_table(source)
    return replace(table, site=table.site or _site(source, settings, store), first=first, last=last)


def _site(source: str, settings: Settings, store: Store) -> str:
    sites = settings["sites"]
    if not sites:
        try:
            sites = store.sites()
        except StoreMissing:
            sites = ()
    if len(sites) != 1:
        raise ConfigError(
            f"{source} does not say which site its views belong to: name it as the logs do, --site www.example.com"
        )
    return str(sites[0])


def cost_text(table: PageTable) -> str:
    """The cost of reading the table, found without reading it."""
    from ..stores.dynamodb.cost import using  # imports all of that store, which few commands need

    return (
        f"{table.place}: reading it takes about {table.read_units:,.1f} read units, ${using(table.read_units, 0):.4f}: "
        f"{table.items:,} items, {table.size:,} bytes, as counted by AWS in the last six hours"
    )


def ingest_table(table: PageTable, recorder: Recorder, counting: Counting) -> Iterator[Event]:
    """Count the items that the recorder does not know yet, as one log file."""
    return with_files_done(_as_one_file(table, _ingest_items(table, recorder, counting)))


def _ingest_items(table: PageTable, recorder: Recorder, counting: Counting) -> Iterator[Event]:
    recorder.prepare()
    found = log_files(table, next_run(table, recorder.files()))
    of_its_site = replace(counting, sites=(table.site,))
    yield from ingest_parts(found, ItemRecorder(recorder), partial(make_digester, WRITTEN_AS, of_its_site))


def _as_one_file(table: PageTable, events: Iterable[Event]) -> Iterator[Event]:
    whole = LogFile(table.name, table.place, io.BytesIO, table.size)
    for event in events:
        if isinstance(event, FileFailed):  # a checkpoint must not be recorded unless everything before it is
            raise event.error
        if isinstance(event, PartCounted | PartKnown):
            yield event._replace(log_file=whole, is_last=is_complete(event.log_file.name))
        elif not isinstance(event, FilesFound | Estimated):  # what the logs already have is unknown until then
            yield event


class ItemRecorder:
    """
    Records items of the table.

    The table may have grown since part of it was recorded, so recorded files are left alone, whatever their content was.
    Items that are not views count in no dimension, since only views are recognised when they are imported again.
    """

    def __init__(self, recorder: Recorder):
        self._recorder = recorder

    def prepare(self) -> None:
        """See Recorder. Does nothing: the wrapped recorder is prepared before the ledger is read."""

    def known_of(self, names: Sequence[str]) -> Mapping[str, Sequence[Part]]:
        """No parts: `record` finds out what is known."""
        return dict.fromkeys(names, ())

    def files(self) -> Iterable[Part]:
        """See Recorder."""
        return self._recorder.files()

    def record(self, parts: Sequence[DigestedPart], *, may_differ: bool = True) -> Iterator[PartEvent | Estimated]:
        """See Recorder. The whole table is one file, which is complete when the table's end is reached."""
        items = [DigestedPart(log_file, _as_item(digest)) for log_file, digest in parts]
        return self._recorder.record(items, may_differ=may_differ)


def _as_item(digest: Digest) -> Digest:
    if is_checkpoint(digest.name):
        digest = digest._replace(first_time=None, last_time=None)
    return digest._replace(drops={}, is_last=is_complete(digest.name))
