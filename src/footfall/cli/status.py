"""`footfall status`: shows what has been counted so far."""

from collections.abc import Collection
from typing import Any

import click

from ..digest import rules_of
from ..errors import ConfigError
from ..output import printable, to_json
from ..pageviews.counting import Counting
from ..reports import ledger_status
from ..reports.answers import status_json, with_capacity
from .backfill import backfills_of, json_of, text_of
from .invocation import invocation_of
from .options import common
from .text import account_text


def _rules_of_today(counting: Counting) -> Collection[str] | None:
    """The fingerprints of today's rules; None, with a warning, if country_data cannot be read: the status is still shown."""
    try:
        return rules_of(counting)
    except ConfigError as error:
        click.echo(
            f"footfall: {printable(str(error))}; so it is unknown whether files were counted under other rules", err=True
        )
        return None


@click.command("status")
@common
@click.pass_context
def status_(context: click.Context, /, **given: Any) -> None:
    """
    Show what was counted, and how complete it is.
    """
    invocation = invocation_of(context, given)
    found = ledger_status(invocation.store, _rules_of_today(invocation.settings.counting))
    handed = backfills_of(invocation.store)
    invocation.store.close()
    if invocation.is_json:
        more = {"backfills": [json_of(each) for each in handed]} if handed else {}
        click.echo(to_json(with_capacity({**status_json(found), **more}, invocation.store.capacity())))
        return
    sites = ", ".join(map(printable, found.sites))
    newest = f"{found.newest_file}, ingested {found.newest_file_ingested_at}" if found.newest_file else "(none)"
    click.echo(f"Files       {found.files:,}; the newest: {printable(newest)}")
    click.echo(f"Requests    from {found.first_request_at or '(none)'} to {found.complete_until or '(none)'}")
    click.echo(f"Sites       {sites or '(none)'}; days are in {found.time_zone or '(none)'}")
    click.echo(f"Lines       {account_text(found.account)}")
    if late := found.account.late_visitors:
        came = "1 is not counted, as its day was" if late == 1 else f"{late:,} are not counted, as their days were"
        click.echo(f"Visitors    {came} closed before their log files arrived")
    if others := found.files_under_other_rules:
        files = "1 file was" if others == 1 else f"{others:,} files were"
        click.echo(f"Rules       {files} counted under other rules: footfall recount recounts them")
    for each in handed:
        click.echo(f"Backfill    {printable(text_of(each))}")
