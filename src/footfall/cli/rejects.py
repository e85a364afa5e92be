"""The file of --rejects, which keeps the unreadable lines."""

import os

from ..errors import ConfigError, FootfallError


class Rejects:
    """The file of --rejects; without one, nothing is kept."""

    def __init__(self, path: str | None):
        self.path = path = path and os.path.expanduser(path)  # no shell does it in --rejects=~/FILE
        try:  # what an interrupted import kept stays
            self._file = open(path, "ab", buffering=0) if path else None  # noqa: SIM115 - it lives as long as the import
        except OSError as error:
            raise ConfigError(f"--rejects {path} cannot be written ({error.strerror}); name another file") from error

    def add(self, content: bytes) -> None:
        """Keep lines as they are."""
        if self._file is None or not content:
            return
        try:
            while content:
                content = content[self._file.write(content) :]  # a full disk takes some of it before it refuses
        except OSError as error:
            raise FootfallError(f"--rejects {self.path} cannot be written ({error.strerror}); make room for it") from error

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
