"""
Requests for many items: reads 100 at once; writes, inserts, updates and deletes 25 at once.

PartiQL statements cost the same in a batch as alone. A failed condition only affects its own statement, unlike in a batch of
puts or a transaction. What a batch leaves undone is retried.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from time import sleep
from typing import Any, TypeVar

from .errors import is_about_keys, problem_of
from .keys import Item, Key
from .requests import Requests, pauses
from .workers import Workers

MOST_STATEMENTS = 25  # in one batch, DynamoDB's limit
MOST_READS = 100
# Errors of one statement: an INSERT's key already exists; an UPDATE's condition does not hold.
REFUSALS = frozenset({"DuplicateItem", "ConditionalCheckFailed"})

Statement = Mapping[str, Any]
T = TypeVar("T")


def insert(requests: Requests, key: Key, item: Item) -> Statement:
    """Puts an item if its key does not exist."""
    values = [{"S": key[0]}, {"S": key[1]}, *item.values()]
    return {"Statement": _insert(requests.table, (*requests.keys, *item)), "Parameters": values}


def update(
    requests: Requests, key: Key, changes: Item, were: Mapping[str, Mapping[str, Any] | None], removed: Iterable[str] = ()
) -> Statement:
    """Sets and removes attributes of an item if others are as they `were`; None means missing."""
    conditions = tuple((name, value is None) for name, value in were.items())
    text = _update(requests.table, requests.keys, tuple(changes), tuple(removed), conditions)
    values = [*changes.values(), {"S": key[0]}, {"S": key[1]}, *(value for value in were.values() if value)]
    return {"Statement": text, "Parameters": values}


def delete(requests: Requests, key: Key, attribute: str = "", was: Mapping[str, Any] | None = None) -> Statement:
    """Deletes an item if it exists; with `attribute`, only if that is as it `was`."""
    text = _delete(requests.table, requests.keys, attribute)
    return {"Statement": text, "Parameters": [{"S": key[0]}, {"S": key[1]}, *([was] if was else [])]}


@lru_cache(1024)
def _insert(table: str, names: Sequence[str]) -> str:
    quoted = ",".join("'" + name.replace("'", "''") + "':?" for name in names)
    return f"INSERT INTO {_name(table)} VALUE {{{quoted}}}"


@lru_cache(1024)
def _update(
    table: str, keys: Sequence[str], changed: Sequence[str], removed: Sequence[str], conditions: Sequence[tuple[str, bool]]
) -> str:
    """Each condition names an attribute, and whether it must be missing."""
    where = [f"{_name(name)} IS MISSING" if is_missing else f"{_name(name)}=?" for name, is_missing in conditions]
    clauses = [*(f"SET {_name(each)}=?" for each in changed), *(f"REMOVE {_name(each)}" for each in removed)]
    return f"UPDATE {_name(table)} {' '.join(clauses)} WHERE {' AND '.join([_both(keys), *where])}"


@lru_cache(1024)
def _delete(table: str, keys: Sequence[str], attribute: str) -> str:
    return f"DELETE FROM {_name(table)} WHERE {_both(keys)}" + (f" AND {_name(attribute)}=?" if attribute else "")


def _both(keys: Sequence[str]) -> str:
    return " AND ".join(f"{_name(key)}=?" for key in keys)


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def execute_all(requests: Requests, workers: Workers, statements: Iterable[Statement]) -> None:
    """Send statements that may be refused, in parallel."""
    for _ in workers.map(lambda batch: execute(requests, batch), chunks(statements, MOST_STATEMENTS)):
        pass


def execute(requests: Requests, statements: Sequence[Statement]) -> list[int]:
    """Send up to 25 statements; returns the indexes of those refused. A retry may be refused due to its own first attempt."""
    refused: list[int] = []
    places = list(range(len(statements)))
    for attempt, pause in enumerate(pauses(), 1):
        answers = requests.send("batch_execute_statement", Statements=[statements[place] for place in places])["Responses"]
        left: list[int] = []
        for place, answer in zip(places, answers, strict=True):
            if "Error" not in answer:
                continue
            code, said = answer["Error"].get("Code", ""), answer["Error"].get("Message", "")
            if code in REFUSALS:
                refused.append(place)
                continue
            code = "WrongKeys" if code == "ValidationError" and is_about_keys(said) else code
            if attempt >= problem_of(code).attempts:
                raise requests.problem(code, said)
            left.append(place)
        if not left:
            break
        places = left
        sleep(pause)
    return refused


def put_all(requests: Requests, workers: Workers, items: Iterable[tuple[Key, Item]]) -> None:
    """Write items, replacing any at their keys; no two have the same key."""
    puts = ({"PutRequest": {"Item": {**requests.typed(key), **item}}} for key, item in items)
    for _ in workers.map(lambda some: _put(requests, some), chunks(puts, MOST_STATEMENTS)):
        pass


def _put(requests: Requests, puts: Sequence[Mapping[str, Any]]) -> None:
    left = puts
    for attempt, pause in enumerate(pauses(), 1):
        answer = requests.send("batch_write_item", RequestItems={requests.table: left})
        left = answer["UnprocessedItems"].get(requests.table, [])
        if not left:
            return
        if attempt >= problem_of("UnprocessedKeys").attempts:
            raise requests.problem("UnprocessedKeys", "")
        sleep(pause)


def read_items(requests: Requests, workers: Workers, keys: Iterable[Key], attributes: Sequence[str] = ()) -> dict[Key, Item]:
    """The items at these keys, with consistent reads; with `attributes`, only these."""
    batches = chunks(sorted(keys), MOST_READS)
    found: dict[Key, Item] = {}
    for items in workers.map(lambda batch: read_batch(requests, batch, attributes), batches):
        found.update(items)
    return found


def read_batch(requests: Requests, keys: Sequence[Key], attributes: Sequence[str] = ()) -> dict[Key, Item]:
    """The same for up to 100 keys."""
    partition, sort = requests.keys
    found: dict[Key, Item] = {}
    asked: dict[str, Any] = {
        "Keys": [{partition: {"S": first}, sort: {"S": second}} for first, second in keys],
        "ConsistentRead": True,
    }
    if attributes:
        names = {f"#{place}": name for place, name in enumerate((partition, sort, *attributes))}
        asked |= {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}
    for attempt, pause in enumerate(pauses(), 1):
        answer = requests.send("batch_get_item", RequestItems={requests.table: asked})
        for item in answer["Responses"].get(requests.table, []):
            found[item[partition]["S"], item[sort]["S"]] = item
        left = answer.get("UnprocessedKeys", {}).get(requests.table, {}).get("Keys", [])
        if not left:
            break
        if attempt >= problem_of("UnprocessedKeys").attempts:
            raise requests.problem("UnprocessedKeys", "")
        asked["Keys"] = left
        sleep(pause)
    return found


def chunks(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """`things` in lists of `size`, the last perhaps shorter."""
    rest = iter(things)
    while chunk := list(islice(rest, size)):
        yield chunk
