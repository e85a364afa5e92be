"""Log files made at random, which share some of their views, and what is true of them."""

import random
from collections import Counter
from collections.abc import Sequence

from footfall.dimensions import DIMENSIONS
from footfall.records import Digest
from footfall.stores.base import FIRST_DAY, LAST_DAY, Store

from .conftest import KEPT, Dropped, digest, totals, view, visitors_in

SITE = "www.example.org"


def some_files(seed: int) -> list[Digest]:
    """Files that share some of their views; some fit into one transaction, some do not."""
    dice = random.Random(seed)
    files = []
    for number in range(dice.randint(1, 6)):
        most = dice.choice((2, 10, 60, 260))
        ids = dice.sample(range(300), dice.randint(0, most))
        views = [view(each, f"p{each % 200}", key=f"k{each}", visitor=visitor(each)) for each in ids]
        drops = {Dropped(SITE, "2022-10-20", "bot", "200", f"bot{number}"): dice.randint(1, 3)}
        files.append(digest(f"2022-10-{20 + number}-00-00-00-{seed:016X}", views, drops))
    return files


def visitor(number: int) -> bytes:
    """Who the `number`th view is of."""
    return (number % 97).to_bytes(16, "big")


def check_additions(store: Store) -> None:
    """That its counts are what all parts in its ledger added, together."""
    added: Counter[tuple[str, str, str, str]] = Counter()
    for part in store.files():
        tally = store.added(part.name, part.number)
        assert tally is not None, part.name
        added.update(tally)
    counted = {
        (site, dimension, day, value): times
        for site in store.sites()
        for dimension in DIMENSIONS
        for value, day, times in store.counts(site, dimension, FIRST_DAY, LAST_DAY)
    }
    assert counted == added


def check_whole(store: Store) -> None:
    """That what it tells is of whole files, those that are in its ledger."""
    check_additions(store)
    ledger = list(store.files())
    views = sum(part.account.views for part in ledger)
    lines = sum(part.account.lines - part.account.dropped.get("duplicate", 0) for part in ledger)
    assert sum(totals(store).values()) == sum(totals(store, "hour").values()) == views
    assert sum(totals(store, "status").values()) == lines


def check(store: Store, files: Sequence[Digest]) -> None:
    """That the store has the truth."""
    check_additions(store)
    records = {each.request_id: each for file in files for each in file.views}
    pages = Counter(each.page for each in records.values())
    bots = Counter({value: times for file in files for (_, name, _, value), times in file.drops.items() if name == "bot"})
    assert totals(store) == pages
    assert totals(store, "hour") == ({"00": len(records)} if records else {})
    assert totals(store, "bot") == bots
    assert totals(store, "status") == {"200": len(records) + bots.total()}
    assert sum(visitors_in(store, SITE, FIRST_DAY, LAST_DAY).values()) == len(
        {each.fields["visitor"] for each in records.values()}
    )
    kept = [item["SortKey"] for page in pages for item in store.views(SITE, page, 0, 2**32)]
    assert sorted(map(str, kept)) == sorted(str(KEPT.make(each)["SortKey"]) for each in records.values())
    ledger = list(store.files())
    assert sorted(part.name for part in ledger) == sorted(file.name for file in files)
    assert sum(part.account.views for part in ledger) == len(records)
