"""
From lines to digests: every line gets its one outcome.

A line's outcome hangs on few of its fields, and those repeat: a million lines have some hundred combinations of bucket,
operation and status, some thousand keys and user agents. So the rules are asked once about each, and their answer is
remembered by the undecoded bytes. What is left to do for each line is done a block of lines at a time, a column after
the other, which Python does several times faster than line by line. `explain` goes the plain way.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import compress, groupby, repeat
from operator import itemgetter, not_
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

QUARTER = 900  # seconds: every time zone's offset is a multiple of it, and has been since 1972

# Fields that differ from line to line. The others repeat, and are looked up together.
VARIED = frozenset({"time", "remote_ip", "request_id", "key", "request_uri", "referrer", "user_agent"})
# The same again, at the same time, is the same record.
IDENTITY = ("request_id", "operation", "key")
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
    """What a run of lines says."""

    views: list[PageView]
    drops: Counter[Dropped]
    account: Account
    unreadable: list[Unreadable]
    first_time: int | None
    last_time: int | None


@dataclass(frozen=True, eq=False, slots=True)
class Common:
    """What the fields say that many lines share; told apart by identity, as each line asks for it."""

    reason: str
    site: str
    status: str
    own_hosts: frozenset[str]


class _Candidates(NamedTuple):
    """Records that count unless they are duplicates, in columns."""

    raws: Sequence[Raw]
    times: Sequence[int]
    quarters: Sequence[int]
    commons: Sequence[Common]


class Digester:
    """Reads lines of one format as one owner counts them; remembers answers over all files."""

    def __init__(self, log_format: Format, counting: Counting):
        self._format, self._counting, self._rules = log_format, counting, rules_for(counting)
        first, *later = [tuple(run) for _, run in groupby(self._rules, key=lambda rule: VARIED.intersection(rule.reads))]
        self._common_of, self._commons = self._remember(
            {"bucket", "host_header", "http_status"}.union(*(rule.reads for rule in first)),
            lambda request: self._common(request, first),
        )
        self._later = [self._remember_reason(run) for run in later]
        self._identity = itemgetter(*(log_format.pieces[field] for field in IDENTITY))
        self._texts = Memory(_text)
        self._days = Memory(self._day_and_hour)
        self._pages = Memory(lambda key: page_name(decode_key(_text(key) or ""), counting.index_documents))
        self._agents = Memory(lambda agent: know_agent(_text(agent)))
        self._sources = Memory(lambda asked: referrer_host(_text(asked[0]), asked[1]))
        places = Counter(log_format.pieces.values())
        own = [field for field in counting.item.facts if places[log_format.pieces.get(field, -1)] == 1]
        self._view_fields = tuple(dict.fromkeys(("request_id", "operation", "key", "referrer", "user_agent", *own)))
        self._view_pieces = itemgetter(*(log_format.pieces[field] for field in self._view_fields))
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
            candidate = _Candidates([raw], times, [times[0] // QUARTER], [self._commons[self._common_of(raw)]])
            if reason := drop_reason(request, self._counting, self._rules):
                yield number, Outcome("dropped", reason, request)
            elif self._first_ones(candidate, known) == [False]:
                yield number, Outcome("dropped", DUPLICATE, request)
            else:
                yield number, Outcome("view", None, request, self._views(candidate)[0])

    def read(self, blocks: Iterable[Sequence[bytes]], first_line: int = 1) -> Lines:
        """What blocks of lines say; `first_line` is the number of the first line in its file."""
        detail_of = {reason: self._format.pieces[field] for reason, field in DETAILS.items()}
        detailed = set(detail_of)
        outcomes: Counter[Any] = Counter()  # (common, quarter of an hour, reason)
        details: Counter[Any] = Counter()  # the same, with the undecoded detail
        unreadable: list[Unreadable] = []
        views: list[PageView] = []
        known: set[Any] = set()
        duplicates = 0
        first_time = last_time = None

        for lines in blocks:
            raws: list[Any]
            raws, times = self._format.split(lines)
            if not all(raws):
                for number, (line, raw) in enumerate(zip(lines, raws, strict=True), first_line):
                    if raw is None and line.strip(b" \r"):
                        unreadable.append(Unreadable(number, line))
                raws = [raw for raw in raws if raw is not None]
            first_line += len(lines)
            if not raws:
                continue
            first_time = min(times) if first_time is None else min(first_time, *times)
            last_time = max(times) if last_time is None else max(last_time, *times)
            commons = list(map(self._commons.__getitem__, map(self._common_of, raws)))
            reasons = [common.reason for common in commons]
            for piece_of, answers in self._later:
                reasons = [reason or answers[piece_of(raw)] for reason, raw in zip(reasons, raws, strict=True)]
            quarters = [time // QUARTER for time in times]
            outcomes.update(zip(commons, quarters, reasons, strict=True))
            if not detailed.isdisjoint(reasons):
                details.update(
                    (common, quarter, reason, raw[detail_of[reason]])
                    for common, quarter, reason, raw in zip(commons, quarters, reasons, raws, strict=True)
                    if reason in detail_of
                )
            if "" in reasons:
                is_view = list(map(not_, reasons))
                candidates = _Candidates(*(list(compress(column, is_view)) for column in (raws, times, quarters, commons)))
                are_first = self._first_ones(candidates, known)
                if not all(are_first):
                    duplicates += are_first.count(False)
                    candidates = _Candidates(*(list(compress(column, are_first)) for column in candidates))
                views += self._views(candidates)

        dropped: Counter[str] = Counter({DUPLICATE: duplicates})
        for (_, _, reason), times_seen in outcomes.items():
            dropped[reason] += times_seen
        return Lines(
            views,
            self._dropped(outcomes, details),
            Account(
                lines=outcomes.total() + len(unreadable),
                views=len(views),
                dropped={reason: dropped[reason] for reason in REASONS if dropped[reason]},
                unreadable=len(unreadable),
            ),
            unreadable,
            first_time,
            last_time,
        )

    def _first_ones(self, candidates: _Candidates, known: set[Any]) -> list[bool]:
        """Which of these records are not known yet, nor twice among them; they are known from now on."""
        records = list(zip(map(self._identity, candidates.raws), candidates.times, strict=True))
        if known.isdisjoint(records) and len(set(records)) == len(records):
            known.update(records)
            return [True] * len(records)
        return [record not in known and not known.add(record) for record in records]  # type: ignore[func-returns-value]

    def _remember(self, fields: Iterable[str], ask: Callable[[Request], Any]) -> tuple[Callable[[Raw], Any], Memory]:
        """What `ask` says of requests that have these fields and no others, remembered by the pieces they lie in."""
        places = sorted({self._format.pieces[field] for field in fields})
        return itemgetter(*places), Memory(lambda pieces: ask(self._format.parse(self._raw(places, pieces))))

    def _raw(self, places: Sequence[int], pieces: Any) -> Raw:
        """A raw record that has these pieces only; of a single one, the piece itself."""
        raw = list(self._format.blank)
        for place, piece in zip(places, pieces if len(places) > 1 else [pieces], strict=True):
            raw[place] = piece
        return raw

    def _remember_reason(self, rules: tuple[Rule, ...]) -> tuple[Callable[[Raw], Any], Memory]:
        fields = {field for rule in rules for field in rule.reads}
        return self._remember(fields, lambda request: drop_reason(request, self._counting, rules))

    def _remember_fact(self, field: str) -> Memory:
        """A field's value by the piece that is its own: pieces repeat, or their values are soon made."""
        read, place = self._format.fields.get(field, str), self._format.pieces.get(field, 0)
        if field == "remote_ip" and self._counting.mask_addresses:
            return Memory(lambda piece: mask(read(self._raw([place], piece))))
        return Memory(lambda piece: read(self._raw([place], piece)))

    def _common(self, request: Request, rules: tuple[Rule, ...]) -> Common:
        own_hosts = {bare_host(request.bucket), bare_host(request.host_header)} - {""}
        return Common(
            drop_reason(request, self._counting, rules),
            self._counting.site_of(request),
            "(none)" if request.http_status is None else str(request.http_status),
            self._counting.own_host_names | own_hosts,
        )

    def _views(self, candidates: _Candidates) -> list[PageView]:
        raws, times, quarters, commons = candidates
        if not raws:
            return []
        pieces = dict(zip(self._view_fields, zip(*map(self._view_pieces, raws), strict=True), strict=True))
        agents = list(map(self._agents.__getitem__, pieces["user_agent"]))
        asked = zip(pieces["referrer"], [common.own_hosts for common in commons], strict=True)
        day, hour = zip(*map(self._days.__getitem__, quarters), strict=True)
        seen = {
            "day": day,
            "hour": hour,
            "referrer_host": list(map(self._sources.__getitem__, asked)),
            "browser": [agent.browser for agent in agents],
            "system": [agent.system for agent in agents],
        }
        facts = []
        for field, memory in self._facts.items():
            if field in seen:
                facts.append(seen[field])
            elif field in pieces:
                facts.append(list(map(memory.__getitem__, pieces[field])))
            else:  # it shares a piece with others
                facts.append(list(map(self._format.fields[field], raws)))
        columns = (
            [common.site for common in commons],
            map(self._pages.__getitem__, pieces["key"]),
            times,
            *seen.values(),
            [common.status for common in commons],
            map(str, pieces["request_id"], repeat("utf-8"), repeat("replace")),
            map(self._texts.__getitem__, pieces["operation"]),
            map(self._texts.__getitem__, pieces["key"]),
            zip(*facts, strict=True) if facts else ((),) * len(raws),
        )
        return list(map(_page_view, zip(*columns, strict=True)))

    def _dropped(self, outcomes: Counter[Any], details: Counter[Any]) -> Counter[Dropped]:
        """The dropped requests that dimensions count, decoded; different details may become the same."""
        drops: Counter[Dropped] = Counter()
        for (common, quarter, reason), times in outcomes.items():
            if reason and reason not in UNCOUNTED and reason not in DETAILS:
                drops[Dropped(common.site, self._days[quarter][0], reason, common.status, "")] += times
        for (common, quarter, reason, piece), times in details.items():
            detail = self._detail(DETAILS[reason], _text(piece))
            drops[Dropped(common.site, self._days[quarter][0], reason, common.status, detail)] += times
        return drops

    def _detail(self, field: str | None, value: str | None) -> str:
        """The missing key, or the bot's name."""
        named = decode_key(value or "") if field == "key" else bot_name(value, self._counting)
        return cut(named, LONGEST_VALUE) or "(none)"

    def _day_and_hour(self, quarter: int) -> tuple[str, str]:
        when = datetime.fromtimestamp(quarter * QUARTER, self._counting.time_zone)
        return f"{when:%Y-%m-%d}", f"{when:%H}"


# PageView._make without its check of the length: a quarter million of them are made of a million lines.
_page_view = partial(tuple.__new__, PageView)


def _text(piece: bytes | None) -> str | None:
    return None if piece is None or piece == b"-" else piece.decode("utf-8", "replace")
