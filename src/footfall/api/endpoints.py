"""
What answers: ENDPOINTS says of each path which parameters it takes, how it answers, and what OpenAPI says of it.

A new endpoint is a new row; routing, errors, access, OpenAPI and docs/reference/api.md follow from it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from .. import answers
from ..dimensions import DIMENSIONS
from ..errors import ConfigError, StoreError
from ..pageviews.pages import page_name
from ..pageviews.referrers import bare_host, referrer_host
from ..reports import MOST_READ, Period, breakdown, history, page_referrers, status, total, views
from ..settings import Settings
from ..stores import Store
from . import schemas
from .parameters import DEFAULT_ROWS, DEFAULT_VIEWS, OF_VIEWS, PARAMETERS, Parameter

Answer = Mapping[str, Any]
Table = tuple[Sequence[str], Sequence[Sequence[Any]]]
"""Header and rows."""


@dataclass(frozen=True)
class Question:
    """What is asked, of which store, and whether by anybody."""

    store: Store
    settings: Settings
    values: Mapping[str, Any]
    """Of the parameters that are given."""
    is_public: bool

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the site's days."""
        try:
            return answers.zone_of(self.store, self.settings)
        except ConfigError as error:  # the owner's to mend, not who asks
            raise StoreError(str(error)) from error

    @property
    def site(self) -> str | None:
        """The site that is named, else the one that is configured."""
        return self.values.get("site") or answers.site_of(self.settings)

    @property
    def page(self) -> str | None:
        """The page's name, also where it is written as its path: /blog/a/."""
        page = self.values.get("page")
        return None if page is None else page_name(page, self.settings["index_documents"])

    @property
    def prefix(self) -> str:
        """What values begin with."""
        return str(self.values.get("prefix", ""))

    @property
    def is_compared(self) -> bool:
        """Whether the period before is asked for too."""
        return "compare" in self.values

    def period(self, start: str = "start", end: str = "end") -> Period:
        """The period that these parameters name."""
        return answers.period_of(self.values.get(start), self.values.get(end), self.values.get("period"), self.zone)


class Endpoint(NamedTuple):
    """One path."""

    answer: Callable[[Question], Answer]
    help: str
    schema: Mapping[str, Any]
    """Of its answer in JSON."""
    takes: Sequence[str] = ()
    """The names of its parameters."""
    required: Sequence[str] = ()
    own: Mapping[str, Parameter] = {}
    """Parameters that it reads in a way of its own."""
    table: Callable[[Answer], Table] | None = None
    """Its answer as a table, for `format=csv`."""
    bare: str | None = None
    """The parameter that a bare name is the value of: `?blog/articles/2`."""
    may_be_public: bool = True
    is_of_pages: bool = False
    """Whether it can be open for pages with a prefix alone."""
    is_enveloped: bool = True
    """Whether `complete_until` and `capacity` are in its answer; they are headers of every one."""

    @property
    def parameters(self) -> dict[str, Parameter]:
        """By name."""
        return {name: self.own.get(name) or PARAMETERS[name] for name in self.takes}


def _total(asked: Question) -> Answer:
    return answers.total_json(
        total(
            asked.store, asked.period(), site=asked.site, prefix=asked.prefix, page=asked.page, compare=asked.is_compared,
            must_exist=not asked.is_public,
        )
    )  # fmt: skip


def _history(asked: Question) -> Answer:
    return answers.history_json(
        history(
            asked.store, asked.period(), asked.values.get("interval", "day"), site=asked.site, prefix=asked.prefix,
            page=asked.page, compare=asked.is_compared, must_exist=not asked.is_public, zone=asked.zone,
        )
    )  # fmt: skip


def _breakdown(dimension: str) -> Callable[[Question], Answer]:
    def answer(asked: Question) -> Answer:
        return answers.breakdown_json(
            breakdown(
                asked.store, dimension, asked.period(), site=asked.site, prefix=asked.prefix,
                limit=asked.values.get("limit", DEFAULT_ROWS), cursor=asked.values.get("cursor"), compare=asked.is_compared,
                series=asked.values.get("series"),
            )
        )  # fmt: skip

    return answer


