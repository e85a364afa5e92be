"""
Moves the partitions of months that an earlier footfall filled with more values than are kept now.

The most frequent values go to a new partition, and all others become `(other)`: reading a month and writing 2,000 items costs
a hundredth of deleting a million. The old items stay, but are no longer read. A move is a commit, so no file is counted
meanwhile; it only depends on the old partition, which is never written to again, so after a crash the next importer writes the
same.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ...tallies import MOST_KEPT, OTHER, OWN_WORDS
from .batches import execute, execute_all, insert, read_batch, update
from .content import Commit
from .keys import COMMIT, MOVED, PARTITIONS, Item, commit_of, moved_key
from .query import query
from .requests import Requests
from .workers import Workers

Tallied = tuple[str, dict[str, int]]
"""A value and its days."""


def move(requests: Requests, workers: Workers, commit: Commit) -> None:
    """Write what a commit moves, unless it is already written."""
    sort = requests.keys[1]
    tallied = ((item[sort]["S"], _days_of(item)) for item in query(requests, commit.move))
    number = {COMMIT: {"N": str(commit.number)}}
    kept = most_frequent(tallied, MOST_KEPT).items()
    written = [(moved_key((commit.move, value), (commit.move,)), _numbers(days)) for value, days in sorted(kept)]
    execute_all(requests, workers, [insert(requests, key, {**days, **number}) for key, days in written])
    partitions: Item = {PARTITIONS: {"L": [{"S": each} for each in (*commit.moved, commit.move)]}, **number}
    there = read_batch(requests, [MOVED]).get(MOVED)
    if there is None:
        execute(requests, [insert(requests, MOVED, partitions)])
    elif commit_of(there) < commit.number:
        execute(requests, [update(requests, MOVED, partitions, {COMMIT: there[COMMIT]})])


def most_frequent(tallied: Iterable[Tallied], most: int) -> dict[str, Mapping[str, int]]:
    """
    The most frequent values, ties by value, and the rest as `(other)`. At most twice as many are in memory.

    >>> most_frequent([("a", {"D01": 1}), ("b", {"D01": 2}), ("c", {"D02": 1})], 1)
    {'b': {'D01': 2}, '(other)': Counter({'D01': 1, 'D02': 1})}
    """
    best: list[Tallied] = []
    own: dict[str, Mapping[str, int]] = {}
    other: Counter[str] = Counter()

    def leave_the_best() -> None:
        best.sort(key=lambda each: (-sum(each[1].values()), each[0]))
        for _, days in best[most:]:
            other.update(days)
        del best[most:]

    for value, days in tallied:
        if value == OTHER:
            other.update(days)
        elif value in OWN_WORDS:
            own[value] = days
        else:
            best.append((value, days))
            if len(best) >= 2 * most:
                leave_the_best()
    leave_the_best()
    return {**dict(best), **own, **({OTHER: other} if other else {})}


def _days_of(item: Item) -> dict[str, int]:
    return {name: int(value["N"]) for name, value in item.items() if name != COMMIT and "N" in value}


def _numbers(days: Mapping[str, int]) -> dict[str, Any]:
    return {day: {"N": str(times)} for day, times in sorted(days.items())}
