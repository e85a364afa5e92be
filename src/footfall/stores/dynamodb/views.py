"""
Views are written once each, and the first file that brings one owns it.

A view is inserted, never overwritten: `INSERT` of PartiQL fails where its key exists, costs what a put costs, and 25 go
with one request. So whoever comes second, an importer beside us or ourselves after a crash, finds who came first, and
what a file owns never changes: its views are counted by that file alone, however often it is recorded.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from itertools import islice
from time import sleep
from time import time as now
from typing import Any, NamedTuple, TypeVar

from ...items import ItemMap
from ...records import DAY, Keep, PageView
from .errors import is_about_keys, problem_of
from .keys import EXPIRES_AT, RECORD, SOURCE_FILE, Item, Key, beside, record_id, view_key
from .requests import Requests, pauses

MOST_STATEMENTS = 25  # in one batch, says DynamoDB
MOST_READS = 100

T = TypeVar("T")


class Claim(NamedTuple):
    """A view that a file brings, and the key that it claims for it."""

    file: int
    place: int
    """Which view of which file."""
    key: Key
    source: str
    record: str
    item: dict[str, dict[str, str]]
    """Without its keys."""


def write_views(
    requests: Requests, workers: Executor, item: ItemMap, keep: Keep, files: Sequence[tuple[str, Sequence[PageView]]]
) -> list[list[PageView]]:
    """
    Write the views of files, each with its name, and return those that each file is the first to bring.

    The order of the files decides between them where both bring a view.
    """
    if not keep.views:
        return [list(views) for _, views in files]
    owned: list[set[int]] = [set() for _ in files]
    claims = list(_claims(item, keep, files))
    while claims:
        at_once: dict[Key, Claim] = {}
        # One key may not be twice in a batch; the first claim on it has the first try.
        later = [claim for claim in claims if at_once.setdefault(claim.key, claim) is not claim]
        taken = set(_insert(requests, workers, at_once.values()))
        holders = read_items(requests, workers, taken, (SOURCE_FILE, RECORD))
        for key, claim in at_once.items():
            if key not in taken:
                owned[claim.file].add(claim.place)
            elif key not in holders:  # it has expired in the meantime
                later.append(claim)
            elif holders[key].get(RECORD, {}).get("S") != claim.record:  # another record, or another program's item
                later.append(claim._replace(key=beside(key, claim.record)))
            elif holders[key].get(SOURCE_FILE, {}).get("S") == claim.source:  # of an earlier attempt
                owned[claim.file].add(claim.place)
        claims = later
    return [[view for place, view in enumerate(views) if place in mine] for (_, views), mine in zip(files, owned, strict=True)]


def _claims(item: ItemMap, keep: Keep, files: Sequence[tuple[str, Sequence[PageView]]]) -> Iterator[Claim]:
    soonest = int(now()) + DAY  # expired already, they are kept for a day all the same: duplicates are found by them
    for file, (source, views) in enumerate(files):
        seen: set[str] = set()
        for place, view in enumerate(views):
            record = record_id(view)
            if record in seen:
                continue
            seen.add(record)
            made, key = view_key(item, view)
            typed = item.typed({name: value for name, value in made.items() if name not in (item.partition_key, item.sort_key)})
            typed[SOURCE_FILE] = {"S": source}
            typed[RECORD] = {"S": record}
            if keep.days is not None:
                typed[EXPIRES_AT] = {"N": str(max(view.time + keep.days * DAY, soonest))}
            yield Claim(file, place, key, source, record, typed)


def _insert(requests: Requests, workers: Executor, claims: Iterable[Claim]) -> Iterator[Key]:
    """Insert the views; says which keys exist already."""
    batches = chunks(claims, MOST_STATEMENTS)
    for taken in workers.map(lambda batch: _insert_batch(requests, batch), batches):
        yield from taken


def _insert_batch(requests: Requests, claims: Sequence[Claim]) -> list[Key]:
    taken: list[Key] = []
    for attempt, pause in enumerate(pauses(), 1):
        statements = [_statement(requests, claim) for claim in claims]
        answers = requests.send("batch_execute_statement", Statements=statements)["Responses"]
        left: list[Claim] = []
        for claim, answer in zip(claims, answers, strict=True):
            if "Error" not in answer:
                continue
            code, said = answer["Error"].get("Code", ""), answer["Error"].get("Message", "")
            if code == "DuplicateItem":
                taken.append(claim.key)
                continue
            code = "WrongKeys" if code == "ValidationError" and is_about_keys(said) else code
            if attempt >= problem_of(code).attempts:
                raise requests.problem(code, said)
            left.append(claim)
        if not left:
            break
        claims = left
        sleep(pause)
    return taken


def _statement(requests: Requests, claim: Claim) -> dict[str, Any]:
    names = (*requests.keys, *claim.item)
    quoted = ",".join("'" + name.replace("'", "''") + "':?" for name in names)
    values = [{"S": claim.key[0]}, {"S": claim.key[1]}, *claim.item.values()]
    return {"Statement": f'INSERT INTO "{requests.table}" VALUE {{{quoted}}}', "Parameters": values}


def read_items(requests: Requests, workers: Executor, keys: Iterable[Key], attributes: Sequence[str] = ()) -> dict[Key, Item]:
    """The items at these keys, as they are now; with `attributes`, no others of them."""
    batches = chunks(sorted(keys), MOST_READS)
    found: dict[Key, Item] = {}
    for items in workers.map(lambda batch: _read_batch(requests, batch, attributes), batches):
        found.update(items)
    return found


def _read_batch(requests: Requests, keys: Sequence[Key], attributes: Sequence[str]) -> dict[Key, Item]:
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
        if attempt >= problem_of("UnprocessedItems").attempts:
            raise requests.problem("UnprocessedItems", "")
        asked["Keys"] = left
        sleep(pause)
    return found


def chunks(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """`things` in lists of `size`, the last perhaps shorter."""
    rest = iter(things)
    while chunk := list(islice(rest, size)):
        yield chunk
