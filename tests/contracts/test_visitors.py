"""Visitors, over each store: how many different ones each day had, however the logs come, until the day is closed."""

import random
import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from footfall.pageviews.visitors import visitor_of
from footfall.records import DAY, Digest, PageView
from footfall.stores import Store
from footfall.stores.shapes import DayVisitors
from footfall.stores.visitors import OPEN_DAYS

from ..conftest import Dropped, Opener, digest, totals, view, visitors_in
from .test_stores import SITE, WITH_SITE

EVER = ("2022-01-01", "2022-12-31")
NOW = time.time()
LATER = NOW + (OPEN_DAYS + 1) * DAY


def seen(number: int, visitor: int | None, page: str = "a", day: str = "2022-10-20", **more: Any) -> PageView:
    """The `number`th view, of a visitor."""
    who = None if visitor is None else identity_of(visitor)
    return view(number, page, visitor=who, day=day, **{"channel": "Direct" if number % 3 else "Search", **more})


def identity_of(visitor: int) -> bytes:
    return visitor_of(f"198.51.{visitor >> 8}.{visitor & 255}", "Firefox") or b""


def some(files: int = 12, visitors: int = 40, seed: int = 1) -> list[Digest]:
    """Files of two days' views, of so many visitors, with views that several of them bring."""
    dice = random.Random(seed)
    days = ("2022-10-20", "2022-10-21")
    views = [seen(number, dice.randrange(visitors), day=days[number % 2], time=0) for number in range(4 * visitors)]
    views = [each._replace(time=1_666_224_000 + place) for place, each in enumerate(views)]
    return [digest(f"file{number}", dice.sample(views, len(views) // 3)) for number in range(files)]


def truth(files: Sequence[Digest]) -> dict[str, int]:
    days: dict[str, set[bytes]] = {}
    for each in (each for file in files for each in file.views):
        days.setdefault(each.day, set()).add(each.fields["visitor"])  # type: ignore[arg-type]
    return {day: len(visitors) for day, visitors in days.items()}


def test_each_day_has_its_different_visitors(store: Store) -> None:
    views = [seen(1, 1), seen(2, 1, "b"), seen(3, 2), seen(4, 2, day="2022-10-21"), seen(5, 2, day="2022-11-30")]
    store.record([digest("one", views[:2]), digest("two", views[2:])])

    assert visitors_in(store, SITE, *EVER) == {"2022-10-20": 2, "2022-10-21": 1, "2022-11-30": 1}
    assert visitors_in(store, SITE, "2022-10-21", "2022-10-31") == {"2022-10-21": 1}
    assert visitors_in(store, "other.example", *EVER) == {}


def test_nothing_is_known_of_visitors_where_a_log_keeps_no_addresses(store: Store) -> None:
    store.record(
        [digest("one", [seen(1, None)]), digest("two", [seen(2, 1, day="2022-10-21"), seen(3, None, day="2022-10-21")])]
    )

    assert visitors_in(store, SITE, *EVER) == {"2022-10-21": 1}


def test_lines_that_are_no_views_are_nobodys(store: Store) -> None:
    store.record([digest("one")])

    assert visitors_in(store, SITE, *EVER) == {}


@pytest.mark.parametrize("seed", range(3))
def test_order_and_repetition_change_nothing(open_again: Opener, seed: int) -> None:
    files, dice = some(seed=seed), random.Random(seed)
    order = dice.sample(files, len(files))
    while order:
        store = open_again()
        store.prepare("UTC")
        size = dice.randint(1, 5)
        store.record([*order[:size], dice.choice(files)])
        order = order[size:]
    store.record([file._replace(name=f"copy of {file.name}") for file in files])

    assert visitors_in(store, SITE, *EVER) == truth(files)


def test_importers_at_once_count_each_visitor_once(open_again: Opener) -> None:
    files = loading(some())
    open_again().prepare("UTC")
    problems: list[BaseException] = []

    def run(seed: int) -> None:
        try:
            store = open_again()
            store.prepare("UTC")
            for file in random.Random(seed).sample(files, len(files)):
                store.record([file])
        except BaseException as problem:
            problems.append(problem)
            raise

    importers = [threading.Thread(target=run, args=[seed]) for seed in range(3)]
    for importer in importers:
        importer.start()
    for importer in importers:
        importer.join()

    assert not problems
    assert open_again().visitors(SITE, *EVER) == loaded_in(files)


def test_many_visitors_are_counted_within_four_percent_and_alike_in_each_order(open_again: Opener) -> None:
    views = [seen(number, number, day="2022-10-20") for number in range(2_000)]
    store = open_again()
    store.prepare("UTC")
    store.record([digest("one", views[:700])])
    assert visitors_in(store, SITE, *EVER) == {"2022-10-20": 700}

    store.record([digest("two", views[600:2_000]), digest("three", views[::7])])

    assert visitors_in(store, SITE, *EVER)["2022-10-20"] == pytest.approx(2_000, rel=0.04)


def loading(files: Sequence[Digest], seed: int = 1) -> list[Digest]:
    """The same files, and who loaded files of the pages in each: some of the visitors, and some who viewed no page."""
    dice = random.Random(seed)
    return [
        file._replace(
            loaders={
                (SITE, day): {identity_of(dice.randrange(15, 60)) for _ in range(12)} for day in ("2022-10-20", "2022-10-21")
            }
        )
        for file in files
    ]


def loaded_in(files: Sequence[Digest]) -> dict[str, DayVisitors]:
    """The truth: the visitors of each day, who of them loaded files, came from a search engine, and did both."""
    found = {}
    for day in ("2022-10-20", "2022-10-21"):
        views = [each for file in files for each in file.views if each.day == day]
        visitors = {each.fields["visitor"] for each in views}
        loaded: set[Any] = set().union(*((file.loaders or {}).get((SITE, day), ()) for file in files))
        searched = {each.fields["visitor"] for each in views if each.fields["channel"] == "Search"}
        found[day] = DayVisitors(len(visitors), len(visitors & loaded), len(searched), len(searched & loaded))
    return found


@pytest.mark.parametrize("seed", range(2))
def test_who_loaded_the_pages_files_is_known_in_whichever_order_files_come(open_again: Opener, seed: int) -> None:
    dice = random.Random(seed)
    files = loading(some(seed=seed), seed)
    order = [*dice.sample(files, len(files)), *files[:3]]
    while order:
        store = open_again()
        store.prepare("UTC")
        store.record(order[: (size := dice.randint(1, 5))])
        order = order[size:]

    assert store.visitors(SITE, *EVER) == loaded_in(files)
    assert store.close_days(LATER) == 2
    store.record([digest("late", [seen(999, 1)], loaders={(SITE, "2022-10-20"): {identity_of(2)}})])
    assert store.visitors(SITE, *EVER) == loaded_in(files)


def test_files_of_the_pages_alone_make_no_visitors_and_who_did_not_want_to_know_is_told_apart(store: Store) -> None:
    line = {Dropped(SITE, "2022-10-20", "not a page", "200", ""): 1}
    store.record([digest("files", drops=line, loaders={(SITE, "2022-10-20"): {identity_of(1)}})])
    assert store.visitors(SITE, *EVER) == {"2022-10-20": DayVisitors(0)}
    store.record([digest("views", [seen(1, 1), seen(2, 2, day="2022-10-21")])])
    assert store.visitors(SITE, *EVER) == {"2022-10-20": DayVisitors(1), "2022-10-21": DayVisitors(1)}

    store.record([digest("later", [seen(3, 1), seen(4, 3)], loaders={})])

    assert store.visitors(SITE, *EVER) == {"2022-10-20": DayVisitors(2, 1, 1, 1), "2022-10-21": DayVisitors(1)}


def test_a_day_stays_open_for_some_days_after_its_last_file(store: Store) -> None:
    store.record([digest("one", [seen(1, 1)])])

    assert store.close_days(NOW + (OPEN_DAYS - 1) * DAY) == 0
    store.record([digest("two", [seen(2, 2)])])

    assert visitors_in(store, SITE, *EVER) == {"2022-10-20": 2}


def test_a_day_that_is_closed_keeps_its_number_and_a_later_file_s_visitors_are_told(store: Store, open_again: Opener) -> None:
    store.record([digest("one", [seen(1, 1), seen(2, 2)])])
    assert (store.close_days(LATER), store.close_days(LATER)) == (1, 0)
    again = open_again()
    again.prepare("UTC")

    late = [seen(3, 1), seen(4, 3), seen(5, 3, "b"), seen(6, 4, day="2022-10-21")]
    one, two = again.record([digest("two", late), digest("three", [seen(7, 4, day="2022-10-21"), seen(2, 2)])])

    assert one is not None
    assert two is not None
    assert (one.views, one.late_visitors) == (4, 2)
    assert (two.views, two.late_visitors) == (1, 0)
    assert visitors_in(again, SITE, *EVER) == {"2022-10-20": 2, "2022-10-21": 1}
    assert totals(again, "hour") == {"00": 7}
    assert {part.name: part.account.late_visitors for part in again.files()} == {"one": 0, "two": 2, "three": 0}


def test_days_are_closed_each_by_itself(store: Store) -> None:
    store.record([digest("one", [seen(1, 1), seen(2, 1, day="9998-01-01")])])

    assert store.close_days(LATER) == 1
    (account,) = store.record([digest("two", [seen(3, 2), seen(4, 2, day="9998-01-01")])])

    assert account is not None
    assert account.late_visitors == 1
    assert visitors_in(store, SITE, "2022-01-01", "9999-01-01") == {"2022-10-20": 1, "9998-01-01": 2}


def test_sites_have_their_own_visitors_and_days(open_again: Opener) -> None:
    store = open_again(WITH_SITE)
    store.prepare("UTC")
    store.record([digest("one", [seen(1, 1), seen(2, 1, site="b.example"), seen(3, 2, site="b.example")])])

    store.close_days(LATER)
    store.record([digest("two", [seen(4, 1, site="c.example")])])

    assert [visitors_in(store, site, *EVER) for site in (SITE, "b.example", "c.example")] == [
        {"2022-10-20": 1},
        {"2022-10-20": 2},
        {"2022-10-20": 1},
    ]
