"""
What is found out about a request, and what is counted by it.

    FIELDS      what is found out, and from which facts of the request
    DIMENSIONS  what is counted by: each a row over a field

A new dimension is a new row of both; SQLite, DynamoDB, command line, API, dashboard and reference page follow from them.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from .pageviews.addresses import mask
from .pageviews.agents import bot_class, bot_name, know_agent
from .pageviews.campaigns import Tags, tags_of
from .pageviews.classes import ABOUT_CLASSES, FOR_READERS
from .pageviews.counting import Counting
from .pageviews.countries import country_name, country_of
from .pageviews.devices import device_of
from .pageviews.links import broken_link
from .pageviews.origins import CHANNELS, FROM_INSIDE, channel_of, source_name
from .pageviews.pages import cut, page_name
from .pageviews.referrers import DIRECT, INTERNAL, bare_host, referrer_host
from .pageviews.visitors import visitor_of

LONGEST_VALUE = 512  # bytes
VISITOR = "visitor"  # the row of FIELDS that stores count visitors by
QUARTER = 900  # seconds: every time zone's offset is a multiple of it, and has been since 1972


class Field(NamedTuple):
    """What is found out about a request."""

    reads: tuple[str, ...]
    """
    The fields of the request whose values it is given.

    One that reads `time` reads nothing else, and is given the beginning of its quarter of an hour, see QUARTER.
    """
    of: Callable[..., Any]
    """From these values to its own; None where there is nothing to count."""
    settings: tuple[str, ...] = ()
    """What of Counting it is given after these."""
    about: str = ""
    is_unique: bool = False
    """Whether nearly every view has another value, or a number: then a store gains nothing by keeping equal texts once."""
    from_fields: tuple[str, ...] = ()
    """
    Other fields of a view, whose values it is given instead of what it `reads`, which is then nothing.

    So a field that depends on much is found out from few values, rather than from all that they are found out from.
    """
    is_kept: bool = True
    """Whether `[item]` may keep it with a view, and people are shown it."""

    def given(self, counting: Counting) -> Callable[..., Any]:
        """The question with the owner's settings in it; what it reads is left to ask."""
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


def _browser(user_agent: str | None, unlogged: frozenset[str]) -> str | None:
    return None if "user_agent" in unlogged else know_agent(user_agent).browser


def _system(user_agent: str | None, unlogged: frozenset[str]) -> str | None:
    return None if "user_agent" in unlogged else know_agent(user_agent).system


def _missing(path: str | None) -> str:
    return cut((path or "").removeprefix("/"), LONGEST_VALUE) or "(none)"


def _bot(user_agent: str | None, bots: Any) -> str:
    return cut(bot_name(user_agent, bots), LONGEST_VALUE) or "(none)"


def _bot_page(user_agent: str | None, path: str | None, index_documents: tuple[str, ...]) -> str | None:
    if bot_class(user_agent) not in FOR_READERS:
        return None
    page = page_name(path or "", index_documents)
    return cut(f"{bot_name(user_agent, ())} /{page.removeprefix('/')}", LONGEST_VALUE)


