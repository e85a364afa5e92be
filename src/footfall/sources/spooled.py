"""Keeps streams that can be read only once in a temporary file, for as long as they may be read again."""

import os
import tempfile
import weakref
from contextlib import suppress


class TemporaryCopy:
    """An empty temporary file, closed, for whoever opens it by its `name`; it is deleted when nobody holds this any more."""

    def __init__(self) -> None:
        file, self.name = tempfile.mkstemp(prefix="footfall-")
        os.close(file)
        weakref.finalize(self, _delete, self.name)


def _delete(name: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name)
