"""
The table FIELDS: what is derived from a request, and from which of its facts.

Some are used to count views (see DIMENSIONS), others are stored with them (see `[item]`). A new field is a new row.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from .pageviews.addresses import mask
from .pageviews.agents import bot_class, bot_name, know_agent
from .pageviews.campaigns import Tags, tags_of
from .pageviews.classes import FOR_READERS
from .pageviews.counting import Counting
from .pageviews.countries import country_of
from .pageviews.devices import device_of
from .pageviews.downloads import download_of
from .pageviews.links import led_by, lost
from .pageviews.origins import channel_of
from .pageviews.pages import cut, page_name
from .pageviews.referrers import DIRECT, INTERNAL, address_of, bare_host, referrer_host
from .pageviews.visitors import visitor_of

LONGEST_VALUE = 512  # bytes
VISITOR = "visitor"  # the row of FIELDS that stores count visitors by
CHANNEL = "channel"  # the row that shows which visitors came from a search engine
QUARTER = 900  # seconds: every time zone's offset is a multiple of it, and has been since 1972


class Field(NamedTuple):
    """A field derived from a request."""

    reads: tuple[str, ...]
    """
    The fields of the request whose values it gets.

    A field that reads `time` reads nothing else, and gets the beginning of the quarter of an hour, see QUARTER.
    """
    of: Callable[..., Any]
    """The function from these values to its own; returns None if there is nothing to count."""
    settings: tuple[str, ...] = ()
    """The settings in Counting that it gets after these."""
    about: str = ""
    is_unique: bool = False
    """Whether nearly every view has a different value, or a number: a store then gains nothing by deduplicating texts."""
    from_fields: tuple[str, ...] = ()
    """
    Other fields of a view, whose values it gets instead; then `reads` is empty.

    So a field that depends on many facts is derived from a few values, rather than from all of these facts.
    """
    is_kept: bool = True
    """Whether `[item]` may store it with a view, and it is shown to users."""

    def given(self, counting: Counting) -> Callable[..., Any]:
        """The function with the owner's settings applied; the facts that it reads are still to be passed."""
        return counting.given(self.of, self.settings)


def _site(hosts: tuple[str, ...], sites: tuple[str, ...]) -> str:
    asked = {host.lower() for host in hosts}
    if not hosts:  # the log does not name its site, so the owner does
        return sites[0] if sites else "(unknown)"
    return next((site for site in sites if site.lower() in asked), hosts[0])


def _page(path: str | None, index_documents: tuple[str, ...]) -> str:
    return page_name(path or "", index_documents)


