"""
Counting: files are counted in commits, one after the other, by plain writes that anyone can finish.

    1. begin    all that is to be written is written down, and the commit takes the place of the last one, if that still is it
    2. tallies  are added to, each unless it has had this commit, or a later one: it keeps the number of the last it had
    3. ledger   gets the files
    4. done     the next one may begin

A number is given once, and n + 1 only when n is done. So a tally's number tells for ever what it has had: nothing is added
twice, however late a write arrives. Whoever comes after a crash finishes the commit, without its log files. Reports leave a
commit out until it is done. And where a commit could begin, the ledger is as it was when it was asked what it lacks.
"""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from ...records import Tally
from .batches import MOST_READS, MOST_STATEMENTS, Statement, chunks, delete, execute, execute_all, insert, read_batch, update
from .keys import COMMIT, COMMITS, COUNTED_BY, LAST_COMMIT, Item, Key, commit_of, day_attribute, tally_key
from .query import query
from .requests import Requests, pauses
from .workers import Workers

# What a commit is to write lies in its item up to here, which is written twice and read by each report, and goes on in others.
FIRST_BYTES = 700
MOST_BYTES = 350_000  # of 400 KB that an item may have
# A commit that somebody seems to be writing is waited for, since to help costs as much again: so many seconds, more of them
# the more there is to write. Then its importer is taken for dead. A wrong guess costs units, and counts stay right.
PATIENCE = 0.5
PATIENCE_PER_ITEM = 0.001
LONGEST_PATIENCE = 10.0
LONGEST_LOOK_AWAY = 0.1  # seconds, meanwhile: where all importers wait for longer than they need to, nothing is counted

Additions = Mapping[Key, Mapping[str, int]]
"""What to add: to which tally's attributes how much."""


@dataclass(frozen=True)
class Commit:
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


def finish_last(requests: Requests, workers: Workers, importer: str) -> int:
    """See that every commit is done: wait for the last one, or finish it. Says its number; 0 where there is none."""
    watched, since = 0, monotonic()
    for pause in pauses():
        head = read_batch(requests, [LAST_COMMIT]).get(LAST_COMMIT)
        if head is None or head["Done"]["BOOL"]:
            return commit_of(head or {})
        number = commit_of(head)
        if number != watched:
            watched, since = number, monotonic()
        patience = min(PATIENCE + PATIENCE_PER_ITEM * int(head["Items"]["N"]), LONGEST_PATIENCE)
        if head[COUNTED_BY]["S"] == importer or monotonic() - since >= patience:
            if commit := read_commit(requests, head):
                _finish(requests, workers, commit, head)
            return number
        sleep(min(pause, LONGEST_LOOK_AWAY))
    raise AssertionError("pauses never end")


def read_commit(requests: Requests, head: Item) -> Commit | None:
    """The last commit, of its item; None when it is done."""
    if head["Done"]["BOOL"]:
        return None
    found = query(requests, COMMITS, prefix=head["Prefix"]["S"]) if int(head["Pieces"]["N"]) else []
    pieces = [piece["Content"]["B"] for piece in found]
    if len(pieces) < int(head["Pieces"]["N"]):
        return None  # they are deleted when it is done
    additions, entries = json.loads(zlib.decompress(b"".join([head["Content"]["B"], *pieces])))
    return Commit(
        commit_of(head),
        head[COUNTED_BY]["S"],
        {(partition, sort): days for partition, sort, days in additions},
        {(partition, sort): item for partition, sort, item in entries},
    )


def write_commit(requests: Requests, workers: Workers, commit: Commit) -> bool:
    """
    Begin a commit as the next one, and finish it. False where another one came before.

    After a lost answer it may be the next one all the same: then the ledger will tell who counted its files.
    """
    packed = _pack(commit)
    pieces = [packed[start : start + MOST_BYTES] for start in range(FIRST_BYTES, len(packed), MOST_BYTES)]
    head: Item = {
        COMMIT: _number(commit.number),
        COUNTED_BY: {"S": commit.importer},
        "Items": _number(len(commit.additions) + len(commit.entries)),
        "Content": {"B": packed[:FIRST_BYTES]},
        "Prefix": {"S": f"{uuid4().hex}#"},
        "Pieces": _number(len(pieces)),
        "Done": {"BOOL": False},
    }
    for key, piece in zip(_pieces(head), pieces, strict=True):
        execute(requests, [insert(requests, key, {"Content": {"B": piece}})])
    if commit.number == 1:
        refused = execute(requests, [insert(requests, LAST_COMMIT, head)])
    else:
        refused = execute(requests, [update(requests, LAST_COMMIT, head, COMMIT, _number(commit.number - 1))])
    if not refused:
        _finish(requests, workers, commit, head)
    elif read_batch(requests, [LAST_COMMIT])[LAST_COMMIT]["Prefix"] != head["Prefix"]:
        _clear(requests, workers, head)
    return not refused


def _finish(requests: Requests, workers: Workers, commit: Commit, head: Item) -> None:
    """Write what is left of a commit."""
    additions = chunks(sorted(commit.additions.items()), MOST_READS)
    for _ in workers.map(lambda some: _add(requests, commit.number, some), additions):
        pass
    execute_all(requests, workers, [insert(requests, key, entry) for key, entry in commit.entries.items()])
    execute(requests, [update(requests, LAST_COMMIT, {"Done": {"BOOL": True}}, COMMIT, _number(commit.number))])
    _clear(requests, workers, head)


def _add(requests: Requests, number: int, additions: Sequence[tuple[Key, Mapping[str, int]]]) -> None:
    """Add to tallies that have not had the commit. One that changes before we write was added to by another importer."""
    found = read_batch(requests, [key for key, _ in additions])
    statements: list[Statement] = []
    for key, days in additions:
        there = found.get(key)
        if there is None:
            statements.append(insert(requests, key, _counts({}, days, number)))
        elif commit_of(there) < number:
            statements.append(update(requests, key, _counts(there, days, number), COMMIT, there.get(COMMIT)))
    for some in chunks(statements, MOST_STATEMENTS):
        execute(requests, some)


def _counts(there: Item, days: Mapping[str, int], number: int) -> Item:
    counts = {day: _number(int(there[day]["N"]) + times if day in there else times) for day, times in sorted(days.items())}
    return {**counts, COMMIT: _number(number)}


def _pieces(head: Item) -> Iterator[Key]:
    return ((COMMITS, f"{head['Prefix']['S']}{place:05}") for place in range(int(head["Pieces"]["N"])))


def _clear(requests: Requests, workers: Workers, head: Item) -> None:
    """Delete the pieces of a commit that is done, or will never begin."""
    execute_all(requests, workers, [delete(requests, key) for key in _pieces(head)])


def _pack(commit: Commit) -> bytes:
    content = [[*key, days] for key, days in commit.additions.items()], [[*key, item] for key, item in commit.entries.items()]
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _number(number: int) -> dict[str, Any]:
    return {"N": str(number)}
