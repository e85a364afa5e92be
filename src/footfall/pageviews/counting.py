"""How an owner wants things counted: what the rules, the page names and the items are told, and no more."""

import ipaddress
import re
from dataclasses import dataclass, field
from fnmatch import translate
from functools import cached_property
from zoneinfo import ZoneInfo

from ..items import DEFAULT_ITEM, ItemMap
from ..records import Request

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Counting:
    """The defaults count every site, in UTC days, and leave out nobody."""

    sites: tuple[str, ...] = ()
    """Buckets or hosts that are ours; none named, all are."""
    time_zone: ZoneInfo = ZoneInfo("UTC")
    """Where a day begins and ends."""
    index_documents: tuple[str, ...] = ("index.html",)
    own_hosts: tuple[str, ...] = ()
    """Hosts whose links are `(internal)`, beside the site itself."""
    exclude_paths: tuple[str, ...] = ()
    """Shell patterns over page names: `drafts/*`."""
    exclude_addresses: tuple[Network, ...] = ()
    bots: tuple[re.Pattern[str], ...] = ()
    """The owner's own patterns, searched in the user agent beside the kept list."""
    mask_addresses: bool = False
    item: ItemMap = field(default_factory=lambda: ItemMap(DEFAULT_ITEM))

    @cached_property
    def site_names(self) -> frozenset[str]:
        return frozenset(site.lower() for site in self.sites)

    def site_of(self, request: Request) -> str:
        """Whose page was asked for: of bucket and host the one that is configured, else the bucket."""
        asked = hosts_of(request)
        return next((site for site in self.sites if site.lower() in asked), request.site)

    @cached_property
    def own_host_names(self) -> frozenset[str]:
        return frozenset(host.lower().removeprefix("www.") for host in (*self.own_hosts, *self.sites))

    @cached_property
    def excluded_page(self) -> re.Pattern[str] | None:
        """Matches the pages that the owner leaves out."""
        patterns = [translate(path.strip("/") or "/") for path in self.exclude_paths]
        return re.compile("|".join(patterns)) if patterns else None


def hosts_of(request: Request) -> set[str]:
    """The names under which a site may be configured: its bucket, and the host that was asked."""
    return {(request.bucket or "").lower(), (request.host_header or "").lower().partition(":")[0]}
