"""Splits log files into tasks for processes: small files together, large ones part by part."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from ..errors import SourceError
from ..records import LogFile
from .cuts import cuts
from .identity import Identities
from .parts import Cut
from .reading import OpenFile, opened
from .small import Found
from .workers import Task, Workers

# The small files that a process is given at once; more would leave others without work at the end.
TASK_BYTES = 2 << 20
TASK_FILES = 50


def read_by(
    workers: Workers, log_files: Iterable[LogFile], identities: Identities, mark_of: Callable[[bytes], bytes]
) -> Iterator[tuple[OpenFile, Found]]:
    """The parts of files, read by other processes, each with its file; in the same order as `read_here`."""
    given: deque[tuple[Task, list[OpenFile]]] = deque()

    def give(task: Task, files: list[OpenFile]) -> Task:
        given.append((task, files))
        return task

    for task, place, found in workers.run(give(*planned) for planned in _plan(log_files, identities, mark_of)):
        while given[0][0] is not task:
            given.popleft()
        yield given[0][1][place], found


def _plan(
    log_files: Iterable[LogFile], identities: Identities, mark_of: Callable[[bytes], bytes]
) -> Iterator[tuple[Task, list[OpenFile]]]:
    """Tasks in the order of the files, each with its files."""
    small: list[OpenFile] = []
    for file, log_file in opened(((each, each) for each in log_files), identities):
        try:
            found = [] if file.error else cuts(log_file, file.known_sizes, mark_of)
        except SourceError:
            found = []  # reading it will report the error
        if len(found) < 2:
            small.append(file)
        if small and (len(found) > 1 or len(small) == TASK_FILES or sum(each.log_file.size for each in small) > TASK_BYTES):
            yield _task(small)
            small = []
        for cut in found if len(found) > 1 else ():
            if not file.has_failed:
                yield _task([file], cut)
    if small:
        yield _task(small)


def _task(files: list[OpenFile], cut: Cut | None = None) -> tuple[Task, list[OpenFile]]:
    return Task(tuple(file.to_read(file.log_file) for file in files), cut), files
