"""
Columns whose values repeat.

A column is a list or, if it comes from the compiled reader, Encoded: a code for each row, and one list with the value of each
code. Apache Arrow calls this dictionary encoding, pandas a categorical. Questions are then asked once per distinct value, and
rows are counted, chosen and combined by their codes, in C. The functions below take both kinds and give the same results.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, groupby
from operator import itemgetter
from threading import Lock
from typing import Any, NamedTuple, overload

from .compiled import SEED, compiled

CODE_BYTES = 4
MOST_VALUES = 50_000  # in an Encoding that is used again and again

Column = Sequence[Any]
"""A list, or Encoded."""
Choice = Sequence[Any]
"""For each row, whether it is chosen: a list, or bytes."""


class Encoded(Sequence[Any]):
    """A column of 32-bit codes. Columns may share `values`, so it can hold values that do not occur."""

    __slots__ = ("codes", "values")

    def __init__(self, codes: bytes | bytearray, values: list[Any]):
        self.codes, self.values = codes, values

    def __len__(self) -> int:
        return len(self.codes) // CODE_BYTES

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> "Encoded": ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            start, stop, _ = place.indices(len(self))
            return Encoded(self.codes[start * CODE_BYTES : stop * CODE_BYTES], self.values)
        return self.values[memoryview(self.codes).cast("I")[place]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.listed())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self.listed() == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        """Send only values that occur to another process."""
        found = combine([self])
        return Encoded, (found.codes, [value for (value,) in found.rows])

    def listed(self) -> list[Any]:
        """The values, row by row."""
        found: list[Any] = compiled.pick(self.values, self.codes)
        return found


class Encoding:
    """Gives each distinct value a code; columns with the same encoding share their values."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._codes: dict[Any, int] = {}
        self._lock = Lock()

    def codes_of(self, values: Iterable[Any]) -> "array[int]":
        """The codes of these values; a new value gets the next code."""
        codes, known = self._codes, self.values
        found = array("I")
        with self._lock:
            for value in values:
                code = codes.get(value)
                if code is None:
                    code = codes[value] = len(known)
                    known.append(value)
                found.append(code)
        return found

    def encoded(self, values: Iterable[Any]) -> Encoded:
        """These values as a column."""
        return Encoded(self.codes_of(values).tobytes(), self.values)


class Flags:
    """A yes-or-no question about each row of a column, asked once per value if the column is encoded."""

    def __init__(self, ask: Callable[[Any], Any]):
        self._ask = ask
        self._known: tuple[Any, bytes] = None, b""

    def of(self, column: Column) -> Choice:
        """A flag for each row."""
        if not isinstance(column, Encoded):
            return list(map(self._ask, column))
        values, flags = self._known
        if values is not column.values:
            values, flags = column.values, b""
        if (known := len(flags)) < len(values):
            flags += bytes([bool(self._ask(value)) for value in values[known:]])
            self._known = values, flags
        found: bytes = compiled.flag(column.codes, flags)
        return found


class Growing:
    """A column built by appending others."""

    def __init__(self) -> None:
        self._stretches: list[Any] = []

    def extend(self, column: Column) -> None:
        """Append these rows."""
        last = self._stretches[-1] if self._stretches else None
        if isinstance(column, Encoded):
            if isinstance(last, Encoded) and last.values is column.values:
                last.codes += column.codes  # a bytearray
            else:
                self._stretches.append(Encoded(bytearray(column.codes), column.values))
        elif isinstance(last, list):
            last += column
        else:
            self._stretches.append(list(column))

    def whole(self) -> Column:
        """The whole column."""
        if len(self._stretches) < 2:
            return self._stretches[0] if self._stretches else []
        if not all(isinstance(each, Encoded) for each in self._stretches):
            return list(chain.from_iterable(self._stretches))
        encoding = Encoding()
        found = bytearray()
        for stretch in self._stretches:
            distinct = combine([stretch])
            numbers = encoding.codes_of(value for (value,) in distinct.rows)
            found += compiled.recode(distinct.codes, numbers)
        return Encoded(found, encoding.values)

    def at(self, place: int) -> Any:
        """The value in one row."""
        for stretch in self._stretches:
            if place < len(stretch):
                return stretch[place]
            place -= len(stretch)
        raise IndexError(place)


class GrowingTable:
    """Columns of equal length, by name, built by appending tables."""

    def __init__(self) -> None:
        self._columns: dict[str, Growing] = defaultdict(Growing)
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def extend(self, columns: Mapping[str, Column]) -> None:
        """Append these rows; every table must have the same columns."""
        for name, column in columns.items():
            self._columns[name].extend(column)
        self._rows += len(column)

    def whole(self) -> dict[str, Column]:
        """The whole columns; an empty dictionary if nothing was appended."""
        return {name: column.whole() for name, column in self._columns.items()}

    def row(self, place: int, names: Iterable[str]) -> tuple[Any, ...]:
        """The values of one row in these columns."""
        return tuple([self._columns[name].at(place) for name in names])


class Combined(NamedTuple):
    """The distinct rows of some columns."""

    codes: bytes
    """For each row, its index in `rows`."""
    rows: list[tuple[Any, ...]]
    times: Sequence[int]
    """How often each distinct row occurs."""
    firsts: Sequence[int]
    """The index at which each occurs first."""


