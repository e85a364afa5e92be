"""
From lines to digests: every line gets its one outcome.

A line's outcome hangs on few of its fields, and those repeat: a million lines have some hundred combinations of bucket,
operation and status, some thousand keys and user agents. So the rules are asked once about each, and their answer is
remembered by the undecoded bytes. Lines that share all this and the key are of one *kind*: most rules are done with when
a line's kind is known, and dropped lines are counted by it. What is left to do for each line is done a block of lines at
a time, a column after the other, which Python does several times faster than line by line. `explain` goes the plain way.

A block of lines comes as rows: of each record the pieces that anything here is told by. Most blocks are of one day.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, compress, groupby, repeat, takewhile
from operator import add, itemgetter, not_
from typing import Any, NamedTuple

from ..dimensions import DIMENSIONS, LONGEST_VALUE, UNCOUNTED
from ..items import mask
from ..memory import Memory
from ..records import Account, Dropped, Format, PageView, Raw, Request, Unreadable
from .agents import know_agent
from .counting import Counting
from .pages import cut, decode_key, page_name
from .referrers import bare_host, referrer_host
from .rules import DUPLICATE, REASONS, Rule, bot_name, drop_reason, rules_for

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
    views: list[PageView]
    drops: Counter[Dropped]
    account: Account
    unreadable: list[Unreadable]
    line_count: int
    """Blank lines too."""


@dataclass(frozen=True)
class Common:
    """What the fields say that many lines share."""

    site: str
    status: str
    own_hosts: frozenset[str]


@dataclass(frozen=True, eq=False, slots=True)
class Kind:
    """What lines say that share these fields and the key; told apart by identity, as each line is counted by it."""

    reason: str
    """Why they are dropped, by the first rules; or ""."""
    common: Common
    key: bytes | None


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

        self._of_kind = sorted({log_format.pieces[field] for field in ("key", *shared)})
        self._kind_of = self._take(self._of_kind)
        self._kinds = Memory(self._kind)
        self._of_common, self._commons = self._remember(shared, self._common)
        self._key = log_format.pieces["key"]
        self._first = [self._remember_reason(run) for run in first]
        later = [self._remember_reason(run) for run in runs[len(first) :]]
        self._later = [(self._take(places), answers) for places, answers in later]
        self._identity = self._take([*(log_format.pieces[field] for field in IDENTITY), *log_format.moment])
        self._texts = Memory(_text)
        self._days = Memory(self._day_and_hour)
        self._days_of_hour = Memory(lambda hour: {self._days[hour + quarter][0] for quarter in range(0, 4 * QUARTER, QUARTER)})
        self._pages = Memory(lambda key: page_name(decode_key(_text(key) or ""), counting.index_documents))
        self._agents = Memory(lambda agent: know_agent(_text(agent)))
        self._sources = Memory(lambda asked: referrer_host(_text(asked[0]), asked[1]))
        self._details = {reason: self._take([log_format.pieces[field]]) for reason, field in DETAILS.items()}
        self._names = {field: Memory(partial(self._name, field)) for field in DETAILS.values()}
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
                yield number, Outcome("view", None, request, self._views([row], [self._kinds[self._kind_of(row)]])[0])

    def read(self, blocks: Iterable[bytes]) -> Lines:
        """What blocks of whole lines say."""
        kinds_of: dict[str, Counter[Kind]] = defaultdict(Counter)  # by day
        later: Counter[tuple[str, Kind, str, bytes | None]] = Counter()  # (day, kind, reason, undecoded detail)
        unreadable: list[Unreadable] = []
        views: list[PageView] = []
        known: set[Row] = set()
        lines = line_count = duplicates = 0
        first_time = last_time = None

        for block in blocks:
            rows, block_lines, odd = self._format.rows(block, self._wanted)
            unreadable += [Unreadable(1 + line_count + place, line) for place, line in odd]
            line_count += block_lines
            if not rows:
                continue
            lines += len(rows)
            hours = {hour: self._format.hours[hour] for hour in set(map(self._hour_of, rows))}
            first_time, last_time = self._extremes(rows, hours, first_time, last_time)
            kinds = list(map(self._kinds.__getitem__, map(self._kind_of, rows)))
            for day, of_day in self._by_day(kinds, rows, hours).items():
                kinds_of[day].update(of_day)
            rows, kinds = _without_dropped(rows, kinds, [kind.reason for kind in kinds])
            for column_of, answers in self._later:
                reasons = list(map(answers.__getitem__, map(column_of, rows)))
                if any(reasons):
                    dropped = compress(zip(rows, kinds, reasons, strict=True), reasons)
                    later.update(
                        (*self._days_of([row]), kind, reason, self._detail(reason, row)) for row, kind, reason in dropped
                    )
                    rows, kinds = _without_dropped(rows, kinds, reasons)
            are_first = self._first_ones(rows, known)
            if not all(are_first):
                duplicates += are_first.count(False)
                rows, kinds = list(compress(rows, are_first)), list(compress(kinds, are_first))
            views += self._views(rows, kinds)

        drops, times = self._dropped(kinds_of, later)
        times[DUPLICATE] = duplicates
        return Lines(
            first_time,
            last_time,
            views,
            drops,
            Account(
                lines=lines + len(unreadable),
                views=len(views),
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

    def _by_day(self, kinds: list[Kind], rows: Sequence[Row], hours: Mapping[Any, int]) -> Mapping[str, list[Kind]]:
        """The kinds of these rows by their day, of which there seldom are two."""
        days = set().union(*map(self._days_of_hour.__getitem__, hours.values()))
        if len(days) == 1:
            return {days.pop(): kinds}
        found: dict[str, list[Kind]] = defaultdict(list)
        for kind, day in zip(kinds, self._days_of(rows), strict=True):
            found[day].append(kind)
        return found

    def _days_of(self, rows: Sequence[Row]) -> list[str]:
        return [self._days[time - time % QUARTER][0] for time in self._times(rows)]

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

    def _remember(self, fields: Iterable[str], ask: Callable[[Request], Any]) -> tuple[list[int], Memory]:
        """What `ask` says of requests that have these fields and no others, remembered by the pieces they lie in."""
        places = sorted({self._format.pieces[field] for field in fields})
        return places, Memory(lambda pieces: ask(self._format.parse(self._raw(places, pieces))))

    def _remember_reason(self, rules: tuple[Rule, ...]) -> tuple[list[int], Memory]:
        fields = {field for rule in rules for field in rule.reads}
        return self._remember(fields, lambda request: drop_reason(request, self._counting, rules))

    def _kind(self, pieces: tuple[Any, ...]) -> Kind:
        raw = self._raw(self._of_kind, pieces)
        reasons = (answers[itemgetter(*places)(raw)] for places, answers in self._first)
        return Kind(next(filter(None, reasons), ""), self._commons[itemgetter(*self._of_common)(raw)], raw[self._key])

    def _common(self, request: Request) -> Common:
        own_hosts = {bare_host(request.bucket), bare_host(request.host_header)} - {""}
        return Common(
            self._counting.site_of(request),
            "(none)" if request.http_status is None else str(request.http_status),
            self._counting.own_host_names | own_hosts,
        )

    def _remember_fact(self, field: str) -> Memory:
        """A field's value by its piece, or by the whole row where it has none of its own: values repeat, or are soon made."""
        if field in OF_VIEWS:
            return Memory(str)  # found out by other means
        read = self._format.fields[field]
        places = [self._format.pieces[field]] if field in self._format.pieces else self._wanted
        if field == "remote_ip" and self._counting.mask_addresses:
            return Memory(lambda piece: mask(read(self._raw(places, piece))))
        return Memory(lambda pieces: read(self._raw(places, pieces)))

    def _views(self, rows: Sequence[Row], kinds: Sequence[Kind]) -> list[PageView]:
        """The views that these records are, which were asked for in UTC and are shown in the days of the site."""
        if not rows:
            return []
        pieces = dict(zip(self._wanted, zip(*rows, strict=True), strict=False))  # rows may have more at their ends
        request_id, operation, key, referrer, user_agent = (pieces[self._format.pieces[field]] for field in VIEW_FIELDS)
        commons = [kind.common for kind in kinds]
        times = self._times(rows)
        day, hour = zip(*map(self._days.__getitem__, [time - time % QUARTER for time in times]), strict=True)
        agents = list(map(self._agents.__getitem__, user_agent))
        seen = {
            "day": day,
            "hour": hour,
            "referrer_host": list(
                map(self._sources.__getitem__, zip(referrer, [common.own_hosts for common in commons], strict=True))
            ),
            "browser": [agent.browser for agent in agents],
            "system": [agent.system for agent in agents],
        }
        facts = [
            seen[field] if field in seen else map(memory.__getitem__, pieces.get(self._format.pieces.get(field, -1), rows))
            for field, memory in self._facts.items()
        ]
        columns = (
            [common.site for common in commons],
            map(self._pages.__getitem__, key),
            times,
            *seen.values(),
            [common.status for common in commons],
            map(str, request_id, repeat("utf-8"), repeat("replace")),
            map(self._texts.__getitem__, operation),
            map(self._texts.__getitem__, key),
            zip(*facts, strict=True) if facts else repeat(()),
        )
        return list(map(_page_view, zip(*columns, strict=False)))

    def _detail(self, reason: str, row: Row) -> bytes | None:
        """The piece that the reason's own dimension counts, where it has one."""
        return self._details[reason](row) if reason in self._details else None

    def _dropped(
        self, kinds_of: Mapping[str, Mapping[Kind, int]], later: Mapping[tuple[str, Kind, str, bytes | None], int]
    ) -> tuple[Counter[Dropped], Counter[str]]:
        """The dropped requests that dimensions count, decoded; different details may become the same. And all, by reason."""
        drops: Counter[Dropped] = Counter()
        reasons: Counter[str] = Counter()
        of_kinds = (
            (day, kind, kind.reason, kind.key, times) for day, kinds in kinds_of.items() for kind, times in kinds.items()
        )
        for day, kind, reason, detail, times in chain(of_kinds, ((*each, times) for each, times in later.items())):
            reasons[reason] += times
            if reason and reason not in UNCOUNTED:
                name = self._names[DETAILS[reason]][detail] if reason in DETAILS else ""
                drops[Dropped(kind.common.site, day, reason, kind.common.status, name)] += times
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


# PageView._make without its check of the length: a quarter million of them are made of a million lines.
_page_view = partial(tuple.__new__, PageView)


def _text(piece: bytes | None) -> str | None:
    return None if piece is None or piece == b"-" else piece.decode("utf-8", "replace")
