"""
Turns an item of the articles' table into the log line that S3 may have written for the view.

    PageName  "blog/a", or UserPages "Richard#blog/a"      SortKey  "1666255782"
    AgentString, RemoteAddress, Referrer, ServiceTime      if the item has them

So everything downstream treats it like any other line. Other records in the table, such as an INDEX partition and monthly or
daily counters, become lines that are not reads.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import blake2b
from mimetypes import MimeTypes
from time import time as now
from typing import Any, NamedTuple
from urllib.parse import quote

from ..records import DAY
from ..stores.imported import ITEM, NOT_KEPT

Item = Mapping[str, Mapping[str, Any]]
"""An item in DynamoDB's typed form."""

WITH_USER = "UserPages"  # the partition key whose values begin with a user and `#`
INDEX = "INDEX"  # the partition that lists the pages
_EPOCH = re.compile(r"\d{10}")
FIRST_TIME = 1_142_294_400  # 2006-03-14, when S3 was launched: an earlier number is not a time
# An item's facts about its view. The article names the first two; later versions have the others.
AGENT, ADDRESS, REFERRERS, SERVICE_TIMES = "AgentString", "RemoteAddress", ("Referrer", "Referer"), ("ServiceTime", "TotalTime")
FOOTFALLS_OWN = "SourceFile"  # only footfall's own views have it; they may share the table with the article's
ATTRIBUTES = (AGENT, ADDRESS, *REFERRERS, *SERVICE_TIMES, FOOTFALLS_OWN)

OPERATION = "WEBSITE.GET.OBJECT"
# English, whatever the locale.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_types = MimeTypes()


class View(NamedTuple):
    """An item that is a view."""

    user: str
    """The user who owns the page; "" if the table has no users."""
    page: str
    epoch: int
    item: Item

    @property
    def day(self) -> date:
        """In UTC."""
        return datetime.fromtimestamp(self.epoch, UTC).date()

    def line(self, site: str, keys: tuple[str, str]) -> bytes:
        """Its log line, for `site`; `-` means no site."""
        item = self.item
        texts = text_of(item, *REFERRERS), text_of(item, AGENT)
        return _line(
            site, self.epoch, text_of(item, ADDRESS), _identity(item, keys), OPERATION, _key(self.page),
            text_of(item, *SERVICE_TIMES), *(NOT_KEPT if text is None else text for text in texts),
        )  # fmt: skip


def read_view(item: Item, keys: tuple[str, str]) -> View | None:
    """The view in an item, None if it is not a view; `keys` are the names of the table's keys."""
    partition, sort = (text_of(item, name) or "" for name in keys)
    user, has_user, page = partition.partition("#") if keys[0] == WITH_USER else ("", "", partition)
    if keys[0] == WITH_USER and not has_user:
        user, page = "", partition
    epoch = int(sort) if _EPOCH.fullmatch(sort) else 0
    is_view = FIRST_TIME <= epoch <= now() + DAY and page not in ("", INDEX) and not page.startswith("#")
    return View(user, page, epoch, item) if is_view and FOOTFALLS_OWN not in item else None


def other_line(item: Item, keys: tuple[str, str], site: str) -> bytes:
    """The line for a record that is not a view; such a record has no time."""
    return _line(site, FIRST_TIME, None, _identity(item, keys), "-", _key(text_of(item, keys[0]) or ""), None, "-", "-")


def _line(
    site: str, epoch: int, address: str | None, request_id: str, operation: str, key: str, milliseconds: str | None,
    referrer: str, agent: str,
) -> bytes:  # fmt: skip
    when = datetime.fromtimestamp(epoch, UTC)
    time = f"{when:%d}/{MONTHS[when.month - 1]}/{when:%Y:%H:%M:%S} +0000"
    who = f"{site} [{time}] {_matching(r'[0-9a-fA-F.:]+', address)} - {request_id}"
    texts = " ".join('"' + re.sub(r"[\r\n]+", " ", text) + '"' for text in (referrer, agent))
    answer = f'"-" 200 - - - {_matching(r"[0-9]{1,18}", milliseconds)} -'
    return f"- {who} {operation} {key} {answer} {texts} -\n".encode("utf-8", "replace")


def _identity(item: Item, keys: tuple[str, str]) -> str:
    """Takes the place of the request id, which items lack: the same for the same item, even in a copy of its table."""
    return ITEM + hash_of(*(text_of(item, name) for name in keys))


def _key(page: str) -> str:
    """
    The object's key as S3 logs it; the article cut `index.html` off the keys of folders.

    >>> _key("blog/a"), _key("about.html"), _key("favicon.ico")
    ('blog/a/', 'about.html', 'favicon.ico')
    """
    key = re.sub(r"\s", lambda blank: quote(quote(blank[0])), page)
    return key if _types.guess_type(key.lower(), strict=False)[0] else f"{key.rstrip('/')}/"


def _matching(pattern: str, text: str | None) -> str:
    return text if text and re.fullmatch(pattern, text) else "-"


def text_of(item: Item, *names: str) -> str | None:
    """The first of these attributes that the item has, as text or number."""
    values = (value for name in names for kind, value in item.get(name, {}).items() if kind in ("S", "N"))
    return next(values, None)


def hash_of(*texts: Any) -> str:
    """16 hexadecimal digits."""
    return blake2b(json.dumps([str(text) for text in texts]).encode(), digest_size=8).hexdigest()
