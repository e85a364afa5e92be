"""Reads a partition of the table, or all of it, page by page."""

from collections.abc import Iterator, Sequence
from typing import Any

from .keys import LONGEST_SORT_KEY, Item
from .requests import Requests


def query(
    requests: Requests, partition: str, *, prefix: str = "", between: tuple[str, str] | None = None,
    attributes: Sequence[str] = (), limit: int | None = None,
) -> Iterator[Item]:  # fmt: skip
    """
    The items of a partition, ordered by sort key, with consistent reads; `limit` applies to each page of results.

    A page has at most 1 MB, and may be empty even if others follow.
    """
    if len(prefix.encode()) > LONGEST_SORT_KEY:
        return iter(())
    names = {"#partition": requests.keys[0]}
    values = {":partition": {"S": partition}}
    condition = "#partition = :partition"
    if prefix:
        names["#sort"], values[":prefix"] = requests.keys[1], {"S": prefix}
        condition += " AND begins_with(#sort, :prefix)"
    if between:
        names["#sort"], values[":first"], values[":last"] = requests.keys[1], {"S": between[0]}, {"S": between[1]}
        condition += " AND #sort BETWEEN :first AND :last"
    asked: dict[str, Any] = {
        "TableName": requests.table,
        "KeyConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        "ConsistentRead": True,
    }
    if attributes:
        wanted = {f"#{place}": name for place, name in enumerate(attributes)}
        names |= wanted
        asked["ProjectionExpression"] = ", ".join(wanted)
    if limit is not None:
        asked["Limit"] = limit
    return _pages(requests, "query", asked)


def scan(requests: Requests) -> Iterator[Item]:
    """All items of the table, unordered; takes a read unit for every 4 KB."""
    return _pages(requests, "scan", {"TableName": requests.table, "ConsistentRead": True})


def _pages(requests: Requests, operation: str, asked: dict[str, Any]) -> Iterator[Item]:
    while True:
        answer = requests.send(operation, **asked)
        yield from answer["Items"]
        if not answer.get("LastEvaluatedKey"):
            return
        asked["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
