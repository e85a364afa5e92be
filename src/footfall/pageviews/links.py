"""
Broken links: what was not found, and the page that linked to it.

Scanners request missing pages all day, without a referrer or with an invented one. So what they look for is left out, unless a
page of another site links to it: it may have been a page before the site became static.
"""

import re
from typing import NamedTuple

from .pages import cut, page_name
from .referrers import INTERNAL

LONGEST_LINK = 250  # bytes of where the link is; as much is left for what is missing

# What scanners look for, in small letters.
_PROBE = re.compile(
    r"\.(?:php\d?|phtml|aspx?|ashx|axd|jspx?|cgi|env|sql|bak|ini|conf|cfg|ya?ml|toml|dll)(?:\.\w+)?/?\Z"
    r"|/(?:\.|wp-|wordpress\b|xmlrpc|cgi-bin|phpmyadmin|pma\b|vendor/|administrator\b|actuator|solr\b|boaform|hnap1|owa\b|autodiscover"
    r"|server-status|_ignition|telescope|\w*\.git\b)"
)
# What browsers and other programs ask for of any page, without a link to it.
_OF_ITSELF = re.compile(
    r"/(?:favicon|apple-touch-icon|apple-app-site|browserconfig|robots\.txt|ads\.txt|\.well-known/)|\.map\Z"
)


class Lost(NamedTuple):
    """A missing path that a page may have linked to."""

    path: str
    is_probe: bool
    """Whether scanners look for it."""


def lost(path: str | None) -> Lost | None:
    """What was not found; None where browsers ask for it of themselves, or where it is the root."""
    lower = (path or "/").lower()
    return None if lower == "/" or _OF_ITSELF.search(lower) else Lost(path or "", bool(_PROBE.search(lower)))


def led_by(lost: Lost | None, link: tuple[str, str] | None, index_documents: tuple[str, ...]) -> str | None:
    """
    What is missing and where the link to it is, see referrers.address_of; None where no page led to it.

    Where it is on a page of the site, this begins with `/`, and else with the host: `blog/old from news.example/post`.

    >>> led_by(lost("/blog/old"), (INTERNAL, "/links/"), ("index.html",))
    'blog/old from /links'
    """
    if lost is None or link is None:
        return None
    host, path = link
    if host == INTERNAL:
        page = page_name(path, index_documents)
        where = "" if page == page_name(lost.path, index_documents) else f"/{page.removeprefix('/')}"
    else:
        where = host + path.rstrip("/") if host else ""
    if not where or (lost.is_probe and host in (INTERNAL, where)):
        return None
    return f"{cut(lost.path.removeprefix('/'), LONGEST_LINK)} from {cut(where.replace(' ', '%20'), LONGEST_LINK)}"
