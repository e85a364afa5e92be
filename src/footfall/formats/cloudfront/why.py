"""Says in a few words why a line is not a CloudFront record; used for the few lines that are shown."""

from collections.abc import Mapping

from ..why import no_object, no_time, shown
from .jsonlines import is_json, json_values
from .listing import BOM, HEADER, TAB, FieldList
from .names import DATE, LEGACY, LENGTHS, METHOD, MILLISECONDS, STATUS, STEM, TIME, TIMESTAMP
from .times import moment


def why_unreadable(listed: FieldList, line: bytes) -> str:
    """What is wrong with a line, given this list of fields; see Reader."""
    line = line.removeprefix(BOM).rstrip(b"\r")
    if is_json(line):
        values = json_values(line)
        return no_object(line) if values is None else _why_not(values, "key")
    if listed.is_ambiguous:
        return f"values may contain the field delimiter ({shown(listed.delimiter)})"
    has_header = listed.source == HEADER
    names, delimiter = (listed.names, listed.delimiter) if has_header else (LEGACY, TAB)
    found = line.split(delimiter)
    if has_header and len(found) != len(names):
        return f"{len(found):,} {'value' if len(found) == 1 else 'values'} under a header of {len(names)} fields"
    if not has_header and len(found) not in LENGTHS:
        return f"{len(found):,} values and no header; legacy logs have another number" if len(found) > 1 else ""
    return _why_not(dict(zip(names, found, strict=False)), "field")


def _why_not(values: Mapping[str, bytes], kind: str) -> str:
    for name in (METHOD, STEM, STATUS):
        if name not in values:
            return f"no {kind} {name}"
    if moment(values) is None:
        times = [values[name] for name in (DATE, TIME, MILLISECONDS, TIMESTAMP) if name in values]
        return no_time(b" ".join(times)) if times else f"no {kind} for its time"
    return f"{STATUS} is not a status: {shown(values[STATUS])}"
