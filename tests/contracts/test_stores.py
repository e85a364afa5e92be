"""What every store promises, over each of them."""

import time
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from footfall.dimensions import DIMENSIONS
from footfall.errors import ConfigError, StoreError
from footfall.items import DEFAULT_ITEM, ItemMap
from footfall.records import Account
from footfall.reports import Query, breakdown, history, stored_views
from footfall.stores import STORES, Store
from footfall.stores.shapes import Annotation, Count, Keep

from ..conftest import DAY, KEPT, NEW_URLS, Dropped, Opener, digest, totals, view

UTC = ZoneInfo("UTC")
SITE = "www.example.org"
ALL_DAYS = ("2022-01-01", "2022-12-31")
WITH_SITE = ItemMap({**DEFAULT_ITEM, "PageName": "{site}/{page}"})
ARTICLE = ItemMap({"PageName": "{page}", "SortKey": "{epoch}", "AgentString": "{user_agent}", "RemoteAddress": "{remote_ip}"})


def ready(store: Store) -> Store:
    store.prepare("UTC")
    return store


def not_found(key: str = "wp-login.php", day: str = "2022-10-20") -> Dropped:
    return Dropped(SITE, day, "not found", "404", key)


def test_every_store_is_in_the_suite(pytestconfig: pytest.Config) -> None:
    assert set(STORES) == set(NEW_URLS)


def test_an_empty_store_has_nothing(store: Store) -> None:
    assert list(store.counts(SITE, "page", *ALL_DAYS)) == []
    assert list(store.counts(SITE, "page", *ALL_DAYS, value="a")) == []
    assert list(store.views(SITE, "a", 0, DAY * 2)) == []
    assert list(store.times(SITE, "a", 0, DAY * 2)) == []
    assert list(store.files()) == []
    assert store.known("one") == []
    assert store.sites() == []
    assert store.period(SITE) is None
    assert store.time_zone() == "UTC"


def test_of_several_runs_one_claims_a_notice_until_it_lapses_or_is_given_back(open_again: Opener) -> None:
    one, another = (ready(open_again()).notices for _ in range(2))

    assert [one.claim("a", "one", 1000, 900), another.claim("a", "another", 1001, 901)] == ["ours", "held"]
    assert another.claim("b", "another", 1001, 901) == "ours"
    one.release("a", "one")
    assert another.claim("a", "another", 1002, 902) == "ours"
    assert one.claim("a", "one", 2000, 1900) == "ours"  # the other one was killed
    another.confirm("a", "another", 2001)  # but it was only slow
    assert another.claim("a", "another", 2002, 1902) == "held"
    one.confirm("a", "one", 2003)
    one.release("a", "one")
    assert [one.claim("a", "more", 9000, 8900), another.claim("a", "more", 9000, 8900)] == ["delivered", "delivered"]


def test_annotations_are_kept_once_each_and_removed_by_what_they_say(open_again: Opener) -> None:
    one, another = (ready(open_again()) for _ in range(2))
    odd = "=1+1 <script>alert(1)</script> 'Robert'); DROP TABLE files; -- é🎉" + "x" * 100
    made = [
        Annotation(SITE, "2022-10-21", "moved to a new host"), Annotation(SITE, "2022-10-20", "on the front page"),
        Annotation(SITE, "2022-10-20", odd), Annotation("blog.example", "2022-10-20", "on the front page"),
    ]  # fmt: skip

    assert [one.annotations.add(each) for each in [*made, made[0]]] == [True] * 4 + [False]
    assert another.annotations.all() == sorted(made, key=lambda each: (each.day, each.site, each.text))
    assert [another.annotations.remove(made[0]) for _ in range(2)] == [True, False]
    assert made[0] not in one.annotations.all()
    assert len(one.annotations.all()) == 3
    assert (one.sites(), one.period(SITE)) == ([], None)  # nothing is counted by it


