"""
Counting: files are counted in groups, one group after the other, by plain writes that anybody can finish.

    1. begin    the group takes the place of the last one, with all that is to be written of it, if that one is still the last
    2. tallies  are added to, each unless it has had this group, or a later one: it keeps the number of the last it had
    3. ledger   gets the files; when the last of them is there, the group is done, and the next one may begin

A number is given once, and n + 1 only when all of n is written. So a tally's number tells for ever what it has had: nothing
is added twice, however late a write arrives. Whoever comes after a crash finishes the group, without its log files; and
since every group begins after the one before, what the ledger lacked before a group still lacks it when it begins.
"""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from ...dimensions import Tally
from .batches import MOST_READS, MOST_STATEMENTS, Statement, chunks, delete, execute, execute_all, insert, read_batch, update
from .keys import COUNTED_BY, GROUP, GROUPS, LAST_GROUP, Item, Key, day_attribute, tally_key
from .query import query
from .requests import Requests, pauses

MOST_BYTES = 350_000  # of a group in one item, which may have 400 KB
# A group that somebody seems to be writing is waited for, since to help costs as much again: so many seconds, more of them
# the more there is to write. Then its importer is taken for dead. A wrong guess costs units, and counts stay right.
PATIENCE = 0.5
PATIENCE_PER_ITEM = 0.001
LONGEST_PATIENCE = 10.0

Additions = Mapping[Key, Mapping[str, int]]
"""What to add: to which tally's attributes how much."""


@dataclass(frozen=True)
class Group:
    """Files that are counted together."""

    number: int
    importer: str
    """Who began it."""
    additions: Additions
    entries: Mapping[Key, Item]
    """Of the ledger. There is one at least."""


def additions_of(tallies: Iterable[Tally]) -> Additions:
    """The sum of tallies by the items that keep it: a month's days are attributes of one."""
    additions: dict[Key, Counter[str]] = defaultdict(Counter)
    for tally in tallies:
        for (site, dimension, day, value), times in tally.items():
            additions[tally_key(site, day[:7], dimension, value)][day_attribute(day)] += times
    return dict(additions)


def settle(requests: Requests, workers: Executor, importer: str) -> int:
    """See that every group is done: wait for the last one, or finish it. Says its number; 0 where there is none."""
    watched, since = 0, monotonic()
    for pause in pauses():
        head = read_batch(requests, [LAST_GROUP]).get(LAST_GROUP)
        if head is None:
            return 0
        number, ends_with = int(head[GROUP]["N"]), (head["EndsWith"]["L"][0]["S"], head["EndsWith"]["L"][1]["S"])
        if read_batch(requests, [ends_with], [COUNTED_BY]):
            return number
        if number != watched:
            watched, since = number, monotonic()
        patience = min(PATIENCE + PATIENCE_PER_ITEM * int(head["Items"]["N"]), LONGEST_PATIENCE)
        if head[COUNTED_BY]["S"] == importer or monotonic() - since >= patience:
            if group := _read(requests, head):
                _finish(requests, workers, group, head)
            return number
        sleep(pause)
    raise AssertionError("pauses never end")


def count(requests: Requests, workers: Executor, group: Group) -> bool:
    """
    Write down what a group is to write, as the next one, and write it. False where another one came before.

    After a lost answer it may be the next one all the same: then the ledger will tell who counted its files.
    """
    packed = _pack(group)
    pieces = [packed[start : start + MOST_BYTES] for start in range(0, len(packed), MOST_BYTES)]
    prefix = f"{group.number:010}#{uuid4().hex}#"
    for place, piece in enumerate(pieces[1:]):
        execute(requests, [insert(requests, (GROUPS, f"{prefix}{place:05}"), {"Content": {"B": piece}})])
    head = {
        GROUP: _number(group.number),
        COUNTED_BY: {"S": group.importer},
        "Items": _number(len(group.additions) + len(group.entries)),
        "EndsWith": {"L": [{"S": text} for text in list(group.entries)[-1]]},
        "Content": {"B": pieces[0]},
        "Pieces": _number(len(pieces)),
        "Prefix": {"S": prefix},
    }
    if group.number == 1:
        refused = execute(requests, [insert(requests, LAST_GROUP, head)])
    else:
        refused = execute(requests, [update(requests, LAST_GROUP, head, GROUP, _number(group.number - 1))])
    if not refused:
        _finish(requests, workers, group, head)
    return not refused


def _finish(requests: Requests, workers: Executor, group: Group, head: Item) -> None:
    """Write what is left of a group."""
    additions = chunks(sorted(group.additions.items()), MOST_READS)
    for _ in workers.map(lambda some: _add(requests, group.number, some), additions):
        pass
    *others, last = [insert(requests, key, entry) for key, entry in group.entries.items()]
    execute_all(requests, workers, others)
    execute(requests, [last])
    if head["Pieces"]["N"] != "1":
        _clear(requests, workers, group.number)


def _add(requests: Requests, number: int, additions: Sequence[tuple[Key, Mapping[str, int]]]) -> None:
    """Add to tallies that have not had the group. One that changes before we write was added to by another importer."""
    found = read_batch(requests, [key for key, _ in additions])
    statements: list[Statement] = []
    for key, days in additions:
        there = found.get(key)
        if there is None:
            statements.append(insert(requests, key, _counts({}, days, number)))
        elif int(there.get(GROUP, _number(0))["N"]) < number:
            statements.append(update(requests, key, _counts(there, days, number), GROUP, there.get(GROUP)))
    for some in chunks(statements, MOST_STATEMENTS):
        execute(requests, some)


def _counts(there: Item, days: Mapping[str, int], number: int) -> Item:
    counts = {day: _number(int(there[day]["N"]) + times if day in there else times) for day, times in sorted(days.items())}
    return {**counts, GROUP: _number(number)}


def _clear(requests: Requests, workers: Executor, number: int) -> None:
    """Delete the pieces of groups that are done, and of those that never began because another one did."""
    pieces = query(requests, GROUPS, between=("0", f"{number:010}~"), attributes=requests.keys)
    execute_all(requests, workers, [delete(requests, (GROUPS, piece[requests.keys[1]]["S"])) for piece in pieces])


def _pack(group: Group) -> bytes:
    content = [[*key, days] for key, days in group.additions.items()], [[*key, item] for key, item in group.entries.items()]
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _read(requests: Requests, head: Item) -> Group | None:
    """The group of the last item; None when its pieces are gone, since it is done."""
    others = query(requests, GROUPS, prefix=head["Prefix"]["S"]) if head["Pieces"]["N"] != "1" else []
    pieces = [head["Content"]["B"], *(piece["Content"]["B"] for piece in others)]
    if len(pieces) < int(head["Pieces"]["N"]):
        return None
    additions, entries = json.loads(zlib.decompress(b"".join(pieces)))
    return Group(
        int(head[GROUP]["N"]),
        head[COUNTED_BY]["S"],
        {(partition, sort): days for partition, sort, days in additions},
        {(partition, sort): item for partition, sort, item in entries},
    )


def _number(number: int) -> dict[str, Any]:
    return {"N": str(number)}
