"""Log files cut into tasks for processes: small files together, large ones part by part."""

from collections import deque
from collections.abc import Iterable, Iterator

from ..errors import SourceError
from ..records import LogFile
from .parts import cuts
from .reading import OpenFile
from .recorders import Recorder
from .workers import Found, Task, Workers

# What a process is given at once, of small files; more would leave the others without work at the end.
TASK_BYTES = 2 << 20
TASK_FILES = 50


def read_by(workers: Workers, log_files: Iterable[LogFile], recorder: Recorder) -> Iterator[tuple[OpenFile, Found]]:
    """The parts of files, read by other processes, each with the file that it is of; in the same order as `read_here`."""
    given: deque[tuple[Task, list[OpenFile]]] = deque()

    def give(task: Task, files: list[OpenFile]) -> Task:
        given.append((task, files))
        return task

    for task, place, found in workers.run(give(*planned) for planned in _plan(log_files, recorder)):
        while given[0][0] is not task:
            given.popleft()
        yield given[0][1][place], found


def _plan(log_files: Iterable[LogFile], recorder: Recorder) -> Iterator[tuple[Task, list[OpenFile]]]:
    """Tasks in the order of the files, and the files of each."""
    small: list[OpenFile] = []
    for log_file in log_files:
        file = OpenFile(log_file)
        if log_file.name:
            file.look_up(log_file.name, recorder)
        try:
            starts = cuts(log_file)
        except SourceError:
            starts = [0]  # whoever reads it will say so
        if len(starts) == 1:
            small.append(file)
        if small and (len(starts) > 1 or len(small) == TASK_FILES or sum(each.log_file.size for each in small) > TASK_BYTES):
            yield _together(small)
            small = []
        if len(starts) > 1:
            yield from _part_by_part(file, starts)
    if small:
        yield _together(small)


def _part_by_part(file: OpenFile, starts: Iterable[int]) -> Iterator[tuple[Task, list[OpenFile]]]:
    if not file.log_file.name:
        yield Task((file.log_file,), (frozenset(),), is_for_name=True), [file]
    for part in enumerate(starts):
        if not file.has_failed:
            yield Task((file.log_file,), (frozenset(file.known or ()),), part), [file]


def _together(files: list[OpenFile]) -> tuple[Task, list[OpenFile]]:
    return Task(tuple(each.log_file for each in files), tuple(frozenset(each.known or ()) for each in files)), files