def combine(columns: Sequence[Encoded]) -> Combined:
    """The distinct rows of encoded columns, ordered by first occurrence."""
    codes, firsts, times = compiled.combine([column.codes for column in columns], SEED)
    values = [compiled.pick(column.values, compiled.recode(firsts, column.codes)) for column in columns]
    return Combined(codes, list(zip(*values, strict=True)), memoryview(times).cast("I"), memoryview(firsts).cast("I"))


def are_encoded(columns: Iterable[Column]) -> bool:
    """Whether all of these columns are encoded."""
    return all(isinstance(column, Encoded) for column in columns)


def occurrences(columns: Sequence[Column]) -> Iterable[tuple[tuple[Any, ...], int]]:
    """The distinct rows of columns, ordered by first occurrence, and how often each occurs."""
    if not are_encoded(columns):
        return Counter(zip(*columns, strict=True)).items()
    found = combine(columns)  # type: ignore[arg-type]
    return zip(found.rows, found.times, strict=True)


def occurrences_by(
    where: Sequence[Column], columns: Mapping[str, Column]
) -> Iterator[tuple[tuple[Any, ...], str, Iterable[Any]]]:
    """
    The values of several columns, separately for each distinct row of the columns `where`, as `Counter.update` takes them.

    Yields that row, the name of the column, and its values or their counts; the same row and name may come again with more.
    """
    if not are_encoded([*where, *columns.values()]):
        end = 0
        for row, run in groupby(zip(*where, strict=True)):  # equal rows are mostly adjacent
            start, end = end, end + len(list(run))
            yield from ((row, name, column[start:end]) for name, column in columns.items())
        return
    found = combine(where)  # type: ignore[arg-type]
    rows = Encoded(found.codes, found.rows)
    for name, column in columns.items():
        by_row: dict[tuple[Any, ...], dict[Any, int]] = defaultdict(dict)
        for (row, value), times in occurrences([rows, column]):
            by_row[row][value] = times
        yield from ((row, name, values) for row, values in by_row.items())


def joined(columns: Sequence[Column]) -> Column:
    """The rows of several columns, one after the other."""
    if len(columns) == 1:
        return columns[0]
    whole = Growing()
    for column in columns:
        whole.extend(column)
    return whole.whole()


def in_order(columns: Sequence[Column], known: Container[Any]) -> Iterator[Any]:
    """Values that are not in `known`, ordered by where they first occur, row by row; one may come once for each column."""
    firsts = [(row, place, value) for place, column in enumerate(columns) for value, row in _new_values(column, known)]
    return (value for _, _, value in sorted(firsts, key=itemgetter(0, 1)))


def _new_values(column: Column, known: Container[Any]) -> list[tuple[Any, int]]:
    """The distinct values of a column that are not known, each with the index of its first row."""
    if isinstance(column, Encoded):
        found = combine([column])
        return [(value, row) for (value,), row in zip(found.rows, found.firsts, strict=True) if value not in known]
    new = [value for value in set(column) if value not in known]
    if not new:  # as nearly always, once a store has some views
        return []
    firsts = dict(zip(reversed(column), range(len(column) - 1, -1, -1), strict=True))
    return [(value, firsts[value]) for value in new]


def translated(column: Column, answers: Mapping[Any, Any]) -> Column:
    """The answer for each row, looked up once per value if the column is encoded."""
    if not isinstance(column, Encoded):
        return list(map(answers.__getitem__, column))
    found = combine([column])
    return Encoded(found.codes, [answers[value] for (value,) in found.rows])


def derive(ask: Callable[[tuple[Any, ...]], tuple[Any, ...]], columns: Sequence[Column], width: int) -> Sequence[Column]:
    """
    Columns derived from others: `ask` maps each row to a tuple of this width, whose elements make one column each.

    There must be at least one row. Each distinct row is asked about once if the columns are encoded.
    """
    if not are_encoded(columns):
        return list(zip(*map(ask, zip(*columns, strict=True)), strict=True))
    found = combine(columns)  # type: ignore[arg-type]
    encodings = [Encoding() for _ in range(width)]
    parts = zip(encodings, zip(*map(ask, found.rows), strict=True), strict=True) if width else ()
    return [Encoded(compiled.recode(found.codes, encoding.codes_of(part)), encoding.values) for encoding, part in parts]


def chosen(column: Column, choice: Choice) -> Column:
    """The chosen rows of a column."""
    if isinstance(column, Encoded):
        return Encoded(compiled.compress(column.codes, as_bytes(choice)), column.values)
    return list(compress(column, choice))


def as_bytes(choice: Choice) -> bytes:
    """A choice in the form that the compiled reader takes."""
    return choice if isinstance(choice, bytes) else bytes(map(bool, choice))


def interleaving(columns: Sequence[Column]) -> Callable[[Sequence[int]], list[Any]]:
    """A function that takes row numbers and returns the values of these rows, row by row, in one flat list."""
    if not compiled:
        rows = list(zip(*columns, strict=True))
        return lambda places: [*chain.from_iterable(map(rows.__getitem__, places))]
    given = [(column.values, column.codes) if isinstance(column, Encoded) else column for column in columns]
    return lambda places: compiled.interleave(given, array("I", places))