def test_views_and_drops_are_counted_in_their_dimensions(store: Store) -> None:
    views = [view(1), view(2), view(3, "b", referrer_host="news.example", status="304")]

    accounts = store.record([digest("one", views, {not_found(): 2})])

    assert accounts == [Account(5, 3, {"not found": 2, "duplicate": 0})]
    assert totals(store) == {"a": 2, "b": 1}
    assert totals(store, "referrer") == {"(direct)": 2, "news.example": 1}
    assert totals(store, "hour") == {"00": 3}
    assert totals(store, "status") == {"200": 2, "304": 1, "404": 2}
    assert totals(store, "not_found") == {"wp-login.php": 2}
    assert totals(store, "bot") == {}
    assert store.sites() == [SITE]


def test_a_file_that_is_known_changes_nothing(store: Store, open_again: Opener) -> None:
    store.record([digest("one", [view(1), view(2)])])

    assert store.record([digest("one", [view(1), view(2)])]) == [None]
    assert ready(open_again()).record([digest("one", [view(1), view(2)]), digest("two", [view(3)])])[0] is None
    assert totals(store) == {"a": 3}
    assert len(list(store.files())) == 2


def test_a_file_that_an_earlier_version_entered_without_a_readable_line_is_counted(store: Store) -> None:
    store.record([digest("one", account=Account(2, 0, {}, 2))])

    (account,) = store.record([digest("one", [view(1), view(2)])])

    assert account == Account(2, 2, {"duplicate": 0})
    assert [part.account.views for part in store.known("one")] == [2]
    assert store.record([digest("one", [view(1), view(2)])]) == [None]
    assert totals(store) == {"a": 2}


def test_a_file_that_is_given_twice_at_once_counts_once(store: Store) -> None:
    accounts = store.record([digest("one", [view(1)]), digest("one", [view(1)])])

    assert [account is None for account in accounts] == [False, True]
    assert totals(store) == {"a": 1}


def test_a_view_that_another_file_brought_is_a_duplicate(store: Store) -> None:
    store.record([digest("one", [view(1), view(2)])])

    (account,) = store.record([digest("two", [view(2), view(3)])])

    assert account == Account(2, 1, {"duplicate": 1})
    assert totals(store) == {"a": 3}
    assert [part.account.views for part in store.files()] == [2, 1]


def test_the_first_of_two_files_at_once_has_the_view_that_both_bring(store: Store) -> None:
    accounts = store.record([digest("two", [view(1), view(2)]), digest("one", [view(2), view(1), view(3)])])

    assert [account and account.views for account in accounts] == [2, 1]
    assert totals(store) == {"a": 3}


def test_the_parts_of_a_file_are_counted_each(store: Store) -> None:
    store.record([digest("one", [view(1), view(2)], is_last=False)])
    store.record([digest("one", [view(2), view(3)], part=1, size=7, sha256="cd" * 32)])

    parts = store.known("one")

    assert [(part.name, part.number, part.is_last, part.size) for part in parts] == [
        ("one", 0, False, 1000),
        ("one", 1, True, 7),
    ]
    assert [part.account.views for part in parts] == [2, 1]
    assert store.known("on") == store.known("one0") == []
    assert totals(store) == {"a": 3}


def test_the_ledger_tells_all_of_a_file(store: Store) -> None:
    name = "access-2022-10-20-09-31-07-A5C12D0BE83F4E61"
    before = int(time.time())
    store.record([digest(name, [view(1), view(9)], {not_found(): 3}), digest("sha256:00", first_time=None, last_time=None)])

    (part,) = store.known(name)
    assert (part.first_time, part.last_time, part.sha256) == (DAY + 1, DAY + 9, "ab" * 32)
    assert before <= part.ingested_at <= time.time()
    assert part.account == Account(5, 2, {"not found": 3, "duplicate": 0})
    assert sorted(part.name for part in store.files()) == [name, "sha256:00"]
    assert store.known("sha256:00")[0].first_time is None


def test_both_ends_of_a_period_count(store: Store) -> None:
    days = ["2022-09-30", "2022-10-01", "2022-10-31", "2022-11-01"]
    store.record([digest("one", [view(number, day=day) for number, day in enumerate(days)])])

    assert sorted(store.counts(SITE, "page", "2022-10-01", "2022-10-31")) == [
        Count("a", "2022-10-01", 1),
        Count("a", "2022-10-31", 1),
    ]
    assert list(store.counts(SITE, "page", "2022-11-01", "2022-11-01")) == [Count("a", "2022-11-01", 1)]
    assert store.period(SITE) == ("2022-09-30", "2022-11-01")


