"""Caches for repeated answers."""

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .columns import MOST_VALUES, Encoding

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
        self._encoded: tuple[Any, list[array[int]]] = None, []
        self._encodings: list[Encoding] = []
        self.encoding = Encoding()
        """Of answers that are encoded whichever way they are asked for."""

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

    def encoded(
        self, by: object, count: int, questions_from: Callable[[int], Iterable[Any]], width: int | None = None
    ) -> list[tuple["array[int]", list[Any]]]:
        """
        Like `numbered`, but encoded: a code for each answer, and the value of each code.

        For answers that are tuples of this width, one pair of these for each element.
        """
        answers = self.numbered(by, count, questions_from)
        if self._encoded[0] is not by:
            self._encodings = [
                each if len(each.values) < MOST_VALUES else Encoding() for each in self._encodings
            ] or [Encoding() for _ in range(width or 1)]  # fmt: skip
            self._encoded = by, [array("I") for _ in self._encodings]
        of_questions = self._encoded[1]
        if (known := len(of_questions[0])) < len(answers):
            more = answers[known:]
            for codes, encoding, part in zip(
                of_questions, self._encodings, [more] if width is None else zip(*more, strict=True), strict=True
            ):
                _put(codes, known, encoding.codes_of(part))
        return [(codes, encoding.values) for codes, encoding in zip(of_questions, self._encodings, strict=True)]


def _put(values: Any, place: int, more: Sequence[Any]) -> None:
    """Put values where they belong; another thread may already have put the same values there."""
    values[place : place + len(more)] = more
