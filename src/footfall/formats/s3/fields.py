"""From the pieces of an S3 record to fields: those of a request, and those that AWS documents."""

from collections.abc import Callable
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from ...records import RecordId
from ..pieces import ABSENT, FieldOfPieces, constant
from ..times import HOURS, SECONDS
from .lines import (
    BUCKET,
    BYTES_SENT,
    CDN_AGENT,
    ERROR,
    HOST_ID,
    HOUR,
    KEY,
    OBJECT_SIZE,
    OPERATION,
    OWNER,
    REFERRER,
    REMOTE_IP,
    REQUEST_ID,
    REQUEST_URI,
    REQUESTER,
    REST,
    SECOND,
    STATUS,
    TOTAL_TIME,
    TURN_AROUND_TIME,
    USER_AGENT,
    VERSION_ID,
)  # fmt: skip

READS = ("WEBSITE.GET.OBJECT", "REST.GET.OBJECT")
# Requesters without credentials: `-`, until about 2011 the canonical id of AWS's anonymous user, and the word Anonymous.
ANONYMOUS = ("65a011a29cdf8ec533ec3d1ccaae921c", "anonymous")
CDN_SERVICE, CDN_ACCOUNT = "svc:cloudfront.", ":iam::cloudfront:user/"
# Everything after the host id seldom differs, and is one piece.
IN_REST = (
    "signature_version", "cipher_suite", "authentication_type", "host_header", "tls_version", "access_point_arn",
    "acl_required", "source_region",
)  # fmt: skip
_SIGNATURE, _AUTHENTICATION, _HOST = (
    IN_REST.index(name) for name in ("signature_version", "authentication_type", "host_header")
)


def text(piece: bytes | None) -> str | None:
    """Text; None for `-`. Bytes that are not UTF-8 become U+FFFD."""
    return None if piece is None or piece == b"-" else piece.decode("utf-8", "replace")


def number(piece: bytes | None) -> int | None:
    """A number; None for `-`."""
    return None if piece is None or piece == b"-" else int(piece)


def time_of(hour: bytes, second: bytes) -> int:
    """Seconds since the epoch."""
    return int(HOURS[hour] + SECONDS[second])


def decode_key(key: str) -> str:
    """
    The object's key, from the key as logged, which reading operations percent-encode twice.

    Bytes that are not UTF-8 become U+FFFD.

    >>> decode_key("caf%25C3%25A9/a%2520b.html")
    'café/a b.html'
    """
    if "%" not in key:
        return key
    return unquote_to_bytes(unquote_to_bytes(key)).decode("utf-8", "replace")


def _path(key: bytes | None) -> str | None:
    """The website endpoint logs the index document's key for a folder, so the key says more than the request's URI."""
    logged = text(key)
    return None if logged is None else f"/{decode_key(logged)}"


def _hosts(bucket: bytes | None, rest: bytes | None) -> tuple[str, ...]:
    header = _fields_of_rest(rest)[1 + _HOST] or ""
    host = f"{header.partition(']')[0]}]" if header.startswith("[") else header.partition(":")[0]
    return tuple(dict.fromkeys(filter(None, (text(bucket), host))))


def _is_signed(requester: bytes | None, rest: bytes | None) -> bool:
    rest_fields = _fields_of_rest(rest)[1:]
    asked_by = text(requester) or ""
    return bool((asked_by and asked_by.lower() not in ANONYMOUS) or rest_fields[_SIGNATURE] or rest_fields[_AUTHENTICATION])


def _is_cdn(requester: bytes | None, cdn_agent: bytes | None) -> bool:
    """
    Whether CloudFront sent the request: recognised by agent at the website endpoint, by requester at the REST endpoint.

    With an origin access control, the requester is a service and the agent `-`; with an origin access identity, it is a
    user of the account `cloudfront`.
    """
    asked_by = text(requester) or ""
    return bool(cdn_agent) or asked_by.startswith(CDN_SERVICE) or CDN_ACCOUNT in asked_by


def _request_uri(quoted: bytes | None) -> str | None:
    return None if quoted is None else text(quoted[1:-1])


def _method(quoted: bytes | None) -> str | None:
    return (_request_uri(quoted) or "").partition(" ")[0] or None


def _query(quoted: bytes | None) -> str | None:
    target = (_request_uri(quoted) or "").partition(" ")[2].rpartition(" ")[0]
    return target.partition("?")[2] or None


