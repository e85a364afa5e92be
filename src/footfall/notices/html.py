"""
A document as one page of HTML that mail programs show as it is.

They drop style sheets, scripts and remote pictures, so styles are inline and there is nothing to load.
"""

from collections.abc import Iterator
from html import escape

from ..output import printable
from .document import Cell, Changed, Document, Table

FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
COLORS = {"up": "#1a7f37", "down": "#cf222e", "same": "#656d76"}  # 4.5 : 1 on white
CELL = "padding:4px 12px 4px 0;vertical-align:top"


def to_html(document: Document) -> str:
    """The page. All text is escaped: strangers choose referrers and missing pages."""
    title = _text(document.title)
    body = "".join([*map(_table, document.tables), *(f"<p>{_text(note)}</p>" for note in document.notes)])
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f'<body style="margin:0;padding:24px;background:#ffffff;color:#1f2328;font-size:15px;line-height:1.5;{FONT}">'
        f'<div style="max-width:640px;margin:0 auto"><h1 style="font-size:20px;margin:0">{title}</h1>{body}</div></body></html>'
    )


def _table(table: Table) -> str:
    return f'<h2 style="font-size:16px;margin:24px 0 4px">{_text(table.title)}</h2>{"".join(_parts(table))}'


def _parts(table: Table) -> Iterator[str]:
    if not table.rows:
        yield f'<p style="margin:0;color:{COLORS["same"]}">{_text(table.empty)}</p>'
        return
    last = len(table.header) - 1
    yield '<table role="presentation" style="border-collapse:collapse;width:100%;font-size:14px"><tr>'
    yield from (_cell("th", name, is_number=place < last) for place, name in enumerate(table.header))
    for row in table.rows:
        yield "</tr><tr>"
        yield from (_cell("td", cell, is_number=place < last) for place, cell in enumerate(row))
    yield "</tr></table>"
    if table.more:
        yield f'<p style="margin:4px 0 0;color:{COLORS["same"]}">{_text(table.more)}</p>'


def _cell(tag: str, cell: Cell, *, is_number: bool) -> str:
    color = COLORS[cell.direction] if isinstance(cell, Changed) else COLORS["same"] if tag == "th" else ""
    style = (
        f"{CELL};{'text-align:right;white-space:nowrap' if is_number else 'text-align:left;width:100%;word-break:break-word'}"
    )
    shown = f"{cell:,}" if isinstance(cell, int) else cell.text if isinstance(cell, Changed) else cell
    return f'<{tag} style="{style}{f";color:{color}" if color else ""}">{_text(shown)}</{tag}>'


def _text(text: str) -> str:
    return escape(printable(text))
