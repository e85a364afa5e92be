"""
Counting: what a file adds to the tally and its entry in the ledger are one transaction, so a file counts once.

    small   as many files as fit into one transaction of 100 actions; a tally's item that several touch is one action
    large   one transaction after the other, each with a progress item of its own; the first marks the ledger entry as
            begun, the last completes it

A progress item keeps what its transaction added. Whoever goes on after a crash, or meets another importer at the same
file, adds the difference to what is to be counted: the sum comes out right even where the settings have changed between.
"""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import time as now
from typing import Any
from uuid import uuid4

from ...dimensions import Tally
from ...records import Account, Digest
from .keys import Item, Key, day_attribute, ledger_entry, ledger_key, tally_key
from .query import query
from .requests import Refused, Requests

MOST_ACTIONS = 100  # of one transaction, says DynamoDB; its 4 MB are never reached, as an action has 4 KB at most

# What a ledger entry has to be for a transaction to go through: there is none, or the file is counted in part.
ABSENT, BEGUN = "attribute_not_exists", "attribute_exists"

Plan = dict[Key, Counter[str]]
"""What to add: to which item's attributes how much."""


@dataclass(frozen=True)
class Entry:
    """A part of a log file that is to be counted."""

    place: int
    """Which one of those that were asked for."""
    digest: Digest
    account: Account
    plan: Plan


def plan_of(tally: Tally) -> Plan:
    """A tally by the items that keep it: a month's days are attributes of one."""
    plan: Plan = defaultdict(Counter)
    for (site, dimension, day, value), times in tally.items():
        plan[tally_key(site, day[:7], dimension, value)][day_attribute(day)] += times
    return dict(plan)


def count(requests: Requests, entries: Sequence[Entry]) -> Iterator[Entry]:
    """Count each of the entries, unless it is counted; yields those that were new as soon as they are counted."""
    large = [entry for entry in entries if len(entry.plan) >= MOST_ACTIONS]
    for pack in _packs(entry for entry in entries if len(entry.plan) < MOST_ACTIONS):
        new, refused = _count_pack(requests, pack)
        yield from new
        large += refused  # counted by others, or begun when there was more to it
    for entry in large:
        if _count_large(requests, entry):
            yield entry


def _packs(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """The entries in runs that fit into a transaction."""
    pack: list[Entry] = []
    touched: set[Key] = set()
    for entry in entries:
        if pack and len(touched | entry.plan.keys()) + len(pack) + 1 > MOST_ACTIONS:
            yield pack
            pack, touched = [], set()
        pack.append(entry)
        touched |= entry.plan.keys()
    if pack:
        yield pack


def _count_pack(requests: Requests, pack: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Count entries in one transaction; says which were counted now, and which the ledger has."""
    refused: list[Entry] = []
    while pack:
        plan: Plan = defaultdict(Counter)
        for entry in pack:
            for key, days in entry.plan.items():
                plan[key].update(days)
        entered = [_put(requests, ledger_key(*_name(entry)), _entered(entry), ABSENT) for entry in pack]
        try:
            _transact(requests, [*entered, *_additions(requests, plan)])
        except Refused as why:
            refused += [pack[place] for place in why.places]
            pack = [entry for place, entry in enumerate(pack) if place not in why.places]
        else:
            break
    return pack, refused


def _count_large(requests: Requests, entry: Entry) -> bool:
    """Count an entry in several transactions, going on where an earlier attempt stopped; says whether it was new."""
    key = ledger_key(*_name(entry))
    while (progress := _progress(requests, key)) is not None:
        left = _difference(entry.plan, progress)
        number = len(progress)
        while True:
            added = dict(sorted(left.items())[: MOST_ACTIONS - 2])
            left = {key: days for key, days in left.items() if key not in added}
            condition = BEGUN if number else ABSENT
            step = _put(requests, (f"#progress#{key[1]}", f"{number:05}"), {"Added": {"B": _pack(added)}}, ABSENT)
            if not left:
                ledger = _put(requests, key, _entered(entry), condition)
            elif number:
                ledger = _check(requests, key, condition)
            else:
                ledger = _put(requests, key, {"Begun": {"N": str(int(now()))}}, condition)
            try:
                _transact(requests, [step, ledger, *_additions(requests, added)])
            except Refused:
                break  # another importer is at it: see how far it is
            if not left:
                return True
            number += 1
    return False


def _progress(requests: Requests, key: Key) -> list[Plan] | None:
    """What was added so far of a file; None when all was."""
    entry = next(query(requests, key[0], between=(key[1], key[1])), None)
    if entry is not None and not is_begun(entry):
        return None
    return [_unpack(item["Added"]["B"]) for item in query(requests, f"#progress#{key[1]}")] if entry else []


def is_begun(entry: Item) -> bool:
    """Whether a ledger entry is of a file that is counted in part only."""
    return "Begun" in entry


def _difference(plan: Plan, added: Iterable[Plan]) -> Plan:
    """What is left to add of a plan."""
    left = {key: Counter(days) for key, days in plan.items()}
    for each in added:
        for key, days in each.items():
            left.setdefault(key, Counter()).subtract(days)
    some = {key: Counter({day: times for day, times in days.items() if times}) for key, days in left.items()}
    return {key: days for key, days in some.items() if days}


def _pack(plan: Plan) -> bytes:
    return zlib.compress(json.dumps([[*key, days] for key, days in plan.items()], ensure_ascii=False).encode(), 9)


def _unpack(packed: bytes) -> Plan:
    return {(first, second): Counter(days) for first, second, days in json.loads(zlib.decompress(packed))}


def _name(entry: Entry) -> tuple[str, int]:
    return entry.digest.name, entry.digest.part


def _entered(entry: Entry) -> Item:
    return ledger_entry(entry.digest, entry.account, int(now()))


def _put(requests: Requests, key: Key, item: Item, condition: str) -> dict[str, Any]:
    return {
        "Put": {
            "TableName": requests.table,
            "Item": {**_typed(requests, key), **item},
            "ConditionExpression": f"{condition}(#attribute)",
            "ExpressionAttributeNames": {"#attribute": requests.keys[0] if condition == ABSENT else "Begun"},
        }
    }


def _check(requests: Requests, key: Key, condition: str) -> dict[str, Any]:
    return {
        "ConditionCheck": {
            "TableName": requests.table,
            "Key": _typed(requests, key),
            "ConditionExpression": f"{condition}(#attribute)",
            "ExpressionAttributeNames": {"#attribute": requests.keys[0] if condition == ABSENT else "Begun"},
        }
    }


def _additions(requests: Requests, plan: Plan) -> Iterator[dict[str, Any]]:
    for key, days in sorted(plan.items()):
        yield {
            "Update": {
                "TableName": requests.table,
                "Key": _typed(requests, key),
                "UpdateExpression": "ADD " + ", ".join(f"{day} :{day}" for day in days),
                "ExpressionAttributeValues": {f":{day}": {"N": str(times)} for day, times in days.items()},
            }
        }


def _typed(requests: Requests, key: Key) -> dict[str, dict[str, str]]:
    return {name: {"S": value} for name, value in zip(requests.keys, key, strict=True)}


def _transact(requests: Requests, actions: Sequence[Mapping[str, Any]]) -> None:
    """All actions or none. The token makes an attempt whose answer was lost, and which is sent again, count once."""
    requests.send("transact_write_items", TransactItems=actions, ClientRequestToken=uuid4().hex)
