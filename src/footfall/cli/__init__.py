"""
The command line. Each command's docstring is its help.

Answers go to stdout, everything else to stderr; exit code 0 done, 1 our error, 2 bad usage.
"""

import shutil
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import click

from ..digest import Digester
from ..dimensions import DIMENSIONS
from ..errors import ConfigError, FootfallError, SourceError
from ..formats import FORMATS
from ..output import to_csv, to_json
from ..pageviews.pages import page_name
from ..pipeline.parts import read_lines
from ..records import LogFile
from ..reports import INTERVALS, Period, breakdown, check_dimension, history, ledger_status, parse_period, stored_views
from ..reports.answers import breakdown_json, history_json, status_json, stored_views_json, with_capacity
from ..settings import CONFIG_FILE, SETTINGS
from ..sources import TABLES, find_logs, scheme_of
from ..sources.names import documented_day
from .articles import choose_table
from .backfill import hand_over, json_of, text_of, told_of
from .counting import count_logs, tell
from .doctor import doctor
from .options import Asked, Group, as_text, asked, common, period, rows, settings, tables
from .serve import serve
from .sweep import sweep
from .table import table
from .text import account_text, outcome_json, outcome_text, printable, to_table
from .token import token

# Of a history's bars, in characters; and what stands before them: views, an hour's label, and gaps.
SHORTEST_BAR, LONGEST_BAR = 5, 40
BESIDE_BARS = 28


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@common
@click.version_option(package_name="footfall")
@click.pass_context
def cli(context: click.Context, /, **given: Any) -> None:
    """
    Count page views from the access logs that a web site's bucket already writes.

    Start with `footfall demo`, or with `footfall import FOLDER` and `footfall pages`.
    """
    context.obj = {**(context.obj or {}), **given}


@cli.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--since", metavar="DAY", help="Leave out log files whose names, as S3 gives them, have an earlier day.")
@click.option("--until", metavar="DAY", help="Leave out log files whose names have a later day.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), metavar="N", help="So many processes read; as many as the machine has processors."
)
@click.option("--dry-run", is_flag=True, help="Say what would be counted; write nothing.")
@click.option("--via", metavar="FUNCTION", help="Hand what lies in S3 to this function of yours in AWS, which counts it there.")
@click.option("--rejects", metavar="FILE", help="Keep the unreadable lines in FILE, as they are.")
@settings
@common
@click.pass_context
def import_(
    context: click.Context, /, sources: tuple[str, ...], since: str | None, until: str | None, dry_run: bool,
    rejects: str | None, via: str | None, jobs: int | None, **given: Any,
) -> None:  # fmt: skip
    """
    Count the page views of log files, plain or gzip.

    SOURCE is a file, a folder, a glob, s3://bucket/prefix, or - for standard input.

    Files that were counted before are known by their names and passed over, wherever they lie now. Interrupted, it goes
    on where it was when it is run again.
    """
    ask = asked(context, given)
    today = datetime.now(UTC).date()  # the names of log files are in UTC
    first = parse_period(since, today)[0] if since else None
    last = parse_period(until, today)[1] if until else None
    Period(first, last)  # refuses one that ends before it starts
    problems: list[str] = []
    kept_files = ask.own_files | ({Path(rejects).resolve()} if rejects else set())
    if rejects and any(Path(source).resolve() == Path(rejects).resolve() for source in sources):
        raise ConfigError(f"--rejects {rejects} is one of the log files; name another file")
    tables = [choose_table(ask, source, first, last) for source in sources if scheme_of(source) in TABLES]
    places = [source for source in sources if scheme_of(source) not in TABLES]
    log_files = (file for file in _find(places, problems, kept_files) if _is_between(file, first, last))
    if via:
        if tables or rejects or dry_run:
            raise ConfigError("--via hands over log files in S3, without --dry-run and --rejects")
        hand_over(ask, list(log_files), via)
        for problem in problems:
            tell(problem)
        context.exit(1 if problems else 0)
    count_logs(context, ask, log_files, tables=tables, rejects=rejects, problems=problems, is_dry=dry_run, jobs=jobs)


def _find(sources: Iterable[str], problems: list[str], kept_files: set[Path]) -> Iterator[LogFile]:
    """The log files at all sources; what footfall keeps is none, unless it is named itself."""
    for source in sources:
        try:
            for file in find_logs(source):
                if file.is_far or file.place == source or Path(file.place).resolve() not in kept_files:
                    yield file
        except SourceError as error:
            problems.append(str(error))


