"""
The table DIMENSIONS: what views and dropped requests are counted by. Each row refers to a row of FIELDS.

A new dimension is a new row, plus one in FIELDS if no field has its value yet; SQLite, DynamoDB, command line, API, dashboard
and reference page are derived from them.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

from .fields import CHANNEL, VISITOR
from .pageviews.classes import ABOUT_CLASSES
from .pageviews.counting import Counting
from .pageviews.countries import country_name
from .pageviews.origins import CHANNELS, FROM_INSIDE, source_name
from .pageviews.referrers import INTERNAL


class Dimension(NamedTuple):
    """A dimension to count by."""

    title: str
    """The heading of its column in a table."""
    field: str
    """The row of FIELDS with its value."""
    about: str
    """What its values are, for the reference page."""
    of_views: bool = True
    """Whether page views are counted by it."""
    of_dropped: str = ""
    """The reason whose dropped requests are counted by it; "*" for every reason that counts."""
    is_open: bool = False
    """Whether strangers choose its values."""
    is_path: bool = False
    """Whether its values are paths without the first slash, which people may write in other forms."""
    internal: str = ""
    """The value of views whose referrer is the site itself; "" if there is none."""
    name_of: Callable[[str], str] | None = None
    """The name of a value to show, if it is not the value itself."""
    is_small: bool = False
    """Whether it has a handful of values, chosen by footfall: a store may then keep those of a day together."""
    groups: str = ""
    """The dimension whose values it groups at query time. Nothing is counted by it, so it costs nothing."""
    group_of: Callable[[str], str] = lambda value: value
    """If it groups: from the other dimension's value to its own."""
    needed_for: str = ""
    """What else depends on its counts: it then cannot be turned off."""
    panel: str = "more"
    """The row of PANELS that has a tab for it; "" if the dashboard shows it in another way."""
    detail_of: str = ""
    """The dimension whose values it details: clicking one of these in the dashboard opens it."""
    is_on: bool = True
    """Whether it is counted by default. What few people need, but costs everyone, is not."""


PANELS: dict[str, str] = {
    "pages": "Pages",
    "sources": "Sources",
    "places": "Places",
    "devices": "Devices",
    "bots": "AI and bots",
    "errors": "Statuses and probes",
    "more": "More",
}
"""The dashboard's panels in order, each with its heading; its tabs are the dimensions that name it."""

