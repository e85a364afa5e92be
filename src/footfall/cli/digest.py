"""`footfall digest`: what a whole period came to, to be read or mailed."""

from datetime import datetime
from typing import Any

import click

from ..errors import ConfigError
from ..notices import digest_document, to_html, to_text
from ..reports import WHOLE_PERIODS, Query, overview, whole_period
from ..reports.answers import overview_json
from .completion import named
from .invocation import Invocation, invocation_of
from .options import common


@click.command("digest")
@click.option(
    "--period",
    default="week",
    show_default=True,
    metavar="PERIOD",
    help="The last whole day, week (Monday to Sunday) or month; or any other period: 2022-10, 30d.",
    shell_complete=named(lambda: ((word, "") for word in WHOLE_PERIODS)),
)
@click.option("--html", is_flag=True, help="Answer in HTML: one page that can be mailed.")
@common
@click.pass_context
def digest_(context: click.Context, /, period: str, html: bool, **given: Any) -> None:
    """
    Summarize a whole period, compared with the one before.

    Shows visitors, views and arrivals, what changed by more than chance, the top pages and sources, new broken links, and
    AI crawlers.
    """
    invocation = invocation_of(context, given)
    if html and invocation.is_json:
        raise ConfigError("--json and --html are two forms of one answer; name one of them")
    found = overview(invocation.store, _query(invocation, period))
    if invocation.is_json:
        click.echo(invocation.report(overview_json(found)))
    else:
        click.echo((to_html if html else to_text)(digest_document(found)))
    invocation.store.close()


def _query(invocation: Invocation, period: str) -> Query:
    today = datetime.now(invocation.zone).date()
    return Query(
        site=invocation.site,
        period=whole_period(period, today),
        zone=invocation.zone,
        off=invocation.settings.counting.off,
    )
