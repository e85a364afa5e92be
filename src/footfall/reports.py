"""
Totals, breakdowns and histories over any store.

Every answer is a sum of the same day counts, so totals equal the sum of a history equal the sum of rows, always.
"""

import base64
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from .dimensions import DIMENSIONS
from .errors import ConfigError
from .items import iso
from .records import Account, Row, Value
from .stores import Store

# That any log line can have: formats say so. What lies beyond has no views, and not every time zone has a clock for it.
FIRST_DAY, LAST_DAY = date(1971, 1, 1), date(9998, 12, 31)
INTERVALS = ("hour", "day", "week", "month")
HOURS_PER = {"hour": 1, "day": 24, "week": 24 * 7, "month": 24 * 28}
MOST_MOMENTS = 50_000  # of one history: five years by the hour, a century by the day
MOST_COMPARED = 20_000  # pages among which the one is looked for that was perhaps meant
MOST_READ = 10_000  # views of a page whose referrers are counted: single items of DynamoDB cost money
MOST_PASSED = 100_000  # views of one second that a cursor can tell


@dataclass(frozen=True)
class Period:
    """Days in the site's time zone, both ends included; None for as far as there are counts."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.end < self.start:
            raise ConfigError(f"the period ends ({self.end}) before it starts ({self.start})", about="end")


class Breakdown(NamedTuple):
    """The values of a dimension, most views first, ties by value."""

    query: dict[str, Any]
    rows: list[Row]
    total: int
    """Of all rows, also those beyond the limit."""
    next: str | None
    """Where the next rows begin, for `cursor`; None at the end."""
    before: "Before | None" = None
    """The same of the period before, where that is asked for."""
    series: "Mapping[str, list[int]] | None" = None
    """Where it is asked for, each row's course: a number for each label of a history of the same interval."""


class Before(NamedTuple):
    """A breakdown of the period before."""

    query: dict[str, Any]
    views: Mapping[str, int]
    """Of every value."""
    total: int


class Total(NamedTuple):
    """How much was viewed in a period."""

    query: dict[str, Any]
    total: int
    pages: int
    """How many pages have a view."""
    days: int
    """How many the period has, with views and without."""
    before: "Total | None" = None
    """The same of the period before, where that is asked for."""


class Moment(NamedTuple):
    """The views from `at` to the next."""

    at: str
    """`2022-10-20`, or `2022-10-20T08:00` by the hour; a week by its Monday, a month by its first day."""
    views: int


class History(NamedTuple):
    """Views over time, with a zero where there were none."""

    query: dict[str, Any]
    series: list[Moment]
    total: int
    before: "History | None" = None
    """The same of the period before, where that is asked for."""


def parse_period(text: str, today: date) -> tuple[date, date]:
    """
    The first and the last day of a period as people write it.

    `2022-10-20`, `2022-10`, `2022`, `today`, `yesterday`, `7d` (seven days with today), `month`, `year`. Raises
    ConfigError for what is none.

    >>> parse_period("2026-02", date(2026, 11, 24))
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    """
    try:
        first, last = _read_days(text.strip().lower(), today)
        if first >= FIRST_DAY and last <= LAST_DAY:
            return first, last
    except (ValueError, OverflowError):
        pass
    raise ConfigError(
        f"no day or period {text[:80]!r}; write it as 2022-10-20, 2022-10, 2022, today, yesterday, 30d, month or year"
    )


def _read_days(word: str, today: date) -> tuple[date, date]:
    if word == "today":
        return today, today
    if word == "yesterday":
        return today - timedelta(1), today - timedelta(1)
    if word == "month":
        word = f"{today:%Y-%m}"
    if word == "year":
        word = f"{today:%Y}"
    if word.endswith("d") and word[:-1].isdigit() and int(word[:-1]) > 0:
        return today - timedelta(int(word[:-1]) - 1), today
    if len(word) == 4:
        return date(int(word), 1, 1), date(int(word), 12, 31)
    if len(word) == 7 and word[4] == "-":
        first = date(int(word[:4]), int(word[5:]), 1)
        return first, (first + timedelta(31)).replace(day=1) - timedelta(1)
    if len(word) == 10:
        return date.fromisoformat(word), date.fromisoformat(word)
    raise ValueError(word)


