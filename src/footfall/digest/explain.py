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


def explain(lines: Iterable[bytes], reader_of: Callable[[bytes], Reader], counting: Counting) -> Iterator[tuple[int, Outcome]]:
    """
    What becomes of each line, by its number from 1; blank lines and comments are passed over.

    `reader_of` is asked for the reader of each line, in their order.
    """
    known: set[Any] = set()
    for number, line in enumerate(lines, 1):
        reader = reader_of(line)
        record = reader.parse(line)
        if record is None:
            if line.strip(BLANK) and not reader.is_comment(line):
                yield number, Outcome("unreadable")
            continue
        identity = record.request.record_id, record.request.time
        if reason := drop_reason(record.request, counting):
            yield number, Outcome("dropped", reason, record)
        elif record.request.record_id is not None and identity in known:
            yield number, Outcome("dropped", DUPLICATE, record)
        else:
            known.add(identity)
            yield number, Outcome("view", None, record, view_of(record, counting))


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
