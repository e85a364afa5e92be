"""Recounting in a table, whatever goes wrong: the table is as one that the files are recorded into under the new rules."""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import pytest

from footfall.errors import StoreBusy
from footfall.records import Digest
from footfall.stores.dynamodb import DynamoDBStore
from footfall.stores.dynamodb.query import query
from footfall.stores.shapes import Recounted, Stays

from .conftest import Dropped, digest, opened, totals, trials, view
from .faults import Faults, at_random, let_all_arrive
from .truth import SITE, check

ONE = b"1" * 16  # the only visitor: a recount leaves visitors as they were counted


pytestmark = pytest.mark.usefixtures("short_pauses")


def said(number: int, ids: Sequence[int], rules: str) -> Digest:
    """What a file of these records says: by the new rules other ones are bots', and pages and referrers go by other names."""
    bots = [each for each in ids if each % (11 if rules == "old" else 7) == 0]
    views = [
        view(each, f"q{each % 9}" if rules == "new" and each % 5 == 0 else f"p{each % 9}", key=f"k{each}", visitor=ONE)
        for each in ids
        if each not in bots
    ]
    if rules == "new":
        views = [each._replace(fields={**each.fields, "referrer": "https://news.example/"}) for each in views]
    drops = {Dropped(SITE, "2022-10-20", "bot", "200", f"bot{number}"): len(bots)} if bots else {}
    return digest(f"2022-10-{20 + number}-00-00-00-0000000000000001", views, drops, rules=rules)


def some_records(seed: int, files: int = 3, most: int = 40) -> list[list[int]]:
    """The numbers of the records of some files, which have some in common."""
    dice = random.Random(seed)
    return [dice.sample(range(1, 2 * most), dice.randint(1, most)) for _ in range(files)]


def by(rules: str, records: Sequence[Sequence[int]]) -> list[Digest]:
    return [said(number, ids, rules) for number, ids in enumerate(records)]


@pytest.fixture
def records() -> list[list[int]]:
    return some_records(1)


@pytest.fixture
def url(table_url: Callable[[], str], records: list[list[int]]) -> Iterator[str]:
    """A table with files that were counted under old rules."""
    url = table_url()
    store = opened(url)
    store.prepare("UTC")
    store.record(by("old", records))
    check(store, by("old", records))
    yield url
    store.close()


def recount(url: str, files: Sequence[Digest], prepare: Callable[[DynamoDBStore], Any] = lambda _: None) -> list[Any]:
    store = opened(url)
    prepare(store)
    try:
        store.prepare("UTC")
        return store.recount(files)
    finally:
        store.close()


def test_files_are_counted_anew(url: str, records: list[list[int]]) -> None:
    outcomes = recount(url, by("new", records))

    assert [type(each) for each in outcomes] == [Recounted] * 3
    check(opened(url), by("new", records))
    assert recount(url, by("new", records)) == [None] * 3
    assert recount(url, by("old", records)) != [None] * 3
    check(opened(url), by("old", records))


