"""Closes days of visitors: after an import, by the sweep, and while footfall serves."""

from contextlib import suppress
from time import time

from ..errors import StoreBusy, StoreMissing
from ..stores import Store


def close_days(store: Store) -> int:
    """
    Close the days that are over by this machine's clock; returns how many.

    Returns None if there is no store yet, or if another process is writing to it: the next call will do it.
    """
    with suppress(StoreBusy, StoreMissing):
        return store.close_days(time())
    return 0
