"""What strangers invent is bounded in every store, for a site, dimension and month; totals stay exact."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from footfall import tallies
from footfall.records import Digest
from footfall.stores import Store
from footfall.tallies import MOST_KEPT, OTHER, room_on

from ..conftest import Dropped, Opener, digest, totals, view
from ..truth import check_additions

SITE = "www.example.org"
NUMBERS = count(1)


def five_lines(day: str, keys: Sequence[str]) -> Digest:
    """A file of a scanner's requests for keys that nobody has."""
    drops = {Dropped(SITE, day, "not found", "404", key): 1 for key in keys}
    return digest(f"{day}-00-00-00-{next(NUMBERS):016X}", [], drops, first_time=None, last_time=None)


def scans(day: str, files: int) -> Iterator[Digest]:
    """Files of a day, whose keys are all of their own."""
    for _ in range(files):
        first = next(NUMBERS)
        yield five_lines(day, [f"scan/{first:06}/{number}" for number in range(5)])


def ready(store: Store) -> Store:
    store.prepare("UTC")
    return store


def missing(store: Store, day: str = "2022-10") -> dict[str, int]:
    """How often each missing page was asked for, on a day or in a month."""
    first, last = (day, day) if len(day) > 7 else (f"{day}-01", f"{day}-31")
    return store.sums(SITE, "not_found", first, last)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is room for five keys on the first day of a month, and for ten at its end."""
    monkeypatch.setattr(tallies, "FIRST_KEPT", 5)
    monkeypatch.setattr(tallies, "MOST_KEPT", 10)
    monkeypatch.setattr("footfall.stores.dynamodb.kept.MOST_KEPT", 10)


def test_a_month_of_a_scanners_keys_in_files_of_five_lines_stays_within_the_bound(store: Store) -> None:
    days = [f"2022-10-{day:02}" for day in range(1, 32)]

    for day in days:
        store.record([*scans(day, 50), five_lines(day, ["wp-login.php"])])

    found = missing(store)
    assert len(found) == MOST_KEPT + 1
    assert sum(found.values()) == sum(totals(store, "status").values()) == 31 * 251
    assert found["wp-login.php"] == 31
    assert sum(found.values()) - found[OTHER] == MOST_KEPT - 1 + 31
    check_additions(store)


@pytest.mark.usefixtures("few")
def test_what_is_kept_goes_on_counting_and_what_is_new_then_is_other_whoever_imports(open_again: Opener) -> None:
    ready(open_again()).record([five_lines("2022-10-01", "abcde")])

    ready(open_again()).record([five_lines("2022-10-01", "abxyz")])

    assert missing(open_again()) == {"a": 2, "b": 2, "c": 1, "d": 1, "e": 1, OTHER: 3}


@pytest.mark.usefixtures("few")
def test_each_day_has_room_for_more_and_each_month_begins_anew(store: Store) -> None:
    for day in ("2022-10-01", "2022-10-31", "2022-11-01"):
        store.record([*scans(day, 4)])

    assert [len(missing(store, day)) for day in ("2022-10-01", "2022-10-31", "2022-11-01")] == [6, 6, 6]
    assert [missing(store, day)[OTHER] for day in ("2022-10-01", "2022-10-31", "2022-11-01")] == [15, 15, 15]


@pytest.mark.usefixtures("few")
def test_importers_who_take_turns_keep_to_one_bound(open_again: Opener) -> None:
    one, other = ready(open_again()), ready(open_again())

    for keys in ("abc", "de", "fgh"):
        one.record([five_lines("2022-10-01", keys)])
        other.record([five_lines("2022-10-01", keys.upper())])

    found = missing(one)
    assert found == {"a": 1, "b": 1, "c": 1, "A": 1, "B": 1, OTHER: 11}
    check_additions(other)


@pytest.mark.usefixtures("few")
def test_importers_at_once_keep_to_one_bound(open_again: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.stores.dynamodb.commits.PATIENCE", 0.02)
    monkeypatch.setattr("footfall.stores.dynamodb.commits.PATIENCE_PER_ITEM", 0.0)
    importers = [ready(open_again()) for _ in range(3)]
    files = [five_lines(f"2022-10-0{1 + number % 3}", [f"k{number % 7}/{key}" for key in range(5)]) for number in range(30)]

    with ThreadPoolExecutor(3) as pool:
        told = [*pool.map(lambda importer: [importer.record([file]) for file in files], importers)]

    found = missing(open_again())
    assert len(found) <= room_on("2022-10-03") + 1
    assert sum(found.values()) == 150
    assert [sum(account is not None for each in of_one for account in each) for of_one in zip(*told, strict=True)] == [1] * 30
    check_additions(open_again())


@pytest.mark.usefixtures("few")
def test_the_same_file_again_changes_nothing_though_its_keys_are_other_by_now(store: Store, open_again: Opener) -> None:
    files = [*scans("2022-10-01", 3)]
    store.record(files)
    before = missing(store)

    assert ready(open_again()).record(files) == [None, None, None]
    assert missing(store) == before


@pytest.mark.usefixtures("few")
def test_of_a_part_the_most_frequent_new_keys_are_kept(store: Store) -> None:
    keys = {"rare": 1, "often": 9, "b": 2, "a": 2, "c": 2, "d": 2}
    drops = {Dropped(SITE, "2022-10-01", "not found", "404", key): times for key, times in keys.items()}

    store.record([digest("one", [], drops)])

    assert missing(store) == {"often": 9, "a": 2, "b": 2, "c": 2, "d": 2, OTHER: 1}


@pytest.mark.usefixtures("few")
def test_footfalls_own_words_take_no_room(store: Store) -> None:
    bots = [f"bot{number}" for number in range(6)]
    for bot in (*bots, "(no user agent)"):
        store.record([digest(f"of {bot}", [], {Dropped(SITE, "2022-10-01", "bot", "200", bot): 1})])

    assert totals(store, "bot") == {**dict.fromkeys(bots[:5], 1), OTHER: 1, "(no user agent)": 1}


@pytest.mark.usefixtures("few")
def test_sites_that_strangers_make_up_are_bounded_too(open_again: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that answers by any name writes into its log whatever it was asked by."""
    monkeypatch.setattr(tallies, "MOST_SITES", 3)
    monkeypatch.setattr("footfall.stores.dynamodb.notes.MOST_SITES", 3)

    def asked_by(*sites: str) -> Digest:
        drops = {Dropped(site, "2022-10-01", "not found", "404", "x"): 1 for site in sites}
        return digest(f"{next(NUMBERS)}", [view(next(NUMBERS))], drops)

    ready(open_again()).record([asked_by("b"), asked_by("a"), asked_by("c", "d")])
    store = ready(open_again())
    store.record([asked_by("a", "e", "f"), asked_by("(unknown)")])

    assert store.sites() == ["(other)", "(unknown)", "a", "b", SITE]
    assert [totals(store, "status", site=site) for site in ("(other)", "(unknown)", "a", "b", SITE)] == [
        {"404": 4}, {"404": 1}, {"404": 2}, {"404": 1}, {"200": 5},
    ]  # fmt: skip
    assert totals(store, "not_found", site=OTHER) == {"x": 4}
    assert store.sites_with_views() == [SITE]
    check_additions(store)


def test_a_question_with_a_limit_has_the_first_rows_and_the_total_of_all(store: Store) -> None:
    store.record([five_lines("2022-10-01", "abc"), five_lines("2022-10-02", "bc"), five_lines("2022-10-03", "c")])
    asked = (SITE, "not_found", "2022-10-01", "2022-10-31")

    assert store.top(*asked, limit=2) == ([("c", 3), ("b", 2)], 6, False)
    assert store.top(*asked, limit=2, after=(3, "c")) == ([("b", 2), ("a", 1)], 6, True)
    assert store.top(*asked, limit=1, after=(2, "a")) == ([("b", 2)], 6, False)  # the row is gone, or was never there
    assert store.top(*asked) == ([("c", 3), ("b", 2), ("a", 1)], 6, True)
    assert store.top(*asked, prefix="b", limit=5) == ([("b", 2)], 2, True)
    assert store.top(*asked, limit=0) == ([], 6, False)
    assert store.sums_of(*asked, ["a", "c", "d"]) == ({"a": 1, "c": 3}, 6)
    assert store.sums_of(SITE, "not_found", "2021-01-01", "2021-01-01", ["a"]) == ({}, 0)
