"""
Whatever goes wrong between us and DynamoDB, counts are the truth: no view is lost, none counts twice.

FOOTFALL_TRIALS asks for more trials.
"""

import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import count, product
from time import monotonic

import pytest

from footfall import tallies
from footfall.errors import StoreBusy
from footfall.records import Digest
from footfall.stores import Store, open_store
from footfall.stores.dynamodb import DynamoDBStore
from footfall.stores.dynamodb.query import query

from .conftest import KEPT, Dropped, digest, opened, totals, trials, view
from .faults import FAULTS, Faults, at_random, let_all_arrive
from .truth import SITE, check, check_additions, some_files

pytestmark = pytest.mark.usefixtures("short_pauses")


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


@pytest.fixture
def content_bytes(trial: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In every other trial a commit takes many items, and in every fourth what files add does as well."""
    if trial % 4 == 1:
        monkeypatch.setattr("footfall.stores.dynamodb.ledger.ENTRY_BYTES", 300)
        monkeypatch.setattr("footfall.stores.dynamodb.ledger.MOST_BYTES", 60)
    if trial % 2:
        monkeypatch.setattr("footfall.stores.dynamodb.commits.FIRST_BYTES", 100)
        monkeypatch.setattr("footfall.stores.dynamodb.commits.MOST_BYTES", 200)


@pytest.mark.usefixtures("content_bytes")
@pytest.mark.parametrize("trial", range(trials(4, of=4)))
def test_faults_of_every_kind_at_random(table_url: Callable[[], str], trial: int) -> None:
    url, files = table_url(), some_files(trial)
    tries = count(trial * 1000)

    def open_() -> Store:
        store = opened(url)
        Faults(store.requests.client, at_random(0.25, next(tries)))
        return store

    record_until_done(open_, files)

    let_all_arrive()
    check(open_store(url, KEPT), files)


@pytest.mark.parametrize("operation", ["BatchExecuteStatement", "BatchGetItem", "UpdateItem", "Query"])
@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_of_each_request_happens_and_does_no_harm(table_url: Callable[[], str], fault: str, operation: str) -> None:
    """Every first try of this request fails."""
    url = table_url()
    views = [view(number, f"p{number}") for number in range(60)]
    files = [digest("a", views[:50]), digest("b", views[40:])]
    happened: list[tuple[str, str]] = []
    turn: Counter[str] = Counter()

    def every_other(asked: str) -> str:
        turn[asked] += asked == operation
        return fault if asked == operation and turn[asked] % 2 else ""

    for _ in range(2):
        store = opened(url)
        happened = Faults(store.requests.client, every_other).happened
        store.prepare("UTC")
        told = store.record(files)
        assert totals(store) == {f"p{number}": 1 for number in range(60)}
        store.close()
        assert happened or operation in ("BatchExecuteStatement", "UpdateItem")  # nothing is written the second time

    let_all_arrive()
    assert told == [None, None]
    store = opened(url)
    assert [part.account.views for part in store.files()] == [50, 10]
    assert totals(store) == {f"p{number}": 1 for number in range(60)}


def test_reads_that_are_done_in_part_are_finished(table_url: Callable[[], str]) -> None:
    store = opened(table_url())
    store.prepare("UTC")
    months = ("2022-09-05", "2022-10-05", "2022-11-05", "2022-12-05", "2023-01-05", "2023-02-05")
    store.record([digest("one", [view(number, day=day) for number, day in enumerate(months)])])
    happened = Faults(store.requests.client, at_random(0.5, 1, ["done_in_part"])).happened

    for _ in range(20):
        assert totals(store, value="a") == {"a": 6}
    assert happened


# What record() writes of a single view, in this order, each in a request of its own.
WRITES = ("view", "rest of the commit", "commit", "tallies", "ledger", "end of the commit", "clearing away")


def nth(number: int, fault: str) -> Callable[[str], str]:
    """This fault, of the `number`th batch of statements."""
    seen: Counter[str] = Counter()

    def choose(asked: str) -> str:
        seen[asked] += 1
        return fault if asked == "BatchExecuteStatement" and seen[asked] == number + 1 else ""

    return choose


@pytest.mark.parametrize("fault", ["lost_after", "timed_out_after", "failed_after", "late"])
@pytest.mark.parametrize("write", WRITES)
def test_a_lost_answer_is_told_as_what_it_was(
    table_url: Callable[[], str], write: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is new, though its second try finds that it was written."""
    monkeypatch.setattr("footfall.stores.dynamodb.commits.FIRST_BYTES", 100)
    store = opened(table_url())
    store.prepare("UTC")
    happened = Faults(store.requests.client, nth(WRITES.index(write), fault)).happened

    (account,) = store.record([digest("a", [view(1)])])

    let_all_arrive()
    assert happened == [("BatchExecuteStatement", fault)]
    assert account is not None
    assert account.views == 1
    assert totals(store) == {"a": 1}
    assert totals(store, "status") == {"200": 1}
    assert [part.name for part in store.files()] == ["a"]
    (head,) = [item for item in query(store.requests, "#sites") if item["SortKey"]["S"] == "#group"]
    assert (head["Group"]["N"], head["Done"]["BOOL"]) == ("1", True)  # it was begun once, and is done
    assert fault == "late" or not list(query(store.requests, "#groups"))  # what comes so late that it was cleared stays


@pytest.mark.usefixtures("content_bytes")
@pytest.mark.parametrize("trial", range(trials(4, of=8)))
def test_importers_at_once_count_each_view_once(table_url: Callable[[], str], trial: int) -> None:
    """Several of them at the same files, in other orders and other batches, with faults."""
    url, files = table_url(), some_files(trial + 5000)
    tries = count(trial * 1000)
    problems: list[BaseException] = []
    told: list[list[int]] = []
    start = threading.Barrier(3)

    def open_() -> Store:
        store = opened(url)
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

    let_all_arrive()
    assert not problems
    check(open_store(url, KEPT), files)


@pytest.mark.usefixtures("content_bytes")
@pytest.mark.parametrize("trial", range(trials(4, of=4)))
def test_no_fault_opens_the_bound_of_what_strangers_invent(
    table_url: Callable[[], str], trial: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is lost, a month keeps as many values as there is room for, and each line counts once."""
    monkeypatch.setattr(tallies, "FIRST_KEPT", 4)
    monkeypatch.setattr(tallies, "MOST_KEPT", 4)
    monkeypatch.setattr("footfall.stores.dynamodb.kept.MOST_KEPT", 4)
    url, tries, dice = table_url(), count(trial * 1000), random.Random(trial)
    drops = [
        {Dropped(SITE, "2022-10-20", "not found", "404", f"k{dice.randrange(12)}"): dice.randint(1, 3) for _ in range(4)}
        for _ in range(8)
    ]
    files = [digest(f"file{number}", [view(number)], each) for number, each in enumerate(drops)]

    def open_() -> Store:
        store = opened(url)
        Faults(store.requests.client, at_random(0.2, next(tries)))
        return store

    for start in range(0, len(files), 2):
        record_until_done(open_, files[start : start + 2])

    let_all_arrive()
    store = opened(url)
    found = totals(store, "not_found")
    assert len(found) <= 5
    assert sum(found.values()) == sum(lines for each in drops for lines in each.values())
    check_additions(store)


def stopped(store: DynamoDBStore, writes: int) -> None:
    """The table refuses everything after so many batches of statements."""
    seen: Counter[str] = Counter()

    def choose(asked: str) -> str:
        seen[asked] += 1
        return "throttled" if asked == "BatchExecuteStatement" and seen[asked] > writes else ""

    Faults(store.requests.client, choose)


OTHERS = ("the same files", "other files", "no files")


@pytest.mark.parametrize(
    ("writes", "others"),
    [*product((17, 18), OTHERS), *zip((19, 30, 36), OTHERS, strict=True), (16, "the same files"), (35, "other files")],
)
def test_a_commit_that_was_begun_is_finished_as_it_was_by_whoever_comes(
    table_url: Callable[[], str], writes: int, others: str
) -> None:
    """Sixteen batches write views, two begin the commit, the last but two is the ledger. Settings have changed meanwhile."""
    url = table_url()
    begun = [digest(f"file{each}", [view(number, f"p{number}") for number in range(each, 400, 2)]) for each in range(2)]
    store = opened(url)
    store.prepare("UTC")
    stopped(store, writes)
    with pytest.raises(StoreBusy):
        store.record(begun)
    for reader in (store, opened(url)):  # a part of it is not shown
        assert totals(reader) == totals(reader, "hour") == totals(reader, "status") == {}
        assert list(reader.files()) == []
        assert reader.period("www.example.org") is None

    again = opened(url)
    again.prepare("UTC")
    is_begun = writes > 17
    assert len(list(again.files())) == (2 if is_begun else 0)
    changed = [digest(f"file{each}", [view(number, f"q{number}") for number in range(each, 400, 2)]) for each in range(2)]
    new = digest("new", [view(1000)])
    told = again.record({"the same files": changed, "other files": [new], "no files": []}[others])

    expected = {f"p{number}": 1 for number in range(400)} if is_begun else {}
    if others == "the same files":
        assert [account and account.views for account in told] == ([None, None] if is_begun else [200, 200])
        expected = expected or {f"q{number}": 1 for number in range(400)}
    if others == "other files":
        expected |= {"a": 1}
    assert totals(again) == expected
    assert totals(again, "hour") == ({"00": len(expected)} if expected else {})


def test_a_commit_is_waited_for_while_its_importer_may_live(
    table_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footfall.stores.dynamodb.commits.PATIENCE", 0.5)
    url = table_url()
    store = opened(url)
    store.prepare("UTC")
    stopped(store, 3)
    with pytest.raises(StoreBusy):
        store.record([digest("one", [view(1)])])
    began = monotonic()

    opened(url).prepare("UTC")

    assert monotonic() - began >= 0.5
    assert totals(store) == {"a": 1}


@pytest.mark.parametrize("writes", [16, 18, 19, 23, 30])
def test_a_commit_that_begins_in_the_midst_of_a_report_is_left_out(table_url: Callable[[], str], writes: int) -> None:
    """It begins, and its importer dies, after the report has read which commit was the last, and before it reads tallies."""
    url = table_url()
    store, dying, reader = opened(url), opened(url), opened(url)
    store.prepare("UTC")
    store.record([digest("one", [view(number, f"p{number}") for number in range(9)])])
    stopped(dying, writes)
    queries = count(1)

    def die_before_the_second(asked: str) -> str:
        if asked == "Query" and next(queries) == 2:
            with pytest.raises(StoreBusy):
                dying.record([digest("two", [view(number, f"p{number - 100}") for number in range(100, 500)])])
        return ""

    Faults(reader.requests.client, die_before_the_second)

    assert totals(reader) == {f"p{number}": 1 for number in range(9)}
    assert next(queries) > 2


def test_whoever_reads_beside_importers_sees_whole_files(table_url: Callable[[], str]) -> None:
    """Each file has a hundred views of a hundred pages, so a part of one shows."""
    url = table_url()
    opened(url).prepare("UTC")
    files = [digest(f"f{each}", [view(number, f"p{number}") for number in range(each, 2000, 20)]) for each in range(20)]
    problems: list[BaseException] = []

    def run(mine: Sequence[Digest]) -> None:
        try:
            store = opened(url)
            Faults(store.requests.client, at_random(0.02, len(mine)))
            for start in range(0, len(mine), 2):
                store.record(mine[start : start + 2])
        except BaseException as problem:
            problems.append(problem)
            raise

    importers = [threading.Thread(target=run, args=[mine]) for mine in (files[:12], files[:7:-1])]
    for importer in importers:
        importer.start()
    seen = []
    while any(importer.is_alive() for importer in importers):
        reader = opened(url)
        ledger = sum(part.account.views for part in reader.files())
        pages, hours = sum(totals(reader).values()), sum(totals(reader, "hour").values())
        after = sum(part.account.views for part in opened(url).files())
        assert pages % 100 == hours % 100 == ledger % 100 == 0
        assert ledger <= pages <= after
        seen.append(pages)

    let_all_arrive()
    assert not problems
    assert len(set(seen)) > 3, "it did not read in their midst"
    assert totals(opened(url)) == {f"p{number}": 1 for number in range(2000)}


def test_it_gives_up_in_the_end_and_leaves_the_file_for_another_time(table_url: Callable[[], str]) -> None:
    url = table_url()
    hopeless = FAULTS.keys() - {"done_in_part"}  # which comes to an end, part by part
    for fault in sorted(hopeless):
        store = opened(url)
        store.prepare("UTC")
        Faults(store.requests.client, partial(only, "BatchExecuteStatement", fault))
        with pytest.raises(StoreBusy, match="again"):
            store.record([digest(f"file-{fault}", [view(1)])])
        store.close()

    let_all_arrive()
    store = opened(url)
    store.record([digest(f"file-{fault}", [view(1)]) for fault in sorted(hopeless)])
    assert totals(store) == {"a": 1}
    assert len(list(store.files())) == len(hopeless)


@pytest.mark.parametrize("finished_by", ["the same importer", "another one"])
def test_what_was_counted_before_a_failure_is_told_when_it_is_asked_for_again(
    table_url: Callable[[], str], finished_by: str
) -> None:
    """As the pipeline does: it records each file of a batch that failed once more, alone."""
    url = table_url()
    store = opened(url)
    store.prepare("UTC")
    small = digest("one", [view(1)])
    large = digest("two", [view(number, f"p{number}") for number in range(100, 250)])
    batches, is_busy = count(1), [True]  # seven batches of views, and two that begin the commit
    Faults(
        store.requests.client,
        lambda asked: "throttled" if asked == "BatchExecuteStatement" and next(batches) > 9 and is_busy else "",
    )
    with pytest.raises(StoreBusy):
        store.record([small, large])
    if finished_by == "another one":
        assert opened(url).record([large, small]) == [None, None]
    is_busy.clear()

    accounts = [store.record([each])[0] for each in (small, large)]

    assert [account and account.views for account in accounts] == [1, 150]
    assert store.record([small]) == [None]
    assert totals(store, "hour") == {"00": 151}


def test_importers_that_are_killed_at_any_step_leave_what_the_next_one_needs(dynamodb: str) -> None:
    kills = trials(8, of=2)
    driver = [sys.executable, "-m", "tests.killed", dynamodb, "1", str(kills)]

    done = subprocess.run(driver, capture_output=True, text=True, timeout=kills * 5 + 60)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) >= kills
