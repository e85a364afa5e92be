"""What becomes of each line, one by one, the plain way; LineReading comes to the same a block at a time."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from ..dimensions import FIELDS, QUARTER, fields_of_views
from ..formats.base import BLANK, Reader, value_of
from ..pageviews.counting import Counting
from ..pageviews.rules import DUPLICATE, drop_reason
from ..records import PageView, Record, RecordId


class Outcome(NamedTuple):
    """What became of one line."""

    outcome: str
    """`view`, `dropped` or `unreadable`"""
    reason: str | None = None
    """Why it was dropped."""
    record: Record | None = None
    view: PageView | None = None
    why: str = ""
    """What is wrong with an unreadable line, as far as its format knows."""


def explain(
    lines: Iterable[bytes], reader_of: Callable[[bytes], Reader], counting: Counting, origin: str
) -> Iterator[tuple[int, Outcome]]:
    """
    What becomes of each line, by its number from 1; blank lines and comments are passed over.

    `reader_of` is asked for the reader of each line, in their order. Where a format has no ids, those of the file's records
    begin with `origin`; see Columns.record_ids.
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
    """The page view that a record is."""
    fields = {name: _found(name, record, counting) for name in fields_of_views(counting)}
    request = record.request
    return PageView(fields.pop("site"), fields.pop("page"), request.time, *(request.record_id or RecordId("")), fields=fields)


def _found(name: str, record: Record, counting: Counting) -> Any:
    if name not in FIELDS:
        return value_of(record, name)
    time = record.request.time
    values = (time - time % QUARTER if read == "time" else value_of(record, read) for read in FIELDS[name].reads)
    return FIELDS[name].given(counting)(*values)
