"""`footfall alert`: shows or sends whether views are outside their usual range."""

from datetime import UTC, datetime
from typing import Any

import click

from ..notices import alert_notices, to_text, usual_document
from ..reports import Query, usual_days
from ..reports.answers import usual_json
from ..reports.resolve import resolve
from .invocation import invocation_of
from .options import common, quiet
from .sending import send_once, sent


@click.command("alert")
@sent
@quiet
@common
@click.pass_context
def alert(context: click.Context, /, send: bool, webhook: str | None, **given: Any) -> None:
    """
    Show whether views are unusually high or low.

    Compares yesterday and today with the same weekdays of the eight weeks before. With --send or --webhook, an
    unusual day is reported once.
    """
    invocation = invocation_of(context, given)
    query = resolve(invocation.store, Query(site=invocation.site, zone=invocation.zone, off=invocation.settings.counting.off))
    now = datetime.now(UTC)
    if send or webhook:
        send_once(invocation, alert_notices(invocation.store, query, now), webhook)
    else:
        days = usual_days(invocation.store, query, now)
        if invocation.is_json:
            click.echo(invocation.report(usual_json(query, days)))
        else:
            click.echo(to_text(usual_document(query, days)))
    invocation.store.close()
