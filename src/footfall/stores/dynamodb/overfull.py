"""Finds the months that an earlier footfall filled with more values than are kept now, and has them moved."""

from itertools import islice

from ...dimensions import DIMENSIONS
from ...tallies import MOST_KEPT, OWN_WORDS
from .commits import finish_last, move_partition
from .index import IndexCache
from .keys import MOST_KEPT_SETTING, SETTINGS, tally_key
from .query import query
from .requests import Requests
from .workers import Workers

ENOUGH = MOST_KEPT + len(OWN_WORDS) + 1  # items of a partition that show that it is overfull


def bring_to_bound(requests: Requests, workers: Workers, index: IndexCache, importer: str) -> None:
    """Move what is overfull, once for each table, as noted in its settings. This reads each month's first items."""
    bound = {"N": str(MOST_KEPT)}
    if index.settings().get(MOST_KEPT_SETTING) == bound:
        return
    there = index.read()
    are_open = [name for name, row in DIMENSIONS.items() if row.is_open]
    partitions = [
        tally_key(site, month, name, "")[0] for site in there.sites for month in there.months(site) for name in are_open
    ]
    sort = requests.keys[1]

    def is_overfull(partition: str) -> bool:
        items = islice(query(requests, partition, attributes=(sort,), limit=ENOUGH), ENOUGH)
        return len({item[sort]["S"] for item in items} - OWN_WORDS) > MOST_KEPT

    for partition, is_over in zip(partitions, workers.map(is_overfull, partitions), strict=True):
        while is_over and partition not in (last := finish_last(requests, workers, importer)).moved:
            move_partition(requests, workers, last, importer, partition)
    requests.update(SETTINGS, "SET #kept = :kept", {"#kept": MOST_KEPT_SETTING}, {":kept": bound})
    index.forget()
