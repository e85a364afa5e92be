"""Tables in files for other programs: CSV, and Parquet with an extra. Rows are written as they come."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from ..errors import ConfigError, FootfallError
from ..items import iso
from ..output import write_csv
from ..reports.exported import Column, Table

ROWS_AT_ONCE = 10_000
STDOUT = "-"
_NO_DAY = date(1970, 1, 1)
_INT64 = range(-(2**63), 2**63)


def write_table(table: Table, place: str) -> int:
    """
    Write a table to a file, in the format of its extension, or as CSV to `-`; returns the number of rows.

    The file only appears once it is complete. Raises ConfigError for other extensions.
    """
    ending = ".csv" if place == STDOUT else Path(place).suffix.lower()
    if ending not in WRITERS:
        raise ConfigError(f"{place}: name a file that ends in {' or '.join(WRITERS)}, or - for CSV on standard output")
    counted = _Counted(table.rows)
    WRITERS[ending](Table(table.columns, counted), place)
    return counted.number


class _Counted(Iterator[Sequence[Any]]):
    """The same rows, counted."""

    def __init__(self, rows: Iterator[Sequence[Any]]):
        self._rows, self.number = rows, 0

    def __next__(self) -> Sequence[Any]:
        row = next(self._rows)
        self.number += 1
        return row


def _write_csv(table: Table, place: str) -> None:
    times = [number for number, column in enumerate(table.columns) if column.kind == "time"]
    rows = ([iso(cell) if number in times else cell for number, cell in enumerate(row)] for row in table.rows)
    with _opened(place) as out:
        write_csv(out, [column.name for column in table.columns], rows)


@contextmanager
def _opened(place: str) -> Iterator[TextIO]:
    if place == STDOUT:
        yield sys.stdout
        return
    with _whole(place) as part, part.open("w", encoding="utf-8", newline="") as out:
        yield out


def _write_parquet(table: Table, place: str) -> None:
    try:
        from arro3 import core, io
    except ImportError as error:
        raise ConfigError(
            f"{place}: Parquet needs the extra `parquet` (pip install 'footfall[parquet]'); CSV does not"
        ) from error
    types = {
        "text": core.DataType.string(),
        "number": core.DataType.int64(),
        "time": core.DataType.timestamp("ms", tz="UTC"),
        "day": core.DataType.date32(),
    }
    schema = core.Schema([core.Field(column.name, types[column.kind]) for column in table.columns])
    raised: list[BaseException] = []

    def batches() -> Iterator[Any]:
        try:
            while rows := [*islice(table.rows, ROWS_AT_ONCE)]:
                columns = zip(table.columns, zip(*rows, strict=True), strict=True)
                arrays = [_array(core, column, cells).cast(types[column.kind]) for column, cells in columns]
                yield core.RecordBatch.from_arrays(arrays, schema=schema)
        except BaseException as error:
            raised.append(error)  # the library would raise it as one of its own errors
            raise

    with _whole(place) as part:
        try:
            io.write_parquet(core.RecordBatchReader.from_batches(schema, batches()), str(part), compression="zstd(3)")
        except Exception as error:
            if raised:
                raise raised[0] from None
            raise FootfallError(f"{place}: cannot be written ({error}); free some space, or choose another file") from error


def _array(core: Any, column: Column, cells: Sequence[Any]) -> Any:
    """A column's cells, as the type's underlying storage."""
    if column.kind == "text":
        return core.Array([None if cell is None else str(cell) for cell in cells], core.DataType.string())
    if column.kind == "day":
        return core.Array([(date.fromisoformat(cell) - _NO_DAY).days for cell in cells], core.DataType.int32())
    scale = 1000 if column.kind == "time" else 1
    numbers = [cell * scale if isinstance(cell, int) and cell in _INT64 else None for cell in cells]
    return core.Array(numbers, core.DataType.int64())


@contextmanager
def _whole(place: str) -> Iterator[Path]:
    """A file beside the one at `place`, which it replaces if all goes well."""
    part = Path(f"{place}.part")
    try:
        try:
            yield part
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise FootfallError(
            f"{place}: cannot be written ({error.strerror}); check the folder, or choose another file",
        ) from error


WRITERS: dict[str, Callable[[Table, str], None]] = {".csv": _write_csv, ".parquet": _write_parquet}
