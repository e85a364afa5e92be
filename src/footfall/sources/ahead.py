"""Fetching ahead: while one file is read, those after it are on their way, so that many small objects cost no waiting."""

import io
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from ..records import LogFile

FETCHERS = 16  # at once; S3 answers a request in some 20 to 50 ms, whatever else it is asked
SMALL_BYTES = 2 << 20  # larger ones are read as they come
AHEAD_BYTES = 32 << 20  # at most lie here, compressed, and wait for their turn


def fetch_ahead(log_files: Iterable[LogFile]) -> Iterator[tuple[LogFile, LogFile]]:
    """Each log file, and what to read in its place: the same one, or its content if that was far away and small."""
    waiting: deque[tuple[LogFile, LogFile]] = deque()
    size = 0
    pool = ThreadPoolExecutor(FETCHERS)  # starts no thread before it has something to do
    try:
        for log_file in log_files:
            is_fetched = log_file.is_far and log_file.size <= SMALL_BYTES
            content = partial(_opened, pool.submit(_fetch, log_file)) if is_fetched else log_file.open
            waiting.append((log_file, replace(log_file, open=content)))
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


def _fetch(log_file: LogFile) -> bytes:
    with log_file.open() as stream:
        return stream.read()


def _opened(content: "Future[bytes]") -> BinaryIO:
    """What was fetched; raises SourceError as opening the file itself does."""
    return io.BytesIO(content.result())
