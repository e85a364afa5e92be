"""Files that are far away are fetched before their turn, and read in their order."""

import io
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest

from footfall.digest import make_digester
from footfall.errors import SourceError
from footfall.pageviews.counting import Counting
from footfall.pipeline import ingest
from footfall.pipeline.events import FileDone, FileFailed
from footfall.pipeline.recorders import DryRun
from footfall.records import LogFile
from footfall.sources.prefetch import (
    FETCHERS,
    PREFETCH_BYTES,
    SEARCH_BATCH_FILES,
    SEARCH_BATCHES,
    SMALL_BYTES,
    find_in_background,
    prefetch,
)
from footfall.stores import open_store

from .builders import line, name
from .conftest import KEPT


class Far:
    """Where log files lie that answer after a while."""

    def __init__(self, seconds: float = 0.03):
        self.seconds, self.opened, self.at_once, self.most = seconds, 0, 0, 0
        self._lock = threading.Lock()

    def files(self, number: int, size: int = 1000, broken: int = -1) -> Iterator[LogFile]:
        for each in range(number):
            yield LogFile(name(each), f"far/{each}", lambda each=each: self.open(each, broken), size, is_far=True)  # type: ignore[misc]

    def open(self, number: int, broken: int) -> BinaryIO:
        with self._lock:
            self.opened += 1
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        time.sleep(self.seconds)
        with self._lock:
            self.at_once -= 1
        if number == broken:
            raise SourceError(f"far/{number}: no answer")
        return io.BytesIO(line(f"p{number}/") + b"\n")


def test_log_files_are_looked_for_while_those_before_them_are_used() -> None:
    far, looked_for = Far(), 0
    went_on = threading.Event()

    def listing() -> Iterator[LogFile]:
        nonlocal looked_for
        for looked_for, file in enumerate(far.files(100 * SEARCH_BATCH_FILES), 1):
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
    assert [file.place for file in (first, *found)] == [file.place for file in far.files(100 * SEARCH_BATCH_FILES)]


def test_when_the_import_ends_so_does_the_search() -> None:
    threads, far = threading.active_count(), Far()
    found = find_in_background(far.files(1_000_000))
    next(found)

    found.close()

    assert threading.active_count() == threads


def test_small_files_from_far_away_are_fetched_side_by_side_and_counted_in_order(tmp_path: Path) -> None:
    far = Far()

    events = list(
        ingest(
            far.files(80, broken=41),
            DryRun(open_store(f"sqlite:{tmp_path}/none.db", KEPT)),
            partial(make_digester, "s3", Counting(facts=KEPT.facts)),
            is_prefetching=True,
        )
    )

    done = [each for each in events if isinstance(each, FileDone)]
    assert [each.log_file.place for each in done] == [f"far/{each}" for each in range(80) if each != 41]
    assert [str(each.error) for each in events if isinstance(each, FileFailed)] == ["far/41: no answer"]
    assert sum(each.account.views for each in done) == 79
    assert FETCHERS // 2 < far.most <= FETCHERS


def test_what_lies_here_is_read_as_it_comes() -> None:
    far = Far()
    files = [LogFile(file.name, file.place, file.open, file.size) for file in far.files(5)]

    for number, (log_file, content) in enumerate(prefetch(files)):
        assert far.opened == number
        assert content.open is log_file.open
        content.open()


@pytest.mark.parametrize("size", [SMALL_BYTES, SMALL_BYTES + 1])
def test_no_more_is_fetched_than_there_is_room_for(size: int) -> None:
    far = Far(seconds=0.0)
    files = prefetch(far.files(100, size))

    next(files)

    assert far.opened <= (PREFETCH_BYTES // SMALL_BYTES + 1 if size == SMALL_BYTES else 0)
    files.close()  # type: ignore[attr-defined]
