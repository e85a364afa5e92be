"""Answers that are asked for again and again."""

from collections.abc import Callable
from typing import Any

MOST_KEPT = 50_000  # answers; then it starts anew, so that memory does not grow with the logs


class Cache(dict[Any, Any]):
    """What `ask` answered, by what it was asked: a dictionary that looks up at C's speed."""

    def __init__(self, ask: Callable[[Any], Any]):
        super().__init__()
        self._ask = ask

    def __missing__(self, question: Any) -> Any:
        if len(self) >= MOST_KEPT:
            self.clear()
        answer = self[question] = self._ask(question)
        return answer
