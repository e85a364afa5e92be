"""
Which file a log file is, so that it counts once: under whatever name, gzipped or plain, and when it has grown since.

A documented name says it. Any other file is known by its first line, which stays while the file grows, and by its content
where another file begins with the same line.
"""

from collections.abc import Mapping, Sequence

from ..records import LogFile, Part
from ..sources.local import content_name
from .parts import first_line_hash, read_head, read_parts
from .recorders import Recorder

BY_FIRST_LINE, BY_CONTENT = "line:", "sha256:"


Identity = tuple[str, Mapping[int, Part]]
"""A file's name in the ledger, and what is there of it, by the number of the part."""


class Identities:
    """Finds out which files log files are, and what the ledger has of them."""

    def __init__(self, recorder: Recorder):
        self._recorder = recorder
        self._given: set[str] = set()
        self._postponed: list[LogFile] = []
        self._has_contents: bool | None = None
        self._looked_up: Mapping[str, Sequence[Part]] = {}

    def look_up(self, names: Sequence[str]) -> None:
        """Ask the ledger about these names at once: about one of them each file asks next."""
        self._looked_up = self._recorder.known_of(names) if names else {}

    def of(self, log_file: LogFile, content: LogFile) -> Identity | None:
        """
        Which file it is, by what is to be read in its place; raises SourceError where that cannot be read.

        None where another one begins with the same line and is not recorded yet: it is postponed until then.
        """
        if log_file.name:
            return log_file.name, _by_number(self._looked_up[log_file.name])
        name = first_line_name(content)
        if name in self._given:
            self._postponed.append(log_file)
            return None
        return self._by_first_line(name, content) if name else self._by_content(content)

    def postponed(self) -> list[LogFile]:
        """The files that were postponed; asked for once all others are recorded."""
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
        """Whether it has files that are known by their content, as earlier versions knew all without a name."""
        if self._has_contents is None:
            self._has_contents = any(part.name.startswith(BY_CONTENT) for part in self._recorder.files())
        return self._has_contents


def _by_number(parts: Sequence[Part]) -> dict[int, Part]:
    return {} if all(part.is_void for part in parts) else {part.number: part for part in parts}


def first_line_name(log_file: LogFile) -> str:
    """`line:` and the hash of the file's first line; "" where the file has none."""
    line = first_line_hash(read_head(log_file))
    return line and BY_FIRST_LINE + line


def begins_with(log_file: LogFile, known: Mapping[int, Part]) -> bool:
    """Whether the file begins with all that is known of one, and perhaps goes on."""
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
