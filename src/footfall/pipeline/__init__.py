"""
ingest(): the whole journey of log files, top to bottom.

    log file -> parts -> lines -> digest -> store

A large file is read in parts of some 32 MiB, each of which is recorded exactly once: memory does not grow with the file,
and what a crash leaves is gone on with at the first part that the ledger lacks.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from time import monotonic

from ..digest import Digester
from ..errors import FootfallError, SourceError, StoreRefusal
from ..records import Account, Digest, Estimate, LogFile, Part, Unreadable
from ..sources.prefetch import fetch_ahead
from ..stores import Store
from .parts import cuts, name_of, read_file
from .workers import Found, Task, Workers

# Small files are recorded together; not for longer than this, so that little is done again after a crash.
BATCH_VIEWS = 10_000
BATCH_FILES = 500
BATCH_SECONDS = 1.0
# What a process is given at once, of small files; more would leave the others without work at the end.
TASK_BYTES = 2 << 20
TASK_FILES = 50


Estimator = Callable[[Sequence[Digest]], Estimate | None]


@dataclass(frozen=True)
class Ingested:
    """What became of one part of a log file."""

    log_file: LogFile
    status: str
    """`new`, `known` or `failed`"""
    is_last: bool
    account: Account = Account()
    """Of what is new; or of what is unreadable in a file that is no log."""
    unreadable: Sequence[Unreadable] = ()
    error: FootfallError | None = None
    """Why it failed."""
    size: int = 0
    """Of the part, in bytes, decompressed."""
    estimate: Estimate | None = None
    """What it would cost to record it and those after it, of which that is not told; in a dry run."""


@dataclass(eq=False)
class _Asked:
    """A log file that is to be read."""

    log_file: LogFile
    name: str = ""
    known: dict[int, Part] | None = None
    """What the ledger has of it; None where that is not known before its name is."""
    lines: int = 0
    """In the parts before."""
    is_given_up: bool = False

    def ask(self, name: str, store: Store | None) -> None:
        """Its name is found out: what does the ledger say?"""
        self.name = name
        self.known = {part.number: part for part in store.known(name)} if store else {}

    def give_up(self, error: SourceError) -> Ingested:
        """No more of it is read."""
        self.is_given_up = True
        return Ingested(self.log_file, "failed", True, error=error)


def ingest(
    log_files: Iterable[LogFile], store: Store | None, digester: Digester, *, is_dry: bool = False,
    workers: Workers | None = None, is_ahead: bool = False, estimate: Estimator | None = None,
) -> Iterator[Ingested]:  # fmt: skip
    """
    Count what `store` does not know yet; when it is dry, or without a store, only say what would be counted, and by
    `estimate` what it would cost.

    With `workers` other processes read the files; what is recorded, and in which order, is the same. Where it `is_ahead`,
    files from far away are fetched before their turn, and so all of `log_files` is asked for early. A file that cannot
    be read or recorded is reported as failed, and the others go on.
    """
    batch: list[tuple[LogFile, Digest]] = []
    views, began = 0, monotonic()
    contents = fetch_ahead(log_files) if is_ahead else ((log_file, log_file) for log_file in log_files)
    reads = _read_by(workers, log_files, store) if workers else _read_here(contents, store, digester)
    for asked, found in groupby(reads, key=itemgetter(0)):
        for done in _digests(asked, (each for _, each in found), store):
            if isinstance(done, Digest):
                batch.append((asked.log_file, done))
                views += len(done.views)
                is_due = views >= BATCH_VIEWS or len(batch) >= BATCH_FILES or monotonic() - began >= BATCH_SECONDS
            else:
                is_due = bool(batch) and batch[-1][0] is asked.log_file  # a file's parts are told of in their order
            if is_due:
                yield from _would_record(batch, estimate) if is_dry or store is None else _record(batch, store)
                batch, views, began = [], 0, monotonic()
            if isinstance(done, Ingested):
                yield done
    yield from _would_record(batch, estimate) if is_dry or store is None else _record(batch, store)


def lacking(log_files: Iterable[LogFile], store: Store) -> Iterator[LogFile]:
    """
    Those of the log files that the ledger of `store` lacks, in whole or in part, by their names; none is opened.

    The ledger is read once: that is what makes a sweep over many thousand files cheap. Those without a documented name
    are known by their content only, and left out.
    """
    numbers: dict[str, list[tuple[int, bool]]] = {}
    for part in store.files():
        numbers.setdefault(part.name, []).append((part.number, part.is_last))
    whole = {name for name, parts in numbers.items() if _is_whole(parts)}
    return (file for file in log_files if file.name and file.name not in whole)


def _is_whole(parts: Sequence[tuple[int, bool]]) -> bool:
    """Whether there is the last part, and all before it."""
    return any(is_last and number + 1 == len(parts) for number, is_last in parts)


def _read_here(
    contents: Iterable[tuple[LogFile, LogFile]], store: Store | None, digester: Digester
) -> Iterator[tuple[_Asked, Found]]:
    """The parts of files, one after the other; of each, what is told of and what is read."""
    for log_file, content in contents:
        asked = _Asked(log_file)
        try:
            asked.ask(name_of(content), store)
            for part in read_file(content, asked.name, asked.known or {}, digester):
                yield asked, part
                if asked.is_given_up:
                    break
        except SourceError as error:
            yield asked, error


def _read_by(workers: Workers, log_files: Iterable[LogFile], store: Store | None) -> Iterator[tuple[_Asked, Found]]:
    """The same by other processes: small files together, large ones part by part."""
    given: deque[tuple[Task, list[_Asked]]] = deque()

    def give(task: Task, asked: list[_Asked]) -> Task:
        given.append((task, asked))
        return task

    for task, place, found in workers.run(give(*planned) for planned in _plan(log_files, store)):
        while given[0][0] is not task:
            given.popleft()
        yield given[0][1][place], found


def _plan(log_files: Iterable[LogFile], store: Store | None) -> Iterator[tuple[Task, list[_Asked]]]:
    """Tasks in the order of the files, and the files of each."""
    small: list[_Asked] = []
    for log_file in log_files:
        asked = _Asked(log_file)
        if log_file.name:
            asked.ask(log_file.name, store)
        try:
            starts = cuts(log_file)
        except SourceError:
            starts = [0]  # whoever reads it will say so
        if len(starts) == 1:
            small.append(asked)
        if small and (len(starts) > 1 or len(small) == TASK_FILES or sum(each.log_file.size for each in small) > TASK_BYTES):
            yield _together(small)
            small = []
        if len(starts) > 1:
            if not log_file.name:
                yield Task((log_file,), (frozenset(),), is_for_name=True), [asked]
            for part in enumerate(starts):
                if not asked.is_given_up:
                    yield Task((log_file,), (frozenset(asked.known or ()),), part), [asked]
    if small:
        yield _together(small)


def _together(files: list[_Asked]) -> tuple[Task, list[_Asked]]:
    return Task(tuple(each.log_file for each in files), tuple(frozenset(each.known or ()) for each in files)), files


def _digests(asked: _Asked, found: Iterator[Found], store: Store | None) -> Iterator[Digest | Ingested]:
    """What the store lacks of a file, part by part."""
    for part in found:
        if isinstance(part, SourceError):  # not raised again, which would tie it and all that it holds into a knot
            yield asked.give_up(part)
            return
        if isinstance(part, str):
            asked.ask(part, store)
            continue
        if asked.known is None:
            asked.ask(part.name, store)
        log_file, known = asked.log_file, asked.known or {}
        if part.number in known:
            if error := _difference(log_file, (part.size, part.sha256, part.is_last), known[part.number]):
                yield asked.give_up(error)
                return
            yield Ingested(log_file, "known", part.is_last, size=part.size)
        elif said := part.said:
            unreadable = [each._replace(line=each.line + asked.lines) for each in said.unreadable]
            if not log_file.name and not part.number and said.account.lines == said.account.unreadable > 0:
                yield replace(asked.give_up(_no_log(log_file)), account=said.account, unreadable=unreadable)
                return
            yield Digest(
                asked.name, part.number, part.is_last, part.size, part.sha256, said.first_time, said.last_time,
                said.views, said.drops, said.account, unreadable, said.rules,
            )  # fmt: skip
        asked.lines += part.line_count


def _no_log(log_file: LogFile) -> SourceError:
    return SourceError(
        f"{log_file.place}: none of its lines is a record of this log format; nothing of it was counted "
        f"(footfall explain {log_file.place} shows how it is read)"
    )


def _would_record(batch: Sequence[tuple[LogFile, Digest]], estimate: Estimator | None) -> Iterator[Ingested]:
    cost = estimate([digest for _, digest in batch]) if estimate and batch else None
    for log_file, digest in batch:
        yield Ingested(log_file, "new", digest.is_last, digest.account, digest.unreadable, size=digest.size, estimate=cost)
        cost = None


def _record(batch: Sequence[tuple[LogFile, Digest]], store: Store) -> Iterator[Ingested]:
    if not batch:
        return
    digests = [digest for _, digest in batch]
    try:
        accounts = store.record(digests)
    except StoreRefusal as error:
        if len(batch) == 1:
            ((log_file, digest),) = batch
            yield Ingested(log_file, "failed", digest.is_last, error=error)
        for each in batch if len(batch) > 1 else []:  # one of them is at fault: the others go on
            yield from _record([each], store)
        return
    for (log_file, digest), account in zip(batch, accounts, strict=True):
        if account is None:  # another importer was quicker, or the file came twice
            yield _known(log_file, digest, store)
        else:
            yield Ingested(log_file, "new", digest.is_last, account, digest.unreadable, size=digest.size)


def _known(log_file: LogFile, digest: Digest, store: Store) -> Ingested:
    for part in store.known(digest.name):
        read = digest.size, digest.sha256, digest.is_last
        if part.number == digest.part and (error := _difference(log_file, read, part)):
            return Ingested(log_file, "failed", True, error=error)
    return Ingested(log_file, "known", digest.is_last, size=digest.size)


def _difference(log_file: LogFile, read: tuple[int, str, bool], known: Part) -> SourceError | None:
    """What to say unless size, hash and end are as the ledger has them."""
    if read == (known.size, known.sha256, known.is_last):
        return None
    return SourceError(
        f"{log_file.place}: its name is in the ledger with other content ({known.size} bytes then, {read[0]} now), "
        "and nothing of this one was counted. If the earlier copy was cut short, import this one under another name: "
        "views that are known are not counted again"
    )
