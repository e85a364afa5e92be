"""The input of a command: flags, settings and store."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from ..errors import ConfigError
from ..output import to_json
from ..pageviews.pages import also_meant, asked_page
from ..reports import Query, read_filter, read_period
from ..reports.answers import with_capacity, with_reach
from ..settings import CONFIG_FILE, SETTINGS, Settings, load_settings
from ..stores import Store, open_store


class Invocation:
    """A command as typed: its settings, its store, and the form of its answer."""

    def __init__(self, given: dict[str, Any]):
        self.is_json: bool = given["json"]
        self.is_csv: bool = given.get("csv", False)
        if self.is_json and self.is_csv:
            raise ConfigError("--json and --csv cannot be combined; use one of them")
        self.is_quiet: bool = given.get("quiet", False)
        if self.is_json and self.is_quiet:
            raise ConfigError("--json and --quiet cannot be combined; use one of them")
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
        """footfall's own files, which may be in the same folder but are not logs."""
        kind, _, database = self.settings["store"].partition(":")
        databases = [f"{database}{end}" for end in ("", "-wal", "-shm", "-journal")] if kind == "sqlite" else []
        return {Path(os.path.realpath(name)) for name in (self.config, *databases)}  # does not fail on circular links

    @property
    def site(self) -> str | None:
        """The site of a report; None leaves the choice to the store, which may have only one."""
        if len(self.sites) > 1:
            raise ConfigError("a report covers one site; give a single --site")
        return self.settings.site

    def report(self, answer: dict[str, Any]) -> str:
        """A report's answer in JSON, as the HTTP API has it."""
        return to_json(with_capacity(with_reach(answer, self.store), self.store.capacity()))

    def answer(self, answer: dict[str, Any]) -> str:
        """An answer in JSON; with what it consumed, if the store costs money."""
        capacity = self.store.capacity()
        return to_json(answer if capacity is None else {**answer, "capacity": capacity._asdict()})

    def show_capacity(self) -> None:
        """Show on stderr what was consumed."""
        capacity = self.store.capacity()
        if capacity is None:
            click.echo("capacity: this store costs nothing", err=True)
        else:
            units = f"{capacity.read_units:,.1f} read units, {capacity.write_units:,.1f} write units"
            click.echo(f"capacity: {units}, {capacity.requests:,} requests", err=True)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the store's days; that of the settings until it has one."""
        return self.settings.zone_of(self.store)

    def query(self, given: Mapping[str, Any], **more: Any) -> Query:
        """The question about the site and over the period that --start, --end and --period name."""
        start, end, period = given["start"], given["end"], given["period"]
        if period and (start or end):
            raise ConfigError("--period already sets both ends; leave out --start and --end")
        return Query(
            site=self.site,
            period=read_period(start, end, period, self.zone),
            zone=self.zone,
            off=self.settings.counting.off,
            filter=tuple(read_filter(as_text(each), self.settings["index_documents"]) for each in given.get("filter", ())),
            **more,
        )


def invocation_of(context: click.Context, given: dict[str, Any]) -> Invocation:
    """The invocation, from the flags after the command, or else those before it."""
    before = context.obj or {}
    for name, value in given.items():
        if isinstance(value, str) and name not in ("config", "store"):  # not a file name, so it must be valid text
            given[name] = as_text(value)
    merged = {**given, "is_alone": before.get("is_alone")}
    for name in ("json", "verbose", "site", "config", "store"):
        merged[name] = given.get(name) or before.get(name) or (() if name == "site" else None)
    merged["json"] = bool(merged["json"])
    invocation = Invocation(merged)
    context.call_on_close(invocation.store.close)
    if merged["verbose"]:
        context.call_on_close(invocation.show_capacity)
    return invocation


def as_text(argument: str) -> str:
    """An argument, with U+FFFD in place of bytes that are not UTF-8."""
    return os.fsencode(argument).decode("utf-8", "replace")


def page_of(invocation: Invocation, page: str | None) -> dict[str, Any]:
    """The requested page, as arguments of a query; its path or URL also works."""
    if page is None:
        return {}
    documents = invocation.settings["index_documents"]
    name = asked_page(as_text(page), documents)
    return {"page": name, "otherwise": also_meant(name, documents)}
