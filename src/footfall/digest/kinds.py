"""
Kinds of lines: the common outcome of lines that agree in most of their fields.

The outcome of a line depends on a few fields, and their values repeat: a million lines have about a hundred combinations of
host, operation and status, and a few thousand paths. So the rules are evaluated once per combination. One look-up, by the
shared fields and the path, gives a line's kind: that settles most rules, and dropped lines are counted by it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from ..cache import Cache
from ..dimensions import DIMENSIONS, dimensions_of
from ..fields import FIELDS
from ..formats.base import Reader, Token
from ..pageviews.assets import is_asset
from ..pageviews.counting import Counting
from ..pageviews.rules import HINTS, NOT_A_PAGE, UNCOUNTED, Rule

# The fields that lines share, and these with the path, which identify a kind.
COMMON = ("hosts", "is_read", "is_cdn", "is_signed", "status", "content_type", "is_error_page", "unlogged")
PATH = ("path",)
KIND = (*COMMON, *PATH)

Row = TypeVar("Row")


@dataclass(frozen=True, eq=False, slots=True)
class Dropped:
    """Dropped lines, as far as they are counted. Instances are unique, so that they can be compared by identity."""

    reason: str
    site: str
    counts: tuple[tuple[str, str], ...]
    """The dimensions that count them, with the value."""
    hint: str = ""
    """The setting of the row of HINTS that they match."""


NOT_DROPPED = Dropped("", "", ())
"""Lines that are not dropped yet, or are counted by more than their kind."""


@dataclass(frozen=True, eq=False, slots=True)
class Shared:
    """What depends only on COMMON. Instances are unique."""

    site: str
    counts: tuple[tuple[str, str], ...]
    """The dimensions of dropped requests that depend on it, with their values."""


@dataclass(frozen=True, eq=False, slots=True)
class Kind:
    """The outcome of lines under the rules that depend only on KIND. Instances are unique: see Kinds."""

    is_left: bool
    """Whether no rule has dropped them so far."""
    reason: str
    """The reason why they are dropped, or ""."""
    dropped: Dropped
    shared: Shared
    values: tuple[Any, ...]
    """The values of the wanted fields; empty for dropped lines."""
    hint: str = ""
    """See Dropped; for dropped lines."""
    asset_of: str = ""
    """The site whose page files these lines load; "" for other lines, and if this is not recorded."""


class Half(NamedTuple):
    """What depends only on COMMON, or only on the path: kinds combine both, so each is evaluated once."""

    said: tuple[Any, ...]
    """The values of the request."""
    reasons: Mapping[int, str]
    """The reason or "", by the number of a run of rules that depends on nothing else."""
    fields: Mapping[str, Any]
    """Fields of a view that depend on nothing else."""
    shared: Shared
    """Of COMMON."""


Ask = Callable[[Half, Half], Any]
"""What to look up about a kind: the half in COMMON, and the path."""


class Kinds:
    """
    The kinds of the lines that `reader` reads: `of` gives each by the token of its KIND.

    Ten thousand tokens have a thousand kinds, which then stay in the processor's cache.
    """

    def __init__(self, reader: Reader, counting: Counting, rules: Sequence[Rule], fields: Iterable[str]):
        self._counting = counting
        self._runs = list(enumerate(runs(rules, _needs)))
        self._common, self._path = self._half(reader, COMMON), self._half(reader, PATH)
        self._to_common, self._to_path = reader.narrow(KIND, COMMON), reader.narrow(KIND, PATH)
        self._reasons = [self._ask_rules(number, run) for number, run in self._runs]
        self._fields = [self._ask_field(name) for name in fields]
        self._counts = Cache(self._counts_of)
        self._hints = {
            reason: [(hint.setting, self._ask_both(hint.looks_so, hint.reads)) for hint in HINTS if hint.reason == reason]
            for reason in {hint.reason for hint in HINTS}
        }
        self._is_asset = self._ask_both(is_asset, ("path", "content_type"))
        self._same_dropped = Cache(lambda said: dropped_of(counting.off, *said))
        self._same_kind = Cache(lambda said: Kind(*said))
        self.of = _InterningCache(self._kind)

    def _half(self, reader: Reader, known: tuple[str, ...]) -> Cache:
        """The halves that depend on these fields, by token."""
        values_of = reader.values(*known)
        rules = [
            (number, read_by(run), first_reason(run, self._counting)) for number, run in self._runs if _needs(run[0]) == known
        ]
        fields = [(name, row.reads, row.given(self._counting)) for name, row in FIELDS.items() if needs_only(known, name)]
        same = Cache(lambda said: Shared(*said))

        def half(token: Token) -> Half:
            said = dict(zip(known, values_of(token), strict=True))
            found = {name: ask(*[said[read] for read in reads]) for name, reads, ask in fields}
            reasons = {number: reason(*[said[read] for read in reads]) for number, reads, reason in rules}
            counts = [(name, found[row.field]) for name, row in DIMENSIONS.items() if row.of_dropped and row.field in found]
            return Half(tuple(said.values()), reasons, found, same[found.get("site", ""), tuple(counts)])

        return Cache(half)

    def _kind(self, token: Token) -> Any:
        common, path = self._common[self._to_common(token)], self._path[self._to_path(token)]
        reason = ""
        for ask in self._reasons:
            if reason := ask(common, path):
                break
        if not reason:
            values = tuple([ask(common, path) for ask in self._fields])
            return self._same_kind[True, "", NOT_DROPPED, common.shared, values]
        counts, dropped = self._counts[reason], NOT_DROPPED
        hint = next((setting for setting, ask in self._hints.get(reason, ()) if ask(common, path)), "")
        if counts is not None:
            own = tuple([(name, ask(common, path)) for name, ask in counts])
            dropped = self._same_dropped[reason, common.shared, hint, own]
        is_asset_load = self._counting.knows_loaders and reason == NOT_A_PAGE and self._is_asset(common, path)
        asset_of = common.shared.site if is_asset_load else ""
        return self._same_kind[False, reason, dropped, common.shared, (), hint, asset_of]

    def _counts_of(self, reason: str) -> list[tuple[str, Ask]] | None:
        """The dimensions that count lines dropped for a reason, beyond what they share; None if the kind is not enough."""
        fields = [(name, DIMENSIONS[name].field) for name in counted_by(reason, self._counting.off)]
        if is_detailed(reason, self._counting.off):
            return None
        return [(name, self._ask_field(field)) for name, field in fields if not needs_only(COMMON, field)]

    def _ask_rules(self, number: int, rules: Sequence[Rule]) -> Ask:
        needs = _needs(rules[0])
        if needs == COMMON:
            return lambda common, _: common.reasons[number]
        if needs == PATH:
            return lambda _, path: path.reasons[number]
        return self._ask_both(first_reason(rules, self._counting), read_by(rules))

    def _ask_field(self, name: str) -> Ask:
        if needs_only(COMMON, name):
            return lambda common, _: common.fields[name]
        if needs_only(PATH, name):
            return lambda _, path: path.fields[name]
        return self._ask_both(FIELDS[name].given(self._counting), FIELDS[name].reads)

    def _ask_both(self, of: Callable[..., Any], reads: Sequence[str]) -> Ask:
        answers, take = Cache(lambda said: of(*said)), itemgetter(*map(KIND.index, reads))
        return lambda common, path: answers[take(common.said + path.said)]


class _InterningCache(Cache):
    """
    Answers by tokens whose parts are shared with other tokens.

    A look-up then touches little memory outside the processor's cache.
    """

    def __init__(self, ask: Callable[[Token], Any]):
        super().__init__(ask)
        self._same = Cache(lambda part: part)

    def __missing__(self, token: Any) -> Any:
        return super().__missing__(tuple(map(self._same.__getitem__, token)) if isinstance(token, tuple) else token)


def _needs(rule: Rule) -> tuple[str, ...]:
    """What a rule needs: COMMON, PATH, or KIND for both."""
    return next(known for known in (COMMON, PATH, KIND) if set(rule.reads) <= set(known))


def counted_by(reason: str, off: Collection[str]) -> list[str]:
    """The dimensions that count lines dropped for this reason, except those that are off."""
    return [] if reason in UNCOUNTED else [*dimensions_of(reason, off)]


def dropped_of(off: Collection[str], reason: str, shared: Shared, hint: str, own: Iterable[tuple[str, str | None]]) -> Dropped:
    """The result for lines dropped for this reason: what they share, and their `own` values of dimensions."""
    values = {**dict(shared.counts), **dict(own)}
    counts = ((name, values[name]) for name in counted_by(reason, off))
    return Dropped(reason, shared.site, tuple((name, value) for name, value in counts if value is not None), hint)


def is_detailed(reason: str, off: Collection[str]) -> bool:
    """Whether lines dropped for this reason are counted by more than their kind."""
    return not all(needs_only(KIND, DIMENSIONS[name].field) for name in counted_by(reason, off))


def needs_only(known: Collection[str], field: str) -> bool:
    """Whether a field of a view depends only on these fields of the request."""
    return field in FIELDS and not FIELDS[field].from_fields and set(FIELDS[field].reads) <= set(known)


def runs(rows: Sequence[Row], key: Callable[[Row], Any]) -> list[list[Row]]:
    """Rules or fields in order, grouped while they have the same key."""
    return [list(run) for _, run in groupby(rows, key)]


def read_by(rules: Iterable[Rule]) -> tuple[str, ...]:
    """The fields that these rules read."""
    return tuple(dict.fromkeys(name for rule in rules for name in rule.reads))


def first_reason(rules: Sequence[Rule], counting: Counting) -> Callable[..., str]:
    """A function from the values of all fields they read to the reason of the first rule that drops a request, or ""."""
    reads = read_by(rules)
    asked = [(rule.reason, rule.given(counting), [*map(reads.index, rule.reads)]) for rule in rules]

    def reason(*values: Any) -> str:
        return next((reason for reason, drops, places in asked if drops(*[values[place] for place in places])), "")

    return reason
