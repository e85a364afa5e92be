"""What `import` and `sweep` do with the log files that they found: count them, with a progress bar, and account for all."""

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from itertools import chain

import click

from ..articles.table import PageTable
from ..digest import Digester
from ..errors import ConfigError, FootfallError, StoreMissing
from ..formats import FORMATS
from ..pageviews.counting import Counting
from ..pipeline import Ingested, ingest
from ..pipeline.workers import Workers
from ..records import Account, Estimate, LogFile, Unreadable
from ..reports.answers import account_json
from ..sources.prefetch import find_ahead
from .articles import ingest_table, tell_cost
from .options import Asked
from .progress import Progress, show_progress
from .text import account_text, printable

WORTH_BYTES = 4 << 20  # for less, a process more is not worth starting
WORTH_FILES = 100  # the same of objects, each of which takes a request
SHOWN = 5  # unreadable lines that are named, and files that could not be counted


def count_logs(
    context: click.Context, ask: Asked, log_files: Iterable[LogFile], *, problems: list[str], rejects: str | None = None,
    is_dry: bool = False, known: int = 0, tables: Sequence[PageTable] = (), jobs: int | None = None,
) -> None:  # fmt: skip
    """
    Count the log files, then the tables, and say what became of their lines; so many more were `known` before.

    The log files may be looked for while others are counted: what goes wrong with that is added to `problems`. Up to so many
    processes read them as `jobs` says, or as the machine has processors; when it is one, this one.

    Exit code 1 where there are `problems`, of before or of now.
    """
    kept = Rejects(rejects)
    make_digester = partial(digester_for, ask.settings["format"], ask.settings.counting)
    gc.disable()  # nothing made per line refers to itself, and looking for what does costs a tenth of the time
    try:
        with ExitStack() as ended:
            left = iter(log_files)
            first, number = _worth(left, jobs or _processors())
            # They start first: a fork should find neither threads nor an open database.
            workers = ended.enter_context(Workers(number, make_digester)) if number > 1 else None
            store = None if is_dry and _is_missing(ask) else ask.store
            if not is_dry and (first or tables):
                ask.store.prepare(ask.settings["time_zone"].key)
            for table in tables:
                tell_cost(table)
            of_tables = (ingest_table(table, ask, store, is_dry=is_dry) for table in tables)
            progress = Progress()
            found = ended.enter_context(closing(find_ahead(progress.expect(chain(first, left)))))
            of_files = ingest(
                found, store, make_digester(), is_dry=is_dry, workers=workers, is_ahead=True, estimate=ask.store.estimate
            )
            files, account, cost = _take(
                show_progress(chain(of_files, chain.from_iterable(of_tables)), progress), kept, problems
            )
    finally:
        gc.enable()
        kept.close()
        ask.store.close()
    files["known"] += known
    answer = {"files": files, **account_json(account)} | ({"cost": cost._asdict()} if cost else {})
    if ask.is_json:
        click.echo(ask.answer(answer))
    else:
        told = f"{account_text(account)}; {_count(files['new'], 'new file')}, {files['known']} known"
        price = f"; it would take some {cost.write_units:,} write units, ${cost.dollars:.4f}" if cost else ""
        click.echo(told + (f" (dry run: nothing was written{price})" if is_dry else ""))
    if account.lines and account.dropped.get("other site") == account.lines:
        ours = ", ".join(ask.settings["sites"])
        click.echo(f"footfall: every line is of another site than {ours}; check sites, and import into a new --store", err=True)
    if problems:
        context.exit(1)


def _worth(log_files: Iterator[LogFile], most: int) -> tuple[list[LogFile], int]:
    """The first of the log files, as few as tell how many processes are worth starting, at `most`; and that number."""
    first: list[LogFile] = []
    size = far = worth = 0
    for file in log_files:
        first.append(file)
        size += file.size
        far += file.is_far
        worth = max(size // WORTH_BYTES, far // WORTH_FILES)
        if worth >= most:
            break
    return first, min(most, worth)


def digester_for(log_format: str, counting: Counting) -> Digester:
    """What reads lines of a format; a function that another process can be told of."""
    return Digester(FORMATS[log_format], counting)


def _processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def tell(problem: str) -> None:
    """Say what went wrong."""
    click.echo(f"footfall: {printable(problem)}", err=True)


def _is_missing(ask: Asked) -> bool:
    try:
        ask.store.sites()
    except StoreMissing:
        return True
    return False


class Rejects:
    """The file of --rejects; without one, nothing is kept."""

    def __init__(self, path: str | None):
        self.path = path
        try:  # what an interrupted import kept stays
            self._file = open(path, "ab", buffering=0) if path else None  # noqa: SIM115 - it lives as long as the import
        except OSError as error:
            raise ConfigError(f"--rejects {path} cannot be written ({error.strerror}); name another file") from error

    def add(self, lines: Iterable[Unreadable]) -> None:
        """Keep lines as they are."""
        content = b"".join(line.content + b"\n" for line in lines)
        if self._file is None or not content:
            return
        try:
            self._file.write(content)
        except OSError as error:
            raise FootfallError(f"--rejects {self.path} cannot be written ({error.strerror}); make room for it") from error

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()


def _take(done: Iterator[Ingested], rejects: Rejects, problems: list[str]) -> tuple[dict[str, int], Account, Estimate | None]:
    """Add up what became of the files, and what it would cost; what went wrong is told at the end, below the progress bar."""
    files, account, unreadable, failed = {"new": 0, "known": 0}, Account(), list[str](), list[str]()
    cost: Estimate | None = None
    is_new = False  # any part of the file so far
    try:
        for ingested in done:
            file = ingested.log_file
            account += ingested.account
            is_new |= ingested.status == "new"
            if ingested.estimate is not None:
                cost = Estimate._make(map(sum, zip(cost or (0, 0.0), ingested.estimate, strict=True)))
            if ingested.error is not None:
                failed.append(str(ingested.error))
            if ingested.is_last:
                files["new"] += is_new
                files["known"] += not is_new and ingested.error is None
                is_new = False
            rejects.add(ingested.unreadable)
            for line in ingested.unreadable:
                if rejects.path is None and ingested.error is None and len(unreadable) < SHOWN:
                    start = printable(line.content[:60].decode("utf-8", "replace"))
                    unreadable.append(f"{printable(file.place)}:{line.line}: unreadable: {start}")
    finally:
        for told in unreadable:
            click.echo(told, err=True)
        if unreadable and account.unreadable > len(unreadable):
            click.echo(f"and {account.unreadable - len(unreadable):,} more; --rejects FILE keeps them all", err=True)
        more = [f"and {len(failed) - SHOWN:,} more log files could not be counted"] if len(failed) > SHOWN else []
        problems += failed[:SHOWN] + more
        for problem in problems:
            tell(problem)
    return files, account, cost


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
