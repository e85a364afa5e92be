"""
Finds which of many regular expressions may match a string, without trying them.

The literal parts of an expression say what a string must contain: `(Chrome)/(\\d+)` cannot match without `Chrome` and `/`.
Checking for these takes a fraction of the time. They are extracted with Python's own parser, and compared without regard to
case; if that is inconclusive, the expression is always tried.
"""

import re
from collections.abc import Iterator, Sequence
from operator import add
from typing import Any

MOST_WAYS = 250  # of an expression with alternatives, any of whose pieces will do
# Letters that are others of these when case does not matter, and that lower() leaves as they are, or makes two of.
_FOLDED = str.maketrans("İıſ", "iis")
ANYTHING = frozenset({""})

Pieces = frozenset[str]
"""Texts, folded, any one of which is in each match."""


def folded(text: str) -> str:
    """`text` as pieces are looked for in it."""
    return (text if text.isascii() else text.translate(_FOLDED)).lower()


def needs(expression: str) -> list[Pieces]:
    """
    What each match of an expression has: a piece of each of these, the most telling first.

    >>> [sorted(pieces) for pieces in needs("(?:Chrome|CriOS)/[0-9]+ Mobile")]
    [[' mobile'], ['chrome/', 'crios/']]
    >>> needs("[a-z]+")
    []
    """
    parser: Any = getattr(re, "_parser", None)
    found = _runs(parser.parse(expression)) if parser else ()
    return sorted({each for each in found if "" not in each}, key=lambda each: (-_shortest(each), len(each), sorted(each)))


def _shortest(pieces: Pieces) -> int:
    return min(map(len, pieces))


def _runs(parsed: Any) -> Iterator[Pieces]:
    """What each stretch of a sequence asks for; literals in a row are one."""
    run = ANYTHING
    for operator, value in parsed:
        name = str(operator)
        letters = _letters(name, value)
        if letters and len(letters) * len(run) <= MOST_WAYS:
            run = frozenset(each + letter for each in run for letter in letters)
        elif name == "BRANCH" and all(map(_is_plain, value[1])) and len(value[1]) * len(run) <= MOST_WAYS:
            run = frozenset(each + _text(branch) for each in run for branch in value[1])
        else:
            yield run
            run = ANYTHING
            yield from _within(name, value)
    yield run


def _within(name: str, value: Any) -> Iterator[Pieces]:
    """What a part asks for that is itself made of parts."""
    if name == "SUBPATTERN":
        yield from _runs(value[-1])
    elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0]:
        yield from _runs(value[2])
    elif name == "BRANCH":
        ways = ANYTHING.union(*(max(_runs(branch), key=_shortest) for branch in value[1])) - ANYTHING
        is_sure = all(_shortest(max(_runs(branch), key=_shortest)) for branch in value[1])
        yield ways if is_sure and len(ways) <= MOST_WAYS else ANYTHING


def _letters(name: str, value: Any) -> Pieces:
    """Which letters one place of an expression takes; none where these are many, or are not listed."""
    if name == "LITERAL":
        return frozenset({folded(chr(value))})
    is_listed = name == "IN" and all(str(operator) == "LITERAL" for operator, _ in value)
    return frozenset(folded(chr(letter)) for _, letter in value) if is_listed else frozenset()


def _is_plain(parsed: Any) -> bool:
    return all(str(operator) == "LITERAL" for operator, _ in parsed)


def _text(parsed: Any) -> str:
    return "".join(folded(chr(value)) for _, value in parsed)


class Shortlist:
    """Which of these expressions, by their places in order, may match a text."""

    def __init__(self, expressions: Sequence[str]):
        self._needs = [
            (place, [tuple((piece[:2], piece) for piece in sorted(each)) for each in needs(one)])
            for place, one in enumerate(expressions)
        ]

    def of(self, text: str) -> Iterator[int]:
        """The places of those that may match it."""
        there = folded(text)
        # A look at the first two letters of a piece answers most questions, whatever a stranger has written.
        pairs = {*map(add, there, there[1:]), *there}
        for place, asked in self._needs:
            for ways in asked:
                for pair, piece in ways:
                    if pair in pairs and piece in there:
                        break
                else:
                    break
            else:
                yield place
