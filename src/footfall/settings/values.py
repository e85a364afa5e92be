"""Parses settings: values from TOML, or text from the environment or a flag. Each raises ConfigError."""

import os
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import ip_network
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from ..dimensions import DIMENSIONS, with_groups
from ..errors import ConfigError
from ..formats import AUTO, FORMATS
from ..items import ItemMap
from ..pageviews.agents import own_bots
from ..pageviews.pages import asked_page
from ..pageviews.sites import read_site
from ..sources import SOURCES, scheme_of
from ..sources.written import advice
from ..stores import STORES

MOST_DAYS = 36_500


def read_text(name: str, value: Any) -> str:
    """A text that is not empty."""
    if value == "":
        raise ConfigError(f"{name} is empty; leave it out to use its default")
    if not isinstance(value, str):
        raise ConfigError(f"{name} must be text, not {value!r}")
    return value


def read_texts(name: str, value: Any) -> tuple[str, ...]:
    """A list; from the environment or a flag, separated by commas."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) and part for part in value):
        raise ConfigError(f'{name} must be a list of strings, such as ["a", "b"]; it is {value!r}')
    return tuple(value)


def read_sites(name: str, value: Any) -> tuple[str, ...]:
    """Buckets or hosts; the address of a site, as copied from a browser, also works."""
    return tuple(_site(name, text) for text in read_texts(name, value))


def _site(name: str, text: str) -> str:
    site, rest = read_site(text)
    path = re.split(r"[?#]", rest)[0]
    if path.strip("/") or not site or re.search(r"[\s*?\"'\\{}|,;]|\A\[(?!.*:)", site):
        right = re.sub(r"[\s*\"'\\{}|,;\[\]].*|\A[*.]+", "", site) or "www.example.org"
        raise ConfigError(f'{name}: {text!r} is not a host or bucket; write "{right}", without path, wildcards or commas')
    return site


def read_page_patterns(name: str, value: Any) -> tuple[str, ...]:
    """Shell patterns for pages; a pattern that cannot match any page is refused."""
    patterns = read_texts(name, value)
    for pattern in patterns:
        if re.search(r"//|.#|\?[\w.~-]+=|\A\^|\$\Z|/\.\*", pattern):
            right = asked_page(re.sub(r"\A\^|\$\Z|(?<=/)\.(?=\*)", "", pattern), ())
            raise ConfigError(f"{name}: {pattern!r} matches no page; write {right!r}, a shell pattern for the path")
    return patterns


def read_documents(name: str, value: Any) -> tuple[str, ...]:
    """Names of files, without their folders."""
    documents = tuple(text.strip("/") for text in read_texts(name, value))
    if folders := [text for text in documents if "/" in text]:
        raise ConfigError(f"{name}: {folders[0]!r} is a path; give only the file name: {folders[0].rpartition('/')[2]!r}")
    return documents


def read_truth(name: str, value: Any) -> bool:
    """True or false, also as words that people use."""
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    if not isinstance(value, bool):
        raise ConfigError(f"{name} must be true or false, not {value!r}")
    return value


def read_days(name: str, value: Any) -> int | None:
    """A number of days; "" means none."""
    if value in ("", None):
        return None
    try:
        days = int(value) if isinstance(value, str) else value
    except ValueError:
        days = None
    if not isinstance(days, int) or isinstance(days, bool) or not 0 < days <= MOST_DAYS:
        raise ConfigError(f'{name} must be a number of days from 1 to {MOST_DAYS}, or "" for no limit; it is {value!r}')
    return days


def read_store(name: str, value: Any) -> str:
    """A store's URL; also as other programs write it, `sqlite:///home/me/x.db`, or with `~`, which shells leave as it is."""
    url = read_text(name, value)
    kind, _, place = url.partition(":")
    kind, place = kind.lower(), place.removeprefix("//")
    if kind in STORES and place and not place.startswith("arn:"):
        return f"{kind}:{expanded(place) if kind == 'sqlite' else place}"
    kinds = " or ".join(f"{each}:..." for each in STORES)
    meant = _store_meant(url)
    raise ConfigError(f"{name} must be written {kinds}, not {value!r}{meant and f'; did you mean {meant}?'}")


def _store_meant(url: str) -> str:
    """A bare path, or the ARN of a table, as a store's URL; "" if it is neither."""
    if arn := re.search(r"arn:[\w-]+:dynamodb:([\w-]+):\d*:table/([\w.-]+)", url):
        return f"dynamodb:{arn[2]}?region={arn[1]}"
    path = url.removeprefix("file://").removeprefix("file:")
    return f"sqlite:{path}" if path.strip() and ":" not in path else ""


def expanded(path: str) -> str:
    """A path with `~` or `$HOME` replaced by the home folder: shells only expand `~` at the start of a word."""
    return os.path.expanduser(re.sub(r"\A(?:/?~(?=/)|\$HOME\b|\$\{HOME\})", "~", path))


def read_logs(name: str, value: Any) -> str:
    """Where the logs are; "" means not set."""
    if value == "":
        return ""
    source = read_text(name, value)
    scheme = scheme_of(source)
    if source.partition(":")[0] in STORES or (scheme not in SOURCES and (scheme or advice(source))):
        schemes = " or ".join(f"{known}://bucket/prefix" for known in SOURCES)
        raise ConfigError(f"{name} must be a folder, or {schemes}; it is {value!r}{advice(source)}")
    return scheme + source[len(scheme) :] if scheme else expanded(source)


