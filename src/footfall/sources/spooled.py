"""Temporary files for streams that can only be read once."""

import os
import tempfile
import weakref
from contextlib import suppress


class TemporaryCopy:
    """An empty temporary file, closed, to be opened by its `name`; deleted with the last reference to this object."""

    def __init__(self) -> None:
        file, self.name = tempfile.mkstemp(prefix="footfall-")
        os.close(file)
        weakref.finalize(self, _delete, self.name)


def _delete(name: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name)