FIELDS: dict[str, Field] = {
    "site": Field(("hosts",), _site, ("sites",), "The bucket or host that is configured, or else the first that is logged."),
    "page": Field(("path",), _page, ("index_documents",), "The page's name."),
    "day": Field(("time",), _day, ("time_zone",), "`2026-10-20`, in the site's time zone."),
    "hour": Field(("time",), _hour, ("time_zone",), "`00` to `23`, in the site's time zone."),
    "referral": Field(
        ("referrer", "hosts", "unlogged"), _referrer_host, ("own_host_names",), "The host that the referrer's header names.",
        is_kept=False,
    ),
    "tags": Field(("query",), tags_of, about="What the link's tags say.", is_kept=False),
    "referrer_host": Field(
        (), _referrer, from_fields=("referral", "tags"),
        about="The referrer's host, `(internal)` or `(direct)`; instead of the latter the source that the link's tags name. "
        "None where the log keeps no referrers.",
    ),
    "campaign": Field(
        (), lambda tags: tags.campaign or None if tags else None, from_fields=("tags",),
        about="`utm_campaign` of the link, or `campaign`, in small letters; none where there is none.",
    ),
    "campaign_source": Field(
        (), lambda tags: tags.source or None if tags else None, from_fields=("tags",),
        about="`utm_source` of the link, or `ref`, or `source`, in small letters; none where there is none.",
    ),
    "channel": Field(
        (), channel_of, from_fields=("referrer_host", "tags"),
        about="The channel that the reader came by; none where the log keeps no referrers.",
    ),
    "entry": Field(
        (), _entry, about="The page's name, where the reader came from elsewhere; none where the log keeps no referrers.",
        from_fields=("page", "referrer_host"),
    ),
    "country": Field(
        ("country", "remote_ip"), country_of, ("country_data",),
        "The country's code, `DE`, or `(unknown)`; none where countries are not looked up.",
    ),
    "browser": Field(("user_agent", "unlogged"), _browser, (), "The browser's name; none where the log keeps no agents."),
    "system": Field(("user_agent", "unlogged"), _system, (), "The operating system's name; as the browser's."),
    "device": Field(
        ("user_agent", "unlogged"), lambda agent, unlogged: None if "user_agent" in unlogged else device_of(agent),
        about="What the reader holds; none where the log keeps no agents.",
    ),
    "status": Field(("status",), lambda status: "(none)" if status is None else str(status), (), "The HTTP status, as text."),
    "missing": Field(("path",), _missing, (), "The path that was asked for in vain."),
    "broken_link": Field(
        ("path", "referrer", "hosts", "user_agent", "unlogged"), broken_link, ("own_host_names", "index_documents", "bots"),
        "What was not found, and the page that led somebody to it.",
    ),
    "bot": Field(("user_agent",), _bot, ("bots",), "The bot's name."),
    "bot_class": Field(("user_agent",), bot_class, (), "What the bot reads for."),
    "bot_page": Field(
        ("user_agent", "path"), _bot_page, ("index_documents",),
        "The bot's name and the page that it took; none unless it reads for a search engine or an AI.",
    ),
    "remote_ip": Field(
        ("remote_ip",), lambda address, is_masked: mask(address) if is_masked else address, ("mask_addresses",),
        "The reader's address, masked where `mask_addresses` says so.", is_unique=True,
    ),
    VISITOR: Field(
        ("remote_ip", "user_agent"), visitor_of,
        about="Who a view is of, for as long as it takes to count visitors; none where the log keeps no addresses.",
        is_kept=False,
    ),
}  # fmt: skip


class Dimension(NamedTuple):
    """What to count by."""

    title: str
    """Of its column in a table."""
    field: str
    """The row of FIELDS that has its value."""
    about: str
    """What its values are: the sentence of the reference page."""
    of_views: bool = True
    """Whether page views are counted by it."""
    of_dropped: str = ""
    """The reason whose dropped requests are counted by it; "*" is every reason that counts."""
    is_open: bool = False
    """Whether strangers choose its values."""
    is_path: bool = False
    """Whether its values are paths without their first slash, which people copy in other spellings."""
    internal: str = ""
    """The value that views have whose referrer is the site itself; "" where no value tells."""
    name_of: Callable[[str], str] | None = None
    """What people call a value, where that is not the value itself."""
    is_small: bool = False
    """Whether footfall alone chooses its values, and there is a handful: then a store may keep those of a day together."""
    groups: str = ""
    """The dimension whose values it puts together when it is asked for. Nothing is counted by it, so it costs nothing."""
    group_of: Callable[[str], str] = lambda value: value
    """Where it groups: from the other's value to its own."""


