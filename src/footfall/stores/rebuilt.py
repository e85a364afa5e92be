"""
The visitors of some days, recounted from all log files of these days, to replace what a store has.

Nothing can be subtracted from a set of visitors, so a whole day is recounted, with a new key: the one that it had may be gone.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ..records import Digest
from ..tallies import add_sites
from .visitors import OpenDay, SiteDay, new_key, who_came


class RebuiltDays(ABC):
    """Collects the visitors of days from digests; must be created before the days' files are looked up in the ledger."""

    def __init__(self, sites: Collection[str]):
        self._sites = {*sites}
        self._of_day: dict[SiteDay, tuple[bytes, OpenDay]] = {}
        """Each day's key, and what is kept of its visitors: a few KB, however many there are."""

    def add(self, digests: Sequence[Digest], days: Collection[str]) -> None:
        """Add the visitors of these days in some digests; adding the same again changes nothing."""
        add_sites(self._sites, (site for digest in digests for site in _sites_of(digest)))
        came = who_came([digest.views for digest in digests], [digest.loaders for digest in digests], self._sites)
        for where, who in came.items():
            if where.day in days:
                key, before = self._of_day.get(where) or (new_key(), OpenDay())
                self._of_day[where] = key, before.joined_by(who, key)

    @abstractmethod
    def fixed(self, days: Collection[str]) -> set[str]:
        """The days among these whose visitors must stay as they are."""

    @abstractmethod
    def replace(self, days: Collection[str]) -> set[str]:
        """
        Replace the store's visitors of these days by those added; a closed day only gets the number.

        All or nothing for each day. Returns the days for which files came meanwhile; they stay as they are.
        """


def days_between(first: int, last: int, zone: ZoneInfo) -> list[str]:
    """
    The days from one second to another.

    >>> days_between(1_792_497_600, 1_792_540_800, ZoneInfo("UTC"))
    ['2026-10-20', '2026-10-21']
    """
    day, end = (datetime.fromtimestamp(time, zone).date() for time in (first, last))
    return [(day + timedelta(number)).isoformat() for number in range((end - day).days + 1)]


def _sites_of(digest: Digest) -> list[str]:
    return list(dict.fromkeys([*digest.views.column("site"), *(site for site, _ in digest.loaders or ())]))
