"""
Commits: files are counted together, one commit after the other, by plain writes that any importer can finish.

    1. begin    all that is to be written is written down, and the commit takes the place of the last one, if that still is it
    2. tallies  are added to, each unless it has had this commit, or a later one: it keeps the number of the last it had
    3. ledger   gets the files
    4. done     the next one may begin

A number is given once, and n + 1 only when n is done. So a tally's number shows for ever what it has had: nothing is added
twice, however late a write arrives. The next importer after a crash finishes the commit, without its log files. Reports leave
a commit out until it is done. And where a commit could begin, the ledger is as it was when it was asked what it lacks.

In the table a commit is called a group, as it was at first.
"""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from ...records import Tally
from ..additions import nest, unnest
from .batches import MOST_READS, MOST_STATEMENTS, Statement, chunks, delete, execute, execute_all, insert, read_batch, update
from .keys import COUNTED_BY, GROUP, GROUPS, LAST_GROUP, Item, Key, commit_of, day_attribute, tally_key
from .ledger import with_added
from .query import query
from .requests import Requests, pauses

# What a commit is to write is in its item up to here, which is written twice and read by each report, and goes on in others.
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
    entries: Mapping[Key, Item]
    """Of the ledger, without what each file adds. There is one at least."""
    added: Mapping[Key, Tally]
    """What each file adds, by the key of its entry."""
    additions: Additions
    """All of that, by the tallies that it is added to."""

    @classmethod
    def of(cls, number: int, importer: str, entries: Mapping[Key, Item], added: Mapping[Key, Tally]) -> "Commit":
        """The commit of files that add this."""
        return cls(number, importer, entries, added, additions_of(added.values()))


def additions_of(tallies: Iterable[Tally]) -> Additions:
    """The sum of tallies by the items that keep it: a month's days are attributes of one."""
    additions: dict[Key, Counter[str]] = defaultdict(Counter)
    for tally in tallies:
        for (site, dimension, day, value), times in tally.items():
            additions[tally_key(site, day[:7], dimension, value)][day_attribute(day)] += times
    return dict(additions)


def settle(requests: Requests, workers: Executor, importer: str) -> int:
    """See that every commit is done: wait for the last one, or finish it. Says its number; 0 where there is none."""
    watched, since = 0, monotonic()
    for pause in pauses():
        head = read_batch(requests, [LAST_GROUP]).get(LAST_GROUP)
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
    found = query(requests, GROUPS, prefix=head["Prefix"]["S"]) if int(head["Pieces"]["N"]) else []
    pieces = [piece["Content"]["B"] for piece in found]
    if len(pieces) < int(head["Pieces"]["N"]):
        return None  # they are deleted when it is done
    content = json.loads(zlib.decompress(b"".join([head["Content"]["B"], *pieces])))
    number, importer = commit_of(head), head[COUNTED_BY]["S"]
    if isinstance(content, list):  # begun by an earlier footfall, which did not keep what each file adds
        additions, entries = content
        added = {(partition, sort): days for partition, sort, days in additions}
        return Commit(number, importer, {(partition, sort): item for partition, sort, item in entries}, {}, added)
    keys = [(partition, sort) for partition, sort, _ in content["entries"]]
    entries = dict(zip(keys, (item for _, _, item in content["entries"]), strict=True))
    return Commit.of(number, importer, entries, dict(zip(keys, map(unnest, content["added"]), strict=True)))


def write(requests: Requests, workers: Executor, commit: Commit) -> bool:
    """
    Begin a commit as the next one, and finish it. False where another one came before.

    After a lost answer it may be the next one all the same: then the ledger will tell who counted its files.
    """
    packed = pack(commit)
    pieces = [packed[start : start + MOST_BYTES] for start in range(FIRST_BYTES, len(packed), MOST_BYTES)]
    head: Item = {
        GROUP: _number(commit.number),
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
        refused = execute(requests, [insert(requests, LAST_GROUP, head)])
    else:
        refused = execute(requests, [update(requests, LAST_GROUP, head, GROUP, _number(commit.number - 1))])
    if not refused:
        _finish(requests, workers, commit, head)
    elif read_batch(requests, [LAST_GROUP])[LAST_GROUP]["Prefix"] != head["Prefix"]:
        _clear(requests, workers, head)
    return not refused


def _finish(requests: Requests, workers: Executor, commit: Commit, head: Item) -> None:
    """Write what is left of a commit."""
    additions = chunks(sorted(commit.additions.items()), MOST_READS)
    for _ in workers.map(lambda some: _add(requests, commit.number, some), additions):
        pass
    entries = [item for key, entry in commit.entries.items() for item in with_added(key, entry, commit.added.get(key))]
    execute_all(requests, workers, [insert(requests, key, entry) for key, entry in entries])
    execute(requests, [update(requests, LAST_GROUP, {"Done": {"BOOL": True}}, GROUP, _number(commit.number))])
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
            statements.append(update(requests, key, _counts(there, days, number), GROUP, there.get(GROUP)))
    for some in chunks(statements, MOST_STATEMENTS):
        execute(requests, some)


def _counts(there: Item, days: Mapping[str, int], number: int) -> Item:
    counts = {day: _number(int(there[day]["N"]) + times if day in there else times) for day, times in sorted(days.items())}
    return {**counts, GROUP: _number(number)}


def _pieces(head: Item) -> Iterator[Key]:
    return ((GROUPS, f"{head['Prefix']['S']}{place:05}") for place in range(int(head["Pieces"]["N"])))


def _clear(requests: Requests, workers: Executor, head: Item) -> None:
    """Delete the pieces of a commit that is done, or will never begin."""
    execute_all(requests, workers, [delete(requests, key) for key in _pieces(head)])


def pack(commit: Commit) -> bytes:
    """A commit as it is written down."""
    content = {
        "entries": [[*key, item] for key, item in commit.entries.items()],
        "added": [nest(commit.added[key]) for key in commit.entries],
    }
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def _number(number: int) -> dict[str, Any]:
    return {"N": str(number)}
