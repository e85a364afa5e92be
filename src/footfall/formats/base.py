"""
What a log format is: a row of FORMATS, with a reader that splits blocks of lines into named columns.

A new format starts with one function, `parse(line)`, and the reader that `LineReader` makes of it: about thirty lines. For
speed, write a dedicated reader like S3's, with the same results; the contract suite checks that.

Columns contain *tokens*: whatever the reader can find fastest, such as the bytes as logged. Equal tokens have equal values, so
rules, pages and agents are evaluated once for each; `values` returns what a token stands for.
"""

from array import array
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from itertools import accumulate, compress
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from ..cache import Cache
from ..columns import Choice, Column
from ..records import Record, RecordId

Token = Hashable
RecordIds = tuple[Column, Column, Column]
"""Three columns: request ids, operations and keys; see records.RecordId."""

HOUR = 3600  # seconds
# Lines that consist of these are blank: neither records nor unreadable.
BLANK = b" \r"


class Columns(Protocol):
    """The records of a block of lines, in order."""

    def __len__(self) -> int:
        """The number of records."""

    def hours(self) -> Collection[int]:
        """The hours of the records, in UTC, as their first seconds since the epoch."""

    def earliest(self) -> int:
        """The time of the earliest record; there is at least one."""

    def latest(self) -> int:
        """The time of the latest record; there is at least one."""

    def times(self) -> list[int]:
        """The time of each record, in seconds since the epoch."""

    def places(self) -> Sequence[int]:
        """The index of each record's line in the block, from 0."""

    def column(self, *fields: str) -> Iterable[Token]:
        """
        For each record, a token of its values in these fields, which must be among those requested from `read`.

        May only be iterated over once, so that tokens that are looked up and dropped do not need a list.
        """

    def look_up(self, answers: Cache, *fields: str) -> Column:
        """For each record, the answer for its token of these fields; each distinct token is looked up once."""

    def look_up_parts(self, answers: Cache, width: int, *fields: str) -> Sequence[Column]:
        """The same for answers that are tuples of this width: a column for each element; there is at least one record."""

    def by_time(self, answers: Cache, step: int) -> Column:
        """For each record, the answer for its time, rounded down to a multiple of `step` seconds."""

    def by_line(self, codes: "array[int]", values: list[Any]) -> Column:
        """For each record, the value of the code that its line of the block has."""

    def record_ids(self, origin: str, start: int) -> RecordIds:
        """
        The ids of the records, decoded.

        If the format has none, they are made of `origin`, which identifies the file, and of the byte at which the line
        begins in it; the block begins at the byte `start`.
        """

    def where(self, choice: Choice) -> "Columns":
        """The chosen records, in order."""


class Block(NamedTuple):
    """The contents of a block of whole lines."""

    records: Columns
    lines: int
    """The number of lines, including blank ones and comments."""
    unreadable: list[tuple[int, bytes]]
    """Lines that are not records, by index from 0; not blank lines or comments."""


class Reader(Protocol):
    """Reads the lines of one log file; in most formats, one reader can read any file."""

    @property
    def notice(self) -> str:
        """A note to the owner about files that are read with it: a sentence that calls the file "it"; "" for none."""

    @property
    def refusal(self) -> str:
        """Why nothing in such files can be counted, and what to do; "" if it can."""

    @property
    def needed(self) -> bytes:
        """Bytes, one of which is in every record, and in every comment that `comment` does not match; b"" for no such bytes."""

    @property
    def no_record(self) -> bytes:
        """
        A pattern for lines that cannot be records, nor comments that `comment` does not match; b"" if any line may be one.

        It does not have to match all such lines: its purpose is to skip many lines without examining each.
        """

    @property
    def comment(self) -> bytes:
        """A pattern for lines that are obviously comments; b"" for none."""

    def read(self, block: bytes, fields: frozenset[str]) -> Block:
        """
        Parse a block of lines, the last of which may lack its newline; `fields` are those that will be needed.

        Fields are those of `Request`, and the format's documented ones. Never raises, whatever the bytes are.
        """

    @property
    def meaning(self) -> Hashable:
        """Equal for readers whose tokens mean the same, so that answers for one's tokens are valid for the other's."""

    def anew(self, like: "Reader | None" = None) -> "Reader":
        """
        The same reader for another user: a reader may number texts, and its user must look up all of them.

        A user that needs answers for several readers of the same meaning makes them number texts `like` each other.
        """

    def values(self, *fields: str) -> Callable[[Token], tuple[Any, ...]]:
        """A function from a token of these fields to their values; a field that the format lacks is None."""

    def narrow(self, fields: tuple[str, ...], to: tuple[str, ...]) -> Callable[[Token], Token]:
        """A function from a token of these fields to a token of some of them."""

    def parse(self, line: bytes) -> Record | None:
        """Parse one line without its newline, in the simple way; None if it is not a record."""

    def is_comment(self, line: bytes) -> bool:
        """Whether a line that is not a record is not supposed to be one, such as the head of a file."""

    def why_unreadable(self, line: bytes) -> str:
        """What is wrong with a line that is not a record, in a few words; "" if that is not known. Never raises."""


