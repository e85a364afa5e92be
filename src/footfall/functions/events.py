"""
Which objects an event tells of, in whichever wrapping it comes.

S3 tells at least once, sometimes of several objects at a time, and also when its notification is only set up. It encodes
keys as forms do, so `+` is a blank; EventBridge has them as they are. Through SQS and SNS the same comes as text inside.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from ..errors import ConfigError
from ..sources.s3 import Place

Event = Mapping[str, Any]


def told_of(event: Any) -> Iterator[Place]:
    """The objects that an event tells of, in order; raises ConfigError when it is no such event."""
    try:
        says_yes = next(says_yes for recognises, says_yes in EVENTS if recognises(event))
    except (StopIteration, TypeError, AttributeError):
        raise ConfigError(f"an event that tells of no log file: {shown(event)}") from None
    try:
        yield from says_yes(event)
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ConfigError(f"an event that is not as AWS documents it ({error!r}): {shown(event)}") from error


def _records(event: Event) -> Iterator[Place]:
    for record in event["Records"]:
        yield from told_of(record)


def _s3_record(record: Event) -> Iterator[Place]:
    if record["eventName"].startswith("ObjectCreated:"):
        yield Place(record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"]))


def _eventbridge(event: Event) -> Iterator[Place]:
    if event["detail-type"] == "Object Created":
        yield Place(event["detail"]["bucket"]["name"], event["detail"]["object"]["key"])


# How each kind of event is known, and what it tells of; the first that fits.
EVENTS: tuple[tuple[Callable[[Event], bool], Callable[[Event], Iterator[Place]]], ...] = (
    (lambda event: "Records" in event, _records),
    (lambda event: event.get("Event") == "s3:TestEvent", lambda _: iter(())),
    (lambda event: event.get("eventSource") == "aws:s3", _s3_record),
    (lambda event: event.get("eventSource") == "aws:sqs", lambda record: told_of(json.loads(record["body"]))),
    (lambda event: event.get("EventSource") == "aws:sns", lambda record: told_of(json.loads(record["Sns"]["Message"]))),
    (lambda event: event.get("Type") == "Notification", lambda message: told_of(json.loads(message["Message"]))),
    (lambda event: event.get("source") == "aws.s3", _eventbridge),
)


def shown(event: Any) -> str:
    """The beginning of an event, for a message."""
    return json.dumps(event, default=str)[:300]
