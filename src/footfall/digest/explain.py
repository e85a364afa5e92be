"""The outcome of each line, one by one; LineReading reaches the same outcomes a block at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ..dimensions import fields_of_views
from ..fields import FIELDS, QUARTER, in_order
from ..formats.base import BLANK, Reader, value_of
from ..pageviews.counting import Counting
from ..pageviews.rules import DUPLICATE, drop_reason
from ..records import PageView, Record, RecordId


class Outcome(NamedTuple):
    """The outcome of one line."""

    outcome: str
    """`view`, `dropped` or `unreadable`"""
    reason: str | None = None
    """The reason if it was dropped."""
    record: Record | None = None
    view: PageView | None = None
    why: str = ""
    """Why a line is unreadable, if its format knows."""


def explain(
    lines: Iterable[bytes], reader_of: Callable[[bytes], Reader], counting: Counting, origin: str
) -> Iterator[tuple[int, Outcome]]:
    """
    The outcome of each line, by number from 1; blank lines and comments are skipped.

    `reader_of` is called for the reader of each line, in order. In a format without ids, those of the file's records begin
    with `origin`; see Columns.record_ids.
    """
    known: set[Any] = set()
    start = end = 0
    for number, content in enumerate(lines, 1):
        start, end = end, end + len(content) + 1
        line = content.removesuffix(b"\r")
        reader = reader_of(line)
        record = reader.parse(line)
        if record is None:
            if line.strip(BLANK) and not reader.is_comment(line):
                yield number, Outcome("unreadable", why=reader.why_unreadable(line))
            continue
        identity = record.request.record_id, record.request.time
        if reason := drop_reason(record.request, counting):
            yield number, Outcome("dropped", reason, record)
        elif record.request.record_id is not None and identity in known:
            yield number, Outcome("dropped", DUPLICATE, record)
        else:
            known.add(identity)
            view = view_of(record, counting)
            if record.request.record_id is None:
                view = view._replace(request_id=f"{origin}-{start}")
            yield number, Outcome("view", None, record, view)


def view_of(record: Record, counting: Counting) -> PageView:
    """The page view of a record."""
    found: dict[str, Any] = {}
    names = fields_of_views(counting)
    for name in in_order(names):
        found[name] = _found(name, record, counting, found)
    fields = {name: found[name] for name in names}
    request = record.request
    return PageView(fields.pop("site"), fields.pop("page"), request.time, *(request.record_id or RecordId("")), fields=fields)


def _found(name: str, record: Record, counting: Counting, found: Mapping[str, Any]) -> Any:
    """The value of a field, or of one that depends on others, which are in `found`."""
    if name not in FIELDS:
        return value_of(record, name)
    row, time = FIELDS[name], record.request.time
    read = (time - time % QUARTER if each == "time" else value_of(record, each) for each in row.reads)
    return row.given(counting)(*(found[each] for each in row.from_fields), *read)
