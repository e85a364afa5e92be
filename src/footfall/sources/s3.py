"""
Log files in a bucket: `s3://bucket/prefix` means every object whose key begins with `prefix`; plain or gzip.

They are streamed and never stored on this machine. A broken connection is resumed where it broke, provided that the object is
still the same.
"""

import io
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from threading import Lock, local
from typing import Any, BinaryIO, NamedTuple, cast

from ..aws import BROKEN_OFF, NEEDS_BOTO3, REACHING, SIGNING_IN, code_of, refuse_foreign_answers, said_by
from ..errors import LogGone, SourceError
from ..records import LogFile
from . import s3_obstore
from .compression import GZIP_MAGIC, open_gzip
from .names import documented_name
from .prefetch import FETCHERS
from .s3_obstore import Bucket, Listed, bucket_of

SCHEME = "s3://"
CONNECT_SECONDS = 5
ANSWER_SECONDS = 30
ATTEMPTS = 5  # of each request, and to resume halfway through an object; reading twice does no harm
BUFFER_BYTES = 1 << 17
ARCHIVES = ("GLACIER", "DEEP_ARCHIVE")  # storage classes; GLACIER_IR can be read like any other

# What S3's error codes mean, and the remedy; `aws` has those of all services.
REMEDIES: dict[str, str] = {
    **SIGNING_IN,
    **REACHING,
    **dict.fromkeys(BROKEN_OFF, "no answer, or the connection broke ({said}); run it again"),
    "ServiceUnavailable": "S3 has a temporary failure ({said}); run it again later",
    "SlowDown": "S3 is throttling requests; run it again later",
    "NoSuchBucket": "there is no bucket with this name; `aws s3 ls` lists yours",
    "404": "there is no bucket with this name; `aws s3 ls` lists yours",
    "ParamValidationError": "{said}: write s3://bucket/prefix",
    "InvalidBucketName": "this cannot be the name of a bucket: write s3://bucket/prefix",
    "AccessDenied": "access denied ({said}): the policy must allow s3:ListBucket on the bucket and s3:GetObject on its "
    "objects below the prefix",
    "403": "access denied: the policy must allow s3:ListBucket on the bucket",
    "AllAccessDisabled": "access denied ({said}): its owner or AWS has closed the bucket",
    "PermanentRedirect": "the bucket is in another region ({said}): set AWS_DEFAULT_REGION to that region",
    "AuthorizationHeaderMalformed": "the bucket is in another region ({said}): set AWS_DEFAULT_REGION to that region",
    "IllegalLocationConstraint": "the bucket is in another region ({said}): set AWS_DEFAULT_REGION to that region",
    "InvalidObjectState": "it is archived ({said}): restore it first (`aws s3api restore-object`)",
    "NoSuchKey": "it was deleted in the meantime",
    "PreconditionFailed": "it was overwritten while it was being read; run it again",
}  # fmt: skip


class Place(NamedTuple):
    """A bucket and a key or prefix."""

    bucket: str
    key: str
    """The key of one object, or the prefix of several."""

    def __str__(self) -> str:
        return f"{SCHEME}{self.bucket}/{self.key}"


def read_place(source: str) -> Place:
    """The place named by an s3:// URL; raises SourceError if it names no bucket."""
    bucket, _, key = source.removeprefix(SCHEME).partition("/")
    if not bucket:
        raise SourceError(f"{source} does not name a bucket; write s3://bucket/prefix")
    return Place(bucket, key)


def find_objects(source: str) -> Iterator[LogFile]:
    """
    The log files below `source`, by key, as they are listed; raises SourceError if there are none.

    The empty objects with a slash at the end of their key, by which S3's console shows folders, are left out.
    """
    place, found = read_place(source), False
    with s3_errors(place):
        asked = {"Bucket": place.bucket, "Prefix": place.key, "OptionalObjectAttributes": ["RestoreStatus"]}
        for page in client().get_paginator("list_objects_v2").paginate(**asked):
            bucket = _listed.bucket
            for each in page.get("Contents", []):
                if not each["Key"].endswith("/"):
                    found = True
                    yield _listed_file(Place(place.bucket, each["Key"]), each, bucket)
    if not found:
        raise SourceError(
            f"{source}: no object's key begins with this; `aws s3 ls {SCHEME}{place.bucket}/` shows what there is"
        )


def _is_archived(listed: Mapping[str, Any]) -> bool:
    """Whether an object is in an archive without a restored copy."""
    return listed.get("StorageClass") in ARCHIVES and "RestoreExpiryDate" not in listed.get("RestoreStatus", {})


def _listed_file(place: Place, listed: Mapping[str, Any], bucket: Bucket | None) -> LogFile:
    size, tag = listed["Size"], listed.get("ETag", "")
    fetch = partial(fetch_object, place, Listed(bucket, place.key, size, tag) if bucket else None)
    return LogFile(_name(place), str(place), partial(open_object, place), size, fetch, _is_archived(listed))


def log_file(place: Place, size: int = 0) -> LogFile:
    """The log file at `place`; no request is sent to S3 until it is opened."""
    return LogFile(_name(place), str(place), partial(open_object, place), size, partial(fetch_object, place))


