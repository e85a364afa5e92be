"""
Estimates the write cost of recording log files without writing: by AWS's formula, from the items as they would be.

A write takes a unit for each started KB. Views, tallies and ledger entries are counted as they would be written; a commit
itself adds a few units. Views that the table already has cost the same, since the attempt is billed.
"""

from collections.abc import Sequence

from ...items import ItemMap
from ...records import Digest
from ...tallies import tally
from ..shapes import Keep, Recounted, Stays
from ..visitors import OpenDay, new_key, who_came
from .commits import FIRST_BYTES
from .content import additions_of, written_down
from .keys import ledger_key, part_name
from .ledger import Counted, Entered, Replaced, enter_all, entry_of
from .sizes import size_of, units_of
from .views import claims

DAYS_BYTES = 31 * 7 * 2  # in a tally's item by the end of its month: `D01` and `A01` with their numbers, for each day
OF_DAY_BYTES = 100  # of a day's visitors, without their hashes
COMMIT_WRITES = 2  # of its item: when it begins, and when it is done
NOTED = 3  # by a first batch: the months, the file's month, and the latest request
# As long as those in a real entry.
AT, NUMBER, IMPORTER, PREFIX = 1_800_000_000, 1000, "0123456789abcdef", "0" * 32


def write_units(item: ItemMap, keep: Keep, digests: Sequence[Digest]) -> int:
    """The units needed to record these together."""
    files = [(part_name(digest.name, digest.part), list(digest.views)) for digest in digests]
    views = sum(units_of(size_of(claim.key, claim.item)) for claim in (claims(item, keep, files) if keep.views else ()))
    entered = enter_all(map(_counted, digests), f"{PREFIX}#")
    tallies = sum(units_of(size_of(key, {}) + DAYS_BYTES) for key in additions_of(each.added for each, _ in entered))
    ledger = sum(units_of(size_of(each.key, each.entry)) for _, each in entered)
    more = sum(units_of(size_of(key, item)) for _, each in entered for key, item in each.more.items())
    return views + _of_visitors(digests) + tallies + ledger + more + _of_commit(entered) + NOTED


def recount_units(digests: Sequence[Digest], outcomes: Sequence[Recounted | Stays | None]) -> int:
    """The units needed to recount these together, based on each one's outcome in a dry run."""
    counted, views = [], 0
    for digest, found in zip(digests, outcomes, strict=True):
        if isinstance(found, Recounted):
            entry = entry_of(digest, found.after, AT, NUMBER, IMPORTER)
            counted.append(Counted(ledger_key(digest.name, digest.part), entry, found.added, Replaced(NUMBER, found.taken)))
            views += found.written_views
    if not counted:
        return 0
    entered = enter_all(counted, f"{PREFIX}#")
    tallies = additions_of((each.added for each in counted), (), (each.replaced.taken for each in counted if each.replaced))
    ledger = sum(units_of(size_of(each.key, each.entry)) for _, each in entered)
    more = sum(units_of(size_of(key, item)) for _, each in entered for key, item in each.more.items())
    changed = sum(units_of(size_of(key, {}) + DAYS_BYTES) for key in tallies)
    return views + changed + ledger + 2 * more + _of_commit(entered)  # the parts' old additions are deleted


def _counted(digest: Digest) -> Counted:
    entry = entry_of(digest, digest.account, AT, NUMBER, IMPORTER)
    return Counted(ledger_key(digest.name, digest.part), entry, tally(digest.views, digest.drops))


def _of_commit(files: Sequence[tuple[Counted, Entered]]) -> int:
    """The units for a commit's items: it is written down first, and what does not fit into its item is written and deleted."""
    more = len(written_down(files)) - FIRST_BYTES
    return COMMIT_WRITES + (2 * units_of(more) if more > 0 else 0)


def _of_visitors(digests: Sequence[Digest]) -> int:
    """The units for the hashes of each day, and its key, as if nobody had come before."""
    sites = {site for digest in digests for site in digest.views.column("site")}
    found = who_came((digest.views for digest in digests), (digest.loaders for digest in digests), sites)
    days = [OpenDay().joined_by(came, new_key()) for came in found.values()]
    return sum(1 + units_of(len(day.hashes) + len(day.signs) + OF_DAY_BYTES) for day in days)