def _page_referrers(asked: Question) -> Answer:
    attribute = asked.settings["item"].attribute_of("referrer")
    own = asked.settings.counting.own_host_names | {bare_host(asked.site)}
    return answers.referrers_json(
        page_referrers(
            asked.store, str(asked.page), asked.period(), site=asked.site, limit=asked.values.get("limit", DEFAULT_ROWS),
            referrer_of=(lambda item: referrer_host(str(item.get(attribute, "")), own)) if attribute else None,
            zone=asked.zone,
        )
    )  # fmt: skip


def _views(asked: Question) -> Answer:
    return answers.views_json(
        views(
            asked.store, str(asked.page), asked.period(), site=asked.site, sort_key=asked.settings["item"].sort_key,
            limit=asked.values.get("limit", DEFAULT_VIEWS), cursor=asked.values.get("cursor"), zone=asked.zone,
        )
    )  # fmt: skip


def _status(asked: Question) -> Answer:
    return answers.status_json(status(asked.store))


def _sites(asked: Question) -> Answer:
    return answers.sites_json(asked.store)


def _page_totals(asked: Question) -> Answer:
    found = breakdown(asked.store, "page", asked.period("from_date", "to_date"), site=asked.site, prefix=asked.prefix)
    return {row.value: row.views for row in found.rows}


def _page_history(asked: Question) -> Answer:
    found = history(
        asked.store, asked.period("from_date", "to_date"), "day", site=asked.site, page=asked.page, must_exist=False,
        zone=asked.zone,
    )  # fmt: skip
    return {moment.at: moment.views for moment in found.series}


def _rows_table(dimension: str) -> Callable[[Answer], Table]:
    def table(answer: Answer) -> Table:
        columns = [name for name in ("views", "previous") if name == "views" or name in answer]
        return (*columns, dimension), [[*(row[name] for name in columns), row["value"]] for row in answer["rows"]]

    return table


def _series_table(answer: Answer) -> Table:
    return ("at", "views"), [(moment["at"], moment["views"]) for moment in answer["series"]]


PERIOD = ("site", "start", "end", "period")

ENDPOINTS: dict[str, Endpoint] = {
    "/api/v1/stats/total": Endpoint(
        _total,
        "How much was viewed.",
        schemas.TOTAL,
        (*PERIOD, "page", "prefix", "compare"),
        is_of_pages=True,
    ),
    "/api/v1/stats/history": Endpoint(
        _history,
        "Views over time, with a zero where there were none.",
        schemas.HISTORY,
        (*PERIOD, "page", "prefix", "interval", "compare", "format"),
        table=_series_table,
        is_of_pages=True,
    ),
    **{
        f"/api/v1/stats/{name}": Endpoint(
            _breakdown(name),
            f"{row.counts} per {row.title.lower()}, most first.",
            schemas.BREAKDOWN,
            (*PERIOD, "prefix", "limit", "cursor", "compare", "series", "format"),
            table=_rows_table(name),
            is_of_pages=name == "page",
        )
        for name, row in DIMENSIONS.items()
    },
    "/api/v1/views": Endpoint(
        _views,
        "The stored items of a page's views, in time order; never public.",
        schemas.VIEWS,
        (*PERIOD, "page", "limit", "cursor"),
        required=("page",),
        own=OF_VIEWS,
        may_be_public=False,
    ),
    "/api/v1/views/referrers": Endpoint(
        _page_referrers,
        f"Where a page's readers came from, by its stored views, the earliest {MOST_READ:,} at most; never public.",
        schemas.REFERRERS,
        (*PERIOD, "page", "limit", "format"),
        required=("page",),
        table=_rows_table("referrer"),
        may_be_public=False,
    ),
    "/api/v1/status": Endpoint(
        _status, "What was counted so far, how far the counts reach, and what was dropped.", schemas.STATUS
    ),
    "/api/v1/sites": Endpoint(_sites, "The sites, and from when to when something was counted of each.", schemas.SITES),
    "/pagetotals": Endpoint(
        _page_totals,
        "Views of each page, most first. A bare name is a prefix: `/pagetotals?blog/articles/2`.",
        schemas.COUNTS,
        ("site", "prefix", "from_date", "to_date"),
        bare="prefix",
        is_of_pages=True,
        is_enveloped=False,
    ),
    "/pagehistory": Endpoint(
        _page_history,
        "A page's views on each day; zeros where it was never viewed.",
        schemas.COUNTS,
        ("site", "page", "from_date", "to_date"),
        required=("page",),
        is_of_pages=True,
        is_enveloped=False,
    ),
}
