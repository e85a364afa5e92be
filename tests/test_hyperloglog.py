"""How many different hashes there were: a function of their set alone, exact as long as they are few."""

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.stores.hyperloglog import HASH_BYTES, MOST_LISTED, NOTHING, SKETCHED, count, merged


def hashes(number: int, seed: int = 1) -> list[bytes]:
    dice = random.Random(seed)
    return [dice.randbytes(HASH_BYTES) for _ in range(number)]


SIZES = st.sampled_from([0, 1, 2, 40, MOST_LISTED - 1, MOST_LISTED, MOST_LISTED + 1, 3000])


@given(number=SIZES, seed=st.integers(0, 2**32), pieces=st.integers(1, 12))
def test_the_same_hashes_are_the_same_bytes_however_they_come(number: int, seed: int, pieces: int) -> None:
    dice, every = random.Random(seed), hashes(number, seed)
    given_ = [dice.sample(every, dice.randint(0, number)) for _ in range(pieces)]  # some twice, some perhaps never
    given_.append(every[: number // 2])
    given_.append(every[number // 2 :])
    dice.shuffle(given_)

    packed = NOTHING
    for some in given_:
        packed = merged(packed, some)

    assert packed == merged(NOTHING, every)
    assert merged(packed, given_[0]) == packed


@pytest.mark.parametrize("number", [0, 1, 2, 10, 749, 750])
def test_few_hashes_are_counted_exactly(number: int) -> None:
    packed = merged(NOTHING, hashes(number) * 2)

    assert count(packed) == number
    assert len(packed) == 1 + HASH_BYTES * number


@pytest.mark.parametrize("number", [751, 2_000, 20_000, 200_000])
def test_many_are_counted_within_four_percent(number: int) -> None:
    packed = merged(NOTHING, hashes(number))

    assert packed.startswith(SKETCHED)
    assert count(packed) == pytest.approx(number, rel=0.04)
    assert len(packed) < 3000


def test_the_error_is_about_as_large_as_the_theory_says() -> None:
    errors = [count(merged(NOTHING, hashes(3_000, seed))) / 3_000 - 1 for seed in range(40)]

    assert statistics.mean(errors) == pytest.approx(0, abs=0.01)
    assert 0.005 < statistics.pstdev(errors) < 0.025
