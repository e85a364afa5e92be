"""`footfall serve` closes days while it runs, since perhaps nothing else does, and visitor hashes must not be kept longer."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from ..errors import StoreError
from ..pipeline.days import close_days
from ..stores import Store

EVERY = 3600.0  # seconds


@contextmanager
def closing_days(store: Store) -> Iterator[None]:
    """Close days every hour, in a store used by nothing else; an error is logged once."""
    ended = Event()
    thread = Thread(target=_close, args=[store, ended], name="footfall-closing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()


def _close(store: Store, ended: Event) -> None:
    said = ""
    while True:
        try:
            close_days(store)
        except StoreError as error:  # we may only have read permission
            if str(error) != said:
                said = str(error)
                logging.getLogger(__name__).warning(
                    "days that are over could not be closed: %s; the next footfall import closes them", said
                )
        finally:
            store.close()
        if ended.wait(EVERY):
            return
