"""
What a visitor did on a day, and the signs in it that it may be a bot which poses as a browser.

Nothing is dropped by a sign: people behind an old proxy speak HTTP/1.0, and people have old computers. A new sign is a row of
SIGNS.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..records import Request
from .ages import is_old_browser
from .assets import is_asset
from .hosters import HOSTERS
from .links import lost
from .rules import MISSING, SEEN

LEAST_MISSING = 5  # of three or four, two out of three visitors were people
_HTTP = re.compile(r"HTTP/[\d.]+$")
# The documented fields that say how it was asked, at their end; where CloudFront has its own, that is all of it.
_PROTOCOLS = ("cs-protocol-version", "request.proto", "request_line", "request_uri")
_OVER_TLS = "cs-protocol"


@dataclass(slots=True)
class Behaviour:
    """What one address and user agent did on one day of a site."""

    remote_ip: str
    user_agent: str | None
    day: str
    views: int = 0
    requests: int = 0
    files: int = 0
    """The number of pictures, styles and scripts that it loaded."""
    missing: int = 0
    is_from_search: bool = False
    """Whether one of its views came from a search engine: hardly any bot claims that."""
    has_read_robots: bool = False
    has_probed: bool = False
    """Whether it requested missing paths that scanners try."""
    newest_protocol: str = ""
    """`HTTP/1.1`; "" if the log does not have it."""
    has_new_protocols: bool = False
    """Whether the log shows that it used TLS, with which current browsers use HTTP/2 or 3 with CloudFront."""
    network: str | None = None
    """The number of its autonomous system, if CloudFront's log has it."""

    def add(self, request: Request, documented: Mapping[str, Any]) -> None:
        """One more request, whatever its outcome."""
        self.requests += 1
        self.files += request.status in SEEN and is_asset(request.path, request.content_type)
        if request.status in MISSING:
            self.missing += 1
            gone = lost(request.path)
            self.has_probed |= gone is not None and gone.is_probe
        self.has_read_robots |= request.path == "/robots.txt"
        said = next((said for name in _PROTOCOLS if (said := _HTTP.search(str(documented.get(name) or "")))), None)
        self.newest_protocol = max(self.newest_protocol, said[0] if said else "")
        self.has_new_protocols |= documented.get(_OVER_TLS) == "https"
        self.network = self.network or (str(documented["asn"]) if documented.get("asn") else None)


class Sign(NamedTuple):
    """Something that bots do and browsers seldom do."""

    about: str
    is_in: Callable[[Behaviour], bool]


def _is_modern(agent: str | None) -> bool:
    """Chrome and all browsers made of it, Firefox and Safari, of the last years: see what is_old_browser leaves."""
    return re.search(r"Chrome/\d{3}|Firefox/\d{3}|Version/(?:1[5-9]|[2-9]\d)", agent or "") is not None


SIGNS: dict[str, Sign] = {
    "no files": Sign("Loaded no picture, style or script.", lambda did: not did.files),
    "robots.txt": Sign("Requested robots.txt, which browsers never do.", lambda did: did.has_read_robots),
    "HTTP/1.0": Sign("Only used HTTP/1.0, as old proxies also do.", lambda did: did.newest_protocol == "HTTP/1.0"),
    "no HTTP/2": Sign(
        "A recent browser that never used HTTP/2 or 3 with CloudFront.",
        lambda did: did.has_new_protocols and did.newest_protocol == "HTTP/1.1" and _is_modern(did.user_agent),
    ),
    "old browser": Sign(
        "Claims to be a version of a desktop browser that was replaced five years before.",
        lambda did: is_old_browser(did.user_agent, int(did.day[:4])),
    ),
    "probes": Sign("Requested paths that scanners try, such as `/wp-login.php` or `/.env`.", lambda did: did.has_probed),
    "many missing": Sign(
        f"At least {LEAST_MISSING} requests, and at least half of all, were for missing pages.",
        lambda did: did.missing >= LEAST_MISSING and 2 * did.missing >= did.requests,
    ),
    "data center": Sign(
        "Came from a network of rented computers, if CloudFront's log has `asn`.", lambda did: did.network in HOSTERS
    ),
}  # fmt: skip


def signs_of(did: Behaviour) -> list[str]:
    """The names of the signs in what a visitor did."""
    return [name for name, sign in SIGNS.items() if sign.is_in(did)]
