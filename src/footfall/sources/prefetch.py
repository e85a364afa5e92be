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

FETCHERS = 64  # threads; S3 answers a request in about 10 to 50 ms, however many there are
CHUNK_FILES = 8  # fetched by one thread, one after the other, to share the cost of handing them over
CHUNK_BYTES = 1 << 18
AHEAD_FILES = 2 * FETCHERS * CHUNK_FILES  # fetched or being fetched, and waiting to be read
SMALL_BYTES = 2 << 20  # larger ones are streamed
PREFETCH_BYTES = 32 << 20  # fetched and waiting to be read, compressed
SEARCH_BATCH_FILES = 1000  # as many as S3 lists in one answer
SEARCH_BATCHES = 20  # found and waiting
SWITCH_SECONDS = 0.001  # each answer would wait Python's default of 5 ms for the thread that parses


def find_in_background(log_files: Iterable[LogFile]) -> Generator[LogFile, None, None]:
    """The same log files; a thread finds the next ones while the first are used."""
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
    """Each log file, and what to read in its place: the file itself, or its prefetched content if it is remote and small."""
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
    """Threads that fetch small remote files, within a `with` block."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(FETCHERS)  # starts no thread before it has something to do
        self._has_ended = Event()
        self._chunk = self._new_chunk()
        self._files = 0

    def content_of(self, log_file: LogFile) -> LogFile:
        """What to read in its place; it is fetched now, or along with the next ones."""
        if log_file.fetch is None or log_file.size > SMALL_BYTES:
            return log_file
        if self._chunk.is_asked_for:
            self._chunk = self._new_chunk()
        content = self._chunk.add(log_file, log_file.fetch)
        self._files += 1
        # The first chunks are single files, so that a few files are fetched as concurrently as possible.
        if len(self._chunk.fetches) > min(self._files // FETCHERS, CHUNK_FILES - 1) or self._chunk.size > CHUNK_BYTES:
            self._chunk.ask()
        return content

    def ask(self) -> None:
        """Start fetching all."""
        self._chunk.ask()

    def __enter__(self) -> "Fetchers":
        _TURNS.shorten()
        return self

    def __exit__(self, left: type[BaseException] | None, *_: object) -> None:
        """Files already requested are still fetched, since a caller may need them, unless an exception ended the block."""
        _TURNS.restore()
        if left:
            self._has_ended.set()
        self._pool.shutdown(wait=left is not None, cancel_futures=left is not None)

    def _new_chunk(self) -> "_Chunk":
        return _Chunk(self._pool, self._has_ended)


class _Turns:
    """Shortens the threads' switch interval as long as any Fetchers are active, in whichever order they end."""

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
        """Add a file to be fetched with the others; returns what to read in its place."""
        opened = partial(self._open, len(self.fetches))
        self.fetches.append(fetch)
        self.size += log_file.size
        return LogFile(log_file.name, log_file.place, opened, log_file.size)

    @property
    def is_asked_for(self) -> bool:
        """Whether fetching has started."""
        return self._contents is not None

    def ask(self) -> "Future[list[bytes | SourceError]]":
        """Start fetching, if not done yet; the future has the contents."""
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
        """One of the files, decompressed; raises SourceError as if the file itself was opened."""
        content = self.ask().result()[number]
        if isinstance(content, SourceError):
            raise content
        return open_content(content)
