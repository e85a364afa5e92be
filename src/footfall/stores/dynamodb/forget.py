"""
Forgets a reader's address: reads all items of the table, and removes identifying attributes from its views.

The current [item] says what an attribute contains. An attribute that it does not name, written under an earlier [item], is
removed if it is exactly such an address.
"""

from collections.abc import Iterator
from time import time_ns

from ...errors import StoreError
from ...items import ItemMap
from ...pageviews.addresses import ADDRESSES, OF_THE_READER, Asked
from .batches import chunks, execute_all, update
from .filling import ITEMS_AT_ONCE
from .keys import FORGOTTEN, RECORD, SETTINGS, SOURCE_FILE, Item, Key
from .query import scan
from .requests import Requests
from .workers import Workers


def forget(requests: Requests, workers: Workers, item: ItemMap, asked: Asked, *, is_dry: bool) -> int:
    """See Contents. An item is only changed if it still has the same view; 25 are changed per request."""
    if item.sort_key in item.attributes_of(ADDRESSES | OF_THE_READER):
        raise StoreError(
            f"{requests.url}: [item] puts reader data into the key {item.sort_key}, which cannot be changed: delete these "
            f"items in AWS"
        )
    changed = 0
    for some in chunks(_found(requests, item, asked), ITEMS_AT_ONCE):
        if not changed and not is_dry:
            note = {":now": {"N": str(time_ns())}}
            requests.update(SETTINGS, "SET #forgotten = :now", {"#forgotten": FORGOTTEN}, note)
        changed += len(some)
        if not is_dry:
            gone = [update(requests, key, {}, {RECORD: found[RECORD]}, names) for key, found, names in some]
            execute_all(requests, workers, gone)
    return changed


def _found(requests: Requests, item: ItemMap, asked: Asked) -> Iterator[tuple[Key, Item, list[str]]]:
    """The views with such an address, each with the attributes that identify the reader."""
    partition, sort = requests.keys
    of_address, of_reader = set(item.attributes_of(ADDRESSES)), item.attributes_of(ADDRESSES | OF_THE_READER)
    for found in scan(requests):
        if SOURCE_FILE not in found or RECORD not in found:
            continue
        texts = {name: value["S"] for name, value in found.items() if "S" in value and name not in (partition, sort)}
        theirs = [name for name, text in texts.items() if (asked.is_in if name in of_address else asked.is_one)(text)]
        if theirs:
            names = dict.fromkeys([*theirs, *(name for name in of_reader if name in found)])
            yield (found[partition]["S"], found[sort]["S"]), found, [*names]
