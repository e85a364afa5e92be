"""`footfall digest`: summarizes a whole period, on the terminal, as HTML, or sent once."""

from datetime import datetime
from typing import Any

import click

from ..errors import ConfigError
from ..notices import digest_document, digest_notice, to_html, to_text
from ..reports import WHOLE_PERIODS, Query, overview, whole_period
from ..reports.answers import overview_json
from .completion import named
from .invocation import Invocation, invocation_of
from .options import common, quiet
from .sending import send_once, sent


@click.command("digest")
@click.option(
    "--period",
    metavar="PERIOD",
    help="The last whole day, week (Monday to Sunday; the default) or month; or any other period: 2022-10, 30d.",
    shell_complete=named(lambda: ((word, "") for word in WHOLE_PERIODS)),
)
@click.option("--html", is_flag=True, help="Answer in HTML: a single page that can be mailed.")
@sent
@quiet
@common
@click.pass_context
def digest_(context: click.Context, /, period: str | None, html: bool, send: bool, webhook: str | None, **given: Any) -> None:
    """
    Summarize a whole period, compared with the one before.

    Shows visitors, views and arrivals, significant changes, the top pages and sources, new broken links, and AI crawlers.
    """
    invocation = invocation_of(context, given)
    if html and invocation.is_json:
        raise ConfigError("--json and --html cannot be combined; use one of them")
    query = _query(invocation, period or invocation.settings["digest"].period)
    if send or webhook:
        send_once(invocation, [digest_notice(invocation.store, query)], webhook)
    elif invocation.is_json:
        click.echo(invocation.report(overview_json(overview(invocation.store, query))))
    else:
        click.echo((to_html if html else to_text)(digest_document(overview(invocation.store, query))))
    invocation.store.close()


def _query(invocation: Invocation, period: str) -> Query:
    today = datetime.now(invocation.zone).date()
    return Query(
        site=invocation.site,
        period=whole_period(period, today),
        zone=invocation.zone,
        off=invocation.settings.counting.off,
    )