def read_country_data(name: str, value: Any) -> str:
    """A file, which is opened when counting starts; "" means none."""
    return "" if value == "" else expanded(read_text(name, value))


def read_time_zone(name: str, value: Any) -> ZoneInfo:
    """A name of the IANA database."""
    try:
        return ZoneInfo(read_text(name, value))
    except (KeyError, ValueError, OSError) as error:
        raise ConfigError(f"{name} is not a time zone: {value!r}; {_zone_meant(value)}") from error


def _zone_meant(written: str) -> str:
    """Suggests a time zone: matches ignore case, allow spaces for underscores, and a city alone is enough."""
    names = {name.lower(): name for name in available_timezones()}
    asked = written.strip().lower().replace(" ", "_")
    cities = {name.rpartition("/")[2]: name for name in sorted(names, reverse=True)}
    if offset := re.fullmatch(r"(?:utc|gmt)?([+-])0?(\d\d?)(?::?00)?", asked):
        sign = "-" if offset[1] == "+" else "+"  # POSIX counts the other way
        return f"did you mean Etc/GMT{sign}{offset[2]}, or the name of a city, which follows daylight saving time?"
    near = [
        names[found] if found in names else names[cities[found]] for found in get_close_matches(asked, {**names, **cities}, 1)
    ]
    return f"did you mean {near[0]}?" if near else "write it as Europe/Berlin or UTC"


def read_networks(name: str, value: Any) -> tuple[Any, ...]:
    """Addresses and networks."""
    try:
        return tuple(ip_network(address, strict=False) for address in read_texts(name, value))
    except ValueError as error:
        raise ConfigError(f"{name}: {error}; write addresses as 198.51.100.7 or 2001:db8::/48") from error


def read_patterns(name: str, value: Any) -> tuple[re.Pattern[str], ...]:
    """Regular expressions."""
    return own_bots(read_texts(name, value))


def read_log_format(_: str, value: Any) -> str:
    """`auto`, or a row of FORMATS."""
    if not isinstance(value, str) or value not in (AUTO, *FORMATS):
        raise ConfigError(f"no log format {value!r}; there are: {', '.join((AUTO, *FORMATS))}")
    return value


def read_dimensions(name: str, value: Any) -> frozenset[str]:
    """The dimensions that are off, by default or by name, with those that group their values."""
    table = read_table(name, value, "{ country = false }")
    if not isinstance(table, Mapping):
        raise ConfigError(f"{name} must be a table of dimensions, each true or false, such as country = false; it is {table!r}")
    for each in table:
        if each not in DIMENSIONS:
            raise ConfigError(f"{name}: no dimension {each!r}; there are: {', '.join(DIMENSIONS)}")
    named = {each: read_truth(f"{name} {each}", is_on) for each, is_on in table.items()}
    off = [each for each, row in DIMENSIONS.items() if not named.get(each, row.is_on)]
    for each in off:
        row = DIMENSIONS[each]
        if row.needed_for:
            raise ConfigError(f"{name}: {each} cannot be turned off, because {row.needed_for} depend on it; remove it")
        if row.groups:
            raise ConfigError(
                f"{name}: {each} costs nothing, as it is derived from {row.groups}; turn that off instead, or remove it"
            )
    return with_groups(off)


def read_table(name: str, value: Any, example: str) -> Any:
    """A table; from the environment or a flag, TOML's inline table."""
    if not isinstance(value, str):
        return value
    try:
        return tomllib.loads(f"table = {value}")["table"]
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: {error}; write it as {example}") from error


def read_item(name: str, value: Any) -> ItemMap:
    """What is stored of a view."""
    value = read_table(name, value, '{ PageName = "{page}", SortKey = "{epoch}" }')
    if not isinstance(value, Mapping):
        raise ConfigError(f"{name} must be a table of attributes, as footfall init writes it; it is {value!r}")
    return ItemMap(value)


def read_origins(name: str, value: Any) -> tuple[str, ...]:
    """Origins as browsers send them: scheme, host, and port unless it is the default."""
    pattern = r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:]+\])(?::\d{1,5})?"
    return _matching(name, value, pattern, "is not an origin; write it like https://www.example.org")


def read_paths(name: str, value: Any) -> tuple[str, ...]:
    """Endpoints, each perhaps with a prefix."""
    pattern = r"dashboard|/[^?\s]*(\?prefix=[^&\s]+)?"
    wrong = "is not an endpoint; write it like /pagetotals or /pagetotals?prefix=blog/, or write dashboard for all that it "
    "needs"
    return _matching(name, value, pattern, wrong)


def _matching(name: str, value: Any, pattern: str, wrong: str) -> tuple[str, ...]:
    """A list of texts that match `pattern`; `wrong` is the message for one that does not."""
    texts = read_texts(name, value)
    for text in texts:
        if not re.fullmatch(pattern, text):
            raise ConfigError(f"{name}: {text!r} {wrong}")
    return texts
