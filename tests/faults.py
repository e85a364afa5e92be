"""
What can go wrong between boto3 and DynamoDB, done on purpose, below boto3: at botocore's `before-send`.

`Faults` stands in the way of a client's requests: it lets them pass, or lets one of FAULTS happen to them.
"""

import json
import random
import threading
from collections.abc import Callable, Mapping
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.httpsession import URLLib3Session

Send = Callable[[Any], Any]


class Answer:
    """An answer as urllib3 would give it."""

    def __init__(self, body: bytes):
        self._body = body

    def stream(self, **_: Any) -> Any:
        yield self._body


def answer(url: str, status: int, body: Mapping[str, Any]) -> AWSResponse:
    """An answer of DynamoDB's."""
    headers: Any = {"content-type": "application/x-amz-json-1.0", "x-amzn-requestid": "made-up"}
    return AWSResponse(url, status, headers, Answer(json.dumps(body).encode()))


def error(request: Any, code: str, status: int = 400, **fields: Any) -> AWSResponse:
    """A refusal of DynamoDB's."""
    return answer(request.url, status, {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "made up", **fields})


def lost_before(request: Any, _: Send) -> Any:
    raise ConnectionClosedError(endpoint_url=request.url)


def lost_after(request: Any, send: Send) -> Any:
    """It arrives, and its answer does not."""
    send(request)
    raise ConnectionClosedError(endpoint_url=request.url)


def timed_out_before(request: Any, _: Send) -> Any:
    raise ReadTimeoutError(endpoint_url=request.url)


def timed_out_after(request: Any, send: Send) -> Any:
    send(request)
    raise ReadTimeoutError(endpoint_url=request.url)


def throttled(request: Any, _: Send) -> Any:
    return error(request, "ProvisionedThroughputExceededException")


def failed(request: Any, _: Send) -> Any:
    return error(request, "InternalServerError", 500)


def failed_after(request: Any, send: Send) -> Any:
    send(request)
    return error(request, "InternalServerError", 500)


def conflicting(request: Any, _: Send) -> Any:
    """Another program's transaction is at the same item."""
    return error(request, "TransactionConflictException")


LATE: list[threading.Timer] = []


def late(request: Any, send: Send) -> Any:
    """It was given up, and arrives all the same, after others that were sent later."""
    LATE.append(threading.Timer(random.uniform(0, 0.2), send, [request]))
    LATE[-1].start()
    raise ReadTimeoutError(endpoint_url=request.url)


def let_all_arrive() -> None:
    """Wait for those that are late."""
    while LATE:
        LATE.pop().join()


def done_in_part(request: Any, send: Send) -> Any:
    """Of a batch, some are done, and the others are told as UnprocessedKeys, or by errors in the answer."""
    body = json.loads(request.body)
    if "Statements" in body:
        return _some_statements(request, body, send)
    if "RequestItems" in body:
        return _some_keys(request, body, send)
    return send(request)


def _some_statements(request: Any, body: Any, send: Send) -> Any:
    statements = body["Statements"]
    some = sorted(random.sample(range(len(statements)), random.randint(0, len(statements) - 1)))
    done = (
        _send_other(request, {**body, "Statements": [statements[place] for place in some]}, send)["Responses"] if some else []
    )
    codes = ("ThrottlingError", "ProvisionedThroughputExceeded", "InternalServerError", "TransactionConflict")
    answers: list[Any] = [{"Error": {"Code": random.choice(codes), "Message": "made up"}} for _ in statements]
    for place, each in zip(some, done, strict=True):
        answers[place] = each
    return answer(request.url, 200, {"Responses": answers})


def _some_keys(request: Any, body: Any, send: Send) -> Any:
    ((table, asked),) = body["RequestItems"].items()
    keys = asked["Keys"]
    some = random.randint(0, len(keys) - 1)
    found: Any = {"Responses": {table: []}}
    if some:
        found = _send_other(request, {**body, "RequestItems": {table: {**asked, "Keys": keys[:some]}}}, send)
    return answer(request.url, 200, {**found, "UnprocessedKeys": {table: {**asked, "Keys": keys[some:]}}})


def _send_other(request: Any, body: Any, send: Send) -> Any:
    content = json.dumps(body).encode()
    headers = request.headers.copy()
    headers["Content-Length"] = str(len(content))
    return json.loads(send(AWSPreparedRequest(request.method, request.url, headers, content, False)).content)


FAULTS: dict[str, Callable[[Any, Send], Any]] = {
    fault.__name__: fault
    for fault in (
        lost_before, lost_after, timed_out_before, timed_out_after, throttled, failed, failed_after, conflicting, late,
        done_in_part,
    )
}  # fmt: skip


class Faults:
    """Stands in the way of a client's requests; `choose` names the fault that happens to one, or "" for none."""

    def __init__(self, client: Any, choose: Callable[[str], str | Callable[[Any, Send], Any]]):
        self._choose, self._session = choose, URLLib3Session()
        self.happened: list[tuple[str, str]] = []
        client.meta.events.register("before-send.dynamodb.*", self._handle)

    def _handle(self, request: Any, **_: Any) -> Any:
        operation = request.headers["X-Amz-Target"]
        operation = (operation.decode() if isinstance(operation, bytes) else operation).partition(".")[2]
        fault = self._choose(operation)
        if not fault:
            return None
        self.happened.append((operation, fault if isinstance(fault, str) else fault.__name__))
        return (FAULTS[fault] if isinstance(fault, str) else fault)(request, self._session.send)


def at_random(probability: float, seed: int, faults: Any = tuple(FAULTS)) -> Callable[[str], str]:
    """Any of the faults, so often."""
    dice = random.Random(seed)
    return lambda _: dice.choice(list(faults)) if dice.random() < probability else ""
