"""What is noted beside the sites before files are counted, so that reports find what there is without a scan."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from ...records import Digest
from ..imported import is_item
from .imported import ITEM_MONTHS
from .index import SCHEMA_VERSION
from .keys import SETTINGS, Key, site_key
from .ledger import ledger_key
from .requests import Refused, Requests

# Months are kept as sets of texts, and a set may not be empty: of files whose names have no month.
NO_MONTH = "none"


class Notes:
    """Writes notes; what this process has noted is not noted again."""

    def __init__(self, requests: Requests):
        self._requests = requests
        self._noted: set[tuple[Key, str, str]] = set()
        self._latest = -1
        self._first_site: str | None = None

    def time_zone(self, name: str) -> None:
        """Note the time zone that days are in, unless there is one."""
        with suppress(Refused):  # another importer was quicker, or an answer was lost
            self._update(
                SETTINGS,
                UpdateExpression="SET #zone = :zone, #version = :version",
                ConditionExpression="attribute_not_exists(#zone)",
                ExpressionAttributeNames={"#zone": "TimeZone", "#version": "SchemaVersion"},
                ExpressionAttributeValues={":zone": {"S": name}, ":version": {"N": str(SCHEMA_VERSION)}},
            )

    def only_site(self, site: str) -> str:
        """The site that views are of: the one that comes first, for ever."""
        if self._first_site is None:
            answer = self._update(
                SETTINGS,
                UpdateExpression="SET #site = if_not_exists(#site, :site)",
                ExpressionAttributeNames={"#site": "OnlySite"},
                ExpressionAttributeValues={":site": {"S": site}},
                ReturnValues="ALL_NEW",
            )
            self._first_site = str(answer["Attributes"]["OnlySite"]["S"])
        return self._first_site

    def months(self, digests: Iterable[Digest]) -> None:
        """Note which months there is something of."""
        noted: set[tuple[Key, str, str]] = set()
        for digest in digests:
            month = ledger_key(digest.name, digest.part)[0].removeprefix("#files").removeprefix("#")
            noted.add((SETTINGS, "FileMonths", month or NO_MONTH))
            days = {*zip(digest.views.column("site"), digest.views.column("day"), strict=True)}
            days |= {(site, day) for site, _, day, _ in digest.drops}
            noted |= {(site_key(site), "Months", day[:7]) for site, day in days}
            noted |= {(SETTINGS, ITEM_MONTHS, view.day[:7]) for view in digest.views if is_item(view)}
        for key, attribute, month in sorted(noted - self._noted):
            self._update(
                key,
                UpdateExpression="ADD #months :month",
                ExpressionAttributeNames={"#months": attribute},
                ExpressionAttributeValues={":month": {"SS": [month]}},
            )
        self._noted |= noted

    def latest(self, digests: Iterable[Digest]) -> None:
        """Note how far the files reach, so that no report has to read the whole ledger for it."""
        last = max((digest.last_time for digest in digests if digest.last_time is not None), default=None)
        if last is None or last <= self._latest:
            return
        with suppress(Refused):  # another file reaches further
            self._update(
                SETTINGS,
                UpdateExpression="SET #latest = :latest",
                ConditionExpression="attribute_not_exists(#latest) OR #latest < :latest",
                ExpressionAttributeNames={"#latest": "LatestRequest"},
                ExpressionAttributeValues={":latest": {"N": str(last)}},
            )
        self._latest = last

    def _update(self, key: Key, **asked: Any) -> dict[str, Any]:
        table = self._requests.table
        return self._requests.send("update_item", TableName=table, Key=self._requests.typed(key), **asked)
