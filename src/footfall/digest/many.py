"""
Many small files in one pass: their lines are read as one block, and the results are assigned to each file.

S3 delivers files of a few lines. Starting a file, evaluating a column and adding up then cost more than reading the lines, so
this is done once for many files. The results equal those of `LineReading` for each file.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain, compress, repeat
from secrets import token_hex
from typing import Any, NamedTuple

from ..cache import Cache
from ..columns import Column
from ..formats.base import Block, Columns
from ..formats.runs import SHORT_LINES
from ..pageviews.rules import DUPLICATE, REASONS
from ..records import Account, Views
from ..unreadable import Rejected, Unreadable
from .columns import Group, SortedOut, columns_of_views, days_of, loaders, named, outcomes, sort_out, table_of
from .kinds import Dropped
from .origin import origin_of
from .plan import Plan
from .read import SAID_WHY, SHOWN_UNREADABLE, Lines, added_up, known_loaders

# Stands for the file in ids that are made up for records without any, until the file is known. No log has it.
ANY_FILE = token_hex()
Dropping = dict[int, dict[tuple[str, Dropped], int]]
"""By file: how often lines of each day were dropped, and for what reason."""

Loading = dict[int, dict[tuple[str, str], set[bytes | None]]]
"""By file: who loaded page files, by site and day."""


class Found(NamedTuple):
    """The views of all files, in columns, and where those of each file begin and end."""

    columns: Mapping[str, Column]
    ends: list[int]
    duplicates: Counter[int]
    """Duplicate records within a file, by file."""


class Body(NamedTuple):
    """A small file without the lines at its head that say how the others are to be read."""

    content: bytes
    head_lines: int = 0
    directive: bytes = b""
    """See Format; b"" if it has none."""
    is_all: bool = True
    """Whether there is no other directive."""
    start: int = 0
    """The byte at which it begins in the file."""


def body_of(content: bytes, mark: bytes) -> Body:
    """What is below the directive that a file begins with, which begins with `mark`; comments may stand before it."""
    start = content.find(mark) if mark else -1
    if start < 0:
        return Body(content)
    end = content.find(b"\n", start) + 1 or len(content)
    before = content[:start].split(b"\n")
    is_head = not before.pop() and all(line.startswith(b"#") for line in before)
    return Body(content[end:], content.count(b"\n", 0, end), content[start:end], is_head and content.find(mark, end) < 0, end)


class ManyFiles:
    """Small files that are read alike, and begin with a record."""

    def __init__(self, log_format: str, plan: Plan, bodies: Sequence[Body], *, keeps_unreadable: bool):
        self._log_format, self._plan, self._keeps_unreadable = log_format, plan, keeps_unreadable
        self._head_lines = [body.head_lines for body in bodies]
        contents = [body.content for body in bodies]
        whole = [content if content.endswith(b"\n") else content + b"\n" for content in contents]
        self._counts = [content.count(b"\n") for content in whole]
        self._are_short = [lines * SHORT_LINES > len(content) for lines, content in zip(self._counts, whole, strict=True)]
        """Whether a file may have runs of lines that no reader should examine, see formats.runs."""
        self._starts = [0, *accumulate(self._counts)]
        self._files = [*range(len(contents))]
        self._file_of_line = array("I", chain.from_iterable(map(repeat, self._files, self._counts)))
        self._block = b"".join(whole)
        self._bodies = bodies
        self._places = [0, *accumulate(map(len, whole))]
        """At which bytes of the block the files begin."""
        self._origins = Cache(lambda file: origin_of(contents[file]))

    def lines(self) -> list[Lines | None]:
        """The digest of the lines of each file; None for one that has to be read alone."""
        block = self._plan.reader.read(self._block, self._plan.fields)
        records = block.records
        are_records, times = set(records.places()), records.times()
        ends = self._bounds(self._files_of(records))
        sorted_out = sort_out(self._plan, records)
        views, dropped = self._found(sorted_out), self._dropped(sorted_out)
        loads = self._loaders(sorted_out)
        unreadable = self._unreadable(block)
        return [
            None
            if self._are_short[file] or self._starts[file] not in are_records
            else self._lines_of(file, times[ends[file] : ends[file + 1]], views, dropped[file], unreadable[file])._replace(
                loaders=known_loaders(loads[file]) if self._plan.knows_loaders else None
            )
            for file in range(len(self._counts))
        ]

    def _files_of(self, records: Columns) -> Column:
        return records.by_line(self._file_of_line, self._files)

    def _bounds(self, files: Iterable[int]) -> list[int]:
        """Where what is of each file begins, in order, and where the last ends; `files` says of which file each is."""
        return [0, *accumulate(map(Counter(files).__getitem__, self._files))]

    def _where(self, group: Group) -> list[Column]:
        """The file and the day of each record."""
        return [self._files_of(group.records), days_of(self._plan, group.records)]

    def _dropped(self, sorted_out: SortedOut) -> Dropping:
        dropped: Dropping = defaultdict(dict)
        for reason, group in sorted_out.dropped:
            for (file, day), why, times in outcomes(self._plan, reason, group.columns, self._where(group)):
                of_file = dropped[file]
                of_file[day, why] = of_file.get((day, why), 0) + times
        return dropped

    def _loaders(self, sorted_out: SortedOut) -> Loading:
        found: Loading = defaultdict(lambda: defaultdict(set))
        if (loads := sorted_out.loads) is not None:
            for (file, day), site, who in loaders(loads.columns, self._where(loads)):
                found[file][site, day].add(who)
        return found

    def _found(self, sorted_out: SortedOut) -> Found:
        """The records that are left, each once in its file."""
        found = named(sorted_out, ANY_FILE, 0)
        files = list(self._files_of(found.records))
        if ANY_FILE in "".join(found.ids[0]):
            found = found._replace(ids=(list(map(self._id_of, files, found.ids[0])), *found.ids[1:]))
        known: set[Any] = set()
        identities = [(file, *identity) for file, identity in zip(files, found.identities(), strict=True)]
        duplicates: Counter[int] = Counter()
        if len(set(identities)) < len(identities):
            are_first = [each not in known and not known.add(each) for each in identities]  # type: ignore[func-returns-value]
            duplicates = Counter(file for file, is_first in zip(files, are_first, strict=True) if not is_first)
            files, found = list(compress(files, are_first)), found.where(are_first)
        table = table_of(self._plan, found) if files else {}
        # As lists: what has so few views is done sooner one by one.
        columns = columns_of_views(self._plan, {name: list(column) for name, column in table.items()})
        return Found(columns, self._bounds(files), duplicates)

    def _id_of(self, file: int, request_id: str) -> str:
        """As if the file had been read by itself; see Columns.record_ids."""
        if not request_id.startswith(ANY_FILE):
            return request_id
        place = int(request_id.removeprefix(f"{ANY_FILE}-")) - self._places[file] + self._bodies[file].start
        return f"{self._origins[file]}-{place}"

    def _unreadable(self, block: Block) -> dict[int, list[Unreadable]]:
        found: dict[int, list[Unreadable]] = defaultdict(list)
        for place, line in block.unreadable:
            file = self._file_of_line[place]
            why = self._plan.reader.why_unreadable(line) if len(found[file]) < SAID_WHY else ""
            found[file].append(Unreadable(self._head_lines[file] + place - self._starts[file] + 1, line, why))
        return found

    def _lines_of(
        self, file: int, times: Sequence[int], found: Found, dropped: dict[tuple[str, Dropped], int],
        unreadable: Sequence[Unreadable],
    ) -> Lines:  # fmt: skip
        start, end = found.ends[file], found.ends[file + 1]
        by_reason, drops, hints = added_up((day, why, times) for (day, why), times in dropped.items())
        by_reason[DUPLICATE] = found.duplicates[file]
        reasons = {reason: by_reason[reason] for reason in REASONS if by_reason.get(reason)}
        views = Views(found.columns, start, end, self._plan.uncounted)
        rejects = b"".join([each.content + b"\n" for each in unreadable]) if self._keeps_unreadable else b""
        reader, lines = self._plan.reader, self._head_lines[file] + self._counts[file]
        return Lines(
            min(times), max(times), views, drops, Account(len(times) + len(unreadable), end - start, reasons, len(unreadable)),
            unreadable[:SHOWN_UNREADABLE], lines, self._plan.rules, self._log_format, reader.notice, reader.refusal, hints,
            rejects=Rejected(content=rejects),
        )  # fmt: skip
