"""`footfall pages` and `footfall top`: the most frequent values of a dimension."""

from typing import Any

import click

from ..dimensions import DIMENSIONS
from ..measures import MEASURES, choose_measure
from ..output import to_csv, to_json
from ..reports import breakdown, check_dimension, read_prefix
from ..reports.answers import breakdown_json, dimensions_json
from .invocation import Invocation, invocation_of
from .options import common, period, rows, tables
from .text import to_table


@click.command()
@click.option("--prefix", default="", metavar="TEXT", help="Only pages that begin so: blog/articles/, also as an address.")
@rows
@period
@tables
@common
@click.pass_context
def pages(context: click.Context, /, **given: Any) -> None:
    """Views per page, most first."""
    _show_breakdown(invocation_of(context, given), "page", given)


@click.command()
@click.argument("dimension", metavar="[DIMENSION]", required=False)
@click.option("--prefix", default="", metavar="TEXT", help="Only values that begin so.")
@rows
@period
@tables
@common
@click.pass_context
def top(context: click.Context, /, dimension: str | None, **given: Any) -> None:
    if dimension is None:
        _show_dimensions(invocation_of(context, given))
        return  # without asking the store, which there may not be yet
    _show_breakdown(invocation_of(context, given), check_dimension(dimension), given)


top.help = f"""
The most frequent values of a dimension.

Without one it lists the dimensions that there are.

Of page views: {", ".join(name for name, row in DIMENSIONS.items() if row.of_views)}. Of requests that are none:
{", ".join(name for name, row in DIMENSIONS.items() if row.of_dropped)} (status counts both).
"""


def _show_dimensions(invocation: Invocation) -> None:
    if invocation.is_json:
        click.echo(to_json(dimensions_json()))
        return
    counted = {name: MEASURES[choose_measure(None, name)].title for name in DIMENSIONS}
    rows = [(name, counted[name], row.title) for name, row in DIMENSIONS.items()]
    if invocation.is_csv:
        click.echo(to_csv(("dimension", "counts", "title"), rows))
    else:
        width = max(map(len, DIMENSIONS))
        click.echo("\n".join(f"{name:<{width}}  {what} by {title.lower()}" for name, what, title in rows))
        click.echo("Name one: footfall top referrer", err=True)


def _show_breakdown(invocation: Invocation, dimension: str, given: dict[str, Any]) -> None:
    asked = {name: given[name] for name in ("limit", "cursor")}
    asked["prefix"] = read_prefix(given["prefix"], dimension, invocation.settings["index_documents"])
    found = breakdown(invocation.store, invocation.query(given, dimension=dimension, **asked))
    if invocation.is_json:
        click.echo(invocation.report(breakdown_json(found)))
    elif invocation.is_csv:
        click.echo(to_csv(("views", dimension), ((row.views, row.value) for row in found.rows)))
    elif not found.rows:
        click.echo(f"no {DIMENSIONS[dimension].title.lower()} was counted in this period")
    else:
        counted = MEASURES[choose_measure(None, dimension)].title
        click.echo(to_table((counted, DIMENSIONS[dimension].title), ((row.views, row.value) for row in found.rows)))
    invocation.store.close()
