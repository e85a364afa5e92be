"""The table of the article's page view tracker, `dynamodb:PageTrackTable`: description, items, cost of reading."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ..aws import (
    BROKEN_OFF,
    NEEDS_BOTO3,
    REACHING,
    SIGNING_IN,
    code_of,
    parsing,
    read_table_name,
    refuse_foreign_answers,
    said_by,
)
from ..errors import ConfigError, SourceError
from ..stores.imported import TABLE
from .lines import ATTRIBUTES, Item, View, hash_of

OPTIONS = ("region", "endpoint", "site", "user")
ATTEMPTS = 10  # of each request, with botocore's backoff: reading twice does no harm
CONNECT_SECONDS = 5
ANSWER_SECONDS = 30
UNIT_BYTES = 8192  # per read unit, with eventually consistent reads

# What DynamoDB's error codes mean, and the remedy; `aws` has those of all services.
REMEDIES: dict[str, str] = {
    **SIGNING_IN,
    **REACHING,
    **dict.fromkeys(BROKEN_OFF, "no answer, or the connection broke ({said}); run it again to resume"),
    "ServiceUnavailable": "AWS has a temporary failure ({said}); run it again later to resume",
    "ProvisionedThroughputExceeded": "the table is being throttled; run it again later to resume",
    "ResourceNotFound": "there is no such table in {region}; `aws dynamodb list-tables` lists yours, ?region= selects another "
    "region",
    "AccessDenied": "access denied ({said}): the policy must allow dynamodb:DescribeTable and dynamodb:Scan on this table",
    "NoRegionError": "no region given: write {place}?region=eu-west-1, or set AWS_DEFAULT_REGION",
}


@dataclass(frozen=True)
class PageTable:
    """A table of page views, as set up in the article."""

    place: str
    """The source as the user wrote it."""
    table: str
    region: str | None = None
    endpoint: str | None = None
    site: str = ""
    """The site of the views, which the items do not contain."""
    user: str = ""
    """Whose pages to read, if several users share the table; "" if there is only one."""
    first: date | None = None
    last: date | None = None
    """The first and last day of views to read, in UTC, inclusive."""

    @cached_property
    def client(self) -> Any:
        """boto3's client; made on first use, since importing boto3 alone takes a tenth of a second."""
        try:
            import boto3
            from botocore.config import Config
        except ImportError as error:
            raise SourceError(f"{self.place} {NEEDS_BOTO3}") from error
        retries: Any = {"mode": "standard", "total_max_attempts": ATTEMPTS}
        config = Config(retries=retries, read_timeout=ANSWER_SECONDS, connect_timeout=CONNECT_SECONDS)
        try:
            with self.errors():
                client = boto3.client("dynamodb", region_name=self.region, endpoint_url=self.endpoint, config=config)
        except ValueError as error:  # what botocore raises for an endpoint that is not a URL
            raise ConfigError(f"{self.place}: {error}; write the endpoint as http://127.0.0.1:8000") from error
        refuse_foreign_answers(client)
        return client

    @cached_property
    def described(self) -> Mapping[str, Any]:
        """AWS's description of the table, which is free. It counts items and bytes about every six hours."""
        client = self.client
        with self.errors(), parsing():
            found: Mapping[str, Any] = client.describe_table(TableName=self.table)["Table"]
        if len(found["KeySchema"]) != 2:
            raise SourceError(f"{self.place} has no sort key to hold the time of a view; name the table of views")
        return found

    @property
    def size(self) -> int:
        """Bytes."""
        return int(self.described.get("TableSizeBytes", 0))

    @property
    def items(self) -> int:
        """The number of items."""
        return int(self.described.get("ItemCount", 0))

    @property
    def read_units(self) -> float:
        """The read units consumed by reading all of it."""
        return max(self.size / UNIT_BYTES, 0.5)

    @cached_property
    def keys(self) -> tuple[str, str]:
        """The names of its partition key and its sort key."""
        names = {key["KeyType"]: str(key["AttributeName"]) for key in self.described["KeySchema"]}
        return names["HASH"], names["RANGE"]

    @cached_property
    def name(self) -> str:
        """Its name in the ledger: the same for the same table, site, user and days."""
        region, account, table = self.described["TableArn"].split(":", 5)[3:]
        chosen = hash_of(self.site, self.user, self.first, self.last)
        return f"{TABLE}{region}:{account}:{table.removeprefix('table/')}#{chosen}"

    def scan(self, start: Item | None) -> Iterator[Item]:
        """All items after the one with the key `start`, read page by page."""
        wanted = {f"#{place}": name for place, name in enumerate(dict.fromkeys((*self.keys, *ATTRIBUTES)))}
        request: dict[str, Any] = {
            "TableName": self.table,
            "ProjectionExpression": ", ".join(wanted),
            "ExpressionAttributeNames": wanted,
        }
        while True:
            if start:
                request["ExclusiveStartKey"] = start
            with self.errors(), parsing():
                answer = self.client.scan(**request)
                items = answer["Items"]
            yield from items
            start = answer.get("LastEvaluatedKey")
            if not start:
                return

    def asks_for(self, view: View) -> bool:
        """Whether a view is from the requested days."""
        return (self.first or view.day) <= view.day <= (self.last or view.day)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """boto3's exceptions, as ours."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            remedy = REMEDIES.get(code_of(error, REMEDIES), "{said}")
            region = self.region or "the region of your AWS configuration"
            wrong = remedy.format(said=said_by(error), region=region, place=self.place)
            raise SourceError(f"{self.place}: {wrong}") from error


def is_table(source: str) -> bool:
    """Whether a source is a table rather than a place of log files."""
    return source.startswith(TABLE)


def read_table(source: str) -> PageTable:
    """The table that `source` names; raises ConfigError if it is invalid."""
    table, given = read_table_name(source, OPTIONS)
    if not table:
        raise ConfigError(f"{source} does not name a table; write {TABLE}PageTrackTable?region=eu-west-1")
    return PageTable(source, table, given.get("region"), given.get("endpoint"), given.get("site", ""), given.get("user", ""))
