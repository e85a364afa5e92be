"""
Broken links: a path that was not found, and the page that linked to it.

Scanners request missing pages all day, without a referrer or with an invented one: the site's root, a search engine, the
missing page itself. So the paths that they try are left out, unless a page on another site links to one: it may have been
a page before the site became static. Paths that nobody ever linked to are always left out.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote

from .origins import SEARCH, origin_of
from .pages import cut, page_name
from .referrers import INTERNAL

LONGEST_LINK = 250  # bytes for the page with the link; the same is left for the missing path

# Paths that scanners try, in lower case.
_PROBE = re.compile(
    r"\.(?:php\d?|phtml|aspx?|ashx|axd|asmx|jspx?|jsf|action|cgi|sql|bak|old|orig|swp|ini|conf|config|cfg|ya?ml|toml|dll|pem|esp"
    r"|htaccess)(?:\.\w+)?/?\Z"
    r"|/(?:wp-|wordpress\b|cgi-bin|vendor/|administrator\b|node_modules/|storage/logs/|magento_version|joomla\b|drupal\b|typo3\b"
    r"|(?:backups?|dump|db|database|sql|data|www|web|site|website|public_html|htdocs|wwwroot|html|archive|full)\.(?:zip|rar|7z|t?gz|tar"
    r"|tar\.\w+)\Z|(?:debug|error|access|laravel)\.log\Z|composer\.(?:json|lock)\Z|(?:secrets?|credentials?|service-account|aws)\.json\Z"
    r"|geoserver\b|jenkins\b|hudson\b|nacos\b|druid/|jmx-console|invoker/|struts|webmail\b|roundcube\b|zabbix\b|cpanel\b|xampp\b|manager/html"
    r"|console/?\Z|umbraco\b|sitecore\b|swagger|graphql\b|v2/_catalog|containers/json|_cat/|_search\Z)"
)
# Of these, what nobody links to: secrets, consoles and holes of devices and programs.
_HOLE = re.compile(
    r"/\.(?!well-known/)|\.env\b|/\w*\.git/"
    r"|/(?:wp-(?:login|admin|config|includes|cron|json)\b|xmlrpc|phpmyadmin|pma\b|\w*sqladmin\b|cgi-bin/luci|actuator|solr\b|boaform|gponform"
    r"|hnap1|owa\b|ecp/|autodiscover|server-(?:status|info)\b|_ignition|_profiler|telescope|vendor/phpunit|remote/(?:login|fgt_lang)|dana-na/"
    r"|\+cscoe\+|sslvpn\b|global-protect/|tmui/|mgmt/tm/|evox/|nmaplowercheck|portal/redlion|stalker_portal|etc/passwd|proc/self|web-inf/"
    r"|id_rsa\b|j_spring)"
)
# Paths that browsers and other programs request on any site, without a link.
_OF_ITSELF = re.compile(
    r"/(?:favicon|apple-touch-icon|apple-app-site|browserconfig|robots\.txt|(?:app-)?ads\.txt|crossdomain\.xml|\.well-known/)|\.map\Z"
)


class Lost(NamedTuple):
    """A missing path that a page may have linked to."""

    path: str
    is_probe: bool
    """Whether scanners look for it."""
    is_hole: bool
    """Whether nobody else does, so that no page links to it."""


def lost(path: str | None) -> Lost | None:
    """The missing path; None if browsers request it by themselves, or if it is the root."""
    lower = (path or "/").lower()
    if lower == "/" or _OF_ITSELF.search(lower):
        return None
    is_hole = bool(_HOLE.search(lower))
    return Lost(path or "", is_hole or bool(_PROBE.search(lower)), is_hole)


def led_by(lost: Lost | None, link: tuple[str, str] | None, index_documents: tuple[str, ...]) -> str | None:
    """
    The missing path and the page with the link to it (see referrers.address_of); None if no page led to it.

    A page of the site begins with `/`, any other with its host: `blog/old from news.example/post`.

    >>> led_by(lost("/blog/old"), (INTERNAL, "/links/"), ("index.html",))
    'blog/old from /links'
    """
    if lost is None or link is None or lost.is_hole:
        return None
    host, path = link
    is_internal = host == INTERNAL
    page = page_name(path if is_internal else unquote(path), index_documents)
    if page == page_name(lost.path, index_documents):  # itself, also under another name of the site's
        return None
    where = f"/{page.removeprefix('/')}" if is_internal else host and host + path.rstrip("/")
    if not where or (lost.is_probe and (is_internal or where == host or _is_search_engine(host))):
        return None
    return f"{cut(lost.path.removeprefix('/'), LONGEST_LINK)} from {cut(where.replace(' ', '%20'), LONGEST_LINK)}"


def _is_search_engine(host: str) -> bool:
    """Whether its pages of results are no pages that somebody wrote."""
    origin = origin_of(host)
    return origin is not None and origin.channel == SEARCH
