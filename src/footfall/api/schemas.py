"""JSON Schemas of the answers, for OpenAPI 3.1."""

from typing import Any

from ..measures import MEASURES
from ..pageviews.rules import REASONS
from ..reports import INTERVALS

Schema = dict[str, Any]


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    """An object that has all of these, and nothing else."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _or_null(kind: Schema) -> Schema:
    return {**kind, "type": [kind["type"], "null"]}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number", "minimum": 0}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"}
MOMENT: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}(T\d{2}:00)?$"}
CAPACITY = _or_null(_object({"read_units": NUMBER, "write_units": NUMBER, "requests": COUNT}))
PERIOD: Schema = {"start": _or_null(DAY), "end": _or_null(DAY)}
SITE: Schema = {"site": _or_null(TEXT)}
ENVELOPE: Schema = {"complete_until": _or_null(TIME), "capacity": CAPACITY}
MEASURE: Schema = {"measure": {"type": "string", "enum": [*MEASURES]}}
LIMIT: Schema = {"type": ["integer", "null"], "minimum": 1}

ERROR = _object({"error": TEXT})
HEALTH = _object({"status": {"type": "string", "const": "ok"}})
LOGGED: Schema = {
    "logged_days": {
        **COUNT, "description": "Days of the period that have logs: use this number for averages and comparisons.",
    }
}  # fmt: skip
COVERED: Schema = {
    "covered_days": {
        "type": "number", "minimum": 0,
        "description": "If the logs end during a day of the period: like `logged_days`, but that day only counts as the part "
        "that they cover.",
    }
}  # fmt: skip
FIRST_DAY: Schema = {
    "first_day": {**_or_null(DAY), "description": "The first day for which the site has logs; earlier days are left out."}
}
ARRIVALS: Schema = {
    "arrivals": {
        **_or_null(COUNT),
        "description": "Views whose referrer is not the site itself; null if the logs have no referrers, or `entry` is off.",
    }
}
BOTS: Schema = {
    "bots": {
        **COUNT,
        "description": "How many pages bots read on the whole site; left out if `bot` is off.",
    }
}
TURNED_OFF: Schema = {
    "turned_off": {**TEXT, "description": "Why nothing is counted, if the setting `dimensions` turns this off."}
}
VISITORS: Schema = {
    "visitors": {
        **_or_null(COUNT),
        "description": "Visitors of the whole site, the sum of its days; null if unknown. Not counted by page or hour.",
    },
    "unknown_visitor_days": {**COUNT, "description": "Days that had views but whose visitors are unknown."},
    "suspected_bots": {
        **_object(
            {
                "visitors": {
                    **_or_null(COUNT),
                    "description": "Visitors who loaded no picture, style or script of the site that day.",
                },
                "loaded_files": {**_or_null(COUNT), "description": "All other visitors."},
                "unknown_days": {**COUNT, "description": "Days for which it was not recorded what visitors loaded."},
                "why_unknown": {**_or_null(TEXT), "description": "Why this cannot be known for this site."},
            }
        ),
        "description": "How many of the visitors may be bots that pose as browsers.",
    },
}
FILTER: Schema = {"filter": {**_list(TEXT), "description": "The filters, if any: `country=DE`."}}
PREVIOUS = _object({**PERIOD, **FILTER}, optional=("filter",))
FILTERED: Schema = {
    "filtered": {
        **_object({"kept": COUNT, "counted": COUNT}),
        "description": "If a filter searched the stored views: how many are stored, and how many were counted.",
    }
}
_OF_SITE: Schema = {**BOTS, **VISITORS}
_TOTALS: Schema = {
    "total": COUNT,
    "pages": _or_null(COUNT),
    "days": COUNT,
    **LOGGED,
    **COVERED,
    **ARRIVALS,
    **_OF_SITE,
    **FILTERED,
}
TOTAL = _object(
    {
        "query": _object({**SITE, "page": _or_null(TEXT), "prefix": TEXT, **PERIOD, **MEASURE, **FILTER}, optional=("filter",)),
        **_TOTALS,
        **FIRST_DAY,
        **TURNED_OFF,
        "previous": _object({"query": PREVIOUS, **_TOTALS}, optional=(*COVERED, *_OF_SITE, *FILTERED)),
        **ENVELOPE,
    },
    optional=("turned_off", "previous", *COVERED, *_OF_SITE, *FILTERED),
)
BESIDE_VIEWS: Schema = {
    name: {**COUNT, "description": f"With `measure={name}`; rows are then ranked by it."}
    for name, row in MEASURES.items() if row.is_beside_views and not row.is_of_site
}  # fmt: skip
OF_BOTS: Schema = {**COUNT, "description": "With `measure=bots`: how many pages bots read."}
_MOMENT = _object(
    {"at": MOMENT, "views": COUNT, **BESIDE_VIEWS, "visitors": VISITORS["visitors"], "bots": OF_BOTS},
    optional=(*BESIDE_VIEWS, "visitors", "bots"),
)
_SERIES: Schema = {"series": _list(_MOMENT), "total": COUNT, **LOGGED, **COVERED, **VISITORS, **FILTERED}
HISTORY = _object(
    {
        "query": _object(
            {
                **SITE, "page": _or_null(TEXT), "prefix": TEXT, **PERIOD,
                "interval": {"type": "string", "enum": [*INTERVALS]}, **MEASURE, **FILTER,
            },
            optional=("filter",),
        ),
        **_SERIES,
        **FIRST_DAY,
        **TURNED_OFF,
        "previous": _object({"query": PREVIOUS, **_SERIES}, optional=(*COVERED, *VISITORS, *FILTERED)),
        **ENVELOPE,
    },
    optional=("turned_off", "previous", *COVERED, *VISITORS, *FILTERED),
)  # fmt: skip
BREAKDOWN = _object(
    {
        "query": _object(
            {**SITE, "dimension": TEXT, **PERIOD, "prefix": TEXT, "limit": LIMIT, **MEASURE, **FILTER}, optional=("filter",)
        ),
        "rows": _list(
            _object(
                {"value": TEXT, "views": COUNT, "name": TEXT, **BESIDE_VIEWS, "previous": COUNT, "series": _list(COUNT)},
                optional=("name", *BESIDE_VIEWS, "previous", "series"),
            )
        ),
        "total": COUNT,
        "next": _or_null(TEXT),
        **LOGGED,
        **COVERED,
        **FIRST_DAY,
        **FILTERED,
        **TURNED_OFF,
        "previous": _object({"query": PREVIOUS, "total": COUNT, **LOGGED, **COVERED}, optional=(*COVERED,)),
        **ENVELOPE,
    },
    optional=("turned_off", "previous", *COVERED, *FILTERED),
)
REFERRERS = _object(
    {
        "query": _object({**SITE, "page": TEXT, **PERIOD, "limit": LIMIT}),
        "rows": _list(_object({"value": TEXT, "views": COUNT, "addresses": _list(_object({"address": TEXT, "views": COUNT}))})),
        "total": COUNT,
        "of": COUNT,
        **ENVELOPE,
    }
)
VIEWS = _object(
    {
        "query": _object({**SITE, "page": TEXT, **PERIOD, "limit": LIMIT}),
        "rows": _list({"type": "object", "additionalProperties": {"type": ["string", "integer"]}}),
        "next": _or_null(TEXT),
        **ENVELOPE,
    }
)
STATUS = _object(
    {
        "files": COUNT,
        "newest_file": _or_null(TEXT),
        "newest_file_ingested_at": _or_null(TIME),
        "first_request_at": _or_null(TIME),
        "complete_until": _or_null(TIME),
        "sites": _list(TEXT),
        "time_zone": _or_null(TEXT),
        "lines": COUNT,
        "views": COUNT,
        "dropped": _object(dict.fromkeys(REASONS, COUNT)),
        "unreadable": COUNT,
        "late_visitors": {**COUNT, "description": "Visitors who are not counted because their day was already closed."},
        "files_under_other_rules": {
            **_or_null(COUNT),
            "description": "How many files `footfall recount` would recount; null if `country_data` cannot be read.",
        },
        "capacity": CAPACITY,
    }
)
SITES = _object(
    {
        "sites": _list(_object({"site": TEXT, "first_day": _or_null(DAY), "last_day": _or_null(DAY)})),
        "time_zone": _or_null(TEXT),
        **ENVELOPE,
    }
)
ANNOTATIONS = _object(
    {
        "query": _object({**SITE, **PERIOD}),
        "annotations": _list(_object({"site": TEXT, "day": DAY, "text": TEXT})),
        **ENVELOPE,
    }
)
DIMENSIONS = _object(
    {
        "dimensions": _list(
            _object(
                {
                    "dimension": TEXT,
                    "title": TEXT,
                    "noun": _object({"one": TEXT, "many": TEXT}),
                    "measures": _list({"type": "string", "enum": [*MEASURES]}),
                    "is_filter": {"type": "boolean", "description": "Whether views can be filtered by it; requests cannot."},
                    "classes": {"type": "object", "additionalProperties": TEXT},
                    "about_classes": {"type": "object", "additionalProperties": TEXT},
                    "panel": {**_or_null(TEXT), "description": "Of `panels`, which has a tab for it; null: none."},
                    "detail_of": {
                        **_or_null(TEXT),
                        "description": "The dimension whose values it says more about, as `browser_version` of `browser`.",
                    },
                }
            )
        ),
        "panels": {
            **_list(_object({"panel": TEXT, "title": TEXT})),
            "description": "The panels of the dashboard, in order.",
        },
        "combines_filters": {
            "type": "boolean",
            "description": "Whether filters apply across dimensions: this needs stored views, in SQLite.",
        },
        **ENVELOPE,
    }
)
BATCH = _object(
    {
        "answers": _list(
            _object(
                {
                    "status": {"type": "integer", "minimum": 200, "maximum": 599},
                    "answer": {"type": "object", "description": "The answer of the question's endpoint, if the status is 200."},
                    "error": {**TEXT, "description": "What is wrong, if the status is not 200."},
                },
                optional=("answer", "error"),
            )
        ),
        **ENVELOPE,
    }
)
COUNTER: Schema = _object(
    {"page": TEXT, "views": COUNT, "count": TEXT, "label": TEXT, **ENVELOPE},
    optional=("capacity",),
)
SITE_COUNTER: Schema = _object(
    {"prefix": TEXT, "views": COUNT, "count": TEXT, "label": TEXT, **ENVELOPE},
    optional=("capacity",),
)
COUNTS: Schema = {"type": "object", "additionalProperties": COUNT}
