"""Where notices go: webhooks and SNS topics. Another kind of place is a row of PLACES."""

import json
import re
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ..aws import NEEDS_BOTO3, REACHING, SIGNING_IN, code_of, said_by
from ..errors import DeliveryError
from .document import Document
from .html import to_html
from .text import to_text

ANSWER_SECONDS = 20
LONGEST_SUBJECT = 99  # SNS accepts fewer than 100 characters, all ASCII

# What SNS's error codes mean, and the remedy.
REMEDIES: dict[str, str] = {
    **SIGNING_IN,
    **REACHING,
    "NotFound": "there is no such topic: check its ARN",
    "AuthorizationError": "access denied ({said}): allow sns:Publish on it",
}


class Message(NamedTuple):
    """A notice on its way."""

    id: str
    """The id of the notice; the same if it is sent again."""
    kind: str
    """`digest`, which is also the key of its answer in JSON."""
    document: Document
    answer: Mapping[str, Any]


def send(message: Message, to: str) -> None:
    """Send it; raises DeliveryError if it was not accepted, or if that is unknown."""
    next(send for recognises, send in PLACES if recognises(to))(message, to)


def place_text(to: str) -> str:
    """A destination as shown to people: only the host, since a URL may be a secret."""
    return urlsplit(to).hostname or to


def _to_webhook(message: Message, url: str) -> None:
    """Post it as JSON; `text` is what Slack, Mattermost and others show."""
    body = {
        "id": message.id,
        "kind": message.kind,
        "subject": message.document.title,
        "text": to_text(message.document),
        "html": to_html(message.document),
        message.kind: message.answer,
    }
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": message.id, "User-Agent": "footfall"}
    request = Request(url, json.dumps(body).encode(), headers, method="POST")  # noqa: S310 - only http and https are in PLACES
    try:
        build_opener(_NoRedirects).open(request, timeout=ANSWER_SECONDS).close()
    except HTTPError as error:
        error.close()
        raise DeliveryError(
            f"the webhook at {place_text(url)} answered {error.code}, so the {message.kind} was not delivered: check its URL "
            f"and run it again"
        ) from error
    except (OSError, HTTPException, ValueError) as error:
        said = getattr(error, "reason", error)
        raise DeliveryError(
            f"the webhook at {place_text(url)} gave no answer ({said}), so the {message.kind} was probably not delivered: run "
            f"it again"
        ) from error


class _NoRedirects(HTTPRedirectHandler):
    """Refuses redirects: following one repeats the request as a GET, which would seem delivered."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _to_topic(message: Message, arn: str) -> None:
    """Publish it as text, which SNS mails to subscribers."""
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError as error:
        raise DeliveryError(f"{arn} {NEEDS_BOTO3}") from error
    config = Config(read_timeout=ANSWER_SECONDS, connect_timeout=ANSWER_SECONDS, retries={"total_max_attempts": 2})
    attributes = {"id": message.id, "kind": message.kind}
    try:
        boto3.client("sns", region_name=arn.split(":")[3], config=config).publish(
            TopicArn=arn,
            Subject=_subject(message.document.title),
            Message=to_text(message.document),
            MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
        )
    except (BotoCoreError, ClientError) as error:
        remedy = REMEDIES.get(code_of(error, REMEDIES), "{said}; run it again").format(said=said_by(error))
        raise DeliveryError(f"{arn}: {remedy}") from error


def _subject(title: str) -> str:
    """
    A title in the form that SNS accepts.

    >>> _subject("caf\\u00e9.example:\\n2026")
    'caf?.example: 2026'
    """
    return re.sub(r"\s+", " ", title.encode("ascii", "replace").decode())[:LONGEST_SUBJECT]


PLACES: tuple[tuple[Callable[[str], bool], Callable[[Message, str], None]], ...] = (
    (lambda to: to.startswith("arn:"), _to_topic),
    (lambda to: to.startswith(("http://", "https://")), _to_webhook),
)
"""How each kind of place is recognized, and the function that sends there."""