def read_period(start: str | None, end: str | None, period: str | None, today: date) -> Period:
    """The period from the beginning of `start` to the end of `end`, or `period`, which is both."""
    if period and (start or end):
        raise ConfigError("period names both ends; use it without start and end", about="period")
    first = parse_period(start or period or "", today)[0] if start or period else None
    last = parse_period(end or period or "", today)[1] if end or period else None
    return Period(first, last)


def previous(period: Period) -> Period:
    """
    As many days just before; before whole months, as many whole months. An open period has none.

    >>> previous(Period(date(2026, 10, 8), date(2026, 10, 14)))
    Period(start=datetime.date(2026, 10, 1), end=datetime.date(2026, 10, 7))
    >>> previous(Period(date(2026, 3, 1), date(2026, 3, 31)))
    Period(start=datetime.date(2026, 2, 1), end=datetime.date(2026, 2, 28))
    """
    start, end = period.start, period.end
    if not start or not end:
        return Period()
    try:
        last = start - timedelta(1)
        if start.day == 1 and (end + timedelta(1)).day == 1:
            months = (end.year - start.year) * 12 + end.month - start.month + 1
            number = start.year * 12 + start.month - 1 - months
            return Period(date(number // 12, number % 12 + 1, 1), last)
        return Period(last - (end - start), last)
    except (ValueError, OverflowError) as error:
        raise ConfigError(
            f"there is no period of this length before {start}; ask for a shorter one", about="compare"
        ) from error


def choose_site(store: Store, site: str | None) -> str | None:
    """The site that is asked about: the named one, or the only one there is; None while nothing is counted."""
    sites = store.sites()
    if site is not None and sites:
        known = {name.lower(): name for name in sites}
        if site.lower() not in known:
            raise ConfigError(f"no site {site[:80]!r} in the store", f"there are: {', '.join(sites)}", "site")
        return known[site.lower()]
    if site is None and len(sites) > 1:
        raise ConfigError(
            "the store has several sites; name one: --site, or site= over HTTP", f"there are: {', '.join(sites)}", "site"
        )
    return site or (sites[0] if sites else None)


def breakdown(
    store: Store, dimension: str, period: Period, *, site: str | None = None, prefix: str = "", limit: int | None = None,
    cursor: str | None = None, compare: bool = False, series: str | None = None,
) -> Breakdown:  # fmt: skip
    """
    How often each value of a dimension occurred in a period.

    With `series`, an interval of a day or longer, each row has its course over the period too.
    """
    site = choose_site(store, site)
    period = _resolve(store, site, period)
    totals = _values(store, site, dimension, period, prefix)
    before = None
    if compare:
        earlier = previous(period)
        views = _values(store, site, dimension, earlier, prefix)
        before = Before(_days(earlier), views, views.total())
    ranked = sorted((Row(*row) for row in totals.items()), key=_rank)
    after = _read_cursor(cursor, int, str) if cursor else None
    rest = [row for row in ranked if _rank(row) > (-after[0], after[1])] if after else ranked
    shown = rest if limit is None else rest[:limit]
    return Breakdown(
        {"site": site, "dimension": dimension, **_days(period), "prefix": prefix, "limit": limit},
        shown,
        totals.total(),
        _write_cursor(shown[-1].views, shown[-1].value) if shown and len(shown) < len(rest) else None,
        before,
        _courses(store, site, dimension, shown, period, series) if series else None,
    )


def _values(
    store: Store, site: str | None, dimension: str, period: Period, prefix: str, page: str | None = None
) -> Counter[str]:
    """How often each value occurred in a period whose ends are known."""
    if site is None or not period.start or not period.end:
        return Counter()
    return Counter(store.sums(site, dimension, str(period.start), str(period.end), prefix, page))


def _courses(
    store: Store, site: str | None, dimension: str, rows: Sequence[Row], period: Period, interval: str
) -> dict[str, list[int]]:
    """The course of each row, cut into intervals, from the first day to the last."""
    if site is None or not (period.start and period.end):
        return {}
    _check_length(period.start, period.end, interval)
    label_of = {str(day): _label(day, interval) for day in _each_day(period.start, period.end)}
    labels = dict.fromkeys(label_of.values(), 0)
    courses = {row.value: dict(labels) for row in rows}
    for value, day, views in store.courses(site, dimension, str(period.start), str(period.end), courses) if rows else ():
        courses[value][label_of[day]] += views
    return {value: [*course.values()] for value, course in courses.items()}


def total(
    store: Store, period: Period, *, site: str | None = None, prefix: str = "", page: str | None = None, compare: bool = False,
    must_exist: bool = True,
) -> Total:  # fmt: skip
    """
    How much was viewed in a period: of all pages, of those that begin with `prefix`, or of one.

    A page that was never viewed is refused, or has none, as `must_exist` says.
    """
    site = choose_site(store, site)
    period = _resolve(store, site, period)
    _check_one(prefix, page)
    if page is not None and must_exist:
        check_page(store, site, page)
    views = _values(store, site, "page", period, prefix, page)
    query = {"site": site, "page": page, "prefix": prefix, **_days(period)}
    days = (period.end - period.start).days + 1 if period.start and period.end else 0
    found = Total(query, views.total(), len(views), days)
    if not compare:
        return found
    earlier = previous(period)
    views = _values(store, site, "page", earlier, prefix, page)
    days = (earlier.end - earlier.start).days + 1 if earlier.start and earlier.end else 0
    return found._replace(before=Total(_days(earlier), views.total(), len(views), days))


def history(
    store: Store, period: Period, interval: str, *, site: str | None = None, prefix: str = "", page: str | None = None,
    compare: bool = False, must_exist: bool = True, zone: ZoneInfo,
) -> History:  # fmt: skip
    """Views over time: of all pages, of those that begin with `prefix`, or of one; `must_exist` as in `total`."""
    site = choose_site(store, site)
    period = _resolve(store, site, period)
    _check_one(prefix, page)
    if prefix and interval == "hour":
        raise ConfigError(
            "the hours of pages with a prefix are not counted: ask for one page, for all, or by day", about="interval"
        )
    if page is not None and must_exist:
        check_page(store, site, page)
    asked = site, prefix, page, interval, zone
    query = {"site": site, "page": page, "prefix": prefix, **_days(period), "interval": interval}
    found = _series(store, query, period, *asked)
    if not compare:
        return found
    earlier = previous(period)
    return found._replace(before=_series(store, _days(earlier), earlier, *asked))


def _series(
    store: Store, query: dict[str, Any], period: Period, site: str | None, prefix: str, page: str | None, interval: str,
    zone: ZoneInfo,
) -> History:  # fmt: skip
    series: dict[str, int] = {}
    if site is not None and period.start and period.end:
        _check_length(period.start, period.end, interval)
        if page is not None and interval == "hour":
            _check_views_are_kept(store, site, page, period, zone)
        series = dict.fromkeys(_labels(period.start, period.end, interval, zone), 0)
        for at, views in _moments(store, site, prefix, page, period.start, period.end, interval, zone):
            series[at] = series.get(at, 0) + views
    return History(query, [Moment(*row) for row in series.items()], sum(series.values()))


def _check_one(prefix: str, page: str | None) -> None:
    if prefix and page is not None:
        raise ConfigError("page names one page and prefix several; ask for one of them", about="page")


def _check_length(start: date, end: date, interval: str) -> None:
    moments = ((end - start).days + 1) * 24 // HOURS_PER[interval]
    if moments > MOST_MOMENTS:
        raise ConfigError(
            f"the interval {interval} cuts this period into some {moments:,} moments, more than {MOST_MOMENTS:,}: "
            "ask for a longer interval or a shorter period",
            about="interval",
        )


class Views(NamedTuple):
    """The stored items of a page's views, in time order."""

    query: dict[str, Any]
    items: Iterable[dict[str, Value]]
    next: str | None
    """Where the next items begin, for `cursor`; None at the end."""


def views(
    store: Store, page: str, period: Period, *, sort_key: str, zone: ZoneInfo, site: str | None = None,
    limit: int | None = None, cursor: str | None = None,
) -> Views:  # fmt: skip
    """A page's views; `sort_key` is the name of the attribute that begins with their time."""
    site = choose_site(store, site)
    period = _resolve(store, site, period)
    check_page(store, site, page)
    query = {"site": site, "page": page, **_days(period), "limit": limit}
    if site is None or period.start is None or period.end is None:
        return Views(query, (), None)
    first, last = _seconds(period.start, period.end, zone)
    passed = 0  # items of the first second that an earlier answer had
    if cursor:
        at, passed = _read_cursor(cursor, int, int)
        if not first <= at <= last or not 0 <= passed <= MOST_PASSED:
            raise _no_cursor(cursor)
        first = at
    if limit is None:
        return Views(query, islice(store.views(site, page, first, last), passed, None), None)
    found = list(store.views(site, page, first, last, passed + limit + 1))[passed:]
    if len(found) <= limit:
        return Views(query, found, None)
    shown = found[:limit]
    times = [_epoch_of(item[sort_key]) for item in shown]
    again = passed if times[-1] == first else 0
    return Views(query, shown, _write_cursor(times[-1], times.count(times[-1]) + again))


class Referrers(NamedTuple):
    """Where the readers of one page came from, as far as its views are kept."""

    query: dict[str, Any]
    rows: list[Row]
    total: int
    """Of the views that were read."""
    of: int
    """Of all that were counted."""


def page_referrers(
    store: Store, page: str, period: Period, *, referrer_of: Callable[[Mapping[str, Value]], str] | None, zone: ZoneInfo,
    site: str | None = None, limit: int | None = None,
) -> Referrers:  # fmt: skip
    """
    The referrers of a page's stored views, the earliest MOST_READ at most.

    `referrer_of` tells that of an item; None where items have none.
    """
    site = choose_site(store, site)
    period = _resolve(store, site, period)
    check_page(store, site, page)
    query = {"site": site, "page": page, **_days(period), "limit": limit}
    if site is None or period.start is None or period.end is None:
        return Referrers(query, [], 0, 0)
    found: Counter[str] = Counter()
    if referrer_of is not None:
        found.update(map(referrer_of, store.views(site, page, *_seconds(period.start, period.end, zone), MOST_READ)))
    ranked = sorted((Row(*row) for row in found.items()), key=_rank)
    counted = _values(store, site, "page", period, "", page).total()
    return Referrers(query, ranked if limit is None else ranked[:limit], found.total(), counted)


def _epoch_of(sort_key: Value) -> int:
    match = re.match(r"\d+", str(sort_key))
    return int(match[0]) if match else 0


class Status(NamedTuple):
    """What was ingested, what was dropped, and how far the counts reach."""

    files: int
    newest_file: str | None
    """The name of the one that was ingested last."""
    newest_file_ingested_at: str | None
    first_request_at: str | None
    complete_until: str | None
    """The latest request that any file has; S3 may still deliver earlier ones, within hours as a rule."""
    sites: list[str]
    time_zone: str | None
    account: Account


def status(store: Store) -> Status:
    """What the ledger says of all files."""
    parts = list(store.files())
    newest = max(parts, key=lambda part: (part.ingested_at, part.name), default=None)
    firsts = [part.first_time for part in parts if part.first_time is not None]
    lasts = [part.last_time for part in parts if part.last_time is not None]
    return Status(
        files=sum(part.is_last for part in parts),
        newest_file=newest.name if newest else None,
        newest_file_ingested_at=iso(newest.ingested_at) if newest else None,
        first_request_at=iso(min(firsts)) if firsts else None,
        complete_until=iso(max(lasts)) if lasts else None,
        sites=store.sites(),
        time_zone=store.time_zone(),
        account=sum((part.account for part in parts), Account()),
    )


def check_dimension(name: str) -> str:
    """`name`, where it is a dimension; raises ConfigError, which says what there is."""
    if name not in DIMENSIONS:
        near = get_close_matches(name, DIMENSIONS, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise ConfigError(f"no dimension {name!r}{meant or '; there are: ' + ', '.join(DIMENSIONS)}")
    return name


def check_page(store: Store, site: str | None, page: str) -> None:
    """Raises ConfigError when a page was never viewed; it says which one was perhaps meant."""
    counted = store.period(site) if site else None
    if site and counted and next(iter(store.counts(site, "page", *counted, value=page)), None):
        return
    known = {count.value for count in store.counts(site, "page", *counted)} if site and counted else set()
    near = get_close_matches(page, sorted(known)[:MOST_COMPARED], n=3, cutoff=0.5)
    raise ConfigError(f"no views of a page {page[:80]!r}", f"did you mean {' or '.join(near)}?" if near else "", "page")


def _check_views_are_kept(store: Store, site: str | None, page: str, period: Period, zone: ZoneInfo) -> None:
    """A page's hours are told by its views alone: raises ConfigError where these are not kept, rather than tell too few."""
    if site is not None and period.start and period.end:
        kept = sum(1 for _ in store.times(site, page, *_seconds(period.start, period.end, zone)))
        if kept < sum(count.views for count in store.counts(site, "page", str(period.start), str(period.end), value=page)):
            raise ConfigError(
                f"the hours of {page!r} are not known for all of this period, as its views are not kept (keep_views, "
                "keep_views_days): ask by day, or for a later period",
                about="interval",
            )


def _resolve(store: Store, site: str | None, period: Period) -> Period:
    """Open ends become the first and the last day that anything was counted on."""
    if site is None or (period.start and period.end):
        return period
    counted = store.period(site)
    if counted is None:
        return period
    first, last = (date.fromisoformat(day) for day in counted)
    start = period.start or (min(first, period.end) if period.end else first)
    return Period(start, period.end or max(last, start))


def _days(period: Period) -> dict[str, str | None]:
    return {
        "start": str(period.start) if period.start else None,
        "end": str(period.end) if period.end else None,
    }


def _moments(
    store: Store, site: str, prefix: str, page: str | None, start: date, end: date, interval: str, zone: ZoneInfo
) -> Iterator[tuple[str, int]]:
    if interval == "hour" and page is not None:  # hours are counted of the whole site only
        for item in store.times(site, page, *_seconds(start, end, zone)):
            yield f"{datetime.fromtimestamp(item, zone):%Y-%m-%dT%H}:00", 1
        return
    # Every view has its hour, and there are fewer hours than pages.
    dimension = "page" if page is not None or prefix else "hour"
    for value, day, views in store.counts(site, dimension, str(start), str(end), prefix, page):
        if interval == "hour":
            yield f"{day}T{value}:00", views
        else:
            yield _label(date.fromisoformat(day), interval), views


def _labels(start: date, end: date, interval: str, zone: ZoneInfo) -> Iterator[str]:
    """Every label of a period: no hour that a change of the clock leaves out."""
    for day in _each_day(start, end):
        if interval == "hour":
            midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
            for hour in range(24):
                local = midnight.replace(hour=hour)
                if datetime.fromtimestamp(local.timestamp(), zone).hour == hour:
                    yield f"{day}T{hour:02d}:00"
        else:
            yield _label(day, interval)


def _each_day(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(number) for number in range((end - start).days + 1))


def _label(day: date, interval: str) -> str:
    if interval == "week":
        day -= timedelta(day.weekday())
    return str(day.replace(day=1) if interval == "month" else day)


def _seconds(start: date, end: date, zone: ZoneInfo) -> tuple[int, int]:
    """The first and the last second of a period, since the epoch."""
    first, after = (datetime.combine(day, time(), zone) for day in (start, min(end, LAST_DAY) + timedelta(1)))
    return int(first.timestamp()), int(after.timestamp()) - 1


def _rank(row: Row) -> tuple[int, str]:
    return -row.views, row.value


def _write_cursor(*position: Value) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def _read_cursor(cursor: str, *kinds: type) -> Any:
    """The position that `_write_cursor` wrote; raises ConfigError for anything else."""
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if [type(value) for value in position] == list(kinds):
            return position
    except (ValueError, TypeError, RecursionError):
        pass
    raise _no_cursor(cursor)


def _no_cursor(cursor: str) -> ConfigError:
    return ConfigError(f"cursor {cursor[:80]!r} is none that an answer gave as `next`", about="cursor")
