"""`footfall pages` and `footfall top`: the most frequent values of a dimension."""

from collections.abc import Iterable
from typing import Any

import click

from ..dimensions import DIMENSIONS
from ..measures import MEASURES, choose_measure, numbers_of
from ..output import to_csv, to_json, to_table
from ..reports import Breakdown, BreakdownRow, breakdown, check_dimension, read_prefix
from ..reports.answers import breakdown_json, dimensions_json
from ..reports.comparison import COLUMNS, Comparison, days_text, nothing_text, share_text
from .completion import complete_pages, named
from .invocation import Invocation, invocation_of
from .options import common, comparable, filtered, measured, period, rows, tables

MOST_ROWS = 30  # for people, unless they ask for more; JSON and CSV have all


@click.command()
@click.option(
    "--prefix",
    default="",
    metavar="TEXT",
    help="Only pages that begin with TEXT: blog/articles/, or a URL.",
    shell_complete=complete_pages,
)
@rows
@filtered
@measured
@comparable
@period
@tables
@common
@click.pass_context
def pages(context: click.Context, /, **given: Any) -> None:
    """Show views per page, highest first."""
    _show_breakdown(invocation_of(context, given), "page", given)


@click.command()
@click.argument(
    "dimension",
    metavar="[DIMENSION]",
    required=False,
    shell_complete=named(lambda: ((name, row.title) for name, row in DIMENSIONS.items())),
)
@click.option("--prefix", default="", metavar="TEXT", help="Only values that begin with TEXT.")
@rows
@filtered
@measured
@comparable
@period
@tables
@common
@click.pass_context
def top(context: click.Context, /, dimension: str | None, **given: Any) -> None:
    if dimension is None:
        _show_dimensions(invocation_of(context, given))
        return  # without asking the store, which may not exist yet
    _show_breakdown(invocation_of(context, given), check_dimension(dimension), given)


top.help = f"""
Show the most frequent values of a dimension.

Without a dimension, all dimensions are listed.

Dimensions of page views: {", ".join(name for name, row in DIMENSIONS.items() if row.of_views)}. Dimensions of other requests:
{", ".join(name for name, row in DIMENSIONS.items() if row.of_dropped)} (status counts both).
"""


def _show_dimensions(invocation: Invocation) -> None:
    off = invocation.settings.counting.off
    if invocation.is_json:
        click.echo(to_json(dimensions_json(off)))
        return
    counted = {name: MEASURES[choose_measure(None, name)].title for name in DIMENSIONS if name not in off}
    rows = [(name, what, DIMENSIONS[name].title) for name, what in counted.items()]
    if invocation.is_csv:
        click.echo(to_csv(("dimension", "counts", "title"), rows))
    else:
        width = max(map(len, counted))
        click.echo("\n".join(f"{name:<{width}}  {what} by {title.lower()}" for name, what, title in rows))
        click.echo(f"Choose one: footfall top {'referrer' if 'referrer' in counted else next(iter(counted))}", err=True)


def _show_breakdown(invocation: Invocation, dimension: str, given: dict[str, Any]) -> None:
    asked = {name: given[name] for name in ("limit", "cursor")}
    asked["prefix"] = read_prefix(given["prefix"], dimension, invocation.settings["index_documents"])
    if not (invocation.is_json or invocation.is_csv):
        asked["limit"] = None  # the table shows how many rows it leaves out
    asked |= {"measure": given["measure"], "compare": given["compare"]}
    found = breakdown(invocation.store, invocation.query(given, dimension=dimension, **asked))
    if found.query.turned_off:
        click.echo(f"footfall: {found.query.turned_off}", err=True)
    if invocation.is_json:
        click.echo(invocation.report(breakdown_json(found)))
    elif invocation.is_csv:
        click.echo(_csv(dimension, found))
    elif not found.rows:
        click.echo(nothing_text(f"no {DIMENSIONS[dimension].title.lower()}", found.query))
    else:
        click.echo(_text(dimension, found, given["limit"] or MOST_ROWS))
    invocation.store.close()


def _csv(dimension: str, found: Breakdown) -> str:
    columns = {**{name: name for name in numbers_of(found.query.measure)}, dimension: "value"}
    if found.before:
        columns["before"] = "previous"
    if DIMENSIONS[dimension].name_of:
        columns["name"] = "name"
    return to_csv([*columns], ([row[name] for name in columns.values()] for row in breakdown_json(found)["rows"]))


def _text(dimension: str, found: Breakdown, limit: int) -> str:
    """A table of at most `limit` rows, what it leaves out, and the total."""
    before, shown, rest = found.before, found.rows[:limit], found.rows[limit:]
    comparison = Comparison(found.query, before.query) if before else None
    is_compared = comparison is not None and comparison.is_possible

    def row(name: str, views: int, then: int) -> tuple[int | str, ...]:
        compared = (then, comparison.change(views, then)) if comparison and is_compared else ()
        return views, *compared, share_text(views, found.total), name

    def then(values: Iterable[BreakdownRow]) -> int:
        return sum(before.views.get(each.value, 0) for each in values) if before else 0

    name_of = DIMENSIONS[dimension].name_of or str
    rows = [row(name_of(each.value), each.views, then([each])) for each in shown]
    if rest:
        more = f"and {len(rest):,} more: --limit {len(found.rows)}"
        rows.append(row(more, sum(each.views for each in rest), then(rest)))
    rows.append(row(f"in total, {days_text(found.query.period)}", found.total, before.total if before else 0))
    counted = MEASURES[choose_measure(found.query.measure, dimension)].title
    header = (counted, *(COLUMNS if is_compared else ()), "Share", DIMENSIONS[dimension].title)
    table = to_table(header, rows, numbers=len(header) - 1)
    return f"{table}\n{comparison.text()}" if comparison else table
