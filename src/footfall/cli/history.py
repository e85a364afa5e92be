"""`footfall history`: views over time, with a bar each."""

import shutil
from itertools import zip_longest
from typing import Any

import click

from ..measures import MEASURES, VISITORS, choose_measure, numbers_of
from ..output import printable, to_csv, to_table
from ..reports import INTERVALS, History, Moment, Visitors, annotations, history
from ..reports.answers import history_json
from ..reports.comparison import COLUMNS, UNKNOWN, Comparison, change, nothing_text
from ..stores import Store
from .completion import complete_pages
from .invocation import invocation_of, page_of
from .options import common, comparable, filtered, measured, period, tables

# In characters: the bars, and what is to their left: views, an hour's label, and gaps.
SHORTEST_BAR, LONGEST_BAR = 5, 40
BESIDE_BARS = 28
BESIDE_COMPARED = 20  # before, change, and their gaps
BESIDE_VISITORS = 10


@click.command("history")
@click.argument("page", required=False, shell_complete=complete_pages)
@click.option("--by", type=click.Choice(INTERVALS), default="day", show_default=True, help="The interval of each row.")
@filtered
@measured
@comparable
@period
@tables
@common
@click.pass_context
def history_(context: click.Context, /, page: str | None, by: str, **given: Any) -> None:
    """Show views over time, of all pages or of one."""
    invocation = invocation_of(context, given)
    asked = {"interval": by, "measure": given["measure"], "compare": given["compare"]}
    query = invocation.query(given, **asked, **page_of(invocation, page))
    found = history(invocation.store, query)
    if found.query.turned_off:
        click.echo(f"footfall: {found.query.turned_off}", err=True)
    if invocation.is_json:
        click.echo(invocation.report(history_json(found)))
    elif invocation.is_csv:
        click.echo(_csv(found))
    elif not found.query.logged_days:
        click.echo(nothing_text("nothing", found.query))
    else:
        click.echo("\n".join([_text(found), *_annotations_text(invocation.store, found)]))
    invocation.store.close()


def _csv(found: History) -> str:
    columns = ["at", *numbers_of(found.query.measure)]
    moments = history_json(found)["series"]
    if found.before is not None:
        columns.append("before")
        moments = [
            {**row, "before": then and then.views} for row, (_, then) in zip(moments, _beside_before(found), strict=True)
        ]
    if found.visitors and VISITORS not in columns:
        columns.append(VISITORS)
    return to_csv(columns, ([moment[name] for name in columns] for moment in moments))


def _text(found: History) -> str:
    """A bar for each moment; with a comparison, also the count at the same offset in the previous period."""
    comparison = Comparison(found.query, found.before.query) if found.before else None
    is_compared = comparison is not None and comparison.is_possible
    who = _visitors_column(found)
    beside = BESIDE_BARS + (BESIDE_COMPARED if is_compared else 0) + (BESIDE_VISITORS if who else 0)
    longest = shutil.get_terminal_size().columns - beside
    longest, most = min(max(longest, SHORTEST_BAR), LONGEST_BAR), max(moment.views for moment in found.series) or 1

    def compared(at: str, now: int, then: Moment | None) -> tuple[int | str, ...]:
        if comparison is None or not is_compared:
            return ()
        changed = change(now, then.views) if then and comparison.is_over(at) else UNKNOWN
        return then.views if then else UNKNOWN, changed

    rows = [
        (
            *who.get(at, ()),
            views,
            *compared(at, views, then),
            _label(at, found.query.interval),
            "▇" * round(longest * views / most),
        )
        for (at, views), then in _beside_before(found)
    ]
    if comparison and found.before and is_compared:
        before = found.before.total
        in_all = [found.visitors.total or 0] if who and found.visitors else []
        rows.append((*in_all, found.total, before, comparison.change(found.total, before), "in total", ""))
    counted = MEASURES[choose_measure(found.query.measure, None)].title
    header = (
        *([MEASURES[VISITORS].title] if who else ()),
        counted,
        *(COLUMNS if is_compared else ()),
        found.query.interval.capitalize(),
        "",
    )
    lines = [to_table(header, rows, numbers=len(header) - 2), *_visitors_text(found), *_suspects_text(found.visitors)]
    return "\n".join([*lines, comparison.text("the change in total compares daily averages")] if comparison else lines)


def _visitors_column(found: History) -> dict[str, tuple[int | str]]:
    """The visitors of each moment; empty if none are known, or if visitors are the measure."""
    if not found.visitors or not found.visitors.total or found.query.measure == VISITORS:
        return {}
    known = found.visitors.by(found.query.interval)
    return {at: ("-" if (number := known.get(at, 0)) is None else number,) for at, _ in found.series}


def _visitors_text(found: History) -> list[str]:
    """The sum of visitors over several days, and the number of days without them."""
    if not found.visitors or not found.visitors.total or found.query.period.length == 1:
        return []
    more = _unknown_text(len(found.visitors.unknown))
    return [f"visitors: {found.visitors.total:,}, the sum of the days{more}"]


def _suspects_text(visitors: Visitors | None) -> list[str]:
    """How many of the visitors may be bots; "" if that is not known, which JSON and the dashboard explain."""
    if not visitors or not visitors.total:
        return []
    suspects = visitors.suspects
    if suspects.number is None:
        return []
    of, more = suspects.number + (suspects.loaded or 0), _unknown_text(suspects.unknown_days)
    return [f"suspected bots: {suspects.number:,} of {of:,} visitors loaded no picture, style or script{more}"]


def _annotations_text(store: Store, found: History) -> list[str]:
    """The owner's annotations for days of the period."""
    return [f"{each.day}: {printable(each.text)}" for each in annotations(store, found.query).rows]


def _unknown_text(days: int) -> str:
    return f"; not known of {days:,} {'day' if days == 1 else 'days'}" if days else ""


def _beside_before(found: History) -> list[tuple[Moment, Moment | None]]:
    """Each moment, with the one at the same offset in the previous period; None if that is too short, or precedes the logs."""
    before, first = found.before.series if found.before else (), str(found.query.logged.start)
    then = (moment if moment.at >= first else None for moment in before[: len(found.series)])
    return list(zip_longest(found.series, then))


def _label(at: str, interval: str) -> str:
    """
    A moment as people write it: a month without its first day, an hour without the `T`.

    >>> _label("2026-08-01", "month"), _label("2026-08-01T09:00", "hour")
    ('2026-08', '2026-08-01 09:00')
    """
    return at[: len("2026-08")] if interval == "month" else at.replace("T", " ")
