"""What to evaluate for each line, and the cached results: made once for a reader and the owner's settings."""

from collections.abc import Iterable, Sequence
from copy import copy
from itertools import takewhile
from operator import not_
from typing import Any, NamedTuple

from ..cache import Cache
from ..columns import Flags
from ..dimensions import DIMENSIONS, fields_of_views
from ..fields import FIELDS, VISITOR, in_order
from ..formats.base import Reader
from ..pageviews.counting import Counting
from ..pageviews.rules import DROP_WHEN, Rule
from .kinds import (
    COMMON,
    KIND,
    NOT_DROPPED,
    Dropped,
    Kinds,
    counted_by,
    dropped_of,
    first_reason,
    is_detailed,
    needs_only,
    read_by,
    runs,
)


class LaterRules(NamedTuple):
    """Rules that need more than a kind, one after the other."""

    reads: tuple[str, ...]
    reason_of: Cache
    """The first reason that applies, or "", by the token of what they read."""
    reasons: dict[str, Flags]
    """What asks reasons whether they are this one, by each that these rules have."""
    is_left: Flags
    """What asks them whether they are none."""


class Details(NamedTuple):
    """How to count lines dropped for a reason that need more than their kind."""

    fields: "Fields"
    names: tuple[str, ...]
    """The fields that dimensions count."""
    dropped_of: Cache
    """By Shared, the hint of the kind, and the values of these fields."""


class Found(NamedTuple):
    """Fields of a view that read the same values, and so are evaluated together."""

    names: tuple[str, ...]
    reads: tuple[str, ...]
    values_of: Cache
    """By the token of what they read, or by the quarter of an hour: a tuple of their values, or the value of the only one."""


class Derived(NamedTuple):
    """Fields of a view that are derived from the same other fields."""

    names: tuple[str, ...]
    from_fields: tuple[str, ...]
    values_of: Cache
    """By a tuple of those values: a tuple of their own values."""


class Fields(NamedTuple):
    """How to evaluate fields, for all records of a block at once."""

    found: list[Found]
    derived: list[Derived]


