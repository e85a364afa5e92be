"""
Errors of AWS and boto3 that all services share (credentials, network, region), each with its remedy.

Each error is known by its code: the `Code` of a ClientError's response, without `Exception` at its end, or the name of
botocore's own exception. Each service adds its own codes where it is called.
"""

import json
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from .errors import ConfigError

NEEDS_BOTO3 = "needs boto3, which is not installed: pip install 'footfall[aws]'"

NOT_REACHED = "cannot be reached ({said}): check the network, the region, and AWS_ENDPOINT_URL if you set it"
WRONG_CREDENTIALS = (
    "AWS does not recognize these credentials ({said}): check `aws sts get-caller-identity`, AWS_PROFILE, and this machine's "
    "clock"
)
EXPIRED = "the credentials have expired: sign in again (aws sso login), then run it again"
NO_CREDENTIALS = (
    "no AWS credentials were found ({said}): sign in (aws configure, or aws sso login), or set AWS_PROFILE, "
    "or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
)

# {said} is the message of AWS or boto3.
SIGNING_IN: dict[str, str] = {
    "UnrecognizedClient": WRONG_CREDENTIALS,
    "InvalidClientTokenId": WRONG_CREDENTIALS,
    "InvalidAccessKeyId": WRONG_CREDENTIALS,
    "InvalidToken": WRONG_CREDENTIALS,
    "InvalidSignature": WRONG_CREDENTIALS,
    "SignatureDoesNotMatch": WRONG_CREDENTIALS,
    "IncompleteSignature": WRONG_CREDENTIALS,
    "MissingAuthenticationToken": WRONG_CREDENTIALS,
    "RequestTimeTooSkewed": "this machine's clock is wrong ({said}): set it, because AWS rejects requests that are minutes off",
    "ExpiredToken": EXPIRED,
    "RequestExpired": EXPIRED,
    # of botocore, by class name
    "NoCredentialsError": NO_CREDENTIALS,
    "PartialCredentialsError": NO_CREDENTIALS,
    "CredentialRetrievalError": NO_CREDENTIALS,
    "ProfileNotFound": "{said}: AWS_PROFILE is not in ~/.aws/config",
    "SSOError": EXPIRED,
    "UnauthorizedSSOTokenError": EXPIRED,
    "TokenRetrievalError": EXPIRED,
    "InvalidRegionError": "{said}: write a region such as eu-west-1",
}
# No answer at all: usually something is wrong from the start.
REACHING: dict[str, str] = {
    **dict.fromkeys(("EndpointConnectionError", "ConnectTimeoutError", "ProxyConnectionError", "SSLError"), NOT_REACHED),
    "ForeignAnswer": "something other than AWS answered ({said}): check the proxy, whether the network requires a sign-in, and "
    "AWS_ENDPOINT_URL if you set it",
}
# No answer, or half of one: the same request may succeed later.
BROKEN_OFF = (
    "RequestTimeout", "ReadTimeoutError", "ConnectionClosedError", "HTTPClientError", "ResponseStreamingError",
    "ResponseParserError", "IncompleteReadError", "ChecksumError", "CutAnswer",
)  # fmt: skip
OVERLOADED = (502, 503, 504)
JSON = "application/x-amz-json-"  # the content type of every answer from DynamoDB and similar services


def refuse_foreign_answers(client: Any) -> None:
    """
    Make a boto3 client raise ForeignAnswer or CutAnswer (BotoCoreErrors) for answers that are not from AWS.

    These are HTML pages and, for DynamoDB, anything but an object in AWS's JSON. botocore itself takes them for an empty
    answer or a refusal, or its parser fails. Two kinds of page are allowed: those of an overloaded gateway in front of
    AWS, since the same request may succeed later, and the content of an object.
    """
    foreign, cut = _answers_refused()

    def look(operation_model: Any, response_dict: dict[str, Any], **_: Any) -> None:
        status = response_dict["status_code"]  # also 500 for a page with 200: botocore's own handler runs first
        kind = response_dict["headers"].get("content-type", "").lower()
        is_content = operation_model.has_streaming_output and status < 300
        if kind.startswith("text/html") and status not in OVERLOADED and not is_content:
            raise foreign(form="in HTML")
        if operation_model.service_model.metadata.get("protocol") == "json" and status < 500:
            body = response_dict["body"].strip()
            if not body and "content-length" not in response_dict["headers"]:
                raise cut  # the connection broke within the headers
            if kind.startswith(JSON) and body.startswith(b"{") and _is_cut_off(body):
                raise cut
            if not kind.startswith(JSON) or not (body.startswith(b"{") and body.endswith(b"}")):
                raise foreign(form=f"with status {status}, not in AWS's JSON")

    client.meta.events.register("before-parse", look)


def _is_cut_off(body: bytes) -> bool:
    """Whether JSON ends too early; it is parsed only if its braces do not match, since strings may contain braces too."""
    if body.count(b"{") == body.count(b"}"):
        return False
    try:
        json.loads(body)
    except json.JSONDecodeError as error:
        return error.pos >= len(error.doc) or error.msg.startswith("Unterminated")
    except (ValueError, RecursionError):
        return False
    return False


@contextmanager
def parsing() -> Iterator[None]:
    """Raises ForeignAnswer instead of what botocore's parser, or our own reading, raises for JSON of an unexpected shape."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise _answers_refused()[0](form=f"JSON of an unexpected shape: {type(error).__name__}") from error


@cache
def _answers_refused() -> tuple[Any, Any]:
    """ForeignAnswer and CutAnswer; defined on first use because they need botocore."""
    from botocore.exceptions import BotoCoreError

    class ForeignAnswer(BotoCoreError):
        fmt = "{form}"

    class CutAnswer(BotoCoreError):
        fmt = "the answer was cut off"

    return ForeignAnswer, CutAnswer


def code_of(error: Exception, known: Container[str]) -> str:
    """The code of a boto3 error; for botocore's own errors, the first of the class names that is `known`, or ""."""
    response: dict[str, Any] = getattr(error, "response", {})
    if not isinstance(response, dict) or "Error" not in response:
        return next((kind.__name__ for kind in type(error).__mro__ if kind.__name__ in known), "")
    code = str(response["Error"].get("Code", "")).removesuffix("Exception")
    if code not in known and response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
        return "ServiceUnavailable"
    return code


def said_by(error: Exception) -> str:
    """The message of AWS or boto3."""
    response = getattr(error, "response", None)
    if isinstance(response, dict) and "Error" in response:
        return str(response["Error"].get("Message") or error)
    return str(error)


def read_table_name(place: str, options: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The table and the options of `dynamodb:TABLE?region=eu-west-1`; raises ConfigError for any other option."""
    table, _, asked = place.partition(":")[2].partition("?")
    given = dict(parse_qsl(asked, keep_blank_values=True))
    if unknown := sorted(given.keys() - set(options)):
        raise ConfigError(f"{place}: no option {unknown[0]!r}; there are: {', '.join(options)}")
    return table, given
