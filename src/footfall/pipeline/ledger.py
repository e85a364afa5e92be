"""Looks up log files in the ledger: which ones it has completely, and whether a part is the same as the recorded one."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from ..errors import SourceError
from ..records import Digest, LogFile, Part
from ..stores import Store


def uncounted(log_files: Iterable[LogFile], store: Store) -> Iterator[LogFile]:
    """
    The log files that the ledger of `store` lacks, in whole or in part, judging by their names; none is opened.

    Files without a documented name are left out, since they can only be identified by content.
    """
    whole = whole_files(store)
    return (file for file in log_files if file.name and file.name not in whole)


def whole_files(store: Store) -> Collection[str]:
    """
    The names of the files that the ledger has completely; raises StoreMissing if there is no store yet.

    The ledger is read once: that makes a sweep over many thousands of files cheap.
    """
    numbers: dict[str, list[tuple[int, bool]]] = {}
    for part in store.files():
        if not part.is_void:
            numbers.setdefault(part.name, []).append((part.number, part.is_last))
    return {name for name, parts in numbers.items() if _is_whole(parts)}


def _is_whole(parts: Sequence[tuple[int, bool]]) -> bool:
    """Whether these include the last part and all before it."""
    return any(is_last and number + 1 == len(parts) for number, is_last in parts)


def difference(log_file: LogFile, size: int, sha256: str, is_last: bool, known: Part) -> SourceError | None:
    """An error unless a part's size and hash are those in the ledger, and it does not end sooner: a file may have grown."""
    if (size, sha256) == (known.size, known.sha256) and known.is_last >= is_last:
        return None
    return SourceError(
        f"{log_file.place}: a file with this name but different content was counted before ({known.size} bytes then, {size} "
        f"now), so this one was not counted. If the earlier file was cut short, import this one under another name: known "
        f"views are not counted again"
    )


def difference_of(log_file: LogFile, digest: Digest, known: Iterable[Part]) -> SourceError | None:
    """The same for a part that seemed new, and turns out to be known."""
    parts = (part for part in known if part.number == digest.part)
    differences = (difference(log_file, digest.size, digest.sha256, digest.is_last, part) for part in parts)
    return next((error for error in differences if error), None)
