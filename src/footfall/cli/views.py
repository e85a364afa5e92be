"""`footfall views`: the stored records of a page."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

import click

from ..items import ItemMap
from ..output import to_table
from ..records import Value
from ..reports import epoch_of, stored_views
from ..reports.answers import stored_views_json
from .completion import complete_pages
from .invocation import invocation_of, page_of
from .options import common, period
from .text import columns_of_terminal

ROWS_AT_ONCE = 1000  # aligned together; a page may have millions


@click.command("views")
@click.argument("page", shell_complete=complete_pages)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Show at most N views, the earliest.")
@click.option("--cursor", metavar="NEXT", help="Continue after an earlier answer: its `next`.")
@period
@common
@click.pass_context
def views_(context: click.Context, /, page: str, limit: int | None, cursor: str | None, **given: Any) -> None:
    """
    Show the stored records of a page's views.

    Rows are in chronological order, in the site's time zone. A terminal shows as much as fits; --json has each record as it
    is stored.
    """
    invocation = invocation_of(context, given)
    item_map: ItemMap = invocation.settings["item"]
    query = invocation.query(given, limit=limit, cursor=cursor, **page_of(invocation, page))
    found = stored_views(invocation.store, query, item_map.sort_key)
    if invocation.is_json:
        click.echo(invocation.report(stored_views_json(found)))
    else:
        tables = _tables(found.items, item_map, query.zone)
        click.echo(next(tables, "there are no stored views of this page in this period"))
        for table in tables:
            click.echo(table)
        if found.next:
            click.echo(f"and more: --cursor {found.next}")
    invocation.store.close()


def _tables(items: Iterable[Mapping[str, Value]], item_map: ItemMap, zone: Any) -> Iterator[str]:
    """Tables of the items, the first with a header; keys are left out: they only name the page and make items unique."""
    names = [name for name in item_map.attributes if name not in (item_map.partition_key, item_map.sort_key)]
    header: tuple[str, ...] = (f"Time in {zone.key}", *names)
    of_items = iter(items)
    while some := list(islice(of_items, ROWS_AT_ONCE)):
        rows = [
            (f"{datetime.fromtimestamp(epoch_of(item[item_map.sort_key]), zone):%Y-%m-%d %H:%M:%S}",
             *(str(item.get(name, "-")) for name in names))
            for item in some
        ]  # fmt: skip
        yield to_table(*_longest_last(header, rows), numbers=0, columns=columns_of_terminal())


def _longest_last(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """The columns with the longest (usually the user agent) moved to the end, where it does not push others aside."""
    longest = max(range(len(header)), key=lambda column: max(len(row[column]) for row in [header, *rows]))
    order = [*(column for column in range(len(header)) if column != longest), longest]
    return tuple(header[column] for column in order), [tuple(row[column] for column in order) for row in rows]
