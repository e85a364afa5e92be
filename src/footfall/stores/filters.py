"""Counting stored views filtered by several dimensions, which some stores can do."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, Protocol

from .shapes import Count


class Coverage(NamedTuple):
    """How many of a period's views can be filtered."""

    kept: int
    """Views that are kept with their values of the dimensions."""
    counted: int
    """All views that were counted."""


class KeptViews(Protocol):
    """The views that are kept, each with its value of every dimension in dimensions.FILTERS."""

    def sums(self, site: str, dimension: str, start: int, end: int, chosen: Mapping[str, Collection[str]]) -> dict[str, int]:
        """
        How often each value of a dimension occurred among the views that are `chosen`.

        These are views from the second `start` to `end`, both included; `chosen` has the accepted values of each dimension.
        """

    def counts(self, site: str, dimension: str, start: int, end: int, chosen: Mapping[str, Collection[str]]) -> Iterator[Count]:
        """The same for each day."""

    def number(self, site: str, start: int, end: int) -> int:
        """How many of a period's views can be filtered."""
