"""
Prefetching: log files are found, and those from far away are fetched, while those before them are read.

So nobody waits for a listing of many pages, nor for each of many small objects; how much is fetched before its turn is bounded.
"""

import io
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import BinaryIO

from ..records import LogFile

FETCHERS = 32  # at once; S3 answers a request in about 20 to 50 ms, whatever else it is asked
SMALL_BYTES = 2 << 20  # larger ones are read as they come
PREFETCH_BYTES = 32 << 20  # fetched and waiting for their turn, compressed
SEARCH_BATCH_FILES = 1000  # as many as one answer of S3's lists
SEARCH_BATCHES = 20  # found and waiting


def find_in_background(log_files: Iterable[LogFile]) -> Generator[LogFile, None, None]:
    """The same log files; while they are used, a thread looks for those after them."""
    found = iter(log_files)
    thread = ThreadPoolExecutor(1)
    try:
        waiting = deque(thread.submit(_next_batch, found) for _ in range(SEARCH_BATCHES))
        while batch := waiting.popleft().result():
            waiting.append(thread.submit(_next_batch, found))
            yield from batch
    finally:
        thread.shutdown(cancel_futures=True)


def _next_batch(found: Iterator[LogFile]) -> list[LogFile]:
    return list(islice(found, SEARCH_BATCH_FILES))


def prefetch(log_files: Iterable[LogFile]) -> Iterator[tuple[LogFile, LogFile]]:
    """Each log file, and what to read in its place: the same one, or its content if that was far away and small."""
    waiting: deque[tuple[LogFile, LogFile]] = deque()
    size = 0
    pool = ThreadPoolExecutor(FETCHERS)  # starts no thread before it has something to do
    is_left = True
    try:
        for log_file in log_files:
            waiting.append((log_file, fetched(log_file, pool)))
            size += log_file.size
            while len(waiting) > 2 * FETCHERS or size > PREFETCH_BYTES or not waiting[0][0].is_far:
                size -= waiting[0][0].size
                yield waiting.popleft()
                if not waiting:
                    break
        while waiting:
            yield waiting.popleft()
        is_left = False
    finally:  # what was given out last may still be on its way
        pool.shutdown(wait=is_left, cancel_futures=is_left)


def fetched(log_file: LogFile, pool: ThreadPoolExecutor) -> LogFile:
    """What to read in its place, which is on its way from now on."""
    if not log_file.is_far or log_file.size > SMALL_BYTES:
        return log_file
    return replace(log_file, open=partial(_opened, pool.submit(_fetch, log_file)))


def _fetch(log_file: LogFile) -> bytes:
    with log_file.open() as stream:
        return stream.read()


def _opened(content: "Future[bytes]") -> BinaryIO:
    """What was fetched; raises SourceError as opening the file itself does."""
    return io.BytesIO(content.result())