def test_what_parts_added_in_items_of_its_own_is_replaced(
    table_url: Callable[[], str], records: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footfall.stores.dynamodb.ledger.ENTRY_BYTES", 300)
    monkeypatch.setattr("footfall.stores.dynamodb.ledger.MOST_BYTES", 60)
    monkeypatch.setattr("footfall.stores.dynamodb.commits.FIRST_BYTES", 100)
    monkeypatch.setattr("footfall.stores.dynamodb.commits.MOST_BYTES", 200)
    url = table_url()
    store = opened(url)
    store.prepare("UTC")
    store.record(by("old", records))
    before = len(list(query(store.requests, "#added")))

    recount(url, by("new", records))

    check(opened(url), by("new", records))
    assert len(list(query(store.requests, "#groups"))) == 0
    assert before * 0.5 < len(list(query(store.requests, "#added"))) < before * 1.5


def test_what_a_part_adds_goes_into_items_of_its_own_and_back(
    url: str, records: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("footfall.stores.dynamodb.ledger.ENTRY_BYTES", 100)
        recount(url, by("new", records))
    store = opened(url)
    check(store, by("new", records))
    assert len(list(query(store.requests, "#added"))) == 3

    recount(url, by("old", records))

    check(opened(url), by("old", records))
    assert list(query(store.requests, "#added")) == []


def test_a_dry_run_says_what_is_done_and_what_it_costs_and_writes_nothing(url: str, records: list[list[int]]) -> None:
    files = by("new", records)
    store = opened(url)
    dry = store.recount(files, is_dry=True)
    estimate = store.pricing.estimate_recount(files, dry)
    assert store.capacity() is not None
    assert store.pricing.capacity().write_units == 0
    check(store, by("old", records))

    store.prepare("UTC")
    before = store.pricing.capacity()
    done = store.recount(files)

    assert dry == done
    spent = store.pricing.capacity().since(before).write_units
    assert spent <= estimate.write_units + 5
    assert estimate.write_units <= 1.1 * spent + 5


class _Killed(BaseException):
    """An importer ends here, and nothing that it would do next is done."""


def killed_after(step: int) -> Callable[[DynamoDBStore], Any]:
    def prepare(store: DynamoDBStore) -> None:
        steps = count()

        def die(request: Any, send: Any) -> Any:
            send(request)
            raise _Killed

        Faults(store.requests.client, lambda _: die if next(steps) >= step else "")

    return prepare


@pytest.mark.parametrize("part", range(trials(2)))
def test_a_recount_that_is_killed_at_any_request_is_finished_by_the_next(table_url: Callable[[], str], part: int) -> None:
    records = some_records(2, files=2, most=8)
    for step in range(part, 60, 6):
        url = table_url()
        store = opened(url)
        store.prepare("UTC")
        store.record(by("old", records))

        is_whole = False
        with suppress(_Killed):
            recount(url, by("new", records), killed_after(step))
            is_whole = True
        assert sum(totals(store).values()) == sum(totals(store, "hour").values())
        recount(url, by("new", records))

        store.close()
        check(opened(url), by("new", records))
        if is_whole:
            return
    raise AssertionError("it never ends")


@pytest.mark.parametrize("trial", range(trials(3, of=4)))
def test_two_recounts_and_an_import_at_once_amid_faults(table_url: Callable[[], str], trial: int) -> None:
    url, records = table_url(), some_records(trial, files=5)
    store = opened(url)
    store.prepare("UTC")
    store.record(by("old", records)[:4])
    tries = count(1000 * trial)

    def until_done(work: Callable[[DynamoDBStore], Any]) -> None:
        for _ in range(50):
            with suppress(StoreBusy):
                other = opened(url)
                Faults(other.requests.client, at_random(0.15, next(tries)))
                other.prepare("UTC")
                work(other)
                other.close()
                return
        raise AssertionError("it never ends")

    new = by("new", records)
    works: list[Callable[[DynamoDBStore], Any]] = [
        lambda other: [other.recount(new[:2]), other.recount(new[2:4])],
        lambda other: [other.recount([new[3]]), other.recount([new[0]]), other.recount(new[1:3])],
        lambda other: other.record([new[4]]),
    ]
    threads = [threading.Thread(target=until_done, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    let_all_arrive()

    assert recount(url, new) == [None] * 5
    check(opened(url), new)


def test_files_beside_an_imported_table_and_of_old_footfalls_stay_as_they_are(url: str, records: list[list[int]]) -> None:
    files = by("new", records)
    store = opened(url)
    store.requests.update(("#sites", "#settings"), "ADD #m :m", {"#m": "ItemMonths"}, {":m": {"SS": ["2022-10"]}})

    outcomes = recount(url, files)

    assert all(isinstance(each, Stays) and "imported table" in each.why for each in outcomes)
    check(store, by("old", records))


def test_a_view_that_another_program_holds_the_key_of_goes_beside_it(url: str, records: list[list[int]]) -> None:
    """So does one whose key another record has: it is found there when it is recounted."""
    store = opened(url)
    same = [view(500, key="one", time=1_666_230_000), view(500, key="other", time=1_666_230_000)]
    store.prepare("UTC")
    store.record([digest("same", same, rules="old")])

    store.recount([digest("same", [same[1]], {Dropped(SITE, "2022-10-20", "bot", "200", "bot"): 1}, rules="new")])

    assert len(list(store.views(SITE, "a", 1_666_230_000, 1_666_230_000))) == 1
    assert totals(store, value="a") == {"a": 1}
