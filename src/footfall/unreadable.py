"""Unreadable lines: how they are shown and stored."""

from typing import NamedTuple


class Unreadable(NamedTuple):
    """A line that is not of the format."""

    line: int
    """Its number in the file, from 1."""
    content: bytes
    why: str = ""
    """What is wrong with it, in a few words; "" if that is not known, and after the first few lines."""


class Rejected(NamedTuple):
    """Unreadable lines as they are, where they are kept: those in a file first, then the rest."""

    file: str = ""
    """A temporary file with lines that were too many for memory; "" for none. It is deleted once its lines are saved."""
    content: bytes = b""
