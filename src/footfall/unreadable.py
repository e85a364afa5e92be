"""Unreadable lines: how they are shown and stored."""

from typing import NamedTuple


class Unreadable(NamedTuple):
    """A line that is not of the format."""

    line: int
    """Its number in the file, from 1."""
    content: bytes
    why: str = ""
    """What is wrong with it, in a few words; "" where that is not known, and beyond the first lines."""


class Rejected(NamedTuple):
    """Unreadable lines as they are, where they are kept: those in a file first, then the rest."""

    file: str = ""
    """A temporary file of what was too much for memory; "" for none. Whoever writes its lines elsewhere deletes it."""
    content: bytes = b""
