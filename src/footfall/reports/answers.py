"""
Answers as JSON, in the same shape for --json and the HTTP API.

Every report says how complete the counts are and, if the store costs money, what it cost.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from ..dimensions import DIMENSIONS, FILTERS, PANELS
from ..items import iso
from ..measures import MEASURES, choose_measure, measures_of
from ..pageviews.classes import ABOUT_CLASSES, CLASSES
from ..pageviews.rules import REASONS
from ..records import Account
from ..stores import Store
from ..stores.filters import Coverage
from ..stores.shapes import Capacity
from .annotations import Annotated
from .breakdown import Breakdown
from .history import History
from .overview import SECTIONS, Found, Overview, Row, Section
from .query import Query
from .referrers import PageReferrers
from .status import LedgerStatus
from .stored_views import StoredViews
from .total import Total
from .usual import Usual
from .visitors import Visitors

# The keys of a question that `query` echoes, in order; new keys are added at the end.
OF_TOTAL = ("site", "page", "prefix", "start", "end", "measure")
OF_HISTORY = ("site", "page", "prefix", "start", "end", "interval", "measure")
OF_BREAKDOWN = ("site", "dimension", "start", "end", "prefix", "limit", "measure")
OF_PAGE = ("site", "page", "start", "end", "limit")
OF_OVERVIEW = ("site", "start", "end")
OF_ANNOTATIONS = ("site", "start", "end")
OF_PREVIOUS = ("start", "end")

Compared = TypeVar("Compared", Total, History)


def total_json(found: Total) -> dict[str, Any]:
    """Total views, visitors and arrivals."""
    return _with_previous(found, OF_TOTAL, _total_shape)


def _total_shape(each: Total) -> dict[str, Any]:
    return {
        "total": each.total,
        "pages": each.pages,
        "days": each.days,
        **_logged_shape(each.query),
        "arrivals": each.arrivals,
        **({} if each.bots is None else {"bots": each.bots}),
        **_visitors_shape(each.visitors),
        **_coverage_shape(each.coverage),
    }


def history_json(found: History) -> dict[str, Any]:
    """Views over time."""
    return _with_previous(found, OF_HISTORY, _history_shape)


def _history_shape(each: History) -> dict[str, Any]:
    series = [{"at": at, **_counted(each.query, count, each.views, at)} for at, count in each.series]
    if each.visitors:
        of_labels: dict[Any, int | None] = {
            **dict.fromkeys((at for at, _ in each.series), 0),
            **each.visitors.by(each.query.interval),
        }
        series = [{**row, "visitors": of_labels[row["at"]]} for row in series]
    shape = {"series": series, "total": each.total, **_logged_shape(each.query)}
    return {**shape, **_visitors_shape(each.visitors), **_coverage_shape(each.coverage)}


def _logged_shape(query: Query) -> dict[str, Any]:
    """How many days have logs, and, if one of them is not over, how much of them the logs cover."""
    logged = {"logged_days": query.logged_days}
    return {**logged, "covered_days": query.covered_days} if query.is_running else logged


def _visitors_shape(found: Visitors | None) -> dict[str, Any]:
    """A site's visitors: the sum of its days, the number of days with views and no known visitors, and the suspected bots."""
    if found is None:
        return {}
    of_files = found.suspects
    suspected = {
        "visitors": of_files.number,
        "loaded_files": of_files.loaded,
        "unknown_days": of_files.unknown_days,
        "why_unknown": of_files.why_unknown or None,
    }
    return {"visitors": found.total, "unknown_visitor_days": len(found.unknown), "suspected_bots": suspected}


def _coverage_shape(found: Coverage | None) -> dict[str, Any]:
    """For a filtered answer: how many of the period's views it was chosen from, since not all may be kept."""
    return {"filtered": found._asdict()} if found else {}


def _with_previous(found: Compared, echoed: Sequence[str], shape: Callable[[Compared], dict[str, Any]]) -> dict[str, Any]:
    """An answer, with the same for the previous period if requested."""
    answer = {
        "query": found.query.echo(echoed),
        **shape(found),
        "first_day": first_day(found.query),
        **_turned_off(found.query),
    }
    if found.before is None:
        return answer
    return {**answer, "previous": {"query": found.before.query.echo(OF_PREVIOUS), **shape(found.before)}}


def first_day(query: Query) -> str | None:
    """The first day with logs: earlier ones are left out."""
    return str(query.logged.start) if query.logged.start else None


def _turned_off(query: Query) -> dict[str, str]:
    """Why nothing is counted, if the setting `dimensions` turned it off."""
    return {"turned_off": query.turned_off} if query.turned_off else {}


def breakdown_json(found: Breakdown) -> dict[str, Any]:
    """The values of a dimension; with a comparison, each row also has its views in the previous period."""
    rows: list[dict[str, Any]] = [
        {"value": value, **_counted(found.query, count, found.views, value)} for value, count in found.rows
    ]
    asked = found.query
    answer = {"query": asked.echo(OF_BREAKDOWN), "rows": rows, "total": found.total, "next": found.next}
    answer |= {**_logged_shape(asked), "first_day": first_day(asked), **_coverage_shape(found.coverage), **_turned_off(asked)}
    if name_of := DIMENSIONS[asked.counted_by].name_of:
        for row in rows:
            row["name"] = name_of(row["value"])
    if found.series is not None:
        for row in rows:
            row["series"] = found.series[row["value"]]
    if found.before is None:
        return answer
    for row in rows:
        row["previous"] = found.before.views.get(row["value"], 0)
    before = found.before.query
    previous = {"query": before.echo(OF_PREVIOUS), "total": found.before.total, **_logged_shape(before)}
    return {**answer, "previous": previous}


