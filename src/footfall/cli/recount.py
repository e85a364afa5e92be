"""`footfall recount`: recounts, in place, log files that were counted under other rules."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

import click

from ..articles.table import is_table
from ..digest import rules_of
from ..errors import ConfigError
from ..pipeline.events import Event
from ..pipeline.recount import Due, recount
from ..pipeline.search import find
from ..pipeline.visitors import recount_visitors
from ..pipeline.workers import LATER_START, START
from ..reports import parse_period
from ..reports.period import seconds_of
from .backfill import hand_over
from .differences import Differences
from .ingestion import digesters, show, usable_processors
from .invocation import Invocation, invocation_of
from .options import common, quiet, settings

STDIN = "-"


@click.command("recount")
@click.argument("period", required=False, metavar="[PERIOD]")
@click.option(
    "--logs", multiple=True, metavar="SOURCE", help="Where the log files are, as for import; default: the setting `logs`."
)
@click.option("--dry-run", is_flag=True, help="Show what would change and what it would cost, without writing it.")
@click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help="Read with N processes (default: one per CPU).")
@click.option("--via", metavar="FUNCTION", help="Have your function in AWS recount the log files in S3.")
@quiet
@settings
@common
@click.pass_context
def recount_(
    context: click.Context, /, period: str | None, logs: tuple[str, ...], dry_run: bool, jobs: int | None, via: str | None,
    **given: Any,
) -> None:  # fmt: skip
    """
    Recount log files that were counted under other rules.

    Rules are the settings that decide what counts, footfall's own rules, and its lists of bots. Files are read again and
    their counts are replaced in place, even while imports run. With PERIOD (a day, month, year, or 30d), only files with
    requests from that period are read.

    Files that no longer exist keep their old counts, and their days keep the old number of visitors. If interrupted, run
    it again to resume.
    """
    invocation = invocation_of(context, given)
    places = logs or ((invocation.settings["logs"],) if invocation.settings["logs"] else ())
    if not places:
        raise ConfigError("no log files to read: give --logs SOURCE, a folder or s3://bucket/prefix, or set logs")
    if tables := [place for place in places if is_table(place)]:
        raise ConfigError(f"{tables[0]} is a table, and tables cannot be recounted; name log files")
    if via:
        if dry_run:
            raise ConfigError("--via cannot be used with --dry-run")
        due = Due(rules_of(invocation.settings.counting), *(_times(invocation, period) or ()))
        context.exit(0 if hand_over(invocation, find(places), via, due=due) else 1)
    stay = _why_visitors_stay(invocation, places)
    times, jobs = _times(invocation, period), jobs or usable_processors()
    events = _events(invocation, places, times, jobs, is_dry=dry_run, are_visitors_recounted=not (stay or dry_run))
    differences = Differences(is_dry=dry_run, why_visitors_stay=stay)
    show(invocation, events, differences)
    context.exit(1 if differences.has_problems else 0)


def _events(
    invocation: Invocation,
    places: Sequence[str],
    times: tuple[int, int] | None,
    jobs: int,
    *,
    is_dry: bool,
    are_visitors_recounted: bool,
) -> Iterator[Event]:
    """The events of a recount. Visitors are recounted before counts; see pipeline.visitors."""
    store, counting, make_digester = invocation.store, invocation.settings.counting, digesters(invocation)
    start = LATER_START if are_visitors_recounted else START
    counts = recount(find(places), store, counting, times, make_digester, is_dry=is_dry, jobs=jobs, start=start)
    if not are_visitors_recounted:
        return counts
    due = Due(rules_of(counting), *(times or ()))
    return chain(recount_visitors(lambda: find(places), store, counting, due, make_digester, jobs=jobs), counts)


def _why_visitors_stay(invocation: Invocation, places: Sequence[str]) -> str:
    """Why the visitors of all days stay as counted; "" if they are recounted."""
    if not invocation.settings.counting.visitors:
        return "the setting visitors is off"
    if not invocation.store.rebuilds_days:
        return "nobody knows any more who they were (docs/how-to/recount.md)"
    return "log files on standard input are read once only; name a folder" if STDIN in places else ""


def _times(invocation: Invocation, period: str | None) -> tuple[int, int] | None:
    """The first and the last second of the period; None for all times."""
    if period is None:
        return None
    zone = invocation.settings["time_zone"]
    return seconds_of(parse_period(period, datetime.now(zone).date()), zone)
