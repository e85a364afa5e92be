"""`footfall table`: creates and shows the DynamoDB table."""

from dataclasses import asdict
from typing import Any

import click

from ..errors import ConfigError
from ..settings import SETTINGS
from ..stores import Store
from ..stores.capabilities import Table, TableInfo
from .group import Group
from .invocation import invocation_of
from .options import common

key_names = click.option("--item", metavar="VALUE", help=f"Setting: {SETTINGS['item'].help}")


@click.group(cls=Group)
def table() -> None:
    """Create the DynamoDB table, or show it."""


@table.command()
@click.option("--complete", is_flag=True, help="Turn on what an existing table lacks, except for keys and billing.")
@key_names
@common
@click.pass_context
def create(context: click.Context, /, complete: bool, **given: Any) -> None:
    """
    Create the table: on-demand billing, time to live, point-in-time recovery, deletion protection.

    An existing table is not changed; differences are reported.
    """
    invocation = invocation_of(context, given)
    its_table = _table_of(invocation.store)
    is_new = its_table.create(complete=complete)
    found = its_table.read()
    if invocation.is_json:
        click.echo(invocation.answer({"created": is_new, **_json(found)}))
    elif is_new:
        click.echo(f"created {found.name} in {found.region}")
    else:
        click.echo(f"{found.name} in {found.region} already exists and is set up correctly")


@table.command("info")
@key_names
@common
@click.pass_context
def info(context: click.Context, /, **given: Any) -> None:
    """Show the table's contents, configuration and monthly cost."""
    invocation = invocation_of(context, given)
    found = _table_of(invocation.store).read()
    if invocation.is_json:
        click.echo(invocation.answer(_json(found)))
        return
    cost = found.monthly_cost
    rows = {
        "Table": f"{found.name} in {found.region}, {found.status.lower()}",
        "Keys": ", ".join(f"{name} ({kind})" for name, kind in found.keys.items()),
        "Items": f"{found.items:,}, {found.size:,} bytes, as counted by AWS in the last six hours",
        "Costs": f"${cost['total']:.2f} a month: ${cost['storage']:.2f} for storage, ${cost['backups']:.2f} for backups",
        **{name.capitalize(): value for name, value in found.features.items()},
    }
    for name, value in rows.items():
        click.echo(f"{name:<24}{value}")


def _table_of(store: Store) -> Table:
    if store.table is None:
        raise ConfigError("only a DynamoDB store has a table: give --store 'dynamodb:TABLE?region=eu-west-1'")
    return store.table


def _json(found: TableInfo) -> dict[str, Any]:
    answer = asdict(found)
    answer["bytes"] = answer.pop("size")
    answer["features"] = {name.replace(" ", "_").replace("-", "_"): value for name, value in found.features.items()}
    return {**answer, "monthly_cost_usd": answer.pop("monthly_cost")}
