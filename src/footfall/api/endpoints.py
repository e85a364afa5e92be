"""
ENDPOINTS: for each path, its parameters, its answer and its OpenAPI description.

A new endpoint is a new row; routing, errors, access, OpenAPI and docs/reference/api.md are derived from it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from ..digest import rules_of
from ..dimensions import DIMENSIONS
from ..errors import ConfigError
from ..measures import MEASURES, choose_measure, numbers_of
from ..pageviews.referrers import bare_host, referrer_host
from ..reports import MOST_READ, annotations, answers, breakdown, history, ledger_status, page_referrers, stored_views, total
from ..stores.shapes import Annotation
from . import schemas
from .counter import counter_svg
from .parameters import DEFAULT_ROWS, DEFAULT_VIEWS, OF_VIEWS, PARAMETERS, Parameter, measure_of
from .request import ApiRequest

Answer = Mapping[str, Any]
Table = tuple[Sequence[str], Sequence[Sequence[Any]]]
"""The header and the rows."""


class Endpoint(NamedTuple):
    """One path."""

    answer: Callable[[ApiRequest], Answer]
    help: str
    schema: Mapping[str, Any]
    """The JSON Schema of its answer."""
    takes: Sequence[str] = ()
    """The names of its parameters."""
    required: Sequence[str] = ()
    own: Mapping[str, Parameter] = {}
    """Parameters that it reads differently."""
    table: Callable[[Answer], Table] | None = None
    """Its answer as a table, for `format=csv`."""
    bare: str | None = None
    """The parameter that takes a bare name as its value: `?blog/articles/2`."""
    may_be_public: bool = True
    is_of_pages: bool = False
    """Whether it can be public for pages with a prefix."""
    needs_token: bool = True
    """False for a batch: each of its questions needs a token or not, as on its own."""
    picture: Callable[[Answer], bytes] | None = None
    """Its answer as an SVG instead of JSON; pages of other sites may show it if it is public."""
    is_enveloped: bool = True
    """Whether its answer contains `complete_until` and `capacity`; every answer has them as headers."""

    @property
    def parameters(self) -> dict[str, Parameter]:
        """By name."""
        return {name: self.own.get(name) or PARAMETERS[name] for name in self.takes}


def _total(asked: ApiRequest) -> Answer:
    return answers.total_json(total(asked.store, asked.query()))


def _history(asked: ApiRequest) -> Answer:
    return answers.history_json(history(asked.store, asked.query()))


def _breakdown(dimension: str) -> Callable[[ApiRequest], Answer]:
    return lambda asked: answers.breakdown_json(breakdown(asked.store, asked.query(dimension, DEFAULT_ROWS)))


def _page_referrers(asked: ApiRequest) -> Answer:
    query = asked.query(limit=DEFAULT_ROWS)
    attribute = asked.settings["item"].attribute_of("referrer")
    own = asked.settings.counting.own_host_names | {bare_host(query.site)}

    def referrer_of(item: Mapping[str, Any]) -> tuple[str, str]:
        address = str(item.get(attribute, ""))
        return referrer_host(address, own), address

    return answers.page_referrers_json(page_referrers(asked.store, query, referrer_of if attribute else None))


def _stored_views(asked: ApiRequest) -> Answer:
    query = asked.query(limit=DEFAULT_VIEWS)
    return answers.stored_views_json(stored_views(asked.store, query, asked.settings["item"].sort_key))


def _status(asked: ApiRequest) -> Answer:
    try:
        rules = rules_of(asked.settings.counting)
    except ConfigError:  # country_data is wrong: `footfall doctor` says why
        rules = None
    return answers.status_json(ledger_status(asked.store, rules))


def _sites(asked: ApiRequest) -> Answer:
    return answers.sites_json(asked.store)


def _dimensions(asked: ApiRequest) -> Answer:
    combines_filters = asked.store.kept_views is not None and asked.settings.keep.views
    return answers.dimensions_json(asked.settings.counting.off, combines_filters=combines_filters)


def _annotations(asked: ApiRequest) -> Answer:
    return answers.annotations_json(annotations(asked.store, asked.query()))


def _batch(asked: ApiRequest) -> Answer:
    return {"answers": asked.answers_to(asked.values["ask"])}


def _counter(asked: ApiRequest) -> Answer:
    found = total(asked.store, replace(asked.query(), must_exist=False))
    return {"page": found.query.page, **_counted(found.total, asked)}


def _site_counter(asked: ApiRequest) -> Answer:
    # Without the site's name, which may be a bucket's that nobody needs to know.
    found = total(asked.store, asked.query())
    return {"prefix": found.query.prefix, **_counted(found.total, asked)}


def _counted(views: int, asked: ApiRequest) -> Answer:
    return {"views": views, "count": f"{views:,}", "label": asked.values.get("label", "views")}


def _page_totals(asked: ApiRequest) -> Answer:
    return {row.value: row.views for row in breakdown(asked.store, asked.query("page")).rows}


def _page_history(asked: ApiRequest) -> Answer:
    found = history(asked.store, replace(asked.query(), must_exist=False))
    return {moment.at: moment.views for moment in found.series}


def _rows_table(dimension: str) -> Callable[[Answer], Table]:
    def table(answer: Answer) -> Table:
        columns = [*_numbers(answer), *["previous"] * ("previous" in answer)]
        names = ["name"] if DIMENSIONS[dimension].name_of else []
        rows = [[*(row[name] for name in columns), row["value"], *(row[name] for name in names)] for row in answer["rows"]]
        return (*columns, dimension, *names), rows

    return table


def _series_table(answer: Answer) -> Table:
    columns = [*dict.fromkeys(("at", *_numbers(answer), *["visitors"] * ("visitors" in answer)))]
    return columns, [[moment[name] for name in columns] for moment in answer["series"]]


def _annotations_table(answer: Answer) -> Table:
    return Annotation._fields, [[row[name] for name in Annotation._fields] for row in answer["annotations"]]


def _numbers(answer: Answer) -> Sequence[str]:
    """The numbers of each row."""
    return numbers_of(answer["query"].get("measure"))


BATCH = "/api/v1/batch"
PERIOD = ("site", "start", "end", "period")
ARTICLE_PERIOD = ("from_date", "to_date", "from_time", "to_time")

# A picture of a private counter is useless: an <img> cannot send a token.
COUNTER = Endpoint(
    _counter,
    "A page's views, for a counter or a badge; 0 if it was never viewed.",
    schemas.COUNTER,
    ("page", *PERIOD, "label"),
    required=("page",),
    is_of_pages=True,
)
# Its path has no slash after `counter`, so no page has the same.
SITE_COUNTER = Endpoint(
    _site_counter,
    "The views of the whole site, or of all pages with a prefix, for a counter or a badge.",
    schemas.SITE_COUNTER,
    (*PERIOD, "prefix", "label"),
    is_of_pages=True,
)

ENDPOINTS: dict[str, Endpoint] = {
    "/api/v1/stats/total": Endpoint(
        _total,
        "Total views, visitors and arrivals.",
        schemas.TOTAL,
        (*PERIOD, "page", "prefix", "filter", "measure", "compare"),
        own={"measure": measure_of(None)},
        is_of_pages=True,
    ),
    "/api/v1/stats/history": Endpoint(
        _history,
        "Views over time, with zeros where there were none.",
        schemas.HISTORY,
        (*PERIOD, "page", "prefix", "filter", "measure", "interval", "compare", "format"),
        own={"measure": measure_of(None)},
        table=_series_table,
        is_of_pages=True,
    ),
    **{
        f"/api/v1/stats/{name}": Endpoint(
            _breakdown(name),
            f"{MEASURES[choose_measure(None, name)].title} per {row.title.lower()}, highest first.",
            schemas.BREAKDOWN,
            (*PERIOD, "prefix", "filter", "measure", "limit", "cursor", "compare", "series", "format"),
            own={"measure": measure_of(name)},
            table=_rows_table(name),
            is_of_pages=name == "page",
        )
        for name, row in DIMENSIONS.items()
    },
    "/api/v1/views": Endpoint(
        _stored_views,
        "The stored items of a page's views, in time order; never public.",
        schemas.VIEWS,
        (*PERIOD, "page", "limit", "cursor"),
        required=("page",),
        own=OF_VIEWS,
        may_be_public=False,
    ),
    "/api/v1/views/referrers": Endpoint(
        _page_referrers,
        f"Where a page's readers came from, based on at most {MOST_READ:,} stored views, the earliest; never public.",
        schemas.REFERRERS,
        (*PERIOD, "page", "limit", "format"),
        required=("page",),
        table=_rows_table("referrer"),
        may_be_public=False,
    ),
    "/api/v1/status": Endpoint(_status, "What was counted and dropped, and how complete the counts are.", schemas.STATUS),
    "/api/v1/sites": Endpoint(_sites, "The sites, with the first and last day counted for each.", schemas.SITES),
    "/api/v1/dimensions": Endpoint(
        _dimensions,
        "The dimensions: their headings, nouns and measures, and the classes of their values.",
        schemas.DIMENSIONS,
    ),
    "/api/v1/annotations": Endpoint(
        _annotations,
        "What happened on days of a site, in its owner's words; of every site where none is named.",
        schemas.ANNOTATIONS,
        (*PERIOD, "format"),
        table=_annotations_table,
    ),
    BATCH: Endpoint(
        _batch,
        "Several questions in one request, each answered as it would be on its own.",
        schemas.BATCH,
        ("ask",),
        required=("ask",),
        may_be_public=False,
        needs_token=False,
    ),
    "/pagetotals": Endpoint(
        _page_totals,
        "Views of each page, highest first. A bare name is a prefix: `/pagetotals?blog/articles/2`.",
        schemas.COUNTS,
        ("site", "prefix", *ARTICLE_PERIOD),
        bare="prefix",
        is_of_pages=True,
        is_enveloped=False,
    ),
    "/pagehistory": Endpoint(
        _page_history,
        "A page's views per day; zeros if it was never viewed.",
        schemas.COUNTS,
        ("site", "page", *ARTICLE_PERIOD),
        required=("page",),
        is_of_pages=True,
        is_enveloped=False,
    ),
    "/counter/{page}.svg": COUNTER._replace(
        help="The same as an SVG picture for an `<img>`; may be cached for a minute.", picture=counter_svg
    ),
    "/counter/{page}.json": COUNTER,
    "/counter.svg": SITE_COUNTER._replace(
        help="The same as an SVG picture for an `<img>`; may be cached for a minute.", picture=counter_svg
    ),
    "/counter.json": SITE_COUNTER,
}

# What a name in the setting `public` opens: the endpoints that begin with it, and all that the dashboard uses.
TOGETHER: dict[str, Sequence[str]] = {
    "/counter": [path for path in ENDPOINTS if path.startswith(("/counter/", "/counter."))],
    "dashboard": [path for path, row in ENDPOINTS.items() if path.startswith("/api/v1/") and row.may_be_public],
}
