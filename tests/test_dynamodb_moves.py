"""Tables that an earlier footfall filled with more values than are kept by now: months are moved, once, and stay true."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from typing import Any

import pytest

from footfall import tallies
from footfall.errors import StoreBusy
from footfall.records import Digest
from footfall.stores.dynamodb import DynamoDBStore
from footfall.stores.dynamodb.query import query
from footfall.tallies import OTHER

from .conftest import Dropped, digest, opened, totals, trials, view
from .faults import Faults, at_random, let_all_arrive
from .truth import SITE

KEYS = 40
NUMBERS = count(1)


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.stores.dynamodb.requests.FIRST_PAUSE", 0.0005)
    monkeypatch.setattr("footfall.stores.dynamodb.requests.LONGEST_PAUSE", 0.01)
    monkeypatch.setattr("footfall.stores.dynamodb.commits.PATIENCE", 0.02)
    monkeypatch.setattr("footfall.stores.dynamodb.commits.PATIENCE_PER_ITEM", 0.0)
    bound(monkeypatch, 10)


def bound(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """So many values are kept of a month."""
    for module in ("tallies", *(f"stores.dynamodb.{name}" for name in ("kept", "moves", "overfull", "notes"))):
        monkeypatch.setattr(f"footfall.{module}.MOST_KEPT", most)
    monkeypatch.setattr(tallies, "FIRST_KEPT", most)


def missing(*keys: str, day: str = "2022-10-20") -> Digest:
    """A file of requests for what is not there."""
    times = Counter(keys)
    drops = {Dropped(SITE, day, "not found", "404", key): times[key] for key in times}
    return digest(f"file{next(NUMBERS)}", [view(next(NUMBERS))], drops)


@pytest.fixture
def url(table_url: Callable[[], str]) -> str:
    """A table with a month of forty missing pages, `k00` asked for 40 times and `k39` once, and a bound of ten since."""
    url = table_url()
    with pytest.MonkeyPatch.context() as patch:
        bound(patch, 10_000)
        store = opened(url)
        store.prepare("UTC")
        store.record([missing(*[f"k{number:02}" for number in range(KEYS) for _ in range(KEYS - number)])])
        store.record([missing("k39", day="2022-10-21"), missing("k39", "other", day="2022-11-01")])
        store.close()
    set_back(store)
    return url


def set_back(store: DynamoDBStore) -> None:
    """The settings as the footfall before had them."""
    names = {"#version": "SchemaVersion", "#kept": "MostKept"}
    expression = "SET #version = :version REMOVE #kept"
    store.requests.update(("#sites", "#settings"), expression, names, {":version": {"N": "2"}})


def partition(store: DynamoDBStore, name: str) -> dict[str, Any]:
    return {item["SortKey"]["S"]: item for item in query(store.requests, name)}


OLD = f"#{SITE}#2022-10#not_found"
# Once it is moved: ten by name; of the others those that were asked for 30 times and less, and k39 once more.
MOVED = {**{f"k{number:02}": KEYS - number for number in range(10)}, OTHER: sum(range(1, 31)) + 1}


def test_a_month_that_is_overfull_is_moved_by_the_next_import_and_totals_stay(url: str) -> None:
    before = opened(url)
    assert sum(totals(before, "not_found").values()) == sum(MOVED.values()) + 2
    assert len(totals(before, "not_found")) == KEYS + 1

    opened(url).prepare("UTC")

    after = opened(url)
    assert totals(after, "not_found", end="2022-10-31") == MOVED
    assert totals(after, "not_found", start="2022-10-21", end="2022-10-31") == {OTHER: 1}
    assert totals(after, "not_found", start="2022-11-01") == {"k39": 1, "other": 1}
    assert totals(after, "not_found", value="k00") == {"k00": 40}
    assert totals(after, "status") == {"200": 3, "404": sum(MOVED.values()) + 2}
    assert after.sites() == [SITE]
    assert len(partition(after, OLD)) == KEYS  # it stays as it was
    assert len(partition(after, f"{OLD}#kept")) == 11


def test_files_go_on_where_the_month_was_moved_to(url: str) -> None:
    store = opened(url)
    store.prepare("UTC")
    old = partition(store, OLD)

    store.record([missing("k00", "k39", "new"), missing("k01", "k39", day="2022-11-01")])
    again = opened(url)
    again.prepare("UTC")
    again.record([missing("k00", "k38")])

    assert totals(again, "not_found", end="2022-10-31") == {**MOVED, "k00": 42, OTHER: MOVED[OTHER] + 3}
    assert totals(again, "not_found", start="2022-11-01") == {"k01": 1, "k39": 2, "other": 1}
    assert partition(again, OLD) == old


def test_a_reader_that_is_open_meanwhile_answers_as_before_and_then_as_after(url: str) -> None:
    reader = opened(url)
    assert totals(reader, "not_found", end="2022-10-31")["k38"] == 2

    writer = opened(url)
    writer.prepare("UTC")
    writer.record([missing("k00")])

    assert sum(totals(reader, "not_found", end="2022-10-31").values()) in (sum(MOVED.values()), sum(MOVED.values()) + 1)
    reader.close()
    assert totals(opened(url), "not_found", end="2022-10-31") == {**MOVED, "k00": 41}


@pytest.mark.parametrize("trial", range(trials(6)))
def test_a_move_among_faults_and_importers_at_once_leaves_the_truth(url: str, trial: int) -> None:
    """Some die, others finish what they began, and a reader beside them never sees half of it."""
    files, tries = [missing("k00", f"k{30 + number}") for number in range(3)], count(trial * 1000)
    seen: list[int] = []

    def run(file: Digest) -> None:
        for attempt in range(100):
            store = opened(url)
            Faults(store.requests.client, at_random(0.3 if attempt < 4 else 0.05, next(tries)))
            with suppress(StoreBusy):
                store.prepare("UTC")
                store.record([file])
                return
            seen.append(sum(totals(opened(url), "not_found", end="2022-10-31").values()))
        raise AssertionError("it never ends")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(run, files))

    let_all_arrive()
    store = opened(url)
    assert totals(store, "not_found", end="2022-10-31") == {**MOVED, "k00": 43, OTHER: MOVED[OTHER] + 3}
    assert {(times - sum(MOVED.values())) % 2 for times in seen} <= {0}  # each file has two
    assert len(partition(store, f"{OLD}#kept")) == 11
    assert len(list(store.files())) == 6


def test_only_a_month_that_has_more_than_are_kept_is_moved(table_url: Callable[[], str]) -> None:
    url = table_url()
    store = opened(url)
    store.prepare("UTC")
    store.record([missing(*(f"k{number}" for number in range(10)), "k0")])
    set_back(store)
    opened(url).prepare("UTC")

    assert len(partition(store, OLD)) == 10
    assert not partition(store, f"{OLD}#kept")
    assert "#moved" not in partition(store, "#sites")
