"""`footfall digest`: what a whole period came to, to be read, mailed, or sent once."""

from datetime import datetime
from typing import Any

import click

from ..errors import ConfigError
from ..notices import deliver, digest_document, digest_notice, place_text, to_html, to_text
from ..output import to_json
from ..reports import WHOLE_PERIODS, Query, overview, whole_period
from ..reports.answers import overview_json
from ..reports.comparison import days_text
from ..settings.notices import read_destination
from .completion import named
from .invocation import Invocation, invocation_of
from .options import common, quiet

# What became of a notice, as people are told.
SAID = {
    "ours": "sent to {to}",
    "held": "another run is sending it to {to}",
    "delivered": "was sent to {to} already",
}


@click.command("digest")
@click.option(
    "--period",
    metavar="PERIOD",
    help="The last whole day, week (Monday to Sunday; the default) or month; or any other period: 2022-10, 30d.",
    shell_complete=named(lambda: ((word, "") for word in WHOLE_PERIODS)),
)
@click.option("--html", is_flag=True, help="Answer in HTML: one page that can be mailed.")
@click.option("--send", is_flag=True, help="Send it, once, where the setting `digest` says.")
@click.option("--webhook", metavar="URL", help="Send it, once, to a webhook.")
@quiet
@common
@click.pass_context
def digest_(context: click.Context, /, period: str | None, html: bool, send: bool, webhook: str | None, **given: Any) -> None:
    """
    Summarize a whole period, compared with the one before.

    Shows visitors, views and arrivals, what changed by more than chance, the top pages and sources, new broken links, and
    AI crawlers.
    """
    invocation = invocation_of(context, given)
    if html and invocation.is_json:
        raise ConfigError("--json and --html are two forms of one answer; name one of them")
    query = _query(invocation, period or invocation.settings["digest"].period)
    if send or webhook:
        _send(invocation, query, webhook)
    elif invocation.is_json:
        click.echo(invocation.report(overview_json(overview(invocation.store, query))))
    else:
        click.echo((to_html if html else to_text)(digest_document(overview(invocation.store, query))))
    invocation.store.close()


def _send(invocation: Invocation, query: Query, webhook: str | None) -> None:
    """Send the digest unless that is done, and say which."""
    to = read_destination("--webhook", webhook) if webhook else invocation.settings["digest"].to
    if not to:
        raise ConfigError("the setting digest does not say where to send it: set its `to`, or name a --webhook")
    invocation.store.prepare(invocation.zone.key)
    done = deliver(invocation.store.notices, digest_notice(invocation.store, query), to)
    if invocation.is_json:
        click.echo(to_json({"sent": done == "ours", "to": place_text(to), "query": query.echo(("start", "end"))}))
    elif not invocation.is_quiet:
        click.echo(f"the digest of {days_text(query.period)} {SAID[done].format(to=place_text(to))}")


def _query(invocation: Invocation, period: str) -> Query:
    today = datetime.now(invocation.zone).date()
    return Query(
        site=invocation.site,
        period=whole_period(period, today),
        zone=invocation.zone,
        off=invocation.settings.counting.off,
    )
