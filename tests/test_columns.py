"""Columns that are encoded, and the same ones as lists: whatever is done with them, the result is the same."""

import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall import columns as of_columns
from footfall.cache import Cache
from footfall.columns import (
    Column,
    Encoding,
    Flags,
    Growing,
    GrowingTable,
    chosen,
    derive,
    in_order,
    interleaving,
    joined,
    occurrences,
    occurrences_by,
    translated,
)
from footfall.compiled import IS_COMPILED

from .conftest import required

VALUES = st.one_of(st.none(), st.text("ab", max_size=2), st.booleans().map(lambda is_so: ("a", is_so)))
COLUMN = st.lists(VALUES, max_size=30)


@st.composite
def tables(draw: st.DrawFn, most: int = 3) -> list[list[Any]]:
    """Some columns of as many rows each."""
    rows = draw(st.integers(0, 30))
    return draw(st.lists(st.lists(VALUES, min_size=rows, max_size=rows), min_size=1, max_size=most))


@pytest.fixture(autouse=True)
def _compiled() -> None:
    required("compiler", IS_COMPILED, "install a C compiler, then: make clean check")


def encoded(column: Sequence[Any]) -> Column:
    """The column by codes, whose values have more than occurs in it."""
    encoding = Encoding()
    encoding.codes_of(["never", *column])
    return encoding.encoded(column)


@given(COLUMN)
def test_it_is_a_sequence_of_its_values(column: list[Any]) -> None:
    same = encoded(column)

    assert (list(same), len(same), [same[place] for place in range(len(same))]) == (column, len(column), column)
    assert (same == column, column == same, same == [*column, 1]) == (True, True, False)
    assert list(same[1:-1]) == column[1:-1]
    assert [*map(same.count, column)] == [*map(column.count, column)]


@given(COLUMN)
def test_only_the_values_that_occur_travel_to_another_process(column: list[Any]) -> None:
    copy = pickle.loads(pickle.dumps(encoded(column)))  # noqa: S301 - our own

    assert copy == column
    assert len(copy.values) == len(set(column))


@given(tables())
def test_rows_are_counted_alike(columns: list[list[Any]]) -> None:
    expected = [*Counter(zip(*columns, strict=True)).items()]

    assert list(occurrences([*map(encoded, columns)])) == expected, "in the order in which they occur"
    assert list(occurrences([columns[0], *map(encoded, columns[1:])])) == expected


@given(tables(most=4))
def test_values_are_counted_alike_where_they_are(columns: list[list[Any]]) -> None:
    def added_up(where: Sequence[Column], by_name: dict[str, Column]) -> Counter[Any]:
        found: Counter[Any] = Counter()
        for row, name, values in occurrences_by(where, by_name):
            for value, times in Counter(values).items():
                found[row, name, value] += times
        return found

    names = {str(number): column for number, column in enumerate(columns)}
    same = {name: encoded(column) for name, column in names.items()}

    assert added_up([same["0"]], same) == added_up([columns[0]], names)  # type: ignore[arg-type]


@given(tables())
def test_what_is_asked_about_rows_is_asked_once_about_each_distinct_one(columns: list[list[Any]]) -> None:
    asked: list[Any] = []

    def ask(row: Any) -> Any:
        asked.append(row)
        return repr(row), len(repr(row))

    if columns[0]:
        assert [*map(list, derive(ask, [*map(encoded, columns)], 2))] == [
            *map(list, derive(Cache(ask).__getitem__, columns, 2))
        ]  # fmt: skip
        assert len(asked) == 2 * len(set(asked))


@given(COLUMN, st.data())
def test_rows_are_chosen_alike(column: list[Any], data: st.DataObject) -> None:
    choice = data.draw(st.lists(st.booleans(), min_size=len(column), max_size=len(column)))
    asks = Flags(lambda value: value == "a")

    assert chosen(encoded(column), choice) == chosen(column, choice)
    assert chosen(encoded(column), asks.of(encoded(column))) == [value for value in column if value == "a"]
    assert [*map(bool, asks.of(encoded(column)))] == asks.of(column)


@given(st.lists(COLUMN, max_size=5), st.lists(st.booleans(), min_size=5, max_size=5))
def test_columns_are_put_together_alike(several: list[list[Any]], are_encoded: list[bool]) -> None:
    shared = Encoding()
    mixed = [shared.encoded(column) if is_encoded else column for column, is_encoded in zip(several, are_encoded, strict=False)]
    expected = [value for column in several for value in column]
    whole = Growing()
    for column in map(encoded, several):
        whole.extend(column)

    assert joined(mixed) == expected
    assert whole.whole() == expected
    assert [whole.at(place) for place in range(len(expected))] == expected
    with pytest.raises(IndexError):
        whole.at(len(expected))


def test_a_table_grows_by_rows() -> None:
    table = GrowingTable()
    table.extend({"page": encoded(["a/", "b/"]), "time": [1, 2]})
    table.extend({"page": encoded(["a/"]), "time": [3]})

    assert (len(table), table.whole()) == (3, {"page": ["a/", "b/", "a/"], "time": [1, 2, 3]})
    assert table.row(2, ("time", "page")) == (3, "a/")


@given(tables())
def test_new_values_are_met_row_by_row(columns: list[list[Any]]) -> None:
    expected = dict.fromkeys(value for row in zip(*columns, strict=True) for value in row if value != "a")

    assert list(dict.fromkeys(in_order(columns, {"a"}))) == list(expected)
    assert list(dict.fromkeys(in_order([*map(encoded, columns)], {"a"}))) == list(expected)


@given(tables(), st.data())
def test_rows_are_laid_out_one_after_the_other_alike(columns: list[list[Any]], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, len(columns[0]) - 1), max_size=9)) if columns[0] else []
    expected = [column[row] for row in rows for column in columns]

    assert interleaving([*map(encoded, columns)])(rows) == expected
    assert interleaving([columns[0], *map(encoded, columns[1:])])(rows) == expected


def test_without_the_compiled_reader_rows_are_laid_out_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_columns, "compiled", None)

    values_of = interleaving([[1, 2, 3], "abc"])

    assert (values_of([2, 0]), values_of([1])) == ([3, "c", 1, "a"], [2, "b"])


@pytest.mark.parametrize("is_compiled", [True, False])
def test_however_often_rows_are_asked_for_columns_are_gone_through_once(
    monkeypatch: pytest.MonkeyPatch, *, is_compiled: bool
) -> None:
    class Counted(list[int]):
        times = 0

        def __iter__(self) -> Iterator[int]:
            Counted.times += 1
            return super().__iter__()

    if not is_compiled:
        monkeypatch.setattr(of_columns, "compiled", None)
    values_of = interleaving([Counted(range(99)), Counted(range(99))])

    assert [values_of([row]) for row in range(99)] == [[row, row] for row in range(99)]
    assert Counted.times <= 2


@given(COLUMN)
def test_values_are_translated_alike(column: list[Any]) -> None:
    answers = Cache(repr)

    assert translated(encoded(column), answers) == translated(column, answers) == [*map(repr, column)]