def test_sums_are_of_the_whole_period(store: Store) -> None:
    days = ["2022-09-30", "2022-10-01", "2022-10-31", "2022-11-01"]
    store.record([digest("one", [view(number, "ab"[number % 2], day=day) for number, day in enumerate(days * 2)])])

    assert store.sums(SITE, "page", *ALL_DAYS) == {"a": 4, "b": 4}
    assert store.sums(SITE, "page", "2022-10-01", "2022-10-31") == {"a": 2, "b": 2}
    assert store.sums(SITE, "page", *ALL_DAYS, prefix="b") == store.sums(SITE, "page", *ALL_DAYS, value="b") == {"b": 4}
    assert store.sums(SITE, "page", "2023-01-01", "2023-12-31") == {}


ENDS = [
    "0001-01-01",
    "2022-08-31",
    "2022-09-01",
    "2022-09-02",
    "2022-10-20",
    "2022-10-30",
    "2022-10-31",
    "2022-11-01",
    "9999-12-31",
]


@pytest.mark.parametrize("start", ENDS)
def test_sums_of_months_and_days_are_the_sums_of_days(store: Store, start: str) -> None:
    days = [f"2022-{month:02}-{day:02}" for month in (8, 9, 10, 11) for day in (1, 2, 28, 30)] + ["2022-10-31"]
    store.record([digest("one", [view(number, "abc"[number % 3], day=day) for number, day in enumerate(days)])])
    store.record([digest("two", [view(100 + number, "ab"[number % 2], day=day) for number, day in enumerate(days[3:])])])

    for end in [end for end in ENDS if end >= start]:
        every: list[dict[str, Any]] = [{}, {"prefix": "b"}, {"value": "c"}]
        for asked in every:
            counted: Counter[str] = Counter()
            for value, _, views in store.counts(SITE, "page", start, end, **asked):
                counted[value] += views
            assert store.sums(SITE, "page", start, end, **asked) == counted
            assert store.top(SITE, "page", start, end, **asked, limit=1).total == counted.total()


def test_a_series_has_the_counts_of_some_values(store: Store) -> None:
    store.record([digest("one", [view(1), view(2, "b"), view(3, 'c"é'), view(4, "c", time=DAY * 1 + 86_400)])])

    found = store.series(SITE, "page", *ALL_DAYS, values=("a", 'c"é', "c", "none"))

    assert sorted(found) == [("a", "2022-10-20", 1), ("c", "2022-10-21", 1), ('c"é', "2022-10-20", 1)]
    assert list(store.series(SITE, "page", "2022-10-21", "2022-10-21", values=("a", "b"))) == []


def test_requests_that_are_no_views_are_in_the_period_too(store: Store) -> None:
    store.record([digest("one", [view(1)], {not_found(day="2023-02-03"): 1})])

    assert store.period(SITE) == ("2022-10-20", "2023-02-03")


@pytest.mark.parametrize("page", ["/", "café/ü b", "a%23b", "%_[]*", "日本語", "é" * 512, "'\"\\{}"])
def test_any_page_is_found_by_its_name_and_by_its_beginning(store: Store, page: str) -> None:
    item = view(1, page, key="k")
    store.record([digest("one", [item, view(2, "b"), view(3, f"{page[:3]}-other", key="o")])])

    assert totals(store, value=page) == {page: 1}
    assert page in totals(store, prefix=page[:3])
    assert totals(store, prefix=page[:3]).keys() >= {page, f"{page[:3]}-other"}
    assert list(store.views(SITE, page, 0, DAY * 2)) == [KEPT.make(item)]


def test_a_value_is_that_value_alone(store: Store) -> None:
    store.record([digest("one", [view(1, "a"), view(2, "a/b"), view(3, "A")])])

    assert totals(store, value="a") == {"a": 1}
    assert totals(store, value="") == totals(store, value="nowhere") == {}
    assert totals(store, prefix="a") == {"a": 1, "a/b": 1}


