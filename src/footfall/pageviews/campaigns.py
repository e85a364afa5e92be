"""
The campaign tags in a link's query, which say where the reader came from.

A click id, which advertisers create for each click and which identifies a reader, only marks the click as paid. Its value is
never stored.
"""

import re
from typing import NamedTuple
from urllib.parse import parse_qsl

from .referrers import bare_host

CAMPAIGN = ("utm_campaign", "campaign")  # the first one present is used
SOURCE = ("utm_source", "ref", "source")
MEDIUM = ("utm_medium",)
# Only added to the links of ads; Facebook adds its fbclid to every link, so that means nothing.
PAID_CLICKS = frozenset({"gclid", "gbraid", "wbraid", "dclid", "msclkid", "twclid", "ttclid", "li_fat_id", "yclid"})
# Google Analytics' words for paid links: https://support.google.com/analytics/answer/9756891
_PAID_MEDIUM = re.compile(r".*cp.*|ppc|retargeting|paid.*|display|banner|expandable|interstitial")
LONGEST_TAG = 100  # characters
MOST_PAIRS = 50  # of a query that are examined
LONGEST_QUERY = 2048
_MAY_SAY = re.compile(rf"(?:^|&)(?:{'|'.join((*CAMPAIGN, *SOURCE, *MEDIUM, *sorted(PAID_CLICKS)))})=", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?([\w-]+(?:\.[\w-]+)+)/?")


class Tags(NamedTuple):
    """The tags in a link's query; "" if absent."""

    campaign: str = ""
    source: str = ""
    medium: str = ""
    is_paid: bool = False


def tags_of(query: str | None) -> Tags | None:
    """
    The tags of a query, decoded and in lower case; None if it has none, as is usual.

    >>> tags_of("utm_source=Newsletter&utm_campaign=Autumn+2026&gclid=EAIaIQ")
    Tags(campaign='autumn 2026', source='newsletter', medium='', is_paid=True)
    """
    if not query or not _MAY_SAY.search(query):
        return None
    pairs = parse_qsl("&".join(query[:LONGEST_QUERY].split("&")[:MOST_PAIRS]), errors="replace")
    said: dict[str, str] = {}
    for name, value in pairs:
        said.setdefault(name.lower(), value)
    campaign, source, medium = (
        next(filter(None, (_tidy(said.get(name, "")) for name in names)), "") for names in (CAMPAIGN, SOURCE, MEDIUM)
    )
    is_paid = not PAID_CLICKS.isdisjoint(said) or bool(_PAID_MEDIUM.fullmatch(medium))
    host = _HOST.fullmatch(source)
    tags = Tags(campaign, bare_host(host[1]) if host else source, medium, is_paid)
    return tags if any(tags) else None


def _tidy(written: str) -> str:
    """A tag as it can be stored and shown; never one of the words in brackets that footfall itself uses."""
    text = "".join(letter for letter in written[: 4 * LONGEST_TAG] if letter.isprintable()).strip().lower()
    return (text.strip("() ") if text.startswith("(") else text)[:LONGEST_TAG].strip()
