"""
Whatever goes wrong between us and DynamoDB, counts are the truth: no view is lost, none counts twice.

FOOTFALL_TRIALS asks for more trials.
"""

import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import count

import pytest

from footfall.errors import StoreBusy
from footfall.records import Digest
from footfall.stores import Store, open_store
from footfall.stores.dynamodb import DynamoDBStore

from .conftest import KEPT, digest, totals, view
from .faults import FAULTS, Faults, at_random
from .truth import check, some_files

TRIALS = int(os.environ.get("FOOTFALL_TRIALS", "200"))


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.stores.dynamodb.requests.FIRST_PAUSE", 0.0005)
    monkeypatch.setattr("footfall.stores.dynamodb.requests.LONGEST_PAUSE", 0.01)


def only(operation: str, fault: str, asked: str) -> str:
    """This fault, of this request."""
    return fault if asked == operation else ""


def record_until_done(open_: Callable[[], Store], files: Sequence[Digest]) -> list[int]:
    """Record the files as the pipeline does: those that fail are left for another time. Returns the views told as new."""
    told = [0] * len(files)
    waiting = list(range(len(files)))
    for attempt in count():
        assert attempt < 50, "it never ends"
        store = open_()
        with suppress(StoreBusy):
            store.prepare("UTC")
            for place, account in zip(waiting, store.record([files[place] for place in waiting]), strict=True):
                told[place] = account.views if account else 0
            store.close()
            return told
        store.close()
    raise AssertionError


