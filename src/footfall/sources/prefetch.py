"""
Prefetching: finds log files, and fetches remote ones, while earlier ones are being read.

So nothing waits for a listing of many pages, or for each of many small objects; the amount prefetched is bounded.
"""

import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import islice
from threading import Event, Lock
from typing import BinaryIO

from ..errors import SourceError
from ..records import LogFile
from .compression import open_content

FETCHERS = 64  # at once; S3 answers a request in about 10 to 50 ms, whatever else it is asked
CHUNK_FILES = 8  # that one of them fetches, one after the other: what it takes to hand them over is shared
CHUNK_BYTES = 1 << 18
AHEAD_FILES = 2 * FETCHERS * CHUNK_FILES  # fetched, or on their way, and waiting for their turn
SMALL_BYTES = 2 << 20  # larger ones are read as they come
PREFETCH_BYTES = 32 << 20  # fetched and waiting for their turn, compressed
SEARCH_BATCH_FILES = 1000  # as many as one answer of S3's lists
SEARCH_BATCHES = 20  # found and waiting
SWITCH_SECONDS = 0.001  # Python's 5 ms are a while, which each answer would wait for the thread that reads


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
    with Fetchers() as fetchers:
        for log_file in log_files:
            if not (log_file.is_far or waiting):
                yield log_file, log_file
                continue
            waiting.append((log_file, fetchers.content_of(log_file)))
            size += log_file.size
            while len(waiting) > AHEAD_FILES or size > PREFETCH_BYTES or not waiting[0][0].is_far:
                size -= waiting[0][0].size
                yield waiting.popleft()
                if not waiting:
                    break
        fetchers.ask()
        while waiting:
            yield waiting.popleft()


class Fetchers:
    """Threads that fetch small files from far away, between `with` and its end."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(FETCHERS)  # starts no thread before it has something to do
        self._has_ended = Event()
        self._chunk = self._new_chunk()
        self._files = 0

    def content_of(self, log_file: LogFile) -> LogFile:
        """What to read in its place; it is on its way now, or with the next ones."""
        if log_file.fetch is None or log_file.size > SMALL_BYTES:
            return log_file
        if self._chunk.is_asked_for:
            self._chunk = self._new_chunk()
        content = self._chunk.add(log_file, log_file.fetch)
        self._files += 1
        # The first ones go out one by one: of a few files, as many as can be are fetched at the same time.
        if len(self._chunk.fetches) > min(self._files // FETCHERS, CHUNK_FILES - 1) or self._chunk.size > CHUNK_BYTES:
            self._chunk.ask()
        return content

    def ask(self) -> None:
        """Let all be on their way."""
        self._chunk.ask()

    def __enter__(self) -> "Fetchers":
        _TURNS.shorten()
        return self

    def __exit__(self, left: type[BaseException] | None, *_: object) -> None:
        """What was asked for is still fetched, as somebody may be about to look at it; unless they have left."""
        _TURNS.restore()
        if left:
            self._has_ended.set()
        self._pool.shutdown(wait=left is not None, cancel_futures=left is not None)

    def _new_chunk(self) -> "_Chunk":
        return _Chunk(self._pool, self._has_ended)


class _Turns:
    """How long threads' turns are: short as long as anyone fetches, in whichever order those end."""

    def __init__(self) -> None:
        self._lock, self._fetching, self._before = Lock(), 0, 0.0

    def shorten(self) -> None:
        with self._lock:
            if not self._fetching:
                self._before = sys.getswitchinterval()
                sys.setswitchinterval(SWITCH_SECONDS)
            self._fetching += 1

    def restore(self) -> None:
        with self._lock:
            self._fetching -= 1
            if not self._fetching:
                sys.setswitchinterval(self._before)


_TURNS = _Turns()


class _Chunk:
    """Files that one thread fetches, one after the other."""

    def __init__(self, pool: ThreadPoolExecutor, has_ended: Event):
        self._pool, self._has_ended = pool, has_ended
        self.fetches: list[Callable[[], bytes]] = []
        self.size = 0
        self._contents: Future[list[bytes | SourceError]] | None = None

    def add(self, log_file: LogFile, fetch: Callable[[], bytes]) -> LogFile:
        """What to read in place of a file, which is fetched with the others."""
        opened = partial(self._open, len(self.fetches))
        self.fetches.append(fetch)
        self.size += log_file.size
        return LogFile(log_file.name, log_file.place, opened, log_file.size)

    @property
    def is_asked_for(self) -> bool:
        """Whether they are on their way."""
        return self._contents is not None

    def ask(self) -> "Future[list[bytes | SourceError]]":
        """What they are, once that is known."""
        if self._contents is None:
            self._contents = self._pool.submit(self._fetch)
        return self._contents

    def _fetch(self) -> list[bytes | SourceError]:
        contents: list[bytes | SourceError] = []
        for fetch in self.fetches:
            if self._has_ended.is_set():
                break
            try:
                contents.append(fetch())
            except SourceError as error:
                contents.append(error)
        return contents

    def _open(self, number: int) -> BinaryIO:
        """One of them, decompressed; raises SourceError as opening the file itself does."""
        content = self.ask().result()[number]
        if isinstance(content, SourceError):
            raise content
        return open_content(content)
