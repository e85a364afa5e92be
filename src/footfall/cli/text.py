"""Answers as people read them in a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..digest import Outcome
from ..items import iso
from ..pageviews.rules import REASONS
from ..records import Account, Value


def to_table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """
    A table for people: the numbers of the first column to the right, texts to the left.

    >>> print(to_table(("Views", "Page"), [(12, "/"), (3, "about")]))
       Views  Page
          12  /
           3  about
    """
    cells = [[printable(f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in row] for row in rows]
    is_number = [column == 0 for column in range(len(header))]
    widths = [max(8, *(len(row[column]) for row in [list(header), *cells])) for column in range(len(header))]
    lines = []
    for row in [list(header), *cells]:
        shown = [
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, is_number, strict=True)
        ]
        lines.append("  ".join(shown).rstrip())
    return "\n".join(lines)


def printable(text: str) -> str:
    """`text` without what would move the cursor or turn the writing: strangers choose referrers and user agents."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


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


def outcome_json(file: str, line: int, outcome: Outcome, item: Mapping[str, Any] | None) -> dict[str, Any]:
    """One line explained, as `--json` prints it; `item` is in DynamoDB's typed form."""
    request, view = outcome.request, outcome.view
    return {
        "file": file,
        "line": line,
        "outcome": outcome.outcome,
        "reason": outcome.reason,
        "request": {**request._asdict(), "time": iso(request.time)} if request else None,
        "view": {name: value for name, value in {**view._asdict(), "time": iso(view.time)}.items() if name != "facts"}
        if view
        else None,
        "item": item,
    }


def outcome_text(file: str, line: int, outcome: Outcome, item: Mapping[str, Value] | None) -> str:
    """One line explained for people: what became of it, and its fields."""
    told = {
        "view": "a page view",
        "dropped": f"dropped: {outcome.reason}",
        "unreadable": "unreadable: not a record of this format",
    }
    lines = [f"{file}:{line}: {told[outcome.outcome]}"]
    if outcome.view:
        view = outcome.view
        lines.append(f"  counts for {view.page!r} of {view.site} on {view.day} at {view.hour}h")
        lines.append(f"  from {view.referrer}, {view.browser} on {view.system}")
    if outcome.request:
        for name, value in outcome.request._asdict().items():
            if value is not None:
                lines.append(f"    {name:<20} {iso(value) if name == 'time' else value!r}")
    if item:
        lines.append("  is stored as")
        lines += [f"    {name:<20} {value!r}" for name, value in item.items()]
    return "\n".join(lines[:1] + [printable(text) for text in lines[1:]])
