"""`footfall copy`: copies a whole store to another."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import click

from ..errors import ConfigError
from ..output import to_json
from ..stores import open_store
from ..stores.contents import Step
from ..stores.copying import copy
from .invocation import invocation_of
from .options import common, quiet
from .progress import CLEAR

# What is copied, in the order in which it is shown; a table's items are copied unchanged.
TOLD = {
    "files": "part of a log file",
    "views": "view",
    "counts": "count",
    "days": "day of visitors",
    "tokens": "token",
    "annotations": "annotation",
    "items": "item",
}
PLURALS = {"files": "parts of log files", "days": "days of visitors"}


@click.command("copy")
@click.argument("from_", metavar="FROM")
@click.argument("to", metavar="TO")
@quiet
@common
@click.pass_context
def copy_(context: click.Context, /, from_: str, to: str, **given: Any) -> None:
    """
    Copy everything in the store FROM to the empty store TO.

    Both are written like --store: sqlite:footfall.db, dynamodb:TABLE?region=eu-west-1. Counts, views, visitors, tokens,
    annotations and the list of counted log files are copied exactly. If interrupted, run it again. A database may be in use
    during the copy; before copying a table, stop imports into it.
    """
    invocation = invocation_of(context, given)
    if from_ == to:
        raise ConfigError(f"{from_} is both source and target; name two different stores")
    stores = [open_store(url, invocation.settings["item"], invocation.settings.keep) for url in (from_, to)]
    for store in stores:
        context.call_on_close(store.close)
    copied: Counter[str] = Counter()
    with closing(copy(*stores)) as steps:
        for step in _shown(steps, is_quiet=invocation.is_quiet):
            copied[step.what] += step.number
    if invocation.is_json:
        click.echo(to_json({"from": from_, "to": to, "copied": {name: copied[name] for name in TOLD if name in copied}}))
    elif not invocation.is_quiet:
        click.echo(f"{to}: {_text(copied)}")


def _shown(steps: Iterator[Step], *, is_quiet: bool) -> Iterator[Step]:
    """The same steps, and a line of progress on a terminal."""
    if is_quiet or sys.stderr is None or not sys.stderr.isatty():
        yield from steps
        return
    done: Counter[str] = Counter()
    for step in steps:
        done[step.what] += step.number
        click.echo(f"{CLEAR}Copying  {_text(done)}", err=True, nl=False)
        yield step
    click.echo(CLEAR, err=True, nl=False)


def _text(copied: Counter[str]) -> str:
    """
    What was copied.

    >>> _text(Counter(views=1, files=2))
    '2 parts of log files, 1 view'
    """
    told = [(copied[name], one, PLURALS.get(name, f"{one}s")) for name, one in TOLD.items() if name in copied]
    return ", ".join(f"{number:,} {one if number == 1 else many}" for number, one, many in told) or "already has everything"
