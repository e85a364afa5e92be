"""
A notice is delivered once: it is claimed in the store, sent, and confirmed there.

A run that finds it delivered, or claimed by another run, sends nothing. If sending fails, the claim is released, so that
the next run can try again at once; if the run is killed, the claim expires. So nothing is lost. If a run is killed between
sending and confirming, or gets no answer, the notice is sent twice, with the same id. See ADR 0052.
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
ID_LETTERS = 12  # of the destination's hash: a URL may be a secret, so it is not stored


class Notice(NamedTuple):
    """A notice to the owner, to be delivered once."""

    kind: str
    """Its kind: `digest`."""
    about: str
    """What is notified once: the site and the days."""
    title: str
    """Its subject, for people."""
    write: Callable[[], tuple[Document, Mapping[str, Any]]]
    """Builds it, for people and as JSON; only called if it is sent."""


def deliver(notices: Notices, notice: Notice, to: str) -> Claimed:
    """
    Send a notice to its destination, a URL or the ARN of an SNS topic, unless it was already sent.

    Returns `ours` if this call sent it, `delivered` if it was sent before, `held` if another run is sending it. Raises
    DeliveryError if it was not accepted, and StoreError.
    """
    key, by, now = f"{notice.kind}#{notice.about}#{_short(to)}", token_hex(8), int(time())
    claimed = notices.claim(key, by, now, now - LEASE_SECONDS)
    if claimed != "ours":
        return claimed
    try:
        document, answer = notice.write()
        send(Message(_short(key), notice.kind, document, answer), to)
    except BaseException:
        with suppress(StoreError):  # the first error is the one to report; the claim expires by itself
            notices.release(key, by)
        raise
    notices.confirm(key, by, int(time()))
    return claimed


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:ID_LETTERS]
