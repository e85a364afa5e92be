"""
The function in AWS that sends the digest, once a period.

    on_notice   called every hour; does something in one of them, when the logs of the last whole period are there

It needs nothing of what reads logs.
"""

from datetime import datetime
from functools import cache
from time import time
from typing import Any, NamedTuple

from ..errors import ConfigError, FootfallError
from ..notices import deliver, digest_notice, is_due, place_text
from ..reports import Query, whole_period
from ..settings import Settings, load_settings
from ..stores import Store, open_store
from .report import write_line

# How a notice is called in the log that another run has sent, or is sending.
STATUS = {"ours": "sent", "held": "held", "delivered": "known"}


class Setup(NamedTuple):
    """What stays the same from call to call."""

    settings: Settings
    store: Store


def on_notice(event: Any, context: Any) -> dict[str, str]:
    """
    Send the digest of the last whole period, unless that is done or its logs are not there yet; says which.

    An event with a `period`, as people write one, asks for the digest of that, whether its logs are there or not.
    """
    settings, store = _setup()
    plan = settings["digest"]
    if not plan.to:
        raise ConfigError("nothing says where to send the digest: set `to` in FOOTFALL_DIGEST")
    asked = event.get("period") if isinstance(event, dict) else None
    zone = settings.zone_of(store)
    period = whole_period(asked or plan.period, datetime.now(zone).date())
    query = Query(site=settings.site, period=period, zone=zone, off=settings.counting.off)
    about = {"request_id": context.aws_request_id, "start": str(period.start), "end": str(period.end)}
    try:
        is_now = asked or is_due(store, query, time())
        status = STATUS[deliver(store.notices, digest_notice(store, query), plan.to)] if is_now else "waiting"
    except FootfallError as error:  # AWS tries again, and so does the next hour
        write_line("failed", **about, to=place_text(plan.to), error=str(error))
        raise
    write_line(status, **about, to=place_text(plan.to))
    return {"digest": status}


@cache
def _setup() -> Setup:
    """Made at the first call, and kept for those that follow in this process."""
    settings = load_settings(None, {})
    return Setup(settings, open_store(settings["store"], settings["item"], settings.keep))
