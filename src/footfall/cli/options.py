"""Flags shared by commands."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from ..dimensions import FILTERS
from ..measures import MEASURES
from ..settings import SETTINGS
from .completion import complete_files, complete_sites, named

Command = TypeVar("Command", bound=Callable[..., Any])

# Settings with flags in `footfall serve`; all others have theirs in `import` and `explain`.
SERVING = ("public", "cors_origins", "embed_origins")
# `footfall digest` has its own flags for these.
NOTICES = ("digest",)
# `sites` has its own flag, --site, which reports read as the site to report on; `logs` are import's arguments.
SETTING_FLAGS = {
    name: f"--{name.replace('_', '-')}" for name in SETTINGS if name not in ("store", "sites", "logs", *SERVING, *NOTICES)
}
SERVING_FLAGS = {name: f"--{name.replace('_', '-')}" for name in SERVING}
# The ways to write a period that shell completion proposes.
PERIODS = ("today", "yesterday", "7d", "30d", "12m", "week", "month", "year")


def common(command: Command) -> Command:
    """The flags of all commands; also accepted before the command's name."""
    for option in (
        click.option("--json", is_flag=True, default=None, help="Answer in JSON."),
        click.option("--verbose", is_flag=True, default=None, help="Show what the store's requests consumed, on stderr."),
        click.option(
            "--site", multiple=True, metavar="SITE", help="The site, if there are several.", shell_complete=complete_sites
        ),
        click.option(
            "--config",
            metavar="FILE",
            help="The settings file; default: footfall.toml in the current folder.",
            shell_complete=complete_files,
        ),
        click.option("--store", metavar="URL", help=f"Where counts are stored; default: {SETTINGS['store'].default}."),
    ):
        command = option(command)
    return command


def settings(command: Command) -> Command:
    """A flag for each setting that decides what counts."""
    return _flags(command, SETTING_FLAGS)


def serving(command: Command) -> Command:
    """A flag for each setting of access over HTTP."""
    return _flags(command, SERVING_FLAGS)


def _flags(command: Command, flags: Mapping[str, str]) -> Command:
    for name, flag in reversed([*flags.items()]):
        metavar = "LIST" if isinstance(SETTINGS[name].default, list) else "VALUE"
        command = click.option(flag, name, metavar=metavar, help=f"Setting: {SETTINGS[name].help}")(command)
    return command


def rows(command: Command) -> Command:
    """For answers with pages of rows."""
    command = click.option("--cursor", metavar="NEXT", help="Continue after an earlier answer: its `next`.")(command)
    return click.option(
        "--limit", type=click.IntRange(min=1), metavar="N", help="Show at most N rows; default: 30, and all in JSON and CSV."
    )(command)


def quiet(command: Command) -> Command:
    """For commands that cron runs."""
    return click.option("--quiet", is_flag=True, help="Print nothing unless something is wrong.")(command)


def comparable(command: Command) -> Command:
    """For answers that can be compared with the period before."""
    return click.option("--compare", is_flag=True, help="Compare with the same number of days, or whole months, before.")(
        command
    )


def measured(command: Command) -> Command:
    """For answers with a choice of measures."""
    choice = click.Choice([*MEASURES])
    return click.option("--measure", type=choice, help="What to count; default: the first measure that applies.")(command)


def filtered(command: Command) -> Command:
    """For answers that can be filtered."""
    return click.option(
        "--filter",
        multiple=True,
        metavar="DIMENSION=VALUE",
        help="Only views with this value: country=DE. If repeated, all must match.",
        shell_complete=named(lambda: ((f"{name}=", row.title) for name, row in FILTERS.items())),
    )(command)


def tables(command: Command) -> Command:
    """For answers that are tables."""
    return click.option("--csv", is_flag=True, help="Answer in CSV.")(command)


def period(command: Command) -> Command:
    """For answers over a period."""
    for option in (
        click.option(
            "--period",
            metavar="PERIOD",
            help="Both ends at once: 30d, 2022-10, today, week, last month, year, 12 months.",
            shell_complete=named(lambda: ((word, "") for word in PERIODS)),
        ),
        click.option("--end", metavar="DAY", help="The last day, or the last of a period; default: the last counted."),
        click.option("--start", metavar="DAY", help="The first day, or the first of a period; default: the first counted."),
    ):
        command = option(command)
    return command
