"""
Ahead of the reading: log files are found, and those from far away fetched, while those before them are read.

So neither a listing of many pages nor many small objects cost any waiting, and what waits for its turn is bounded.
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

FETCHERS = 32  # at once; S3 answers a request in some 20 to 50 ms, whatever else it is asked
SMALL_BYTES = 2 << 20  # larger ones are read as they come
AHEAD_BYTES = 32 << 20  # at most lie here, compressed, and wait for their turn
FOUND_TOGETHER = 1000  # one answer of S3's
FOUND_AHEAD = 20  # times as many


def find_ahead(log_files: Iterable[LogFile]) -> Generator[LogFile, None, None]:
    """The same log files; while they are used, a thread looks for those after them."""
    found = iter(log_files)
    thread = ThreadPoolExecutor(1)
    try:
        waiting = deque(thread.submit(_some, found) for _ in range(FOUND_AHEAD))
        while some := waiting.popleft().result():
            waiting.append(thread.submit(_some, found))
            yield from some
    finally:
        thread.shutdown(cancel_futures=True)


def _some(found: Iterator[LogFile]) -> list[LogFile]:
    return list(islice(found, FOUND_TOGETHER))


def fetch_ahead(log_files: Iterable[LogFile]) -> Iterator[tuple[LogFile, LogFile]]:
    """Each log file, and what to read in its place: the same one, or its content if that was far away and small."""
    waiting: deque[tuple[LogFile, LogFile]] = deque()
    size = 0
    pool = ThreadPoolExecutor(FETCHERS)  # starts no thread before it has something to do
    try:
        for log_file in log_files:
            waiting.append((log_file, fetched(log_file, pool)))
            size += log_file.size
            while len(waiting) > 2 * FETCHERS or size > AHEAD_BYTES or not waiting[0][0].is_far:
                size -= waiting[0][0].size
                yield waiting.popleft()
                if not waiting:
                    break
        while waiting:
            yield waiting.popleft()
    finally:
        pool.shutdown(cancel_futures=True)


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
