"""
The rules that a log file was counted under, as one short text: files with another one may come to other counts today.

It has the settings that rules and fields name, the lists that they ask, and RULES_VERSION for what stands in our code.
"""

import hashlib
import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from .counting import Counting

# Raised by one whenever code makes another outcome, page or value of the same line under the same settings.
RULES_VERSION = 1
# What decides is counted; what is merely kept of a view is not.
SETTINGS = ("sites", "time_zone", "index_documents", "own_hosts", "exclude_paths", "exclude_addresses", "bots")
# The packages whose lists say what a user agent is, and how the folder begins that has the version of each in its name.
LISTS = {"crawleruseragents": "crawler_user_agents-", "ua_parser_builtins": "ua_parser_builtins-"}


def fingerprint(log_format: str, counting: Counting) -> str:
    """
    16 hexadecimal digits: equal where the same lines come to the same counts.

    >>> fingerprint("s3", Counting()) == fingerprint("s3", Counting(sites=("a",)))
    False
    """
    said = [RULES_VERSION, log_format, *(_plain(getattr(counting, name)) for name in SETTINGS), *_versions()]
    return hashlib.blake2b(json.dumps(said).encode(), digest_size=8).hexdigest()


def _plain(value: Any) -> Any:
    """A setting as JSON has it."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, re.Pattern):
        return value.pattern
    return value.key if isinstance(value, ZoneInfo) else str(value)


def _versions() -> list[str]:
    """The versions of the lists that are installed; importlib.metadata tells them too, and takes 30 ms to be imported."""
    found = []
    for package, start in LISTS.items():
        spec = find_spec(package)
        folders = (spec and spec.submodule_search_locations) or []
        found += [path.name for folder in folders for path in Path(folder).parent.glob(f"{start}*.dist-info")]
    return found