@pytest.mark.parametrize("trial", range(max(TRIALS // 4, 1)))
def test_faults_of_every_kind_at_random(table_url: Callable[[], str], trial: int) -> None:
    url, files = table_url(), some_files(trial)
    tries = count(trial * 1000)

    def open_() -> Store:
        store = open_store(url, KEPT)
        assert isinstance(store, DynamoDBStore)
        Faults(store.requests.client, at_random(0.25, next(tries)))
        return store

    record_until_done(open_, files)

    check(open_store(url, KEPT), files)


@pytest.mark.parametrize("operation", ["BatchExecuteStatement", "BatchGetItem", "TransactWriteItems", "UpdateItem", "Query"])
@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_of_each_request_happens_and_does_no_harm(table_url: Callable[[], str], fault: str, operation: str) -> None:
    """Every first try of this request fails."""
    url = table_url()
    views = [view(number, f"p{number}") for number in range(150)]
    files = [digest("a", views[:120]), digest("b", views[100:])]
    happened: list[tuple[str, str]] = []
    turn: Counter[str] = Counter()

    def every_other(asked: str) -> str:
        turn[asked] += asked == operation
        return fault if asked == operation and turn[asked] % 2 else ""

    for _ in range(2):
        store = open_store(url, KEPT)
        assert isinstance(store, DynamoDBStore)
        happened = Faults(store.requests.client, every_other).happened
        store.prepare("UTC")
        told = store.record(files)
        assert totals(store) == {f"p{number}": 1 for number in range(150)}
        store.close()
        assert happened or operation in ("BatchExecuteStatement", "TransactWriteItems", "UpdateItem")

    assert told == [None, None]
    store = open_store(url, KEPT)
    assert [part.account.views for part in store.files()] == [120, 30]
    assert totals(store) == {f"p{number}": 1 for number in range(150)}


@pytest.mark.parametrize("fault", ["lost_after", "timed_out_after", "failed_after"])
def test_a_lost_answer_is_told_as_what_it_was(table_url: Callable[[], str], fault: str) -> None:
    """The file is new, though its second try finds it in the ledger."""
    store = open_store(table_url(), KEPT)
    assert isinstance(store, DynamoDBStore)
    left = [fault]
    Faults(store.requests.client, lambda asked: left.pop() if asked == "TransactWriteItems" and left else "")
    store.prepare("UTC")

    (account,) = store.record(
        [
            digest(
                "a",
                [view(1)],
            )
        ]
    )

    assert not left
    assert account is not None
    assert account.views == 1
    assert totals(store) == {"a": 1}


@pytest.mark.parametrize("trial", range(max(TRIALS // 8, 1)))
def test_importers_at_once_count_each_view_once(table_url: Callable[[], str], trial: int) -> None:
    """Several of them at the same files, in other orders and other batches, with faults."""
    url, files = table_url(), some_files(trial + 5000)
    tries = count(trial * 1000)
    problems: list[BaseException] = []
    told: list[list[int]] = []
    start = threading.Barrier(3)

    def open_() -> Store:
        store = open_store(url, KEPT)
        assert isinstance(store, DynamoDBStore)
        Faults(store.requests.client, at_random(0.05, next(tries)))
        return store

    def run(seed: int) -> None:
        try:
            dice = random.Random(seed)
            order = dice.sample(files, len(files))
            start.wait()
            while order:
                batch = dice.randint(1, len(order))
                told.append(record_until_done(open_, order[:batch]))
                order = order[batch:]
        except BaseException as problem:
            problems.append(problem)
            raise

    importers = [threading.Thread(target=run, args=[trial * 10 + number]) for number in range(3)]
    for importer in importers:
        importer.start()
    for importer in importers:
        importer.join()

    assert not problems
    check(open_store(url, KEPT), files)


@pytest.mark.parametrize("stopped_at", range(1, 5))
@pytest.mark.parametrize("later", [90, 300, 500])
def test_a_large_file_comes_out_by_the_settings_it_is_finished_with(
    table_url: Callable[[], str], stopped_at: int, later: int
) -> None:
    """It was begun when its tally was another one: larger, smaller, or small enough for one transaction."""
    url = table_url()
    begun = digest("one", [view(number, f"p{number}") for number in range(400)])
    finished = digest("one", [view(number, f"q{number}" if number % 2 else f"p{number}") for number in range(later)])
    store = open_store(url, KEPT)
    assert isinstance(store, DynamoDBStore)
    store.prepare("UTC")
    seen: Counter[str] = Counter()

    def stop(asked: str) -> str:
        seen[asked] += 1
        return "throttled" if asked == "TransactWriteItems" and seen[asked] > stopped_at else ""

    Faults(store.requests.client, stop)
    with pytest.raises(StoreBusy):
        store.record([begun])
    assert list(store.files()) == []

    again = open_store(url, KEPT)
    (account,) = again.record([finished])

    assert account is not None
    assert totals(again) == {each.page: 1 for each in finished.views}
    assert totals(again, "hour") == {"00": later}
    assert again.record([begun]) == [None]


def test_it_gives_up_in_the_end_and_leaves_the_file_for_another_time(table_url: Callable[[], str]) -> None:
    url = table_url()
    hopeless = FAULTS.keys() - {"done_in_part"}  # which comes to an end, part by part
    for fault in sorted(hopeless):
        store = open_store(url, KEPT)
        assert isinstance(store, DynamoDBStore)
        store.prepare("UTC")
        Faults(store.requests.client, partial(only, "TransactWriteItems", fault))
        with pytest.raises(StoreBusy, match="again"):
            store.record([digest(f"file-{fault}", [view(1)])])
        store.close()

    store = open_store(url, KEPT)
    store.record([digest(f"file-{fault}", [view(1)]) for fault in sorted(hopeless)])
    assert totals(store) == {"a": 1}
    assert len(list(store.files())) == len(hopeless)


def test_importers_that_are_killed_at_any_step_leave_what_the_next_one_needs(dynamodb: str) -> None:
    kills = max(TRIALS // 2, 4)
    driver = [sys.executable, "-m", "tests.killed", dynamodb, "1", str(kills)]

    done = subprocess.run(driver, capture_output=True, text=True, timeout=kills * 5 + 60)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) >= kills
