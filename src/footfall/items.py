"""
What is stored for a page view: templates in `[item]` map it to the attributes of an item.

    SortKey = "{epoch}#{request_id}"                   text around fields
    ServiceTime = { value = "{total_time}", type = "N" }    a number

Fields are those that a log format documents, under its own names, and those derived from a view: page, site, epoch, and the
rows of FIELDS. If a field is absent, the attribute is left out.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from string import Formatter
from typing import Any

from .dimensions import DIMENSIONS
from .errors import ConfigError, StoreRefusal
from .fields import FIELDS
from .formats import FORMATS
from .records import PageView, Value

# Every page view has these; anything else that a template names is a fact of its record.
OF_EVERY_VIEW = {
    "page": "page", "site": "site", "epoch": "time", "time": "time", "request_id": "request_id",
    "operation": "operation", "key": "key",
}  # fmt: skip
_OF_DROPPED_ONLY = {row.field for row in DIMENSIONS.values() if not row.of_views}
_FOUND = [name for name, row in FIELDS.items() if row.is_kept and name not in _OF_DROPPED_ONLY]
_DOCUMENTED = [name for row in FORMATS.values() for name in row.documented]
OF_SOME = tuple(name for name in dict.fromkeys((*_FOUND, *_DOCUMENTED)) if name not in OF_EVERY_VIEW)
NAMES = (*OF_EVERY_VIEW, *OF_SOME)
_UNIQUE = {name for name, row in FIELDS.items() if row.is_unique}.union(*(row.unique for row in FORMATS.values()))
TYPES = ("S", "N")
MOST_DIGITS = 38  # DynamoDB's limit for a number; a longer one is left out, like text that is not a number

Filler = Callable[[Mapping[str, Any]], Value | None]

# The article's names. Its SortKey, only the epoch, would lose views of the same second.
DEFAULT_ITEM: Mapping[str, Any] = {
    "PageName": "{page}",
    "SortKey": "{epoch}#{request_id}",
    "AgentString": "{user_agent}",
    "RemoteAddress": "{remote_ip}",
    "Referrer": "{referrer}",
    "ServiceTime": {"value": "{total_time}", "type": "N"},
}


class ItemMap:
    """
    Makes items as defined by `attributes`: name -> template, or name -> {value, type}.

    The first two attributes are the keys: the partition key consists of {page} and {site} only, and the sort key begins
    with {epoch}, so that reports can find what was stored. Otherwise raises ConfigError.
    """

    def __init__(self, attributes: Mapping[str, Any]):
        self.attributes = dict(attributes)
        self._templates = {name: _Template(name, template) for name, template in attributes.items()}
        if len(self._templates) < 2:
            raise ConfigError("[item] needs at least two attributes: first the partition key, then the sort key")
        self.partition_key, self.sort_key = list(self._templates)[:2]
        page, sort = self._templates[self.partition_key], self._templates[self.sort_key]
        if "page" not in page.fields or not set(page.fields) <= {"page", "site"} or page.type != "S":
            raise ConfigError(
                f"[item] {self.partition_key}, the partition key, must contain {{page}}, may contain {{site}}, and no other "
                f"field; it is {page.text!r}"
            )
        if not sort.text.startswith("{epoch}") or sort.type != "S":
            raise ConfigError(
                f"[item] {self.sort_key}, the sort key, must be a string that begins with {{epoch}}; it is {sort.text!r}"
            )
        used = {field for template in self._templates.values() for field in template.fields}
        self.facts = tuple(field for field in OF_SOME if field in used)
        """The fields that page views have for it, in the order of their facts."""
        for one, other in pairwise(sorted(self.facts, key=str.lower)):
            if one.lower() == other.lower():
                raise ConfigError(f"[item] uses both {{{one}}} and {{{other}}}: use the one that your logs have")
        self.names_site = "site" in page.fields
        self._fillers = [(name, template.filler()) for name, template in self._templates.items()]

    def __reduce__(self) -> Any:
        return ItemMap, (self.attributes,)

    def make(self, view: PageView) -> dict[str, Value]:
        """The item, as a plain dict of str and int."""
        every = {name: getattr(view, field) for name, field in OF_EVERY_VIEW.items()}
        values = {**view.fields, **every}
        return {name: value for name, fill in self._fillers if (value := fill(values)) is not None}

    def check_sites(self, place: str, first: str, sites: Iterable[str]) -> None:
        """
        Raises StoreRefusal if the log file at `place` has views of a site other than `first`.

        Unless the partition key contains the site, reports could not distinguish them.
        """
        if others := sorted(set(sites) - {first}):
            remedy = (
                "set sites = [...] to the one to count, or include the site in the key, "
                f'{self.partition_key} = "{{site}}/{{page}}"'
            )
            raise StoreRefusal(
                f"{place} has views of a second site, {others[0]}, besides {first}, and stored items do not name their site: "
                f"{remedy} under [item], and import into a new --store"
            )

    def attribute_of(self, field: str) -> str | None:
        """The attribute that contains only this field, as text; None if there is none."""
        held = (name for name, each in self._templates.items() if each.text == f"{{{field}}}" and each.type == "S")
        return next(held, None)

    def fields_of(self, made: Mapping[str, Value]) -> dict[str, Value]:
        """
        The fields that can be read back from a stored item: those that have an attribute to themselves.

        >>> ItemMap(DEFAULT_ITEM).fields_of({"PageName": "/", "SortKey": "1666255782#B7E3", "ServiceTime": 12})
        {'page': '/', 'epoch': '1666255782', 'request_id': 'B7E3', 'total_time': 12}
        """
        found: dict[str, Value] = {}
        for name, template in self._templates.items():
            if name in made:
                found |= template.read(made[name])
        return found

    def is_number(self, attribute: str) -> bool:
        """Whether an attribute is a number, DynamoDB's N."""
        return self._templates[attribute].type == "N"

    def attributes_of(self, fields: Collection[str]) -> list[str]:
        """The attributes that contain any of these fields, alone or with others."""
        return [name for name, each in self._templates.items() if not set(fields).isdisjoint(filter(None, each.fields))]

    def typed(self, item: Mapping[str, Value]) -> dict[str, dict[str, str]]:
        """
        The item in DynamoDB's typed form.

        >>> ItemMap(DEFAULT_ITEM).typed({"PageName": "/", "ServiceTime": 12})
        {'PageName': {'S': '/'}, 'ServiceTime': {'N': '12'}}
        """
        return {name: {"N" if isinstance(value, int) else "S": str(value)} for name, value in item.items()}

    def page_name(self, site: str, page: str) -> str:
        """The partition key of a page's views."""
        return str(self._templates[self.partition_key].filler()({"page": page, "site": site}))


