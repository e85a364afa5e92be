"""`footfall sweep`: whatever notification was lost, whatever attempt failed, what the ledger lacks is counted."""

from typing import Any

import click

from ..errors import ConfigError, SourceError, StoreMissing
from ..pipeline import lacking
from ..records import LogFile
from ..sources import find_logs
from .counting import count_logs, tell
from .options import asked, common


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE...]")
@common
@click.pass_context
def sweep(context: click.Context, /, sources: tuple[str, ...], **given: Any) -> None:
    """
    Count the log files at s3://bucket/prefix, or in a folder, that the ledger lacks.

    Without SOURCE, where the setting `logs` says. Unlike import it asks the ledger by name, and opens none that is
    known: of many thousand files, only the new ones are fetched.
    """
    ask = asked(context, given)
    places = sources or ((ask.settings["logs"],) if ask.settings["logs"] else ())
    if not places:
        raise ConfigError("nothing to sweep: name a SOURCE, s3://bucket/prefix, or set logs in footfall.toml")
    problems: list[str] = []
    found: list[LogFile] = []
    for place in places:
        try:
            found += find_logs(place)
        except SourceError as error:
            tell(problems, str(error))
    named = [file for file in found if file.name]
    if len(named) < len(found):
        click.echo(
            f"{len(found) - len(named):,} passed over: their names are no log file's; footfall import reads them", err=True
        )
    try:
        new = list(lacking(named, ask.store))
    except StoreMissing:
        new = named
    count_logs(context, ask, new, problems=problems, known=len(named) - len(new))
