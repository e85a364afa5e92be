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
    """The units of a write: one for each started KB."""
    return max(1, math.ceil(size / KB))


def size_of(key: Key, item: Item) -> int:
    """The bytes of an item; the names of its keys are assumed to have 16 together."""
    return sum(len(part.encode()) for part in key) + 16 + sum(len(name.encode()) + _bytes(item[name]) for name in item)


def _bytes(value: Mapping[str, Any]) -> int:
    """The bytes of a value: UTF-8 for text, half a byte per digit for numbers, and a little extra for containers."""
    ((kind, content),) = value.items()
    if kind == "N":
        return len(content) // 2 + 2
    if kind == "M":
        return 3 + sum(1 + len(name.encode()) + _bytes(each) for name, each in content.items())
    if kind == "B":
        return len(content)
    return len(content.encode()) if isinstance(content, str) else 1
