"""
Which objects a notification names, however it is wrapped.

S3 notifies at least once, sometimes of several objects at a time, and also sends a test event when the notification is set up.
Its keys are form-encoded, so `+` is a space; EventBridge's are not encoded. SQS and SNS wrap the same event as text. Records
that cannot be understood become errors in the list, so that the others are still counted.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from ..errors import ConfigError
from ..sources.s3 import Place

Notification = Mapping[str, Any]


Named = Place | ConfigError


def objects_in(event: Any) -> Iterator[Named]:
    """The objects that an event names, in order, and an error for each record that is not an S3 notification."""
    try:
        objects = next(objects for recognises, objects in NOTIFICATIONS if recognises(event))
    except (StopIteration, TypeError, AttributeError):
        yield ConfigError(f"an event without a log file: {shown(event)}")
        return
    try:
        yield from objects(event)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        yield ConfigError(f"an event that AWS does not document ({error!r}): {shown(event)}")


def _records(event: Notification) -> Iterator[Named]:
    for record in event["Records"]:
        yield from objects_in(record)


def _s3_record(record: Notification) -> Iterator[Named]:
    if record["eventName"].startswith("ObjectCreated:"):
        yield _place(record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"]))


def _eventbridge(event: Notification) -> Iterator[Named]:
    if event["detail-type"] == "Object Created":
        yield _place(event["detail"]["bucket"]["name"], event["detail"]["object"]["key"])


def _place(bucket: Any, key: Any) -> Place:
    if not (isinstance(bucket, str) and isinstance(key, str) and bucket and key):
        raise TypeError("bucket and key must be strings")
    f"{bucket}{key}".encode()  # raises ValueError for half a surrogate pair, which is possible in JSON but not in S3
    return Place(bucket, key)


# How each kind of notification is recognised, and the objects that it names; the first match wins.
NOTIFICATIONS: tuple[tuple[Callable[[Notification], bool], Callable[[Notification], Iterator[Named]]], ...] = (
    (lambda event: "Records" in event, _records),
    (lambda event: event.get("Event") == "s3:TestEvent", lambda _: iter(())),
    (lambda event: event.get("eventSource") == "aws:s3", _s3_record),
    (lambda event: event.get("eventSource") == "aws:sqs", lambda record: objects_in(json.loads(record["body"]))),
    (lambda event: event.get("EventSource") == "aws:sns", lambda record: objects_in(json.loads(record["Sns"]["Message"]))),
    (lambda event: event.get("Type") == "Notification", lambda message: objects_in(json.loads(message["Message"]))),
    (lambda event: event.get("source") == "aws.s3", _eventbridge),
)


def handed_over(event: Any) -> list[Named]:
    """The objects that `footfall import --via` hands over; raises ConfigError for any other event."""
    if not isinstance(event, dict) or not event.keys() >= {"backfill", "call", "bucket", "keys"}:
        raise ConfigError(f"the event was not sent by `footfall import --via`: {shown(event)}")
    named: list[Named] = []
    for key in event["keys"] if isinstance(event["keys"], list) else [event["keys"]]:
        try:
            named.append(_place(event["bucket"], key))
        except (TypeError, ValueError) as error:
            named.append(ConfigError(f"{key!r} in {event['bucket']!r} is not an S3 object: {error}"))
    return named


def shown(event: Any) -> str:
    """The beginning of an event, for a message."""
    return json.dumps(event, default=str)[:300]
