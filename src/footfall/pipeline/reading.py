"""
Log files become digests: each is looked up in the ledger, read part by part, and compared where the ledger has a part.

Reading happens in this process or in others (workers); what the parts say is the same, and comes in the order of the files.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..digest import Digester, Lines
from ..errors import SourceError
from ..records import Digest, LogFile, Part
from ..sources.prefetch import prefetch
from .events import FileFailed, PartKnown
from .ledger import difference
from .parts import PartRead, name_of, read_file
from .recorders import Recorder
from .workers import Found


@dataclass(eq=False)
class OpenFile:
    """A log file on its way, and how far it is."""

    log_file: LogFile
    name: str = ""
    known: dict[int, Part] | None = None
    """What the ledger has of it; None where that is not known before its name is."""
    lines: int = 0
    """In the parts before."""
    has_failed: bool = False
    """Whether no more of it is to be read."""

    def look_up(self, name: str, recorder: Recorder) -> None:
        """Its name is found out: what does the ledger say?"""
        self.name = name
        self.known = {part.number: part for part in recorder.known(name)}

    def fail(self, error: SourceError) -> FileFailed:
        """No more of it is read."""
        self.has_failed = True
        return FileFailed(self.log_file, error)


def read_here(
    log_files: Iterable[LogFile], recorder: Recorder, make_digester: Callable[[], Digester], *, is_prefetching: bool
) -> Iterator[tuple[OpenFile, Found]]:
    """The parts of files, one after the other, each with the file that it is of."""
    digester = make_digester()
    contents = prefetch(log_files) if is_prefetching else ((log_file, log_file) for log_file in log_files)
    for log_file, content in contents:
        file = OpenFile(log_file)
        try:
            file.look_up(name_of(content), recorder)
            for part in read_file(content, file.name, file.known or {}, digester):
                yield file, part
                if file.has_failed:
                    break
        except SourceError as error:
            yield file, error


def digests(file: OpenFile, found: Iterable[Found], recorder: Recorder) -> Iterator[Digest | PartKnown | FileFailed]:
    """What the ledger lacks of a file, part by part."""
    for part in found:
        if isinstance(part, str):
            file.look_up(part, recorder)
            continue
        if isinstance(part, SourceError):  # not raised again, which would tie it and all that it holds into a knot
            yield file.fail(part)
            return
        if file.known is None:
            file.look_up(part.name, recorder)
        if part.number in (file.known or {}):
            yield _compared(file, part)
        elif part.lines is not None:
            yield _digest(file, part, part.lines)
        if file.has_failed:
            return
        file.lines += part.line_count


def _compared(file: OpenFile, part: PartRead) -> PartKnown | FileFailed:
    known = (file.known or {})[part.number]
    if error := difference(file.log_file, part.size, part.sha256, part.is_last, known):
        return file.fail(error)
    return PartKnown(file.log_file, part.is_last, part.size)


def _digest(file: OpenFile, part: PartRead, lines: Lines) -> Digest | FileFailed:
    log_file, account = file.log_file, lines.account
    unreadable = [each._replace(line=each.line + file.lines) for each in lines.unreadable]
    if not log_file.name and not part.number and account.lines == account.unreadable > 0:
        return file.fail(_no_log(log_file))._replace(account=account, unreadable=unreadable)
    return Digest(
        file.name, part.number, part.is_last, part.size, part.sha256, lines.first_time, lines.last_time,
        lines.views, lines.drops, account, unreadable, lines.rules,
    )  # fmt: skip


def _no_log(log_file: LogFile) -> SourceError:
    return SourceError(
        f"{log_file.place}: none of its lines is a record of this log format; nothing of it was counted "
        f"(footfall explain {log_file.place} shows how it is read)"
    )
