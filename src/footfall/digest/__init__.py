"""
From lines to digests: every line gets its one outcome.

A line's outcome hangs on few of its fields, and those repeat: a million lines have some hundred combinations of bucket,
operation and status, some thousand keys and user agents. So the rules are asked once about each, and their answer is
remembered by the undecoded bytes. One look-up by all this and the key tells a line's *kind*: most rules are done with then,
and dropped lines are counted by it. What is left to do for each line is done a block of lines at a time, a column after
the other, which Python does several times faster than line by line. `explain` goes the plain way.

A block of lines comes as rows: of each record the pieces that anything here is told by. Most blocks are of one day.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import compress, groupby, repeat, takewhile
from operator import add, itemgetter, not_
from typing import Any, NamedTuple

from ..cache import Cache
from ..dimensions import DIMENSIONS, LONGEST_VALUE, UNCOUNTED
from ..items import mask
from ..pageviews.agents import know_agent
from ..pageviews.counting import Counting
from ..pageviews.pages import cut, decode_key, page_name
from ..pageviews.referrers import bare_host, referrer_host
from ..pageviews.rules import DUPLICATE, REASONS, Rule, bot_name, drop_reason, rules_for
from ..records import FACTS, Account, Dropped, Format, PageView, Raw, Request, Unreadable, Views

HOUR = 3600  # seconds
QUARTER = 900  # every time zone's offset is a multiple of it, and has been since 1972

# Fields that differ from line to line. The others repeat, and are looked up together.
VARIED = frozenset({"time", "remote_ip", "request_id", "key", "request_uri", "referrer", "user_agent"})
# The same again, at the same time, is the same record.
IDENTITY = ("request_id", "operation", "key")
# What is told of every view; and what is found out about it, so that no piece of the line holds it.
VIEW_FIELDS = (*IDENTITY, "referrer", "user_agent")
OF_VIEWS = frozenset({"day", "hour", "referrer_host", "browser", "system"})
# Which field tells what a dropped request is counted by, besides its status.
DETAILS: dict[str, str] = {row.of_dropped: row.detail for row in DIMENSIONS.values() if row.of_dropped and row.detail}


class Outcome(NamedTuple):
    """What became of one line."""

    outcome: str
    """`view`, `dropped` or `unreadable`"""
    reason: str | None = None
    """Why it was dropped."""
    request: Request | None = None
    view: PageView | None = None


class Lines(NamedTuple):
    """What a run of lines says: all but the last is a digest's."""

    first_time: int | None
    last_time: int | None
    views: Views
    drops: Counter[Dropped]
    account: Account
    unreadable: list[Unreadable]
    line_count: int
    """Blank lines too."""


@dataclass(frozen=True, eq=False, slots=True)
class Common:
    """What the fields say that many lines share; there is one of each, so that they are compared by identity."""

    site: str
    status: str
    own_hosts: frozenset[str]


@dataclass(frozen=True, eq=False, slots=True)
class Kind:
    """What becomes of lines, as far as they are counted; there is one of each, as each line is counted by it."""

    reason: str
    """Why they are dropped, by the rules asked so far; or ""."""
    common: Common
    detail: bytes | None
    """The piece that the reason's own dimension counts, where it has one."""


Row = tuple[Any, ...]


