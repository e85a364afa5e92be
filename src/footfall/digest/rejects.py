"""
Unreadable lines on their way to the file of --rejects.

They are held until their part of the log file is recorded, so that a part that is read again does not write them twice. Large
amounts are held in a temporary file, so memory does not grow.
"""

import tempfile
from collections.abc import Iterable
from typing import Any

from ..errors import SourceError
from ..unreadable import Rejected

MOST_HELD = 1 << 20  # bytes, in memory


class RejectedLines:
    """The unreadable lines of one part of a log file; `folder` has the temporary files, and is removed by its creator."""

    def __init__(self, folder: str):
        self._folder = folder
        self._held: list[bytes] = []
        self._size = 0
        self._file: Any = None

    def add(self, lines: Iterable[bytes]) -> None:
        """Append lines, which have no newlines."""
        content = b"".join([line + b"\n" for line in lines])
        self._held.append(content)
        self._size += len(content)
        if self._size > MOST_HELD:
            self._write()

    def _write(self) -> None:
        try:
            if self._file is None:
                self._file = tempfile.NamedTemporaryFile(dir=self._folder, delete=False)  # noqa: SIM115 - closed by `all`
            self._file.writelines(self._held)
        except OSError as error:
            raise SourceError(
                f"unreadable lines cannot be kept in {self._folder} until they are written ({error.strerror}); free some "
                "space there, or set TMPDIR to another folder"
            ) from error
        self._held, self._size = [], 0

    def all(self) -> Rejected:
        """All of them; nothing is added after that."""
        if self._file is None:
            return Rejected(content=b"".join(self._held))
        self._write()
        self._file.close()
        return Rejected(self._file.name)
