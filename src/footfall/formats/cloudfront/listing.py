"""
Which fields the lines of a file have: from its `#Fields:` line, from the keys of its JSON, or else from their position.

A list applies to the lines after it: owners of v2 logs change it, and joined files have several.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ...cache import Cache
from ..base import BLANK
from .jsonlines import is_json, json_values
from .names import DATE, DOCUMENTED, LEGACY, LENGTHS, METHOD, MILLISECONDS, STATUS, STEM, TIME, TIMESTAMP

DIRECTIVE = b"#Fields:"
BOM = b"\xef\xbb\xbf"  # which some editors put before text
TAB = b"\t"
OWN_BEGINNINGS = "x-edge-", "x-cf-"  # of names of fields
HEADER, KEYS, PLACES = "header", "keys", "places"
_STEM = STEM.encode()
_OWN_NAMES = (_STEM, *(begin.encode() for begin in OWN_BEGINNINGS))
_LONG_ENOUGH = re.compile(rb"[^\n]{%d,}" % len(DIRECTIVE)).finditer
_SEPARATES_NAMES = re.compile(rb"[^\w()\s-]")
# Percent-encoded by CloudFront within values, so they can separate values.
_NEVER_IN_VALUES = frozenset(b"<>\"#%{}|\\^~[]`'") | frozenset(range(32)) | frozenset(range(127, 256))


class FieldList(NamedTuple):
    """The fields of lines, in order."""

    names: tuple[str, ...]
    source: str
    """HEADER, KEYS or PLACES."""
    delimiter: bytes = TAB

    @property
    def missing(self) -> list[str]:
        """The missing fields without which nothing can be counted."""
        times = [] if {MILLISECONDS, TIMESTAMP}.intersection(self.names) else [DATE, TIME]
        return [name for name in (*times, METHOD, STEM, STATUS) if name not in self.names]

    @property
    def is_ambiguous(self) -> bool:
        """Whether values may contain the separator."""
        return self.delimiter[0] not in _NEVER_IN_VALUES

    @property
    def is_of_cloudfront(self) -> bool:
        """Whether the fields are CloudFront's, and not another program's, such as IIS's."""
        own = any(name.startswith(OWN_BEGINNINGS) for name in self.names)
        return own or self.is_bare_header or (self.source == KEYS and not self.missing)

    @property
    def is_bare_header(self) -> bool:
        """Whether a line with these values is a header; no record looks like that, whatever a client sent."""
        return STEM in self.names and set(self.names) <= set(DOCUMENTED)


def field_list(head: bytes) -> FieldList:
    """The fields in a file with this head, up to any further header."""
    found = FieldList(LEGACY[:33], PLACES)
    for line in _lines(head.removeprefix(BOM)):
        if line.startswith(DIRECTIVE):
            listed: FieldList = _HEADERS[line[len(DIRECTIVE) :]]
            return listed
        if line.startswith(b"#") or not line.strip(BLANK):
            continue
        if is_json(line):
            if not any(name in line for name in _OWN_NAMES):
                continue
            keys = FieldList(tuple(json_values(line) or ()), KEYS)
            if not keys.missing:
                return keys
            found = keys if found.source == PLACES and keys.is_of_cloudfront else found
        elif _STEM in line and (listed := _of_header(line)).is_bare_header:  # some plain files may have one
            return listed
        elif (count := line.count(TAB) + 1) in LENGTHS:
            return FieldList(LEGACY[:count], PLACES)
    return found


def _lines(head: bytes) -> Iterator[bytes]:
    """
    The lines of a head that are long enough to matter, one by one.

    The answer is nearly always in the second line, and a head has a thousand; or half a million blank ones.
    """
    return (found[0].removesuffix(b"\r") for found in _LONG_ENOUGH(head))


def _of_header(said: bytes) -> FieldList:
    """Names are separated by blanks or tabs, or else by the separator of values."""
    found = FieldList(_names(said.split()), HEADER)
    for delimiter in set(_SEPARATES_NAMES.findall(said)):
        names = _names(said.split(delimiter))
        if len(set(names) & set(DOCUMENTED)) > len(set(found.names) & set(DOCUMENTED)):
            found = FieldList(names, HEADER, delimiter)
    return found


_HEADERS = Cache(_of_header)
"""By the text of a directive, which is the same in all files of a distribution."""


def _names(names: list[bytes]) -> tuple[str, ...]:
    return tuple(name.strip().decode("utf-8", "replace") for name in names)
