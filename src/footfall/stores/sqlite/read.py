"""
Queries of reports on a database.

If a byte changes on disk, SQLite returns the damaged row as it is. So each row is checked: text where text belongs, numbers
where numbers belong, and valid days and times.
"""

import json
import zlib
from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from time import time as now
from typing import Any

from ...cache import Cache
from ...items import ItemMap
from ...records import Account, PageView, Part, Tally, Value
from .. import additions
from ..base import FIRST_DAY, LAST_DAY
from ..shapes import Count, Keep, Top
from .connect import Database
from .schema import WITH_ADDITIONS, WITH_MONTHS, WITH_STORED_SIZES, WITH_VISITORS, field_columns, shown

# Each is found as the next one in the primary key: as fast with a million rows as with ten.
SITES = """
WITH RECURSIVE found (site) AS (
    SELECT min(site) FROM tally
    UNION ALL SELECT (SELECT min(site) FROM tally WHERE site > found.site) FROM found WHERE found.site IS NOT NULL
) SELECT site FROM found WHERE site IS NOT NULL
"""
HAS_VIEWS = "SELECT 1 FROM tally WHERE site = ? AND dimension = 'page' LIMIT 1"
OF_PAGE = (
    "WHERE site = (SELECT id FROM texts WHERE text = ?) AND page = (SELECT id FROM texts WHERE text = ?) "
    "AND time BETWEEN ? AND ?"
)
NAMES_AT_ONCE = 500  # of log files, in one statement
IN_LIST = "(SELECT json_each.value FROM json_each(?))"
OF_VALUES = f"value IN {IN_LIST}"
MOST_NAMED_DAYS = 20_000
TIMES = range(-62_135_596_800, 253_402_300_800)  # seconds since the epoch, for the years 1 to 9999; others are damaged
OF_PART = "name, part, is_last, size, sha256, first_time, last_time, ingested_at, lines, views, dropped, unreadable"
OF_A_PART: list[type] = [str, int, int, int, str, int, int, int, int, int, str, int]
OF_A_PART_WITHOUT_TIMES: list[type] = [*OF_A_PART[:5], type(None), type(None), *OF_A_PART[7:]]


def counts(
    database: Database, site: str, dimension: str, start: str, end: str, prefix: str, value: str | None
) -> Iterator[Count]:
    """See Store."""
    where, values = _of_period(site, dimension, start, end, prefix, value)
    if value is not None and (days := _days(database, site, start, end)):
        where, values = (
            f"site = ? AND dimension = ? AND day IN {IN_LIST} AND value = ?",
            [site, dimension, json.dumps(days), value],
        )
    return counts_of(database, database.read(f"SELECT value, day, views FROM tally WHERE {where} ORDER BY day, value", values))


def _days(database: Database, site: str, start: str, end: str) -> list[str]:
    """
    The days of a period that may have counts; empty if there are too many to list.

    A list makes finding one value fast: SQLite looks up each day by the primary key, and nothing in between.
    """
    first, last = period(database, site) or (LAST_DAY, FIRST_DAY)
    begin, until = max(first, start), min(last, end)
    number = (date.fromisoformat(until) - date.fromisoformat(begin)).days + 1 if begin <= until else 0
    if number > MOST_NAMED_DAYS:
        return []
    return [(date.fromisoformat(begin) + timedelta(days=place)).isoformat() for place in range(number)]


def sums(database: Database, site: str, dimension: str, start: str, end: str, prefix: str, value: str | None) -> dict[str, int]:
    """See Store. SQLite adds up five times as fast as Python."""
    counted, values = _counted(database, site, dimension, start, end, prefix, value)
    return sums_from(database, f"SELECT value, sum(views) FROM {counted} GROUP BY value", values)


def sums_from(database: Database, sql: str, values: Sequence[Value]) -> dict[str, int]:
    """The rows of a query for values and how often each occurred, each checked."""
    found = dict(database.read(sql, values))
    if not (_are(str, found) and _are(int, found.values())):
        raise database.damaged()
    return found


def top(
    database: Database, site: str, dimension: str, start: str, end: str, prefix: str, value: str | None, limit: int | None,
    after: tuple[int, str] | None,
) -> Top:  # fmt: skip
    """See Store. SQLite sorts, so that Python gets no more rows than requested."""
    counted, values = _counted(database, site, dimension, start, end, prefix, value)
    having = " HAVING (-times, value) > (-?, ?)" if after else ""
    ranked = f"SELECT value, sum(views) AS times FROM {counted} GROUP BY value{having} ORDER BY times DESC, value LIMIT ?"
    most = -1 if limit is None else limit + 1
    total, rows = _with_total(database, counted, values, ranked, [*values, *(after or ()), most])
    return Top(rows[:limit], total, limit is None or len(rows) <= limit)


