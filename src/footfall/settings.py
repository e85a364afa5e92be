"""
footfall.toml, then FOOTFALL_* of the environment, then flags: the later one wins. The only reader of the environment.

A setting is a row of SETTINGS; its key in the file, its variable, its flag and its place in the reference follow from it.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from .errors import ConfigError
from .formats import FORMATS
from .items import DEFAULT_ITEM, ItemMap
from .pageviews.agents import own_bots
from .pageviews.counting import Counting
from .records import Keep
from .sources import SOURCES, scheme_of
from .stores import STORES

CONFIG_FILE = "footfall.toml"
# Variables that are no settings: where the file is, and what the tests of footfall itself read.
OTHER_VARIABLES = ("FOOTFALL_CONFIG", "FOOTFALL_TEST_", "FOOTFALL_TRIALS", "FOOTFALL_REQUIRE")
# The functions in AWS have it, by the name that the article gave it: the table that is the store unless another is set.
TABLE_VARIABLE = "TARGET_DYNAMO_TABLE"

MOST_DAYS = 36_500


class Setting(NamedTuple):
    """One thing that an owner can set."""

    default: Any
    read: Callable[[str, Any], Any]
    """From the value as written, or as text from the environment or a flag, to the setting's own; raises ConfigError."""
    help: str


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigError(f"{name} is a text, not {value!r}")
    return value


def _texts(name: str, value: Any) -> tuple[str, ...]:
    """A list; from the environment or a flag, with commas between."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) and part for part in value):
        raise ConfigError(f'{name} is a list of texts, as ["a", "b"]; it is {value!r}')
    return tuple(value)


def _truth(name: str, value: Any) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    if not isinstance(value, bool):
        raise ConfigError(f"{name} is true or false, not {value!r}")
    return value


def _days(name: str, value: Any) -> int | None:
    """A number of days; "" is none."""
    if value in ("", None):
        return None
    try:
        days = int(value) if isinstance(value, str) else value
    except ValueError:
        days = None
    if not isinstance(days, int) or isinstance(days, bool) or not 0 < days <= MOST_DAYS:
        raise ConfigError(f'{name} is a number of days, from 1 to {MOST_DAYS}, or "" for all; it is {value!r}')
    return days


def _store(name: str, value: Any) -> str:
    url = _text(name, value)
    if url.partition(":")[0] not in STORES or not url.partition(":")[2]:
        raise ConfigError(f"{name} is written {', '.join(f'{kind}:...' for kind in STORES)}; it is {value!r}")
    return url


def _logs(name: str, value: Any) -> str:
    """Where the logs lie; "" is nowhere in particular."""
    if value == "":
        return ""
    source = _text(name, value)
    scheme = scheme_of(source)
    if source.partition(":")[0] in STORES or (scheme and scheme not in SOURCES):
        schemes = " or ".join(f"{known}://bucket/prefix" for known in SOURCES)
        raise ConfigError(f"{name} is a folder, or {schemes}; it is {value!r}")
    return source


def _time_zone(name: str, value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(_text(name, value))
    except (KeyError, ValueError, OSError) as error:
        raise ConfigError(f"{name} is no time zone: {value!r}; write it as Europe/Berlin or UTC") from error


def _networks(name: str, value: Any) -> tuple[Any, ...]:
    try:
        return tuple(ip_network(address, strict=False) for address in _texts(name, value))
    except ValueError as error:
        raise ConfigError(f"{name}: {error}; write addresses as 198.51.100.7 or 2001:db8::/48") from error


def _patterns(name: str, value: Any) -> tuple[re.Pattern[str], ...]:
    return own_bots(_texts(name, value))


def _format(_: str, value: Any) -> str:
    if not isinstance(value, str) or value not in FORMATS:
        raise ConfigError(f"no log format {value!r}; there are: {', '.join(FORMATS)}")
    return value


def _item(name: str, value: Any) -> ItemMap:
    if isinstance(value, str):  # from the environment or a flag: TOML's inline table
        try:
            value = tomllib.loads(f"item = {value}")["item"]
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f'{name}: {error}; write it as {{ PageName = "{{page}}", SortKey = "{{epoch}}" }}') from error
    if not isinstance(value, Mapping):
        raise ConfigError(f"{name} is a table of attributes, as footfall init writes it; it is {value!r}")
    return ItemMap(value)


def _origins(name: str, value: Any) -> tuple[str, ...]:
    """As browsers send them: scheme, host, and a port where it is not the usual one."""
    origins = _texts(name, value)
    for origin in origins:
        if not re.fullmatch(r"https?://(?:[a-z0-9._-]+|\[[0-9a-f:]+\])(?::\d{1,5})?", origin):
            raise ConfigError(f"{name}: {origin!r} is no origin; write it as https://www.example.org")
    return origins


def _paths(name: str, value: Any) -> tuple[str, ...]:
    paths = _texts(name, value)
    for path in paths:
        if not re.fullmatch(r"/[^?\s]*(\?prefix=[^&\s]+)?", path):
            raise ConfigError(f"{name}: {path!r} is no endpoint; write it as /pagetotals, or as /pagetotals?prefix=blog/")
    return paths


SETTINGS: dict[str, Setting] = {
    "store": Setting("sqlite:footfall.db", _store, "Where counts stay: sqlite:FILE, or dynamodb:TABLE."),
    "logs": Setting("", _logs, "Where the logs lie: s3://bucket/prefix, or a folder."),
    "sites": Setting([], _texts, "Buckets or hosts that count; none named, all do."),
    "time_zone": Setting("UTC", _time_zone, "Where a day begins and ends: Europe/Berlin."),
    "format": Setting("s3", _format, "How the logs are written."),
    "index_documents": Setting(["index.html"], _texts, "What S3 serves for a folder."),
    "own_hosts": Setting([], _texts, "More hosts of the site, whose links are (internal)."),
    "exclude_paths": Setting([], _texts, "Pages that do not count, as shell patterns: drafts/*."),
    "exclude_addresses": Setting([], _networks, "Visitors that do not count: addresses or CIDR ranges."),
    "bots": Setting([], _patterns, "More bots: regular expressions searched in the user agent."),
    "mask_addresses": Setting(False, _truth, "Zero the last octet (IPv4) or all but /48 (IPv6) before storing."),
    "keep_views": Setting(True, _truth, "Keep the views themselves beside their counts."),
    "keep_views_days": Setting("", _days, "Keep views for so many days, counts for ever; unset, both for ever."),
    "public": Setting([], _paths, "What needs no token over HTTP: /pagetotals, or /pagetotals?prefix=blog/."),
    "cors_origins": Setting([], _origins, "Whose pages may ask over HTTP: https://www.example.org."),
    "item": Setting(DEFAULT_ITEM, _item, "What is stored of a view: attribute names and templates."),
}


class Settings:
    """Every setting's value, read and checked."""

    def __init__(self, values: Mapping[str, Any]):
        self.given = frozenset(values)
        """The names of those that somebody set."""
        self.values = {name: values.get(name, setting.read(name, setting.default)) for name, setting in SETTINGS.items()}

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @cached_property
    def counting(self) -> Counting:
        """What decides what counts."""
        names = (
            "sites", "time_zone", "index_documents", "own_hosts", "exclude_paths", "exclude_addresses", "bots",
            "mask_addresses", "item",
        )  # fmt: skip
        return Counting(**{name: self.values[name] for name in names})

    @property
    def keep(self) -> Keep:
        """Whether and how long views are kept."""
        return Keep(self.values["keep_views"], self.values["keep_views_days"])


