"""Processes a block of records column by column: which are dropped and why, and the remaining views."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress
from operator import not_
from typing import Any, NamedTuple

from ..fields import QUARTER
from ..formats.base import Columns
from .kinds import KIND, Dropped, Kind
from .plan import Fields, Found, Plan

IDS = ("request_id", "operation", "key")


class SortedOut(NamedTuple):
    """The records of a block, by outcome."""

    dropped: list[tuple[Sequence[Dropped], Columns]]
    """Reasons and the records dropped for them; NOT_DROPPED stands for those that are left, or in a later pair."""
    records: Columns
    """The records that no rule drops."""
    kinds: Sequence[Kind]
    """Of each of these."""
    loads: "Loads | None"
    """None if it is not recorded who loads the files of pages."""


class Loads(NamedTuple):
    """Requests for page files, by those who would be visitors if they viewed a page."""

    sites: Sequence[str]
    records: Columns


def sort_out(plan: Plan, records: Columns) -> SortedOut:
    """Ask the rules about records, those that need little first."""
    kinds: list[Kind] = records.look_up(plan.kind_of, *KIND)
    dropped: list[tuple[Sequence[Dropped], Columns]] = [([kind.dropped for kind in kinds], records)]
    dropped += [_in_detail(plan, reason, [kind.reason for kind in kinds], records, kinds) for reason in plan.detailed]
    loads = _loads(plan, records, kinds) if plan.knows_loaders else None
    are_left = [kind.is_left for kind in kinds]
    records, kinds = records.where(are_left), list(compress(kinds, are_left))
    for rules in plan.later:
        reasons = records.look_up(rules.reason_of, *rules.reads)
        if any(reasons):
            dropped += [_in_detail(plan, reason, reasons, records, kinds) for reason in sorted(set(reasons) - {""})]
            are_left = list(map(not_, reasons))
            records, kinds = records.where(are_left), list(compress(kinds, are_left))
    return SortedOut(dropped, records, kinds, loads)


def _loads(plan: Plan, records: Columns, kinds: Sequence[Kind]) -> Loads:
    sites = [kind.asset_of for kind in kinds]
    records, sites = records.where(sites), list(compress(sites, sites))
    for rules in plan.later:
        reasons = records.look_up(rules.reason_of, *rules.reads)
        if any(reasons):
            are_left = list(map(not_, reasons))
            records, sites = records.where(are_left), list(compress(sites, are_left))
    return Loads(sites, records)


def _in_detail(
    plan: Plan, reason: str, reasons: Sequence[str], records: Columns, kinds: Sequence[Kind]
) -> tuple[Sequence[Dropped], Columns]:
    """The records that are dropped for one of these reasons, which are counted by more than their kind."""
    are_of_it = list(map(reason.__eq__, reasons))
    details, records = plan.details[reason], records.where(are_of_it)
    if not len(records):
        return [], records
    chosen = [*compress(kinds, are_of_it)]
    columns = _find_out(details.fields, records, {})
    own = map(columns.__getitem__, details.names)
    questions = zip([kind.shared for kind in chosen], [kind.hint for kind in chosen], *own, strict=True)
    return list(map(details.dropped_of.__getitem__, questions)), records


def names_of_columns(plan: Plan) -> list[str]:
    """The columns of views."""
    return ["time", *IDS, *plan.names]


class Named(NamedTuple):
    """Records that no rule drops, with what identifies duplicates."""

    records: Columns
    kinds: Sequence[Kind]
    times: list[int]
    ids: list[list[str]]
    """The columns of IDS."""

    def identities(self) -> Iterator[tuple[Any, ...]]:
        """The identity of each."""
        return zip(*self.ids, self.times, strict=True)

    def where(self, are_chosen: Sequence[bool]) -> "Named":
        """Some of them, in their order."""
        kinds, times, *ids = (list(compress(column, are_chosen)) for column in (self.kinds, self.times, *self.ids))
        return Named(self.records.where(are_chosen), kinds, times, ids)  # type: ignore[arg-type]


def named(sorted_out: SortedOut, origin: str, start: int) -> Named:
    """What is left, with times and ids; see Columns.record_ids."""
    records = sorted_out.records
    return Named(records, sorted_out.kinds, records.times(), [*map(list, records.record_ids(origin, start))])


def columns_of_views(plan: Plan, views: Named) -> dict[str, Sequence[Any]]:
    """The fields of records that are views; there is at least one."""
    records, kinds, times, ids = views
    columns: dict[str, Sequence[Any]] = {"time": times, **dict(zip(IDS, ids, strict=True))}
    columns |= zip(plan.kind_fields, zip(*[kind.values for kind in kinds], strict=True), strict=True)
    columns = _find_out(plan.fields_of_views, records, columns)
    return {name: columns[name] for name in names_of_columns(plan)}


def _find_out(fields: Fields, records: Columns, known: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Columns of fields, beside those that are known; there is at least one record."""
    columns = {**known}
    for found in fields.found:
        columns |= zip(found.names, _found(found, records), strict=True)
    for derived in fields.derived:
        values = map(derived.values_of.__getitem__, zip(*map(columns.__getitem__, derived.from_fields), strict=True))
        columns |= zip(derived.names, zip(*values, strict=True), strict=True)
    return columns


def _found(found: Found, records: Columns) -> Iterable[Sequence[Any]]:
    """A column for each of the fields that are found out together."""
    width, is_of_time = len(found.names), found.reads == ("time",)
    if width > 1 and not is_of_time:
        return records.look_up_parts(found.values_of, width, *found.reads)
    values = records.by_time(found.values_of, QUARTER) if is_of_time else records.look_up(found.values_of, *found.reads)
    return [values] if width == 1 else zip(*values, strict=True)


def loaders_of(plan: Plan, loads: Loads) -> list[bytes | None]:
    """The visitor of each of these requests; None if the log does not say."""
    return loads.records.look_up(plan.visitor.values_of, *plan.visitor.reads) if plan.visitor else []


def days_of(plan: Plan, records: Columns) -> list[str]:
    """The day of each record."""
    return records.by_time(plan.day_of, QUARTER)
