"""`footfall export`: views or counts in a file that other programs read."""

from typing import Any

import click

from ..errors import ConfigError
from ..reports.exported import TABLES
from .invocation import invocation_of
from .options import common, period, quiet
from .table_files import STDOUT, write_table


@click.command("export")
@click.argument("what", type=click.Choice([*TABLES]))
@click.argument("file", default=STDOUT, metavar="[FILE]")
@period
@quiet
@common
@click.pass_context
def export_(context: click.Context, /, what: str, file: str, **given: Any) -> None:
    """
    Write all views or counts to a CSV or Parquet file.

    FILE ends in .csv or .parquet; without it, CSV goes to standard output. There is a row for each view, with the
    attributes in [item], or for each value of a dimension on a day. All sites are exported unless --site names one.
    """
    invocation = invocation_of(context, given)
    if invocation.is_json and file == STDOUT:
        raise ConfigError("--json describes the written file, so name a FILE rather than -")
    table = TABLES[what](invocation.store, invocation.query(given), invocation.settings["item"])
    rows = write_table(table, file)
    if invocation.is_json:
        click.echo(invocation.answer({"what": what, "file": file, "rows": rows}))
    elif not invocation.is_quiet and file != STDOUT:
        click.echo(f"{file}: {rows:,} {'row' if rows == 1 else 'rows'} of {what}")
