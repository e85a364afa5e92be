"""`footfall annotation`: lines of text for days, which the dashboard's graph shows."""

import re
from datetime import datetime
from typing import Any

import click

from ..errors import ConfigError
from ..output import to_csv, to_json, to_table
from ..reports import annotations, choose_site, parse_period
from ..reports.answers import annotations_json
from ..stores.shapes import Annotation
from .group import Group
from .invocation import Invocation, as_text, invocation_of
from .options import common, period, tables

LONGEST_TEXT = 200  # letters: two lines on a phone's screen
MOST_OF_SITE = 500  # each time the dashboard is opened, all are read
# Characters that break a line, move the cursor or change the direction of text.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffd]")


@click.group(cls=Group)
def annotation() -> None:
    """Write down what happened on a day, for the graph."""


@annotation.command()
@click.argument("day")
@click.argument("text")
@common
@click.pass_context
def add(context: click.Context, /, day: str, text: str, **given: Any) -> None:
    """Annotate DAY with TEXT, which everyone who can see the dashboard can read."""
    invocation = invocation_of(context, given)
    made = Annotation(_site(invocation), _read_day(invocation, day), _read_text(as_text(text)))
    there = [each for each in invocation.store.annotations.all() if each.site == made.site]
    if len(there) >= MOST_OF_SITE and made not in there:
        raise ConfigError(f"{made.site} has {MOST_OF_SITE} annotations, the most there can be; remove one first")
    _prepare(invocation)
    is_new = invocation.store.annotations.add(made)
    invocation.store.close()
    if invocation.is_json:
        click.echo(to_json(made._asdict()))
    else:
        click.echo(f"{made.day}  {made.text}" + ("" if is_new else " (was there already)"))


@annotation.command("list")
@period
@tables
@common
@click.pass_context
def list_(context: click.Context, /, **given: Any) -> None:
    """List annotations by day, of all sites unless --site names one."""
    invocation = invocation_of(context, given)
    found = annotations(invocation.store, invocation.query(given))
    if invocation.is_json:
        click.echo(invocation.report(annotations_json(found)))
    elif invocation.is_csv:
        click.echo(to_csv(Annotation._fields, found.rows))
    elif found.rows:
        is_one = len({each.site for each in found.rows}) == 1
        rows = [(each.day, each.text) if is_one else (each.day, each.site, each.text) for each in found.rows]
        click.echo(to_table(("Day", "Text") if is_one else ("Day", "Site", "Text"), rows, numbers=0))
    else:
        click.echo("there is no annotation; add one: footfall annotation add DAY TEXT")
    invocation.store.close()


@annotation.command()
@click.argument("day")
@click.argument("text", required=False)
@common
@click.pass_context
def remove(context: click.Context, /, day: str, text: str | None, **given: Any) -> None:
    """Remove the annotation at DAY; where it has several, the one that says TEXT."""
    invocation = invocation_of(context, given)
    there = _to_remove(invocation, _site(invocation), _read_day(invocation, day), text)
    _prepare(invocation)
    invocation.store.annotations.remove(there)
    invocation.store.close()
    click.echo(to_json({"removed": there._asdict()}) if invocation.is_json else f"removed {there.day}  {there.text}")


def _to_remove(invocation: Invocation, site: str, day: str, text: str | None) -> Annotation:
    """The annotation that is meant; raises ConfigError if there is none, or more than one."""
    of_day = [each for each in invocation.store.annotations.all() if (each.site, each.day) == (site, day)]
    meant = of_day if text is None else [each for each in of_day if each.text == as_text(text).strip()]
    if len(meant) == 1:
        return meant[0]
    texts = ", ".join(repr(each.text) for each in of_day)
    if meant:
        raise ConfigError(f"{day} has {len(meant)} annotations; name the TEXT of one: {texts}")
    if of_day:
        raise ConfigError(f"no annotation at {day} says {text!r}; there is: {texts}")
    raise ConfigError(f"there is no annotation at {day}; footfall annotation list shows them")


def _site(invocation: Invocation) -> str:
    site = choose_site(invocation.store, invocation.site)
    if site is None:
        raise ConfigError("nothing is counted yet, so the site is not known; name it: --site www.example.org")
    return site


def _read_day(invocation: Invocation, written: str) -> str:
    first, last = parse_period(written, datetime.now(invocation.zone).date())
    if first != last:
        raise ConfigError(f"{written!r} is more than one day; write DAY as {last}, today or yesterday")
    return str(first)


def _read_text(written: str) -> str:
    text = written.strip()
    if not text:
        raise ConfigError("TEXT is empty; say in a line what happened on that day")
    if len(text) > LONGEST_TEXT:
        raise ConfigError(f"TEXT has {len(text):,} characters; {LONGEST_TEXT} are the most")
    if unfit := _UNFIT.search(text):
        raise ConfigError(f"TEXT has the character {unfit[0]!r}; write one line, without control characters")
    return text


def _prepare(invocation: Invocation) -> None:
    """Prepare the store for writing; an existing store keeps its time zone."""
    invocation.store.prepare(invocation.zone.key)
