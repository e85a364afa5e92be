"""
Errors of DynamoDB and boto3, each with its remedy.

Errors are identified by code, as in `aws`, which has the common ones. The text is only examined for ValidationException,
which covers many errors.
"""

from typing import NamedTuple

from ... import aws
from ...aws import BROKEN_OFF, REACHING, SIGNING_IN
from ...errors import StoreBusy, StoreError, StoreMissing, StoreRefusal


class Problem(NamedTuple):
    """What a code means."""

    kind: type[StoreError]
    remedy: str
    """May contain {table}, {region}, {url} and {said}, the message of AWS or boto3."""
    attempts: int = 1
    """The number of attempts before it is reported: more than one if the same request may succeed later."""


OFTEN = 12  # attempts: with the pauses of `requests.pauses`, about 20 seconds
SELDOM = 3  # attempts, for what is usually wrong from the start, so that it is reported soon

_BUSY = Problem(
    StoreBusy,
    "is being throttled; the log files of this batch were not counted: run it again later. A table with provisioned capacity "
    "may need more of it, or on-demand billing",
    OFTEN,
)
_AWS_FAILS = Problem(
    StoreBusy, "AWS has a temporary failure ({said}); the log files of this batch were not counted: run it again later", OFTEN
)
_NO_ANSWER = Problem(
    StoreBusy,
    "no answer, or the connection broke ({said}); run it again: unconfirmed writes are retried, and nothing counts twice",
    OFTEN,
)

PROBLEMS: dict[str, Problem] = {
    **{code: Problem(StoreError, remedy) for code, remedy in SIGNING_IN.items()},
    **{code: Problem(StoreError, remedy, SELDOM) for code, remedy in REACHING.items()},
    **dict.fromkeys(BROKEN_OFF, _NO_ANSWER),
    # of the service; inside an answer, the same code may come without Exception
    "ProvisionedThroughputExceeded": _BUSY,
    "Throttling": _BUSY,
    "ThrottlingError": _BUSY,
    "ThrottledException": _BUSY,
    "RequestLimitExceeded": _BUSY,
    "TransactionConflict": _BUSY,
    "UnprocessedKeys": _BUSY,  # our own code for what a batch read leaves undone
    "InternalServerError": _AWS_FAILS,
    "InternalFailure": _AWS_FAILS,
    "ServiceUnavailable": _AWS_FAILS,
    "ResourceNotFound": Problem(
        StoreMissing,
        "there is no such table in {region}: create it with `footfall table create --store '{url}'`, or choose another table "
        "or region",
    ),
    "AccessDenied": Problem(
        StoreError,
        "access denied ({said}): on this table, the policy must allow dynamodb:BatchGetItem and Query for reports; also "
        "UpdateItem, PartiQLInsert, PartiQLUpdate and PartiQLDelete for import; and Scan for copy and forget",
    ),
    "Validation": Problem(StoreRefusal, "DynamoDB refuses the request: {said}"),
    "ValidationError": Problem(StoreRefusal, "DynamoDB refuses the request: {said}"),
    "WrongKeys": Problem(
        StoreError,
        "its keys differ from those of [item], {keys}: write the table's own keys under [item], the partition key first "
        "in footfall.toml (`footfall table info` shows them), or create another table",
    ),
    "ItemCollectionSizeLimitExceeded": Problem(StoreError, "an index of the table is full; footfall does not need it: {said}"),
    "ContinuousBackupsUnavailable": Problem(StoreBusy, "is being created: wait a minute, then run it again", OFTEN),
    "ResourceInUse": Problem(StoreBusy, "is being created, changed or deleted: wait a minute, then run it again", OFTEN),
    "LimitExceeded": Problem(StoreBusy, "too many tables are being created: wait a minute, then run it again", SELDOM),
    # of botocore, by class name
    "NoRegionError": Problem(
        StoreError, "no region given: write the store as {url}?region=eu-west-1, or set AWS_DEFAULT_REGION"
    ),
}
# DynamoDB's messages for a table with other keys: for a key, an item, a query and an INSERT.
OF_WRONG_KEYS = (
    "key element does not match the schema", "Missing the key", "missed key schema element", "Missing partition key",
    "Missing sort key",
)  # fmt: skip
UNKNOWN = Problem(StoreError, "{said}")


def code_of(error: Exception) -> str:
    """The code of an error in PROBLEMS; "" if it is not there."""
    code = aws.code_of(error, PROBLEMS)
    return "WrongKeys" if code == "Validation" and is_about_keys(aws.said_by(error)) else code


def is_about_keys(said: str) -> bool:
    """Whether the text of a ValidationException or ValidationError means that the table has other keys."""
    return any(text in said for text in OF_WRONG_KEYS)


def problem_of(code: str) -> Problem:
    """What a code means."""
    return PROBLEMS.get(code, UNKNOWN)
