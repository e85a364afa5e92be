"""
PARAMETERS: how each parameter is read, its OpenAPI schema, and what it means.

A parameter that an endpoint does not know is refused, as is one that is given twice, so that a mistyped `limit` is reported
rather than answered with all rows. Only CACHE_BUSTER is ignored.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from ..errors import ConfigError
from ..measures import MEASURES, choose_measure, measures_of
from ..pageviews.sites import site_name
from ..reports import INTERVALS, parse_period

LONGEST_TEXT = 1024  # letters: S3's keys have no more bytes
LONGEST_CURSOR = 8192  # a value of 1,024 letters, twice escaped
LONGEST_DAY = 24
LONGEST_SECONDS = 10
LONGEST_LABEL = 40
MOST_ROWS = 10_000
COMPARISONS = ("previous", "weekdays")
DEFAULT_ROWS = 1000
MOST_VIEWS = 1000
DEFAULT_VIEWS = 100
MOST_QUESTIONS = 20  # of a batch
MOST_FILTERS = 10
LONGEST_QUESTION = 8192
DAY_PATTERN = (
    r"^(\d{4}(-\d{2}(-\d{2})?)?|today|yesterday|((this|last) )?(week|month|year)|"
    r"(last )?[1-9]\d{0,3} ?(d|days?|w|weeks?|m|months?|y|years?))$"
)

# The article's clients may send moments as days: seconds or milliseconds since the epoch, or an ISO 8601 time.
MOMENT_PATTERN = r"\d{9,10}|\d{12,13}|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?"
FORMATS = ("json", "csv")
# Scripts add it with the time as its value to bypass caches, as jQuery does with `cache: false`. It has no effect.
CACHE_BUSTER = "_"


class Parameter(NamedTuple):
    """A parameter of the API."""

    read: Callable[[str], Any]
    """Parses the text; raises ConfigError, which need not name the parameter."""
    schema: Mapping[str, Any]
    """Its schema in OpenAPI."""
    help: str
    most: int = 1
    """How many times it may be given; if more than once, its value is a tuple."""


class Question(NamedTuple):
    """A question to an endpoint."""

    path: str
    """Below `/api/v1/`."""
    pairs: Sequence[tuple[str, str]]
    """The parameters, unparsed."""


def _text(what: str, longest: int = LONGEST_TEXT) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text:
            raise ConfigError(f"is empty; give {what}, or leave it out")
        return _short(text, longest)

    return read


def _short(text: str, longest: int = LONGEST_TEXT) -> str:
    if len(text) > longest:
        raise ConfigError(f"has {len(text):,} characters; the maximum is {longest:,}")
    return text


def _day(text: str) -> str:
    """The text as given: what `today` means depends on the site's time zone."""
    parse_period(_short(text, LONGEST_DAY), datetime.now(UTC).date())
    return text


