"""
A fingerprint of the rules that a log file was counted under: with a different one, today's counts may differ.

It covers the names of rules, fields and dimensions, the settings and lists that they use, and RULES_VERSION for changes in the
code.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ..dimensions import DIMENSIONS, OFF_BY_DEFAULT
from ..fields import FIELDS
from ..formats import FORMATS
from ..pageviews.counting import Counting
from ..pageviews.countries import lookup_in
from ..pageviews.rules import DROP_WHEN

# Increased whenever the code changes the outcome, page or a value of a line under the same settings and rows.
RULES_VERSION = 7
KEPT_ONLY = ("visitors", "suspected_bots", "mask_addresses", "facts")  # do not change the counts of any value
BY_CONTENT = ("country_data",)  # names a file whose contents count
BY_ROWS = ("off",)  # removes rows from a table
SETTINGS = tuple(field.name for field in fields(Counting) if field.name not in (*KEPT_ONLY, *BY_CONTENT, *BY_ROWS))
# The packages whose lists identify user agents, with the beginning of the folder that has the version in its name.
LISTS = {"crawleruseragents": "crawler_user_agents-", "ua_parser_builtins": "ua_parser_builtins-"}


def fingerprint_of(log_format: str, counting: Counting) -> str:
    """
    16 hexadecimal digits: equal if the same lines give the same counts.

    Raises ConfigError if the owner's database of countries cannot be used.

    >>> fingerprint_of("s3", Counting()) == fingerprint_of("s3", Counting(sites=("a",)))
    False
    """
    return _fingerprint(log_format, _in_force(counting))


def rules_of(counting: Counting) -> frozenset[str]:
    """The fingerprints of today's rules: one for each format, and one for files without lines."""
    rules = _in_force(counting)
    return frozenset(_fingerprint(title, rules) for title in ("", *(row.title for row in FORMATS.values())))


def _fingerprint(log_format: str, rules: Sequence[Any]) -> str:
    return hashlib.blake2b(json.dumps([RULES_VERSION, log_format, *rules]).encode(), digest_size=8).hexdigest()


def _in_force(counting: Counting) -> Sequence[Any]:
    """What decides in addition to the format: settings, rows and lists; the lists' versions are looked up on disk."""
    lookup = lookup_in(counting.country_data)
    return [_plain(getattr(counting, name)) for name in SETTINGS], _rows(counting), _versions(), lookup and lookup.version


def _rows(counting: Counting) -> list[Any]:
    """The contents of the tables, by name: the rules in order, and the fields that are counted."""
    unasked = {DIMENSIONS[name].field for name in OFF_BY_DEFAULT & counting.off}  # new ones change no store's rules
    return [
        [[rule.reason, rule.reads, rule.settings] for rule in DROP_WHEN],
        [
            [name, row.reads, row.settings, row.from_fields]
            for name, row in FIELDS.items()
            if row.is_kept and name not in unasked
        ],
        [
            [name, row.field, row.of_views, row.of_dropped, row.is_open]
            for name, row in DIMENSIONS.items()
            if not row.groups and name not in counting.off
        ],
    ]


def _plain(value: Any) -> Any:
    """A setting as a JSON value."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, re.Pattern):
        return value.pattern
    return value.key if isinstance(value, ZoneInfo) else str(value)


def _versions() -> list[str]:
    """The versions of the installed lists; importlib.metadata has them too, but takes 30 ms to import."""
    found = []
    for package, start in LISTS.items():
        spec = find_spec(package)
        folders = (spec and spec.submodule_search_locations) or []
        found += [path.name for folder in folders for path in Path(folder).parent.glob(f"{start}*.dist-info")]
    return found