def test_views_come_in_the_order_of_time_and_only_of_their_period_and_page(store: Store) -> None:
    views = [view(3), view(1), view(2), view(4, "b"), view(5)]
    store.record([digest("one", views)])

    assert list(store.times(SITE, "a", DAY + 1, DAY + 3)) == [DAY + 1, DAY + 2, DAY + 3]
    assert list(store.views(SITE, "a", DAY + 2, DAY + 3)) == [KEPT.make(view(2)), KEPT.make(view(3))]
    assert [item["SortKey"] for item in store.views(SITE, "a", 0, DAY * 2, limit=2)] == [
        f"{DAY + 1}#{1:016X}",
        f"{DAY + 2}#{2:016X}",
    ]


def test_numbers_come_back_as_numbers(store: Store) -> None:
    store.record([digest("one", [view(1)])])

    (item,) = store.views(SITE, "a", 0, DAY * 2)
    assert item["ServiceTime"] == 12
    assert isinstance(item["ServiceTime"], int)


def test_absent_facts_and_long_ones_are_kept_as_they_are(store: Store) -> None:
    nothing: dict[str, Any] = dict.fromkeys(KEPT.facts)
    absent, long = view(1, **nothing), view(2, **nothing | {"referrer": "x" * 8192})
    store.record([digest("one", [absent, long])])

    assert list(store.views(SITE, "a", 0, DAY * 2)) == [KEPT.make(absent), KEPT.make(long)]


def test_views_of_one_second_all_count_where_items_are_the_article_s(open_again: Opener) -> None:
    store = ready(open_again(ARTICLE))
    views = [view(number, time=DAY, item=ARTICLE) for number in range(5)]
    store.record([digest("one", views[:2])])

    accounts = store.record([digest("two", views[1:4]), digest("three", [*views, view(9, time=DAY + 1, item=ARTICLE)])])

    assert [account and account.views for account in accounts] == [2, 2]
    assert totals(store) == {"a": 6}
    assert list(store.times(SITE, "a", DAY, DAY + 1)) == [DAY] * 5 + [DAY + 1]
    assert [item["SortKey"] for item in store.views(SITE, "a", DAY, DAY + 1)] == [str(DAY)] * 5 + [str(DAY + 1)]


def test_two_records_of_one_request_are_two_views(store: Store) -> None:
    twins = [view(1), view(1, key="a/index.htm")]

    store.record([digest("one", twins)])
    store.record([digest("two", twins)])

    assert totals(store) == {"a": 2}
    assert len(list(store.views(SITE, "a", 0, DAY * 2))) == 2


def test_two_sites_are_told_apart(open_again: Opener) -> None:
    store = ready(open_again(WITH_SITE))
    there = view(3, site="other.example", item=WITH_SITE)
    store.record([digest("one", [view(1, item=WITH_SITE), view(2, item=WITH_SITE)]), digest("two", [there])])

    assert store.sites() == ["other.example", SITE]
    assert totals(store, site="other.example") == {"a": 1}
    assert totals(store) == {"a": 2}
    assert list(store.views("other.example", "a", 0, DAY * 2)) == [WITH_SITE.make(there)]


def test_a_second_site_is_refused_while_items_do_not_name_theirs(store: Store, open_again: Opener) -> None:
    store.record([digest("one", [view(1)])])

    for again in (store, ready(open_again())):
        with pytest.raises(StoreError, match=r"a second site, other.example, besides www.example.org.*\{site\}/\{page\}"):
            again.record([digest("two", [view(2, site="other.example")])])
    assert totals(store) == {"a": 1}
    assert store.sites() == [SITE]


def test_two_sites_in_the_first_file_are_refused_and_neither_is_chosen(store: Store) -> None:
    with pytest.raises(StoreError, match="a second site"):
        store.record([digest("one", [view(1, site="a.example"), view(2, site="b.example")])])

    store.record([digest("two", [view(2, site="b.example")])])
    assert store.sites() == ["b.example"]


