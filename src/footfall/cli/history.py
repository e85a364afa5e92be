"""`footfall history`: views over time, with a bar each."""

import shutil
from typing import Any

import click

from ..output import to_csv
from ..reports import INTERVALS, history
from ..reports.answers import history_json
from .invocation import invocation_of, page_of
from .options import common, period, tables
from .text import to_table

# Of a history's bars, in characters; and what stands before them: views, an hour's label, and gaps.
SHORTEST_BAR, LONGEST_BAR = 5, 40
BESIDE_BARS = 28


@click.command("history")
@click.argument("page", required=False)
@click.option("--by", type=click.Choice(INTERVALS), default="day", show_default=True, help="How time is cut.")
@period
@tables
@common
@click.pass_context
def history_(context: click.Context, /, page: str | None, by: str, **given: Any) -> None:
    """Views over time, of all pages or of one."""
    invocation = invocation_of(context, given)
    found = history(invocation.store, invocation.query(given, interval=by, **page_of(invocation, page)))
    if invocation.is_json:
        click.echo(invocation.report(history_json(found)))
    elif invocation.is_csv:
        click.echo(to_csv(("at", "views"), found.series))
    elif not found.series:
        click.echo("nothing was counted in this period")
    else:
        most = max(moment.views for moment in found.series) or 1
        room = shutil.get_terminal_size().columns - BESIDE_BARS
        longest = min(max(room, SHORTEST_BAR), LONGEST_BAR)
        bars = ((moment.views, moment.at, "▇" * round(longest * moment.views / most)) for moment in found.series)
        click.echo(to_table(("Views", by.capitalize(), ""), bars))
    invocation.store.close()