def sums_of(
    database: Database, site: str, dimension: str, start: str, end: str, wanted: Collection[str], prefix: str, value: str | None
) -> tuple[dict[str, int], int]:
    """See Store."""
    counted, values = _counted(database, site, dimension, start, end, prefix, value)
    grouped = f"SELECT value, sum(views) FROM {counted} WHERE {OF_VALUES} GROUP BY value"
    total, rows = _with_total(database, counted, values, grouped, [*values, json.dumps([*wanted])])
    return dict(rows), total


def _with_total(
    database: Database, counted: str, values: Sequence[Value], of_some: str, their_values: Sequence[Value]
) -> tuple[int, list[tuple[str, int]]]:
    """The total, and the sums of some values, in one statement, so that both are as of one moment."""
    of_all = f"SELECT NULL, coalesce(sum(views), 0) FROM {counted}"
    (_, total), *rows = database.read(f"{of_all} UNION ALL SELECT * FROM ({of_some})", [*values, *their_values])
    if not (_are(str, (value for value, _ in rows)) and _are(int, (total, *(times for _, times in rows)))):
        raise database.damaged()
    return total, rows


def series(database: Database, site: str, dimension: str, start: str, end: str, wanted: Collection[str]) -> Iterator[Count]:
    """See Store. SQLite leaves out the rows of other values."""
    where, values = _of_period(site, dimension, start, end, "", None)
    rows = database.read(f"SELECT value, day, views FROM tally WHERE {where} AND {OF_VALUES}", [*values, json.dumps([*wanted])])
    return counts_of(database, rows)


def counts_of(database: Database, rows: Iterable[tuple[Any, ...]]) -> Iterator[Count]:
    """Counts from rows of value, day and views, each checked."""
    is_day = Cache(_is_day)
    for value, day, views_ in rows:
        if type(value) is not str or type(views_) is not int or not is_day[day]:
            raise database.damaged()
        yield Count(value, day, views_)


def views(
    database: Database, item: ItemMap, keep: Keep, site: str, page: str, start: int, end: int, limit: int | None
) -> Iterator[dict[str, Value]]:
    """See Store. Items are made by the current [item]; attributes whose fields were not kept are left out."""
    with database.errors():
        refers = field_columns(database.connection)
    facts = [name for name in item.facts if name in refers]
    names = {"time": False, "request_id": False, "operation": True, "key": True} | {name: refers[name] for name in facts}
    rows = database.read(
        f"SELECT {', '.join(shown(*row) for row in names.items())} FROM views {OF_PAGE} ORDER BY time, request_id LIMIT ?",
        [site, page, max(start, keep.oldest(now())), end, -1 if limit is None else limit],
    )
    for time, request_id, operation, key, *values in rows:
        if not _are(str, (request_id, operation, key)) or not all(
            value is None or _are((str, int), [value]) for value in values
        ):
            raise database.damaged()
        kept = dict(zip(facts, values, strict=True))
        yield item.make(PageView(site, page, time, request_id, operation, key, kept))


def times(database: Database, keep: Keep, site: str, page: str, start: int, end: int) -> Iterator[int]:
    """See Store."""
    asked = [site, page, max(start, keep.oldest(now())), end]
    return (time for (time,) in database.read(f"SELECT time FROM views {OF_PAGE} ORDER BY time", asked))


def parts(database: Database, where: str, values: Sequence[Value]) -> Iterator[Part]:
    """The parts of files in the ledger for which `where` holds."""
    later = {"rules": WITH_ADDITIONS, "stored_size": WITH_STORED_SIZES, "late_visitors": WITH_VISITORS}
    more = ", ".join(name if database.has(version) else "NULL" for name, version in later.items())
    for row in database.read(f"SELECT {OF_PART}, {more} FROM files {where}", values):
        name, part, is_last, size, sha256, first, last, ingested_at, lines, views_, dropped, unreadable, *rest, late = row
        try:
            by_reason = json.loads(dropped)
            is_ours = list(map(type, row[: len(OF_A_PART)])) in (OF_A_PART, OF_A_PART_WITHOUT_TIMES) and _are_times(
                (first, last)
            )
            is_ours = is_ours and _are(int, by_reason.values())
        except (TypeError, ValueError, AttributeError):
            is_ours = False
        if not is_ours:
            raise database.damaged()
        account = Account(lines, views_, by_reason, unreadable, late_visitors=late or 0)
        yield Part(name, part, bool(is_last), size, sha256, first, last, ingested_at, account, *rest)