def _is_between(log_file: LogFile, first: date | None, last: date | None) -> bool:
    day = documented_day(log_file.name)
    return day is None or ((first is None or first <= day) and (last is None or day <= last))


@cli.command()
@click.option("--prefix", default="", metavar="TEXT", help="Only pages that begin so: blog/articles/")
@rows
@period
@tables
@common
@click.pass_context
def pages(context: click.Context, /, **given: Any) -> None:
    """Views per page, most first."""
    _show_breakdown(asked(context, given), "page", given)


@cli.command()
@click.argument("dimension", metavar="DIMENSION")
@click.option("--prefix", default="", metavar="TEXT", help="Only values that begin so.")
@rows
@period
@tables
@common
@click.pass_context
def top(context: click.Context, /, dimension: str, **given: Any) -> None:
    _show_breakdown(asked(context, given), check_dimension(dimension), given)


top.help = f"""
The most frequent values of a dimension.

Of page views: {", ".join(name for name, row in DIMENSIONS.items() if row.of_views)}. Of requests that are none:
{", ".join(name for name, row in DIMENSIONS.items() if row.of_dropped)} (status counts both).
"""


def _show_breakdown(ask: Asked, dimension: str, given: dict[str, Any]) -> None:
    query = ask.query(given, dimension=dimension, prefix=given["prefix"], limit=given["limit"], cursor=given["cursor"])
    found = breakdown(ask.store, query)
    if ask.is_json:
        click.echo(ask.report(breakdown_json(found)))
    elif ask.is_csv:
        click.echo(to_csv(("views", dimension), ((row.views, row.value) for row in found.rows)))
    elif not found.rows:
        click.echo(f"no {DIMENSIONS[dimension].title.lower()} was counted in this period")
    else:
        click.echo(
            to_table(
                (DIMENSIONS[dimension].counts, DIMENSIONS[dimension].title), ((row.views, row.value) for row in found.rows)
            )
        )
    ask.store.close()


@cli.command("history")
@click.argument("page", required=False)
@click.option("--by", type=click.Choice(INTERVALS), default="day", show_default=True, help="How time is cut.")
@period
@tables
@common
@click.pass_context
def history_(context: click.Context, /, page: str | None, by: str, **given: Any) -> None:
    """Views over time, of all pages or of one."""
    ask = asked(context, given)
    found = history(ask.store, ask.query(given, page=_page(ask, page), interval=by))
    if ask.is_json:
        click.echo(ask.report(history_json(found)))
    elif ask.is_csv:
        click.echo(to_csv(("at", "views"), found.series))
    elif not found.series:
        click.echo("nothing was counted in this period")
    else:
        most = max(moment.views for moment in found.series) or 1
        room = shutil.get_terminal_size().columns - BESIDE_BARS
        longest = min(max(room, SHORTEST_BAR), LONGEST_BAR)
        bars = ((moment.views, moment.at, "▇" * round(longest * moment.views / most)) for moment in found.series)
        click.echo(to_table(("Views", by.capitalize(), ""), bars))
    ask.store.close()


@cli.command("views")
@click.argument("page")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="So many views at most, the earliest.")
@click.option("--cursor", metavar="NEXT", help="Go on after an earlier answer's `next`.")
@period
@common
@click.pass_context
def views_(context: click.Context, /, page: str, limit: int | None, cursor: str | None, **given: Any) -> None:
    """The raw records of a page's views, in time order."""
    ask = asked(context, given)
    item_map = ask.settings["item"]
    query = ask.query(given, page=_page(ask, page) or "/", limit=limit, cursor=cursor)
    found = stored_views(ask.store, query, item_map.sort_key)
    if ask.is_json:
        click.echo(ask.report(stored_views_json(found)))
    else:
        names = list(item_map.attributes)
        click.echo("  ".join(names))
        for item in found.items:
            click.echo("  ".join(printable(str(item.get(name, "-"))) for name in names))
    ask.store.close()


def _page(ask: Asked, page: str | None) -> str | None:
    """A page's name, also where it is written as its path: /blog/a/ or blog/a/index.html."""
    return None if page is None else page_name(as_text(page), ask.settings["index_documents"])