DIMENSIONS: dict[str, Dimension] = {
    "page": Dimension(
        "Page", "page", "The page's name, decoded: `blog/articles/a`; the root is `/`.", is_path=True, needed_for="all reports",
        panel="pages",
    ),
    "entry": Dimension(
        "Entry page", "entry", "The page of an arrival, that is, of a view whose referrer is not the site itself.",
        is_path=True,
        panel="pages",
    ),
    "hour": Dimension(
        "Hour", "hour", "The hour of the day in the site's time zone, `00` to `23`.", needed_for="histories and visitors",
        panel="",
    ),
    "referrer": Dimension(
        "Referrer", "referrer_host",
        "The host that the reader came from, in lower case and without `www.`. `(direct)`: no referrer was sent; "
        "`(internal)`: one of your own pages; `(unknown)`: a referrer that names no host. "
        "Without a referrer, a tagged link's `utm_source`, `ref` or `source` is used.",
        is_open=True, internal=INTERNAL, panel="sources",
    ),
    "country": Dimension(
        "Country", "country",
        "The reader's country as a two-letter ISO 3166-1 code: from CloudFront's `c-country` if the log has it, otherwise by "
        "address, from `country_data` or the extra `footfall[countries]`. `(unknown)`: the address is in neither.",
        name_of=country_name, panel="places",
    ),
    "source": Dimension(
        "Source", "referrer_host",
        "Referrers under their familiar names: `google.co.uk` is `Google`, `t.co` is `X`. Other hosts keep their own name.",
        internal=INTERNAL, groups="referrer", group_of=source_name, panel="sources",
    ),
    "channel": Dimension(
        "Channel", "channel", f"How readers got here: {', '.join(f'`{name}`' for name in CHANNELS)}.",
        internal=FROM_INSIDE, is_small=True, panel="sources",
    ),
    "campaign": Dimension(
        "Campaign", "campaign",
        "The link's `utm_campaign` or `campaign`, in lower case. Views without one are not counted here.",
        is_open=True, panel="sources",
    ),
    "campaign_source": Dimension(
        "Campaign source", "campaign_source",
        "The link's `utm_source`, `ref` or `source`, in lower case. Views without one are not counted here.",
        is_open=True, panel="sources",
    ),
    "browser": Dimension(
        "Browser", "browser",
        "As ua-parser reports it; mobile browsers are counted under their desktop name. `(unknown)`: ua-parser does not know "
        "it.",
        is_open=True, panel="devices",
    ),
    "system": Dimension(
        "System", "system",
        "The operating system, as ua-parser reports it; all Linux distributions are `Linux`. `(unknown)`: ua-parser does not "
        "know it.",
        is_open=True, panel="devices",
    ),
    "browser_version": Dimension(
        "Browser version", "browser_version",
        "The browser and its version: `Firefox 131`, `Safari 17.5`. The minor version is shown only if it is not 0.",
        is_open=True, is_on=False, panel="devices", detail_of="browser",
    ),
    "system_version": Dimension(
        "System version", "system_version",
        "The system and its version: `Android 14`, `iOS 17.5`. `Windows 10+` is 10 or later, since browsers report Windows 11 "
        "as 10; likewise `macOS 10.15+`, `Android 10+`, and `iOS 18.6+` for iOS 26.",
        is_open=True, is_on=False, panel="devices", detail_of="system",
    ),
    "device": Dimension(
        "Device", "device",
        "The kind of device, from the user agent: `phone`, `tablet`, `computer`, `tv`, `console`, or `(unknown)`. Most iPads "
        "identify themselves as computers.",
        is_small=True, panel="devices",
    ),
    "status": Dimension(
        "Status", "status", "The HTTP status of views, and of visitors' other requests.", of_dropped="*",
        needed_for="the days that have logs", panel="errors",
    ),
    "not_found": Dimension(
        "Missing page", "missing", "The requested path, decoded, if the answer was 404 or 403.",
        of_views=False, of_dropped="not found", is_open=True, is_path=True, panel="errors",
    ),
    "broken_link": Dimension(
        "Broken link", "broken_link",
        "A missing page, and the page that links to it: `blog/old from /links`, or `blog/old from news.example/post` if the "
        "link is on another site. Leaves out bots, what scanners look for, and what browsers request on their own.",
        of_views=False, of_dropped="not found", is_open=True, is_path=True, panel="pages",
    ),
    "download": Dimension(
        "Download or feed", "download",
        "A file that was downloaded or played, or a feed that was fetched: `files/a.pdf`, `feed.xml`. Recognized by the end of "
        "its name. Includes requests by bots, since most feeds are read by programs.",
        of_views=False, of_dropped="not a page", is_open=True, is_path=True, panel="pages",
    ),
    "bot": Dimension(
        "Bot", "bot",
        "The bot's name, from its user agent; `(no user agent)` if none was sent. Only requests that would have been "
        "views if a person had made them.",
        of_views=False, of_dropped="bot", is_open=True, panel="bots",
    ),
    "bot_class": Dimension(
        "Bot class", "bot_class",
        "What the bot is for: " + ", ".join(f"`{name}`" for name in ABOUT_CLASSES) + ".",
        of_views=False, of_dropped="bot", is_small=True, panel="bots",
    ),
    "bot_page": Dimension(
        "Page read by a bot", "bot_page",
        "The bot and the page it fetched, `GPTBot /blog/articles/a`, for bots of search engines and AI services.",
        of_views=False, of_dropped="bot", is_open=True, panel="bots", detail_of="bot",
    ),
}  # fmt: skip

OFF_BY_DEFAULT = frozenset(name for name, row in DIMENSIONS.items() if not row.is_on)


# Views can be filtered by these: their values are stored with each view. Dropped requests are not stored.
FILTERS = {name: row for name, row in DIMENSIONS.items() if row.of_views and not row.of_dropped}
FILTER_FIELDS = tuple(dict.fromkeys(["day", *(row.field for row in FILTERS.values() if row.field != "page")]))
"""The fields that are stored with each view, besides its page, to answer filtered questions."""


def fields_of_views(counting: Counting) -> list[str]:
    """The fields of each view: its site, page and day, what it is counted by, and whatever else is stored."""
    counted_by = (row.field for name, row in DIMENSIONS.items() if row.of_views and not row.groups and name not in counting.off)
    of_visitors = [VISITOR, *([CHANNEL] if counting.knows_loaders else [])] if counting.visitors else []
    return list(dict.fromkeys(["site", "page", "day", *counted_by, *of_visitors, *counting.facts]))


def dimensions_of(reason: str, off: Collection[str] = ()) -> dict[str, Dimension]:
    """The dimensions that count requests dropped for this reason, except those that are off."""
    return {name: row for name, row in DIMENSIONS.items() if row.of_dropped in (reason, "*") and name not in off}


def with_groups(off: Collection[str]) -> frozenset[str]:
    """
    The dimensions that are off if these are: these, and those that group their values.

    >>> sorted(with_groups(["referrer"]))
    ['referrer', 'source']
    """
    return frozenset((*off, *(name for name, row in DIMENSIONS.items() if row.groups in off)))
