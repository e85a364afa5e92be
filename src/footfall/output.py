"""Output as JSON and CSV, and as tables for people."""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

# Strangers choose missing pages, referrers and bots; Excel, LibreOffice and Google Sheets run cells that begin with these as
# formulas. Some treat full-width signs as plain ones, and strip invisible characters before them.
_SIGNS = "=+@\uff1d\uff0b\uff20\ufe66\ufe62\ufe6b\uff0d\ufe63-"  # the last one stands for no range
_UNSEEN = "\x00-\x20\x7f-\xa0\xad\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
_BEGINS_FORMULA = re.compile(f"[\t\r]|[{_UNSEEN}]*[{_SIGNS}]").match
# A new cell begins here if `;` or a tab separates cells, as in much of Europe, or if any line end starts a new row.
_FORMULA_WITHIN = re.compile(f"(?<=[;\t\r\n])(?=[{_UNSEEN}]*[{_SIGNS}])")

GAP = "  "
NARROWEST = 8  # to which a column is truncated; a narrower one would be useless


def to_json(answer: Any) -> str:
    """`answer` as one line of JSON."""
    return json.dumps(answer, ensure_ascii=False)


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """
    A table as CSV, RFC 4180; anything that a spreadsheet would run as a formula gets a `'` before it.

    >>> to_csv(("views", "not_found"), [(12, "=1+1"), (3, "about")])
    "views,not_found\\r\\n12,'=1+1\\r\\n3,about"
    """
    out = io.StringIO()
    write_csv(out, header, rows)
    return out.getvalue().rstrip("\r\n")


def write_csv(out: TextIO, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write the same to `out`, row by row; `out` must not translate line ends."""
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_harmless(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)


def _harmless(cell: str) -> str:
    """A cell with `'` before each formula in it."""
    return ("'" if _BEGINS_FORMULA(cell) else "") + _FORMULA_WITHIN.sub("'", cell)


def to_table(header: Sequence[str], rows: Iterable[Sequence[Any]], numbers: int = 1, columns: int | None = None) -> str:
    """
    A table for people: the first `numbers` columns are right-aligned, all others left-aligned.

    To fit into a terminal of `columns`, the widest columns are truncated, except the first.

    >>> print(to_table(("Views", "Page"), [(12, "/"), (3, "about")]))
       Views  Page
          12  /
           3  about
    """
    table = [list(header), *([printable(f"{cell:,}" if isinstance(cell, int) else str(cell)) for cell in row] for row in rows)]
    widths = [max(0 if number else 8, *map(len, column)) for number, column in enumerate(zip(*table, strict=True))]
    while (
        columns and sum(widths) + len(GAP) * (len(widths) - 1) > columns and (widest := max(widths[1:], default=0)) > NARROWEST
    ):
        widths[widths.index(widest, 1)] -= 1
    lines = []
    for row in table:
        cells = (cell if len(cell) <= width else f"{cell[: width - 1]}…" for cell, width in zip(row, widths, strict=True))
        shown = (
            cell.rjust(width) if number < numbers else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        lines.append(GAP.join(shown).rstrip())
    return "\n".join(lines)


def printable(text: str) -> str:
    """`text` without control characters and direction marks: strangers choose referrers and user agents."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
