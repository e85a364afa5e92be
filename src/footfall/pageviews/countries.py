"""
A reader's country: from the log, or else from the address.

Addresses are looked up in the owner's database (`country_data`), or else in the package iptocc if it can be loaded; without
either, nothing is counted. Both are loaded on first use, since most commands do not need them.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import ConfigError

UNKNOWN = "(unknown)"
INSTALL = "pip install 'footfall[countries]'"
LOOKED_AT = 1_000  # records of a database, at least one of which must have a country

# Text that may be an address: a damaged line may have anything in its place, and not every text can be looked up.
_ADDRESS = re.compile(r"[0-9A-Fa-f.:]{2,45}").fullmatch
_CODE = re.compile("[A-Z]{2}").fullmatch
_NO_COUNTRY = ("XX", "ZZ")  # codes that some databases use for an unknown country
_MAPPED = "::ffff:"  # the prefix of an IPv4 address on a server that only accepts IPv6 connections


class Lookup(NamedTuple):
    """A country database."""

    title: str
    """As `footfall doctor` names it."""
    version: str
    """Another version may have other countries."""
    made: datetime | None
    """When its data was compiled; None if unknown."""
    find: Callable[[str], Any]
    """The country code of an address, or whatever else the database has for it."""


def country_of(logged: str | None, address: str | None, data: str) -> str | None:
    """
    The country's code; `(unknown)` if neither log nor database has it, None if there is neither.

    `logged` is the country in the log, "" if the log says that it is unknown; `data` is the owner's database, "" for none.

    >>> country_of("de", "198.51.100.7", "")
    'DE'
    """
    if logged and (code := _code(logged)):
        return code
    lookup = lookup_in(data) if address else None
    if lookup is None or address is None:
        return None if logged is None else UNKNOWN
    if address[: len(_MAPPED)].lower() == _MAPPED and "." in address:
        address = address[len(_MAPPED) :]
    return (_code(lookup.find(address)) if _ADDRESS(address) else None) or UNKNOWN


def _code(said: Any) -> str | None:
    """A code in the form that is stored; None if it is not a code."""
    code = said.upper() if isinstance(said, str) else ""
    return code if _CODE(code) and code not in _NO_COUNTRY else None


def country_name(value: str) -> str:
    """
    The name of a country; a value without a name is returned as it is.

    >>> country_name("DE"), country_name("(unknown)")
    ('Germany', '(unknown)')
    """
    from .country_names import NAMES  # most commands do not need it

    return NAMES.get(value, value)


@cache
def lookup_in(data: str) -> Lookup | None:
    """
    The country database: the owner's, or iptocc if none is set; None if that is missing. Raises ConfigError if the database
    cannot be used.
    """
    if data:
        return _database(Path(data))
    try:
        import iptocc
    except ImportError:  # not installed, or built for another processor: views count without a country, and doctor says why
        return None
    # The folder beside it has the version in its name; importlib.metadata has it too, but takes 30 ms to import.
    names = [path.stem for folder in iptocc.__path__ for path in Path(folder).parent.glob("iptocc-*.dist-info")]
    title = names[0].replace("-", " ") if names else "iptocc"
    return Lookup(f"the package {title}", title, None, iptocc.country_code)


def is_broken() -> bool:
    """Whether the package is installed but cannot be loaded."""
    return lookup_in("") is None and find_spec("iptocc") is not None


def _database(path: Path) -> Lookup:
    try:
        import maxminddb
    except ImportError as error:
        raise ConfigError(f"country_data needs the package maxminddb, which is not installed: {INSTALL}") from error
    try:
        reader = maxminddb.open_database(path)
    except FileNotFoundError as error:
        raise ConfigError(f"there is no country database {path}: correct country_data, or remove it") from error
    except OSError as error:
        raise ConfigError(f"the country database {path} cannot be read ({error.strerror}): check its permissions") from error
    except (maxminddb.InvalidDatabaseError, ValueError) as error:
        raise ConfigError(f"{path} is not a country database: set country_data to an unpacked .mmdb file") from error

    def find(address: str) -> Any:
        try:
            return _said_by(reader.get(address))
        except ValueError:  # not an address, or IPv6 in a database for IPv4
            return None
        except maxminddb.InvalidDatabaseError as error:
            raise ConfigError(f"the country database {path} is damaged: download it again") from error

    about = reader.metadata()
    try:
        has_countries = any(_code(_said_by(record)) for _, record in islice(reader, LOOKED_AT))
    except maxminddb.InvalidDatabaseError as error:
        raise ConfigError(f"the country database {path} is damaged: download it again") from error
    if not has_countries:
        raise ConfigError(
            f"the database {path} ({about.database_type}) has no countries: set country_data to a country or city database"
        )
    made = datetime.fromtimestamp(about.build_epoch, UTC)
    title = f"{path}, {about.database_type} of {made:%Y-%m-%d}"
    return Lookup(title, f"{about.database_type} {about.build_epoch}", made, find)


def _said_by(record: Any) -> Any:
    """
    The country of a record, in the form of GeoLite2 and DB-IP, or of IPinfo and ip-location-db.

    >>> _said_by({"country": {"iso_code": "DE"}}), _said_by({"country": "Germany", "country_code": "DE"})
    ('DE', 'DE')
    """
    if not isinstance(record, Mapping):
        return None
    country = record.get("country") or record.get("registered_country")
    if isinstance(country, Mapping):
        return country.get("iso_code")
    return record.get("country_code") or country
