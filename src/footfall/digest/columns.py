"""What becomes of a block of records, a column at a time: which are dropped and for what, and the views that are left."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from operator import not_
from typing import Any, NamedTuple

from ..dimensions import QUARTER
from ..formats.base import Columns
from .kinds import KIND, Dropped, Kind
from .plan import Plan

IDS = ("request_id", "operation", "key")


class SortedOut(NamedTuple):
    """The records of a block, by what becomes of them."""

    dropped: list[tuple[Sequence[Dropped], Columns]]
    """What records are dropped for, and these records; NOT_DROPPED are those that are left, or are in a later pair."""
    records: Columns
    """Those that no rule drops."""
    kinds: Sequence[Kind]
    """Of each of these."""


def sort_out(plan: Plan, records: Columns) -> SortedOut:
    """Ask the rules about records, those that need little first."""
    kinds: list[Kind] = list(map(plan.kind_of.__getitem__, records.column(*KIND)))
    dropped: list[tuple[Sequence[Dropped], Columns]] = [([kind.dropped for kind in kinds], records)]
    dropped += [_in_detail(plan, reason, [kind.reason for kind in kinds], records, kinds) for reason in plan.detailed]
    are_left = [kind.is_left for kind in kinds]
    records, kinds = records.where(are_left), list(compress(kinds, are_left))
    for rules in plan.later:
        reasons = list(map(rules.reason_of.__getitem__, records.column(*rules.reads)))
        if any(reasons):
            dropped += [_in_detail(plan, reason, reasons, records, kinds) for reason in sorted(set(reasons) - {""})]
            are_left = list(map(not_, reasons))
            records, kinds = records.where(are_left), list(compress(kinds, are_left))
    return SortedOut(dropped, records, kinds)


def _in_detail(
    plan: Plan, reason: str, reasons: Sequence[str], records: Columns, kinds: Sequence[Kind]
) -> tuple[Sequence[Dropped], Columns]:
    """The records that are dropped for one of these reasons, which are counted by more than their kind."""
    are_of_it = list(map(reason.__eq__, reasons))
    details, records = plan.details[reason], records.where(are_of_it)
    shared = [kind.shared for kind in compress(kinds, are_of_it)]
    tokens = records.column(*details.reads)
    return list(map(details.dropped_of.__getitem__, zip(shared, tokens, strict=True))), records


def names_of_columns(plan: Plan) -> list[str]:
    """The columns of views."""
    return ["time", *IDS, *plan.kind_fields, *(name for found in plan.found for name in found.names)]


def columns_of_views(plan: Plan, records: Columns, kinds: Sequence[Kind], origin: str, start: int) -> dict[str, Sequence[Any]]:
    """What is found out about records that are views; there is at least one. See Columns.record_ids."""
    times = records.times()
    columns: dict[str, Sequence[Any]] = {"time": times}
    columns |= zip(IDS, map(list, records.record_ids(origin, start)), strict=True)
    columns |= zip(plan.kind_fields, zip(*[kind.values for kind in kinds], strict=True), strict=True)
    for found in plan.found:
        tokens = [time - time % QUARTER for time in times] if found.reads == ("time",) else records.column(*found.reads)
        values = list(map(found.values_of.__getitem__, tokens))
        of_names: Iterable[Sequence[Any]] = [values] if len(found.names) == 1 else zip(*values, strict=True)
        columns |= zip(found.names, of_names, strict=True)
    return columns


def days_of(plan: Plan, records: Columns) -> Iterator[str]:
    """The day of each record."""
    return (plan.day_of[time - time % QUARTER] for time in records.times())
