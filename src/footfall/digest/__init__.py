"""
From the lines of a log file to its digest: every line gets its one outcome.

    plan     what has to be asked about lines, and all answers so far
    read     many lines at once, in columns
    explain  one line after the other, the plain way
"""

from collections.abc import Iterable, Iterator

from ..cache import Cache
from ..formats import FORMATS
from ..formats.base import Format
from ..pageviews.counting import Counting
from .explain import Outcome, explain, view_of
from .fingerprint import fingerprint_of
from .plan import Plan
from .read import LineReading, Lines

__all__ = ["Digester", "Lines", "Outcome", "make_digester", "view_of"]


class Digester:
    """Reads lines of one format as one owner counts them; remembers answers over all files."""

    def __init__(self, log_format: Format, counting: Counting):
        self._format, self._counting = log_format, counting
        rules = fingerprint_of(log_format.title, counting)
        self._plans = Cache(lambda reader: Plan(reader, counting, rules))

    def read(self, blocks: Iterable[bytes], head: bytes = b"") -> Lines:
        """What blocks of whole lines say; `head` is how their file begins, where that tells how its lines are to be read."""
        reader = self._format.reader(head)
        plan: Plan = self._plans[reader]
        reading = LineReading(plan)
        for block in blocks:
            reading.add(block)
        return reading.lines()

    def explain(self, lines: Iterable[bytes], head: bytes = b"") -> Iterator[tuple[int, Outcome]]:
        """What becomes of each line, by its number from 1; blank lines are passed over."""
        return explain(lines, self._format.reader(head), self._counting)


def make_digester(log_format: str, counting: Counting) -> Digester:
    """What reads lines of the row of FORMATS with this name; other processes can be given it."""
    return Digester(FORMATS[log_format], counting)
