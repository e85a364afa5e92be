"""How far the functions are with what `footfall import --via` handed over: an item for each call, kept for a month."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from time import time as now
from typing import Any, NamedTuple

from ...records import DAY
from .keys import BACKFILLS, EXPIRES_AT, Item
from .query import query
from .requests import Requests

KEPT_DAYS = 30


class Backfill(NamedTuple):
    """What was handed over at once."""

    id: str
    started_at: int
    """Seconds since the epoch."""
    calls: int
    calls_done: int
    """Those that told how it went, well or not."""
    files: int
    done: int
    failed: int
    """Which AWS tries again, or has given up."""


def begin(requests: Requests, backfill: str, files: Sequence[int]) -> None:
    """Note a backfill before its calls are made, each of so many files."""
    started = int(now())
    for call, count in enumerate(files):
        _set(requests, backfill, call, Files=count, StartedAt=started, **{EXPIRES_AT: started + KEPT_DAYS * DAY})


def tell(requests: Requests, backfill: str, call: int, done: int, failed: int) -> None:
    """Note how a call went; a call that is tried again tells again, and the last time is what holds."""
    _set(requests, backfill, call, Done=done, Failed=failed)


def backfills(requests: Requests) -> Iterator[Backfill]:
    """All that are noted, the earliest first."""
    for backfill, items in groupby(query(requests, BACKFILLS), lambda item: item[requests.keys[1]]["S"].rpartition("#")[0]):
        calls = list(items)
        yield Backfill(
            backfill,
            min(_number(call, "StartedAt") for call in calls),
            len(calls),
            sum("Done" in call for call in calls),
            *(sum(_number(call, name) for call in calls) for name in ("Files", "Done", "Failed")),
        )


def _number(item: Item, name: str) -> int:
    return int(item.get(name, {}).get("N", 0))


def _set(requests: Requests, backfill: str, call: int, **numbers: int) -> None:
    partition, sort = requests.keys
    names = {f"#{place}": name for place, name in enumerate(numbers)}
    values: dict[str, Any] = {f":{place}": {"N": str(number)} for place, number in enumerate(numbers.values())}
    requests.send(
        "update_item",
        TableName=requests.table,
        Key={partition: {"S": BACKFILLS}, sort: {"S": f"{backfill}#{call:05}"}},
        UpdateExpression="SET " + ", ".join(f"#{place} = :{place}" for place in range(len(numbers))),
        ExpressionAttributeNames=names,
        ExpressionAttributeValues=values,
    )
