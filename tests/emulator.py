"""
The emulator of AWS, which does some things again and again whose outcome is the same: here once.

    python -P tests/emulator.py

What it answers is its own, in half of the processor time.
"""

import zipfile
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from types import SimpleNamespace
from typing import Any

from ministack.app import main
from ministack.core import lambda_runtime
from ministack.services import _dynamodb_keywords as partiql
from ministack.services import dynamodb

# Each is asked for every item of a partition. It depends on its texts alone, and nobody changes what it returns.
OF_EXPRESSIONS = ((dynamodb, "_condition_syntax_error"), (dynamodb, "_tokenize"), (partiql, "_tokenize"))


class Unpacked(zipfile.ZipFile):
    """A function's zip, which is unpacked for each of its processes, and there is a new one after each call that fails."""

    def extractall(self, path: Any = None, members: Any = None, pwd: Any = None) -> None:
        """Put links there to what is unpacked already, where Python also finds what the process before has compiled."""
        for each in _unpacked(Path(str(self.filename)).read_bytes()).iterdir():
            (Path(path) / each.name).symlink_to(each)


@lru_cache
def _unpacked(content: bytes) -> Path:
    folder = Path(mkdtemp(prefix="ministack-code-"))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


if __name__ == "__main__":
    for module, name in OF_EXPRESSIONS:
        setattr(module, name, lru_cache(1024)(getattr(module, name)))
    lambda_runtime.zipfile = SimpleNamespace(**vars(zipfile) | {"ZipFile": Unpacked})
    main()
