"""
A page's number of views as a small picture for an `<img>`, and as JSON.

Strangers choose the names of pages, so the picture escapes them and omits characters that XML does not allow. It has no
scripts, links or styles, only attributes, so the embedding page's policy cannot block it.
"""

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

SVG = "image/svg+xml"
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HEIGHT, ROOM = 20, 10  # pixels: the height of a box, and the space beside its text
# Approximate widths in Verdana and similar fonts at 11 pixels; the text is stretched to the width computed here.
NARROW, WIDE = "fijlrtI.,:;'|! ()[]1-", "mwMW@%"


def counter_svg(answer: Mapping[str, Any]) -> bytes:
    """The picture of a counter's answer."""
    label, count = _xml(answer["label"]), _xml(answer["count"])
    left, right = _width(answer["label"]) + ROOM, _width(answer["count"]) + ROOM
    of = f": {name}" if (name := answer.get("page") or answer.get("prefix")) else ""
    title = _xml(f"{answer['count']} {answer['label']}{of}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{HEIGHT}" role="img" aria-label="{title}">'
        f"<title>{title}</title>"
        f'<rect width="{left + right}" height="{HEIGHT}" rx="3" fill="#1f7a63"/>'
        f'<path d="M3 0h{left - 3}v{HEIGHT}h-{left - 3}a3 3 0 0 1-3-3v-14a3 3 0 0 1 3-3z" fill="#434d4b"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{left / 2:g}" y="14" textLength="{left - ROOM}">{label}</text>'
        f'<text x="{left + right / 2:g}" y="14" textLength="{right - ROOM}">{count}</text></g></svg>'
    ).encode()


def _width(text: str) -> int:
    return round(sum(4.2 if letter in NARROW else 10.5 if letter in WIDE else 6.2 for letter in text)) or 1


def _xml(text: str) -> str:
    """
    `text` escaped for an element or an attribute.

    >>> _xml('<img onload="x">&\\x07')
    '&lt;img onload=&quot;x&quot;&gt;&amp;\ufffd'
    """
    return escape(_NO_XML.sub("\ufffd", text), {'"': "&quot;"})
