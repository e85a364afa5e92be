"""`footfall sweep`: whatever notification was lost, whatever attempt failed, what the ledger lacks is counted."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import click

from ..errors import ConfigError, SourceError, StoreMissing
from ..pipeline import lacking
from ..records import LogFile
from ..sources import find_logs
from .counting import count_logs
from .options import asked, common


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE...]")
@common
@click.pass_context
def sweep(context: click.Context, /, sources: tuple[str, ...], **given: Any) -> None:
    """
    Count only the log files that are not counted yet.

    They lie at s3://bucket/prefix, or in a folder; without SOURCE, where the setting `logs` says. Unlike import it asks
    the ledger by name, and opens none that is known: of many thousand files, only the new ones are fetched.
    """
    ask = asked(context, given)
    places = sources or ((ask.settings["logs"],) if ask.settings["logs"] else ())
    if not places:
        raise ConfigError("nothing to sweep: name a SOURCE, s3://bucket/prefix, or set logs in footfall.toml")
    problems: list[str] = []
    found = Counter[bool]()
    named = _find_named(places, found, problems)
    try:
        new = list(lacking(named, ask.store))
    except StoreMissing:
        new = list(named)
    if found[False]:
        click.echo(f"{found[False]:,} passed over: their names are no log file's; footfall import reads them", err=True)
    count_logs(context, ask, new, problems=problems, known=found[True] - len(new))


def _find_named(places: Iterable[str], found: Counter[bool], problems: list[str]) -> Iterator[LogFile]:
    """The log files that have a documented name; how many have one, and how many not, is counted. None is kept here."""
    for place in places:
        try:
            for file in find_logs(place):
                found[bool(file.name)] += 1
                if file.name:
                    yield file
        except SourceError as error:
            problems.append(str(error))
