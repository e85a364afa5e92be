"""Sums up the events of a recount: what changed, what it would cost, and which files keep their counts."""

from collections import Counter
from typing import Any

import click

from ..dimensions import DIMENSIONS
from ..output import to_table
from ..pageviews.rules import REASONS
from ..pipeline.events import DaysRecounted, Event, FilesGone, PartCounted, PartKnown
from ..records import Account
from ..reports.answers import account_json
from .summary import Summary

SHOWN_ROWS = 10
SHOWN_NAMES = 3
SHOWN_DIMENSIONS = ("page", "bot")
DRY_TEXT = "a dry run does not find duplicates across files among newly counted views: the recount may find more"

WHY_DAYS_STAY = "not all log files of these days could be read and recounted (docs/how-to/recount.md)"


class Differences(Summary):
    """Sums up the events of a recount."""

    def __init__(self, *, is_dry: bool, why_visitors_stay: str = ""):
        super().__init__(is_dry=is_dry, are_lines_kept=True)  # unreadable lines were shown by the import
        self.before = Account()
        self._why_visitors_stay = why_visitors_stay
        """Why the visitors of all days stay as counted; "" if they are recounted."""
        self._changes: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in DIMENSIONS}
        self._gone: list[str] = []
        self._stays: dict[str, set[str]] = {}
        self._days: DaysRecounted | None = None
        self._hours: Counter[tuple[str, str, str]] = Counter()
        """Changes in the number of views, by site, day and hour."""

    def add(self, event: Event) -> None:
        """Take in one more event."""
        super().add(event)
        match event:
            case PartCounted(recounted=recounted) if recounted:
                self.before += recounted.before
                for (site, dimension, day, value), views in recounted.change.items():
                    self._changes.setdefault(dimension, Counter())[site, value] += views
                    if dimension == "hour":
                        self._hours[site, day, value] += views
            case PartKnown(stays=stays) if stays:
                self._stays.setdefault(stays.why, set()).add(stays.name)
            case DaysRecounted():
                self._days = event
            case FilesGone(names):
                self._gone = [*names]

    def changes(self, dimension: str) -> list[tuple[str, str, int]]:
        """Site, value, and the change in views (or requests) of a dimension; largest change first."""
        different = [(*of, views) for of, views in self._changes[dimension].items() if views]
        return sorted(different, key=lambda row: (-abs(row[2]), row))

    @property
    def days_with_other_views(self) -> int:
        """The number of days, summed over sites, whose views have changed."""
        return len({(site, day) for (site, day, _), views in self._hours.items() if views})

    def _show_left_out(self) -> None:
        super()._show_left_out()
        for why, names in self._stays.items():
            click.echo(f"{_files(len(names))} as counted before: they {why}", err=True)
        if self._gone:
            more = f" and {len(self._gone) - SHOWN_NAMES:,} more" if len(self._gone) > SHOWN_NAMES else ""
            click.echo(
                f"{_files(len(self._gone))} as counted before, not being where the logs are: "
                f"{', '.join(self._gone[:SHOWN_NAMES])}{more}; restore them, or name all places with --logs",
                err=True,
            )

    def json(self) -> dict[str, Any]:
        """The answer, as `--json` prints it."""
        stay = set().union(*self._stays.values())
        files = {"recounted": self.new, "known": self.known - len(stay), "gone": len(self._gone), "unchangeable": len(stay)}
        answer = {
            "dry_run": self.is_dry,
            "files": files,
            "before": account_json(self.before),
            "after": account_json(self.account),
            "changes": {
                name: [{"site": site, "value": value, "views": views} for site, value, views in self.changes(name)]
                for name in self._changes
            },
            "days_with_other_views": self.days_with_other_views,
        }
        if self._days:
            answer["visitors"] = {"days_recounted": self._days.done, "days_left": self._days.stay}
        return answer | ({"cost": self.cost._asdict()} if self.cost else {})

    def text(self) -> str:
        """The answer for people."""
        done = "would be recounted" if self.is_dry else "recounted"
        price = f"; it would take about {self.cost.write_units:,} write units, ${self.cost.dollars:.4f}" if self.cost else ""
        first = f"{self.new:,} {'file' if self.new == 1 else 'files'} {done}" + (
            f" (dry run: nothing was written{price})" if self.is_dry else ""
        )
        different = [table for table in (self._outcomes(), *map(self._table, SHOWN_DIMENSIONS)) if table]
        if not different and self.new:
            different = ["Nothing changed."]
        elif not (self.new or self._gone or self._stays or self.has_problems):
            different = ["All files were already counted under these rules."]
        return "\n\n".join([first, *different])

    def caveat(self) -> str:
        """See Summary."""
        days, why = self._days.stay if self._days else 0, WHY_DAYS_STAY
        if self._why_visitors_stay:
            days, why = self.days_with_other_views, self._why_visitors_stay
        visitors = f"visitors of {days:,} {'day stays' if days == 1 else 'days stay'} as counted before: {why}"
        return "\n".join([*([visitors] if days else []), *([DRY_TEXT] if self.is_dry and self.new else [])])

    def _outcomes(self) -> str:
        was, now = self.before, self.account
        outcomes = {"view": (was.views, now.views), "unreadable": (was.unreadable, now.unreadable)}
        outcomes |= {reason: (was.dropped.get(reason, 0), now.dropped.get(reason, 0)) for reason in REASONS}
        rows = [(before, after, f"{after - before:+,}", name) for name, (before, after) in outcomes.items() if before != after]
        return to_table(("Before", "Now", "Change", "Lines"), rows, numbers=3) if rows else ""

    def _table(self, dimension: str) -> str:
        rows = [(f"{views:+,}", value, site) for site, value, views in self.changes(dimension)]
        columns = 3 if len({site for *_, site in rows}) > 1 else 2
        header = ("Change", DIMENSIONS[dimension].title, "Site")
        shown = to_table(header[:columns], [row[:columns] for row in rows[:SHOWN_ROWS]]) if rows else ""
        return f"{shown}\nand {len(rows) - SHOWN_ROWS:,} more; --json shows all" if len(rows) > SHOWN_ROWS else shown


def _files(number: int) -> str:
    return "1 file stays" if number == 1 else f"{number:,} files stay"
