"""`footfall explain`: what happens to each line, and why."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import click

from ..articles.log_files import find_items
from ..articles.table import is_table
from ..digest import make_digester
from ..output import to_json
from ..pipeline.parts import read_lines
from ..records import LogFile
from ..sources import find_logs
from .invocation import invocation_of
from .options import common, settings
from .text import outcome_json, outcome_text


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE|-...")
@settings
@common
@click.pass_context
def explain(context: click.Context, /, sources: tuple[str, ...], **given: Any) -> None:
    """
    What becomes of each line, and why.

    It shows its fields, its outcome, and the item that is stored.
    """
    invocation = invocation_of(context, given)
    digester = make_digester(invocation.settings["format"], invocation.settings.counting)
    item_map = invocation.settings["item"]
    for log_file in chain.from_iterable(map(_find, sources)):
        lines, start = read_lines(log_file)
        log_format = digester.format_of(start.head)
        for number, outcome in digester.explain(lines, start):
            item = item_map.make(outcome.view) if outcome.view else None
            if invocation.is_json:
                typed = item_map.typed(item) if item else None
                click.echo(to_json(outcome_json(log_file.place, number, log_format, outcome, typed)))
            else:
                click.echo(outcome_text(log_file.place, number, outcome, item))


def _find(source: str) -> Iterator[LogFile]:
    return find_items(source) if is_table(source) else find_logs(source)
