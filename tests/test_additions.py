"""What a part added to the tally is kept in few bytes, whatever its names are, and comes back as it was."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from footfall.stores import additions

names = st.sampled_from(["a", "b", ""]) | st.text(st.characters(exclude_categories=["Cs"]))
tallies = st.dictionaries(st.tuples(names, names, names, names), st.integers(0, 10**9), max_size=30)


@given(tallies, st.sampled_from([additions.SMALLEST, additions.QUICKEST]))
def test_a_tally_comes_back_as_it_was(tally: dict[Any, int], level: int) -> None:
    assert additions.decode(additions.encode(tally, level)) == tally


@given(tallies)
def test_the_order_in_which_a_tally_was_met_makes_no_other_bytes(tally: dict[Any, int]) -> None:
    assert additions.encode(dict(reversed(tally.items()))) == additions.encode(tally)


@given(tallies)
def test_a_tally_is_the_json_that_its_nested_form_is(tally: dict[Any, int]) -> None:
    assert additions.decompress(additions.encode(tally)) == additions.nested(tally)
