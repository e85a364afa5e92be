"""
A notice is delivered once: it is claimed in the store, sent, and confirmed there.

A run that finds it delivered, or claimed by another run, sends nothing. A claim whose sending failed is given back, so that
the next run tries again at once; one whose run was killed lapses. So nothing is lost. If a run is killed between sending and
confirming, or there is no answer, the same notice is sent twice, with the same id. See ADR 0052.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from secrets import token_hex
from time import time
from typing import Any, NamedTuple

from ..errors import StoreError
from ..stores.capabilities import Claimed, Notices
from .document import Document
from .sending import Message, send

LEASE_SECONDS = 900  # as long as a function may run at most
ID_LETTERS = 12  # of the hash of where it goes: an address may be a secret, and is not stored


class Notice(NamedTuple):
    """A notice to the owner, to be delivered once."""

    kind: str
    """Its kind: `digest`."""
    about: str
    """What is notified once: the site and the days."""
    title: str
    """Its subject, for people."""
    write: Callable[[], tuple[Document, Mapping[str, Any]]]
    """Built only when it is sent: for people, and as JSON."""


def deliver(notices: Notices, notice: Notice, to: str) -> Claimed:
    """
    Send a notice to its destination, a URL or the ARN of an SNS topic, unless it was already sent.

    `ours` where this call sent it, `delivered` where it was sent before, `held` where another run is sending it. Raises
    DeliveryError where it was not taken, and StoreError.
    """
    key, by, now = f"{notice.kind}#{notice.about}#{_short(to)}", token_hex(8), int(time())
    claimed = notices.claim(key, by, now, now - LEASE_SECONDS)
    if claimed != "ours":
        return claimed
    try:
        document, answer = notice.write()
        send(Message(_short(key), notice.kind, document, answer), to)
    except BaseException:
        with suppress(StoreError):  # what went wrong first is what to tell; the claim lapses by itself
            notices.release(key, by)
        raise
    notices.confirm(key, by, int(time()))
    return claimed


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:ID_LETTERS]
