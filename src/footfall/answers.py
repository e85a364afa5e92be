"""
What footfall answers to a question, as JSON: one shape for the command line's --json and for the HTTP API.

Every report's answer says how far the counts reach, and what it cost where the store is one that is paid for.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .errors import ConfigError, StoreMissing
from .items import iso
from .pageviews.rules import REASONS
from .records import Account, Capacity
from .reports import Breakdown, History, Period, Referrers, Status, Total, Views, read_period
from .settings import Settings
from .stores import Store


def total_json(found: Total) -> dict[str, Any]:
    """How much was viewed."""
    answer = {"query": found.query, "total": found.total, "pages": found.pages, "days": found.days}
    return answer if found.before is None else {**answer, "previous": total_json(found.before)}


def history_json(found: History) -> dict[str, Any]:
    """Views over time."""
    series = [moment._asdict() for moment in found.series]
    answer = {"query": found.query, "series": series, "total": found.total}
    return answer if found.before is None else {**answer, "previous": history_json(found.before)}


def breakdown_json(found: Breakdown) -> dict[str, Any]:
    """The values of a dimension; with the period before, each row has its views of then."""
    rows: list[dict[str, Any]] = [row._asdict() for row in found.rows]
    answer = {"query": found.query, "rows": rows, "total": found.total, "next": found.next}
    if found.series is not None:
        for row in rows:
            row["series"] = found.series[row["value"]]
    if found.before is None:
        return answer
    for row in rows:
        row["previous"] = found.before.views.get(row["value"], 0)
    return {**answer, "previous": {"query": found.before.query, "total": found.before.total}}


def referrers_json(found: Referrers) -> dict[str, Any]:
    """Where the readers of a page came from."""
    return {"query": found.query, "rows": [row._asdict() for row in found.rows], "total": found.total, "of": found.of}


def views_json(found: Views) -> dict[str, Any]:
    """The stored items of a page's views."""
    return {"query": found.query, "rows": list(found.items), "next": found.next}


def status_json(found: Status) -> dict[str, Any]:
    """What was ingested."""
    answer = found._asdict()
    return answer | account_json(answer.pop("account"))


def sites_json(store: Store) -> dict[str, Any]:
    """Which sites there are, and from when to when something was counted of each."""
    days = {site: store.period(site) or (None, None) for site in store.sites()}
    return {
        "sites": [{"site": site, "first_day": first, "last_day": last} for site, (first, last) in days.items()],
        "time_zone": store.time_zone(),
    }


def account_json(account: Account) -> dict[str, Any]:
    """An account: every reason, also those that dropped nothing."""
    return {
        "lines": account.lines,
        "views": account.views,
        "dropped": {reason: account.dropped.get(reason, 0) for reason in REASONS},
        "unreadable": account.unreadable,
    }


def with_reach(answer: Mapping[str, Any], store: Store) -> dict[str, Any]:
    """The answer and `complete_until`: the latest request of any file; S3 may still deliver earlier ones."""
    latest = store.latest()
    return {**answer, "complete_until": iso(latest) if latest is not None else None}


def with_capacity(answer: Mapping[str, Any], capacity: Capacity | None) -> dict[str, Any]:
    """The answer and what it consumed; null where nothing is paid for."""
    return {**answer, "capacity": capacity._asdict() if capacity is not None else None}


def zone_of(store: Store, settings: Settings) -> ZoneInfo:
    """The time zone of the store's days; of the settings, while it has none."""
    wanted: ZoneInfo = settings["time_zone"]
    try:
        kept = store.time_zone()
    except StoreMissing:  # the report says so
        return wanted
    if kept and "time_zone" in settings.given and kept != wanted.key:
        raise ConfigError(f"the store counts days in {kept}, not in {wanted.key}; set time_zone = {kept!r}")
    return ZoneInfo(kept) if kept else wanted


def period_of(start: str | None, end: str | None, period: str | None, zone: ZoneInfo) -> Period:
    """The period that these name, as of today in the site's time zone."""
    return read_period(start, end, period, datetime.now(zone).date())


def site_of(settings: Settings) -> str | None:
    """The one site that is configured; None leaves it to the store, which may have but one."""
    configured: Sequence[str] = settings["sites"]
    return configured[0] if len(configured) == 1 else None