@pytest.mark.parametrize("odd", ["#group", "#settings", "#", "files#2022-10", "a#2022-10#status", "#" * 2000])
def test_a_site_that_is_called_like_something_of_footfalls_own_harms_nothing(open_again: Opener, odd: str) -> None:
    """A bucket has no such name, but a log line may."""
    ready(open_again(WITH_SITE)).record([digest("one", [], {not_found()._replace(site=odd): 1})])
    ready(open_again(WITH_SITE)).record([digest("two", [view(1), view(2, "b", site=odd)], {not_found(): 1})])
    store = open_again(WITH_SITE)

    assert (totals(store), totals(store, "status")) == ({"a": 1}, {"200": 1, "404": 1})
    assert (totals(store, site=odd), totals(store, "status", site=odd)) == ({"b": 1}, {"200": 1, "404": 1})
    assert store.time_zone() == "UTC"
    assert len(list(store.files())) == 2
    assert SITE in store.sites()
    assert odd in store.sites() or len(odd) > 1000
    assert [item["SortKey"] for item in store.views(odd, "b", 0, DAY * 2)] == [f"{DAY + 2}#{2:016X}"]


def test_days_keep_to_the_time_zone_of_the_beginning(store: Store, open_again: Opener) -> None:
    with pytest.raises(StoreError, match="counts days in UTC, not in Europe/Berlin"):
        open_again().prepare("Europe/Berlin")

    open_again().prepare("UTC")
    assert open_again().time_zone() == "UTC"


def test_own_names_of_the_keys_and_the_attributes_serve(open_again: Opener) -> None:
    own = ItemMap(
        {"UserPages": "Richard#{page}", "When": "{epoch}-{request_id}", "Count": {"value": "{total_time}", "type": "N"}}
    )
    store = ready(open_again(own))
    store.record([digest("one", [view(1, item=own)])])

    assert list(store.views(SITE, "a", 0, DAY * 2)) == [{"UserPages": "Richard#a", "When": f"{DAY + 1}-{1:016X}", "Count": 12}]
    assert totals(store) == {"a": 1}


def test_views_may_be_left_out_and_counts_stay(open_again: Opener) -> None:
    store = ready(open_again(keep=Keep(views=False)))

    accounts = store.record([digest("one", [view(1), view(2)])])

    assert accounts == [Account(2, 2, {"duplicate": 0})]
    assert totals(store) == {"a": 2}
    assert list(store.views(SITE, "a", 0, DAY * 2)) == []
    assert history(store, Query(page="a")).total == 2
    with pytest.raises(ConfigError, match="views are not kept"):
        history(store, Query(page="a", interval="hour"))


def test_views_are_kept_for_so_many_days(open_again: Opener) -> None:
    store = ready(open_again(keep=Keep(days=3)))
    now = int(time.time())
    old, new = view(1, time=now - 3 * 86_400 - 60), view(2, time=now - 3 * 86_400 + 60)

    store.record([digest("one", [old, new])])

    assert totals(store, start=old.day, end=new.day) == {"a": 2}
    assert list(store.times(SITE, "a", 0, now)) == [new.time]
    (account,) = store.record([digest("two", [old, new])])  # still known as duplicates for a day
    assert account == Account(2, 0, {"duplicate": 2})
    assert totals(store, start=old.day, end=new.day) == {"a": 2}


def test_reports_agree_with_each_other(store: Store) -> None:
    views = [view(number, f"p{number % 7}", time=DAY + number * 50_000) for number in range(90)]
    store.record([digest("one", views[:50]), digest("two", views[40:])])

    total = breakdown(store, Query(dimension="page")).total
    assert total == 90
    for interval in ("hour", "day", "week", "month"):
        assert history(store, Query(interval=interval)).total == total
        assert history(store, Query(interval=interval, page="p3")).total == totals(store)["p3"]
    found = stored_views(store, Query(page="p3"), "SortKey")
    assert len(list(found.items)) == totals(store)["p3"]
    with pytest.raises(ConfigError, match="did you mean p3"):
        history(store, Query(page="p33"))


