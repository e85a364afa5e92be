"""
Broken links: what was not found although a page led somebody to it, and which page that was.

Scanners ask for what is not there all day, and name no page that they come from, or an invented one. So what they look for is
left out, unless a page of another site links to it: it may have been a page before the site was a static one.
"""

import re

from .agents import bot_name
from .pages import cut, page_name
from .referrers import INTERNAL, address_of

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


def broken_link(
    path: str | None, referrer: str | None, hosts: tuple[str, ...], user_agent: str | None, unlogged: frozenset[str],
    own_hosts: frozenset[str], index_documents: tuple[str, ...], bots: tuple[re.Pattern[str], ...],
) -> str | None:  # fmt: skip
    """
    What is missing and where the link to it is, for a request that found nothing; None where no page led somebody to it.

    Where it is on a page of the site, this begins with `/`, and else with the host: `blog/old from news.example/post`.

    >>> none = frozenset()
    >>> broken_link("/blog/old", "https://a.example/links/?x", ("a.example",), "Lynx", none, none, ("index.html",), ())
    'blog/old from /links'
    """
    if not referrer or not path or path == "/" or _OF_ITSELF.search(lower := path.lower()):
        return None
    host, link = address_of(referrer, hosts, own_hosts)
    if host == INTERNAL:
        page = page_name(link, index_documents)
        where = "" if page == page_name(path, index_documents) else f"/{page.removeprefix('/')}"
    else:
        where = host + link.rstrip("/") if host else ""
    is_led = where and not (_PROBE.search(lower) and (host == INTERNAL or where == host))
    if not is_led or ("user_agent" not in unlogged and bot_name(user_agent, bots)):
        return None
    return f"{cut(path.removeprefix('/'), LONGEST_LINK)} from {cut(where.replace(' ', '%20'), LONGEST_LINK)}"
