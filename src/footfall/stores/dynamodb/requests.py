"""
Requests to DynamoDB: retries them, adds up their capacity, and translates their errors.

Every request that footfall makes is idempotent: reads, inserts of known keys, updates that set the same value or are
conditional. So this is the only place that decides about retries; botocore's own are off.
"""

import random
import threading
import time
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from ...aws import NEEDS_BOTO3, parsing, refuse_foreign_answers, said_by
from ...errors import ConfigError, StoreError
from ..shapes import Capacity
from .errors import code_of, problem_of

CONNECTIONS = 8  # of one process; more gain little, since each request has 25 items
CONNECT_SECONDS = 5
ANSWER_SECONDS = 20
FIRST_PAUSE = 0.05  # seconds
LONGEST_PAUSE = 5.0
WRITES = frozenset({"put_item", "update_item", "delete_item", "batch_execute_statement", "batch_write_item"})
FREE = frozenset({
    "create_table", "describe_table", "describe_time_to_live", "update_time_to_live", "describe_continuous_backups",
    "update_continuous_backups", "update_table",
})  # fmt: skip
# What every answer to an operation has; an answer without it is not from DynamoDB.
ANSWERS: dict[str, str] = {
    "query": "Items",
    "scan": "Items",
    "batch_get_item": "Responses",
    "batch_execute_statement": "Responses",
    "batch_write_item": "UnprocessedItems",
    "describe_table": "Table",
    "describe_time_to_live": "TimeToLiveDescription",
    "describe_continuous_backups": "ContinuousBackupsDescription",
}
OF_TABLES = ("TableName", "TableStatus", "AttributeDefinitions", "KeySchema")


class Refused(Exception):
    """A condition did not hold."""


class Requests:
    """Sends requests for one table."""

    def __init__(self, table: str, region: str | None, endpoint: str | None, keys: tuple[str, str]):
        self.table, self.region, self.endpoint, self.keys = table, region, endpoint, keys
        self.capacity = Capacity()
        self._client: Any = None
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """The store's URL, as people write it."""
        asked = "&".join(f"{name}={value}" for name, value in (("region", self.region), ("endpoint", self.endpoint)) if value)
        return f"dynamodb:{self.table}{'?' if asked else ''}{asked}"

    def typed(self, key: tuple[str, str]) -> dict[str, Any]:
        """A key in DynamoDB's typed form."""
        return {name: {"S": value} for name, value in zip(self.keys, key, strict=True)}

    def update(
        self, key: tuple[str, str], expression: str, names: Mapping[str, str], values: Mapping[str, Any], **more: Any
    ) -> dict[str, Any]:
        """The answer to an update of the item at a key; names and values are those in the expression."""
        return self.send(
            "update_item",
            TableName=self.table,
            Key=self.typed(key),
            UpdateExpression=expression,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            **more,
        )

    @property
    def client(self) -> Any:
        """boto3's client, made on first use, since importing boto3 alone takes a tenth of a second."""
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> Any:
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError
        except ImportError as error:
            raise StoreError(f"{self.url} {NEEDS_BOTO3}") from error
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            retries={"total_max_attempts": 1},
            max_pool_connections=CONNECTIONS,
            parameter_validation=False,  # a third of the time of a write
            tcp_keepalive=True,
            user_agent="footfall",  # in AWS's own logs; composing botocore's long one takes a tenth of the time of a write
        )
        try:
            client = boto3.client("dynamodb", region_name=self.region, endpoint_url=self.endpoint, config=config)
        except BotoCoreError as error:
            raise self.problem(code_of(error), str(error)) from error
        except ValueError as error:  # what botocore raises for an endpoint that is not a URL
            raise ConfigError(f"{self.url}: {error}; write the endpoint as http://127.0.0.1:8000") from error
        refuse_foreign_answers(client)
        return client

    def send(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """
        The answer to a request, which is retried, after pauses, as long as that may help.

        Raises Refused if a condition did not hold, and StoreError.
        """
        call = getattr(self.client, operation)  # reports it if boto3 is not installed
        from botocore.exceptions import BotoCoreError, ClientError

        if operation not in FREE:
            arguments["ReturnConsumedCapacity"] = "TOTAL"
        for attempt, pause in enumerate(pauses(), 1):
            try:
                with parsing():
                    answer: dict[str, Any] = call(**arguments)
                    units = _check(operation, answer, self.keys)
            except (ClientError, BotoCoreError) as error:
                code = code_of(error)
                self._add_capacity(operation, 0.0)
                if code == "ConditionalCheckFailed":
                    raise Refused from error
                if attempt >= problem_of(code).attempts:
                    raise self.problem(code, said_by(error)) from error
            else:
                self._add_capacity(operation, units)
                return answer
            time.sleep(pause)
        raise AssertionError("pauses never end")

    def problem(self, code: str, said: str) -> StoreError:
        """The error for a code, with its remedy."""
        problem = problem_of(code)
        remedy = problem.remedy.format(
            said=said, table=self.table, url=self.url, keys=" and ".join(self.keys), region=self.region or self._its_region()
        )
        return problem.kind(f"{self.url}: {remedy}")

    def _its_region(self) -> str:
        return self._client.meta.region_name if self._client is not None else "the region of your AWS configuration"

    def _add_capacity(self, operation: str, units: float) -> None:
        read, write = (0.0, units) if operation in WRITES else (units, 0.0)
        with self._lock:
            before = self.capacity
            self.capacity = Capacity(before.read_units + read, before.write_units + write, before.requests + 1)


def _check(operation: str, answer: Mapping[str, Any], keys: tuple[str, str]) -> float:
    """
    The capacity that an answer consumed.

    Raises KeyError, TypeError or ValueError if it lacks what every answer of this kind has.
    """
    found: Any = answer[ANSWERS[operation]] if operation in ANSWERS else None
    partition, sort = keys
    if operation in ("query", "scan"):
        for item in found:
            item[sort]["S"]
    elif operation == "batch_get_item":
        for item in chain.from_iterable(found.values()):
            item[partition]["S"], item[sort]["S"]
    elif operation == "describe_table":
        for name in OF_TABLES:
            found[name]
    consumed = answer.get("ConsumedCapacity") or []
    return sum(float(each.get("CapacityUnits", 0)) for each in ([consumed] if isinstance(consumed, Mapping) else consumed))


def pauses() -> Iterator[float]:
    """The seconds to wait before each further attempt: exponential backoff with full jitter, without end."""
    longest = FIRST_PAUSE
    while True:
        yield random.uniform(0, longest)  # noqa: S311 - no secret
        longest = min(longest * 2, LONGEST_PAUSE)