def test_more_than_one_page_of_results(store: Store) -> None:
    """DynamoDB tells 1 MB at once."""
    pages = [f"{number:04}{'x' * 996}" for number in range(1500)]
    much: dict[str, Any] = dict.fromkeys(KEPT.facts, "z" * 5000)
    kept = [view(number, "same", **much) for number in range(400)]
    store.record([digest("one", [view(number, page) for number, page in enumerate(pages)])])
    store.record([digest("two", [each._replace(time=each.time + 10_000) for each in kept])])

    assert totals(store) == dict.fromkeys(pages, 1) | {"same": 400}
    assert totals(store, prefix="00") == dict.fromkeys(pages[:100], 1)
    assert len(list(store.views(SITE, "same", 0, DAY * 2))) == 400


def test_a_large_tally_counts_once(store: Store, open_again: Opener) -> None:
    views = [view(number, f"p{number:04}", time=DAY + 3600 * (number % 24)) for number in range(700)]

    (account,) = store.record([digest("one", views)])

    assert account == Account(700, 700, {"duplicate": 0})
    assert ready(open_again()).record([digest("one", views)]) == [None]
    assert totals(store) == {f"p{number:04}": 1 for number in range(700)}
    assert totals(store, "status") == {"200": 700}
    assert len(list(store.files())) == 1


def test_what_fails_is_not_counted_and_what_was_counted_is_told_once(store: Store) -> None:
    good, bad = digest("one", [view(1)]), digest("two", [view(2, site="other.example")])
    store.record([good])
    with pytest.raises(StoreError):
        store.record([digest("three", [view(3)]), bad])

    told = [store.record([each])[0] for each in (good, digest("three", [view(3)]))]

    assert told[0] is None
    assert told[1] == Account(1, 1, {"duplicate": 0})
    assert totals(store) == {"a": 2}


def test_what_it_consumes_is_told_where_it_is_paid_for(store: Store, request: pytest.FixtureRequest) -> None:
    store.record([digest("one", [view(1)])])
    capacity = store.capacity()

    if capacity is not None:
        assert capacity.requests >= 3
        assert capacity.write_units > 0
    assert (capacity is not None) == ("dynamodb" in request.node.name)


def test_the_ledger_keeps_the_rules_of_each_file_and_what_it_added(store: Store) -> None:
    store.record([digest("one", [view(1), view(2)], {not_found(): 2}, rules="abc"), digest("two", [view(2), view(3, "b")])])

    assert {part.name: part.rules for part in store.files()} == {"one": "abc", "two": None}
    assert [part.rules for part in store.known("one")] == ["abc"]
    one, two = store.added("one", 0), store.added("two", 0)
    assert one is not None
    assert two is not None
    assert one[SITE, "page", "2022-10-20", "a"] == 2
    assert one[SITE, "not_found", "2022-10-20", "wp-login.php"] == 2
    assert {key[3]: times for key, times in two.items() if key[1] == "page"} == {"b": 1}  # the other came with the first
    assert store.added("three", 0) is None
    assert store.added("one", 1) is None


def test_what_all_files_added_is_the_tally(store: Store) -> None:
    views = [view(number, f"p{number % 7}") for number in range(60)]
    store.record([digest("one", views[:40], {not_found(): 2}), digest("two", views[20:], {not_found("b"): 1})])
    store.record([digest("three", [view(7, "later", time=DAY + 100_000)], {not_found(): 5})])

    added: Counter[tuple[str, str, str, str]] = Counter()
    for part in store.files():
        added.update(store.added(part.name, part.number) or {})

    counted = {
        (SITE, name, day, value): times
        for name in DIMENSIONS
        for value, day, times in store.counts(SITE, name, "2022-01-01", "2022-12-31")
    }
    assert dict(added) == counted


@pytest.mark.parametrize("seconds", [(0, 10), (4_000_000_000, 253_370_764_799), (253_370_764_000, 253_370_764_799), (20, 10)])
def test_no_second_is_too_early_or_too_late_to_ask_about(store: Store, seconds: tuple[int, int]) -> None:
    store.record([digest("one", [view(1)])])

    assert list(store.views(SITE, "a", *seconds)) == []
    assert list(store.times(SITE, "a", *seconds)) == []
