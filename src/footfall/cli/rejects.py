"""The file of --rejects, which saves unreadable lines."""

import os
import tempfile
from collections.abc import Iterator

from ..errors import ConfigError, FootfallError
from ..unreadable import Rejected

PIECE = 1 << 20  # bytes copied at once


class Rejects:
    """The file of --rejects; without one, nothing is kept."""

    def __init__(self, path: str | None):
        self.path = path = path and os.path.expanduser(path)  # shells do not expand --rejects=~/FILE
        try:  # appends, so that what an interrupted import saved stays
            self._file = open(path, "ab", buffering=0) if path else None  # noqa: SIM115 - it lives as long as the import
        except OSError as error:
            raise ConfigError(f"--rejects {path} cannot be written ({error.strerror}); choose another file") from error
        self._folder = tempfile.TemporaryDirectory(prefix="footfall-") if path else None
        self.folder = self._folder.name if self._folder else ""
        """Where lines are held until their part of a log file is recorded; "" if nothing is saved."""

    def add(self, rejects: Rejected) -> None:
        """Save lines unchanged."""
        if self._file is None:
            return
        try:
            for content in _pieces(rejects):
                while content:
                    content = content[self._file.write(content) :]  # a nearly full disk may accept only part of it
        except OSError as error:
            raise FootfallError(f"--rejects {self.path} cannot be written ({error.strerror}); free some space") from error

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
        if self._folder is not None:
            self._folder.cleanup()


def _pieces(rejects: Rejected) -> Iterator[bytes]:
    """Lines from memory, or piece by piece from their file, which is then deleted."""
    if rejects.file:
        with open(rejects.file, "rb") as file:
            while piece := file.read(PIECE):
                yield piece
        os.unlink(rejects.file)
    yield rejects.content
