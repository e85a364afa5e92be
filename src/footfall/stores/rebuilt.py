"""
Who came on some days, put together anew from all log files of these days, to take the place of what a store has of them.

A set of visitors has nothing that could be taken off, so a day is counted anew as a whole, under a key of its own: the one that
it had may be gone.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ..records import Digest
from ..tallies import add_sites
from .visitors import OpenDay, SiteDay, new_key, who_came


class RebuiltDays(ABC):
    """The visitors of days, as digests are added; made before the ledger is asked which files the days have."""

    def __init__(self, sites: Collection[str]):
        self._sites = {*sites}
        self._of_day: dict[SiteDay, tuple[bytes, OpenDay]] = {}
        """Of each day its key, and what is kept: some KB, however many came."""

    def add(self, digests: Sequence[Digest], days: Collection[str]) -> None:
        """Add who came on these days, of some digests; the same once more changes nothing."""
        add_sites(self._sites, (site for digest in digests for site in _sites_of(digest)))
        came = who_came([digest.views for digest in digests], [digest.loaders for digest in digests], self._sites)
        for where, who in came.items():
            if where.day in days:
                key, before = self._of_day.get(where) or (new_key(), OpenDay())
                self._of_day[where] = key, before.joined_by(who, key)

    @abstractmethod
    def fixed(self, days: Collection[str]) -> set[str]:
        """Those of the days whose visitors have to stay as they are."""

    @abstractmethod
    def replace(self, days: Collection[str]) -> set[str]:
        """
        Put what was added in the place of what the store has of these days; a day that was closed keeps the number alone.

        All or nothing for each day. Returns the days that files came of meanwhile, which stay as they are.
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
