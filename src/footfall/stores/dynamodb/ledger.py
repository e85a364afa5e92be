"""The ledger's entries: which files are counted, and what became of their lines."""

from typing import Any

from ...records import Account, Digest, Part
from .keys import COMMIT, COUNTED_BY, Item, part_name


def entry_of(digest: Digest, account: Account, ingested_at: int, commit: int, importer: str) -> dict[str, dict[str, Any]]:
    """What the ledger says of a part, without its key."""
    numbers = {
        "Part": digest.part, "Size": digest.size, "FirstTime": digest.first_time, "LastTime": digest.last_time,
        "IngestedAt": ingested_at, "Lines": account.lines, "Views": account.views, "Unreadable": account.unreadable,
        COMMIT: commit,
    }  # fmt: skip
    return {
        **{name: {"N": str(value)} for name, value in numbers.items() if value is not None},
        "IsLast": {"BOOL": digest.is_last},
        "SHA256": {"S": digest.sha256},
        COUNTED_BY: {"S": importer},
        "Dropped": {"M": {reason: {"N": str(lines)} for reason, lines in account.dropped.items()}},
    }


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
    )
