"""
ingest(): the whole journey of log files, top to bottom.

    log file -> parts -> lines -> digest -> store

A large file is read in parts of some 32 MiB, each of which is recorded exactly once: memory does not grow with the file,
and what a crash leaves is gone on with at the first part that the ledger lacks.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from time import monotonic

from .errors import FootfallError, SourceError, StoreRefusal
from .pageviews.digest import Digester
from .records import Account, Digest, LogFile, Part, Unreadable
from .sources.local import content_name, read_blocks
from .stores import Store

# The cut depends on the file alone and may never change: the ledger knows files by it.
PART_BYTES = 32 << 20
LONGEST_LINE = 1 << 20  # bytes; S3's own are 20 KB at most, so this is something else, and unreadable
# Small files are recorded together; not for longer than this, so that little is done again after a crash.
BATCH_VIEWS = 10_000
BATCH_FILES = 500
BATCH_SECONDS = 1.0


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


class RawPart:
    """One part of a file while it is read: `blocks` has to be read to its end before the rest is known."""

    def __init__(self, number: int, stream: "_Stream"):
        self.number, self.size = number, 0
        self._stream, self._sha256 = stream, hashlib.sha256()

    def blocks(self) -> Iterator[bytes]:
        """Its content, in blocks of whole lines."""
        while self.size < PART_BYTES and (block := self._stream.take(PART_BYTES - self.size)):
            self.size += len(block)
            self._sha256.update(block)
            yield block

    @property
    def is_last(self) -> bool:
        """Whether the file ends here."""
        return self._stream.is_at_end

    @property
    def sha256(self) -> str:
        """The hash of its content, in hexadecimal."""
        return self._sha256.hexdigest()


def ingest(
    log_files: Iterable[LogFile], store: Store | None, digester: Digester, *, is_dry: bool = False
) -> Iterator[Ingested]:
    """
    Count what `store` does not know yet; when it is dry, or without a store, only say what would be counted.

    A file that cannot be read or recorded is reported as failed, and the others go on.
    """
    batch: list[tuple[LogFile, Digest]] = []
    views, began = 0, monotonic()
    for log_file in log_files:
        try:
            for done in _digests(log_file, store, digester):
                if isinstance(done, Ingested):
                    yield done
                    continue
                batch.append((log_file, done))
                views += len(done.views)
                if views >= BATCH_VIEWS or len(batch) >= BATCH_FILES or monotonic() - began >= BATCH_SECONDS:
                    yield from _record(batch, None if is_dry else store)
                    batch, views, began = [], 0, monotonic()
        except SourceError as error:
            yield Ingested(log_file, "failed", True, error=error)
    yield from _record(batch, None if is_dry else store)


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


def _digests(log_file: LogFile, store: Store | None, digester: Digester) -> Iterator[Digest | Ingested]:
    """What the store lacks of a file, part by part."""
    name = log_file.name or content_name(log_file)
    known = {part.number: part for part in store.known(name)} if store else {}
    before = 0  # lines in the parts before
    for part in read_parts(log_file):
        if part.number in known:
            before += sum(block.count(b"\n") for block in part.blocks())
            _check_same(log_file, (part.size, part.sha256, part.is_last), known[part.number])
            yield Ingested(log_file, "known", part.is_last)
        else:
            said = digester.read(part.blocks(), before + 1)
            if not log_file.name and not part.number and said.account.lines == said.account.unreadable > 0:
                yield Ingested(log_file, "failed", True, said.account, said.unreadable, _no_log(log_file))
                return
            before += said.line_count
            yield Digest(name, part.number, part.is_last, part.size, part.sha256, *said[:-1])


def _no_log(log_file: LogFile) -> SourceError:
    return SourceError(
        f"{log_file.place}: none of its lines is a record of this log format; nothing of it was counted "
        f"(footfall explain {log_file.place} shows how it is read)"
    )


def _record(batch: Sequence[tuple[LogFile, Digest]], store: Store | None) -> Iterator[Ingested]:
    if not batch:
        return
    digests = [digest for _, digest in batch]
    try:
        accounts = store.record(digests) if store else [digest.account for digest in digests]
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
            yield Ingested(log_file, "new", digest.is_last, account, digest.unreadable)


def _known(log_file: LogFile, digest: Digest, store: Store | None) -> Ingested:
    try:
        for part in store.known(digest.name) if store else []:
            if part.number == digest.part:
                _check_same(log_file, (digest.size, digest.sha256, digest.is_last), part)
    except SourceError as error:
        return Ingested(log_file, "failed", True, error=error)
    return Ingested(log_file, "known", digest.is_last)


def _check_same(log_file: LogFile, read: tuple[int, str, bool], known: Part) -> None:
    """Raises SourceError unless size, hash and end are as the ledger has them."""
    if read != (known.size, known.sha256, known.is_last):
        raise SourceError(
            f"{log_file.place}: its name is in the ledger with other content ({known.size} bytes then, {read[0]} now), "
            "and nothing of this one was counted. If the earlier copy was cut short, import this one under another name: "
            "views that are known are not counted again"
        )


def read_parts(log_file: LogFile) -> Iterator[RawPart]:
    """
    The content of a file, cut after the first line that reaches PART_BYTES; an empty file is one empty part.

    Each part has to be read before the next is asked for.
    """
    stream = _Stream(log_file)
    part = RawPart(0, stream)
    yield part
    while not stream.is_at_end:
        part = RawPart(part.number + 1, stream)
        yield part


def read_lines(log_file: LogFile) -> Iterator[bytes]:
    """The lines of a file without their ends, blank ones too."""
    return chain.from_iterable(map(_lines, _whole_lines(read_blocks(log_file))))


class _Stream:
    """The content of a file, in blocks of whole lines."""

    def __init__(self, log_file: LogFile):
        self._blocks = _whole_lines(read_blocks(log_file))
        self._next = next(self._blocks, b"")

    @property
    def is_at_end(self) -> bool:
        return not self._next

    def take(self, most: int) -> bytes:
        """The next block, cut after the line that reaches so many bytes; empty at the end."""
        block = self._next
        cut = (block.find(b"\n", most - 1) + 1 if len(block) > most else 0) or len(block)
        self._next = block[cut:] or next(self._blocks, b"")
        return block[:cut]


def _whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, in blocks that end with a line; only the last, or one overlong line, may not."""
    rest = b""
    for block in blocks:
        cut = block.rfind(b"\n") + 1
        if cut:
            yield rest + block[:cut]
            rest = block[cut:]
        else:
            rest += block
            if len(rest) >= LONGEST_LINE:
                yield rest
                rest = b""
    if rest:
        yield rest


def _lines(block: bytes) -> list[bytes]:
    """The lines of a block without their ends, of Unix or of Windows."""
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")
    return block.removesuffix(b"\n").split(b"\n")
