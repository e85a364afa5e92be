"""
From lines to digests: every line gets its one outcome.

A line's outcome hangs on few of its fields, and those repeat: a million lines have some hundred combinations of bucket,
operation and status, some thousand keys and user agents. So the rules are asked once about each, and their answer is
remembered by the undecoded bytes. What is left to do for each line is done a block of lines at a time, a column after
the other, which Python does several times faster than line by line. `explain` goes the plain way.

A block of lines comes as rows: of each record the pieces that anything here is told by, and its hour. Most records of a
block are of one hour, so days are looked up by the hour, or by the quarter where the time zone needs it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import compress, groupby, repeat
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


@dataclass(frozen=True, eq=False, slots=True)
class Common:
    """What the fields say that many lines share; told apart by identity, as each line asks for it."""

    reason: str
    site: str
    status: str
    own_hosts: frozenset[str]


class _Candidates(NamedTuple):
    """Records that count unless they are duplicates, in columns."""

    rows: Sequence[tuple[Any, ...]]
    times: Sequence[int]
    stamps: Sequence[int]
    """The hour or quarter by which its day is known."""
    commons: Sequence[Common]


class Digester:
    """Reads lines of one format as one owner counts them; remembers answers over all files."""

    def __init__(self, log_format: Format, counting: Counting):
        self._format, self._counting, self._rules = log_format, counting, rules_for(counting)
        first, *later = [tuple(run) for _, run in groupby(self._rules, key=lambda rule: VARIED.intersection(rule.reads))]
        shared = {"bucket", "host_header", "http_status"}.union(*(rule.reads for rule in first))
        facts = dict.fromkeys((*VIEW_FIELDS, *counting.item.facts))
        places = {*log_format.moment, *(log_format.pieces[field] for field in facts if field in log_format.pieces)}
        places |= {log_format.pieces[field] for rule in self._rules for field in rule.reads}
        places |= {log_format.pieces[field] for field in shared}
        # A fact that lies in no single piece is read from all of them.
        is_scattered = not all(field in log_format.pieces or field in OF_VIEWS for field in facts)
        self._wanted = tuple(range(1, len(log_format.blank)) if is_scattered else sorted(places))
        self._row_of = itemgetter(*self._wanted)

        self._common_of, self._commons = self._remember(shared, lambda request: self._common(request, first))
        self._later = [self._remember_reason(run) for run in later]
        self._identity = self._take(IDENTITY)
        self._texts = Memory(_text)
        self._days = Memory(self._day_and_hour)
        self._day_of = Memory(lambda stamp: self._days[stamp][0])
        self._is_of_one_day = Memory(lambda hour: len({self._days[hour + more] for more in range(0, HOUR, QUARTER)}) == 1)
        self._pages = Memory(lambda key: page_name(decode_key(_text(key) or ""), counting.index_documents))
        self._agents = Memory(lambda agent: know_agent(_text(agent)))
        self._sources = Memory(lambda asked: referrer_host(_text(asked[0]), asked[1]))
        self._details = {reason: self._take([field]) for reason, field in DETAILS.items()}
        self._names = {field: Memory(partial(self._name, field)) for field in DETAILS.values()}
        self._facts = {field: self._remember_fact(field) for field in counting.item.facts}

    def explain(self, lines: Iterable[bytes]) -> Iterator[tuple[int, Outcome]]:
        """What becomes of each line, by its number from 1; blank lines are passed over."""
        known: set[Any] = set()
        for number, line in enumerate(lines, 1):
            (raw,), times = self._format.split([line])
            if raw is None:
                if line.strip(b" \r"):
                    yield number, Outcome("unreadable")
                continue
            request = self._format.parse(raw)
            row = self._row_of(raw)
            quarter = times[0] - times[0] % QUARTER
            candidate = _Candidates([row], times, [quarter], [self._commons[self._common_of(row)]])
            if reason := drop_reason(request, self._counting, self._rules):
                yield number, Outcome("dropped", reason, request)
            elif self._first_ones(candidate, known) == [False]:
                yield number, Outcome("dropped", DUPLICATE, request)
            else:
                yield number, Outcome("view", None, request, self._views(candidate)[0])

    def read(self, blocks: Iterable[bytes]) -> Lines:
        """What blocks of whole lines say."""
        outcomes: Counter[Any] = Counter()  # (common, day, reason)
        details: Counter[Any] = Counter()  # (common, day, undecoded detail, reason)
        unreadable: list[Unreadable] = []
        views: list[PageView] = []
        known: set[Any] = set()
        lines = line_count = duplicates = 0
        first_time = last_time = None

        for block in blocks:
            rows, hours, seconds, block_lines, odd = self._format.rows(block, self._wanted)
            unreadable += [Unreadable(1 + line_count + place, line) for place, line in odd]
            line_count += block_lines
            if not rows:
                continue
            lines += len(rows)
            first_time, last_time = self._extremes(hours, seconds, first_time, last_time)
            stamps = hours
            if not all(map(self._is_of_one_day.__getitem__, set(hours))):
                stamps = [time - time % QUARTER for time in self._times(hours, seconds)]
            commons = list(map(self._commons.__getitem__, map(self._common_of, rows)))
            columns: list[Any] = [rows, hours, seconds, stamps, commons]
            reasons = [common.reason for common in commons]
            for column_of, answers in self._later:
                columns = self._without_dropped(columns, reasons, outcomes, details)
                reasons = list(map(answers.__getitem__, map(column_of, columns[0])))
            rows, hours, seconds, stamps, commons = self._without_dropped(columns, reasons, outcomes, details)
            candidates = _Candidates(rows, self._times(hours, seconds), stamps, commons)
            are_first = self._first_ones(candidates, known)
            if not all(are_first):
                duplicates += are_first.count(False)
                candidates = _Candidates._make(list(compress(column, are_first)) for column in candidates)
            views += self._views(candidates)

        dropped: Counter[str] = Counter({DUPLICATE: duplicates})
        for (_, _, reason), occurrences in outcomes.items():
            dropped[reason] += occurrences
        return Lines(
            first_time,
            last_time,
            views,
            self._dropped(outcomes, details),
            Account(
                lines=lines + len(unreadable),
                views=len(views),
                dropped={reason: dropped[reason] for reason in REASONS if dropped[reason]},
                unreadable=len(unreadable),
            ),
            unreadable,
            line_count,
        )

    def _without_dropped(
        self, columns: list[Any], reasons: list[str], outcomes: Counter[Any], details: Counter[Any]
    ) -> list[Any]:
        """The columns of the records that have no reason yet; the others are counted."""
        if not any(reasons):
            return columns
        rows, _, _, stamps, commons = columns
        days = list(map(self._day_of.__getitem__, stamps))
        outcomes.update(zip(commons, days, reasons, strict=True))
        for reason in self._details.keys() & set(reasons):
            is_dropped = list(map(reason.__eq__, reasons))
            pieces = map(self._details[reason], compress(rows, is_dropped))
            details.update(zip(compress(commons, is_dropped), compress(days, is_dropped), pieces, repeat(reason)))
        are_left = list(map(not_, reasons))
        return [list(compress(column, are_left)) for column in columns]

    def _times(self, hours: Iterable[int], seconds: Iterable[Any]) -> list[int]:
        return list(map(add, hours, map(self._format.seconds.__getitem__, seconds)))

    def _extremes(
        self, hours: Sequence[int], seconds: Sequence[Any], first: int | None, last: int | None
    ) -> tuple[int, int]:  # fmt: skip
        """The earliest and the latest time, of these and of those before; of most hours, no second needs to be read."""
        early, late = min(hours), max(hours)
        if first is None or early <= first:
            (least,) = self._times([early], [min(compress(seconds, map(early.__eq__, hours)))])
            first = least if first is None else min(first, least)
        if last is None or late + HOUR > last:
            (most,) = self._times([late], [max(compress(seconds, map(late.__eq__, hours)))])
            last = most if last is None else max(last, most)
        return first, last

    def _first_ones(self, candidates: _Candidates, known: set[Any]) -> list[bool]:
        """Which of these records are not known yet, nor twice among them; they are known from now on."""
        records = list(zip(map(self._identity, candidates.rows), candidates.times, strict=True))
        if known.isdisjoint(records) and len(set(records)) == len(records):
            known.update(records)
            return [True] * len(records)
        return [record not in known and not known.add(record) for record in records]  # type: ignore[func-returns-value]

    def _take(self, fields: Iterable[str]) -> Callable[[Any], Any]:
        """What takes the pieces of these fields, in their order, out of a row."""
        return itemgetter(*(self._wanted.index(self._format.pieces[field]) for field in fields))

    def _remember(self, fields: Iterable[str], ask: Callable[[Request], Any]) -> tuple[Callable[[Any], Any], Memory]:
        """What `ask` says of requests that have these fields and no others, remembered by the pieces they lie in."""
        field_of = {self._format.pieces[field]: field for field in fields}
        places = sorted(field_of)
        answers = Memory(lambda pieces: ask(self._format.parse(self._raw(places, pieces))))
        return self._take(field_of[place] for place in places), answers

    def _raw(self, places: Sequence[int], pieces: Any) -> Raw:
        """A raw record that has these pieces only, of which a row may have more; of a single one, the piece itself."""
        raw = list(self._format.blank)
        for place, piece in zip(places, pieces if len(places) > 1 else [pieces], strict=False):
            raw[place] = piece
        return raw

    def _remember_reason(self, rules: tuple[Rule, ...]) -> tuple[Callable[[Raw], Any], Memory]:
        fields = {field for rule in rules for field in rule.reads}
        return self._remember(fields, lambda request: drop_reason(request, self._counting, rules))

    def _remember_fact(self, field: str) -> Memory:
        """A field's value by its piece, or by the whole row where it has none of its own: values repeat, or are soon made."""
        if field in OF_VIEWS:
            return Memory(str)  # found out by other means
        read = self._format.fields[field]
        places = [self._format.pieces[field]] if field in self._format.pieces else self._wanted
        if field == "remote_ip" and self._counting.mask_addresses:
            return Memory(lambda piece: mask(read(self._raw(places, piece))))
        return Memory(lambda pieces: read(self._raw(places, pieces)))

    def _common(self, request: Request, rules: tuple[Rule, ...]) -> Common:
        own_hosts = {bare_host(request.bucket), bare_host(request.host_header)} - {""}
        return Common(
            drop_reason(request, self._counting, rules),
            self._counting.site_of(request),
            "(none)" if request.http_status is None else str(request.http_status),
            self._counting.own_host_names | own_hosts,
        )

    def _views(self, candidates: _Candidates) -> list[PageView]:
        rows, times, stamps, commons = candidates
        if not rows:
            return []
        pieces = dict(zip(self._wanted, zip(*rows, strict=True), strict=False))  # rows may have more at their ends
        request_id, operation, key, referrer, user_agent = (pieces[self._format.pieces[field]] for field in VIEW_FIELDS)
        agents = list(map(self._agents.__getitem__, user_agent))
        day, hour = zip(*map(self._days.__getitem__, stamps), strict=True)
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

    def _dropped(self, outcomes: Counter[Any], details: Counter[Any]) -> Counter[Dropped]:
        """The dropped requests that dimensions count, decoded; different details may become the same."""
        drops: Counter[Dropped] = Counter()
        for (common, day, reason), times in outcomes.items():
            if reason and reason not in UNCOUNTED and reason not in DETAILS:
                drops[Dropped(common.site, day, reason, common.status, "")] += times
        for (common, day, piece, reason), times in details.items():
            drops[Dropped(common.site, day, reason, common.status, self._names[DETAILS[reason]][piece])] += times
        return drops

    def _name(self, field: str, piece: bytes | None) -> str:
        """The missing key, or the bot's name."""
        value = _text(piece)
        named = decode_key(value or "") if field == "key" else bot_name(value, self._counting)
        return cut(named, LONGEST_VALUE) or "(none)"

    def _day_and_hour(self, stamp: int) -> tuple[str, str]:
        when = datetime.fromtimestamp(stamp, self._counting.time_zone)
        return f"{when:%Y-%m-%d}", f"{when:%H}"


# PageView._make without its check of the length: a quarter million of them are made of a million lines.
_page_view = partial(tuple.__new__, PageView)


def _text(piece: bytes | None) -> str | None:
    return None if piece is None or piece == b"-" else piece.decode("utf-8", "replace")
