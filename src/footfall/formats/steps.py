"""
The syntax of plain lines as steps, which the compiled reader takes instead of a regular expression.

Each step consumes bytes from where the previous one ended, or only looks ahead; a line is plain if all steps match. There is
no backtracking. Steps see one line without its end, so none can run into the next.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

# As numbered in _compiled.c.
LITERAL, AHEAD, NOT_BEFORE, NOT_AFTER, LACKS, RUN, CLOCK, SAME, EMPTY, BACK, END = range(11)
WITH_BEFORE, WITH_AFTER, OR_DASH, MADE_OF, AND_SKIP = 1, 2, 4, 8, 16
UNBOUNDED = (1 << 32) - 1


class Step(NamedTuple):
    """One step of a line."""

    kind: int
    piece: int | None = None
    """The number of the piece that it matches."""
    text: bytes = b""
    least: int = 0
    most: int = UNBOUNDED
    flags: int = 0

    def numbered(self, slots: Mapping[int, int]) -> tuple[int, int, bytes, int, int, int] | None:
        """The same with the slot of its piece, if that is wanted; None if the step is only needed for its piece."""
        slot = -1 if self.piece is None else slots.get(self.piece, -1)
        return None if slot < 0 and self.kind in (SAME, EMPTY) else (self.kind, slot, *self[2:])


Way = Sequence[Step]
"""One way to write a line."""

ANY_BYTE = bytes(range(256))
NOT_ASCII = ANY_BYTE[128:]
DIGITS = b"0123456789"
END_OF_LINE = Step(END)


def literal(text: bytes) -> Step:
    """This text."""
    return Step(LITERAL, text=text)


def ahead(text: bytes) -> Step:
    """This text follows, but is not consumed."""
    return Step(AHEAD, text=text)


def not_before(any_of: bytes) -> Step:
    """The next byte is none of these."""
    return Step(NOT_BEFORE, text=any_of)


def not_after(any_of: bytes) -> Step:
    """The previous byte is none of these."""
    return Step(NOT_AFTER, text=any_of)


def lacks(any_of: bytes) -> Step:
    """None of these bytes is in the rest of the line."""
    return Step(LACKS, text=any_of)


def until(any_of: bytes, piece: int | None = None, least: int = 1, flags: int = 0) -> Step:
    """Everything up to one of these bytes, or to the end of the line; with AND_SKIP, the byte must be there, and is skipped."""
    return Step(RUN, piece, any_of, least, flags=flags)


def to_the_end(piece: int) -> Step:
    """The rest of the line, which is not empty."""
    return Step(RUN, piece, least=1)


def made_of(any_of: bytes, piece: int | None = None, least: int = 1, most: int = UNBOUNDED, flags: int = 0) -> Step:
    """As many of these bytes as there are; with OR_DASH, also `-`."""
    return Step(RUN, piece, any_of, least, most, flags | MADE_OF)


def exactly(length: int, piece: int | None = None) -> Step:
    """`length` bytes of any kind."""
    return Step(RUN, piece, b"", length, length)


def clock(piece: int) -> Step:
    """Minute and second, as `:49:42`."""
    return Step(CLOCK, piece)


def same(text: bytes, before: bytes, piece: int) -> Step:
    """A piece that is this text if it follows, and then the byte `before` or the end of the line; otherwise empty."""
    return Step(SAME, piece, text + before)


def back(length: int) -> Step:
    """Go back `length` bytes, for a piece that consists of others."""
    return Step(BACK, least=length)


def empty(piece: int) -> Step:
    """A piece that lines of this form do not have."""
    return Step(EMPTY, piece)


def words(*pieces: int) -> list[Step]:
    """Words, each followed by a blank."""
    return [until(b" ", piece, flags=AND_SKIP) for piece in pieces]


def numbers(*pieces: int) -> list[Step]:
    """Numbers of at most 18 digits or dashes, each followed by a blank; larger numbers do not fit into SQLite."""
    return [step for piece in pieces for step in (made_of(DIGITS, piece, most=18, flags=OR_DASH), literal(b" "))]
