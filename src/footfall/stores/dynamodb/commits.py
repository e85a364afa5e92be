"""
Counting: files are counted in commits, one after the other, by plain writes that any importer can complete.

    1. begin    everything to write is written down, and the commit replaces the last one, if no other has done so
    2. tallies  get the additions, unless they had this commit or a later one: each has the number of the last it had
    3. ledger   gets the files
    4. done     the next commit may begin

A number is used once, and n + 1 only when n is done. So a tally's number says what it already includes: nothing is added
twice, however late a write arrives. After a crash, the next importer completes the commit, without needing its log files.
Reports leave out a commit until it is done. And if a commit can begin, the ledger has not changed since it was read.
"""

from collections.abc import Iterator, Mapping, Sequence
from time import monotonic, sleep
from typing import Any, NamedTuple
from uuid import uuid4

from .batches import (
    MOST_READS,
    MOST_STATEMENTS,
    Statement,
    chunks,
    delete,
    execute,
    execute_all,
    insert,
    read_batch,
    read_items,
    update,
)
from .content import Commit, additions_of, move_written_down, read_content, written_down
from .keys import (
    ADDED_IN,
    ADDITIONS,
    COMMIT,
    COMMITS,
    CONTENT,
    COUNTED_BY,
    LAST_COMMIT,
    MOVED,
    MOVES,
    PARTITIONS,
    Item,
    Key,
    commit_of,
    content_of,
)
from .ledger import Counted, Entered, Replaced, enter_all
from .moves import move
from .query import query
from .requests import Requests, pauses
from .workers import Workers

# Bytes of a commit's content in its own item, which is written twice and read by each report; the rest is in other items.
FIRST_BYTES = 700
MOST_BYTES = 350_000  # of an item, which may have 400 KB
SMALL_BYTES = 10_000  # of an item that is written in a batch
# Seconds to wait for another importer's commit, since completing it costs as much again; longer if there is more to write.
# After that, its importer is assumed dead. If it is not, this costs capacity, but counts stay right.
PATIENCE = 0.5
PATIENCE_PER_ITEM = 0.001
LONGEST_PATIENCE = 10.0
ITEMS_OF_MOVE = 10_000  # enough for the longest patience: a month with a million values is read first
LONGEST_LOOK_AWAY = 0.1  # seconds between checks meanwhile: while all importers wait needlessly, nothing is counted


class Last(NamedTuple):
    """The last commit that is done."""

    number: int
    """0 if there is none."""
    moved: Sequence[str]
    """The partitions of tallies that were moved so far."""


def finish_last(requests: Requests, workers: Workers, importer: str) -> Last:
    """Make sure that every commit is done: wait for the last one, or finish it."""
    watched, since = 0, monotonic()
    for pause in pauses():
        head = read_batch(requests, [LAST_COMMIT]).get(LAST_COMMIT)
        if head is None or head["Done"]["BOOL"]:
            return Last(commit_of(head or {}), _moved_by(requests, head or {}))
        number = commit_of(head)
        if number != watched:
            watched, since = number, monotonic()
        patience = min(PATIENCE + PATIENCE_PER_ITEM * int(head["Items"]["N"]), LONGEST_PATIENCE)
        if head[COUNTED_BY]["S"] == importer or monotonic() - since >= patience:
            if commit := read_commit(requests, head):
                _finish(requests, workers, commit, head)
            return Last(number, _moved_by(requests, read_batch(requests, [LAST_COMMIT])[LAST_COMMIT]))
        sleep(min(pause, LONGEST_LOOK_AWAY))
    raise AssertionError("pauses never end")


def read_commit(requests: Requests, head: Item) -> Commit | None:
    """The last commit, from its item; None if it is done."""
    if head["Done"]["BOOL"]:
        return None
    pieces = list(query(requests, COMMITS, prefix=head["Prefix"]["S"])) if int(head["Pieces"]["N"]) else []
    if len(pieces) < int(head["Pieces"]["N"]):
        return None  # they are deleted once it is done
    return read_content(requests, head, content_of([head, *pieces]), _moved_by(requests, head))


def _moved_by(requests: Requests, head: Item) -> Sequence[str]:
    """The partitions of tallies that were moved before a commit."""
    return partitions_of(read_batch(requests, [MOVED]).get(MOVED, {}), head) if MOVES in head else ()


def partitions_of(moved: Item, head: Item) -> Sequence[str]:
    """The same, from the item that lists them; without one that the commit itself is moving."""
    return [each["S"] for each in moved[PARTITIONS]["L"]][: int(head[MOVES]["N"])] if MOVES in head else ()


def write_commit(requests: Requests, workers: Workers, last: Last, importer: str, counted: Sequence[Counted]) -> bool:
    """
    Begin a commit of these files after the last one, and finish it. False if another commit came first.

    After a lost answer, ours may have begun all the same: then the ledger shows who counted its files.
    """
    prefix = f"{uuid4().hex}#"
    files = enter_all(counted, prefix)
    entered = [each for _, each in files]
    entries = {each.key: each.entry for each in entered}
    replaced = {each.key: each.replaced for each in counted if each.replaced}
    additions = additions_of((each.added for each in counted), last.moved, (each.taken for each in replaced.values()))
    commit = Commit(last.number + 1, importer, additions, entries, last.moved, replaced=replaced)
    content = written_down(files)
    pieces = [content[start : start + MOST_BYTES] for start in range(FIRST_BYTES, len(content), MOST_BYTES)]
    head = _head(commit, len(additions) + len(entries), content[:FIRST_BYTES], prefix, len(pieces))
    _write_down(requests, workers, {key: item for each in entered for key, item in each.more.items()})
    _write_down(requests, workers, {key: {CONTENT: {"B": piece}} for key, piece in zip(_pieces(head), pieces, strict=True)})
    if _begin(requests, head, commit.number):
        _finish(requests, workers, commit, head)
        return True
    if read_batch(requests, [LAST_COMMIT])[LAST_COMMIT]["Prefix"] != head["Prefix"]:
        _clear(requests, workers, head)
        _clear_additions(requests, workers, entered)
    return False


