"""
Copies a store exactly: afterwards both give the same answers, and both know the same log files.

An incomplete copy cannot be used. After an interruption, the same copy starts again with the same result.
"""

from collections.abc import Generator

from ..errors import StoreError, StoreMissing
from .base import Store
from .contents import Contents, Step


def copy(source: Store, target: Store) -> Generator[Step, None, None]:
    """
    Copy all of a store to an empty one; does nothing if the target already has the same ledger.

    Raises StoreError if the target has other counts, or if the source was written to meanwhile.
    """
    from_, to = source.contents, target.contents
    state = from_.state()
    if not state:
        raise StoreError(f"{from_.url} has no counts to copy; name a store that has some")
    if _is_there(to, state):
        return
    if from_.kind == to.kind:
        yield from to.clone(from_, state)
        return
    with from_.read() as whole:
        yield from to.fill(whole, state)


def _is_there(to: Contents, state: str) -> bool:
    """Whether the target already has everything; raises StoreError if it has something else."""
    try:
        there = to.state()
    except StoreMissing:
        return False
    if there not in ("", state):
        raise StoreError(f"{to.url} already has counts of its own; copy to a new store")
    return bool(there)