@cli.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILE|-...")
@settings
@common
@click.pass_context
def explain(context: click.Context, /, sources: tuple[str, ...], **given: Any) -> None:
    """
    What becomes of each line, and why.

    It shows its fields, its outcome, and the item that is stored.
    """
    ask = asked(context, given)
    digester = Digester(FORMATS[ask.settings["format"]], ask.settings.counting)
    item_map = ask.settings["item"]
    for log_file in chain.from_iterable(map(find_logs, sources)):
        for number, outcome in digester.explain(read_lines(log_file)):
            item = item_map.make(outcome.view) if outcome.view else None
            if ask.is_json:
                typed = item_map.typed(item) if item else None
                click.echo(to_json(outcome_json(log_file.place, number, ask.settings["format"], outcome, typed)))
            else:
                click.echo(outcome_text(log_file.place, number, outcome, item))


@cli.command("status")
@common
@click.pass_context
def status_(context: click.Context, /, **given: Any) -> None:
    """
    What was counted so far, and what was dropped.

    It tells how far the counts reach, too.
    """
    ask = asked(context, given)
    found = ledger_status(ask.store)
    handed = told_of(ask.store)
    ask.store.close()
    if ask.is_json:
        more = {"backfills": [json_of(each) for each in handed]} if handed else {}
        click.echo(to_json(with_capacity({**status_json(found), **more}, ask.store.capacity())))
        return
    newest = f"{found.newest_file}, ingested {found.newest_file_ingested_at}" if found.newest_file else "(none)"
    click.echo(f"Files       {found.files:,}; the newest: {newest}")
    click.echo(f"Requests    from {found.first_request_at or '(none)'} to {found.complete_until or '(none)'}")
    click.echo(f"Sites       {', '.join(found.sites) or '(none)'}; days are in {found.time_zone or '(none)'}")
    click.echo(f"Lines       {account_text(found.account)}")
    for each in handed:
        click.echo(f"Backfill    {text_of(each)}")


for command in (doctor, serve, sweep, table, token):
    cli.add_command(command)


@cli.command()
@click.option("--config", metavar="FILE", help=f"The file to write; default: {CONFIG_FILE}.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@click.pass_context
def init(context: click.Context, /, config: str | None, force: bool) -> None:
    """Write a commented footfall.toml into this folder."""
    path = Path(config or (context.obj or {}).get("config") or CONFIG_FILE)
    if path.exists() and not force:
        raise ConfigError(f"{path} is there already; --force writes over it")
    try:
        path.write_text(example_config(), "utf-8")
    except OSError as error:
        raise FootfallError(f"{path} cannot be written ({error.strerror}); name another --config") from error
    click.echo(f"wrote {path}; every setting in it is a comment with its default")


def example_config() -> str:
    """A footfall.toml in which every setting is a comment with its default."""
    lines = ["# What footfall counts, and where. Each setting is also a variable (FOOTFALL_STORE) and a flag (--store).", ""]
    for name, setting in SETTINGS.items():
        if name != "item":
            lines += [f"# {setting.help}", f"#{name} = {to_json(setting.default)}", ""]
    lines += [f"# {SETTINGS['item'].help}", "#[item]"]
    for attribute, template in SETTINGS["item"].default.items():
        if isinstance(template, str):
            lines.append(f"#{attribute} = {to_json(template)}")
        else:
            lines.append(f"#{attribute} = {{ value = {to_json(template['value'])}, type = {to_json(template['type'])} }}")
    return "\n".join(lines) + "\n"


@cli.command()
@click.option(
    "--folder", default="footfall-demo", metavar="DIR", show_default=True, help="Where the sample logs and the counts go."
)
@click.option(
    "--serve/--no-serve", default=None, help="Go on to the dashboard, or end after the reports; default: go on, on a terminal."
)
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=0, metavar="PORT", help="Of the dashboard; default: any that is free."
)
def demo(folder: str, serve: bool | None, port: int) -> None:
    """
    Show footfall with the logs of a sample site.

    It makes the logs, counts them, shows the reports, and then the dashboard.
    """
    from .demo import run_demo, show_demo

    run_demo(Path(folder), cli)
    if sys.stdout.isatty() if serve is None else serve:
        show_demo(Path(folder), port)
