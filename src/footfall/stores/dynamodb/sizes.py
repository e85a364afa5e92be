"""
Sizes of items in bytes and in write units, as AWS counts them.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

import math
from collections.abc import Mapping
from typing import Any

from .keys import Item, Key

KB = 1024


def units_of(size: int) -> int:
    """The units that a write takes: one for each KB begun."""
    return max(1, math.ceil(size / KB))


def size_of(key: Key, item: Item) -> int:
    """Bytes of an item; the names of the keys are taken for 16 together."""
    return sum(len(part.encode()) for part in key) + 16 + sum(len(name.encode()) + _bytes(item[name]) for name in item)


def _bytes(value: Mapping[str, Any]) -> int:
    """A text's UTF-8, half a byte for each digit of a number, and a little for what holds others."""
    ((kind, content),) = value.items()
    if kind == "N":
        return len(content) // 2 + 2
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _bytes(each) for name, each in content.items())
    if kind == "B":
        return len(content)
    return len(content.encode()) if isinstance(content, str) else 1