class Format(NamedTuple):
    """How the lines of one kind of log are written: a row of FORMATS."""

    title: str
    about: str
    """A sentence or two for the reference page."""
    documented: Sequence[str]
    """The fields that it documents, in order."""
    reader: Callable[[bytes], Reader]
    """The reader for a file that begins with these bytes: a file may say in its head how to read its lines."""
    recognises: Callable[[bytes], bool]
    """Whether the first lines of a file are in this format: whether any is a record, or a header of the format."""
    unique: Collection[str] = ()
    """The documented fields that are numbers, or different in nearly every record."""
    directive: bytes = b""
    """
    The beginning of lines that say how to read the lines after them; these may be anywhere in a file.

    The lines after one get a reader made from it, so a reader only gets directives that agree with it.
    """


def lines_of(block: bytes) -> list[bytes]:
    """The lines of a block without their line ends, LF or CRLF; the last one may lack its newline."""
    return (block.removesuffix(b"\n") + b"\n").replace(b"\r\n", b"\n")[:-1].split(b"\n")


def line_starts(block: bytes, start: int) -> list[int]:
    """
    The byte at which each line of a block begins; the block begins at the byte `start`.

    >>> line_starts(b"ab\\ncde\\n", 100)[:2]
    [100, 103]
    """
    return list(accumulate([len(line) + 1 for line in block.split(b"\n")], initial=start))


def any_record(parse: Callable[[bytes], Record | None]) -> Callable[[bytes], bool]:
    """A function that says whether any line of a head is a record, by which most formats are recognised."""
    return lambda head: any(parse(line) is not None for line in lines_of(head))


class LineReader:
    """A reader made from one function, which parses a line or returns None. Its tokens are the values themselves."""

    notice = refusal = ""
    comment = b""

    def __init__(
        self, parse: Callable[[bytes], Record | None], is_comment: Callable[[bytes], bool] = lambda _: False, *,
        needed: bytes = b"", no_record: bytes = b"", why_unreadable: Callable[[bytes], str] = lambda _: "",
    ):  # fmt: skip
        self.parse, self.is_comment, self.needed, self.no_record = parse, is_comment, needed, no_record
        self.why_unreadable = why_unreadable

    def read(self, block: bytes, fields: frozenset[str]) -> Block:  # noqa: ARG002 - each record has all fields
        """See Reader."""
        lines = lines_of(block)
        parsed = list(map(self.parse, lines))
        odd = [(place, lines[place]) for place, record in enumerate(parsed) if record is None]
        unreadable = [(place, line) for place, line in odd if line.strip(BLANK) and not self.is_comment(line)]
        records = [(place, record) for place, record in enumerate(parsed) if record is not None]
        return Block(LineColumns(records, block), len(lines), unreadable)

    @property
    def meaning(self) -> Hashable:
        """See Reader."""
        return self

    def anew(self, like: Reader | None = None) -> "LineReader":  # noqa: ARG002 - does not number texts
        """See Reader."""
        return self

    def values(self, *fields: str) -> Callable[[Token], tuple[Any, ...]]:  # noqa: ARG002
        """See Reader."""
        return tuple  # type: ignore[return-value]

    def narrow(self, fields: tuple[str, ...], to: tuple[str, ...]) -> Callable[[Token], Token]:
        """See Reader."""
        places = [*map(fields.index, to)]
        return lambda token: tuple([token[place] for place in places])  # type: ignore[index]


class LineColumns:
    """Columns of records that were parsed one by one, each with its line's index in the block."""

    def __init__(self, records: list[tuple[int, Record]], block: bytes):
        self._records, self._block = records, block

    def __len__(self) -> int:
        return len(self._records)

    def hours(self) -> Collection[int]:
        """See Columns."""
        return {time - time % HOUR for time in self.times()}

    def earliest(self) -> int:
        """See Columns."""
        return min(self.times())

    def latest(self) -> int:
        """See Columns."""
        return max(self.times())

    def times(self) -> list[int]:
        """See Columns."""
        return [record.request.time for _, record in self._records]

    def places(self) -> Sequence[int]:
        """See Columns."""
        return [place for place, _ in self._records]

    def column(self, *fields: str) -> list[Token]:
        """See Columns."""
        return [tuple(value_of(record, field) for field in fields) for _, record in self._records]

    def look_up(self, answers: Cache, *fields: str) -> Column:
        """See Columns."""
        return list(map(answers.__getitem__, self.column(*fields)))

    def look_up_parts(self, answers: Cache, width: int, *fields: str) -> Sequence[Column]:  # noqa: ARG002
        """See Columns."""
        return list(zip(*self.look_up(answers, *fields), strict=True))

    def by_time(self, answers: Cache, step: int) -> Column:
        """See Columns."""
        return [answers[time - time % step] for time in self.times()]

    def by_line(self, codes: "array[int]", values: list[Any]) -> Column:
        """See Columns."""
        return [values[codes[place]] for place, _ in self._records]

    def record_ids(self, origin: str, start: int) -> RecordIds:
        """See Columns."""
        starts = line_starts(self._block, start)
        ids = [record.request.record_id or RecordId(f"{origin}-{starts[place]}") for place, record in self._records]
        request_ids, operations, keys = (list(map(itemgetter(part), ids)) for part in range(3))
        return request_ids, operations, keys

    def where(self, choice: Choice) -> "LineColumns":
        """See Columns."""
        return LineColumns(list(compress(self._records, choice)), self._block)


def value_of(record: Record, field: str) -> Any:
    """A record's value in a field of `Request`, or in one that its format documents; None if it has no such field."""
    return getattr(record.request, field) if field in record.request._fields else record.documented.get(field)
