"""Notes that are written once before files are counted, by conditional writes, so that reports need no scan."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from ...errors import StoreError
from ...items import ItemMap
from ...records import Digest
from ...tallies import MOST_KEPT, MOST_SITES, OWN_WORDS, add_sites, known_site
from ..imported import is_item
from .imported import ITEM_MONTHS
from .index import SCHEMA_VERSION, IndexCache
from .keys import MOST_KEPT_SETTING, NO_MONTH, RECOUNTED, SETTINGS, Key, ledger_key, month_of, site_key
from .requests import Refused, Requests


class Notes:
    """Notes the time zone, the only site, the months, and the latest request; each only once per importer."""

    def __init__(self, requests: Requests, item: ItemMap, index: IndexCache):
        self._requests, self._item, self._index = requests, item, index
        self._months: set[tuple[Key, str, str]] = set()
        self._latest = -1
        self.sites: set[str] = set()
        """Sites with counts, as far as they have been looked up."""
        self._first_site: str | None = None

    def keep_time_zone(self, time_zone: str) -> None:
        """Note the time zone of days; raises StoreError if the table has another one."""
        settings = self._index.settings()
        if "TimeZone" not in settings:
            with suppress(Refused):  # another importer was faster, or an answer was lost
                self._requests.update(
                    SETTINGS,
                    "SET #zone = :zone, #version = :version, #kept = :kept",
                    {"#zone": "TimeZone", "#version": "SchemaVersion", "#kept": MOST_KEPT_SETTING},
                    {":zone": {"S": time_zone}, ":version": {"N": str(SCHEMA_VERSION)}, ":kept": {"N": str(MOST_KEPT)}},
                    ConditionExpression="attribute_not_exists(#zone)",
                )
            self._index.forget()
            settings = self._index.settings()
        elif int(settings["SchemaVersion"]["N"]) < SCHEMA_VERSION:
            self._requests.update(
                SETTINGS, "SET #version = :version", {"#version": "SchemaVersion"}, {":version": {"N": str(SCHEMA_VERSION)}}
            )
        kept = settings["TimeZone"]["S"]
        if kept != time_zone:
            raise StoreError(
                f"{self._requests.url} counts days in {kept}, not in {time_zone}: "
                f"set time_zone = {kept!r}, or import the logs again into another --store"
            )

    def before(self, digests: Iterable[Digest]) -> None:
        """Write the notes for these files, before anything else of them is written; raises StoreError for a second site."""
        files = list(digests)
        self._check_sites(files)
        self._name_sites(files)
        self._note_months(files)
        self._note_latest(files)

    def before_recount(self, digests: Iterable[Digest]) -> None:
        """The same for recounted files: from now on, there may be empty tallies."""
        files = list(digests)
        self.before(files)
        if RECOUNTED not in self._index.settings():
            self._requests.update(SETTINGS, "SET #is = :is", {"#is": RECOUNTED}, {":is": {"BOOL": True}})
            self._index.forget()

    def _check_sites(self, digests: Iterable[Digest]) -> None:
        """Refuse a second site's views unless the partition key has the site, since reports could not distinguish them."""
        if self._item.names_site:
            return
        for digest in digests:
            sites = set(digest.views.column("site"))
            if not sites:
                continue
            noted = self._index.settings().get("OnlySite", {}).get("S", min(sites)) if len(sites) > 1 else None
            self._item.check_sites(digest.place or digest.name, noted or self._only_site(min(sites)), sites)

    def _only_site(self, site: str) -> str:
        """The site of all views: permanently the first one that is noted."""
        if self._first_site is None:
            answer = self._requests.update(
                SETTINGS,
                "SET #site = if_not_exists(#site, :site)",
                {"#site": "OnlySite"},
                {":site": {"S": site}},
                ReturnValues="ALL_NEW",
            )
            self._first_site = str(answer["Attributes"]["OnlySite"]["S"])
        return self._first_site

    def _name_sites(self, digests: Sequence[Digest]) -> None:
        """Determine which sites of these files are counted by name: all others are counted together."""
        of_views = (site for digest in digests for site in digest.views.column("site"))
        named = dict.fromkeys([*of_views, *(site for digest in digests for site, *_ in digest.drops)])
        if len(self.sites) < MOST_SITES and any(known_site(site, self.sites) != site for site in named):
            self.sites.update(self._index.read().sites)
            self.sites -= OWN_WORDS
            add_sites(self.sites, named)

    def _note_months(self, digests: Iterable[Digest]) -> None:
        """Note the months that these files have."""
        noted: set[tuple[Key, str, str]] = set()
        for digest in digests:
            noted.add((SETTINGS, "FileMonths", month_of(ledger_key(digest.name, digest.part)[0]) or NO_MONTH))
            days = {*zip(digest.views.column("site"), digest.views.column("day"), strict=True)}
            days |= {(site, day) for site, _, day, _ in digest.drops}
            noted |= {(site_key(known_site(site, self.sites)), "Months", day[:7]) for site, day in days}
            noted |= {(SETTINGS, ITEM_MONTHS, str(view.fields["day"])[:7]) for view in digest.views if is_item(view)}
        for key, attribute, month in sorted(noted - self._months):
            self._requests.update(key, "ADD #months :month", {"#months": attribute}, {":month": {"SS": [month]}})
        self._months |= noted

    def _note_latest(self, digests: Iterable[Digest]) -> None:
        """Note the latest request, so that reports do not have to read the whole ledger for it."""
        last = max((digest.last_time for digest in digests if digest.last_time is not None), default=None)
        if last is None or last <= self._latest:
            return
        with suppress(Refused):  # another file has a later request
            self._requests.update(
                SETTINGS,
                "SET #latest = :latest",
                {"#latest": "LatestRequest"},
                {":latest": {"N": str(last)}},
                ConditionExpression="attribute_not_exists(#latest) OR #latest < :latest",
            )
        self._latest = last
