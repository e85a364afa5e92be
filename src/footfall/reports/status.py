"""From the ledger: what was ingested and dropped, and how complete the counts are."""

from collections.abc import Collection
from typing import NamedTuple

from ..items import iso
from ..records import Account
from ..stores import Store
from ..stores.base import counted_otherwise


class LedgerStatus(NamedTuple):
    """What was ingested, what was dropped, and how far the counts reach."""

    files: int
    newest_file: str | None
    """The name of the file ingested last."""
    newest_file_ingested_at: str | None
    first_request_at: str | None
    complete_until: str | None
    """The latest request in any file; S3 may still deliver earlier ones, usually within hours."""
    sites: list[str]
    time_zone: str | None
    account: Account
    files_under_other_rules: int | None
    """How many files `footfall recount` would recount; None if today's rules are unknown."""


def ledger_status(store: Store, rules: Collection[str] | None) -> LedgerStatus:
    """The ledger's summary of all files. `rules` are the fingerprints of today's rules; None if they are not known."""
    parts = list(store.files())
    newest = max(parts, key=lambda part: (part.ingested_at, part.name), default=None)
    firsts = [part.first_time for part in parts if part.first_time is not None]
    lasts = [part.last_time for part in parts if part.last_time is not None]
    return LedgerStatus(
        files=len({part.name for part in parts if part.is_last}),
        newest_file=newest.name if newest else None,
        newest_file_ingested_at=iso(newest.ingested_at) if newest else None,
        first_request_at=iso(min(firsts)) if firsts else None,
        complete_until=iso(max(lasts)) if lasts else None,
        sites=store.sites(),
        time_zone=store.time_zone(),
        account=sum((part.account for part in parts), Account()),
        files_under_other_rules=None if rules is None else len({part.name for part in counted_otherwise(parts, rules)}),
    )
