"""
Which values of open dimensions are kept by name: those that have a tally for a site, dimension and month.

They are bounded, see tallies.bounded, so before a commit we determine which of its values have a tally and, if some have none,
how many others there are. That a value has a tally stays true; that it has none, or that all values are known, only until
another importer's commit. Known values cost nothing, others a read unit each, and a new one as much as reading the month: at
most 2,000 values, about a hundred units.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from ...cache import Cache
from ...dimensions import DIMENSIONS
from ...tallies import MOST_KEPT, OWN_WORDS, SITES, Kept, Occurrences, not_kept, room_on
from .batches import read_items
from .commits import Last
from .keys import COMMIT, Key, moved_key, tally_key
from .query import query
from .requests import Requests
from .workers import Workers

MOST_REMEMBERED = 200_000  # values, from one commit to the next: an archive may have any number of months
FEW = 40  # values are looked up one by one; for more, reading the month is cheaper
MOST_LOOKED_UP = 1_000  # values, in a month that an earlier footfall filled beyond the bound
MOST_READ = MOST_KEPT + len(OWN_WORDS) + 1  # values of a month: with as many, there is no room for others

Of = tuple[str, str, str]
"""Site, dimension and month."""


class KeptValues:
    """What is known about the tallies, cached between commits."""

    def __init__(self, requests: Requests, workers: Workers):
        self._requests, self._workers = requests, workers
        self._commit = -1
        self._moved: Sequence[str] = ()
        self._values: dict[Of, set[str]] = {}
        self._whole: set[Of] = set()
        """The months whose values are all known, as of the commit."""
        self._next: Kept = {}

    def after(self, last: Last, files: Sequence[Occurrences], sites: set[str]) -> Kept:
        """The values kept after this commit and before the next, as far as these files need them."""
        if last.moved != self._moved or sum(map(len, self._values.values())) > MOST_REMEMBERED:
            self._values.clear()
            self._whole.clear()
        if last.number != self._commit:
            self._whole.clear()
        self._commit, self._moved = last.number, last.moved
        self._next = Cache(lambda of: set(self._values.get(of, ())))
        self._next[SITES] = sites
        self._find_out(files)
        return self._next

    def done(self, commit: int) -> None:
        """Called when the commit made with the result of `after` is done."""
        self._values |= {of: values for of, values in self._next.items() if of != SITES}
        self._commit = commit

    def _find_out(self, files: Sequence[Occurrences]) -> None:
        unknown = self._unknown(files)
        self._look_up({of: values for of, (values, _) in unknown.items() if len(values) <= FEW})
        unread = [of for of, (values, day) in unknown.items() if self._is_to_be_read(of, values, day)]
        for of, found in zip(unread, self._workers.map(self._read, unread), strict=True):
            self._values.setdefault(of, set()).update(found)
            if len(found) <= MOST_KEPT:
                self._whole.add(of)
        self._look_up({of: values for of, (values, _) in unknown.items() if len(values) > FEW and of not in self._whole})

    def _unknown(self, files: Sequence[Occurrences]) -> dict[Of, tuple[set[str], str]]:
        """The values that may be new, with their last day."""
        unknown: dict[Of, tuple[set[str], str]] = {}
        for of, day, values in _of_open(files):
            if of in self._whole:
                continue
            if new := not_kept(values, self._values.get(of, ())):
                before, last = unknown.get(of, (set(), day))
                unknown[of] = before.union(new), max(last, day)
        return unknown

    def _is_to_be_read(self, of: Of, values: set[str], day: str) -> bool:
        """Whether to read all values of a month: if there are many to look up, or new ones for which there may be room."""
        known = self._values.get(of, set())
        if len(known) > MOST_KEPT:
            return False
        return len(values) > FEW or (len(known) < room_on(day) and not values <= known)

    def _read(self, of: Of) -> set[str]:
        sort = self._requests.keys[1]
        items = query(self._requests, self._key(of, "")[0], attributes=(sort,), limit=MOST_READ)
        return {item[sort]["S"] for item in islice(items, MOST_READ)} - OWN_WORDS

    def _look_up(self, wanted: dict[Of, set[str]]) -> None:
        keys = {
            self._key(of, value): (of, value)
            for of, values in wanted.items()
            for value in sorted(values - self._values.get(of, set()))[:MOST_LOOKED_UP]
        }
        for key in read_items(self._requests, self._workers, keys, (COMMIT,)) if keys else ():
            of, value = keys[key]
            self._values.setdefault(of, set()).add(value)

    def _key(self, of: Of, value: str) -> Key:
        site, dimension, month = of
        return moved_key(tally_key(site, month, dimension, value), self._moved)


def _of_open(files: Sequence[Occurrences]) -> Iterator[tuple[Of, str, dict[str, int]]]:
    """The files' values of open dimensions, day by day."""
    for found in files:
        for (site, day), dimensions in found.items():
            for name, values in dimensions.items():
                if DIMENSIONS[name].is_open:
                    yield (site, name, day[:7]), day, values
