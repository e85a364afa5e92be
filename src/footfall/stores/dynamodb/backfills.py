"""The progress of files handed over by `footfall import --via`: an item for each call, kept for a month."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from time import time as now
from typing import Any

from ...records import DAY
from ..capabilities import Backfill
from .altered import reading
from .keys import BACKFILLS, EXPIRES_AT, Item
from .query import query
from .requests import Requests

KEPT_DAYS = 30


class DynamoDBBackfills:
    """See stores.capabilities.Backfills."""

    def __init__(self, requests: Requests):
        self._requests = requests

    def begin(self, backfill: str, files: Sequence[int]) -> None:
        """See Backfills."""
        started = int(now())
        for call, count in enumerate(files):
            self._set(backfill, call, Files=count, StartedAt=started, **{EXPIRES_AT: started + KEPT_DAYS * DAY})

    def note(self, backfill: str, call: int, done: int, failed: int) -> None:
        """See Backfills."""
        self._set(backfill, call, Done=done, Failed=failed)

    def all(self) -> list[Backfill]:
        """See Backfills."""
        with reading(self._requests):
            return list(self._all())

    def _all(self) -> Iterator[Backfill]:
        sort = self._requests.keys[1]
        for backfill, items in groupby(query(self._requests, BACKFILLS), lambda item: item[sort]["S"].rpartition("#")[0]):
            calls = list(items)
            yield Backfill(
                backfill,
                min(_number(call, "StartedAt") for call in calls),
                len(calls),
                sum("Done" in call for call in calls),
                *(sum(_number(call, name) for call in calls) for name in ("Files", "Done", "Failed")),
            )

    def _set(self, backfill: str, call: int, **numbers: int) -> None:
        names = {f"#{place}": name for place, name in enumerate(numbers)}
        values: dict[str, Any] = {f":{place}": {"N": str(number)} for place, number in enumerate(numbers.values())}
        expression = "SET " + ", ".join(f"#{place} = :{place}" for place in range(len(numbers)))
        self._requests.update((BACKFILLS, f"{backfill}#{call:05}"), expression, names, values)


def _number(item: Item, name: str) -> int:
    return int(item.get(name, {}).get("N", 0))
