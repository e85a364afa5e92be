"""
What is found out about a request, and what is counted by it.

    FIELDS      what is found out, and from which facts of the request
    DIMENSIONS  what is counted by: each a row over a field

A new dimension is a new row of both; SQLite, DynamoDB, command line, API, dashboard and reference page follow from them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from .pageviews.addresses import mask
from .pageviews.agents import bot_name, know_agent
from .pageviews.counting import Counting
from .pageviews.pages import cut, page_name
from .pageviews.referrers import bare_host, referrer_host
from .records import Tally, Views

OTHER = "(other)"
# What footfall itself calls values: they are always kept, and take no room.
OWN_WORDS = frozenset({OTHER, "(direct)", "(internal)", "(unknown)", "(unnamed)", "(none)", "(no user agent)"})
# What strangers choose is bounded, so that a scanner cannot run up the owner's bill.
MOST_VALUES = 200  # of a part of a file and a day that were not kept before
LONGEST_VALUE = 512  # bytes
FEW = 32  # views, and values of dropped lines: fewer than MOST_VALUES, and soonest counted one by one
# Of a site, dimension and month: at its end, and on its first day. There is room for more on each day, or what a scanner
# asked for on the first one would leave no room for the rest of the month.
MOST_KEPT = 2_000
FIRST_KEPT = 1_000
# Of a store. Where a server answers by any name, whoever asks makes up sites.
MOST_SITES = 1_000
QUARTER = 900  # seconds: every time zone's offset is a multiple of it, and has been since 1972


class Field(NamedTuple):
    """What is found out about a request."""

    reads: tuple[str, ...]
    """
    The fields of the request whose values it is given.

    One that reads `time` reads nothing else, and is given the beginning of its quarter of an hour, see QUARTER.
    """
    of: Callable[..., Any]
    """From these values to its own; None where there is nothing to count."""
    settings: tuple[str, ...] = ()
    """What of Counting it is given after these."""
    about: str = ""
    is_unique: bool = False
    """Whether nearly every view has another value, or a number: then a store gains nothing by keeping equal texts once."""

    def given(self, counting: Counting) -> Callable[..., Any]:
        """The question with the owner's settings in it; what it reads is left to ask."""
        return counting.given(self.of, self.settings)


def _site(hosts: tuple[str, ...], sites: tuple[str, ...]) -> str:
    asked = {host.lower() for host in hosts}
    if not hosts:  # the log does not name its site, so the owner does
        return sites[0] if sites else "(unknown)"
    return next((site for site in sites if site.lower() in asked), hosts[0])


def _page(path: str | None, index_documents: tuple[str, ...]) -> str:
    return page_name(path or "", index_documents)


