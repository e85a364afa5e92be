"""The owner's settings for counting, which rules and fields may use."""

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
    """The defaults count every site, in UTC days, and exclude nobody."""

    sites: tuple[str, ...] = ()
    """Our buckets or hosts; if empty, all are."""
    time_zone: ZoneInfo = ZoneInfo("UTC")
    """The time zone of days."""
    index_documents: tuple[str, ...] = ("index.html",)
    clean_urls: bool = False
    """Whether a name without an extension is a page: `/about`."""
    single_page_app: bool = False
    """Whether it is a page even if the server found nothing, because an app in the browser shows it."""
    own_hosts: tuple[str, ...] = ()
    """Hosts whose links are `(internal)`, besides the site itself."""
    exclude_paths: tuple[str, ...] = ()
    """Shell patterns for page names: `drafts/*`."""
    exclude_addresses: tuple[Network, ...] = ()
    bots: tuple[re.Pattern[str], ...] = ()
    """The owner's patterns for user agents, in addition to the built-in list."""
    visitors: bool = True
    """Whether visitors are counted."""
    suspected_bots: bool = True
    """Whether it is recorded who loads page files."""
    mask_addresses: bool = False
    """Whether addresses are stored masked, see addresses.mask."""
    country_data: str = ""
    """The file of the owner's country database; "" for none."""
    off: frozenset[str] = frozenset()
    """The dimensions that are turned off."""
    facts: tuple[str, ...] = ()
    """The fields that `[item]` stores for each view, besides those that every view has."""

    @cached_property
    def site_names(self) -> frozenset[str]:
        """Our own sites, in lower case."""
        return frozenset(site.lower() for site in self.sites)

    @property
    def knows_loaders(self) -> bool:
        """Whether it is recorded who loads page files."""
        return self.visitors and self.suspected_bots

    @cached_property
    def own_host_names(self) -> frozenset[str]:
        """Hosts whose links are internal, as `bare_host` writes them."""
        return frozenset(map(bare_host, (*self.own_hosts, *self.sites)))

    @cached_property
    def excluded_page(self) -> re.Pattern[str] | None:
        """Matches the pages that the owner excludes."""
        patterns = [page_pattern(path, self.index_documents) for path in self.exclude_paths]
        return re.compile("|".join(patterns)) if patterns else None

    def given(self, ask: Callable[..., Any], settings: Iterable[str]) -> Callable[..., Any]:
        """`ask` with these settings as its last arguments."""
        values = [getattr(self, name) for name in settings]
        return (lambda *read: ask(*read, *values)) if values else ask
