"""`footfall explain`: what happens to each line, and why."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import chain
from typing import Any, NamedTuple

import click

from ..articles.log_files import find_items
from ..articles.table import is_table
from ..digest import Outcome, make_digester
from ..errors import ConfigError
from ..output import to_json
from ..pageviews.pages import page_name
from ..pageviews.rules import REASONS
from ..pipeline.parts import read_lines
from ..records import LogFile
from ..sources import find_logs
from .completion import complete_files, complete_pages, named
from .invocation import invocation_of, page_of
from .options import common, settings
from .text import outcome_json, outcome_text

KNOWN = ("view", "dropped", "unreadable", *REASONS)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE|-...", shell_complete=complete_files)
@click.option(
    "--only",
    multiple=True,
    metavar="OUTCOME",
    shell_complete=named(lambda: ((name.replace(" ", "-"), "") for name in KNOWN)),
    help="Only lines with this outcome: view, dropped, unreadable, or a reason such as bot.",
)
@click.option(
    "--page", metavar="PAGE", help="Only requests for this page: its name, path or URL.", shell_complete=complete_pages
)
@settings
@common
@click.pass_context
def explain(context: click.Context, /, sources: tuple[str, ...], only: tuple[str, ...], page: str | None, **given: Any) -> None:
    """
    Show what happens to each line, and why.

    Includes the fields, the outcome, and the stored item.
    """
    invocation = invocation_of(context, given)
    chosen = _Chosen.of(only, page_of(invocation, page), invocation.settings["index_documents"])
    digester = make_digester(invocation.settings["format"], invocation.settings.counting)
    item_map = invocation.settings["item"]
    lines_read = lines_shown = 0
    for log_file in chain.from_iterable(map(_find, sources)):
        lines, start = read_lines(log_file)
        log_format = digester.format_of(start.head)
        for number, outcome in digester.explain(lines, start):
            lines_read += 1
            if not chosen.has(outcome):
                continue
            lines_shown += 1
            item = item_map.make(outcome.view) if outcome.view else None
            if invocation.is_json:
                typed = item_map.typed(item) if item else None
                click.echo(to_json(outcome_json(log_file.place, number, log_format, outcome, typed)))
            else:
                click.echo(outcome_text(log_file.place, number, outcome, item))
    if (only or page) and not lines_shown:
        click.echo(f"none of the {lines_read:,} lines matches", err=True)


class _Chosen(NamedTuple):
    """Which lines are shown."""

    outcomes: frozenset[str]
    """The wanted outcomes and reasons; empty for all."""
    pages: tuple[str, ...]
    """The names of one page; empty for all lines, even those without a page."""
    index_documents: tuple[str, ...]

    @classmethod
    def of(cls, only: Iterable[str], asked: Mapping[str, Any], index_documents: tuple[str, ...]) -> "_Chosen":
        pages = (asked["page"], *asked["otherwise"]) if asked else ()
        return cls(frozenset(map(_read_outcome, only)), pages, index_documents)

    def has(self, outcome: Outcome) -> bool:
        """Whether a line with this outcome is shown."""
        if self.outcomes and self.outcomes.isdisjoint((outcome.outcome, outcome.reason)):
            return False
        if not self.pages:
            return True
        path = outcome.record.request.path if outcome.record else None
        return path is not None and page_name(path, self.index_documents) in self.pages


def _read_outcome(written: str) -> str:
    """An outcome or a reason, also as `not-a-page`."""
    name = re.sub("[-_ ]+", " ", written.strip().lower())
    if name in KNOWN:
        return name
    near = get_close_matches(name, KNOWN, n=1)
    there = f"did you mean {near[0]}?" if near else f"there are: {', '.join(KNOWN)}"
    raise ConfigError(f"there is no outcome or reason {written[:80]!r}; {there}")


def _find(source: str) -> Iterator[LogFile]:
    return find_items(source) if is_table(source) else find_logs(source)
