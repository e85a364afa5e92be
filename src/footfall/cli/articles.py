"""What `import` does with the article's table: whose site it is, what reading it costs, and where it goes on."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

import click

from ..articles.table import PageTable, is_checkpoint, is_complete, log_files, next_run, read_table
from ..digest import Digester
from ..errors import ConfigError, StoreMissing
from ..formats import FORMATS
from ..pipeline import Ingested, ingest
from ..records import Account, Digest, LogFile, Part
from ..stores import Store
from ..stores.dynamodb.cost import using
from .options import Asked

WRITTEN_AS = "s3"  # the format of the lines that are made of the items


def choose_table(ask: Asked, source: str, first: date | None, last: date | None) -> PageTable:
    """The table at `source`, with the site that its views are of."""
    if not ask.settings["keep_views"] or ask.settings["keep_views_days"] is not None:
        raise ConfigError(
            f"{source}: what the logs and the table both have is found by the views that are kept: import the table with "
            'keep_views = true and keep_views_days = "", and set them again afterwards'
        )
    table = read_table(source)
    return replace(table, site=table.site or _site(ask, source), first=first, last=last)


def _site(ask: Asked, source: str) -> str:
    sites = ask.settings["sites"]
    if not sites:
        try:
            sites = ask.store.sites()
        except StoreMissing:
            sites = ()
    if len(sites) != 1:
        raise ConfigError(f"{source} does not say whose views they are: name the site as its logs do, --site www.example.com")
    return str(sites[0])


def tell_cost(table: PageTable) -> None:
    """Tell on stderr, before anything is read, what reading costs."""
    click.echo(
        f"{table.place}: to read it takes some {table.read_units:,.1f} read units, "
        f"${using(table.read_units, 0):.4f}: {table.items:,} items, {table.size:,} bytes, as AWS counted "
        "within the last six hours",
        err=True,
    )


def ingest_table(table: PageTable, ask: Asked, store: Store | None, *, is_dry: bool) -> Iterator[Ingested]:
    """Count the items that the store does not know yet; all of them are told as one log file."""
    digester = Digester(FORMATS[WRITTEN_AS], replace(ask.settings.counting, sites=(table.site,)))
    run = next_run(table, store.files() if store else ())
    whole = LogFile(table.name, table.place, io.BytesIO, table.size)
    counter = cast(Store, _Items(store)) if store else None
    for done in ingest(log_files(table, run), counter, digester, is_dry=is_dry):
        if done.error is not None:  # a checkpoint may not be entered without all that is before it
            raise done.error
        yield replace(done, log_file=whole, is_last=is_complete(done.log_file.name))


class _Items:
    """
    A store, to which items are recorded.

    The table may have grown since a part of it was recorded: so what the ledger has is left as it is, whatever its content
    was. What is no view counts in no dimension, as only views are known again when they are imported again.
    """

    def __init__(self, store: Store):
        self._store = store

    def known(self, _: str) -> list[Part]:
        """Nothing: `record` finds out."""
        return []

    def record(self, digests: Sequence[Digest]) -> list[Account | None]:
        """See Store. The whole table is one file, which is complete when its end was reached."""
        return self._store.record([_as_item(digest) for digest in digests])


def _as_item(digest: Digest) -> Digest:
    if is_checkpoint(digest.name):
        digest = replace(digest, first_time=None, last_time=None)
    return replace(digest, drops={}, is_last=is_complete(digest.name))
