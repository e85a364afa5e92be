"""
Visitors in a table: each site has a partition with an item for each day and, until the day is closed, one for its key.

    2026-11-25        Visitors, their number, and OF_VISITORS; while the day is open, Hashes, Signs and ChangedAt
    key#2026-11-25    Key, and ExpiresAt

They are added before a commit begins, on condition that hashes and signs are still those that were read. Adding one twice
changes nothing, so a crash may leave a visitor whose view is counted later, but loses none. A day is closed by one update,
which leaves the number. Then its key is deleted: without it, hashes in a backup are useless.

If days are never closed, DynamoDB deletes the key after KEY_DAYS. Then no visitors can be added, but the number is still there.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from time import sleep
from time import time as now
from typing import Any, NamedTuple

from ...records import DAY
from ..shapes import DayVisitors
from ..visitors import Came, OpenDay, SiteDay, Visitors, end_of, is_over, new_key
from .batches import MOST_STATEMENTS, Statement, chunks, delete, execute, execute_all, insert, read_items, update
from .keys import CHANGED_AT, EXPIRES_AT, HASHES, KEY, OF_VISITORS, SIGNS, VISITORS, Item, Key, key_of_day, visitors_key
from .query import query
from .requests import Refused, Requests, pauses
from .workers import Workers

KEY_DAYS = 30  # after the end of a day, or after its first file


class _Day(NamedTuple):
    """A day's items."""

    item: Item | None
    """None if there were no visitors so far."""
    key: Item | None

    @property
    def is_closed(self) -> bool:
        """Whether visitors can no longer be added: it was closed, or its key has expired."""
        return self.item is not None and (self.key is None or HASHES not in self.item)

    def before(self) -> OpenDay:
        """What is kept of an open day."""
        return kept_of(self.item) if self.item else OpenDay()


def add(requests: Requests, workers: Workers, visitors: Visitors) -> set[SiteDay]:
    """Add visitors to their days; returns the days that are already closed."""
    closed: set[SiteDay] = set()
    left = dict(visitors)
    for pause in pauses():
        days = _read(requests, workers, left)
        closed |= {where for where, day in days.items() if day.is_closed}
        statements = {where: _statement(requests, where, left[where], day) for where, day in days.items()}
        refused = _execute(requests, workers, {where: each for where, each in statements.items() if each})
        left = {where: left[where] for where, day in days.items() if where in refused or day == (None, None)}
        if not left:
            break
        if refused:  # another importer was faster, or an answer was lost
            sleep(pause)
    return closed


def _read(requests: Requests, workers: Workers, wanted: Mapping[SiteDay, object]) -> dict[SiteDay, _Day]:
    keys = [key for where in wanted for key in (visitors_key(*where), key_of_day(*where))]
    there = read_items(requests, workers, keys)
    return {where: _Day(there.get(visitors_key(*where)), there.get(key_of_day(*where))) for where in wanted}


def _statement(requests: Requests, where: SiteDay, came: Came, day: _Day) -> Statement | None:
    """The statement that adds visitors to a day, or first its key, if it has none; None if there is nothing to write."""
    if day.is_closed:
        return None
    if day.key is None:
        expires_at = int(max(end_of(where.day), now())) + KEY_DAYS * DAY
        return insert(requests, key_of_day(*where), {KEY: {"B": new_key()}, EXPIRES_AT: {"N": str(expires_at)}})
    before = day.before()
    after = before.joined_by(came, bytes(day.key[KEY]["B"]))
    changes = {**attributes_of(after.numbers(), after), CHANGED_AT: {"N": str(int(now()))}}
    if day.item is None:
        return insert(requests, visitors_key(*where), changes)
    if after == before:
        return None
    return update(requests, visitors_key(*where), changes, {name: day.item.get(name) for name in (HASHES, SIGNS)})


def attributes_of(numbers: DayVisitors, kept: OpenDay | None) -> dict[str, Mapping[str, Any]]:
    """What is stored for a day, besides its key; only numbers if it is closed."""
    names = (VISITORS, *(OF_VISITORS if numbers.loaded is not None else ()))
    found: dict[str, Mapping[str, Any]] = {name: {"N": str(number)} for name, number in zip(names, numbers, strict=False)}
    if kept is not None:
        found |= {name: {"B": content} for name, content in zip((HASHES, SIGNS), kept, strict=True) if content}
    return found


def kept_of(item: Item) -> OpenDay:
    """What is kept of an open day."""
    return OpenDay(*(bytes(item[name]["B"]) for name in (HASHES, SIGNS) if name in item))


def numbers_of(item: Item) -> DayVisitors:
    """The numbers of a day."""
    return DayVisitors(*(int(item[name]["N"]) for name in (VISITORS, *OF_VISITORS) if name in item))


def _execute(requests: Requests, workers: Workers, statements: Mapping[SiteDay, Statement]) -> set[SiteDay]:
    """Send statements; returns the days for which they were refused."""

    def execute_some(some: Sequence[SiteDay]) -> list[SiteDay]:
        return [some[place] for place in execute(requests, [statements[where] for where in some])]

    return {where for refused in workers.map(execute_some, chunks(statements, MOST_STATEMENTS)) for where in refused}


def visitors(requests: Requests, site: str, start: str, end: str) -> Iterator[tuple[str, DayVisitors]]:
    """See Store. One query."""
    sort = requests.keys[1]
    between, numbers = (start, end), (VISITORS, *OF_VISITORS)
    for item in query(requests, visitors_key(site, "")[0], between=between, attributes=(sort, *numbers)):
        yield item[sort]["S"], numbers_of(item)


def close_days(requests: Requests, workers: Workers, sites: Sequence[str], at: float) -> int:
    """See Store. It reads each site's partition, and updates days that are over."""
    return sum(workers.map(lambda site: _close_days_of(requests, workers, site, at), sites))


def _close_days_of(requests: Requests, workers: Workers, site: str, at: float) -> int:
    sort = requests.keys[1]
    items = query(requests, visitors_key(site, "")[0], attributes=(sort, HASHES, CHANGED_AT, EXPIRES_AT))
    found = {item[sort]["S"]: item for item in items}
    are_open = {day: item for day, item in found.items() if HASHES in item}
    over = [day for day, item in are_open.items() if is_over(day, int(item[CHANGED_AT]["N"]), at)]
    closed = [day for day in over if _close(requests, visitors_key(site, day), are_open[day])]
    # The key of a closed day was left by a crash; so was one without a day, unless an importer is just about to write the day.
    keys = {name: item for name, item in found.items() if EXPIRES_AT in item}
    useless = [
        name
        for name, item in keys.items()
        if (day := name.partition("#")[2]) in closed
        or (day not in are_open if day in found else int(item[EXPIRES_AT]["N"]) < at)
    ]
    execute_all(requests, workers, [delete(requests, visitors_key(site, name)) for name in useless])
    return len(closed)


def _close(requests: Requests, key: Key, item: Item) -> bool:
    """Leave only the number; False if visitors were added meanwhile, or an answer was lost."""
    names = {"#hashes": HASHES, "#signs": SIGNS, "#changed": CHANGED_AT}
    with suppress(Refused):
        condition = {"ConditionExpression": "#hashes = :hashes"}
        requests.update(key, "REMOVE #hashes, #signs, #changed", names, {":hashes": item[HASHES]}, **condition)
        return True
    return False
