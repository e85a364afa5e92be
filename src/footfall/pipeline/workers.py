"""
Processes that read log files in parallel, while this one records the results.

Each has its own pipe: tasks go one way, results come back, and a full pipe blocks a process until it is read from. So memory
does not grow with the logs. Results are returned in the order of the tasks, in whatever order they finish.
"""

import gc
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple

from ..digest import Digester
from ..errors import FootfallError, SourceError
from ..records import LogFile
from ..sources.prefetch import Fetchers
from .events import Event
from .parts import Cut, PartRead, read_part
from .small import FileToRead, Found, read_files

WORTH_BYTES = 4 << 20  # for each process; for less, it is not worth starting one
WORTH_FILES = 100  # the same for remote files, each of which takes a request
TASKS_PER_WORKER = 12  # at a time, so that no process waits for its next one while a batch of small files is recorded
KEPT_BYTES = 16 << 20  # of results that came back early; beyond that, only the next one in order is received
MESSAGE_BYTES = 1 << 20  # of log lines whose results share a message, if they are from small files
ENDING_SECONDS = 5.0

# A fork starts at once and shares imported modules; on macOS, system libraries do not support it.
START = "fork" if "fork" in get_all_start_methods() and sys.platform != "darwin" else "spawn"
LATER_START = "spawn"  # if there are already threads, or a database is open for writing


class Task(NamedTuple):
    """The work of one process at a time: whole files, or one part of a file."""

    files: tuple[FileToRead, ...]
    cut: Cut | None = None
    """Where the only part to read begins."""


def do(task: Task, digester: Digester) -> Iterator[tuple[int, Found]]:
    """Do a task; yields results with the index of their file."""
    if task.cut is None:
        yield from read_files(task.files, digester)
        return
    try:
        file = task.files[0]
        yield 0, read_part(file.log_file, file.name, task.cut, file.known, digester, is_anew=file.is_anew)
    except SourceError as error:
        yield 0, error


def messages(found: Iterable[tuple[int, Found]]) -> Iterator[list[tuple[int, Found]]]:
    """Results in groups that are sent at once: each part of a large file, or many small files, since they share their texts."""
    together: list[tuple[int, Found]] = []
    size = 0
    for each in found:
        together.append(each)
        size += each[1].size if isinstance(each[1], PartRead) else 0
        if size >= MESSAGE_BYTES:
            yield together
            together, size = [], 0
    if together:
        yield together


@dataclass
class _Running:
    """A task that a process is working on."""

    task: Task
    worker: "_Worker"
    found: deque[bytes] = field(default_factory=deque)
    """Results that are not returned yet, pickled, which takes a tenth of the memory."""
    is_done: bool = False


@dataclass
class _Worker:
    process: Any
    pipe: Connection
    tasks: deque[_Running] = field(default_factory=deque)
    """In the order in which it works on them."""


def processes_worth(found: Iterator[LogFile | Event], most: int) -> tuple[list[LogFile | Event], int]:
    """
    The number of processes worth starting to read what is found, at most `most`; 0 if there is no log file.

    Also returns what was taken from `found` to decide, which is as little as possible.
    """
    first: list[LogFile | Event] = []
    size = far = worth = 0
    for each in found:
        first.append(each)
        if isinstance(each, LogFile):
            size += each.size
            far += each.is_far
            worth = min(most, max(1, size // WORTH_BYTES, far // WORTH_FILES))
            if worth == most:
                break
    return first, worth


class Workers:
    """`number` processes, for a `with` block; each makes its own digester."""

    def __init__(self, number: int, make_digester: Callable[[], Digester], start: str = START):
        self._workers: list[_Worker] = []
        context: Any = get_context(start)
        for _ in range(number):
            ours, theirs = context.Pipe()
            # A fork inherits our ends of the other pipes; it must close them, or the others would not notice that we died.
            others = [ours, *(worker.pipe for worker in self._workers)] if start == "fork" else []
            process = context.Process(target=_work, args=(theirs, others, make_digester), daemon=True)
            with _without_interrupts():
                process.start()
            theirs.close()
            self._workers.append(_Worker(process, ours))

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.terminate()
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(ENDING_SECONDS)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, int, Found]]:
        """The tasks' results, in order; the next one of `tasks` is only taken when a process is free."""
        left = iter(tasks)
        running: deque[_Running] = deque()
        while True:
            while len(running) < TASKS_PER_WORKER * len(self._workers) and (task := next(left, None)):
                worker = min(self._workers, key=lambda each: len(each.tasks))
                running.append(_Running(task, worker))
                worker.tasks.append(running[-1])
                self._send(worker, task)
            if not running:
                return
            first = running[0]
            self._take_in(first, running)
            while first.found:
                for found in pickle.loads(first.found.popleft()):  # noqa: S301 - from our own processes
                    yield first.task, *found
            if first.is_done:
                running.popleft()

    def _take_in(self, first: _Running, running: Iterable[_Running]) -> None:
        """Receive results: wait for the next one in order, and receive the others' as long as they are not too large."""
        is_full = sum(len(found) for each in running for found in each.found) > KEPT_BYTES
        workers = [worker for worker in self._workers if worker.tasks and (not is_full or worker is first.worker)]
        has_next = bool(first.found) or first.is_done
        for pipe in wait([worker.pipe for worker in workers], timeout=0 if has_next else None):
            worker = next(worker for worker in workers if worker.pipe is pipe)
            try:
                content = worker.pipe.recv_bytes()
            except (EOFError, OSError) as error:
                raise _lost(worker) from error
            if content:
                worker.tasks[0].found.append(content)
            else:
                worker.tasks.popleft().is_done = True

    def _send(self, worker: _Worker, task: Task) -> None:
        try:
            worker.pipe.send(task)
        except OSError as error:
            raise _lost(worker) from error


def _lost(worker: _Worker) -> FootfallError:
    worker.process.join(ENDING_SECONDS)
    code = worker.process.exitcode
    how = f"was ended by signal {-code} ({signal.Signals(-code).name})" if code and code < 0 else f"ended with {code}"
    return FootfallError(
        f"a process reading log files {how}, perhaps out of memory; what was counted is kept: run it again to resume, with "
        f"--jobs 1 if necessary"
    )


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Hold back Ctrl-C: a process that is just starting cannot ignore it yet, and would print a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, others: Iterable[Connection], make_digester: Callable[[], Digester]) -> None:
    """Do the tasks from the pipe until its other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal: the main one decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()  # as in `import`
    for other in others:
        other.close()
    digester = make_digester()
    tasks: deque[Task] = deque()

    def take() -> None:
        task: Task = pipe.recv()
        files = [file._replace(log_file=fetchers.content_of(file.log_file)) for file in task.files]
        fetchers.ask()
        tasks.append(task._replace(files=tuple(files)))

    with Fetchers() as fetchers, suppress(EOFError, OSError):
        while True:
            take()
            while tasks:
                while pipe.poll():
                    take()  # so that its files are being fetched
                for found in messages(do(tasks.popleft(), digester)):
                    pipe.send_bytes(pickle.dumps(found, pickle.HIGHEST_PROTOCOL))
                    if pipe.poll():
                        take()
                pipe.send_bytes(b"")
