"""Caches for repeated answers."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

# A cache that exceeds either is emptied, so that memory does not grow with the logs.
MOST_KEPT = 50_000  # answers
MOST_BYTES = 16 << 20  # of keys, which strangers can make as long as a line may be


class Cache(dict[Any, Any]):
    """Caches the results of `ask` by its argument: a dictionary, so look-ups run at C speed."""

    def __init__(self, ask: Callable[[Any], Any]):
        super().__init__()
        self._ask = ask
        self._bytes = 0
        self._numbered: tuple[Any, list[Any]] = None, []
        self._parts: tuple[Any, list[list[Any]]] = None, []

    def __missing__(self, question: Any) -> Any:
        if (kind := question.__class__) is bytes or kind is str:
            self._bytes += len(question)
        if len(self) >= MOST_KEPT or self._bytes > MOST_BYTES:
            self.clear()
            self._bytes = 0
        answer = self[question] = self._ask(question)
        return answer

    def numbered(self, by: object, count: int, questions_from: Callable[[int], Iterable[Any]]) -> list[Any]:
        """
        The answers to questions 0 to `count` - 1, as numbered `by` a column that never renumbers them.

        Answers are kept for one column only: a call with another column starts afresh.

        `questions_from` returns the questions from a number on; new ones are asked, and their answers are kept in order.
        """
        if self._numbered[0] is not by:
            self._numbered = by, []
        answers = self._numbered[1]
        if len(answers) < count:
            _put(answers, len(answers), list(map(self._ask, questions_from(len(answers)))))
        return answers

    def numbered_parts(
        self, by: object, count: int, questions_from: Callable[[int], Iterable[Any]], width: int
    ) -> list[list[Any]]:
        """Like `numbered`, for answers that are tuples of this width: one list for each element."""
        answers = self.numbered(by, count, questions_from)
        if self._parts[0] is not by:
            self._parts = by, [[] for _ in range(width)]
        parts = self._parts[1]
        known = len(parts[-1])
        for part, more in zip(parts, zip(*answers[known:], strict=True), strict=False):
            _put(part, known, more)
        return parts


def _put(values: list[Any], place: int, more: Sequence[Any]) -> None:
    """Put values where they belong; another thread may already have put the same values there."""
    values[place : place + len(more)] = more
