"""
Which objects a notification names, in whichever wrapping it comes.

S3 notifies at least once, sometimes of several objects at a time, and also when its notification is only set up. It encodes
keys as forms do, so `+` is a blank; EventBridge has them as they are. Through SQS and SNS the same comes as text inside.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from ..errors import ConfigError
from ..sources.s3 import Place

Notification = Mapping[str, Any]


def objects_in(event: Any) -> Iterator[Place]:
    """The objects that an event names, in order; raises ConfigError when it is not a notification of S3's."""
    try:
        objects = next(objects for recognises, objects in NOTIFICATIONS if recognises(event))
    except (StopIteration, TypeError, AttributeError):
        raise ConfigError(f"an event that tells of no log file: {shown(event)}") from None
    try:
        yield from objects(event)
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ConfigError(f"an event that is not as AWS documents it ({error!r}): {shown(event)}") from error


def _records(event: Notification) -> Iterator[Place]:
    for record in event["Records"]:
        yield from objects_in(record)


def _s3_record(record: Notification) -> Iterator[Place]:
    if record["eventName"].startswith("ObjectCreated:"):
        yield Place(record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"]))


def _eventbridge(event: Notification) -> Iterator[Place]:
    if event["detail-type"] == "Object Created":
        yield Place(event["detail"]["bucket"]["name"], event["detail"]["object"]["key"])


# How each kind of notification is recognised, and the objects that it names; the first that fits.
NOTIFICATIONS: tuple[tuple[Callable[[Notification], bool], Callable[[Notification], Iterator[Place]]], ...] = (
    (lambda event: "Records" in event, _records),
    (lambda event: event.get("Event") == "s3:TestEvent", lambda _: iter(())),
    (lambda event: event.get("eventSource") == "aws:s3", _s3_record),
    (lambda event: event.get("eventSource") == "aws:sqs", lambda record: objects_in(json.loads(record["body"]))),
    (lambda event: event.get("EventSource") == "aws:sns", lambda record: objects_in(json.loads(record["Sns"]["Message"]))),
    (lambda event: event.get("Type") == "Notification", lambda message: objects_in(json.loads(message["Message"]))),
    (lambda event: event.get("source") == "aws.s3", _eventbridge),
)


def shown(event: Any) -> str:
    """The beginning of an event, for a message."""
    return json.dumps(event, default=str)[:300]
