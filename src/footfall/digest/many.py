"""
Many small files in one pass: their lines are read as one block, and the results are assigned to each file.

S3 delivers files of a few lines. Starting a file, evaluating a column and adding up then cost more than reading the lines, so
this is done once for many files. The results equal those of `LineReading` for each file.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import accumulate, chain, compress, repeat
from typing import Any, NamedTuple

from ..formats.base import Block, Columns
from ..formats.runs import SHORT_LINES
from ..pageviews.rules import DUPLICATE, REASONS
from ..records import Account, Views
from ..unreadable import Rejected, Unreadable
from .columns import SortedOut, columns_of_views, days_of, loaders_of, named, names_of_columns, sort_out
from .kinds import NOT_DROPPED, Dropped
from .plan import Plan
from .read import SAID_WHY, SHOWN_UNREADABLE, Lines, added_up, known_loaders

# What ids begin with that were made for records without any. Where a log has such ids, its file is read by itself, too.
MADE_UP = "\0"
Dropping = dict[int, dict[tuple[str, Dropped], int]]
"""By file: how often lines of each day were dropped, and for what reason."""

Loading = dict[int, dict[tuple[str, str], set[bytes | None]]]
"""By file: who loaded page files, by site and day."""


class Found(NamedTuple):
    """The views of all files, in columns, and where those of each file begin and end."""

    columns: dict[str, Sequence[Any]]
    ends: list[int]
    duplicates: Counter[int]
    """Duplicate records within a file, by file."""
    without_ids: set[int]
    """The files whose records have no ids."""


class Body(NamedTuple):
    """A small file without the lines at its head that say how the others are to be read."""

    content: bytes
    head_lines: int = 0
    directive: bytes = b""
    """See Format; b"" if it has none."""
    is_all: bool = True
    """Whether there is no other directive."""


def body_of(content: bytes, mark: bytes) -> Body:
    """What is below the directive that a file begins with, which begins with `mark`; comments may stand before it."""
    if not mark or mark not in content:
        return Body(content)
    start = content.find(mark)
    end = content.find(b"\n", start) + 1 or len(content)
    before = content[:start].split(b"\n")
    is_head = not before.pop() and all(line.startswith(b"#") for line in before)
    return Body(content[end:], content.count(b"\n", 0, end), content[start:end], is_head and mark not in content[end:])


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
        self._file_of_line = [*chain.from_iterable(map(repeat, range(len(contents)), self._counts))]
        self._block = b"".join(whole)

    def lines(self) -> list[Lines | None]:
        """The digest of the lines of each file; None for one that has to be read alone."""
        block = self._plan.reader.read(self._block, self._plan.fields)
        records = block.records
        are_records, files, times = set(records.places()), self._files_of(records), records.times()
        numbers = self._bounds(files)
        sorted_out = sort_out(self._plan, records)
        views, dropped = self._found(sorted_out), self._dropped(sorted_out)
        loaders = self._loaders(sorted_out)
        unreadable = self._unreadable(block)
        return [
            None
            if self._are_short[file] or file in views.without_ids or self._starts[file] not in are_records
            else self._lines_of(
                file, times[numbers[file] : numbers[file + 1]], views, dropped[file], unreadable[file]
            )._replace(loaders=known_loaders(loaders[file]) if self._plan.knows_loaders else None)
            for file in range(len(self._counts))
        ]

    def _files_of(self, records: Columns) -> list[int]:
        return list(map(self._file_of_line.__getitem__, records.places()))

    def _bounds(self, files: Sequence[int]) -> list[int]:
        """Where what is of each file begins, in order, and where the last ends; `files` says of which file each is."""
        return [0, *accumulate(map(Counter(files).__getitem__, range(len(self._counts))))]

    def _dropped(self, sorted_out: SortedOut) -> Dropping:
        dropped: Dropping = defaultdict(dict)
        for each, of in sorted_out.dropped:
            for file, day, why in zip(self._files_of(of), days_of(self._plan, of), each, strict=True):
                if why is not NOT_DROPPED:
                    of_file = dropped[file]
                    of_file[day, why] = of_file.get((day, why), 0) + 1
        return dropped

    def _loaders(self, sorted_out: SortedOut) -> Loading:
        loaders: Loading = defaultdict(lambda: defaultdict(set))
        if sorted_out.loads is not None:
            sites, of = sorted_out.loads
            who = loaders_of(self._plan, sorted_out.loads)
            for file, site, day, loader in zip(self._files_of(of), sites, days_of(self._plan, of), who, strict=True):
                loaders[file][site, day].add(loader)
        return loaders

    def _found(self, sorted_out: SortedOut) -> Found:
        """The records that are left, each once in its file."""
        found = named(sorted_out, MADE_UP, 0)
        files = self._files_of(found.records)
        without_ids = {file for file, request_id in zip(files, found.ids[0], strict=True) if request_id.startswith(MADE_UP)}
        known: set[Any] = set()
        identities = [(file, *identity) for file, identity in zip(files, found.identities(), strict=True)]
        duplicates: Counter[int] = Counter()
        if len(set(identities)) < len(identities):
            are_first = [each not in known and not known.add(each) for each in identities]  # type: ignore[func-returns-value]
            duplicates = Counter(file for file, is_first in zip(files, are_first, strict=True) if not is_first)
            files, found = list(compress(files, are_first)), found.where(are_first)
        ends = self._bounds(files)
        names = names_of_columns(self._plan)
        columns = columns_of_views(self._plan, found) if files else {}
        return Found({name: columns.get(name, ()) for name in names}, ends, duplicates, without_ids)

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
