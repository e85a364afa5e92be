"""Answers as people read them in a terminal."""

import shutil
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..dimensions import DIMENSIONS, Dimension
from ..items import iso
from ..output import printable
from ..pageviews.rules import REASONS
from ..records import Account, PageView, Request, Value

if TYPE_CHECKING:  # reports use this module too, and do not need the digest package
    from ..digest import Outcome


def columns_of_terminal() -> int | None:
    """The width of the terminal that shows the answer; None if there is no terminal."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def account_text(account: Account) -> str:
    """
    One line that accounts for all lines.

    >>> account_text(Account(1204, 310, {"bot": 40, "not a page": 850}, 4))
    '1,204 lines: 310 views, 850 not a page, 40 bot, 4 unreadable'
    """
    dropped = [(reason, account.dropped.get(reason, 0)) for reason in REASONS]
    parts = [("view" if account.views == 1 else "views", account.views), *dropped, ("unreadable", account.unreadable)]
    told = [f"{count:,} {name}" for name, count in parts if count or name.startswith("view")]
    return f"{account.lines:,} {'line' if account.lines == 1 else 'lines'}: {', '.join(told)}"


def outcome_json(place: str, line: int, log_format: str, outcome: "Outcome", item: Mapping[str, Any] | None) -> dict[str, Any]:
    """
    One line explained, as `--json` prints it; `item` is in DynamoDB's typed form.

    `common` is the request in HTTP's terms, the same for every format; `request` has the fields that its format documents;
    `why` is what is wrong with an unreadable line, null if its format does not know.
    """
    record, view = outcome.record, outcome.view
    return {
        "file": place,
        "line": line,
        "outcome": outcome.outcome,
        "reason": outcome.reason,
        "format": log_format if record else None,
        "common": common_json(record.request) if record else None,
        "request": {name: _documented(name, value) for name, value in record.documented.items()} if record else None,
        "view": view_json(view) if view else None,
        "item": item,
        "why": outcome.why or None,
    }


def _documented(name: str, value: Any) -> Any:
    """A value as the format documents it; times, which are read as numbers, are written out."""
    return iso(value) if name == "time" and isinstance(value, int) else value


def common_json(request: Request) -> dict[str, Any]:
    """The facts of a request, decoded; null if its record does not have them."""
    names = ("method", "path", "query", "status", "referrer", "user_agent", "remote_ip", "content_type", "bytes_sent")
    return {
        "time": iso(request.time),
        "site": request.site,
        **{name: getattr(request, name) for name in names},
        "record_id": None if request.record_id is None else str(request.record_id),
        "country": request.country or None,
    }


def view_json(view: PageView) -> dict[str, Any]:
    """A view: its values of the dimensions, and the id of its record."""
    return {
        "site": view.site,
        "page": view.page,
        "time": iso(view.time),
        "day": view.day,
        **{name: _value(row, view) for name, row in DIMENSIONS.items() if row.of_views and row.field in view.fields},
        "request_id": view.request_id,
        "operation": view.operation,
        "key": view.key,
    }


def _value(row: Dimension, view: PageView) -> Any:
    found = view.fields[row.field]
    return row.group_of(found) if isinstance(found, str) else found


def outcome_text(place: str, line: int, outcome: "Outcome", item: Mapping[str, Value] | None) -> str:
    """One line explained for people: its outcome and fields."""
    told = {
        "view": "a page view",
        "dropped": f"dropped: {outcome.reason}",
        "unreadable": f"unreadable: {outcome.why or 'not a record of this format'}",
    }
    lines = [f"{place}:{line}: {told[outcome.outcome]}"]
    if outcome.view:
        view, fields = outcome.view, outcome.view.fields
        lines.append(f"  counts for {view.page!r} of {view.site} on {view.day} at {fields['hour']}h")
        lines.append(f"  from {fields['referrer_host']}, {fields['browser']} on {fields['system']}")
    if outcome.record:
        for name, value in outcome.record.documented.items():
            if value is not None:
                lines.append(f"    {name:<20} {_documented(name, value) if name == 'time' else value!r}")
    if item:
        lines.append("  is stored as")
        lines += [f"    {name:<20} {value!r}" for name, value in item.items()]
    return "\n".join(map(printable, lines))