def _name(place: Place) -> str:
    return documented_name(place.key) or ""


def fetch_object(place: Place, listed: Listed | None = None) -> bytes:
    """The content of an object as stored; raises the same errors as opening it."""
    content = s3_obstore.fetch(listed, _session) if listed else None
    if content is None:
        with io.BufferedReader(_Object(place), BUFFER_BYTES) as stream:
            content = stream.read()
    return content


def open_object(place: Place) -> BinaryIO:
    """The content of an object, decompressed; raises SourceError, or LogGone if it no longer exists."""
    content = io.BufferedReader(_Object(place), BUFFER_BYTES)
    is_gzip = content.peek(2)[:2] == GZIP_MAGIC
    return open_gzip(cast(BinaryIO, content)) if is_gzip else cast(BinaryIO, content)


class _Object(io.RawIOBase):
    """All bytes of an object, over as many connections as it takes."""

    def __init__(self, place: Place):
        self._place, self._position, self._attempts = place, 0, ATTEMPTS
        self._tag: str | None = None
        self._size = 0
        self._body: Any = None  # until there is an answer, so that close() does not fail
        self._connect()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._position >= self._size:
            return 0
        with s3_errors(self._place):
            content = self._read(len(buffer))
        buffer[: len(content)] = content
        self._position += len(content)
        return len(content)

    def close(self) -> None:
        if self._body is not None:
            self._body.close()
        super().close()

    def _connect(self) -> None:
        onwards: dict[str, str] = {"Range": f"bytes={self._position}-", "IfMatch": self._tag} if self._tag else {}
        with s3_errors(self._place):
            try:
                answer = client().get_object(Bucket=self._place.bucket, Key=self._place.key, **onwards)
            except _boto_errors() as error:
                if code_of(error, REMEDIES) == "AccessDenied" and not _is_listed(self._place):
                    raise LogGone(f"{self._place}: {REMEDIES['NoSuchKey']}") from error
                raise
        if self._tag is None:
            self._tag, self._size = answer["ETag"], answer["ContentLength"]
        self._body = answer["Body"]

    def _read(self, most: int) -> bytes:
        while True:
            try:
                if content := self._body.read(most):
                    return bytes(content)
                said: Exception | None = None  # the connection ended before the object did
            except _boto_errors() as error:
                said = error
            self._attempts -= 1
            if not self._attempts:
                raise said or SourceError(f"{self._place}: the download ended early; run it again")
            self._body.close()
            self._connect()


def _is_listed(place: Place) -> bool:
    """
    Whether an object that may not be read exists.

    S3 also denies access if the object is gone and the caller may not list the whole bucket.
    """
    answer = client().list_objects_v2(Bucket=place.bucket, Prefix=place.key, MaxKeys=1)
    return [each["Key"] for each in answer.get("Contents", [])] == [place.key]


def client() -> Any:
    """boto3's client for S3: one for each process, since connections must not be shared with a fork."""
    return client_of("s3")


def client_of(service: str) -> Any:
    """The same for any service."""
    with _making:
        return _client(service, os.getpid())


_making = Lock()  # boto3 can only make one client at a time


@cache
def _client(service: str, _: int) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=ANSWER_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=FETCHERS + 1,  # one of them lists
        tcp_keepalive=True,
    )
    made: Any = boto3.client(service, config=config)  # type: ignore[call-overload]
    refuse_foreign_answers(made)
    made.meta.events.register("before-send.s3.ListObjectsV2", _note_bucket)
    made.meta.events.register("before-parse.s3.ListObjectsV2", _drop_times)
    return made


_listed = local()
_TIMES = re.compile(rb"<LastModified>[^<]*</LastModified>")


def _note_bucket(request: Any, **_: Any) -> None:
    """Note where this thread's latest listing was requested, perhaps after a redirect."""
    _listed.bucket = bucket_of(request)


def _drop_times(response_dict: dict[str, Any], **_: Any) -> None:
    """Remove the times from a listing: they are not used, and botocore would spend two thirds of its time on them."""
    response_dict["body"] = _TIMES.sub(b"", response_dict["body"])


def _session() -> Any:
    """boto3's default session. All clients share its credentials, even after a fork, since some prompt for a code."""
    import boto3

    if boto3.DEFAULT_SESSION is None:
        boto3.setup_default_session()
    return boto3.DEFAULT_SESSION


def _boto_errors() -> tuple[type[Exception], ...]:
    from botocore.exceptions import BotoCoreError, ClientError

    return BotoCoreError, ClientError


@contextmanager
def s3_errors(place: Place) -> Iterator[None]:
    """Turns boto3's errors into a SourceError that says what to do."""
    try:
        import botocore  # noqa: F401 - fails if not installed
    except ImportError as error:
        raise SourceError(f"{place} {NEEDS_BOTO3}") from error
    try:
        yield
    except _boto_errors() as error:
        code = code_of(error, REMEDIES)
        remedy = REMEDIES.get(code, "{said}").format(said=said_by(error))
        raise (LogGone if code == "NoSuchKey" else SourceError)(f"{place}: {remedy}") from error