def _moment(text: str) -> str | datetime:
    """A moment, aware or in the site's time zone; otherwise a day, as given."""
    if not re.fullmatch(MOMENT_PATTERN, text, re.ASCII):
        return _day(text)
    if text.isdigit():
        return datetime.fromtimestamp(int(text) // (1000 if len(text) > LONGEST_SECONDS else 1), UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"is not a time: {text!r}; write 2022-10-20T08:00:00Z, or seconds since the epoch") from error
    _day(str(moment.date()))  # checks that the year is one that a log can have
    return moment


def _limit(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
            raise ConfigError(f"must be a whole number from 1 to {most}, not {text[:20]!r}")
        return int(text)

    return read


def _one_of(names: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in names:
            raise ConfigError(f"must be {' or '.join(names)}, not {text[:20]!r}")
        return text

    return read


def _question(text: str) -> Question:
    path, _, query = _text("a path and its parameters, as in stats/total?period=30d", LONGEST_QUESTION)(text).partition("?")
    return Question(path, parse_qsl(query, keep_blank_values=True))


_DAY_SCHEMA = {"type": "string", "pattern": DAY_PATTERN, "examples": ["2022-10-20", "2022-10", "30d"]}
_MOMENT_SCHEMA = {
    "type": "string",
    "pattern": f"^({DAY_PATTERN[1:-1]}|{MOMENT_PATTERN})$",
    "examples": ["1666224000", "2022-10-20T08:00:00Z", "2022-10-20"],
}
_TEXT_SCHEMA = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}

PARAMETERS: dict[str, Parameter] = {
    "site": Parameter(
        lambda text: site_name(_text("a site")(text)), _TEXT_SCHEMA, "The site; required if the store has several."
    ),
    "start": Parameter(_day, _DAY_SCHEMA, "The first day, or the first of a period; default: the first counted."),
    "end": Parameter(_day, _DAY_SCHEMA, "The last day, or the last of a period; default: the last counted."),
    "period": Parameter(_day, _DAY_SCHEMA, "Both ends: `30d`, `2022-10`, `today`, `week`, `last month`, `year`, `12 months`."),
    "prefix": Parameter(
        _short,
        {"type": "string", "maxLength": LONGEST_TEXT},
        "Only values that begin with this, such as `blog/articles/`; for pages, a path or URL also works.",
    ),
    "page": Parameter(
        _text("a page; the root is /"),
        _TEXT_SCHEMA,
        "The page, such as `blog/articles/a`; its path or URL also works. The root is `/`.",
    ),
    "interval": Parameter(
        _one_of(INTERVALS), {"type": "string", "enum": [*INTERVALS], "default": "day"}, "The interval of each row."
    ),
    "filter": Parameter(
        _text("a dimension and its value, as in country=DE"),
        {
            "type": "array",
            "items": _TEXT_SCHEMA,
            "minItems": 1,
            "maxItems": MOST_FILTERS,
            "examples": [["country=DE", "device=phone"]],
        },
        "Only views with this value of a dimension: `country=DE`. If repeated, all filters must match. DynamoDB takes a single "
        "filter, for totals, histories and the filter's own dimension. `filtered` says how many stored views SQLite searched.",
        MOST_FILTERS,
    ),
    "series": Parameter(
        _one_of(INTERVALS[1:]),
        {"type": "string", "enum": [*INTERVALS[1:]]},
        "Add a series to each row: one number per label of a history at this interval.",
    ),
    "compare": Parameter(
        _one_of(COMPARISONS),
        {"type": "string", "enum": [*COMPARISONS]},
        "Compare with the period before: the same number of days or, for whole months, of months. `weekdays`: with the same "
        "weekdays instead, as few whole weeks earlier as possible.",
    ),
    "measure": Parameter(
        _one_of(tuple(MEASURES)),
        {"type": "string", "enum": [*MEASURES]},
        "What to count and rank rows by; default: the first measure listed for the endpoint.",
    ),
    "limit": Parameter(
        _limit(MOST_ROWS),
        {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_ROWS},
        "Return at most N rows.",
    ),
    "cursor": Parameter(
        _text("an answer's `next`", LONGEST_CURSOR),
        {"type": "string", "minLength": 1, "maxLength": LONGEST_CURSOR},
        "Continue after an earlier answer: pass its `next`, and keep all other parameters the same.",
    ),
    "format": Parameter(
        _one_of(FORMATS), {"type": "string", "enum": [*FORMATS], "default": "json"}, "The format of the answer."
    ),
    "from_date": Parameter(_day, _DAY_SCHEMA, "The first day, like `start`."),
    "to_date": Parameter(_day, _DAY_SCHEMA, "The last day, like `end`."),
    "from_time": Parameter(_moment, _MOMENT_SCHEMA, "Like `from_date`, but a point in time: the site's day that contains it."),
    "to_time": Parameter(
        _moment, _MOMENT_SCHEMA, "Like `to_date`, but a point in time: all of the site's day that contains it."
    ),
    "label": Parameter(
        _text("the text before the number", LONGEST_LABEL),
        {"type": "string", "minLength": 1, "maxLength": LONGEST_LABEL, "default": "views"},
        "The text before the number in a counter's picture.",
    ),
    "ask": Parameter(
        _question,
        {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_QUESTION},
            "minItems": 1,
            "maxItems": MOST_QUESTIONS,
            "examples": [["stats/total?period=30d", "stats/page?period=30d&limit=5"]],
        },
        "A question: a path below `/api/v1/` with its parameters, URL-encoded as one value. Repeat it for further questions.",
        MOST_QUESTIONS,
    ),
}
# Parameters that an endpoint reads in its own way.
OF_VIEWS = {
    "limit": Parameter(
        _limit(MOST_VIEWS),
        {"type": "integer", "minimum": 1, "maximum": MOST_VIEWS, "default": DEFAULT_VIEWS},
        "Return at most the N earliest views.",
    )
}


def measure_of(dimension: str | None) -> Parameter:
    """The parameter `measure` of an endpoint that counts by a dimension, or of totals and histories."""
    row = PARAMETERS["measure"]
    schema = {"type": "string", "enum": measures_of(dimension)}
    return Parameter(lambda text: choose_measure(text, dimension), schema, row.help)


def read_parameters(
    pairs: Iterable[tuple[str, str]], parameters: Mapping[str, Parameter], required: Sequence[str] = (), bare: str | None = None
) -> dict[str, Any]:
    """
    The values of a request. One name without a value that is not a parameter is the value of `bare`: `?blog/articles/2`.

    Raises ConfigError, which names the parameter.
    """
    values: dict[str, Any] = {}
    for name, text in pairs:
        if name == CACHE_BUSTER and text:
            continue
        if bare and name and not text and name not in parameters:
            name, text = bare, name  # as if it had been written so
        if name not in parameters:
            near = get_close_matches(name, parameters, n=1) if len(name) <= LONGEST_DAY else []
            there = f"did you mean {near[0]}?" if near else f"there are: {', '.join(parameters) or 'none'}"
            raise ConfigError(f"no parameter {name[:40]!r} here; {there}")
        most, before = parameters[name].most, values.get(name, ())
        if most == 1 and name in values:
            raise ConfigError("is given twice; give it once", about=name)
        if most > 1 and len(before) == most:
            raise ConfigError(f"is given more than {most} times; send the others in another request", about=name)
        try:
            value = parameters[name].read(text)
        except ConfigError as error:
            raise ConfigError(error.wrong, about=name) from error
        values[name] = value if most == 1 else (*before, value)
    if missing := [name for name in required if name not in values]:
        raise ConfigError(f"is missing. {parameters[missing[0]].help}", about=missing[0])
    return values
