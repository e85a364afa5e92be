"""
The identity of a log file, so that it counts once: under whatever name, gzipped or plain, and even if it has grown.

A documented name is its identity; if the ledger has the whole file with this name and size, it is not opened. Any other file
is identified by its first line, which stays while the file grows, and by its content if another file begins with the same
line.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ..digest.origin import first_line_hash
from ..records import LogFile, Part
from ..sources.local import content_name
from .events import PartKnown
from .parts import read_head, read_parts
from .recorders import Recorder

BY_FIRST_LINE, BY_CONTENT = "line:", "sha256:"
LOOKED_UP_FILES = 50  # looked up in the ledger at once; no more than a remote source lists quickly


Identity = tuple[str, Mapping[int, Part]]
"""A file's name in the ledger, and its entries there, by part number."""


IsDue = Callable[[Part], bool]
"""Whether a known part is to be recounted."""


class Identities:
    """
    Identifies log files, and looks them up in the ledger. With `is_due`, only files with a part for which it is true are
    recounted.
    """

    def __init__(self, recorder: Recorder, *, verifies: bool = False, is_due: IsDue | None = None):
        self._recorder, self._verifies, self.is_due = recorder, verifies, is_due
        self._given: set[str] = set()
        self._postponed: list[LogFile] = []
        self._has_contents: bool | None = None
        self._looked_up: dict[str, Sequence[Part]] = {}
        self._passed: deque[LogFile] = deque()

    def to_read(self, log_files: Iterable[LogFile]) -> Iterator[LogFile]:
        """
        The log files that have to be opened; the ledger is asked about many at once.

        The others are known by name and size and are skipped (see `events`), unless their content is compared: `verifies`.
        """
        waiting: list[LogFile] = []
        for log_file in log_files:
            waiting.append(log_file)
            if len(waiting) == LOOKED_UP_FILES:
                yield from self._unknown(waiting)
                waiting = []
        yield from self._unknown(waiting)

    def _unknown(self, log_files: Sequence[LogFile]) -> Iterator[LogFile]:
        if names := [log_file.name for log_file in log_files if log_file.name]:
            self._looked_up.update(self._recorder.known_of(names))
        for log_file in log_files:
            if self._verifies or not log_file.name or not is_whole(log_file, self._looked_up.get(log_file.name, ())):
                yield log_file
            else:
                self._looked_up.pop(log_file.name)
                self._passed.append(log_file)

    @property
    def has_news(self) -> bool:
        """Whether there are events."""
        return bool(self._passed)

    def events(self) -> Iterator[PartKnown]:
        """The files skipped since the last call."""
        while self._passed:
            yield PartKnown(self._passed.popleft(), is_last=True)

    def of(self, log_file: LogFile, content: LogFile) -> Identity | None:
        """
        Identifies a file by `content`, which is read in its place; raises SourceError if that cannot be read.

        Returns None if another file begins with the same line and is not recorded yet: this one is postponed until then. Also
        if none of it is due for a recount: it is skipped.
        """
        identity = self._of(log_file, content)
        if identity and self.is_due and not any(map(self.is_due, identity[1].values())):
            self._passed.append(log_file)
            return None
        return identity

    def _of(self, log_file: LogFile, content: LogFile) -> Identity | None:
        if log_file.name:
            known = self._looked_up.pop(log_file.name, None)
            return log_file.name, self._known(log_file.name) if known is None else _by_number(known)
        name = first_line_name(content)
        if name in self._given:
            self._postponed.append(log_file)
            return None
        return self._by_first_line(name, content) if name else self._by_content(content)

    def postponed(self) -> list[LogFile]:
        """The files that were postponed; to be called once all others are recorded."""
        postponed, self._postponed = self._postponed, []
        self._given.clear()
        return postponed

    def _by_first_line(self, name: str, content: LogFile) -> Identity:
        self._given.add(name)
        known = self._known(name)
        if begins_with(content, known) if known else not self._ledger_has_contents():
            return name, known
        of_content = self._by_content(content)
        return of_content if known or of_content[1] else (name, known)

    def _by_content(self, content: LogFile) -> Identity:
        name = content_name(content)
        return name, self._known(name)

    def _known(self, name: str) -> dict[int, Part]:
        return _by_number(self._recorder.known_of([name])[name])

    def _ledger_has_contents(self) -> bool:
        """Whether it has files identified by content, as earlier versions identified all files without a documented name."""
        if self._has_contents is None:
            self._has_contents = any(part.name.startswith(BY_CONTENT) for part in self._recorder.files())
        return self._has_contents


def is_whole(log_file: LogFile, parts: Sequence[Part]) -> bool:
    """Whether the ledger has all of a file, judging by name and size; `parts` are in order."""
    if not parts or not parts[-1].is_last or parts[-1].number + 1 != len(parts) or any(part.is_void for part in parts):
        return False
    is_plain = not log_file.place.endswith(".gz")
    return log_file.size == parts[-1].stored_size or (is_plain and log_file.size == sum(part.size for part in parts) > 0)


def _by_number(parts: Sequence[Part]) -> dict[int, Part]:
    return {} if not parts or all(part.is_void for part in parts) else {part.number: part for part in parts}


def first_line_name(log_file: LogFile) -> str:
    """`line:` and the hash of the file's first line; "" if the file has none."""
    line = first_line_hash(read_head(log_file))
    return line and BY_FIRST_LINE + line


def begins_with(log_file: LogFile, known: Mapping[int, Part]) -> bool:
    """Whether the file begins with everything in these known parts; it may continue after them."""
    left = dict(known)
    for read in read_parts(log_file, {number: part.size for number, part in known.items()}):
        part = left.pop(read.number, None)
        for _ in read.blocks():
            pass
        if part and (part.size, part.sha256) != (read.size, read.sha256):
            return False
        if not left:
            return part is None or part.is_last or not read.is_last
    return False
