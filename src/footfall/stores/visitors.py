"""
Visitors in both stores: hashed with a key for the day, which is deleted when the day is closed.

Each site and day has its own key, so nothing can be compared between days or sites. A day is closed some days after its end
and after its last file: its number is kept, and its key and hashes are deleted.
"""

import secrets
from calendar import timegm
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from ..columns import occurrences
from ..fields import CHANNEL, VISITOR
from ..pageviews.origins import SEARCH
from ..records import DAY, Loaders, Views
from ..tallies import known_site
from . import hyperloglog, signs
from .hyperloglog import HASH_BYTES
from .shapes import DayVisitors
from .signs import FROM_SEARCH, LOADED, VIEWED

KEY_BYTES = 16
OPEN_DAYS = 7  # after the end of a day, and after its last file: S3 delivers most within hours, CloudFront within a day
LATEST_MIDNIGHT = DAY // 2  # seconds: no time zone is further behind UTC


class SiteDay(NamedTuple):
    """A site's day."""

    site: str
    day: str


class Came(NamedTuple):
    """The visitors of a day, by identity; see pageviews.visitors."""

    visitors: Set[bytes]
    signs: Mapping[bytes, int] = {}
    """What visitors did, including those who only loaded files of pages; for those for whom it is kept. See `signs`."""


Visitors = Mapping[SiteDay, Came]


def who_came(of_digests: Iterable[Views], loaders: Iterable[Loaders | None], sites: Collection[str]) -> dict[SiteDay, Came]:
    """The visitors of each day in some digests; a site beyond the bound has the name that it is counted by."""
    of_files = [each for each in loaders if each is not None]
    visitors, searchers = _visitors_and_searchers(of_digests, sites)
    if not of_files:
        return {where: Came(came) for where, came in visitors.items()}
    signs: dict[SiteDay, dict[bytes, int]] = defaultdict(dict)
    for where, came in visitors.items():
        signs[where] = dict.fromkeys(came, VIEWED) | dict.fromkeys(searchers.get(where, ()), VIEWED | FROM_SEARCH)
    for (site, day), who_loaded in ((where, who) for each in of_files for where, who in each.items()):
        of_day = signs[SiteDay(known_site(site, sites), day)]
        of_day.update({who: of_day.get(who, 0) | LOADED for who in who_loaded})
    return {where: Came(visitors.get(where, frozenset()), did) for where, did in signs.items()}


ByDay = dict[SiteDay, set[bytes]]


def visitors_of(of_digests: Iterable[Views], sites: Collection[str]) -> ByDay:
    """The visitors who viewed pages, by day."""
    return _visitors_and_searchers(of_digests, sites)[0]


def _visitors_and_searchers(of_digests: Iterable[Views], sites: Collection[str]) -> tuple[ByDay, ByDay]:
    """The same, and those of them who came from a search engine."""
    visitors: ByDay = defaultdict(set)
    searchers: ByDay = defaultdict(set)
    for views in Views.joined(of_digests):
        asked = [name for name in ("site", "day", VISITOR, CHANNEL) if name in views.columns]
        if VISITOR not in asked:
            continue
        # There are far fewer visitors than views: most are removed before anything is looked up.
        for (site, day, who, *channel), _ in occurrences([*map(views.column, asked)]):
            if who is not None:
                where = SiteDay(known_site(site, sites), day)
                visitors[where].add(who)
                if channel == [SEARCH]:
                    searchers[where].add(who)
    return visitors, searchers


def late_of(views: Views, sites: Collection[str], closed: Collection[SiteDay]) -> int:
    """The number of visitors of closed days among the views."""
    return sum(len(visitors) for where, visitors in visitors_of([views], sites).items() if where in closed)


def new_key() -> bytes:
    """The key of a day without visitors so far."""
    return secrets.token_bytes(KEY_BYTES)


class OpenDay(NamedTuple):
    """What is kept of a day until it is closed, besides its key."""

    hashes: bytes = hyperloglog.NOTHING
    """Of its visitors."""
    signs: bytes = signs.NOTHING

    def joined_by(self, came: Came, key: bytes) -> "OpenDay":
        """The same day with these visitors; exactly the same bytes if nothing is new."""
        hash_of = {who: _hashed(who, key) for who in {*came.visitors, *came.signs}}
        did = {hash_of[who]: what for who, what in came.signs.items()}
        hashes = hyperloglog.merged(self.hashes, [hash_of[who] for who in came.visitors])
        return OpenDay(hashes, signs.merged(self.signs, did) if did else self.signs)

    def numbers(self) -> DayVisitors:
        """How many there are, and how many did what, estimated from their shares in the sample."""
        visitors, viewed = hyperloglog.count(self.hashes), signs.with_signs(self.signs, VIEWED)
        if not viewed:
            return DayVisitors(visitors)
        these = ((LOADED,), (FROM_SEARCH,), (FROM_SEARCH, LOADED))
        sampled = (signs.with_signs(self.signs, VIEWED | sum(each)) for each in these)
        return DayVisitors(visitors, *(round(visitors * each / viewed) for each in sampled))


def _hashed(who: bytes, key: bytes) -> bytes:
    return blake2b(who, key=key, digest_size=HASH_BYTES).digest()


def is_over(day: str, changed_at: int, now: float) -> bool:
    """
    Whether a day should be closed; `changed_at`, when its last visitor was added, and `now` are seconds since the epoch.

    >>> noon = 1_792_497_600  # when 2026-10-19 is over everywhere
    >>> is_over("2026-10-19", noon, noon + 6 * DAY), is_over("2026-10-19", noon, noon + 7 * DAY)
    (False, True)
    >>> is_over("2026-10-19", noon + 3 * DAY, noon + 7 * DAY)
    False
    """
    return now >= max(end_of(day), changed_at) + OPEN_DAYS * DAY


def end_of(day: str) -> int:
    """When a day is over everywhere on earth, in seconds since the epoch."""
    return utc_day(day) + DAY + LATEST_MIDNIGHT


def utc_day(day: str) -> int:
    """When a day begins in UTC, in seconds since the epoch."""
    return timegm(date.fromisoformat(day).timetuple())
