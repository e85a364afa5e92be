"""Files that are far away are fetched before their turn, and read in their order."""

import gzip
import sys
import threading
import time
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path

import pytest

from footfall.digest import make_digester
from footfall.errors import SourceError
from footfall.pageviews.counting import Counting
from footfall.pipeline import ingest
from footfall.pipeline.events import FileDone, FileFailed
from footfall.pipeline.recorders import DryRun
from footfall.records import LogFile
from footfall.sources.prefetch import (
    AHEAD_FILES,
    FETCHERS,
    PREFETCH_BYTES,
    SEARCH_BATCH_FILES,
    SEARCH_BATCHES,
    SMALL_BYTES,
    Fetchers,
    find_in_background,
    prefetch,
)
from footfall.stores import open_store

from .builders import line, name
from .conftest import KEPT


class Far:
    """Where log files lie that take a while: no answer comes before so many are asked for `together`."""

    def __init__(self, together: int = 1):
        self.asked, self.at_once, self.most = 0, 0, 0
        self.each = threading.Semaphore(0)
        self._together, self._are_enough, self._lock = together, threading.Event(), threading.Lock()

    def files(self, number: int, size: int = 1000, broken: Collection[int] = (), packed: bool = False) -> Iterator[LogFile]:
        for each in range(number):
            content = line(f"p{each}/") + b"\n"
            fetch = partial(self.fetch, each, broken, gzip.compress(content) if packed else content)
            yield LogFile(name(each), f"far/{each}", lambda: pytest.fail("opened, not fetched"), size, fetch)

    def fetch(self, number: int, broken: Collection[int], content: bytes) -> bytes:
        with self._lock:
            self.asked += 1
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            if self.asked >= self._together:
                self._are_enough.set()
        self.each.release()
        assert self._are_enough.wait(60)
        with self._lock:
            self.at_once -= 1
        if number in broken:
            raise SourceError(f"far/{number}: no answer")
        return content


def test_log_files_are_looked_for_while_those_before_them_are_used() -> None:
    far, looked_for = Far(), 0
    went_on = threading.Event()

    def listing() -> Iterator[LogFile]:
        nonlocal looked_for
        for looked_for, file in enumerate(far.files(4 * SEARCH_BATCHES * SEARCH_BATCH_FILES), 1):
            if looked_for > SEARCH_BATCH_FILES:
                went_on.set()
            yield file

    found = find_in_background(listing())
    first = next(found)

    assert went_on.wait(5)
    for _ in range(100):  # it goes as far as there is room for, and then waits
        time.sleep(0.01)
        assert looked_for <= (SEARCH_BATCHES + 1) * SEARCH_BATCH_FILES
    assert looked_for >= SEARCH_BATCHES * SEARCH_BATCH_FILES
    assert [file.place for file in (first, *found)] == [
        file.place for file in far.files(4 * SEARCH_BATCHES * SEARCH_BATCH_FILES)
    ]


def test_when_the_import_ends_so_does_the_search() -> None:
    threads, far = threading.active_count(), Far()
    found = find_in_background(far.files(1_000_000))
    next(found)

    found.close()

    assert threading.active_count() == threads


@pytest.mark.parametrize("packed", [False, True])
def test_small_files_from_far_away_are_fetched_side_by_side_and_counted_in_order(tmp_path: Path, packed: bool) -> None:
    far = Far(together=FETCHERS // 2)

    events = list(
        ingest(
            far.files(80, broken=[41], packed=packed),
            DryRun(open_store(f"sqlite:{tmp_path}/none.db", KEPT)),
            partial(make_digester, "s3", Counting(facts=KEPT.facts)),
            is_prefetching=True,
        )
    )

    done = [each for each in events if isinstance(each, FileDone)]
    assert [each.log_file.place for each in done] == [f"far/{each}" for each in range(80) if each != 41]
    assert [str(each.error) for each in events if isinstance(each, FileFailed)] == ["far/41: no answer"]
    assert sum(each.account.views for each in done) == 79
    assert FETCHERS // 2 <= far.most <= FETCHERS


def test_of_many_files_each_is_what_it_is_and_those_that_cannot_be_fetched_fail_alone() -> None:
    far, number, broken = Far(), 2 * AHEAD_FILES + 5, {0, 3, AHEAD_FILES, AHEAD_FILES + 1, 2 * AHEAD_FILES + 4}

    found = [(file.place, page_in(content)) for file, content in prefetch(far.files(number, broken=broken))]

    assert found == [(f"far/{each}", f"far/{each}: no answer" if each in broken else f"p{each}/") for each in range(number)]


def page_in(content: LogFile) -> str:
    """The key in its only line, or what was said instead."""
    try:
        with content.open() as stream:
            return stream.read().split()[8].decode()
    except SourceError as error:
        return str(error)


def test_what_lies_here_is_read_as_it_comes() -> None:
    opened: list[int] = []
    files = [LogFile(name(each), f"here/{each}", partial(opened.append, each)) for each in range(5)]  # type: ignore[arg-type]

    for number, (log_file, content) in enumerate(prefetch(files)):
        assert len(opened) == number
        assert content is log_file
        content.open()


@pytest.mark.parametrize("size", [SMALL_BYTES, SMALL_BYTES + 1])
def test_no_more_bytes_are_fetched_than_there_is_room_for(size: int) -> None:
    far = Far()
    files = prefetch(far.files(100, size))

    next(files)
    files.close()  # type: ignore[attr-defined]

    assert far.asked <= (PREFETCH_BYTES // SMALL_BYTES + 1 if size == SMALL_BYTES else 0)


def test_no_more_files_are_fetched_than_there_is_room_for() -> None:
    far = Far()
    files = prefetch(far.files(10 * AHEAD_FILES))

    next(files)
    files.close()  # type: ignore[attr-defined]

    assert far.asked <= AHEAD_FILES + 1


def test_all_are_on_their_way_when_there_are_no_more_to_come() -> None:
    far, number = Far(), FETCHERS  # the last of which would wait for another one to go with
    files = prefetch(far.files(number))

    next(files)

    assert all(far.each.acquire(timeout=60) for _ in range(number))
    files.close()  # type: ignore[attr-defined]


def test_a_file_can_be_read_before_those_that_are_fetched_with_it_are_known() -> None:
    files = list(Far().files(3 * FETCHERS))  # in the end they go out in twos and threes

    with Fetchers() as fetchers:
        read = [page_in(fetchers.content_of(file)) for file in files]

    assert read == [f"p{each}/" for each in range(len(files))]


def test_threads_take_turns_often_only_while_files_are_fetched() -> None:
    before = sys.getswitchinterval()
    first, second = prefetch(Far().files(3)), prefetch(Far().files(3))

    next(first), next(second)
    both = sys.getswitchinterval()
    first.close()  # type: ignore[attr-defined]
    one = sys.getswitchinterval()
    second.close()  # type: ignore[attr-defined]

    assert both == one < before == sys.getswitchinterval()