def move_partition(requests: Requests, workers: Workers, last: Last, importer: str, partition: str) -> None:
    """Move a partition of tallies in a commit after the last one, unless another commit came first."""
    commit = Commit(last.number + 1, importer, {}, {}, last.moved, partition)
    head = _head(commit, ITEMS_OF_MOVE, move_written_down(partition), uuid4().hex, 0)
    if _begin(requests, head, commit.number):
        _finish(requests, workers, commit, head)


def _head(commit: Commit, items: int, content: bytes, prefix: str, pieces: int) -> Item:
    return {
        COMMIT: _number(commit.number),
        COUNTED_BY: {"S": commit.importer},
        "Items": _number(items),
        CONTENT: {"B": content},
        "Prefix": {"S": prefix},
        "Pieces": _number(pieces),
        "Done": {"BOOL": False},
    }


def _write_down(requests: Requests, workers: Workers, items: Mapping[Key, Item]) -> None:
    """Write what other importers may have to read; large items one by one, because requests are limited too."""
    small = [insert(requests, key, item) for key, item in items.items() if len(item[CONTENT]["B"]) <= SMALL_BYTES]
    large = [insert(requests, key, item) for key, item in items.items() if len(item[CONTENT]["B"]) > SMALL_BYTES]
    execute_all(requests, workers, small)
    for _ in workers.map(lambda statement: execute(requests, [statement]), large):
        pass


def _begin(requests: Requests, head: Item, number: int) -> bool:
    """Replace the last commit; returns whether it was still the last."""
    if number == 1:
        return not execute(requests, [insert(requests, LAST_COMMIT, head)])
    return not execute(requests, [update(requests, LAST_COMMIT, head, {COMMIT: _number(number - 1)})])


def _finish(requests: Requests, workers: Workers, commit: Commit, head: Item) -> None:
    """Complete a commit."""
    if commit.move:
        move(requests, workers, commit)
    additions = chunks(sorted(commit.additions.items()), MOST_READS)
    for _ in workers.map(lambda some: _add(requests, commit.number, some), additions):
        pass
    execute_all(
        requests, workers, [_enter(requests, key, entry, commit.replaced.get(key)) for key, entry in commit.entries.items()]
    )
    done = {"Done": {"BOOL": True}, **({MOVES: _number(len(commit.moved) + 1)} if commit.move else {})}
    execute(requests, [update(requests, LAST_COMMIT, done, {COMMIT: _number(commit.number)})])
    _clear(requests, workers, head)
    for each in commit.replaced.values():
        if each.added_in:
            gone = query(requests, ADDITIONS, prefix=each.added_in, attributes=requests.keys)
            execute_all(requests, workers, [delete(requests, (ADDITIONS, item[requests.keys[1]]["S"])) for item in gone])


def _enter(requests: Requests, key: Key, entry: Item, replaced: Replaced | None) -> Statement:
    """Enter a part, or replace its entry."""
    if replaced is None:
        return insert(requests, key, entry)
    removed = [name for name in replaced.attributes if name not in entry]
    return update(requests, key, entry, {COMMIT: _number(replaced.commit)}, removed)


def _add(requests: Requests, number: int, additions: Sequence[tuple[Key, Mapping[str, int]]]) -> None:
    """Add to tallies that have not had the commit. If one changes before we write, another importer has added to it."""
    found = read_batch(requests, [key for key, _ in additions])
    statements: list[Statement] = []
    for key, days in additions:
        there = found.get(key)
        if there is None:
            statements.append(insert(requests, key, _counts({}, days, number)))
        elif commit_of(there) < number:
            statements.append(update(requests, key, _counts(there, days, number), {COMMIT: there.get(COMMIT)}))
    for some in chunks(statements, MOST_STATEMENTS):
        execute(requests, some)


def _counts(there: Item, days: Mapping[str, int], number: int) -> Item:
    counts = {day: _number(int(there[day]["N"]) + times if day in there else times) for day, times in sorted(days.items())}
    return {**counts, COMMIT: _number(number)}


def _pieces(head: Item) -> Iterator[Key]:
    return ((COMMITS, f"{head['Prefix']['S']}{place:05}") for place in range(int(head["Pieces"]["N"])))


def _clear(requests: Requests, workers: Workers, head: Item) -> None:
    """Delete the pieces of a commit that is done, or that will never begin."""
    execute_all(requests, workers, [delete(requests, key) for key in _pieces(head)])


def _clear_additions(requests: Requests, workers: Workers, entered: Sequence[Entered]) -> None:
    """
    Delete the stored additions of parts that were not entered by this commit.

    It may have begun after all, by a request whose answer was lost, and be done: then the ledger refers to them.
    """
    found = read_items(requests, workers, [each.key for each in entered if each.more], (ADDED_IN,))
    others = [each for each in entered if found.get(each.key, {}).get(ADDED_IN) != each.entry.get(ADDED_IN)]
    execute_all(requests, workers, [delete(requests, key) for each in others for key in each.more])


def _number(number: int) -> dict[str, Any]:
    return {"N": str(number)}
