"""
What a log format is: a row of FORMATS, with a reader that splits blocks of lines into named columns.

A new format starts with one function, `parse(line)`, and the reader that `LineReader` makes of it: about thirty lines. For
speed, write a dedicated reader like S3's, with the same results; the contract suite checks that.

Columns hold *tokens*: whatever the reader can find fastest, such as the bytes as logged. Equal tokens have equal values, so
rules, pages and agents are evaluated once for each; `values` returns what a token stands for.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from itertools import accumulate, compress
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from ..cache import Cache
from ..records import Record, RecordId

Token = Hashable
RecordIds = tuple[Iterable[str], Iterable[str], Iterable[str]]
"""Three columns: request ids, operations and keys; see records.RecordId."""

HOUR = 3600  # seconds
# Lines of nothing but these are blank: neither records nor unreadable.
BLANK = b" \r"


class Columns(Protocol):
    """The records of a block of lines, in their order."""

    def __len__(self) -> int:
        """How many records there are."""

    def hours(self) -> Collection[int]:
        """The hours of UTC that any record is of, by their first seconds since the epoch."""

    def earliest(self) -> int:
        """The time of the earliest record; there is at least one."""

    def latest(self) -> int:
        """The time of the latest record; there is at least one."""

    def times(self) -> list[int]:
        """When each was, in seconds since the epoch, UTC."""

    def places(self) -> Sequence[int]:
        """Which line of the block each is, from 0."""

    def column(self, *fields: str) -> Iterable[Token]:
        """
        For each record, a token of what it has in these fields, which were among those that the block was read for.

        It may be gone through only once: tokens that are looked up and dropped again need no list of them all.
        """

    def look_up(self, answers: Cache, *fields: str) -> list[Any]:
        """For each record, what is answered about its token of these fields: each distinct one is asked about once."""

    def look_up_parts(self, answers: Cache, width: int, *fields: str) -> Sequence[Sequence[Any]]:
        """The same of answers that are tuples of this width: a column for each of their places; there is a record."""

    def by_time(self, answers: Cache, step: int) -> list[Any]:
        """For each record, what is answered about its time rounded down to whole steps, of so many seconds."""

    def record_ids(self, origin: str, start: int) -> RecordIds:
        """
        The ids of the records, decoded.

        Where the format has none they are made of `origin`, which stands for the file, and of the byte at which the line
        begins in it; the block begins at the byte `start`.
        """

    def where(self, are_chosen: Iterable[Any]) -> "Columns":
        """Some of the records, in their order."""


class Block(NamedTuple):
    """What a block of whole lines says."""

    records: Columns
    lines: int
    """The number of lines, including blank ones and comments."""
    unreadable: list[tuple[int, bytes]]
    """Lines that are not records, by index from 0; not blank lines or comments."""


class Reader(Protocol):
    """Reads the lines of one log file; those of most formats read any file."""

    @property
    def notice(self) -> str:
        """What an owner should know of files that are read so, a sentence that names the file as "it"; "" for nothing."""

    @property
    def refusal(self) -> str:
        """Why nothing in such files can be counted, and what to do; "" where it can."""

    @property
    def needed(self) -> bytes:
        """Bytes of which every record has one, and every comment but those of the pattern; b"" where that is not so."""

    @property
    def no_record(self) -> bytes:
        """
        A pattern of lines that cannot be records, nor comments but those of the other pattern; b"" where any may be one.

        It need not fit all of them: it is there to pass over many lines sooner than each is looked at.
        """

    @property
    def comment(self) -> bytes:
        """A pattern of lines that are comments at a glance; b"" for none."""

    def read(self, block: bytes, fields: frozenset[str]) -> Block:
        """
        Take a block of lines apart, whose last line may lack its newline; `fields` are those that will be asked for.

        Fields are those of `Request`, and the format's documented ones. Never raises for what the bytes are.
        """

    @property
    def meaning(self) -> Hashable:
        """Equal of readers whose tokens mean the same, so that what is answered about one's holds for the other's."""

    def anew(self, like: "Reader | None" = None) -> "Reader":
        """
        The same reader for another one who asks: it may number texts, and each has to ask about all that it numbered.

        One who asks about what another of the same meaning reads as well has both number texts `like` each other.
        """

    def values(self, *fields: str) -> Callable[[Token], tuple[Any, ...]]:
        """What reads the values of these fields from a token of them; a field that the format lacks is None."""

    def narrow(self, fields: tuple[str, ...], to: tuple[str, ...]) -> Callable[[Token], Token]:
        """What turns a token of these fields into one of some of them."""

    def parse(self, line: bytes) -> Record | None:
        """One line without its newline, taken apart the plain way; None when it is not a record."""

    def is_comment(self, line: bytes) -> bool:
        """Whether a line that is not a record is not meant as one either, such as the head of a file."""

    def why_unreadable(self, line: bytes) -> str:
        """What is wrong with a line that is not a record, in a few words; "" where that is not known. Never raises."""


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
    What a line begins with that says how the lines after it are to be read, wherever in the file it stands.

    The lines after it get a reader that is made of it; so in what a reader is given, it says what the reader knows.
    """


def lines_of(block: bytes) -> list[bytes]:
    """The lines of a block without their ends, of Unix or of Windows; the last one may lack its newline."""
    return (block.removesuffix(b"\n") + b"\n").replace(b"\r\n", b"\n")[:-1].split(b"\n")


def line_starts(block: bytes, start: int) -> list[int]:
    """
    Where each line of a block begins, which itself begins at the byte `start`.

    >>> line_starts(b"ab\\ncde\\n", 100)[:2]
    [100, 103]
    """
    return list(accumulate([len(line) + 1 for line in block.split(b"\n")], initial=start))


def any_record(parse: Callable[[bytes], Record | None]) -> Callable[[bytes], bool]:
    """What says whether any line of a head is a record: what most formats are recognised by."""
    return lambda head: any(parse(line) is not None for line in lines_of(head))


class LineReader:
    """A reader made of one function that takes a line apart, or returns None. Its tokens are the values themselves."""

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

    def anew(self, like: Reader | None = None) -> "LineReader":  # noqa: ARG002 - it numbers nothing
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
    """Columns over records that were parsed one by one, each with its line's place in the block."""

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

    def look_up(self, answers: Cache, *fields: str) -> list[Any]:
        """See Columns."""
        return list(map(answers.__getitem__, self.column(*fields)))

    def look_up_parts(self, answers: Cache, width: int, *fields: str) -> Sequence[Sequence[Any]]:  # noqa: ARG002
        """See Columns."""
        return list(zip(*self.look_up(answers, *fields), strict=True))

    def by_time(self, answers: Cache, step: int) -> list[Any]:
        """See Columns."""
        return [answers[time - time % step] for time in self.times()]

    def record_ids(self, origin: str, start: int) -> RecordIds:
        """See Columns."""
        starts = line_starts(self._block, start)
        ids = [record.request.record_id or RecordId(f"{origin}-{starts[place]}") for place, record in self._records]
        request_ids, operations, keys = (map(itemgetter(part), ids) for part in range(3))
        return request_ids, operations, keys

    def where(self, are_chosen: Iterable[Any]) -> "LineColumns":
        """See Columns."""
        return LineColumns(list(compress(self._records, are_chosen)), self._block)


def value_of(record: Record, field: str) -> Any:
    """What a record has in a field of `Request`, or in one that its format documents; None where it has no such field."""
    return getattr(record.request, field) if field in record.request._fields else record.documented.get(field)
