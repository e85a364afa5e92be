"""
Turns log files into digests: looks each up in the ledger, reads it part by part, and compares parts that the ledger has.

Reading happens in this process or in others (workers); the results are the same, in the order of the files.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from ..digest import Digester, Lines
from ..errors import SourceError
from ..records import Digest, LogFile, Part
from ..sources.prefetch import prefetch
from .events import FileFailed, PartKnown
from .foreign import what_else
from .identity import Identities, IsDue
from .ledger import difference
from .parts import PartRead
from .small import FileToRead, Found, at_hand, read_files, runs

# The error for a file that was to be recounted.
CHANGED = (
    "its content has changed since it was counted ({} bytes then, {} now), so its counts stay as they are; restore the "
    "original file to recount it"
)


@dataclass(eq=False)
class OpenFile:
    """A log file being read, and its progress."""

    log_file: LogFile
    name: str = ""
    """Its name in the ledger."""
    known: Mapping[int, Part] = field(default_factory=dict)
    """Its entries in the ledger, by part number."""
    error: SourceError | None = None
    """Why the file cannot be identified."""
    lines: int = 0
    """The number of lines in earlier parts."""
    has_failed: bool = False
    """Whether no more of it should be read."""
    is_due: IsDue | None = None
    """The known parts to recount; None if new parts are counted instead."""

    @property
    def known_sizes(self) -> dict[int, int]:
        """The sizes of the known parts."""
        return {number: part.size for number, part in self.known.items()}

    def to_read(self, content: LogFile) -> FileToRead:
        """The file as the input of `read_files`."""
        return FileToRead(content, self.name, self.known_sizes, self.is_due is not None)

    def fail(self, error: SourceError) -> FileFailed:
        """Read no more of it."""
        self.has_failed = True
        return FileFailed(self.log_file, error)


def opened(log_files: Iterable[tuple[LogFile, LogFile]], identities: Identities) -> Iterator[tuple[OpenFile, LogFile]]:
    """The log files that can be counted now, each with what to read in its place."""
    for log_file, content in log_files:
        try:
            identity = identities.of(log_file, content)
        except SourceError as error:
            yield OpenFile(log_file, error=error.with_traceback(None)), content
        else:
            if identity is not None:
                yield OpenFile(log_file, *identity, is_due=identities.is_due), content


def read_here(
    log_files: Iterable[LogFile], identities: Identities, make_digester: Callable[[], Digester], *, is_prefetching: bool
) -> Iterator[tuple[OpenFile, Found]]:
    """The parts of files, one after the other, each with its file."""
    digester = make_digester()
    contents = prefetch(log_files) if is_prefetching else ((log_file, log_file) for log_file in log_files)
    for together in runs(contents, itemgetter(0)):
        files = [*opened([(log_file, at_hand(content)) for log_file, content in together], identities)]
        readable = [(file, content) for file, content in files if not file.error]
        yield from ((file, file.error) for file, _ in files if file.error)
        found = read_files([file.to_read(content) for file, content in readable], digester)
        for place, part in found:
            yield readable[place][0], part
            if len(readable) == 1 and readable[0][0].has_failed:
                break


def digests(file: OpenFile, found: Iterable[Found]) -> Iterator[Digest | PartKnown | FileFailed]:
    """The parts of a file that the ledger lacks, one by one."""
    for part in found:
        if isinstance(part, SourceError):  # not raised again, which would create a reference cycle
            yield file.fail(file.error or part)
            return
        if file.error:
            yield file.fail(file.error)
            return
        if file.is_due:
            yield _anew(file, part, file.is_due)
        elif part.number in file.known:
            yield _compared(file, part)
        elif part.lines is not None:
            yield _digest(file, part, part.lines)
        if file.has_failed:
            return
        file.lines += part.line_count


def _anew(file: OpenFile, part: PartRead, is_due: IsDue) -> Digest | PartKnown | FileFailed:
    known = file.known.get(part.number)
    if known is None or part.lines is None or not is_due(known):  # new parts of a grown file are left to the next import
        return PartKnown(file.log_file, part.is_last, part.size)
    if difference(file.log_file, part.size, part.sha256, part.is_last, known):
        return file.fail(SourceError(f"{file.log_file.place}: {CHANGED.format(known.size, part.size)}"))
    return _digest(file, part, part.lines)


def _compared(file: OpenFile, part: PartRead) -> PartKnown | FileFailed:
    if error := difference(file.log_file, part.size, part.sha256, part.is_last, file.known[part.number]):
        return file.fail(error)
    return PartKnown(file.log_file, part.is_last, part.size)


def _digest(file: OpenFile, part: PartRead, lines: Lines) -> Digest | FileFailed:
    account = lines.account
    unreadable = [each._replace(line=each.line + file.lines) for each in lines.unreadable]
    if error := _no_log(file.log_file.place, part, lines):
        return file.fail(error)._replace(account=account, unreadable=unreadable, rejects=lines.rejects)
    return Digest(
        file.name, part.number, part.is_last, part.size, part.sha256, lines.first_time, lines.last_time,
        lines.views, lines.drops, account, unreadable, lines.rules, lines.notice, lines.hints,
        file.log_file.place, lines.rejects, file.log_file.size or None, lines.loaders,
    )  # fmt: skip


def _no_log(place: str, part: PartRead, lines: Lines) -> SourceError | None:
    """Why nothing of a file can be counted; None if it can."""
    if lines.refusal and lines.account.lines:
        return SourceError(f"{place}: {lines.refusal}")
    if part.head and not part.number:
        return SourceError(f"{place}: {what_else(_beginning(part.head, lines), lines.log_format)}; nothing in it was counted")
    return None


def _beginning(head: bytes, lines: Lines) -> bytes:
    """How a file begins: its head, or if that is empty, its first unreadable line."""
    return head if head.strip() or not lines.unreadable else lines.unreadable[0].content
