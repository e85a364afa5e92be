"""
Checkpoints of reading the table: log files without views, whose names say where to resume.

    TABLE#0001#PAGE#2022-10      the views of a page and month, in the first run
    TABLE#0001@000000@PLACE      a checkpoint: everything before PLACE is recorded
    TABLE#0001@000001@           the last one: the table was read to its end

So the ledger is enough to resume an interrupted import, and a page's month keeps its name however the table grows.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass

from ..records import Part
from .lines import Item
from .table import PageTable

LONGEST_PLACE = 800  # bytes; a name in the ledger has at most 1,024


@dataclass(frozen=True)
class Run:
    """One pass over the table; it may have been interrupted."""

    name: str
    """The prefix of its log files' names; "" if they need not be recognized again."""
    checkpoints: int = 0
    """How many checkpoints have been recorded."""
    start: Item | None = None
    """The key of the last item read before the last checkpoint."""

    def name_of_month(self, page: str, month: str) -> str:
        """The name of the log file of a page and month."""
        return self.name and f"{self.name}#{page}#{month}"

    def name_of_checkpoint(self, number: int, place: str) -> str:
        """The name of a checkpoint at `place`; "" is the end of the table."""
        return self.name and f"{self.name}@{number:06}@{place}"


def next_run(table: PageTable, ledger: Iterable[Part]) -> Run:
    """The pass to continue: the last one, or a new one if that reached the end of the table."""
    number, places = 1, dict[int, str]()
    for part in ledger:
        if part.name.startswith(f"{table.name}#"):
            which, has_place, place = part.name.removeprefix(f"{table.name}#").partition("@")
            its_number = int(which[:4])
            if its_number > number:
                number, places = its_number, {}
            if has_place and its_number == number:
                count, _, key = place.partition("@")
                places[int(count)] = key
    if "" in places.values():
        number, places = number + 1, {}
    last = max(places, default=-1)
    start = json.loads(base64.urlsafe_b64decode(places[last])) if places else None
    return Run(f"{table.name}#{number:04}", last + 1, start)


def is_checkpoint(name: str) -> bool:
    """Whether a log file of this name has no views."""
    return "@" in name


def is_complete(name: str) -> bool:
    """Whether the log file of this name is the last one of a table."""
    return name.endswith("@")


def place_of(key: Item | None) -> str:
    """A key as part of a name; "" if it is too long."""
    place = base64.urlsafe_b64encode(json.dumps(key).encode()).decode()
    return place if len(place) <= LONGEST_PLACE else ""
