"""`footfall doctor`: what is wrong with the set-up, and the remedy."""

from typing import Any

import click

from ...output import to_json
from ..invocation import invocation_of
from ..options import common
from ..text import printable
from .checks import examine
from .findings import UNKNOWN, WELL, WRONG, Checkup


@click.command()
@click.option("--logs", metavar="SOURCE", help="Where the logs lie, instead of the setting: s3://bucket/prefix.")
@common
@click.pass_context
def doctor(context: click.Context, /, logs: str | None, **given: Any) -> None:
    """
    Say what is wrong with the set-up, and what to do.

    It looks at logging, bucket, notification, table and logs, and changes nothing. The exit code is 1 where something is
    wrong.
    """
    invocation = invocation_of(context, {**given, "logs": logs})
    found = list(examine(Checkup(invocation.settings, invocation.store)))
    invocation.store.close()
    if invocation.is_json:
        click.echo(to_json({"findings": [{"check": check, **finding._asdict()} for check, finding in found]}))
    else:
        for check, finding in found:
            click.echo(f"{finding.status:<8}{check:<13} {printable(finding.told)}")
            if finding.remedy:
                click.echo(f"{'':<22}→ {printable(finding.remedy)}")
        odd = sum(finding.status not in (WELL, UNKNOWN) for _, finding in found)
        click.echo("nothing is wrong" if not odd else f"{odd} to look at", err=True)
    if any(finding.status == WRONG for _, finding in found):
        context.exit(1)
