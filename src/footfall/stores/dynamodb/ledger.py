"""
The ledger in a table: an item for each part of each log file, with its account, the fingerprint of the rules that it was
counted under, and what it added to the tally.

What a part added is compressed, and seldom more than a kilobyte. Where it is more than an item can have, it goes on in
others.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...records import Account, Digest, Part, Tally
from .. import additions
from .batches import read_batch
from .keys import ADDED, COUNTED_BY, GROUP, Item, Key
from .requests import Requests

RULES, ADDED_BYTES, ADDED_PIECES = "Rules", "Added", "AddedPieces"
MOST_ADDED = 300_000  # bytes of what a part added that are in one item; 400 KB is what an item may have
SMALLEST = 9  # zlib's level: written once, and paid by the kilobyte
_DAY_IN_NAME = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))-\d\d-\d\d")


def ledger_key(name: str, part: int) -> Key:
    """Where a part of a log file is entered."""
    months = _DAY_IN_NAME.findall(name)
    return ledger_partition(months[-1] if months else ""), part_name(name, part)


def ledger_partition(month: str) -> str:
    """The files with a month in their names; those without have "" for it."""
    return f"#files#{month}" if month else "#files"


def part_name(name: str, part: int) -> str:
    """How the ledger and the views name a part of a log file: the first by the file's name alone."""
    return f"{name}#{part:05}" if part else name


def ledger_entry(digest: Digest, account: Account, ingested_at: int, commit: int, importer: str) -> dict[str, dict[str, Any]]:
    """What the ledger says of a part, without its key and what it adds."""
    numbers = {
        "Part": digest.part, "Size": digest.size, "FirstTime": digest.first_time, "LastTime": digest.last_time,
        "IngestedAt": ingested_at, "Lines": account.lines, "Views": account.views, "Unreadable": account.unreadable,
        GROUP: commit,
    }  # fmt: skip
    return {
        **{name: {"N": str(value)} for name, value in numbers.items() if value is not None},
        "IsLast": {"BOOL": digest.is_last},
        "SHA256": {"S": digest.sha256},
        COUNTED_BY: {"S": importer},
        **({RULES: {"S": digest.rules}} if digest.rules else {}),
        "Dropped": {"M": {reason: {"N": str(lines)} for reason, lines in account.dropped.items()}},
    }


def with_added(key: Key, entry: Item, tally: Tally | None) -> Iterator[tuple[Key, Item]]:
    """The items that keep an entry and what its part added; None where that is not known."""
    content = b"" if tally is None else additions.encode(tally, SMALLEST)
    first, *others = [content[start : start + MOST_ADDED] for start in range(0, max(len(content), 1), MOST_ADDED)]
    more: dict[str, Mapping[str, Any]] = {ADDED_BYTES: {"B": first}} if first else {}
    if others:
        more[ADDED_PIECES] = {"N": str(len(others))}
    yield key, {**entry, **more}
    for number, piece in enumerate(others):
        yield _piece_key(key[1], number), {ADDED_BYTES: {"B": piece}}


def read_added(requests: Requests, sort_key: str, entry: Item) -> Tally | None:
    """What a part added, of its entry; None where the entry does not keep it."""
    if ADDED_BYTES not in entry:
        return None
    keys = [_piece_key(sort_key, number) for number in range(int(entry.get(ADDED_PIECES, {}).get("N", 0)))]
    found = read_batch(requests, keys) if keys else {}
    return additions.decode(b"".join(item[ADDED_BYTES]["B"] for item in (entry, *map(found.__getitem__, keys))))


def _piece_key(sort_key: str, number: int) -> Key:
    return ADDED, f"{sort_key}/{number:05}"


def read_part(sort_key: str, entry: Item) -> Part:
    """A part, of its ledger entry."""
    number = int(entry["Part"]["N"])
    dropped = {reason: int(lines["N"]) for reason, lines in entry["Dropped"]["M"].items()}
    return Part(
        name=sort_key.removesuffix(part_name("", number)),
        number=number,
        is_last=entry["IsLast"]["BOOL"],
        size=int(entry["Size"]["N"]),
        sha256=entry["SHA256"]["S"],
        first_time=int(entry["FirstTime"]["N"]) if "FirstTime" in entry else None,
        last_time=int(entry["LastTime"]["N"]) if "LastTime" in entry else None,
        ingested_at=int(entry["IngestedAt"]["N"]),
        account=Account(int(entry["Lines"]["N"]), int(entry["Views"]["N"]), dropped, int(entry["Unreadable"]["N"])),
        rules=entry.get(RULES, {}).get("S"),
    )