class _Template:
    """One attribute: its text with {fields}, and its type."""

    def __init__(self, name: str, template: Any):
        table = {"value": template} if isinstance(template, str) else template
        if not isinstance(table, Mapping) or not isinstance(table.get("value"), str) or set(table) - {"value", "type"}:
            raise ConfigError(f'[item] {name} must be text or {{ value = "...", type = "S" or "N" }}')
        self.text: str = table["value"]
        self.type: str = table.get("type", "S")
        if self.type not in TYPES:
            raise ConfigError(f"[item] {name} has type {self.type!r}; there are: {', '.join(TYPES)}")
        try:
            self.parts = [(text, field) for text, field, spec, how in Formatter().parse(self.text) if not _odd(spec, how)]
        except ValueError as error:
            raise ConfigError(f"[item] {name} = {self.text!r}: {error}; double a literal brace") from error
        self.fields = [field for _, field in self.parts if field is not None]
        for field in self.fields:
            if field not in NAMES:
                raise ConfigError(f"[item] {name}: no field {{{field}}}; there are: {', '.join(NAMES)}")

    def read(self, value: Value) -> dict[str, Value]:
        """The fields in a value, where they can be told apart: a single field, or a time and the field after it."""
        (text, field), *more = self.parts
        if not text and field and not more:
            return {field: value} if field != "time" else {}
        if not text and field == "epoch" and len(more) == 1 and more[0][0] and more[0][1]:
            epoch, _, rest = str(value).partition(more[0][0])
            return {field: epoch, more[0][1]: rest} if more[0][1] != "time" else {field: epoch}
        return {}

    def filler(self) -> Filler:
        """A function that makes the attribute from values by field name; None if a value is absent."""
        convert = _number if self.type == "N" else _text
        fields = self.fields
        if "time" in fields:
            return self._fill_with_time
        if len(fields) == 1 and not any(text for text, _ in self.parts):
            only = fields[0]
            return lambda values: convert(values.get(only))
        # All parts are formatted at once: fields, and the text around them, if any.
        form = "".join(text.replace("%", "%%") + ("%s" if field is not None else "") for text, field in self.parts)

        def fill(values: Mapping[str, Any]) -> Value | None:
            picked = tuple([values.get(field) for field in fields])
            return None if None in picked else convert(form % picked)

        return fill

    def _fill_with_time(self, values: Mapping[str, Any]) -> Value | None:
        """{time} is written out, as `2022-10-20T08:49:42Z`."""
        found: list[Any] = [values.get(field) for field in self.fields]
        if None in found:
            return None
        texts = [iso(value) if field == "time" else value for field, value in zip(self.fields, found, strict=True)]
        return "".join(text + (str(texts.pop(0)) if field is not None else "") for text, field in self.parts)


def is_unique(field: str) -> bool:
    """Whether its values are numbers or almost never repeat, so that sharing equal texts would save nothing."""
    return field in _UNIQUE


def iso(epoch: int) -> str:
    """
    A time in seconds since the epoch, as text in UTC.

    >>> iso(1666255782)
    '2022-10-20T08:49:42Z'
    """
    return f"{datetime.fromtimestamp(epoch, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _odd(spec: str | None, how: str | None) -> bool:
    if spec or how:
        raise ValueError("write a field as {name}, without ! or :")
    return False


def _text(value: Value | None) -> str | None:
    return str(value) if isinstance(value, int) else value


def _number(value: Value | None) -> int | None:
    try:
        number = None if value is None else int(value)
    except ValueError:
        return None
    return None if number is None or abs(number) >= 10**MOST_DIGITS else number