def load_settings(config_file: str | None, flags: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Settings:
    """
    The settings of the file, the environment and the flags, the later winning.

    Without `config_file`, FOOTFALL_CONFIG names the file, else footfall.toml in this folder is read where there is one.
    Raises ConfigError, which names the key or the variable, what is wrong, and what would be right.
    """
    table = environment.get(TABLE_VARIABLE)
    values: dict[str, Any] = {"store": (TABLE_VARIABLE, f"dynamodb:{table}")} if table else {}
    named = config_file or environment.get("FOOTFALL_CONFIG")
    path = Path(named or CONFIG_FILE)
    if named or path.exists():
        for key, value in _read_file(path).items():
            values[_known(key, f"{path}: no setting {key!r}", SETTINGS)] = (f"{path}: {key}", value)
    for variable, value in environment.items():
        if variable.startswith("FOOTFALL_") and not variable.startswith(OTHER_VARIABLES):
            names = {f"FOOTFALL_{name.upper()}": name for name in SETTINGS}
            values[names[_known(variable, f"no setting for the variable {variable}", names)]] = (variable, value)
    for name, value in flags.items():
        values[name] = (f"--{name.replace('_', '-')}", value)
    return Settings({name: SETTINGS[name].read(place, value) for name, (place, value) in values.items()})


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"no config file {path}; footfall init writes one") from error
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read ({error.strerror}); check its permissions, or name another --config"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}; footfall init --config NEW writes an example") from error


def _known(name: str, problem: str, names: Mapping[str, Any]) -> str:
    if name in names:
        return name
    near = get_close_matches(name, names, n=1)
    raise ConfigError(f"{problem}; did you mean {near[0]}?" if near else f"{problem}; there are: {', '.join(names)}")
