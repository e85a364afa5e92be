"""
ingest(): the whole path of log files, from top to bottom, as one stream of events.

    footfall import                cli/import_logs    what to read, and where the results go
      └─ ingest                    this file          found ─► parts ─► digests ─► batches ─► recorded, as events
           ├─ Search               search             log files as they are found (sources)
           ├─ Identities           identity           identifies each file, and looks it up in the ledger
           ├─ read_here | read_by  reading | tasks    one file after the other | in other processes (workers)
           │    └─ read_file       parts              a file's bytes, cut into parts of 32 MiB
           │         └─ read       digest             a part's lines: views, drops, unreadable lines
           ├─ digests              reading            compared with the ledger
           ├─ Batch                batches            groups small files
           │    └─ record          recorders          into a store (stores), or nowhere in a dry run
           └─ with_files_done      this file          which files are done
      └─ Summary.add, Progress.add cli/summary, cli/progress     what people see

    functions/handlers             also calls ingest; CallReport.add (functions/report) writes to AWS's log

Each step calls the next and gets back what it yields. Nothing calls upwards, and nothing is passed down to be filled in:
whatever happens is an event (events), and the command line and the functions sum events up.

A large file is read in parts, each of which is recorded exactly once: memory does not grow with the file, and after a crash,
reading resumes at the first part that the ledger lacks.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from itertools import chain, groupby
from operator import itemgetter

from ..digest import Digester
from ..records import Account, Digest, LogFile
from .batches import Batch
from .events import Event, FileDone, FileFailed, PartCounted, PartKnown
from .identity import Identities, IsDue
from .reading import OpenFile, digests, read_here
from .recorders import Recorder
from .search import Search
from .small import Found
from .tasks import read_by
from .workers import START, Workers, processes_worth

_NO_LINES = Account()


def ingest(
    found: Iterable[LogFile | Event], recorder: Recorder, make_digester: Callable[[], Digester], *, jobs: int = 1,
    is_prefetching: bool = False, verifies: bool = False, start: str = START,
) -> Iterator[Event]:  # fmt: skip
    """
    Count the log files among what is `found` that `recorder` does not know yet; the other events are passed on.

    Up to `jobs` processes read, as many as are worth starting; this does not change what is recorded, or the order. If it
    `is_prefetching`, files are searched for while others are counted, and small remote ones are fetched ahead; otherwise
    nothing is taken from `found` before earlier files are read. Files in the ledger are recognized by name and size, and are
    only opened if it `verifies`. A file that cannot be read or recorded does not affect the others. Raises StoreError if the
    store itself fails.
    """
    return with_files_done(
        ingest_parts(found, recorder, make_digester, jobs=jobs, is_prefetching=is_prefetching, verifies=verifies, start=start)
    )


def ingest_parts(
    found: Iterable[LogFile | Event], recorder: Recorder, make_digester: Callable[[], Digester], *, jobs: int = 1,
    is_prefetching: bool = False, verifies: bool = False, is_due: IsDue | None = None, start: str = START,
) -> Iterator[Event]:  # fmt: skip
    """The same without FileDone. With `is_due`, only the parts for which it is true are counted: they are recounted."""
    finder = iter(found)
    first, number = processes_worth(finder, jobs)
    with ExitStack() as ended:
        # These start first: a fork must not inherit threads or an open database.
        workers = ended.enter_context(Workers(number, make_digester, start)) if number > 1 else None
        if number:
            recorder.prepare()
        search = ended.enter_context(closing(Search(chain(first, finder), is_in_background=is_prefetching)))
        identities = Identities(recorder, verifies=verifies or is_due is not None, is_due=is_due)
        log_files: Iterable[LogFile] = identities.to_read(search)
        while log_files:
            if workers:
                reads = read_by(workers, log_files, identities, make_digester().mark_of)
            else:
                reads = read_here(log_files, identities, make_digester, is_prefetching=is_prefetching)
            for event in _recorded(reads, recorder):
                if search.has_news or identities.has_news:
                    yield from chain(search.events(), identities.events())
                yield event
            yield from chain(search.events(), identities.events())
            log_files = identities.postponed()


def _recorded(reads: Iterable[tuple[OpenFile, Found]], recorder: Recorder) -> Iterator[Event]:
    """Record what is read, in batches."""
    batch = Batch(recorder)
    for file, found in groupby(reads, key=itemgetter(0)):
        for each in digests(file, (part for _, part in found)):
            if isinstance(each, Digest):
                batch.add(file.log_file, each)
                if batch.is_due:
                    yield from batch.record()
            else:
                if batch.ends_with(file.log_file):
                    yield from batch.record()
                yield each
    yield from batch.record()


def with_files_done(events: Iterable[Event]) -> Iterator[Event]:
    """The same events, with a FileDone after each file's last part, which says what is new."""
    begun: dict[str, tuple[bool, Account]] = {}  # only files with several parts
    for event in events:
        yield event
        if isinstance(event, (PartCounted, PartKnown)):
            place, is_new = event.log_file.place, isinstance(event, PartCounted)
            account = event.account if isinstance(event, PartCounted) else _NO_LINES
            if place in begun:
                was_new, before = begun.pop(place)
                is_new, account = is_new or was_new, before + account
            if event.is_last:
                yield FileDone(event.log_file, is_new, account)
            else:
                begun[place] = is_new, account
        elif isinstance(event, FileFailed):
            begun.pop(event.log_file.place, None)
