"""Answers as machines read them: JSON and CSV."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

# Strangers choose missing pages, referrers and bots; Excel, LibreOffice and Google Sheets compute what begins so.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def to_json(answer: Any) -> str:
    """`answer` as one line of JSON."""
    return json.dumps(answer, ensure_ascii=False)


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """
    A table as CSV, RFC 4180; what a spreadsheet would run as a formula has `'` before it.

    >>> to_csv(("views", "not_found"), [(12, "=1+1"), (3, "about")])
    "views,not_found\\r\\n12,'=1+1\\r\\n3,about"
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([f"'{cell}" if str(cell).startswith(FORMULA_STARTS) else cell for cell in row] for row in rows)
    return out.getvalue().rstrip("\r\n")
