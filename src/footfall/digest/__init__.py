"""
From the lines of a log file to its digest: every line gets exactly one outcome.

    plan     what has to be asked about lines, and all answers so far
    read     many lines at once, in columns
    explain  one line after the other, the plain way
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from ..cache import Cache
from ..formats import AUTO, FORMATS
from ..formats.base import Format, LineReader, Reader
from ..pageviews.counting import Counting
from .explain import Outcome, explain, view_of
from .fingerprint import fingerprint_of, rules_of
from .many import Body, ManyFiles, body_of
from .plan import Plan
from .read import LineReading, Lines

__all__ = ["LOOKED_AT", "Digester", "Lines", "Outcome", "Start", "last_directive", "make_digester", "rules_of", "view_of"]

LOOKED_AT = 1 << 12  # bytes of a file's beginning, which tell how nearly all are written


class Start(NamedTuple):
    """Where lines begin in a file, and what else is needed to read them."""

    head: bytes = b""
    """The first lines of the file, which determine its format."""
    directive: bytes = b""
    """The last directive before these lines, see Format; b"" if there is none."""
    origin: str = ""
    """The prefix of record ids in formats without ids; it identifies the file."""
    place: int = 0
    """The byte offset in the file at which the lines begin."""


class _FormatOfFile(NamedTuple):
    name: str
    format: Format
    plan_of: Callable[[bytes], Plan]
    """By the first bytes of a file, or of the rest of it."""


# How lines are read that are of no format, or where there are none.
_NO_READER = LineReader(lambda _: None, no_record=rb"[^\n]*+")
_NO_FORMAT = Format("", "", (), lambda _: _NO_READER, lambda _: True)


class Digester:
    """Reads lines as one owner counts them, in whichever of some formats they are; remembers answers over all files."""

    def __init__(self, formats: Mapping[str, Format], counting: Counting, *, rejects_folder: str = ""):
        self._formats, self._counting, self._rejects_folder = formats, counting, rejects_folder
        self._of_name = {name: self._format_of_file(name, row) for name, row in {**formats, "": _NO_FORMAT}.items()}

    def _format_of_file(self, name: str, row: Format) -> _FormatOfFile:
        rules = fingerprint_of(row.title, self._counting)
        alike: dict[Hashable, Plan] = {}

        def plan_of(reader: Reader) -> Plan:
            if reader.meaning in alike:
                return alike[reader.meaning].reading_by(reader)
            return alike.setdefault(reader.meaning, Plan(reader, self._counting, rules))

        plans = Cache(plan_of)
        return _FormatOfFile(name, row, lambda head: plans[row.reader(head)])

    def format_of(self, head: bytes) -> str:
        """The name of the format that a file is in which begins with these lines; "" where it is none that is known."""
        return self._recognise(head).name

    def _recognise(self, head: bytes) -> _FormatOfFile:
        if len(self._formats) == 1:
            return next(iter(self._of_name.values()))
        first = _whole_lines(head[:LOOKED_AT])
        for lines in (first, head) if len(first) < len(head) else (first,):
            begins_so = {name: bool(row.directive) and row.directive in lines for name, row in self._formats.items()}
            for name in sorted(self._formats, key=begins_so.__getitem__, reverse=True):
                if self._formats[name].recognises(lines):
                    return self._of_name[name]
        return self._of_name[""]

    def mark_of(self, head: bytes) -> bytes:
        """What directives begin with in a file that begins with these lines; b"" where its format has none."""
        return self._recognise(head).format.directive

    def is_record(self, start: Start, line: bytes) -> bool:
        """Whether one line by itself is a record."""
        row = self._recognise(start.head).format
        return row.reader(start.directive or start.head).parse(line) is not None

    def read(self, blocks: Iterable[bytes], start: Start = Start()) -> Lines:  # noqa: B008 - it is frozen
        """Digest blocks of whole lines."""
        of_file, directive = self._recognise(start.head), start.directive
        plan = of_file.plan_of(directive or start.head)
        reading = LineReading(of_file.name, plan, start.origin, start.place, self._rejects_folder)
        for block in blocks:
            together: list[bytes] = []  # as few lines as a small file has take longer by themselves
            for changed, lines in _under_directives(block, of_file.format.directive):
                if changed and changed != directive:
                    directive = changed
                    if (changed_plan := of_file.plan_of(changed)) is not plan:
                        if together:
                            reading.add(b"".join(together))
                        plan, together = changed_plan, []
                        reading.go_on_with(plan)
                together.append(lines)
            reading.add(b"".join(together))
        return reading.lines()._replace(directive=directive)

    def read_files(self, contents: Sequence[bytes]) -> list[Lines | None]:
        """
        The digests of many small files, faster than one by one; `contents` are complete. None for a file that has to be read
        alone, because it does not begin with a record or its records have no ids.
        """
        read: list[Lines | None] = []
        for (name, plan), run in groupby(self._by_plan(contents), key=itemgetter(0)):
            bodies = [body for _, body in run]
            alike = ManyFiles(name, plan, bodies, keeps_unreadable=bool(self._rejects_folder)) if plan else None
            read += alike.lines() if alike else [None] * len(bodies)
        return read

    def _by_plan(self, contents: Sequence[bytes]) -> Iterator[tuple[tuple[str, Plan | None], Body]]:
        """Each file without its head, by its format and by how its lines are read; by no plan where it has several."""
        first = next(iter(self._of_name.values()))
        is_first = self._recognise(contents[0]) is first
        for content in contents:
            # Whatever begins with a record of the first format is recognised as that; what does not is not read together.
            of_file = first if is_first else self._recognise(content)
            body = body_of(content, of_file.format.directive)
            yield (of_file.name, of_file.plan_of(body.directive or content) if body.is_all else None), body

    def explain(self, lines: Iterable[bytes], start: Start = Start()) -> Iterator[tuple[int, Outcome]]:  # noqa: B008
        """The outcome of each line of a file, by number from 1; blank lines are skipped."""
        row = self._recognise(start.head).format
        reader = row.reader(start.head)

        def reader_of(line: bytes) -> Reader:
            nonlocal reader
            if row.directive and line.startswith(row.directive):
                reader = row.reader(line)
            return reader

        return explain(lines, reader_of, self._counting, start.origin)


def make_digester(log_format: str, counting: Counting, *, rejects_folder: str = "") -> Digester:
    """
    What reads lines of the row of FORMATS with this name, or of any of them; other processes can be given it.

    All unreadable lines are kept where there is a folder for them; their number always is, and the first of each part.
    """
    formats = FORMATS if log_format == AUTO else {log_format: FORMATS[log_format]}
    return Digester(formats, counting, rejects_folder=rejects_folder)


def _whole_lines(head: bytes) -> bytes:
    """What is cut off in the middle of a line would be judged by its first half."""
    return head[: head.rfind(b"\n") + 1] or head


def last_directive(block: bytes, mark: bytes) -> bytes:
    """The last of the lines of a block that begin with this mark; b"" where there is none."""
    return [b"", *(directive for directive, _ in _under_directives(block, mark) if directive)][-1]


def _under_directives(block: bytes, mark: bytes) -> Iterator[tuple[bytes, bytes]]:
    """A block in pieces: each with the directive that it begins with, or b""."""
    starts = [place for place in _places(block, mark) if place == 0 or block[place - 1 : place] == b"\n"] if mark else []
    for start, end in zip([0, *starts], [*starts, len(block)], strict=True):
        if start < end:
            is_directive = bool(mark) and block.startswith(mark, start)
            yield (block[start : block.find(b"\n", start) + 1 or end] if is_directive else b""), block[start:end]


def _places(block: bytes, mark: bytes) -> Iterator[int]:
    place = block.find(mark)
    while place >= 0:
        yield place
        place = block.find(mark, place + 1)