def _record_id(request_id: bytes, operation: bytes, key: bytes) -> RecordId:
    return RecordId(request_id.decode("utf-8", "replace"), text(operation) or "-", text(key) or "-")


@lru_cache(maxsize=4096)
def _fields_of_rest(rest: bytes | None) -> tuple[str | None, ...]:
    """Everything after the host id: a second half of it, which has been seen in real logs, and the documented fields."""
    tokens = (rest or b"").split()
    # The signature version after the host id has a known form.
    is_split = len(tokens) > 1 and not _is_signature_version(tokens[0]) and _is_signature_version(tokens[1])
    half = text(tokens.pop(0)) if is_split else None
    fields = [text(token) for token in tokens[: len(IN_REST)]]
    return half, *fields, *[None] * (len(IN_REST) - len(fields))


def _is_signature_version(token: bytes) -> bool:
    return token == b"-" or token.startswith(b"Sig")


def _host_id(host_id: bytes | None, rest: bytes | None) -> str | None:
    half = _fields_of_rest(rest)[0]
    return text(host_id) if half is None else f"{text(host_id)} {half}"


def _of_rest(name: str) -> Callable[[bytes | None], str | None]:
    place = 1 + IN_REST.index(name)
    return lambda rest: _fields_of_rest(rest)[place]


TIME = FieldOfPieces((HOUR, SECOND), time_of)

DOCUMENTED: dict[str, FieldOfPieces] = {
    "bucket_owner": FieldOfPieces((OWNER,), text),
    "bucket": FieldOfPieces((BUCKET,), text),
    "time": TIME,
    "remote_ip": FieldOfPieces((REMOTE_IP,), text),
    "requester": FieldOfPieces((REQUESTER,), text),
    "request_id": FieldOfPieces((REQUEST_ID,), text),
    "operation": FieldOfPieces((OPERATION,), text),
    "key": FieldOfPieces((KEY,), text),
    "request_uri": FieldOfPieces((REQUEST_URI,), _request_uri),
    "http_status": FieldOfPieces((STATUS,), number),
    "error_code": FieldOfPieces((ERROR,), text),
    "bytes_sent": FieldOfPieces((BYTES_SENT,), number),
    "object_size": FieldOfPieces((OBJECT_SIZE,), number),
    "total_time": FieldOfPieces((TOTAL_TIME,), number),
    "turn_around_time": FieldOfPieces((TURN_AROUND_TIME,), number),
    "referrer": FieldOfPieces((REFERRER,), text),
    "user_agent": FieldOfPieces((USER_AGENT,), text),
    "version_id": FieldOfPieces((VERSION_ID,), text),
    "host_id": FieldOfPieces((HOST_ID, REST), _host_id),
    **{name: FieldOfPieces((REST,), _of_rest(name)) for name in IN_REST},
}
"""In the order of AWS's documentation, as logged: the key is percent-encoded."""

UNIQUE = (
    "time", "remote_ip", "request_id", "request_uri", "http_status", "bytes_sent", "object_size", "total_time",
    "turn_around_time", "version_id", "host_id",
)  # fmt: skip

OF_REQUEST: dict[str, FieldOfPieces] = {
    "time": TIME,
    "hosts": FieldOfPieces((BUCKET, REST), _hosts),
    "method": FieldOfPieces((REQUEST_URI,), _method),
    "path": FieldOfPieces((KEY,), _path),
    "query": FieldOfPieces((REQUEST_URI,), _query),
    "status": FieldOfPieces((STATUS,), number),
    "referrer": DOCUMENTED["referrer"],
    "user_agent": DOCUMENTED["user_agent"],
    "remote_ip": DOCUMENTED["remote_ip"],
    "content_type": ABSENT,
    "bytes_sent": DOCUMENTED["bytes_sent"],
    "record_id": FieldOfPieces((REQUEST_ID, OPERATION, KEY), _record_id),
    "is_read": FieldOfPieces((OPERATION,), lambda operation: text(operation) in READS),
    "is_signed": FieldOfPieces((REQUESTER, REST), _is_signed),
    "is_cdn": FieldOfPieces((REQUESTER, CDN_AGENT), _is_cdn),
    "is_error_page": constant(False),
    "unlogged": constant(frozenset({"content_type"})),
}
