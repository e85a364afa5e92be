"""Arrivals: views whose referrer is not the site itself, and the pages that they enter by."""

from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.errors import ConfigError
from footfall.items import DEFAULT_ITEM, ItemMap
from footfall.reports import Period, Query, breakdown, history, total
from footfall.stores import Store, open_store

from .builders import ask, line, write_log
from .conftest import digest, view

SITE, UTC_DAYS = "www.example.org", ("2022-10-20", "2022-11-02")
LINES = [
    line(referrer="https://news.example/a"), line(), line(referrer="https://www.example.com/b/"), line("b.html"),
    line("b.html", referrer="https://example.com/"), line("c.html", referrer="https://www.example.com/"),
]  # fmt: skip
Told = tuple[str, str | None, str]
"""A view: its page, its referrer's host, and its day."""
VIEWS = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.sampled_from(("(direct)", "(internal)", "news.example", None)), st.sampled_from(UTC_DAYS)
    ),
    max_size=30,
)


@pytest.fixture
def counted(here: Path) -> Path:
    write_log(here / "logs", LINES)
    ask("import", "logs")
    return here


def check_arrivals(store: Store, views: list[Told]) -> None:
    """That of each page and day, arrivals and internal views are all views whose referrer is known."""
    for days in (UTC_DAYS, UTC_DAYS[:1] * 2, UTC_DAYS[1:] * 2):
        period = Period(*map(date.fromisoformat, days))
        chosen = [each for each in views if each[2] in days]
        arrivals = Counter(page for page, referrer, _ in chosen if referrer not in ("(internal)", None))
        rest = Counter(page for page, referrer, _ in chosen if referrer in ("(internal)", None))
        query = Query(site=SITE, period=period, measure="arrivals")
        by_page = breakdown(store, replace(query, dimension="page"))
        assert dict(by_page.rows) == dict(breakdown(store, replace(query, dimension="entry")).rows) == arrivals
        assert by_page.views == {page: times + rest[page] for page, times in arrivals.items()}
        assert by_page.total == total(store, query).total == history(store, query).total == arrivals.total()
        assert total(store, replace(query, measure="views")).total == arrivals.total() + rest.total()
        by_referrer = breakdown(store, replace(query, dimension="referrer"))
        assert (by_referrer.total, sum(row.views for row in by_referrer.rows)) == (arrivals.total(),) * 2
        assert "(internal)" not in dict(by_referrer.rows)
        for page in arrivals:
            of_page = history(store, replace(query, page=page))
            assert (of_page.total, sum((of_page.views or {}).values())) == (arrivals[page], arrivals[page] + rest[page])


@given(files=st.lists(VIEWS, min_size=1, max_size=3))
def test_arrivals_and_internal_views_are_all_views(files: list[list[Told]], tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:{tmp_path_factory.mktemp('arrivals')}/counts.db"
    with closing(open_store(url, ItemMap(DEFAULT_ITEM))) as store:
        store.prepare("UTC")
        record(store, files)

        check_arrivals(store, [each for views in files for each in views])


def test_every_store_counts_arrivals(store: Store) -> None:
    first: list[Told] = [("a", "(internal)", "2022-10-20"), ("a", "(direct)", "2022-10-20"), ("b", None, "2022-10-20")]
    second: list[Told] = [
        ("a", "news.example", "2022-11-02"),
        ("c", "(internal)", "2022-11-02"),
        ("b", "(direct)", "2022-10-20"),
    ]

    record(store, [first, second])

    check_arrivals(store, first + second)


def record(store: Store, files: list[list[Told]]) -> None:
    """Count files of views: each by its page, its referrer's host, and its day."""
    for number, views in enumerate(files):
        made = [
            view(100 * number + place, page, referrer_host=referrer, day=day)
            for place, (page, referrer, day) in enumerate(views)
        ]  # fmt: skip
        store.record([digest(f"2022-10-20-00-00-00-{number:016X}", made)])


@pytest.mark.usefixtures("counted")
def test_arrivals_stand_beside_views_in_json_and_csv() -> None:
    pages = ask("pages", "--measure", "arrivals", "--json").json

    assert pages["rows"] == [{"value": "blog/a", "views": 3, "arrivals": 2}, {"value": "b.html", "views": 2, "arrivals": 1}]
    assert (pages["total"], pages["query"]["measure"]) == (3, "arrivals")
    assert ask("pages", "--measure", "arrivals", "--csv").stdout.splitlines() == [
        "views,arrivals,page", "3,2,blog/a", "2,1,b.html",
    ]  # fmt: skip
    assert ask("top", "entry", "--csv").stdout.splitlines() == ["views,arrivals,entry", "2,2,blog/a", "1,1,b.html"]
    day = {"at": "2026-10-20", "views": 6, "arrivals": 3}
    assert ask("history", "--measure", "arrivals", "--json").json["series"] == [day]
    assert ask("history", "--measure", "arrivals", "--csv", "--compare").stdout.splitlines() == [
        "at,views,arrivals,before", "2026-10-20,6,3,",
    ]  # fmt: skip


@pytest.mark.usefixtures("counted")
def test_tables_of_arrivals_count_them_and_have_no_internal_referrer() -> None:
    assert ask("top", "referrer", "--measure", "arrivals").stdout.splitlines() == [
        "Arrivals  Share  Referrer",
        "       2   67 %  (direct)",
        "       1   33 %  news.example",
        "       3  100 %  in total, 2026-10-20",
    ]
    asked = ("top", "referrer", "--measure", "arrivals", "--limit", "1", "--json")
    first = ask(*asked).json
    rest = ask(*asked, "--cursor", first["next"]).json
    assert [row["value"] for row in first["rows"] + rest["rows"]] == ["(direct)", "news.example"]
    assert (rest["next"], rest["total"]) == (None, 3)
    assert ask("history", "--measure", "arrivals").stdout.splitlines()[0].split() == ["Arrivals", "Day"]


def test_arrivals_are_not_known_where_logs_keep_no_referrers(here: Path) -> None:
    common = '198.51.100.7 - - [20/Oct/2026:10:49:42 +0200] "GET /a.html HTTP/1.1" 200 2048\n'
    (here / "access.log").write_text(common)
    ask("import", "access.log")

    with closing(open_store("sqlite:footfall.db", ItemMap(DEFAULT_ITEM))) as store:
        found = total(store, Query())

    assert (found.total, found.arrivals) == (1, None)
    assert ask("top", "entry", "--json").rows == {}


@pytest.mark.usefixtures("counted")
def test_arrivals_are_not_counted_by_the_hour() -> None:
    with pytest.raises(ConfigError, match="arrivals are not counted by the hour: ask by day, or for views"):
        Query(measure="arrivals", interval="hour")