def _day(time: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(time, zone).date().isoformat()


def _hour(time: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(time, zone).hour:02}"


def _referrer_host(
    referrer: str | None, hosts: tuple[str, ...], unlogged: frozenset[str], own_hosts: frozenset[str]
) -> str | None:
    return None if "referrer" in unlogged else referrer_host(referrer, own_hosts.union(map(bare_host, hosts)))


def _browser(user_agent: str | None, unlogged: frozenset[str]) -> str | None:
    return None if "user_agent" in unlogged else know_agent(user_agent).browser


def _system(user_agent: str | None, unlogged: frozenset[str]) -> str | None:
    return None if "user_agent" in unlogged else know_agent(user_agent).system


def _missing(path: str | None) -> str:
    return cut((path or "").removeprefix("/"), LONGEST_VALUE) or "(none)"


def _bot(user_agent: str | None, bots: Any) -> str:
    return cut(bot_name(user_agent, bots), LONGEST_VALUE) or "(none)"


FIELDS: dict[str, Field] = {
    "site": Field(("hosts",), _site, ("sites",), "The bucket or host that is configured, or else the first that is logged."),
    "page": Field(("path",), _page, ("index_documents",), "The page's name."),
    "day": Field(("time",), _day, ("time_zone",), "`2026-10-20`, in the site's time zone."),
    "hour": Field(("time",), _hour, ("time_zone",), "`00` to `23`, in the site's time zone."),
    "referrer_host": Field(
        ("referrer", "hosts", "unlogged"), _referrer_host, ("own_host_names",),
        "The referrer's host, `(internal)` or `(direct)`; none where the log keeps no referrers.",
    ),
    "browser": Field(("user_agent", "unlogged"), _browser, (), "The browser's name; none where the log keeps no agents."),
    "system": Field(("user_agent", "unlogged"), _system, (), "The operating system's name; as the browser's."),
    "status": Field(("status",), lambda status: "(none)" if status is None else str(status), (), "The HTTP status, as text."),
    "missing": Field(("path",), _missing, (), "The path that was asked for in vain."),
    "bot": Field(("user_agent",), _bot, ("bots",), "The bot's name."),
    "remote_ip": Field(
        ("remote_ip",), lambda address, is_masked: mask(address) if is_masked else address, ("mask_addresses",),
        "The reader's address, masked where `mask_addresses` says so.", is_unique=True,
    ),
}  # fmt: skip


class Dimension(NamedTuple):
    """What to count by."""

    title: str
    """Of its column in a table."""
    field: str
    """The row of FIELDS that has its value."""
    about: str
    """What its values are: the sentence of the reference page."""
    of_views: bool = True
    """Whether page views are counted by it."""
    of_dropped: str = ""
    """The reason whose dropped requests are counted by it; "*" is every reason that counts."""
    is_open: bool = False
    """Whether strangers choose its values."""
    is_path: bool = False
    """Whether its values are paths without their first slash, which people copy in other spellings."""


DIMENSIONS: dict[str, Dimension] = {
    "page": Dimension("Page", "page", "The page's name, decoded: `blog/articles/a`; the root is `/`.", is_path=True),
    "hour": Dimension("Hour", "hour", "The hour of the day in the site's time zone, `00` to `23`."),
    "referrer": Dimension(
        "Referrer", "referrer_host",
        "The host that the reader came from, in lower case and without `www.`. `(direct)`: the browser named none; "
        "`(internal)`: a page of your own; `(unknown)`: a text that names no host.",
        is_open=True,
    ),
    "browser": Dimension(
        "Browser", "browser",
        "By ua-parser; telephones' browsers go by the name of their desktop sister. `(unknown)`: none that it knows.",
        is_open=True,
    ),
    "system": Dimension(
        "System", "system",
        "The operating system, by ua-parser; Linux distributions are `Linux`. `(unknown)`: none that it knows.",
        is_open=True,
    ),
    "status": Dimension(
        "Status", "status", "The HTTP status of views, and of visitors' requests that are no views.", of_dropped="*"
    ),
    "not_found": Dimension(
        "Missing page", "missing", "The path that was asked for, decoded, when the answer was 404 or 403.",
        of_views=False, of_dropped="not found", is_open=True, is_path=True,
    ),
    "bot": Dimension(
        "Bot", "bot",
        "The bot's name as its user agent tells it; `(no user agent)` where there was none. Only reads of pages that would "
        "have counted for a person.",
        of_views=False, of_dropped="bot", is_open=True,
    ),
}  # fmt: skip


@cache  # for single views; the table may get rows until it is first used
def _of_views() -> Sequence[tuple[str, str]]:
    return [(name, row.field) for name, row in DIMENSIONS.items() if row.of_views]


@cache
def _open() -> frozenset[str]:
    return frozenset(name for name, row in DIMENSIONS.items() if row.is_open)


def fields_of_views(counting: Counting) -> list[str]:
    """What is found out about each view: what it is of, what it is counted by, and what else is kept of it."""
    counted_by = (row.field for row in DIMENSIONS.values() if row.of_views)
    return list(dict.fromkeys(["site", "page", "day", *counted_by, *counting.facts]))


def dimensions_of(reason: str) -> dict[str, Dimension]:
    """The dimensions that count requests dropped for this reason."""
    return {name: row for name, row in DIMENSIONS.items() if row.of_dropped in (reason, "*")}


Occurrences = dict[tuple[str, str], dict[str, Counter[str]]]
"""By site and day, then by dimension: how often each value occurred."""
Kept = dict[tuple[str, str, str], set[str]]
"""The values that are kept of a site, an open dimension and a month, without OWN_WORDS; what is new is added to them."""
SITES = ("", "", "")  # where Kept has the sites themselves


def tally(views: Views, drops: Mapping[tuple[str, str, str, str], int], kept: Kept | None = None) -> Tally:
    """How often each value of each dimension occurred on each day; of open dimensions, what is not kept as `(other)`."""
    if kept is None:
        kept = defaultdict(set)
    if len(views) + len(drops) <= FEW and _are_kept(few := _tally_of_few(views, drops), kept):
        return few
    return bounded(occurrences(views, drops), kept)


def _are_kept(counts: Tally, kept: Kept) -> bool:
    """Whether each value that is bounded is kept already, as it nearly always is."""
    sites, are_open, where = kept[SITES], _open(), ""
    for site, name, day, value in counts:
        if site != where:  # nearly always the same, and this is asked for each file
            if site not in sites and site not in OWN_WORDS:
                return False
            where = site
        if name in are_open and value not in kept[site, name, day[:7]] and value not in OWN_WORDS:
            return False
    return True


def bounded(found: Occurrences, kept: Kept) -> Tally:
    """The tally of occurrences, by what is kept so far."""
    counts: Tally = {}
    for (site, day), dimensions in of_known_sites(found, kept[SITES]).items():
        for name, values in dimensions.items():
            bounds = DIMENSIONS[name].is_open
            for value, times in (_fold(values, kept[site, name, day[:7]], day) if bounds else values).items():
                counts[site, name, day, value] = times
    return counts


def _tally_of_few(views: Views, drops: Mapping[tuple[str, str, str, str], int]) -> Tally:
    """The same of few, without a bound: one by one, in a tenth of the time for a view or two."""
    counts: Tally = {key: times for key, times in drops.items() if key[3] is not None}
    sites, days = views.column("site"), views.column("day")
    for name, field in _of_views() if len(views) else ():
        for site, day, value in zip(sites, days, views.column(field), strict=True):
            if value is not None:
                key = site, name, day, value
                counts[key] = counts.get(key, 0) + 1
    return counts


def of_known_sites(found: Occurrences, sites: set[str]) -> Occurrences:
    """The same with the sites beyond the bound as `(other)`; new ones are added to `sites` as long as there is room."""
    add_sites(sites, (site for site, _ in found))
    if all(known_site(site, sites) == site for site, _ in found):
        return found
    together: Occurrences = defaultdict(lambda: defaultdict(Counter))
    for (site, day), dimensions in found.items():
        for name, values in dimensions.items():
            together[known_site(site, sites), day][name].update(values)
    return together


def add_sites(sites: set[str], named: Iterable[str]) -> None:
    """Add the sites that are named, in their order, as long as there is room."""
    for site in named:
        if len(sites) < MOST_SITES and site not in OWN_WORDS:
            sites.add(site)


def known_site(site: str, sites: Collection[str]) -> str:
    """The site by which something is counted."""
    return site if site in sites or site in OWN_WORDS else OTHER


def room_on(day: str) -> int:
    """
    How many values may be kept of a month when something of this day is counted.

    >>> room_on("2026-10-01"), room_on("2026-10-31")
    (1000, 2000)
    """
    return FIRST_KEPT + (MOST_KEPT - FIRST_KEPT) * (int(day[8:]) - 1) // 30


def occurrences(views: Views, drops: Mapping[tuple[str, str, str, str], int]) -> Occurrences:
    """What there is to count, without a bound. Columns are counted several times faster than views."""
    found: Occurrences = defaultdict(lambda: defaultdict(Counter))
    columns = {name: views.column(field) for name, field in _of_views()}
    end = 0
    for where, run in groupby(zip(views.column("site"), views.column("day"), strict=True)):  # most stand together
        start, end = end, end + len(list(run))
        for name, column in columns.items():
            found[where][name].update(column[start:end])
    for (site, name, day, value), times in drops.items():
        found[site, day][name][value] += times
    for dimensions in found.values():
        for values in dimensions.values():
            values.pop(None, None)  # type: ignore[call-overload]
    return found


def not_kept(values: Mapping[str, int], kept: Collection[str]) -> list[str]:
    """The values that are not kept so far, the most frequent first, ties by name: as many as one part may bring of a day."""
    new = [value for value in values if value not in kept and value not in OWN_WORDS]
    return sorted(new, key=lambda value: (-values[value], value))[:MOST_VALUES] if new else new


def _fold(values: Counter[str], kept: set[str], day: str) -> Counter[str]:
    """What is kept by name, and the rest as one; new names are kept as long as there is room."""
    new = not_kept(values, kept)
    if not new:
        return values
    kept.update(new[: max(room_on(day) - len(kept), 0)])
    folded = Counter({value: times for value, times in values.items() if value in kept or value in OWN_WORDS})
    if len(folded) < len(values):
        folded[OTHER] += values.total() - folded.total()
    return folded
