"""
The function in AWS that sends the digest, once a period, and alerts, once a day.

    on_notice   called every hour; sends what is new

It does not need any code that reads logs.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from ..errors import ConfigError, FootfallError
from ..notices import Notice, alert_notices, deliver, digest_notice, is_due, place_text
from ..reports import Query, whole_period
from ..settings import Settings, load_settings
from ..stores import Store, open_store
from .report import write_line

# How deliveries are called in the log.
STATUS = {"ours": "sent", "held": "held", "delivered": "known"}


class Setup(NamedTuple):
    """What is reused from call to call."""

    settings: Settings
    store: Store


def on_notice(event: Any, context: Any) -> dict[str, str]:
    """
    Send the digest of the last whole period once its logs are there, and alerts; returns the result for each kind.

    An event with a `period`, written as on the command line, sends only the digest of that period, even if its logs are
    not there yet.
    """
    settings, store = _setup()
    plan = settings["digest"]
    if not plan.to:
        raise ConfigError("there is nowhere to send the digest: set `to` in FOOTFALL_DIGEST")
    asked = event.get("period") if isinstance(event, dict) else None
    done: dict[str, str] = {}
    try:
        for notice in _notices(settings, store, asked):
            status = STATUS[deliver(store.notices, notice, plan.to)]
            write_line(status, request_id=context.aws_request_id, **{notice.kind: notice.title}, to=place_text(plan.to))
            done[notice.kind] = status
    except FootfallError as error:  # AWS retries, and so does the next hourly call
        write_line("failed", request_id=context.aws_request_id, to=place_text(plan.to), error=str(error))
        raise
    return done


def _notices(settings: Settings, store: Store, asked: str | None) -> Iterator[Notice]:
    """The notices that are due."""
    plan, zone, now = settings["digest"], settings.zone_of(store), datetime.now(UTC)
    period = whole_period(asked or plan.period, now.astimezone(zone).date())
    query = Query(site=settings.site, period=period, zone=zone, off=settings.counting.off)
    if asked or is_due(store, query, now.timestamp()):
        yield digest_notice(store, query)
    if plan.alerts and not asked:
        yield from alert_notices(store, query, now)


@cache
def _setup() -> Setup:
    """Made on the first call, and kept for later calls in this process."""
    settings = load_settings(None, {})
    return Setup(settings, open_store(settings["store"], settings["item"], settings.keep))