def _day(time: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(time, zone).date().isoformat()


def _hour(time: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(time, zone).hour:02}"


def _referrer_host(
    referrer: str | None, hosts: tuple[str, ...], unlogged: frozenset[str], own_hosts: frozenset[str]
) -> str | None:
    return None if "referrer" in unlogged else referrer_host(referrer, own_hosts.union(map(bare_host, hosts)))


def _referrer(referral: str | None, tags: Tags | None) -> str | None:
    return tags.source if referral == DIRECT and tags and tags.source else referral


def _entry(page: str, referrer_host: str | None) -> str | None:
    return None if referrer_host is None or referrer_host == INTERNAL else page


def _of_agent(ask: Callable[[str | None], str]) -> Callable[[str | None, frozenset[str]], str | None]:
    """Derived from the user agent; None if the log does not record agents."""
    return lambda user_agent, unlogged: None if "user_agent" in unlogged else ask(user_agent)


def _agent(user_agent: str | None, unlogged: frozenset[str]) -> str | None:
    return None if "user_agent" in unlogged else user_agent or ""


def _missing(path: str | None) -> str:
    return cut((path or "").removeprefix("/"), LONGEST_VALUE) or "(none)"


def _bot(user_agent: str | None, bots: Any) -> str:
    return cut(bot_name(user_agent, bots), LONGEST_VALUE) or "(none)"


def _crawler(user_agent: str | None) -> str | None:
    return bot_name(user_agent, ()) if bot_class(user_agent) in FOR_READERS else None


def _bot_page(crawler: str | None, page: str) -> str | None:
    return None if crawler is None else cut(f"{crawler} /{page.removeprefix('/')}", LONGEST_VALUE)


def _link(referrer: str | None, hosts: tuple[str, ...], own_hosts: frozenset[str]) -> tuple[str, str] | None:
    return address_of(referrer, hosts, own_hosts) if referrer else None


def _broken_link(led: str | None, agent: str | None, bots: Any) -> str | None:
    """Looking up a new agent is slow, and scanners invent agents; so this is only done where it affects the result."""
    return None if led is None or (agent is not None and bot_name(agent, bots)) else led


FIELDS: dict[str, Field] = {
    "site": Field(("hosts",), _site, ("sites",), "The configured bucket or host, or else the first one logged."),
    "page": Field(("path",), _page, ("index_documents",), "The page's name."),
    "day": Field(("time",), _day, ("time_zone",), "`2026-10-20`, in the site's time zone."),
    "hour": Field(("time",), _hour, ("time_zone",), "`00` to `23`, in the site's time zone."),
    "referral": Field(
        ("referrer", "hosts", "unlogged"), _referrer_host, ("own_host_names",), "The host that the referrer's header names.",
        is_kept=False,
    ),
    "tags": Field(("query",), tags_of, about="The tags of the link.", is_kept=False),
    "referrer_host": Field(
        (), _referrer, from_fields=("referral", "tags"),
        about="The referrer's host, or `(internal)`, or the source in the link's tags, or `(direct)`. "
        "Absent if the log has no referrers.",
    ),
    "campaign": Field(
        (), lambda tags: tags.campaign or None if tags else None, from_fields=("tags",),
        about="The link's `utm_campaign` or `campaign`, in lower case; absent if there is none.",
    ),
    "campaign_source": Field(
        (), lambda tags: tags.source or None if tags else None, from_fields=("tags",),
        about="The link's `utm_source`, `ref` or `source`, in lower case; absent if there is none.",
    ),
    CHANNEL: Field(
        (), channel_of, from_fields=("referrer_host", "tags"),
        about="How the reader got here; absent if the log has no referrers.",
    ),
    "entry": Field(
        (), _entry, about="The page's name, if the reader came from elsewhere; absent if the log has no referrers.",
        from_fields=("page", "referrer_host"),
    ),
    "country": Field(
        ("country", "remote_ip"), country_of, ("country_data",),
        "The country code, such as `DE`, or `(unknown)`; absent if countries are not looked up.",
    ),
    "browser": Field(
        ("user_agent", "unlogged"), _of_agent(lambda agent: know_agent(agent).browser),
        about="The browser's name; absent if the log has no user agents.",
    ),
    "system": Field(
        ("user_agent", "unlogged"), _of_agent(lambda agent: know_agent(agent).system),
        about="The operating system's name; absent if the log has no user agents.",
    ),
    "browser_version": Field(
        ("user_agent", "unlogged"), _of_agent(lambda agent: know_agent(agent).browser_version),
        about="The browser's name and version; absent if the log has no user agents.",
    ),
    "system_version": Field(
        ("user_agent", "unlogged"), _of_agent(lambda agent: know_agent(agent).system_version),
        about="The operating system's name and version; absent likewise.",
    ),
    "device": Field(
        ("user_agent", "unlogged"), _of_agent(device_of), about="The kind of device; absent if the log has no user agents.",
    ),
    "status": Field(("status",), lambda status: "(none)" if status is None else str(status), (), "The HTTP status, as text."),
    "missing": Field(("path",), _missing, (), "The path that was not found."),
    "download": Field(("path",), download_of, (), "The path of a download or a feed; absent for other requests."),
    "lost": Field(("path",), lost, (), "What was not found, if a page may have linked to it.", is_kept=False),
    "link": Field(
        ("referrer", "hosts"), _link, ("own_host_names",), "The host and path of the referring page.", is_kept=False
    ),
    "led": Field(
        (), led_by, ("index_documents",), "What was not found, and the page that links to it.", from_fields=("lost", "link"),
        is_kept=False,
    ),
    "agent": Field(
        ("user_agent", "unlogged"), _agent, (), "The user agent, or empty; absent if the log has no user agents.", is_kept=False
    ),
    "broken_link": Field(
        (), _broken_link, ("bots",), "The missing path, and the page with the link that a person followed.",
        from_fields=("led", "agent"),
    ),
    "bot": Field(("user_agent",), _bot, ("bots",), "The bot's name."),
    "bot_class": Field(("user_agent",), bot_class, (), "What the bot is for."),
    "crawler": Field(
        ("user_agent",), _crawler, (), "The name of a bot of a search engine or an AI service.", is_kept=False
    ),
    "bot_page": Field(
        (), _bot_page, (), "The bot's name and the page it fetched; only for bots of search engines and AI services.",
        from_fields=("crawler", "page"),
    ),
    "remote_ip": Field(
        ("remote_ip",), lambda address, is_masked: mask(address) if is_masked else address, ("mask_addresses",),
        "The reader's address, masked if `mask_addresses` is set.", is_unique=True,
    ),
    VISITOR: Field(
        ("remote_ip", "user_agent"), visitor_of,
        about="Identifies the visitor while visitors are counted; absent if the log has no addresses.",
        is_kept=False,
    ),
}  # fmt: skip


def in_order(fields: Iterable[str]) -> list[str]:
    """
    These fields and those that they are derived from, each after its sources.

    >>> in_order(["entry"])
    ['page', 'referral', 'tags', 'referrer_host', 'entry']
    """
    found: dict[str, None] = {}
    for name in fields:
        if name in FIELDS:
            found |= dict.fromkeys(in_order(FIELDS[name].from_fields))
        found[name] = None
    return [*found]
