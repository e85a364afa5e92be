"""
What both stores do about visitors: they hash who came on a day with that day's key, and forget the key when the day is closed.

A key is of one site and day: no two days, and no two sites, have anything in common that somebody could compare. A day is
closed some days after its end and after its last file: then its number stays, and key and hashes are gone.
"""

import secrets
from calendar import timegm
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from hashlib import blake2b
from itertools import groupby
from typing import NamedTuple

from ..fields import VISITOR
from ..records import DAY, Views
from ..tallies import known_site
from .hyperloglog import HASH_BYTES

KEY_BYTES = 16
OPEN_DAYS = 7  # after the end of a day, and after its last file: S3 delivers most within hours, CloudFront within a day
LATEST_MIDNIGHT = DAY // 2  # seconds: no time zone is further behind UTC


class SiteDay(NamedTuple):
    """A site's day."""

    site: str
    day: str


Visitors = Mapping[SiteDay, Collection[bytes]]
"""Who came, by their identities; see pageviews.visitors."""


def visitors_of(of_digests: Iterable[Views], sites: Collection[str]) -> dict[SiteDay, set[bytes]]:
    """Who came on which day, of the views of digests; a site beyond the bound goes by the name that it is counted by."""
    found: dict[SiteDay, set[bytes | None]] = defaultdict(set)
    for views in Views.joined(of_digests):
        visitors, end = views.column(VISITOR), 0
        for (site, day), run in groupby(zip(views.column("site"), views.column("day"), strict=True)):  # most stand together
            start, end = end, end + sum(1 for _ in run)
            found[SiteDay(known_site(site, sites), day)].update(visitors[start:end])
    known = {where: {each for each in came if each is not None} for where, came in found.items()}
    return {where: came for where, came in known.items() if came}


def late_of(views: Views, sites: Collection[str], closed: Collection[SiteDay]) -> int:
    """How many visitors of days that are closed there are among the views."""
    return sum(len(visitors) for where, visitors in visitors_of([views], sites).items() if where in closed)


def new_key() -> bytes:
    """The key of a day that nobody came on so far."""
    return secrets.token_bytes(KEY_BYTES)


def hashed(visitors: Iterable[bytes], key: bytes) -> set[bytes]:
    """Visitors as they are kept until the day is closed."""
    return {blake2b(each, key=key, digest_size=HASH_BYTES).digest() for each in visitors}


def is_over(day: str, changed_at: int, now: float) -> bool:
    """
    Whether a day is to be closed, by its last visitor's arrival here; both times in seconds since the epoch.

    >>> noon = 1_792_497_600  # when 2026-10-19 is over everywhere
    >>> is_over("2026-10-19", noon, noon + 6 * DAY), is_over("2026-10-19", noon, noon + 7 * DAY)
    (False, True)
    >>> is_over("2026-10-19", noon + 3 * DAY, noon + 7 * DAY)
    False
    """
    return now >= max(end_of(day), changed_at) + OPEN_DAYS * DAY


def end_of(day: str) -> int:
    """When a day is over everywhere on earth."""
    return timegm(date.fromisoformat(day).timetuple()) + DAY + LATEST_MIDNIGHT
