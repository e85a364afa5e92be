"""The parameters of one HTTP request, and the Query made of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from ..errors import ConfigError, StoreError
from ..pageviews.pages import also_meant, asked_page
from ..reports import Query, read_filter, read_period, read_prefix
from ..settings import Settings
from ..stores import Store
from .parameters import Question

# The parameters that set each end of the period.
STARTS = ("start", "from_date", "from_time")
ENDS = ("end", "to_date", "to_time")


@dataclass(frozen=True)
class ApiRequest:
    """A request: its parameters and its store."""

    store: Store
    settings: Settings
    values: Mapping[str, Any]
    """The values of the given parameters."""
    answers_to: Callable[[Sequence[Question]], Sequence[Mapping[str, Any]]]
    """Answers further questions of the same caller, for a batch."""
    public_prefixes: Sequence[str] = ()
    """Prefixes of pages that are open to everyone at this endpoint."""

    only: str | None = None
    """The prefix that the caller's token is limited to; None for no limit, and for callers without a token."""

    @property
    def is_public(self) -> bool:
        """Whether it needs no token, because it only concerns public pages."""
        return self.is_about(self.public_prefixes)

    def is_about(self, prefixes: Sequence[str]) -> bool:
        """Whether it only concerns pages with one of these prefixes; access to a prefix does not include filters."""
        if "filter" in self.values:
            return "" in prefixes
        about = self._page if "page" in self.values else self._prefix("page")
        return any(str(about).startswith(prefix) for prefix in prefixes)

    def query(self, dimension: str | None = None, limit: int | None = None) -> Query:
        """The question; `limit` is the default."""
        values = self.values
        return Query(
            site=values.get("site") or self.settings.site,
            period=read_period(self._day(STARTS), self._day(ENDS), values.get("period"), self._zone),
            zone=self._zone,
            dimension=dimension,
            measure=values.get("measure"),
            page=self._page,
            otherwise=() if self._page is None else also_meant(self._page, self.settings["index_documents"]),
            prefix=self._prefix(dimension or "page"),
            filter=tuple(read_filter(each, self.settings["index_documents"]) for each in values.get("filter", ())),
            interval=values.get("interval", "day"),
            series=values.get("series"),
            limit=values.get("limit", limit),
            cursor=values.get("cursor"),
            compare="compare" in values,
            keeps_weekdays=values.get("compare") == "weekdays",
            off=self.settings.counting.off,
            must_exist=not self.is_public and self.only is None,  # otherwise the error could reveal which pages exist
        )

    def _day(self, names: Sequence[str]) -> str | None:
        """The day given by one of these parameters; for a moment, the day that it is in."""
        given = [name for name in names if name in self.values]
        if len(given) > 1:
            raise ConfigError(f"sets the same end as {given[0]}; use one of them", about=given[1])
        value = self.values[given[0]] if given else None
        if not isinstance(value, datetime):
            return value
        return str((value.astimezone(self._zone) if value.tzinfo else value).date())

    @cached_property
    def _zone(self) -> ZoneInfo:
        try:
            return self.settings.zone_of(self.store)
        except ConfigError as error:  # the owner's to fix, not the client's
            raise StoreError(str(error)) from error

    @cached_property
    def _page(self) -> str | None:
        """The page's name, even if given as a path or URL: /blog/a/."""
        page = self.values.get("page")
        return None if page is None else asked_page(page, self.settings["index_documents"])

    def _prefix(self, dimension: str) -> str:
        return read_prefix(str(self.values.get("prefix", "")), dimension, self.settings["index_documents"])
