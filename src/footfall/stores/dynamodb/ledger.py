"""
The ledger's entries: counted files, the outcomes of their lines, their rules, and what each added.

What a part added is in its entry if that still takes only one write unit; otherwise it is in separate items, to which the entry
refers: a part may add 100,000 pages, and an item can have at most 400 KB.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ...records import Account, Digest, Part, Tally
from ..additions import decode, encode
from .batches import read_batch
from .keys import (
    ADDED,
    ADDED_IN,
    ADDITIONS,
    COMMIT,
    CONTENT,
    COUNTED_BY,
    RULES,
    Item,
    Key,
    commit_of,
    content_of,
    ledger_key,
    part_name,
)  # fmt: skip
from .query import query
from .requests import Requests
from .sizes import KB, size_of

ENTRY_BYTES = KB  # of an entry with what its part added: one write unit, the same as without
MOST_BYTES = 350_000  # of an item, which may have 400 KB


class Replaced(NamedTuple):
    """The old ledger entry of a part that is recounted."""

    commit: int
    """The number of the commit that entered it; an entry from another commit is not replaced."""
    taken: Tally
    """What it had added, by values that now have a tally."""
    attributes: Sequence[str] = ()
    """The attributes of its entry."""
    added_in: str = ""
    """The prefix of the separate items with what it had added, which are then deleted."""


class Counted(NamedTuple):
    """A part of a file to enter."""

    key: Key
    entry: Item
    """Without what it added."""
    added: Tally
    replaced: Replaced | None = None
    """Its current entry, if it is recounted."""


class Entered(NamedTuple):
    """What is written for it."""

    key: Key
    entry: Item
    more: Mapping[Key, Item]
    """The items with what it added, if that is not in the entry."""


def entry_of(digest: Digest, account: Account, ingested_at: int, commit: int, importer: str) -> dict[str, dict[str, Any]]:
    """The ledger entry of a part, without its key and without what it added."""
    numbers = {
        "Part": digest.part, "Size": digest.size, "FirstTime": digest.first_time, "LastTime": digest.last_time,
        "IngestedAt": ingested_at, "Lines": account.lines, "Views": account.views, "Unreadable": account.unreadable,
        COMMIT: commit, "StoredSize": digest.stored_size, "LateVisitors": account.late_visitors or None,
    }  # fmt: skip
    return {
        **{name: {"N": str(value)} for name, value in numbers.items() if value is not None},
        "IsLast": {"BOOL": digest.is_last},
        "SHA256": {"S": digest.sha256},
        **({RULES: {"S": digest.rules}} if digest.rules else {}),
        COUNTED_BY: {"S": importer},
        "Dropped": {"M": {reason: {"N": str(lines)} for reason, lines in account.dropped.items()}},
    }


def enter(counted: Counted, prefix: str) -> Entered:
    """The entry with what the part added, or with a reference to items under `prefix`, which no other part has."""
    key, entry, *_ = counted
    added = encode(counted.added)
    with_it: Item = {**entry, ADDED: {"B": added}}
    if size_of(key, with_it) <= ENTRY_BYTES:
        return Entered(key, with_it, {})
    pieces = [added[start : start + MOST_BYTES] for start in range(0, len(added), MOST_BYTES)]
    more = {(ADDITIONS, f"{prefix}{place:05}"): {CONTENT: {"B": piece}} for place, piece in enumerate(pieces)}
    return Entered(key, {**entry, ADDED_IN: {"S": prefix}}, more)


def enter_all(counted: Iterable[Counted], prefix: str) -> list[tuple[Counted, Entered]]:
    """Each with what is written for it, under the commit's prefix and a number."""
    return [(each, enter(each, f"{prefix}{place:05}#")) for place, each in enumerate(counted)]


def join(pieces: Iterable[Item]) -> Tally:
    """What a part added, from the items that have it, in order."""
    return decode(content_of(pieces))


def read_added(requests: Requests, name: str, part: int, last: int) -> Tally | None:
    """What a part added; None if no commit up to the `last` entered it, or if this was not kept yet."""
    key = ledger_key(name, part)
    while True:
        entry = read_batch(requests, [key], (ADDED, ADDED_IN, COMMIT)).get(key, {})
        if commit_of(entry) > last:
            return None
        if (tally := added_of(requests, entry)) is not None or ADDED_IN not in entry:
            return tally  # otherwise it was recounted meanwhile


def added_of(requests: Requests, entry: Item) -> Tally | None:
    """What the part of an entry added; None if it was not kept, or its items are deleted."""
    if ADDED in entry:
        return decode(bytes(entry[ADDED]["B"]))
    items = list(query(requests, ADDITIONS, prefix=entry[ADDED_IN]["S"])) if ADDED_IN in entry else []
    return join(items) if items else None


def is_void(entry: Item) -> bool:
    """Whether none of a part's lines was readable; see Part."""
    lines, unreadable = (int(entry.get(name, {"N": "0"})["N"]) for name in ("Lines", "Unreadable"))
    return lines == unreadable > 0


def read_part(sort_key: str, entry: Item) -> Part:
    """A part, from its ledger entry."""
    number = int(entry["Part"]["N"])
    dropped = {reason: int(lines["N"]) for reason, lines in entry["Dropped"]["M"].items()}
    numbers = {name: int(entry[name]["N"]) for name in ("Lines", "Views", "Unreadable")}
    late = int(entry["LateVisitors"]["N"]) if "LateVisitors" in entry else 0
    return Part(
        name=sort_key.removesuffix(part_name("", number)),
        number=number,
        is_last=entry["IsLast"]["BOOL"],
        size=int(entry["Size"]["N"]),
        sha256=entry["SHA256"]["S"],
        first_time=int(entry["FirstTime"]["N"]) if "FirstTime" in entry else None,
        last_time=int(entry["LastTime"]["N"]) if "LastTime" in entry else None,
        ingested_at=int(entry["IngestedAt"]["N"]),
        account=Account(numbers["Lines"], numbers["Views"], dropped, numbers["Unreadable"], late_visitors=late),
        rules=entry[RULES]["S"] if RULES in entry else None,
        stored_size=int(entry["StoredSize"]["N"]) if "StoredSize" in entry else None,
    )
