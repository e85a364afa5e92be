"""How far the functions are with what `footfall import --via` handed over: an item for each call, kept for a month."""

from collections.abc import Sequence
from itertools import groupby
from time import time as now
from typing import Any

from ...records import DAY
from ..base import Backfill
from .keys import BACKFILLS, EXPIRES_AT, Item
from .query import query
from .requests import Requests

KEPT_DAYS = 30


class DynamoDBBackfills:
    """See Backfills."""

    def __init__(self, requests: Requests):
        self._requests = requests

    def begin(self, backfill: str, files: Sequence[int]) -> None:
        """See Backfills."""
        started = int(now())
        for call, count in enumerate(files):
            expires = {EXPIRES_AT: started + KEPT_DAYS * DAY}
            _set(self._requests, backfill, call, Files=count, StartedAt=started, **expires)

    def note(self, backfill: str, call: int, done: int, failed: int) -> None:
        """See Backfills."""
        _set(self._requests, backfill, call, Done=done, Failed=failed)

    def all(self) -> list[Backfill]:
        """See Backfills."""
        sort_key = self._requests.keys[1]
        noted = groupby(query(self._requests, BACKFILLS), lambda item: item[sort_key]["S"].rpartition("#")[0])
        return [_backfill(backfill, list(calls)) for backfill, calls in noted]


def _backfill(backfill: str, calls: Sequence[Item]) -> Backfill:
    return Backfill(
        backfill,
        min(_number(call, "StartedAt") for call in calls),
        len(calls),
        sum("Done" in call for call in calls),
        *(sum(_number(call, name) for call in calls) for name in ("Files", "Done", "Failed")),
    )


def _number(item: Item, name: str) -> int:
    return int(item.get(name, {}).get("N", 0))


def _set(requests: Requests, backfill: str, call: int, **numbers: int) -> None:
    names = {f"#{place}": name for place, name in enumerate(numbers)}
    values: dict[str, Any] = {f":{place}": {"N": str(number)} for place, number in enumerate(numbers.values())}
    requests.send(
        "update_item",
        TableName=requests.table,
        Key=requests.typed((BACKFILLS, f"{backfill}#{call:05}")),
        UpdateExpression="SET " + ", ".join(f"#{place} = :{place}" for place in range(len(numbers))),
        ExpressionAttributeNames=names,
        ExpressionAttributeValues=values,
    )
