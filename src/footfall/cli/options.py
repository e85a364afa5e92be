"""What the commands have in common: their flags, where their answers go, and how they fail."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from ..errors import ConfigError, FootfallError
from ..output import to_json
from ..reports import Query, read_period
from ..reports.answers import with_capacity, with_reach
from ..settings import CONFIG_FILE, SETTINGS, Settings, load_settings
from ..stores import Store, open_store
from .text import printable

Command = TypeVar("Command", bound=Callable[..., Any])

# Of `footfall serve`; those of all others are of `import` and `explain`.
SERVING = ("public", "cors_origins")
# `sites` has a flag of its own, --site, which reports read as the one that is asked about; `logs` are what import is given.
SETTING_FLAGS = {name: f"--{name.replace('_', '-')}" for name in SETTINGS if name not in ("store", "sites", "logs", *SERVING)}
SERVING_FLAGS = {name: f"--{name.replace('_', '-')}" for name in SERVING}


class Asked:
    """What a command was asked: its settings, its store, and the form of its answer."""

    def __init__(self, given: dict[str, Any]):
        self.is_json: bool = given["json"]
        self.is_csv: bool = given.get("csv", False)
        if self.is_json and self.is_csv:
            raise ConfigError("--json and --csv are two forms of one answer; name one of them")
        self.sites: tuple[str, ...] = given["site"]
        flags = {name: given[name] for name in SETTINGS if given.get(name) is not None}
        if self.sites:
            flags["sites"] = self.sites
        environment = {} if given.get("is_alone") else os.environ
        self.settings: Settings = load_settings(given["config"], flags, environment)
        self.config: str = given["config"] or environment.get("FOOTFALL_CONFIG") or CONFIG_FILE
        self.store: Store = open_store(self.settings["store"], self.settings["item"], self.settings.keep)

    @property
    def own_files(self) -> set[Path]:
        """What footfall itself keeps: no logs, though they may lie beside them."""
        kind, _, database = self.settings["store"].partition(":")
        databases = [f"{database}{end}" for end in ("", "-wal", "-shm", "-journal")] if kind == "sqlite" else []
        return {Path(name).resolve() for name in (self.config, *databases)}

    @property
    def site(self) -> str | None:
        """The one site that a report is asked about; None leaves it to the store, which may have but one."""
        if len(self.sites) > 1:
            raise ConfigError("a report is about one site; name one --site")
        return self.settings.site

    def report(self, answer: dict[str, Any]) -> str:
        """A report's answer in JSON, as the HTTP API has it."""
        return to_json(with_capacity(with_reach(answer, self.store), self.store.capacity()))

    def answer(self, answer: dict[str, Any]) -> str:
        """An answer in JSON; with what it consumed, where the store is one that is paid for."""
        capacity = self.store.capacity()
        return to_json(answer if capacity is None else {**answer, "capacity": capacity._asdict()})

    def tell_capacity(self) -> None:
        """Tell on stderr what was consumed."""
        capacity = self.store.capacity()
        if capacity is None:
            click.echo("capacity: this store costs nothing", err=True)
        else:
            units = f"{capacity.read_units:,.1f} read units, {capacity.write_units:,.1f} write units"
            click.echo(f"capacity: {units}, {capacity.requests:,} requests", err=True)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the store's days; of the settings, while it has none."""
        return self.settings.zone_of(self.store)

    def query(self, given: Mapping[str, Any], **more: Any) -> Query:
        """The question about the site and over the period that --start, --end and --period name."""
        start, end, period = given["start"], given["end"], given["period"]
        if period and (start or end):
            raise ConfigError("--period names both ends; use it without --start and --end")
        return Query(site=self.site, period=read_period(start, end, period, self.zone), zone=self.zone, **more)


def common(command: Command) -> Command:
    """The flags that are everywhere; before the command's name they do as well."""
    for option in (
        click.option("--json", is_flag=True, default=None, help="Answer in JSON."),
        click.option("--verbose", is_flag=True, default=None, help="Tell what the store's requests consumed, on stderr."),
        click.option("--site", multiple=True, metavar="SITE", help="The site, where there are several."),
        click.option("--config", metavar="FILE", help="The settings; default: footfall.toml in this folder."),
        click.option("--store", metavar="URL", help=f"Where counts stay; default: {SETTINGS['store'].default}."),
    ):
        command = option(command)
    return command


def settings(command: Command) -> Command:
    """A flag for each setting that decides what counts."""
    return _flags(command, SETTING_FLAGS)


def serving(command: Command) -> Command:
    """A flag for each setting that decides who may ask over HTTP."""
    return _flags(command, SERVING_FLAGS)


def _flags(command: Command, flags: Mapping[str, str]) -> Command:
    for name, flag in reversed([*flags.items()]):
        metavar = "LIST" if isinstance(SETTINGS[name].default, list) else "VALUE"
        command = click.option(flag, name, metavar=metavar, help=f"Setting: {SETTINGS[name].help}")(command)
    return command


def rows(command: Command) -> Command:
    """For answers that have rows, some at a time."""
    command = click.option("--cursor", metavar="NEXT", help="Go on after an earlier answer's `next`.")(command)
    return click.option("--limit", type=click.IntRange(min=1), metavar="N", help="So many rows at most.")(command)


def tables(command: Command) -> Command:
    """For answers that are tables."""
    return click.option("--csv", is_flag=True, help="Answer in CSV.")(command)


def period(command: Command) -> Command:
    """For answers over a period."""
    for option in (
        click.option("--period", metavar="PERIOD", help="Both: 30d, 2022-10, today, yesterday, month, year."),
        click.option("--end", metavar="DAY", help="The last day, or the last of a period; default: the last counted."),
        click.option("--start", metavar="DAY", help="The first day, or the first of a period; default: the first counted."),
    ):
        command = option(command)
    return command


class Group(click.Group):
    """Commands whose errors are one line on stderr: exit code 1, or 2 for bad usage."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        return super().main(*args, **kwargs)

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except FootfallError as error:
            click.echo(f"footfall: {printable(str(error))}", err=True)
            context.exit(error.exit_code)
        except BrokenPipeError:  # `footfall pages | head`: whoever read has read enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            context.exit(0)
        except KeyboardInterrupt:
            click.echo("footfall: interrupted; what was counted is kept, and the same command goes on from there", err=True)
            context.exit(130)
        except OSError as error:
            click.echo(
                f"footfall: cannot write the answer ({error.strerror}); make room for it, or send it elsewhere", err=True
            )
            context.exit(1)

    def resolve_command(self, context: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(context, args)
        except click.UsageError as error:
            raise click.UsageError(f"{error.message} There are: {', '.join(self.commands)}.", context) from error


def asked(context: click.Context, given: dict[str, Any]) -> Asked:
    """What the flags after the command say, else those before it."""
    before = context.obj or {}
    for name, value in given.items():
        if isinstance(value, str) and name not in ("config", "store"):  # no file's name, so it has to be text
            given[name] = as_text(value)
    merged = {**given, "is_alone": before.get("is_alone")}
    for name in ("json", "verbose", "site", "config", "store"):
        merged[name] = given.get(name) or before.get(name) or (() if name == "site" else None)
    merged["json"] = bool(merged["json"])
    ask = Asked(merged)
    if merged["verbose"]:
        context.call_on_close(ask.tell_capacity)
    return ask


def as_text(argument: str) -> str:
    """An argument whose bytes may be no UTF-8, with U+FFFD for those."""
    return os.fsencode(argument).decode("utf-8", "replace")
