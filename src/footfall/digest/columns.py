"""Processes a block of records column by column: which are dropped and why, and the remaining views."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ..columns import Choice, Column, chosen, derive, occurrences
from ..fields import QUARTER, VISITOR
from ..formats.base import Columns
from .kinds import KIND, Dropped
from .plan import Fields, Found, LaterRules, Plan

IDS = ("request_id", "operation", "key")
BY_KIND = ""
"""Instead of a reason: records whose outcome depends only on their kind."""

Table = dict[str, Column]
"""Columns by name. One is `kind`, of Kind."""


class Group(NamedTuple):
    """Records that are counted with the same columns."""

    records: Columns
    columns: Table


class SortedOut(NamedTuple):
    """The records of a block, by outcome."""

    dropped: list[tuple[str, Group]]
    """By reason for dropping them, or BY_KIND."""
    records: Columns
    """The records that no rule drops."""
    kinds: Column
    """The kinds of these records."""
    loads: Group | None
    """
    Requests for page files, by those who would be visitors if they viewed a page; None if it is not recorded who loads these.
    """


def sort_out(plan: Plan, records: Columns) -> SortedOut:
    """Apply the rules to records, those that need few fields first."""
    kinds = records.look_up(plan.kind_of, *KIND)
    dropped = list(_dropped_by_kind(plan, records, kinds))
    for reason, has_reason in plan.detailed.items():
        dropped += _in_detail(plan, reason, records, kinds, has_reason.of(kinds))
    loads = _loads(plan, *_chosen(records, kinds, plan.is_load.of(kinds))) if plan.knows_loaders else None
    records, kinds = _chosen(records, kinds, plan.is_left.of(kinds))
    for rules in plan.later:
        reasons = records.look_up(rules.reason_of, *rules.reads)
        for reason, has_reason in rules.reasons.items():
            dropped += _in_detail(plan, reason, records, kinds, has_reason.of(reasons))
        records, kinds = _left(rules, reasons, records, kinds)
    return SortedOut(dropped, records, kinds, loads)


def _dropped_by_kind(plan: Plan, records: Columns, kinds: Column) -> Iterator[tuple[str, Group]]:
    """The records whose outcome depends only on their kind; empty if there are none."""
    if any(choice := plan.is_dropped.of(kinds)):
        records, kinds = _chosen(records, kinds, choice)
        yield BY_KIND, Group(records, {"kind": kinds})


def _loads(plan: Plan, records: Columns, kinds: Column) -> Group:
    for rules in plan.later:
        records, kinds = _left(rules, records.look_up(rules.reason_of, *rules.reads), records, kinds)
    return Group(records, {"kind": kinds, **(_found([plan.visitor], records) if plan.visitor else {})})


def _left(rules: LaterRules, reasons: Column, records: Columns, kinds: Column) -> tuple[Columns, Column]:
    """The records that these rules do not drop, and their kinds."""
    are_left = rules.is_left.of(reasons)
    return (records, kinds) if all(are_left) else _chosen(records, kinds, are_left)


def _chosen(records: Columns, kinds: Column, choice: Choice) -> tuple[Columns, Column]:
    return records.where(choice), chosen(kinds, choice)


def _in_detail(plan: Plan, reason: str, records: Columns, kinds: Column, choice: Choice) -> Iterator[tuple[str, Group]]:
    """The records dropped for a reason that are counted by more than their kind; empty if there are none."""
    if any(choice):
        records, kinds = _chosen(records, kinds, choice)
        yield reason, Group(records, {"kind": kinds, **_found(plan.details[reason].fields.found, records)})


def outcomes(
    plan: Plan, reason: str, columns: Table, where: Sequence[Column]
) -> Iterator[tuple[tuple[Any, ...], Dropped, int]]:
    """The outcomes of records dropped for a reason, or BY_KIND, with their numbers, grouped by the columns in `where`."""
    if reason == BY_KIND:
        yield from ((row[1:], row[0].dropped, times) for row, times in occurrences([columns["kind"], *where]))
        return
    details = plan.details[reason]
    columns = _with_derived(details.fields, columns)
    own = [*map(columns.__getitem__, details.names)]
    end = 1 + len(own)
    for row, times in occurrences([columns["kind"], *own, *where]):
        yield row[end:], details.dropped_of[row[0].shared, row[0].hint, *row[1:end]], times


def loaders(columns: Table, where: Sequence[Column]) -> Iterator[tuple[tuple[Any, ...], str, bytes | None]]:
    """Who loaded page files, each once: `where` it was, whose files, and the visitor; None if the log does not say."""
    if columns:
        for (kind, who, *places), _ in occurrences([columns["kind"], columns[VISITOR], *where]):
            yield tuple(places), kind.asset_of, who


class Named(NamedTuple):
    """Records that no rule drops, with what identifies duplicates."""

    records: Columns
    kinds: Column
    times: Column
    ids: Sequence[Column]
    """The columns of IDS."""

    def identities(self) -> Iterator[tuple[Any, ...]]:
        """The identity of each record."""
        return zip(*self.ids, self.times, strict=True)

    def where(self, choice: Choice) -> "Named":
        """The chosen ones, in order."""
        kinds, times, *ids = (chosen(column, choice) for column in (self.kinds, self.times, *self.ids))
        return Named(self.records.where(choice), kinds, times, ids)


def named(sorted_out: SortedOut, origin: str, start: int) -> Named:
    """The records that are left, with times and ids; see Columns.record_ids."""
    records = sorted_out.records
    return Named(records, sorted_out.kinds, records.times(), records.record_ids(origin, start))


def table_of(plan: Plan, views: Named) -> Table:
    """The values derived from records that are views; there must be at least one."""
    found = _found(plan.fields_of_views.found, views.records)
    return {"time": views.times, **dict(zip(IDS, views.ids, strict=True)), "kind": views.kinds, **found}


def columns_of_views(plan: Plan, table: Table) -> Table:
    """The columns of views, from the values derived from their records, of which there may be none."""
    names = ["time", *IDS, *plan.names]
    if not table:
        return {name: [] for name in names}
    of_kinds = derive(lambda row: row[0].values, [table["kind"]], len(plan.kind_fields))
    table = _with_derived(plan.fields_of_views, {**table, **dict(zip(plan.kind_fields, of_kinds, strict=True))})
    return {name: table[name] for name in names}


def _found(several: Iterable[Found], records: Columns) -> Table:
    """Columns of fields; there must be at least one record."""
    columns: Table = {}
    for found in several:
        columns |= zip(found.names, _columns(found, records), strict=True)
    return columns


def _columns(found: Found, records: Columns) -> Sequence[Column]:
    """A column for each of the fields that are evaluated together."""
    if found.reads == ("time",):
        return [records.by_time(found.values_of, QUARTER)]
    if len(found.names) > 1:
        return records.look_up_parts(found.values_of, len(found.names), *found.reads)
    return [records.look_up(found.values_of, *found.reads)]


def _with_derived(fields: Fields, columns: Mapping[str, Column]) -> Table:
    """The columns, and those that are derived from them."""
    table = {**columns}
    for derived in fields.derived:
        from_columns = [*map(table.__getitem__, derived.from_fields)]
        table |= zip(derived.names, derive(derived.values_of.__getitem__, from_columns, len(derived.names)), strict=True)
    return table


def days_of(plan: Plan, records: Columns) -> Column:
    """The day of each record."""
    return records.by_time(plan.day_of, QUARTER)
