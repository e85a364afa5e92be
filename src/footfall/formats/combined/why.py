"""Says in a few words why a line is not a web server's record; used for the few lines that are shown."""

import re

from ..times import ANOTHER, HOURS_WITH_OFFSET
from ..why import TWO_RECORDS, no_time, shown

_NAMES = 3  # host, ident and user come before the time
_TO_THE_TIME = re.compile(rb'([^"\[]*+)(?<= )\[(\d[^\]]*+|\Z)(\]?)').match
_STAMP = re.compile(rb"([^ :]{11}:\d\d)(?::[0-5]\d){2} ([+-]\d{4})").fullmatch
_TEXT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"(?= |\Z)|-', re.DOTALL).match
# What follows the time, in order, and its syntax.
_PARTS = (
    ("request", _TEXT),
    ("status", re.compile(rb"(?:\d{3}|-)(?= |\Z)").match),
    ("size", re.compile(rb"(?:\d{1,18}|-)(?= |\Z)").match),
    ("referrer", _TEXT),
    ("user agent", _TEXT),
)


def why_unreadable(line: bytes) -> str:
    """See Reader."""
    line = line.rstrip(b" \r")
    begin = _TO_THE_TIME(line)
    if begin is None:
        return ""
    if not begin[3]:
        return "cut short within the time"
    stamp = _STAMP(begin[2])
    if stamp is None or HOURS_WITH_OFFSET[stamp[1], stamp[2]] is None:
        return no_time(begin[2])
    if ANOTHER(line, begin.end() - 1):
        return TWO_RECORDS
    names = begin[1].split()
    if any(name.endswith(b",") for name in names):
        return "a list of addresses in place of the host"
    if len(names) < _NAMES:
        return f"{len(names)} words before the time, in place of host, ident and user"
    return _after_the_time(line, begin.end())


def _after_the_time(line: bytes, place: int) -> str:
    last = "time"
    for name, match in _PARTS:
        if place >= len(line):
            return f"cut short after the {last}"
        place += 1  # the blank before it
        found = match(line, place)
        if found is None and line[place : place + 1] == b'"':
            return f"cut short within the {name}, whose quote is not closed"
        if found is None and b" " not in line[place:]:
            return f"cut short within the {name}"
        if found is None:
            return f"its {name} cannot be read: {shown(line[place:])}"
        last, place = name, found.end()
    return ""
