"""`footfall views`: the stored records of a page."""

from typing import Any

import click

from ..reports import stored_views
from ..reports.answers import stored_views_json
from .invocation import invocation_of, page_of
from .options import common, period
from .text import printable


@click.command("views")
@click.argument("page")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="So many views at most, the earliest.")
@click.option("--cursor", metavar="NEXT", help="Go on after an earlier answer's `next`.")
@period
@common
@click.pass_context
def views_(context: click.Context, /, page: str, limit: int | None, cursor: str | None, **given: Any) -> None:
    """The raw records of a page's views, in time order."""
    invocation = invocation_of(context, given)
    item_map = invocation.settings["item"]
    query = invocation.query(given, limit=limit, cursor=cursor, **page_of(invocation, page))
    found = stored_views(invocation.store, query, item_map.sort_key)
    if invocation.is_json:
        click.echo(invocation.report(stored_views_json(found)))
    else:
        names = list(item_map.attributes)
        click.echo("  ".join(names))
        for item in found.items:
            click.echo("  ".join(printable(str(item.get(name, "-"))) for name in names))
    invocation.store.close()