def _counted(query: Query, count: int, views: Mapping[str, int] | None, of: str) -> dict[str, int]:
    """The numbers of a row: its views, and any other that was requested. Requests are also called views."""
    return {"views": count} if views is None else {"views": views.get(of, 0), str(query.measure): count}


def page_referrers_json(found: PageReferrers) -> dict[str, Any]:
    """Where the readers of a page came from: hosts, each with the most frequent full addresses."""
    rows: list[dict[str, Any]] = [row._asdict() for row in found.rows]
    for row in rows:
        row["addresses"] = [{"address": address, "views": views} for address, views in found.addresses[row["value"]]]
    return {"query": found.query.echo(OF_PAGE), "rows": rows, "total": found.total, "of": found.of}


def stored_views_json(found: StoredViews) -> dict[str, Any]:
    """The stored items of a page's views."""
    return {"query": found.query.echo(OF_PAGE), "rows": list(found.items), "next": found.next}


def overview_json(found: Overview) -> dict[str, Any]:
    """The summary of a period and its changes from the one before; `previous` and `direction` are null without one."""
    asked, before = found.comparison
    return {
        "query": asked.echo(OF_OVERVIEW),
        **_logged_shape(asked),
        "first_day": first_day(asked),
        "previous": {"query": before.echo(OF_PREVIOUS), "logged_days": before.logged_days},
        "numbers": {row.value: _row_shape(row) for row in found.numbers},
        "changes": [{**_measured(SECTIONS[name]), "value": row.value, **_row_shape(row)} for name, row in found.changes],
        **{name: _section_shape(SECTIONS[name], each) for name, each in found.sections.items()},
    }


def _section_shape(section: Section, found: Found) -> dict[str, Any]:
    shape = {
        **_measured(section),
        "values": found.values,
        "rows": [{"value": row.value, **_row_shape(row)} for row in found.rows],
    }
    return {**shape, "turned_off": found.turned_off} if found.turned_off else shape


def _measured(section: Section) -> dict[str, str]:
    """What a section's numbers count."""
    return {"dimension": section.dimension, "measure": choose_measure(section.measure, section.dimension)}


def _row_shape(row: Row) -> dict[str, Any]:
    return {"total": row.now, "previous": row.before, "direction": row.direction}


def annotations_json(found: Annotated) -> dict[str, Any]:
    """Annotations by day; of all sites if `site` is null."""
    return {"query": found.query.echo(OF_ANNOTATIONS), "annotations": [row._asdict() for row in found.rows]}


def usual_json(query: Query, days: Iterable[Usual]) -> dict[str, Any]:
    """Days with their usual range; `usual` is null if that is not known, `unusual` if the day is within it."""
    return {
        "query": query.echo(("site",)),
        "days": [
            {
                "day": str(day.day),
                "hours": day.hours,
                "views": day.views,
                "usual": day.usual,
                "spread": round(day.spread, 1),
                "unusual": day.unusual,
            }
            for day in days
        ],
    }


def status_json(found: LedgerStatus) -> dict[str, Any]:
    """What was ingested."""
    answer = found._asdict()
    others = answer.pop("files_under_other_rules")
    return answer | account_json(answer.pop("account")) | {"files_under_other_rules": others}


def sites_json(store: Store) -> dict[str, Any]:
    """All sites, each with the first and last day of its counts."""
    days = {site: store.period(site) or (None, None) for site in store.sites()}
    return {
        "sites": [{"site": site, "first_day": first, "last_day": last} for site, (first, last) in days.items()],
        "time_zone": store.time_zone(),
    }


def dimensions_json(off: Collection[str] = (), *, combines_filters: bool | None = None) -> dict[str, Any]:
    """
    The dimensions that are not off: headings, nouns, the classes of values that have them, and the panels of the dashboard.

    `combines_filters` says whether the store can filter the values of one dimension by another; None if no store is asked.
    """
    dimensions = []
    for name, row in DIMENSIONS.items():
        if name in off:
            continue
        measures = measures_of(name)
        one, many = MEASURES[measures[0]].noun
        dimensions.append(
            {
                "dimension": name,
                "title": row.title,
                "noun": {"one": one, "many": many},
                "measures": measures,
                "is_filter": name in FILTERS,
                "classes": CLASSES.get(name, {}),
                "about_classes": ABOUT_CLASSES if name in CLASSES else {},
                "panel": row.panel or None,
                "detail_of": row.detail_of or None,
            }
        )
    panels = [{"panel": name, "title": title} for name, title in PANELS.items()]
    answer: dict[str, Any] = {"dimensions": dimensions, "panels": panels}
    return answer if combines_filters is None else {**answer, "combines_filters": combines_filters}


def account_json(account: Account) -> dict[str, Any]:
    """An account with every reason, including those that dropped nothing."""
    return {
        "lines": account.lines,
        "views": account.views,
        "dropped": {reason: account.dropped.get(reason, 0) for reason in REASONS},
        "unreadable": account.unreadable,
        "late_visitors": account.late_visitors,
    }


def with_reach(answer: Mapping[str, Any], store: Store) -> dict[str, Any]:
    """The answer and `complete_until`: the latest request of any file; S3 may still deliver earlier ones."""
    latest = store.latest()
    return {**answer, "complete_until": iso(latest) if latest is not None else None}


def with_capacity(answer: Mapping[str, Any], capacity: Capacity | None) -> dict[str, Any]:
    """The answer and what it consumed; null if the store costs nothing."""
    return {**answer, "capacity": capacity._asdict() if capacity is not None else None}
