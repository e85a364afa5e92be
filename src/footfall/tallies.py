"""
Tallies: how often each value of each dimension occurred on each day of each site, and how many values are kept.

Values that strangers choose are bounded, so that a scanner cannot run up the owner's bill: all others become `(other)`, and
totals are exact.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, groupby, islice, repeat

from .columns import occurrences_by
from .dimensions import DIMENSIONS
from .records import Tally, Views

OTHER = "(other)"
# footfall's own names of values: they are always kept, and do not count towards the bounds.
OWN_WORDS = frozenset({OTHER, "(direct)", "(internal)", "(unknown)", "(unnamed)", "(none)", "(no user agent)"})
MOST_VALUES = 200  # new ones, for a part of a file and a day
FEW = 32  # views, and values of dropped lines: fewer than MOST_VALUES, and fastest counted one by one
# For a site, dimension and month: at its end, and on its first day. Each day makes room for more; otherwise, a scanner's
# requests on the first day would leave no room for the rest of the month.
MOST_KEPT = 2_000
FIRST_KEPT = 1_000
# For a store. If a server answers to any name, clients can make up sites.
MOST_SITES = 1_000

Key = tuple[str, str, str, str]
"""The key of a tally: (site, dimension, day, value)."""
Drops = Mapping[Key, int]
Occurrences = dict[tuple[str, str], dict[str, Counter[str]]]
"""By site and day, then by dimension: how often each value occurred."""
Kept = dict[tuple[str, str, str], set[str]]
"""The values kept for a site, an open dimension and a month, without OWN_WORDS; new ones are added."""
SITES = ("", "", "")  # the key in Kept for the sites themselves


@cache  # for single views; rows may be added to the table until this is first used
def _of_views() -> Sequence[tuple[str, str]]:
    return [(name, row.field) for name, row in DIMENSIONS.items() if row.of_views and not row.groups]


@cache
def _open() -> frozenset[str]:
    return frozenset(name for name, row in DIMENSIONS.items() if row.is_open)


def tally(views: Views, drops: Drops, kept: Kept | None = None) -> Tally:
    """How often each value of each dimension occurred on each day; in open dimensions, values not kept are `(other)`."""
    return next(tallies([(views, drops)], defaultdict(set) if kept is None else kept))


def tallies(of_files: Iterable[tuple[Views, Drops]], kept: Kept) -> Iterator[Tally]:
    """The same for several files, in order: values from one may be kept for the next."""
    for are_few, run in groupby(of_files, lambda file: len(file[0]) + len(file[1]) <= FEW):
        if are_few:
            yield from _tallies_of_few([*run], kept)
        else:
            yield from (bounded(occurrences(*file), kept) for file in run)


def _tallies_of_few(files: Sequence[tuple[Views, Drops]], kept: Kept) -> Iterator[Tally]:
    """The same for files with few views, whose values are nearly always kept already."""
    counted = _unbounded(files)
    odd = _odd(set().union(*counted), kept)
    for file, counts in zip(files, counted, strict=True):
        is_kept = odd.isdisjoint(counts) or not _odd(odd.intersection(counts), kept)
        yield counts if is_kept else bounded(occurrences(*file), kept)


def _odd(keys: Iterable[Key], kept: Kept) -> set[Key]:
    """The keys that are bounded and not kept so far; usually none."""
    sites, are_open = kept[SITES], _open()
    return {
        (site, name, day, value)
        for site, name, day, value in keys
        if (site not in sites and site not in OWN_WORDS)
        or (name in are_open and value not in OWN_WORDS and value not in kept[site, name, day[:7]])
    }


def bounded(found: Occurrences, kept: Kept) -> Tally:
    """The tally of occurrences, bounded by the values kept so far."""
    counts: Tally = {}
    for (site, day), dimensions in of_known_sites(found, kept[SITES]).items():
        for name, values in dimensions.items():
            bounds = DIMENSIONS[name].is_open
            for value, times in (_fold(values, kept[site, name, day[:7]], day) if bounds else values).items():
                counts[site, name, day, value] = times
    return counts


def as_kept(counts: Tally, kept: Kept) -> Tally:
    """What was added at some time, under the names in the tally now: values that were merged since then are `(other)`."""

    def is_kept(key: Key) -> bool:
        site, name, day, value = key
        return name not in _open() or value in kept[site, name, day[:7]] or value in OWN_WORDS

    return put_together(counts, {key for key in counts if not is_kept(key)})


def put_together(counts: Tally, gone: Collection[Key]) -> Tally:
    """The same counts, with those in `gone` merged into `(other)`."""
    found: Tally = {}
    for key, times in counts.items():
        there = (*key[:3], OTHER) if key in gone else key
        found[there] = found.get(there, 0) + times
    return found


def _unbounded(files: Sequence[tuple[Views, Drops]]) -> list[Tally]:
    """Their tallies without a bound, one view after the other, which takes a tenth of the time for a view or two."""
    of_views = chain.from_iterable(map(_keys, Views.joined(views for views, _ in files)))
    found = []
    for views, drops in files:
        counts = {key: times for key, times in drops.items() if key[3] is not None}
        for key in chain.from_iterable(islice(of_views, len(views))):
            counts[key] = counts.get(key, 0) + 1
        found.append(counts)
    return found


def _keys(views: Views) -> Iterator[Sequence[Key]]:
    """The keys that each view is counted under."""
    sites, days = views.column("site"), views.column("day")
    columns = {name: views.column(field) for name, field in _of_views() if name not in views.uncounted}
    keys = zip(*[zip(sites, repeat(name), days, column, strict=False) for name, column in columns.items()], strict=True)
    if not any(None in column for column in columns.values()):
        return keys
    return ([key for key in of_view if key[3] is not None] for of_view in keys)


def of_known_sites(found: Occurrences, sites: set[str]) -> Occurrences:
    """The same, with sites beyond the bound as `(other)`; new ones are added to `sites` while there is room."""
    add_sites(sites, (site for site, _ in found))
    if all(known_site(site, sites) == site for site, _ in found):
        return found
    together: Occurrences = defaultdict(lambda: defaultdict(Counter))
    for (site, day), dimensions in found.items():
        for name, values in dimensions.items():
            together[known_site(site, sites), day][name].update(values)
    return together


def add_sites(sites: set[str], named: Iterable[str]) -> None:
    """Add these sites, in order, while there is room."""
    for site in named:
        if len(sites) < MOST_SITES and site not in OWN_WORDS:
            sites.add(site)


def known_site(site: str, sites: Collection[str]) -> str:
    """The site that something is counted for."""
    return site if site in sites or site in OWN_WORDS else OTHER


def room_on(day: str) -> int:
    """
    How many values of a month may be kept when this day is counted.

    >>> room_on("2026-10-01"), room_on("2026-10-31")
    (1000, 2000)
    """
    return FIRST_KEPT + (MOST_KEPT - FIRST_KEPT) * (int(day[8:]) - 1) // 30


def occurrences(views: Views, drops: Mapping[tuple[str, str, str, str], int]) -> Occurrences:
    """Everything to count, without a bound. Columns are counted several times faster than views."""
    found: Occurrences = defaultdict(lambda: defaultdict(Counter))
    columns = {name: views.column(field) for name, field in _of_views() if name not in views.uncounted}
    for where, name, values in occurrences_by([views.column("site"), views.column("day")], columns):
        found[where][name].update(values)
    for (site, name, day, value), times in drops.items():
        found[site, day][name][value] += times
    for dimensions in found.values():
        for values in dimensions.values():
            values.pop(None, None)  # type: ignore[call-overload]
    return found


def not_kept(values: Mapping[str, int], kept: Collection[str]) -> list[str]:
    """The values not kept so far, most frequent first, ties by name: as many as one part may add per day."""
    new = [value for value in values if value not in kept and value not in OWN_WORDS]
    return sorted(new, key=lambda value: (-values[value], value))[:MOST_VALUES] if new else new


def _fold(values: Counter[str], kept: set[str], day: str) -> Counter[str]:
    """Values that are kept by name, and the others as one; new names are kept while there is room."""
    new = not_kept(values, kept)
    if not new:
        return values
    kept.update(new[: max(room_on(day) - len(kept), 0)])
    folded = Counter({value: times for value, times in values.items() if value in kept or value in OWN_WORDS})
    if len(folded) < len(values):
        folded[OTHER] += values.total() - folded.total()
    return folded
