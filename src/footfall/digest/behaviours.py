"""The visitors who viewed pages in given lines, and what else they did on that day."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..fields import CHANNEL
from ..pageviews.agents import bot_name
from ..pageviews.behaviour import Behaviour
from ..pageviews.counting import Counting
from ..pageviews.origins import SEARCH
from ..pageviews.rules import DUPLICATE
from ..pageviews.visitors import network_of
from ..records import Record
from .explain import Outcome

OF_NO_VISITOR = frozenset({"other site", "cdn", "signed", DUPLICATE})
"""The reasons for requests that are not by visitors of the site, or that are repeats."""


class Behaviours:
    """Sums up the outcomes of lines from any files, in any order; a repeated record changes nothing."""

    def __init__(self, counting: Counting):
        self._counting = counting
        self._found: dict[tuple[str, ...], Behaviour] = {}
        self._known: set[Any] = set()

    def add(self, outcome: Outcome) -> None:
        """One line."""
        record = outcome.record
        if record is None or (request := record.request).remote_ip is None or outcome.reason in OF_NO_VISITOR:
            return
        if bot_name(request.user_agent, self._counting.bots) or self._is_known(record):
            return
        day = datetime.fromtimestamp(request.time, self._counting.time_zone).date().isoformat()
        key = request.site, day, network_of(request.remote_ip), request.user_agent or ""
        if (did := self._found.get(key)) is None:
            did = self._found[key] = Behaviour(request.remote_ip, request.user_agent, day)
        did.add(request, record.documented)
        if outcome.view:
            did.views += 1
            did.is_from_search |= outcome.view.fields.get(CHANNEL) == SEARCH

    def _is_known(self, record: Record) -> bool:
        """Whether a record with this id and time came before; in formats without ids, every record is unique."""
        identity = record.request.record_id and hash((record.request.record_id, record.request.time))
        if identity in self._known:
            return True
        self._known |= {identity} if identity else set()
        return False

    def visitors(self) -> Iterable[Behaviour]:
        """Those who viewed a page, in the order in which they first appeared."""
        return (did for did in self._found.values() if did.views)
