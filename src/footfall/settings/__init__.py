"""
Settings: footfall.toml, overridden by FOOTFALL_* variables, overridden by flags. The only reader of the environment.

A setting is a row of SETTINGS; its key in the file, its variable, its flag and its place in the reference follow from it.
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ..errors import ConfigError, StoreError, StoreMissing
from ..pageviews.counting import Counting
from ..stores import Store
from ..stores.shapes import Keep
from .table import SETTINGS, Setting
from .values import expanded

__all__ = ["CONFIG_FILE", "SETTINGS", "TABLE_VARIABLE", "Setting", "Settings", "load_settings"]

CONFIG_FILE = "footfall.toml"
# Variables that are not settings: the file's location, and what footfall's own tests read.
OTHER_VARIABLES = ("FOOTFALL_CONFIG", "FOOTFALL_PURE", "FOOTFALL_TEST_", "FOOTFALL_TRIALS", "FOOTFALL_REQUIRE")
# Set for the functions in AWS, under the article's name: the table to use as store unless another is set.
TABLE_VARIABLE = "TARGET_DYNAMO_TABLE"


class Settings:
    """Every setting's value, read and checked."""

    def __init__(self, values: Mapping[str, Any]):
        self.given = frozenset(values)
        """The names of the settings that were set."""
        self.values = {name: values.get(name, setting.read(name, setting.default)) for name, setting in SETTINGS.items()}

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @cached_property
    def counting(self) -> Counting:
        """The settings that decide what counts."""
        named = {field.name: self.values[field.name] for field in fields(Counting) if field.name in SETTINGS}
        return Counting(**named, off=self.values["dimensions"], facts=self.values["item"].facts)

    @property
    def keep(self) -> Keep:
        """Whether and how long views are kept."""
        return Keep(self.values["keep_views"], self.values["keep_views_days"])

    @property
    def site(self) -> str | None:
        """The only configured site; None leaves the choice to the store, which may have only one."""
        configured: Sequence[str] = self.values["sites"]
        return configured[0] if len(configured) == 1 else None

    def zone_of(self, store: Store) -> ZoneInfo:
        """The time zone of the store's days; that of these settings until it has one."""
        wanted: ZoneInfo = self.values["time_zone"]
        try:
            kept = store.time_zone()
        except StoreMissing:  # the report says so
            return wanted
        if kept and "time_zone" in self.given and kept != wanted.key:
            raise ConfigError(f"the store counts days in {kept}, not in {wanted.key}; set time_zone = {kept!r}")
        try:
            return ZoneInfo(kept) if kept else wanted
        except (KeyError, ValueError, OSError) as error:
            raise StoreError(
                f"the store counts days in {kept!r}, a time zone that this machine does not know: update its time zones (pip "
                f"install --upgrade tzdata), or, if there is no such zone, restore the store from a copy"
            ) from error


def load_settings(config_file: str | None, flags: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Settings:
    """
    The settings of the file, the environment and the flags; later ones take precedence.

    Without `config_file`, FOOTFALL_CONFIG names the file; otherwise footfall.toml in this folder is read, if there is one.
    Raises ConfigError, which names the key or the variable, what is wrong, and what would be right.
    """
    table = environment.get(TABLE_VARIABLE)
    values: dict[str, Any] = {"store": (TABLE_VARIABLE, f"dynamodb:{table}")} if table else {}
    named = config_file or environment.get("FOOTFALL_CONFIG")
    path = Path(expanded(named or CONFIG_FILE))
    if named or path.exists():
        for key, value in _read_file(path).items():
            values[_known(key, f"{path}: no setting {key!r}", SETTINGS)] = (f"{path}: {key}", value)
    for variable, value in environment.items():
        if variable.startswith("FOOTFALL_") and not variable.startswith(OTHER_VARIABLES):
            names = {f"FOOTFALL_{name.upper()}": name for name in SETTINGS}
            values[names[_known(variable, f"no setting for the variable {variable}", names)]] = (variable, value)
    for name, value in flags.items():
        values[name] = ("--site" if name == "sites" else f"--{name.replace('_', '-')}", value)
    return Settings({name: SETTINGS[name].read(place, value) for name, (place, value) in values.items()})


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(f"no config file {path}; footfall init writes one") from error
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read ({error.strerror}); check its permissions, or choose another --config"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8, as TOML must be; save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}; footfall init --config NEW writes an example") from error


def _known(name: str, problem: str, names: Mapping[str, Any]) -> str:
    if name in names:
        return name
    near = get_close_matches(name, names, n=1)
    raise ConfigError(f"{problem}; did you mean {near[0]}?" if near else f"{problem}; there are: {', '.join(names)}")
