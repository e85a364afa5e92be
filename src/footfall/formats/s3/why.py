"""
Says in a few words why a line is not an S3 record; used for the few lines that are shown.

Fields are numbered as AWS documents them: the bucket's owner is the first, the user agent the 17th. A line may end there.
"""

import re
from collections.abc import Sequence

from ..times import ANOTHER_BEGINS, in_utc
from ..why import TWO_RECORDS, no_time, shown
from .fields import DOCUMENTED

_NAMES = tuple(DOCUMENTED)
_BUCKET, _TIME, _REQUESTER, _OPERATION, _USER_AGENT = map(
    _NAMES.index, ("bucket", "time", "requester", "operation", "user_agent")
)

_FIELDS = re.compile(rb'\[[^\]]*+\]?|"[^"]*+"?|[^ ]++')
_OWNER = re.compile(rb"[0-9a-f]{64}|[0-9a-f]{40,}\Z").match
_STAMP = re.compile(rb"(\[[^ \]]++) ([^ \]]++\])").fullmatch
_OF_S3 = re.compile(rb"(?:REST|WEBSITE|SOAP|BATCH|S3)\.").match
_NUMBER = re.compile(rb"\d{1,18}|-").fullmatch
# The syntax of fields that have a fixed one.
_FORMS = {
    "request_uri": (re.compile(rb'".*"|-', re.DOTALL).fullmatch, "in quotes"),
    "http_status": (re.compile(rb"\d{3}|-").fullmatch, "a status"),
    **dict.fromkeys(("bytes_sent", "object_size", "total_time", "turn_around_time"), (_NUMBER, "a number")),
}


def why_unreadable(line: bytes) -> str:
    """See Reader."""
    line = line.rstrip(b" \r")
    fields = _FIELDS.findall(line)
    if len(fields) <= _TIME:
        return _cut_after(len(fields)) if _OWNER(line) else ""
    if not fields[_TIME].startswith(b"["):
        return ""
    if not fields[_TIME].endswith(b"]"):
        return _cut_after(_TIME)
    if ANOTHER_BEGINS(line, line.find(b"[") + 1):
        return TWO_RECORDS
    stamp = _STAMP(fields[_TIME])
    if stamp is None or in_utc(*stamp.groups()) is None:
        return no_time(fields[_TIME])
    return _after_the_time(_with_whole_requester(fields))


def _after_the_time(fields: Sequence[bytes]) -> str:
    if fields[-1].startswith(b'"') and (len(fields[-1]) == 1 or not fields[-1].endswith(b'"')):
        return f"{_cut_after(len(fields) - 1)}, within quotes" if len(fields) <= _USER_AGENT + 1 else "a quote is not closed"
    is_short = len(fields) <= _USER_AGENT
    whole = fields[:-1] if is_short else fields  # the last one may be cut
    for number, (name, field) in enumerate(zip(_NAMES, whole, strict=False), 1):
        if name in _FORMS and not _FORMS[name][0](field):
            return f"field {number} ({name}) is not {_FORMS[name][1]}: {shown(field)}"
    return _cut_after(len(fields)) if is_short else ""


def _with_whole_requester(fields: Sequence[bytes]) -> Sequence[bytes]:
    """The fields, with a requester that contains blanks joined; the operation's form shows where it ends."""
    request_id = next((place for place, field in enumerate(fields, -1) if place >= _OPERATION and _OF_S3(field)), 0)
    if not request_id:
        return fields
    return [*fields[:_REQUESTER], b" ".join(fields[_REQUESTER:request_id]), *fields[request_id:]]


def _cut_after(count: int) -> str:
    return f"cut short after field {count} of {len(_NAMES)}"
