"""
Finds which of many regular expressions may match a string, without trying them.

A string must contain the literal parts of an expression: `(Chrome)/(\\d+)` cannot match without `Chrome` and `/`. Checking for
these takes a fraction of the time. They are extracted with Python's own parser, and compared ignoring case; if that is
inconclusive, the expression is always tried.

Parsing hundreds of expressions would take half of the time before the first line is read, so the literal parts of the pinned
lists are stored in `shortlist.json`. An expression that is not there, as from a newer list, is parsed.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import add
from pathlib import Path
from typing import Any

STORED = Path(__file__).with_name("shortlist.json")

MOST_WAYS = 250  # of an expression with alternatives, any of which may match
# Letters that match others of these when case is ignored, but that lower() does not change, or turns into two.
_FOLDED = str.maketrans("İıſ", "iis")
ANYTHING = frozenset({""})

Pieces = frozenset[str]
"""Folded texts, at least one of which is in every match."""


def folded(text: str) -> str:
    """`text` in the form in which pieces are searched for."""
    return (text if text.isascii() else text.translate(_FOLDED)).lower()


def needs(expression: str) -> list[Pieces]:
    """
    Sets of pieces, the most specific first: each match of the expression contains one piece of every set.

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
    """What each part of a sequence needs; adjacent literals are joined."""
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
    """What a part needs that is itself made of parts."""
    if name == "SUBPATTERN":
        yield from _runs(value[-1])
    elif name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and value[0]:
        yield from _runs(value[2])
    elif name == "BRANCH":
        ways = ANYTHING.union(*(max(_runs(branch), key=_shortest) for branch in value[1])) - ANYTHING
        is_sure = all(_shortest(max(_runs(branch), key=_shortest)) for branch in value[1])
        yield ways if is_sure and len(ways) <= MOST_WAYS else ANYTHING


def _letters(name: str, value: Any) -> Pieces:
    """The letters that match at one place of an expression; none if they are many, or not listed."""
    if name == "LITERAL":
        return frozenset({folded(chr(value))})
    is_listed = name == "IN" and all(str(operator) == "LITERAL" for operator, _ in value)
    return frozenset(folded(chr(letter)) for _, letter in value) if is_listed else frozenset()


def _is_plain(parsed: Any) -> bool:
    return all(str(operator) == "LITERAL" for operator, _ in parsed)


def _text(parsed: Any) -> str:
    return "".join(folded(chr(value)) for _, value in parsed)


def to_store(expressions: Iterable[str]) -> str:
    """The content of `shortlist.json` for these expressions: each on a line of its own, so that branches merge."""
    lines = (f"{json.dumps(one)}: {json.dumps(_sorted(needs(one)))}" for one in sorted({*expressions}))
    return "{\n" + ",\n".join(lines) + "\n}\n"


@cache
def _stored() -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = json.loads(STORED.read_text("utf-8"))
    return found


def _needs(expression: str) -> list[list[str]]:
    stored = _stored().get(expression)
    return _sorted(needs(expression)) if stored is None else stored


def _sorted(needed: Iterable[Pieces]) -> list[list[str]]:
    return [sorted(pieces) for pieces in needed]


class Shortlist:
    """Finds which of these expressions, by index, may match a text."""

    def __init__(self, expressions: Sequence[str]):
        self._needs = [
            (place, [[(piece[:2], piece) for piece in pieces] for pieces in _needs(one)])
            for place, one in enumerate(expressions)
        ]

    def of(self, text: str) -> Iterator[int]:
        """The indexes of those that may match it, in order."""
        there = folded(text)
        # The first two letters of a piece are enough to rule out most, whatever a stranger has written.
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