def known_of(database: Database, names: Sequence[str]) -> dict[str, list[Part]]:
    """See Store."""
    found: dict[str, list[Part]] = {name: [] for name in names}
    for where, asked in of_names(names):
        for part in parts(database, f"{where} ORDER BY name, part", asked):
            found[part.name].append(part)
    return found


def of_names(names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """SQL conditions for the rows of log files, as many in one statement as SQLite accepts, each with its parameters."""
    left = iter(names)
    while asked := list(islice(left, NAMES_AT_ONCE)):
        yield f"WHERE name IN ({', '.join('?' * len(asked))})", asked


def added(database: Database, name: str, part: int) -> Tally | None:
    """See Store."""
    if not database.has(WITH_ADDITIONS):
        return None
    found = [content for (content,) in database.read("SELECT added FROM files WHERE name = ? AND part = ?", [name, part])]
    try:
        return additions.decode(found[0]) if found and found[0] is not None else None
    except (ValueError, TypeError, zlib.error):
        raise database.damaged() from None


def period(database: Database, site: str) -> tuple[str, str] | None:
    """See Store. Everything that is counted has a status, and the primary key finds its first and last day quickly."""
    days = "SELECT {}(day) FROM tally WHERE site = ? AND dimension = 'status'"
    ((first, last),) = database.read(f"SELECT ({days.format('min')}), ({days.format('max')})", [site, site])
    if first is not None and not (_is_day(first) and _is_day(last)):
        raise database.damaged()
    return (first, last) if first is not None else None


def latest(database: Database) -> int | None:
    """See Store."""
    found: int | None = only(database, "SELECT max(last_time) FROM files")
    if not _are_times([found]):
        raise database.damaged()
    return found


def texts(database: Database, sql: str) -> list[str]:
    """The values of a query that returns only text."""
    found = [value for (value,) in database.read(sql)]
    if not _are(str, found):
        raise database.damaged()
    return found


def only(database: Database, sql: str) -> Any:
    """The only value of a query, or None."""
    return next((value for (value,) in database.read(sql)), None)


def _are(kind: type | tuple[type, ...], values: Iterable[Any]) -> bool:
    return all(isinstance(value, kind) for value in values)


def _are_times(values: Iterable[Any]) -> bool:
    """Whether these are seconds since the epoch, or None."""
    return all(value is None or (isinstance(value, int) and value in TIMES) for value in values)


def _is_day(text: Any) -> bool:
    try:
        return isinstance(text, str) and str(date.fromisoformat(text)) == text
    except ValueError:
        return False


def _counted(
    database: Database, site: str, dimension: str, start: str, end: str, prefix: str, value: str | None
) -> tuple[str, list[Value]]:
    """A query for a period's rows of value and views to add up, and its parameters; whole months are read from `months`."""
    whole = whole_months(start, end) if database.has(WITH_MONTHS) else None
    first, last = whole or ("9999-12", "0000-00")
    days = [(start, f"{first}-00"), (f"{last}-32", end)] if whole else [(start, end)]
    asked = [("tally", "day", *each) for each in days if each[0] <= each[1]] + ([("months", "month", *whole)] if whole else [])
    pieces, values = [], []
    for table, of_time, since, until in asked:
        where, of_piece = _of_period(site, dimension, since, until, prefix, value, of_time)
        pieces.append(f"SELECT value, views FROM {table} WHERE {where}")
        values += of_piece
    return f"({' UNION ALL '.join(pieces)})", values


def whole_months(start: str, end: str) -> tuple[str, str] | None:
    """
    The first and last whole month between two days, both included; None if there is none.

    >>> whole_months("2026-01-31", "2026-04-30"), whole_months("2026-02-02", "2026-03-30")
    (('2026-02', '2026-04'), None)
    """
    (first_year, first_month, first_day), (year, month, day) = (map(int, each.split("-")) for each in (start, end))
    first = 12 * first_year + first_month - (first_day == 1)
    last = 12 * year + month - 1 - (day < monthrange(year, month)[1])
    if first > last:
        return None
    return f"{first // 12:04}-{first % 12 + 1:02}", f"{last // 12:04}-{last % 12 + 1:02}"


def _of_period(
    site: str, dimension: str, start: str, end: str, prefix: str, value: str | None, of_time: str = "day"
) -> tuple[str, list[Value]]:
    """An SQL condition for the rows of the tally, or of the months, and its parameters."""
    where, values = f"site = ? AND dimension = ? AND {of_time} BETWEEN ? AND ?", [site, dimension, start, end]
    if value is not None:
        return f"{where} AND value = ?", [*values, value]
    return (f"{where} AND substr(value, 1, ?) = ?", [*values, len(prefix), prefix]) if prefix else (where, [*values])
