"""`footfall forget`: removes a reader's data from the stored views."""

from typing import Any

import click

from ..pageviews.addresses import Asked
from .invocation import invocation_of
from .options import common, quiet

# What footfall cannot remove, by kind of store.
BEYOND = {
    "sqlite": "Copies and backups of the database still contain it.",
    "dynamodb": "Point-in-time recovery keeps it for another 35 days, and backups of the table for as long as they exist.",
}


@click.command("forget")
@click.argument("address")
@click.option("--dry-run", is_flag=True, help="Show how many views would change, without changing them.")
@quiet
@common
@click.pass_context
def forget_(context: click.Context, /, address: str, dry_run: bool, **given: Any) -> None:
    """
    Remove a reader's address from the stored views.

    ADDRESS is an IPv4 or IPv6 address or a network: 203.0.113.0/24. The user agent and referrer of its views are removed too;
    the views themselves and all counts stay. Views whose masked address may be this one are included.
    """
    invocation = invocation_of(context, given)
    contents = invocation.store.contents
    views = contents.forget(Asked(address), is_dry=dry_run)
    if invocation.is_json:
        click.echo(invocation.answer({"address": address, "views": views, "dry_run": dry_run}))
        return
    if invocation.is_quiet:
        return
    number = f"{views:,} {'view' if views == 1 else 'views'}"
    if dry_run:
        click.echo(f"{address} would be removed from {number} (dry run: nothing was written)")
        return
    click.echo(f"{address} was removed from {number}; counts are unchanged")
    beyond = "The log files still contain it, and importing or recounting them brings it back."
    click.echo(f"{beyond} {BEYOND[contents.kind]}", err=True)
