"""Sums up the events of an import: its line counts, its cost, and what went wrong."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import click

from ..output import printable
from ..pageviews.rules import HINTS
from ..pipeline.events import (
    Estimated,
    Event,
    FileArchived,
    FileDone,
    FileFailed,
    FileKnown,
    NameUnknown,
    PartCounted,
    SourceFailed,
)
from ..records import Account, LogFile
from ..reports.answers import account_json
from ..stores import CUT
from ..stores.shapes import Estimate
from ..unreadable import Unreadable
from .text import account_text

CDN_TEXT = "your readers are only in its own logs: turn these on (docs/how-to/cloudfront.md), and import them too"
LATE_TEXT = (
    "not counted, because the day was closed before these log files arrived; their views are (docs/how-to/privacy.md#visitors)"
)
UNNAMED = "(unknown)"  # the site of lines from logs that do not name one
ARCHIVED_TEXT = (
    "{:,} skipped: they are archived in S3 (Glacier); to count them, restore them (`aws s3api restore-object`) and run "
    "footfall import again"
)
DRY_TEXT = "a dry run only finds duplicates within a file: the import may find more, and count fewer views"
SHOWN = 5  # unreadable lines, and failed files, that are listed


class Summary:
    """Sums up the events of an import."""

    def __init__(self, *, is_dry: bool = False, are_lines_kept: bool = False):
        self.is_dry = is_dry
        self.account = Account()
        self.new = self.known = self.unnamed = self.archived = 0
        self.cost: Estimate | None = None
        self._sources_failed: list[str] = []
        self._files_failed: list[str] = []
        self._unreadable: list[str] = []
        self._notices: Counter[str] = Counter()
        self._hints: Counter[str] = Counter()
        self._sites: Counter[str] = Counter()
        self._are_lines_kept = are_lines_kept
        """Whether unreadable lines are saved to a file and need not be shown."""

    def add(self, event: Event) -> None:
        """Take in one more event."""
        match event:
            case PartCounted():
                self.account += event.account
                if event.hints:
                    self._hints.update(event.hints)
                for site, views in event.sites.items():
                    self._sites[site] += views
                if event.notice:
                    self._notices[event.notice] += not event.log_file.name or event.is_last
                self._show_unreadable(event.log_file, event.unreadable)
            case FileDone():
                self.new += event.is_new
                self.known += not event.is_new
            case FileKnown():
                self.known += 1
            case FileFailed():
                self.account += event.account
                self._sites.update(event.sites)
                self._files_failed.append(str(event.error))
            case SourceFailed():
                self._sources_failed.append(str(event.error))
            case NameUnknown():
                self.unnamed += 1
            case FileArchived():
                self.archived += 1
            case Estimated(more):
                before = self.cost or Estimate(0, 0.0)
                self.cost = Estimate(before.write_units + more.write_units, before.dollars + more.dollars)

    def _show_unreadable(self, file: LogFile, lines: Sequence[Unreadable]) -> None:
        if lines and not self._are_lines_kept:
            for line in lines[: SHOWN - len(self._unreadable)]:
                why = line.why or line.content[:60].decode("utf-8", "replace")
                self._unreadable.append(f"{printable(file.place)}:{line.line}: unreadable: {printable(why)}")

    @property
    def has_problems(self) -> bool:
        """Whether anything could not be found or counted."""
        return bool(self._sources_failed or self._files_failed)

    def show_problems(self, *, is_quiet: bool = False) -> None:
        """Show on stderr what could not be found or counted and, unless quiet, what was skipped or unreadable."""
        if not is_quiet:
            self._show_left_out()
        for problem in (*self._sources_failed, *self._files_failed[:SHOWN]):
            show_problem(problem)
        if len(self._files_failed) > SHOWN:
            show_problem(f"and {len(self._files_failed) - SHOWN:,} more log files could not be counted")

    def _show_left_out(self) -> None:
        if self.unnamed:
            click.echo(f"{self.unnamed:,} skipped: they are not named like log files; footfall import reads them", err=True)
        if self.archived:
            click.echo(ARCHIVED_TEXT.format(self.archived), err=True)
        for line in self._unreadable:
            click.echo(line, err=True)
        if self._unreadable and self.account.unreadable > len(self._unreadable):
            more = self.account.unreadable - len(self._unreadable)
            click.echo(f"and {more:,} more; --rejects FILE saves them all", err=True)

    def show_mistakes(self, sites: Sequence[str], *, is_site_kept: bool = True) -> None:
        """Show on stderr that `sites` is wrong or missing; `is_site_kept` if the store can have several sites."""
        if len(self._sites) > 1 and not is_site_kept:
            self._show_sites()
        if self.account.lines and self.account.dropped.get("other site") == self.account.lines:
            show_problem(f"no line belongs to {', '.join(sites)}; correct the setting sites, and run footfall recount")

    def show_doubts(self) -> None:
        """Show on stderr what may not be as intended."""
        for notice, files in self._notices.items():
            show_problem(f"{files:,} {'file' if files == 1 else 'files'}: {notice}")
        if cut := self.account.cut:
            show_problem(f"{cut:,} {'view' if cut == 1 else 'views'}: {CUT}")
        if late := self.account.late_visitors:
            show_problem(f"{late:,} {'visitor is' if late == 1 else 'visitors are'} {LATE_TEXT}")
        if cdn := self.account.dropped.get("cdn"):
            show_problem(f"{cdn:,} {'line is a request' if cdn == 1 else 'lines are requests'} of CloudFront: {CDN_TEXT}")
        for hint in HINTS:
            if (looks_so := self._hints[hint.setting]) > self.account.views:
                show_problem(f"{looks_so:,} {hint.text}")

    def _show_sites(self) -> None:
        """Show which sites have views, largest first: the one that was counted may just be the first that came."""
        ranked = sorted(self._sites.items(), key=lambda row: (-row[1], row[0]))
        found = ", ".join(f"{site} ({views:,} {'view' if views == 1 else 'views'})" for site, views in ranked[:SHOWN])
        more = f" and {len(ranked) - SHOWN:,} more" if len(ranked) > SHOWN else ""
        chosen = next(site for site, _ in ranked if site != UNNAMED)  # unnamed lines count for the first named one
        show_problem(
            f"the logs have views of several sites: {found}{more}, but a store holds one unless its keys include the site; "
            f'choose one, such as sites = ["{chosen}"], and import into a new --store, '
            "or count them all (docs/how-to/several-sites.md)"
        )

    def json(self) -> dict[str, Any]:
        """The answer, as `--json` prints it."""
        answer = {"files": {"new": self.new, "known": self.known}, **account_json(self.account)}
        return answer | ({"cost": self.cost._asdict()} if self.cost else {})

    def text(self) -> str:
        """The answer for people."""
        files = f"{self.new:,} new file{'' if self.new == 1 else 's'}, {self.known:,} known"
        cost = self.cost
        price = f"; it would take about {cost.write_units:,} write units, ${cost.dollars:.4f}" if cost else ""
        return f"{account_text(self.account)}; {files}" + (f" (dry run: nothing was written{price})" if self.is_dry else "")

    def caveat(self) -> str:
        """What a dry run did not check, if it matters; else ""."""
        return DRY_TEXT if self.is_dry and self.account.views else ""


def show_problem(problem: str) -> None:
    """Show on stderr what went wrong."""
    click.echo(f"footfall: {printable(problem)}", err=True)
