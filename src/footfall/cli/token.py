"""`footfall token`: access over HTTP. A token is shown once; the store has only its hash."""

import re
from typing import Any

import click

from ..errors import ConfigError
from ..items import iso
from ..output import to_json, to_table
from ..pageviews.pages import asked_prefix
from .group import Group
from .invocation import Invocation, invocation_of
from .options import common

_NAME = re.compile(r"[\w.@ -]{1,64}")


@click.group(cls=Group)
def token() -> None:
    """Add, list and revoke the tokens that give access over HTTP."""


@token.command()
@click.argument("name")
@click.option(
    "--only", metavar="PREFIX", help="Allow only counts of pages that begin with PREFIX (/ for all), not single views."
)
@common
@click.pass_context
def add(context: click.Context, /, name: str, only: str | None, **given: Any) -> None:
    """Create a token and print it once; only its hash is stored."""
    invocation = invocation_of(context, given)
    if not _NAME.fullmatch(name):
        raise ConfigError("a token's name may have letters, digits, spaces and . _ - @, at most 64 characters")
    _prepare(invocation)
    from ..api.access import make_token  # imports the whole API, which no other command needs

    secret, kept = make_token(name, None if only is None else asked_prefix(only, invocation.settings["index_documents"]))
    if not invocation.store.tokens.add(kept):
        raise ConfigError(
            f"the token {name!r} already exists; choose another name, or revoke it first: footfall token revoke {name}"
        )
    invocation.store.close()
    if invocation.is_json:
        click.echo(to_json({"name": name, "token": secret}))
    else:
        click.echo(secret)
        click.echo("keep it: it is not shown again. Send it in the header Authorization: Bearer ...", err=True)
        if only is not None:
            click.echo(f"to share the dashboard, send its address with the token: https://.../#token={secret}", err=True)


@token.command("list")
@common
@click.pass_context
def list_(context: click.Context, /, **given: Any) -> None:
    """List tokens by name, with their creation times."""
    invocation = invocation_of(context, given)
    tokens = invocation.store.tokens.all()
    invocation.store.close()
    if invocation.is_json:
        click.echo(to_json({"tokens": [{"name": each.name, "created_at": iso(each.created_at)} for each in tokens]}))
    elif tokens:
        click.echo(to_table(("Made", "Name"), [(iso(each.created_at), each.name) for each in tokens]))
    else:
        click.echo("there is no token; create one: footfall token add NAME")


@token.command()
@click.argument("name")
@common
@click.pass_context
def revoke(context: click.Context, /, name: str, **given: Any) -> None:
    """Revoke a token, effective from the next request."""
    invocation = invocation_of(context, given)
    if not any(each.name == name for each in invocation.store.tokens.all()):
        raise ConfigError(f"there is no token {name!r}; footfall token list shows them")
    _prepare(invocation)
    invocation.store.tokens.revoke(name)
    invocation.store.close()
    click.echo(to_json({"revoked": name}) if invocation.is_json else f"revoked {name}")


def _prepare(invocation: Invocation) -> None:
    """Prepare the store for writing; an existing store keeps its time zone."""
    invocation.store.prepare(invocation.zone.key)