DIMENSIONS: dict[str, Dimension] = {
    "page": Dimension("Page", "page", "The page's name, decoded: `blog/articles/a`; the root is `/`.", is_path=True),
    "entry": Dimension(
        "Entry page", "entry", "The page of an arrival: of a view whose referrer is not the site itself.", is_path=True
    ),
    "hour": Dimension("Hour", "hour", "The hour of the day in the site's time zone, `00` to `23`."),
    "referrer": Dimension(
        "Referrer", "referrer_host",
        "The host that the reader came from, in lower case and without `www.`. `(direct)`: the browser named none; "
        "`(internal)`: a page of your own; `(unknown)`: a text that names no host. "
        "With no referrer and a tagged link it is the tag's `utm_source`, `ref` or `source`.",
        is_open=True, internal=INTERNAL,
    ),
    "country": Dimension(
        "Country", "country",
        "The reader's country, as two letters of ISO 3166-1: CloudFront's `c-country` where the log has it, or else by the "
        "address, from `country_data` or the extra `footfall[countries]`. `(unknown)`: an address that these do not know.",
        name_of=country_name,
    ),
    "source": Dimension(
        "Source", "referrer_host",
        "The referrers as people know them: `google.co.uk` is `Google`, `t.co` is `X`. A host without such a name is itself.",
        internal=INTERNAL, groups="referrer", group_of=source_name,
    ),
    "channel": Dimension(
        "Channel", "channel", f"By which way readers came: {', '.join(f'`{name}`' for name in CHANNELS)}.",
        internal=FROM_INSIDE, is_small=True,
    ),
    "campaign": Dimension(
        "Campaign", "campaign",
        "`utm_campaign` of links that have one, or `campaign`, in small letters. Other views are not in it.",
        is_open=True,
    ),
    "campaign_source": Dimension(
        "Campaign source", "campaign_source",
        "`utm_source`, `ref` or `source` of links that have one, in small letters. Other views are not in it.",
        is_open=True,
    ),
    "browser": Dimension(
        "Browser", "browser",
        "By ua-parser; telephones' browsers go by the name of their desktop sister. `(unknown)`: none that it knows.",
        is_open=True,
    ),
    "system": Dimension(
        "System", "system",
        "The operating system, by ua-parser; Linux distributions are `Linux`. `(unknown)`: none that it knows.",
        is_open=True,
    ),
    "device": Dimension(
        "Device", "device",
        "What the reader holds, by the user agent: `phone`, `tablet`, `computer`, `tv`, `console`, or `(unknown)`. Most iPads "
        "say that they are computers.",
        is_small=True,
    ),
    "status": Dimension(
        "Status", "status", "The HTTP status of views, and of visitors' requests that are no views.", of_dropped="*"
    ),
    "not_found": Dimension(
        "Missing page", "missing", "The path that was asked for, decoded, when the answer was 404 or 403.",
        of_views=False, of_dropped="not found", is_open=True, is_path=True,
    ),
    "broken_link": Dimension(
        "Broken link", "broken_link",
        "What was not found, and the page that led somebody to it: `blog/old from /links`; `blog/old from news.example/post` "
        "where the link is on another site. Without bots, what scanners look for, and what browsers ask for by themselves.",
        of_views=False, of_dropped="not found", is_open=True, is_path=True,
    ),
    "bot": Dimension(
        "Bot", "bot",
        "The bot's name as its user agent tells it; `(no user agent)` where there was none. Only reads of pages that would "
        "have counted for a person.",
        of_views=False, of_dropped="bot", is_open=True,
    ),
    "bot_class": Dimension(
        "Bot class", "bot_class",
        "What the bot reads for: " + ", ".join(f"`{name}`" for name in ABOUT_CLASSES) + ".",
        of_views=False, of_dropped="bot", is_small=True,
    ),
    "bot_page": Dimension(
        "Page read by a bot", "bot_page",
        "The bot and the page that it took, `GPTBot /blog/articles/a`, of bots that read for a search engine or an AI.",
        of_views=False, of_dropped="bot", is_open=True,
    ),
}  # fmt: skip


def fields_of_views(counting: Counting) -> list[str]:
    """What is found out about each view: what it is of, what it is counted by, and what else is kept of it."""
    counted_by = (row.field for row in DIMENSIONS.values() if row.of_views and not row.groups)
    visitor = [VISITOR] if counting.visitors else []
    return list(dict.fromkeys(["site", "page", "day", *counted_by, *visitor, *counting.facts]))


def in_order(fields: Iterable[str]) -> list[str]:
    """
    These fields, each after those that it is found out from, which are among them.

    >>> in_order(["entry"])
    ['page', 'referral', 'tags', 'referrer_host', 'entry']
    """
    found: dict[str, None] = {}
    for name in fields:
        if name in FIELDS:
            found |= dict.fromkeys(in_order(FIELDS[name].from_fields))
        found[name] = None
    return [*found]


def dimensions_of(reason: str) -> dict[str, Dimension]:
    """The dimensions that count requests dropped for this reason."""
    return {name: row for name, row in DIMENSIONS.items() if row.of_dropped in (reason, "*")}
