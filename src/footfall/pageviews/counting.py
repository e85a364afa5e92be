"""How an owner wants things counted: the settings that rules and fields may name, and no others."""

import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from .pages import page_pattern
from .referrers import bare_host

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True)
class Counting:
    """The defaults count every site, in UTC days, and leave out nobody."""

    sites: tuple[str, ...] = ()
    """Buckets or hosts that are ours; none named, all are."""
    time_zone: ZoneInfo = ZoneInfo("UTC")
    """Where a day begins and ends."""
    index_documents: tuple[str, ...] = ("index.html",)
    clean_urls: bool = False
    """Whether a name without an ending is a page: `/about`."""
    single_page_app: bool = False
    """Whether one is a page too where the server found nothing, because the app in the browser then shows it."""
    own_hosts: tuple[str, ...] = ()
    """Hosts whose links are `(internal)`, beside the site itself."""
    exclude_paths: tuple[str, ...] = ()
    """Shell patterns over page names: `drafts/*`."""
    exclude_addresses: tuple[Network, ...] = ()
    bots: tuple[re.Pattern[str], ...] = ()
    """The owner's own patterns, searched in the user agent beside the kept list."""
    visitors: bool = True
    """Whether it is found out which views are of one visitor."""
    suspected_bots: bool = True
    """Whether it is found out, too, who loads the files of pages."""
    mask_addresses: bool = False
    """Whether addresses are stored as addresses.mask has them."""
    country_data: str = ""
    """The owner's database of addresses and countries, a file; "" for none."""
    off: frozenset[str] = frozenset()
    """The dimensions that nothing is counted by."""
    facts: tuple[str, ...] = ()
    """The fields that `[item]` keeps of each view, beside those that every view has."""

    @cached_property
    def site_names(self) -> frozenset[str]:
        """The sites that are ours, in lower case."""
        return frozenset(site.lower() for site in self.sites)

    @property
    def knows_loaders(self) -> bool:
        """Whether who loads the files of pages is kept beside the visitors."""
        return self.visitors and self.suspected_bots

    @cached_property
    def own_host_names(self) -> frozenset[str]:
        """Hosts whose links are internal, as `bare_host` writes them."""
        return frozenset(map(bare_host, (*self.own_hosts, *self.sites)))

    @cached_property
    def excluded_page(self) -> re.Pattern[str] | None:
        """Matches the pages that the owner leaves out."""
        patterns = [page_pattern(path, self.index_documents) for path in self.exclude_paths]
        return re.compile("|".join(patterns)) if patterns else None

    def given(self, ask: Callable[..., Any], settings: Iterable[str]) -> Callable[..., Any]:
        """`ask` with these settings as its last arguments; what comes before them is left to give."""
        values = [getattr(self, name) for name in settings]
        return (lambda *read: ask(*read, *values)) if values else ask
