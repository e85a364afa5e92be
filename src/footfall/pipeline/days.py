"""Closes days of visitors: after an import, by the sweep, and while footfall serves."""

from contextlib import suppress
from time import time

from ..errors import StoreBusy, StoreMissing
from ..stores import Store


def close_days(store: Store) -> int:
    """
    Close the days that are over by this machine's clock; says how many.

    None where there is no store yet, or where another process is writing to it: the next one will do it.
    """
    with suppress(StoreBusy, StoreMissing):
        return store.close_days(time())
    return 0