class Plan:
    """What to evaluate for the records that `reader` reads."""

    def __init__(self, reader: Reader, counting: Counting, rules: str):
        self.reader, self._counting, self.rules = reader.anew(), counting, rules
        active = [rule for rule in DROP_WHEN if rule.is_active(counting)]
        by_kind = list(takewhile(lambda rule: set(rule.reads) <= set(KIND), active))
        self.later = [self._later(run) for run in runs(active[len(by_kind) :], lambda rule: rule.reads)]
        self.details = Cache(self._details)
        reasons = sorted({rule.reason for rule in by_kind if is_detailed(rule.reason, counting.off)})
        self.detailed = {reason: _with_reason(reason) for reason in reasons}
        """Reasons that follow from the kind, even if not all that such lines are counted by does, and what asks kinds."""
        self.is_dropped = Flags(lambda kind: kind.dropped is not NOT_DROPPED)
        """What asks kinds whether they tell all that such lines are counted by."""
        self.is_left = Flags(lambda kind: kind.is_left)
        self.is_load = Flags(lambda kind: kind.asset_of)
        """What asks kinds whether they are requests for page files."""

        self.names = fields_of_views(counting)
        """The fields of a view."""
        self.uncounted = counting.off
        self.knows_loaders = counting.knows_loaders
        names = in_order(self.names)
        self.kind_fields = [name for name in names if needs_only(KIND, name)]
        """The fields of a view that follow from its kind, in the order of the kind's values."""
        self.visitor = self._visitor() if counting.visitors else None
        self.fields_of_views = self._fields(name for name in names if name not in (*self.kind_fields, VISITOR))
        if self.visitor:
            self.fields_of_views.found.append(self.visitor)
        self.kind_of = Kinds(reader, counting, by_kind, self.kind_fields).of
        self.day_of = Cache(FIELDS["day"].given(counting))
        """By quarter of an hour."""

        asked = [self.fields_of_views, *(self.details[reason].fields for reason in {rule.reason for rule in active})]
        more: list[Any] = [*self.later, *(found for fields in asked for found in fields.found)]
        self.fields = frozenset((*KIND, "record_id")).union(*(each.reads for each in more))
        """All fields that are read from a block's records."""

    def reading_by(self, reader: Reader) -> "Plan":
        """The same for another reader of the same meaning: they share all answers."""
        plan = copy(self)
        plan.reader = reader.anew(self.reader)
        return plan

    def _later(self, rules: Sequence[Rule]) -> LaterRules:
        reads, reason = read_by(rules), first_reason(rules, self._counting)
        values_of = self.reader.values(*reads)
        reasons = {name: Flags(name.__eq__) for name in sorted({rule.reason for rule in rules})}
        return LaterRules(reads, Cache(lambda token: reason(*values_of(token))), reasons, Flags(not_))

    def _details(self, reason: str) -> Details:
        field_of = {name: DIMENSIONS[name].field for name in counted_by(reason, self._counting.off)}
        own = [name for name, field in field_of.items() if not needs_only(COMMON, field)]
        names = tuple(field_of[name] for name in own)

        def dropped(question: tuple[Any, ...]) -> Dropped:
            shared, hint, *values = question
            return dropped_of(self._counting.off, reason, shared, hint, zip(own, values, strict=True))

        return Details(self._fields(in_order(names)), names, Cache(dropped))

    def _fields(self, names: Iterable[str]) -> Fields:
        """How to evaluate fields, which are in the order of in_order."""
        asked = [*names]
        derived = [name for name in asked if name in FIELDS and FIELDS[name].from_fields]
        found = self._found([name for name in asked if name not in derived])
        return Fields(found, [self._derived(FIELDS[run[0]].from_fields, run) for run in runs(derived, _sources)])

    def _visitor(self) -> Found:
        """Evaluated separately, because it is also needed for lines that are not views: those that load page files."""
        reads = FIELDS[VISITOR].reads
        return Found((VISITOR,), reads, self._values_of([VISITOR], reads))

    def _found(self, names: Sequence[str]) -> list[Found]:
        """How to evaluate fields: those that read the same values, or fewer, are combined, so that one look-up is enough."""
        reads_of = {name: FIELDS[name].reads if name in FIELDS else (name,) for name in names}
        by_reads: dict[tuple[str, ...], list[str]] = {}
        for name, reads in sorted(reads_of.items(), key=lambda row: -len(row[1])):
            wider = next((each for each in by_reads if set(reads) <= set(each)), reads)
            by_reads.setdefault(wider, []).append(name)
        of_time = by_reads.pop(("time",), [])
        return [Found((name,), ("time",), self._values_of([name], ("time",))) for name in of_time] + [
            Found(tuple(together), reads, self._values_of(together, reads)) for reads, together in by_reads.items()
        ]

    def _derived(self, from_fields: tuple[str, ...], names: Sequence[str]) -> Derived:
        asks = [FIELDS[name].given(self._counting) for name in names]
        return Derived(tuple(names), from_fields, Cache(lambda values: tuple([ask(*values) for ask in asks])))

    def _values_of(self, names: Sequence[str], reads: tuple[str, ...]) -> Cache:
        """A name that is not in FIELDS is a field of the request, or of the format, as logged."""
        rows = [
            (FIELDS[name].given(self._counting), FIELDS[name].reads) if name in FIELDS else (_as_logged, (name,))
            for name in names
        ]
        asks = [(ask, [*map(reads.index, of_row)]) for ask, of_row in rows]
        said_by = _alone if reads == ("time",) else self.reader.values(*reads)

        def several(said: tuple[Any, ...]) -> tuple[Any, ...]:
            return tuple([ask(*[said[place] for place in places]) for ask, places in asks])

        ask, places = asks[0]
        only = (lambda said: ask(*said)) if places == [*range(len(reads))] else (lambda said: several(said)[0])
        # Many tokens say the same, as a piece may say more than was asked for.
        of_said = Cache(several if len(asks) > 1 else only)
        return Cache(lambda token: of_said[said_by(token)])


def _with_reason(reason: str) -> Flags:
    """What asks kinds whether their lines are dropped for this reason."""
    return Flags(lambda kind: kind.reason == reason)


def _sources(name: str) -> tuple[str, ...]:
    return FIELDS[name].from_fields


def _as_logged(value: Any) -> Any:
    return value


def _alone(quarter: Any) -> tuple[Any]:
    """Fields that read a time are looked up by that time itself."""
    return (quarter,)