class Digester:
    """Reads lines of one format as one owner counts them; remembers answers over all files."""

    def __init__(self, log_format: Format, counting: Counting):
        self._format, self._counting, self._rules = log_format, counting, rules_for(counting)
        runs = [tuple(run) for _, run in groupby(self._rules, lambda rule: VARIED.intersection(rule.reads))]
        first = list(takewhile(_is_told_by_kind, runs))
        shared = {"bucket", "host_header", "http_status"}.union(*(rule.reads for run in first for rule in run)) - {"key"}
        facts = dict.fromkeys((*VIEW_FIELDS, *counting.item.facts))
        places = {*log_format.moment, *(log_format.pieces[field] for field in facts if field in log_format.pieces)}
        places |= {log_format.pieces[field] for rule in self._rules for field in rule.reads}
        places |= {log_format.pieces[field] for field in shared}
        # A fact that lies in no single piece is read from all of them.
        is_scattered = not all(field in log_format.pieces or field in OF_VIEWS for field in facts)
        self._wanted = tuple(range(1, len(log_format.blank)) if is_scattered else sorted(places))
        self._row_of = itemgetter(*self._wanted)
        self._hour_of, self._second_of = (itemgetter(self._wanted.index(piece)) for piece in log_format.moment)

        of_kind = sorted({log_format.pieces[field] for field in ("key", *shared)})
        self._kind_of = self._take(of_kind)
        self._kinds = _Sharing(self._kind)
        self._key_of = itemgetter(of_kind.index(log_format.pieces["key"]))
        self._same_kind = Cache(lambda said: Kind(*said))
        self._same_common = Cache(lambda said: Common(*said))
        of_common, self._commons = self._remember(shared, self._common)
        self._common_of = itemgetter(*map(of_kind.index, of_common))
        asked_first = map(self._remember_reason, first)
        self._first = [(itemgetter(*map(of_kind.index, of_run)), answers) for of_run, answers in asked_first]
        later = map(self._remember_reason, runs[len(first) :])
        self._later = [(self._take(of_run), answers) for of_run, answers in later]
        self._identity = self._take([*(log_format.pieces[field] for field in IDENTITY), *log_format.moment])
        self._texts = Cache(_text)
        self._days = Cache(self._day_and_hour)
        self._days_of_hour = Cache(lambda hour: {self._days[hour + quarter][0] for quarter in range(0, 4 * QUARTER, QUARTER)})
        self._pages = Cache(lambda key: page_name(decode_key(_text(key) or ""), counting.index_documents))
        self._agents = Cache(lambda agent: know_agent(_text(agent)))
        self._sources = Cache(lambda asked: referrer_host(_text(asked[0]), asked[1]))
        self._details = {reason: self._take([log_format.pieces[field]]) for reason, field in DETAILS.items()}
        self._names = {field: Cache(partial(self._name, field)) for field in DETAILS.values()}
        self._facts = {field: self._remember_fact(field) for field in counting.item.facts}

    def explain(self, lines: Iterable[bytes]) -> Iterator[tuple[int, Outcome]]:
        """What becomes of each line, by its number from 1; blank lines are passed over."""
        known: set[Row] = set()
        for number, line in enumerate(lines, 1):
            (raw,), _ = self._format.split([line])
            if raw is None:
                if line.strip(b" \r"):
                    yield number, Outcome("unreadable")
                continue
            request = self._format.parse(raw)
            row = self._row_of(raw)
            if reason := drop_reason(request, self._counting, self._rules):
                yield number, Outcome("dropped", reason, request)
            elif self._first_ones([row], known) == [False]:
                yield number, Outcome("dropped", DUPLICATE, request)
            else:
                columns = self._views([row], [self._kinds[self._kind_of(row)]])
                yield number, Outcome("view", None, request, next(iter(Views([list(column) for column in columns]))))

    def read(self, blocks: Iterable[bytes]) -> Lines:
        """What blocks of whole lines say."""
        outcomes: dict[str, Counter[Kind]] = defaultdict(Counter)  # by day
        unreadable: list[Unreadable] = []
        columns: list[list[Any]] = [[] for _ in range(FACTS + len(self._facts))]
        known: set[Row] = set()
        lines = line_count = duplicates = 0
        first_time = last_time = None

        for block in blocks:
            rows, hour_pieces, block_lines, odd = self._format.rows(block, self._wanted)
            unreadable += [Unreadable(1 + line_count + place, line) for place, line in odd]
            line_count += block_lines
            if not rows:
                continue
            lines += len(rows)
            hours = {piece: self._format.hours[piece] for piece in hour_pieces}
            first_time, last_time = self._extremes(rows, hours, first_time, last_time)
            days = set().union(*map(self._days_of_hour.__getitem__, hours.values()))
            kinds = list(map(self._kinds.__getitem__, map(self._kind_of, rows)))
            self._count(kinds, rows, days, outcomes)
            rows, kinds = _without_dropped(rows, kinds, [kind.reason for kind in kinds])
            for column_of, answers in self._later:
                reasons = list(map(answers.__getitem__, map(column_of, rows)))
                if any(reasons):
                    dropped = list(compress(zip(rows, kinds, reasons, strict=True), reasons))
                    told = [self._same_kind[reason, kind.common, self._detail(reason, row)] for row, kind, reason in dropped]
                    self._count(told, [row for row, _, _ in dropped], days, outcomes)
                    rows, kinds = _without_dropped(rows, kinds, reasons)
            are_first = self._first_ones(rows, known)
            if not all(are_first):
                duplicates += are_first.count(False)
                rows, kinds = list(compress(rows, are_first)), list(compress(kinds, are_first))
            if rows:
                for column, more in zip(columns, self._views(rows, kinds), strict=True):
                    column += more

        drops, times = self._dropped(outcomes)
        times[DUPLICATE] = duplicates
        return Lines(
            first_time,
            last_time,
            Views(columns),
            drops,
            Account(
                lines=lines + len(unreadable),
                views=len(columns[0]),
                dropped={reason: times[reason] for reason in REASONS if times[reason]},
                unreadable=len(unreadable),
            ),
            unreadable,
            line_count,
        )

    def _times(self, rows: Sequence[Row]) -> list[int]:
        hours = map(self._format.hours.__getitem__, map(self._hour_of, rows))
        return list(map(add, hours, map(self._format.seconds.__getitem__, map(self._second_of, rows))))

    def _extremes(
        self, rows: Sequence[Row], hours: Mapping[Any, int], first: int | None, last: int | None
    ) -> tuple[int, int]:  # fmt: skip
        """The earliest and the latest time, of these and of those before; of most hours, no second needs to be read."""
        early, late = min(hours, key=hours.__getitem__), max(hours, key=hours.__getitem__)
        if first is None or hours[early] <= first:
            least = hours[early] + self._format.seconds[min(self._seconds_of(early, rows, hours))]
            first = least if first is None else min(first, least)
        if last is None or hours[late] + HOUR > last:
            most = hours[late] + self._format.seconds[max(self._seconds_of(late, rows, hours))]
            last = most if last is None else max(last, most)
        return first, last

    def _seconds_of(self, hour: Any, rows: Sequence[Row], hours: Mapping[Any, int]) -> Iterable[Any]:
        seconds = map(self._second_of, rows)
        return seconds if len(hours) == 1 else compress(seconds, map(hour.__eq__, map(self._hour_of, rows)))

    def _count(self, kinds: list[Kind], rows: Sequence[Row], days: set[str], outcomes: dict[str, Counter[Kind]]) -> None:
        """Count the kinds of these rows by their day; of the days that they may be of there seldom are two."""
        if len(days) == 1:
            (day,) = days
            outcomes[day].update(kinds)
            return
        for kind, (day, _) in zip(kinds, self._days_and_hours(self._times(rows)), strict=True):
            outcomes[day][kind] += 1

    def _days_and_hours(self, times: Iterable[int]) -> list[tuple[str, str]]:
        return [self._days[time - time % QUARTER] for time in times]

    def _first_ones(self, rows: Sequence[Row], known: set[Row]) -> list[bool]:
        """Which of these records are not known yet, nor twice among them; they are known from now on."""
        records = list(map(self._identity, rows))
        if known.isdisjoint(records) and len(set(records)) == len(records):
            known.update(records)
            return [True] * len(records)
        return [record not in known and not known.add(record) for record in records]  # type: ignore[func-returns-value]

    def _take(self, places: Iterable[int]) -> Callable[[Row], Any]:
        """What takes these pieces, in their order, out of a row."""
        return itemgetter(*map(self._wanted.index, places))

    def _raw(self, places: Sequence[int], pieces: Any) -> Raw:
        """A raw record that has these pieces only, of which a row may have more; of a single one, the piece itself."""
        raw = list(self._format.blank)
        for place, piece in zip(places, pieces if len(places) > 1 else [pieces], strict=False):
            raw[place] = piece
        return raw

    def _remember(self, fields: Iterable[str], ask: Callable[[Request], Any]) -> tuple[list[int], Cache]:
        """What `ask` says of requests that have these fields and no others, remembered by the pieces they lie in."""
        places = sorted({self._format.pieces[field] for field in fields})
        return places, Cache(lambda pieces: ask(self._format.parse(self._raw(places, pieces))))

    def _remember_reason(self, rules: tuple[Rule, ...]) -> tuple[list[int], Cache]:
        fields = {field for rule in rules for field in rule.reads}
        return self._remember(fields, lambda request: drop_reason(request, self._counting, rules))

    def _kind(self, pieces: tuple[Any, ...]) -> Kind:
        reason = next(filter(None, (answers[of_run(pieces)] for of_run, answers in self._first)), "")
        detail = self._key_of(pieces) if reason in DETAILS else None  # see _is_told_by_kind
        kind: Kind = self._same_kind[reason, self._commons[self._common_of(pieces)], detail]
        return kind

    def _common(self, request: Request) -> Common:
        own_hosts = {bare_host(request.bucket), bare_host(request.host_header)} - {""}
        status = "(none)" if request.http_status is None else str(request.http_status)
        common: Common = self._same_common[self._counting.site_of(request), status, self._counting.own_host_names | own_hosts]
        return common

    def _remember_fact(self, field: str) -> Cache:
        """A field's value by its piece, or by the whole row where it has none of its own: values repeat, or are soon made."""
        if field in OF_VIEWS:
            return Cache(str)  # found out by other means
        read = self._format.fields[field]
        if field not in self._format.pieces:
            return Cache(lambda pieces: read(self._raw(self._wanted, pieces)))
        place = self._format.pieces[field]
        if field == "remote_ip" and self._counting.mask_addresses:
            return Cache(lambda piece: mask(read({place: piece})))
        return Cache(lambda piece: read({place: piece}))

    def _views(self, rows: Sequence[Row], kinds: Sequence[Kind]) -> list[Iterable[Any]]:
        """
        The columns, as in Views, of the views that these records are: asked for in UTC, shown in the site's days and hours.
        """
        pieces = dict(zip(self._wanted, zip(*rows, strict=True), strict=False))  # rows may have more at their ends
        request_id, operation, key, referrer, user_agent = (pieces[self._format.pieces[field]] for field in VIEW_FIELDS)
        commons = [kind.common for kind in kinds]
        times = self._times(rows)
        days = self._days_and_hours(times)
        agents = list(map(self._agents.__getitem__, user_agent))
        seen = {
            "day": [day for day, _ in days],
            "hour": [hour for _, hour in days],
            "referrer_host": list(
                map(self._sources.__getitem__, zip(referrer, [common.own_hosts for common in commons], strict=True))
            ),
            "browser": [agent.browser for agent in agents],
            "system": [agent.system for agent in agents],
        }
        facts = (
            seen[field] if field in seen else map(memory.__getitem__, pieces.get(self._format.pieces.get(field, -1), rows))
            for field, memory in self._facts.items()
        )
        return [
            [common.site for common in commons],
            map(self._pages.__getitem__, key),
            times,
            *seen.values(),
            [common.status for common in commons],
            map(str, request_id, repeat("utf-8"), repeat("replace")),
            map(self._texts.__getitem__, operation),
            map(self._texts.__getitem__, key),
            *facts,
        ]

    def _detail(self, reason: str, row: Row) -> bytes | None:
        """The piece that the reason's own dimension counts, where it has one."""
        return self._details[reason](row) if reason in self._details else None

    def _dropped(self, outcomes: Mapping[str, Mapping[Kind, int]]) -> tuple[Counter[Dropped], Counter[str]]:
        """The dropped requests that dimensions count, decoded; different details may become the same. And all, by reason."""
        drops: Counter[Dropped] = Counter()
        reasons: Counter[str] = Counter()
        for day, kinds in outcomes.items():
            for kind, times in kinds.items():
                reasons[kind.reason] += times
                if kind.reason and kind.reason not in UNCOUNTED:
                    name = self._names[DETAILS[kind.reason]][kind.detail] if kind.reason in DETAILS else ""
                    drops[Dropped(kind.common.site, day, kind.reason, kind.common.status, name)] += times
        return drops, reasons

    def _name(self, field: str, piece: bytes | None) -> str:
        """The missing key, or the bot's name."""
        value = _text(piece)
        named = decode_key(value or "") if field == "key" else bot_name(value, self._counting)
        return cut(named, LONGEST_VALUE) or "(none)"

    def _day_and_hour(self, stamp: int) -> tuple[str, str]:
        when = datetime.fromtimestamp(stamp, self._counting.time_zone)
        return f"{when:%Y-%m-%d}", f"{when:%H}"


def _is_told_by_kind(run: tuple[Rule, ...]) -> bool:
    """Whether what lines share and their key tell what these rules say, and what their reasons are counted by."""
    return all(VARIED.intersection(rule.reads) <= {"key"} and DETAILS.get(rule.reason, "key") == "key" for rule in run)


def _without_dropped(rows: Sequence[Row], kinds: Sequence[Kind], reasons: Sequence[str]) -> tuple[list[Row], list[Kind]]:
    """Those that have no reason to be dropped."""
    are_left = list(map(not_, reasons))
    return list(compress(rows, are_left)), list(compress(kinds, are_left))


class _Sharing(Cache):
    """A memory whose questions share their pieces: looking one up then visits few places that the processor has not at hand."""

    def __init__(self, ask: Callable[[Any], Any]):
        super().__init__(ask)
        self._same = Cache(lambda piece: piece)

    def __missing__(self, question: tuple[Any, ...]) -> Any:
        return super().__missing__(tuple(map(self._same.__getitem__, question)))


def _text(piece: bytes | None) -> str | None:
    return None if piece is None or piece == b"-" else piece.decode("utf-8", "replace")
