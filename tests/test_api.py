"""What the HTTP API answers: what the command line tells, over both stores."""

import json
import sqlite3
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.api import pool, service
from footfall.api.endpoints import ENDPOINTS
from footfall.dimensions import DIMENSIONS
from footfall.measures import MEASURES, measures_of
from footfall.pageviews.classes import ABOUT_CLASSES, BOT_CLASSES, CLASSES
from footfall.reports import INTERVALS
from footfall.stores.sqlite import connect

from .builders import FIREFOX, GOOGLEBOT, ask, line, name, write_log
from .conftest import store_of, trials
from .serving import api_over, question

LINES = [
    line("index.html", "2026-09-30 23:59:59"),
    line("blog/a/", "2026-10-01 00:00:00", agent=FIREFOX),
    line("blog/a/", "2026-10-20 08:00:00"),
    line("blog/a/", "2026-10-20 09:00:00", referrer="https://news.example/x"),
    line("blog/b.html", "2026-10-31 23:59:59"),
    line("caf%25C3%25A9/", "2026-10-21 10:00:00"),
    line("about/", "2026-10-21 11:00:00", agent=GOOGLEBOT),
    line("wp-login.php", "2026-10-21 12:00:00", status=404, error="NoSuchKey"),
]
PAGES = {"blog/a": 3, "/": 1, "blog/b.html": 1, "café": 1}
SITE_IN_KEY = '{ PageName = "{site}/{page}", SortKey = "{epoch}#{request_id}" }'
# Each endpoint, asked in a way that it answers.
QUESTIONS = {path: question(path) for path in ENDPOINTS}


@pytest.fixture(scope="module", params=["sqlite", "dynamodb"])
def counted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A store of each kind with what LINES count, for all tests, as they only read it; its URL."""
    with store_of(LINES, request, tmp_path_factory.mktemp("counted")) as url:
        yield url


@pytest.fixture(scope="module")
def api(counted: str) -> Iterator[httpx.Client]:
    """Whoever asks the API over it."""
    with api_over(counted) as client:
        yield client


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A SQLite database with what LINES count."""
    write_log(tmp_path / "logs", LINES)
    assert ask("import", tmp_path / "logs", "--store", f"sqlite:{tmp_path}/counts.db").exit_code == 0
    return tmp_path / "counts.db"


def without_cost(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Answers differ by what they cost: a command asks anew what a server remembers."""
    return {name: value for name, value in answer.items() if name != "capacity"}


# What it answers


@pytest.mark.parametrize(
    ("path", "command"),
    [
        *((f"stats/{name}?limit=2", ("top", name, "--limit", "2")) for name in DIMENSIONS),
        ("stats/page?prefix=blog/&limit=9&start=2026-10", ("pages", "--prefix", "blog/", "--limit", "9", "--start", "2026-10")),
        ("stats/history", ("history",)),
        ("stats/history?interval=month&end=2026-10-20", ("history", "--by", "month", "--end", "2026-10-20")),
        ("stats/history?interval=hour&period=2026-10-20", ("history", "--by", "hour", "--period", "2026-10-20")),
        ("stats/history?page=/blog/a/&interval=week", ("history", "blog/a", "--by", "week")),
        ("stats/history?page=caf%C3%A9", ("history", "café")),
        ("views?page=blog/a&limit=2", ("views", "blog/a", "--limit", "2")),
        ("status", ("status",)),
    ],
)
def test_it_answers_what_the_command_line_tells(api: httpx.Client, counted: str, path: str, command: tuple[str, ...]) -> None:
    answer = api.get(f"/api/v1/{path}")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert without_cost(answer.json()) == without_cost(ask(*command, "--store", counted, "--json").json)


@pytest.mark.parametrize("path", QUESTIONS.values())
def test_every_answer_says_how_far_the_counts_reach_and_what_it_cost(api: httpx.Client, counted: str, path: str) -> None:
    for _ in range(2):  # the second costs what it costs, not both together
        answer = api.get(path)

        assert answer.headers["footfall-complete-until"] == "2026-10-31T23:59:59Z"
        if path.startswith("/api/"):
            assert answer.json()["complete_until"] == "2026-10-31T23:59:59Z"
        if not counted.startswith("dynamodb:"):
            assert "footfall-capacity" not in answer.headers
            assert path.endswith(".svg") or answer.json().get("capacity") is None
        else:
            told = dict(part.split("=") for part in answer.headers["footfall-capacity"].split(", "))
            reads = path != "/api/v1/dimensions"  # which are the same for every store
            assert reads <= (float(told["read_units"]) > 0)
            assert reads <= int(told["requests"]) <= 12  # a total asks for pages, arrivals, bots and visitors
            assert float(told["read_units"]) < 20
            assert float(told["write_units"]) == 0
            if path.startswith("/api/"):
                assert answer.json()["capacity"] == {name: float(value) for name, value in told.items()}


def test_a_total_has_its_pages_and_days(api: httpx.Client) -> None:
    october = api.get("/api/v1/stats/total?period=2026-10").json()
    of_page = api.get("/api/v1/stats/total?page=blog/a").json()
    of_prefix = api.get("/api/v1/stats/total?prefix=blog/&start=2026-10-02").json()

    assert (october["total"], october["pages"], october["days"]) == (5, 3, 31)
    assert october["query"] == {
        "site": "www.example.com",
        "page": None,
        "prefix": "",
        "start": "2026-10-01",
        "end": "2026-10-31",
        "measure": "views",
    }
    assert (of_page["total"], of_page["pages"], of_page["days"]) == (3, 1, 32)
    assert (of_prefix["total"], of_prefix["pages"]) == (3, 2)


def test_a_history_of_a_prefix_is_of_its_pages(api: httpx.Client) -> None:
    answer = api.get("/api/v1/stats/history?prefix=blog/&interval=month&start=2026-09").json()

    assert answer["series"] == [{"at": "2026-09-01", "views": 0}, {"at": "2026-10-01", "views": 4}]
    assert answer["query"]["prefix"] == "blog/"


@pytest.mark.parametrize("asked", ["page=https://www.example.com/blog/a/%3Fx=y", "page=/blog/a/index.html", "prefix=/blog/a"])
def test_pages_are_asked_for_as_they_are_copied(api: httpx.Client, asked: str) -> None:
    plain = asked.partition("=")[0] + "=blog/a"

    found, expected = (api.get(f"/api/v1/stats/total?{each}").json() for each in (asked, plain))
    site = expected["query"]["site"]
    assert (found["total"], found["query"]) == (expected["total"], expected["query"])
    assert api.get(f"/api/v1/stats/total?{plain}&site=https://{site}/").json()["query"] == expected["query"]


def test_the_period_before_is_compared(api: httpx.Client) -> None:
    asked = "period=2026-10&compare=previous"

    of_month = api.get(f"/api/v1/stats/total?{asked}").json()
    total = of_month["previous"]
    by_bots = api.get(f"/api/v1/stats/history?{asked}&measure=bots&interval=month").json()
    history = api.get(f"/api/v1/stats/history?{asked}&interval=week").json()
    pages = api.get(f"/api/v1/stats/page?{asked}").json()
    days, weekdays = (
        api.get(f"/api/v1/stats/page?start=2026-10-20&end=2026-10-21&compare={each}").json()
        for each in ("previous", "weekdays")
    )

    assert total.pop("suspected_bots")["visitors"] is None  # nobody loaded a file of the pages
    assert total == {
        "query": {"start": "2026-09-01", "end": "2026-09-30"},
        "total": 1,
        "pages": 1,
        "days": 30,
        "logged_days": 1,
        "arrivals": 1,
        "bots": 0,
        "visitors": 1,
        "unknown_visitor_days": 0,
    }
    assert of_month["bots"] == 1
    assert (by_bots["series"], by_bots["total"]) == ([{"at": "2026-10-01", "views": 5, "bots": 1}], 1)
    assert by_bots["previous"]["series"] == [{"at": "2026-09-01", "views": 1, "bots": 0}]
    assert history["previous"]["total"] == 1
    assert len(history["previous"]["series"]) == len(history["series"]) == 5
    assert pages["previous"] == {"query": {"start": "2026-09-01", "end": "2026-09-30"}, "total": 1, "logged_days": 1}
    assert [row["previous"] for row in pages["rows"]] == [0, 0, 0]
    assert days["previous"]["query"] == {"start": "2026-10-18", "end": "2026-10-19"}
    assert weekdays["previous"]["query"] == {"start": "2026-10-13", "end": "2026-10-14"}


def test_days_before_the_first_log_are_no_days(api: httpx.Client) -> None:
    asked = "period=2026-10&compare=previous"  # the first log is of 30 September, the last of 31 October

    for report in ("total", "history", "page"):
        answer = api.get(f"/api/v1/stats/{report}?{asked}").json()
        year = api.get(f"/api/v1/stats/{report}?period=2026&compare=previous").json()
        assert (answer["first_day"], answer["logged_days"], answer["previous"]["logged_days"]) == ("2026-09-30", 31, 1)
        assert (year["first_day"], year["logged_days"], year["previous"]["logged_days"]) == ("2026-09-30", 32, 0)


def test_rows_of_the_period_before_stand_beside_those_of_today(api: httpx.Client) -> None:
    answer = api.get("/api/v1/stats/page?start=2026-10-20&end=2026-11-08&compare=previous").json()

    assert [(row["value"], row["views"], row["previous"]) for row in answer["rows"]] == [
        ("blog/a", 2, 1), ("blog/b.html", 1, 0), ("café", 1, 0)
    ]  # fmt: skip
    assert answer["previous"]["total"] == 2


def test_cursors_lead_through_all_rows_and_views(api: httpx.Client) -> None:
    for path, all_rows in (("stats/page?limit=1", len(PAGES)), ("views?page=blog/a&limit=1", 3)):
        rows, cursor = [], ""
        while cursor is not None:
            answer = api.get(
                f"/api/v1/{path}",
                params={**dict(httpx.QueryParams(path.partition("?")[2])), **({"cursor": cursor} if cursor else {})},
            ).json()
            rows += answer["rows"]
            cursor = answer["next"]

        assert len(rows) == all_rows
        assert sum(row.get("views", 1) for row in rows) == (6 if "stats" in path else 3)
        assert len({json.dumps(row) for row in rows}) == all_rows


def test_tables_come_as_csv_as_the_command_line_prints_them(api: httpx.Client, counted: str) -> None:
    for path, command in (
        ("stats/page?limit=2", ("pages", "--limit", "2")),
        ("stats/history?page=caf%C3%A9", ("history", "café")),
    ):
        answer = api.get(f"/api/v1/{path}&format=csv")

        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert answer.text.splitlines() == ask(*command, "--csv", "--store", counted).stdout.splitlines()
    first = api.get("/api/v1/stats/page?limit=2&format=csv")
    rest = api.get(first.links["next"]["url"])
    assert first.text.splitlines() + rest.text.splitlines()[1:] == [
        "views,page",
        *(f"{views},{page}" for page, views in PAGES.items()),
    ]
    assert "next" not in rest.links
    compared = api.get("/api/v1/stats/page?period=2026-10&compare=previous&format=csv")
    assert compared.text.splitlines()[:2] == ["views,previous,page", "3,0,blog/a"]


def test_page_totals_are_as_the_article_s_readers_expect_them(api: httpx.Client) -> None:
    assert list(api.get("/pagetotals").json().items()) == list(PAGES.items())
    assert api.get("/pagetotals?blog/a").json() == api.get("/pagetotals?prefix=blog/a").json() == {"blog/a": 3}
    assert api.get("/pagetotals?blog/&from_date=2026-10-20&to_date=2026-10-30").json() == {"blog/a": 2}
    assert api.get("/pagetotals?caf%C3%A9=").json() == {"café": 1}
    assert api.get("/pagetotals?nowhere").json() == {}
    for wrong in ("blog/a&b", "prefix=a&b", "blog=a"):
        assert api.get(f"/pagetotals?{wrong}").status_code == 400


def test_a_page_s_history_is_by_day_and_of_an_unknown_page_zero(api: httpx.Client) -> None:
    asked = "from_date=2026-10-19&to_date=2026-10-21"

    assert api.get(f"/pagehistory?page=/blog/a/&{asked}").json() == {"2026-10-19": 0, "2026-10-20": 2, "2026-10-21": 0}
    assert set(api.get(f"/pagehistory?page=new&{asked}").json().values()) == {0}
    assert len(api.get("/pagehistory?page=blog/a").json()) == 32


@pytest.mark.parametrize(
    "asked",
    [
        "from_time=1792454400&to_time=1792540800",  # 20 and 21 October, 00:00 UTC
        "from_time=1792454400000&to_time=1792627199999",  # in milliseconds, to the end of the 21st
        "from_time=2026-10-20T08:00:00Z&to_time=2026-10-21T01:00:00%2B02:00",
        "from_time=2026-10-20T08:00&to_date=2026-10-20",
        "from_date=2026-10-20&to_time=2026-10-20",
    ],
)
def test_the_article_s_readers_may_name_days_by_moments(asked: str, api: httpx.Client) -> None:
    days = api.get(f"/pagehistory?page=blog/a&{asked}").json()

    assert days == dict([("2026-10-20", 2), ("2026-10-21", 0)][: len(days)])
    assert api.get(f"/pagetotals?{asked}").json()["blog/a"] == 2


def test_a_moment_is_of_the_site_s_day(tmp_path: Path) -> None:
    write_log(tmp_path / "logs", [line(at="2026-10-20 23:30:00")])
    store = f"sqlite:{tmp_path}/counts.db"
    ask("import", tmp_path / "logs", "--store", store, "--time-zone", "Europe/Berlin")

    with api_over(store) as api:
        answer = api.get("/pagehistory?page=blog/a&from_time=2026-10-20T23:30:00Z&to_time=2026-10-21T23:59").json()

    assert answer == {"2026-10-21": 1}


@pytest.mark.parametrize("path", ["/pagetotals?", "/pagehistory?page=blog/a&", "/api/v1/stats/page?", "/api/v1/status?"])
def test_what_scripts_add_to_be_answered_by_no_cache_asks_for_nothing(path: str, api: httpx.Client) -> None:
    plain, busted = (api.get(f"{path}{more}") for more in ("", "_=1699999999999"))

    assert busted.status_code == 200
    assert busted.headers["etag"] == plain.headers["etag"]


def test_sites_have_their_first_and_last_day(api: httpx.Client) -> None:
    assert without_cost(api.get("/api/v1/sites").json()) == {
        "sites": [{"site": "www.example.com", "first_day": "2026-09-30", "last_day": "2026-10-31"}],
        "time_zone": "UTC",
        "complete_until": "2026-10-31T23:59:59Z",
    }


def test_a_store_without_counts_has_empty_answers(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path}/counts.db"
    assert ask("import", write_log(tmp_path, []), "--store", store).exit_code == 0

    with api_over(store) as api:
        for path in QUESTIONS.values():
            if "/views" in path:  # a page that was never viewed
                assert api.get(path).status_code == 400
                continue
            answer = api.get(path)
            assert answer.status_code == 200, path
            if path.endswith(".svg"):
                assert ">0<" in answer.text
                continue
            assert not answer.json().get("total")
            assert answer.json().get("complete_until") is None


MOMENTS = st.lists(
    st.tuples(st.sampled_from(("one.example", "two.example")), st.sampled_from(("a/", "a/b/", "b.html", "index.html")),
              st.integers(0, 6 * 86_400)), min_size=1, max_size=30,
)  # fmt: skip
BEGIN = datetime(2026, 10, 22, 12, tzinfo=UTC)  # clocks are put back on the 25th in Europe


def agree(
    kind: str, table_url: Callable[..., str], moments: list[tuple[str, str, int]], first: int, length: int, zone: str
) -> None:
    """Totals, sums of histories and sums of rows are what the lines themselves say, for each site, page and prefix."""
    tagged = b".html?utm_campaign=spring&utm_source=letter HTTP"  # so that each view has a value of each dimension
    lines = [
        line(key, int(BEGIN.timestamp()) + second, bucket=site).replace(b" HTTP", tagged, 1) for site, key, second in moments
    ]
    start = date(2026, 10, 21) + timedelta(first)
    end = start + timedelta(length)
    local = [
        (site, key, (BEGIN + timedelta(seconds=second)).astimezone(ZoneInfo(zone)).date()) for site, key, second in moments
    ]
    names = {"a/": "a", "a/b/": "a/b", "b.html": "b.html", "index.html": "/"}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        store = f"sqlite:{folder}/counts.db" if kind == "sqlite" else table_url()
        write_log(folder / "logs", lines)
        assert ask("import", folder / "logs", "--store", store, "--time-zone", zone, "--item", SITE_IN_KEY).exit_code == 0
        with api_over(store, item=SITE_IN_KEY) as api:
            for site in {site for site, *_ in moments}:
                truth = Counter(names[key] for its, key, day in local if its == site and start <= day <= end)
                asked = {"site": site, "start": str(start), "end": str(end)}

                def get(path: str, asked: dict[str, str] = asked, **more: str) -> Any:
                    answer = api.get(path, params={**asked, **more})
                    assert answer.status_code == 200, answer.text
                    return answer.json()

                assert get("/api/v1/stats/total")["total"] == truth.total()
                assert get("/api/v1/stats/total")["pages"] == len(truth)
                for dimension in (name for name, row in DIMENSIONS.items() if row.of_views and row.is_on):
                    found = get(f"/api/v1/stats/{dimension}")
                    assert found["total"] == sum(row["views"] for row in found["rows"]) == truth.total()
                assert {row["value"]: row["views"] for row in get("/api/v1/stats/page")["rows"]} == truth
                for interval in INTERVALS:
                    found = get("/api/v1/stats/history", interval=interval)
                    assert found["total"] == sum(moment["views"] for moment in found["series"]) == truth.total()
                    for page in {names[key] for its, key, _ in local if its == site}:
                        assert get("/api/v1/stats/history", interval=interval, page=page)["total"] == truth[page]
                prefixed = sum(views for page, views in truth.items() if page.startswith("a"))
                assert get("/api/v1/stats/total", prefix="a")["total"] == prefixed
                assert get("/api/v1/stats/history", prefix="a")["total"] == prefixed
                assert get("/api/v1/stats/page", prefix="a")["total"] == prefixed


ANY = {
    "moments": MOMENTS, "first": st.integers(0, 8), "length": st.integers(0, 8),
    "zone": st.sampled_from(("UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Kiritimati")),
}  # fmt: skip


@settings(max_examples=trials(8), deadline=None)
@given(**ANY)
def test_totals_equal_sums_for_any_period_site_and_zone_in_sqlite(
    moments: list[tuple[str, str, int]], first: int, length: int, zone: str
) -> None:
    agree("sqlite", str, moments, first, length, zone)


@settings(max_examples=trials(4), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(**ANY)
def test_totals_equal_sums_for_any_period_site_and_zone_in_dynamodb(
    table_url: Callable[..., str], moments: list[tuple[str, str, int]], first: int, length: int, zone: str
) -> None:
    agree("dynamodb", table_url, moments, first, length, zone)


@pytest.mark.parametrize("interval", ["day", "week", "month"])
def test_the_series_of_a_row_is_its_history(interval, api):
    asked = {"start": "2026-09-15", "end": "2026-11-02"}

    rows = api.get("/api/v1/stats/page", params={**asked, "series": interval, "limit": 3}).json()["rows"]

    for row in rows:
        history = api.get("/api/v1/stats/history", params={**asked, "interval": interval, "page": row["value"]}).json()
        assert row["series"] == [moment["views"] for moment in history["series"]]
    assert [sum(row["series"]) for row in rows] == [row["views"] for row in rows] == [3, 1, 1]


def test_a_measure_is_answered_by_the_dimensions_that_count_it(file: Path) -> None:
    with api_over(f"sqlite:{file}") as api:
        for name in DIMENSIONS:
            there = measures_of(name)
            first, *more = [api.get(f"/api/v1/stats/{name}", params={"measure": own}).json() for own in there]
            refused = [(other, api.get(f"/api/v1/stats/{name}", params={"measure": other})) for other in {*MEASURES} - {*there}]

            assert first == api.get(f"/api/v1/stats/{name}").json()
            assert [answer["query"]["measure"] for answer in (first, *more)] == there
            for other, answer in refused:
                assert answer.status_code == 400
                problem = f"measure: no {other} are counted by {name}; there is: {', '.join(there)}"
                assert answer.json() == {"error": problem}
        unknown = api.get("/api/v1/stats/total?measure=hits")

    assert unknown.json() == {"error": f"measure: no measure 'hits'; there is: {', '.join(measures_of(None))}"}


def test_the_list_of_dimensions_has_each_with_what_it_counts(file: Path) -> None:
    with api_over(f"sqlite:{file}") as api:
        answer = api.get("/api/v1/dimensions").json()
    found = {row["dimension"]: row for row in answer["dimensions"]}

    assert list(found) == [name for name, row in DIMENSIONS.items() if row.is_on]
    assert found["referrer"] == {
        "dimension": "referrer", "title": "Referrer", "noun": {"one": "view", "many": "views"},
        "measures": ["views", "arrivals"], "is_filter": True, "classes": {}, "about_classes": {},
        "panel": "sources", "detail_of": None,
    }  # fmt: skip
    assert found["bot"]["noun"] == {"one": "request", "many": "requests"}
    assert found["bot"]["classes"] == BOT_CLASSES
    assert found["bot"]["about_classes"] == ABOUT_CLASSES
    assert found["bot_page"]["detail_of"] == "bot"
    assert {row["panel"] for row in found.values()} - {None} <= {row["panel"] for row in answer["panels"]}


def test_the_classes_of_bots_are_named_as_the_answers_name_bots() -> None:
    assert all(name == name.lower() for name in BOT_CLASSES)
    assert BOT_CLASSES["gptbot"] == "AI training"
    assert {*BOT_CLASSES.values()} <= ABOUT_CLASSES.keys()
    assert CLASSES.keys() <= DIMENSIONS.keys()


def test_the_referrers_of_a_page_are_those_of_its_views(api):
    answer = api.get("/api/v1/views/referrers", params={"page": "blog/a", "period": "2026-10"}).json()

    address = {"address": "https://news.example/x", "views": 1}
    assert answer["rows"] == [
        {"value": "(direct)", "views": 2, "addresses": []}, {"value": "news.example", "views": 1, "addresses": [address]},
    ]  # fmt: skip
    assert (answer["total"], answer["of"]) == (3, 3)


def test_the_referrers_of_a_page_say_of_how_many_views_they_are(tmp_path):
    store = f"sqlite:{tmp_path}/counts.db"
    write_log(tmp_path / "logs", LINES[:3], name="2026-10-20-09-00-00-0000000000000001")
    write_log(tmp_path / "later", LINES[3:], name="2026-10-21-09-00-00-0000000000000002")
    ask("import", tmp_path / "logs", "--store", store, "--keep-views", "no")
    ask("import", tmp_path / "later", "--store", store)

    with api_over(store) as api:
        answer = api.get("/api/v1/views/referrers", params={"page": "blog/a"}).json()

    assert [(row["value"], row["views"]) for row in answer["rows"]] == [("news.example", 1)]
    assert (answer["total"], answer["of"]) == (1, 3)


def test_a_store_whose_items_have_no_referrer_makes_none_up(tmp_path):
    store, item = f"sqlite:{tmp_path}/counts.db", '{ PageName = "{page}", SortKey = "{epoch}#{request_id}" }'
    write_log(tmp_path / "logs", LINES)
    ask("import", tmp_path / "logs", "--store", store, "--item", item)

    with api_over(store, item=item) as api:
        answer = api.get("/api/v1/views/referrers", params={"page": "blog/a"}).json()

    assert (answer["rows"], answer["total"], answer["of"]) == ([], 0, 3)


# How it fails


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/api/v1/stats/page?limit=0", "limit"),
        ("/api/v1/stats/page?limit=", "limit"),
        ("/api/v1/stats/page?limit=10001", "limit"),
        ("/api/v1/stats/page?limit=1&limit=2", "limit"),
        ("/api/v1/views?page=blog/a&limit=1001", "limit"),
        ("/api/v1/stats/page?cursor=x", "cursor"),
        ("/api/v1/stats/page?start=2026-13", "start"),
        ("/api/v1/stats/page?start=1969-12-31", "start"),
        ("/api/v1/stats/page?end=9999-12-31", "end"),
        ("/api/v1/stats/page?start=2026-11&end=2026-10", "end"),
        ("/api/v1/stats/page?period=30d&end=2026-10", "period"),
        ("/api/v1/stats/page?site=other.example", "site"),
        ("/api/v1/stats/page?compare=next", "compare"),
        ("/api/v1/stats/page?format=xml", "format"),
        ("/api/v1/stats/history?interval=year", "interval"),
        ("/api/v1/stats/history?interval=hour&start=1980", "interval"),
        ("/api/v1/stats/history?interval=hour&prefix=blog", "interval"),
        ("/api/v1/stats/history?page=nowhere", "page"),
        ("/api/v1/stats/total?page=blog/a&prefix=blog/", "page"),
        ("/api/v1/stats/total?compare=previous&start=1971&end=9998", "compare"),
        ("/api/v1/views", "page"),
        ("/api/v1/views?page=", "page"),
        ("/pagehistory?page=a&from_date=soon", "from_date"),
        ("/pagehistory?page=a&from_time=soon", "from_time"),
        ("/pagehistory?page=a&from_time=2026-10-20T25:00", "from_time"),
        ("/pagehistory?page=a&to_time=1969-10-20T23:00", "to_time"),
        ("/pagehistory?page=a&from_date=2026-10&from_time=1792454400", "from_time"),
        ("/pagetotals?to_date=20221020", "to_date"),
    ],
)
def test_a_bad_question_is_told_with_the_parameter_s_name(api: httpx.Client, path: str, parameter: str) -> None:
    answer = api.get(path)

    assert answer.status_code == 400
    assert answer.json().keys() == {"error"}
    assert answer.json()["error"].startswith(f"{parameter}: ")
    assert answer.headers["cache-control"] == "no-store"


def test_what_is_near_is_told(api: httpx.Client) -> None:
    assert "did you mean limit?" in api.get("/api/v1/stats/page?limits=1").json()["error"]
    assert "did you mean blog/a" in api.get("/api/v1/stats/history?page=blog/aa").json()["error"]
    assert "www.example.com" in api.get("/api/v1/stats/page?site=x").json()["error"]
    assert "referrer" in api.get("/api/v1/stats/referer").json()["error"]


def test_other_paths_and_methods_are_no_questions(api: httpx.Client) -> None:
    assert api.get("/api/v1/nothing").status_code == 404
    assert api.get("/pagetotals/").status_code == 404
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        answer = api.request(method, "/pagetotals")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
        assert answer.json().keys() == {"error"}


def test_health_and_openapi_ask_no_store(tmp_path: Path) -> None:
    with api_over(f"sqlite:{tmp_path}/none.db") as api:
        assert api.get("/healthz").json() == {"status": "ok"}
        assert api.get("/openapi.json").json()["openapi"] == "3.1.0"


def test_a_store_that_is_not_there_yet_is_a_matter_of_time(tmp_path: Path) -> None:
    write_log(tmp_path / "logs", LINES)
    store = f"sqlite:{tmp_path}/counts.db"
    with api_over(store) as api:
        before = api.get("/pagetotals")
        ask("import", tmp_path / "logs", "--store", store)

        assert (before.status_code, before.headers["retry-after"]) == (503, "2")
        assert str(tmp_path) not in before.text
        assert api.get("/pagetotals").json() == PAGES


def test_a_database_in_another_s_place_is_the_one_that_answers(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "MOST_SECONDS", 0.0)
    with api_over(f"sqlite:{file}") as api:
        assert api.get("/pagetotals").json() == PAGES
        for path in tmp_path.glob("counts.db*"):
            path.unlink()
        ask("import", "-", "--store", f"sqlite:{file}", stdin=line("new/"))

        assert api.get("/pagetotals").json() == {"new": 1}


def test_a_store_that_is_locked_is_busy(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "LOCK_SECONDS", 0.1)
    with closing(sqlite3.connect(file, isolation_level=None)) as other, api_over(f"sqlite:{file}") as api:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        answer = api.get("/pagetotals")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert "busy" in answer.json()["error"]


def test_too_many_requests_at_once_wait_and_are_then_told_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "LONGEST_WAIT", 0.05)
    monkeypatch.setattr(pool, "MOST_STORES", 0)
    with api_over(f"sqlite:{file}") as api:
        assert api.get("/pagetotals").status_code == 503


def test_what_fails_inside_is_told_to_the_log_and_not_to_who_asks(
    file: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    file.write_bytes(b"not a database" * 100)
    with api_over(f"sqlite:{file}") as api:
        answer = api.get("/pagetotals")

    assert answer.status_code == 503
    assert str(file) not in answer.text
    assert str(file) in caplog.text


def test_an_answer_that_is_too_large_for_lambda_is_refused_by_name(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.api.service.MOST_BYTES", 100)
    with api_over(f"sqlite:{file}") as api:
        assert api.get("/api/v1/stats/page").json()["error"].startswith("limit: ")
        assert api.get("/api/v1/stats/history").json()["error"].startswith("prefix: ")


# How it travels


@pytest.mark.parametrize("path", [*QUESTIONS.values(), "/healthz", "/openapi.json", "/nowhere", "/api/v1/views"])
def test_head_is_get_without_its_body(api: httpx.Client, path: str) -> None:
    head, get = api.head(path), api.get(path)

    assert head.status_code == get.status_code
    assert head.content == b""
    changing = ("date", "footfall-capacity", "content-length")  # the capacity is part of the answer
    for header in get.headers.keys() - changing:
        assert head.headers[header] == get.headers[header]
    assert "content-length" in head.headers


def test_what_did_not_change_is_not_sent_again(file: Path) -> None:
    with api_over(f"sqlite:{file}") as api:
        first = api.get("/api/v1/stats/page")
        tag = first.headers["etag"]
        for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
            again = api.get("/api/v1/stats/page", headers={"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
            assert again.headers["cache-control"] == first.headers["cache-control"] == "private, no-cache"
        assert api.get("/api/v1/stats/page?limit=1", headers={"If-None-Match": tag}).status_code == 200
        ask("import", "-", "--store", f"sqlite:{file}", stdin=line())

        changed = api.get("/api/v1/stats/page", headers={"If-None-Match": tag})

        assert changed.status_code == 200
        assert changed.headers["etag"] != tag


def test_the_tag_is_of_the_content_and_not_of_what_it_cost(counted: str) -> None:
    with api_over(counted) as api:
        tags = {api.get("/api/v1/stats/page").headers["etag"] for _ in range(3)}

    assert len(tags) == 1
    assert tags.pop().startswith('W/"')


PATHS = ("/pagetotals", "/api/v1/stats/page?limit=x", "/nowhere", "/healthz", "/", "/api/v1/views?page=blog/a")


@pytest.mark.parametrize("path", PATHS)
def test_pages_of_the_configured_origins_alone_may_read_answers_and_errors(file: Path, path: str) -> None:
    with api_over(f"sqlite:{file}", cors_origins="https://www.example.org,http://localhost:8000") as api:
        for origin, may in (
            ("https://www.example.org", True), ("http://localhost:8000", True), ("https://evil.example", False),
            ("https://www.example.org.evil.example", False), ("http://www.example.org", False), ("null", False),
        ):  # fmt: skip
            answer = api.get(path, headers={"Origin": origin})

            assert answer.headers.get("access-control-allow-origin") == (origin if may else None)
            assert "Origin" in answer.headers["vary"]
            assert "access-control-allow-credentials" not in answer.headers
        assert "Origin" in api.get(path).headers["vary"]


def test_browsers_ask_first_and_are_told(file: Path) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    with api_over(f"sqlite:{file}", cors_origins="https://www.example.org", asks_token=True) as api:
        yes = api.options("/api/v1/status", headers={**asked, "Origin": "https://www.example.org"})
        no = api.options("/api/v1/status", headers={**asked, "Origin": "https://evil.example"})

    assert (yes.status_code, yes.content) == (204, b"")
    assert yes.headers["access-control-allow-origin"] == "https://www.example.org"
    assert {"Authorization", "Content-Type"} < set(yes.headers["access-control-allow-headers"].split(", "))
    assert yes.headers["access-control-allow-methods"] == "GET, HEAD"
    assert no.status_code == 403
    assert not [name for name in no.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", PATHS)
def test_every_response_has_the_security_headers(file: Path, path: str) -> None:
    with api_over(f"sqlite:{file}") as api:
        for answer in (api.get(path), api.post(path), api.head(path), api.get(path, headers={"Host": "evil.example"})):
            policy = answer.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; script-src 'self'; ")
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert "server" not in answer.headers


def test_names_that_lead_to_this_machine_from_elsewhere_are_refused(file: Path) -> None:
    with api_over(f"sqlite:{file}") as api:
        port = api.base_url.port
        for host in (
            "evil.example",
            f"evil.example:{port}",
            "127.0.0.1.evil.example",
            "",
            "localhost.evil.example:80",
            "192.0.2.1",
            "8.8.8.8",
        ):
            assert api.get("/pagetotals", headers={"Host": host}).status_code == 403, host
        for host in (f"localhost:{port}", "127.0.0.1", "127.0.0.2:1", f"[::1]:{port}", "[::ffff:127.0.0.1]", "LOCALHOST"):
            assert api.get("/pagetotals", headers={"Host": host}).status_code == 200, host


# At once


def test_many_requests_at_once_while_logs_are_imported_all_add_up(file: Path, tmp_path: Path) -> None:
    for number in range(2, 30):
        write_log(tmp_path / "more", [line(f"p{each}/", "2026-10-20 10:00:00") for each in range(40)], name(number))
    stop = threading.Event()

    def asks(api: httpx.Client) -> int:
        answers = 0
        while not stop.is_set() or answers < 5:
            total = api.get("/api/v1/stats/total?compare=previous")
            rows = api.get("/api/v1/stats/page?limit=10000")
            assert total.status_code == rows.status_code == 200
            found = rows.json()
            assert found["total"] == sum(row["views"] for row in found["rows"])
            assert (found["total"] - 6) % 40 == 0  # a file counts as a whole
            answers += 1
        return answers

    with api_over(f"sqlite:{file}") as api, ThreadPoolExecutor(12) as threads:
        asking = [threads.submit(asks, api) for _ in range(12)]
        imported = ask("import", tmp_path / "more", "--store", f"sqlite:{file}", "--json")
        stop.set()
        assert all(each.result() >= 5 for each in asking)
        assert api.get("/api/v1/stats/total").json()["total"] == 6 + imported.json["views"] == 6 + 28 * 40


def test_each_request_s_capacity_is_its_own_however_many_there_are(counted: str) -> None:
    if not counted.startswith("dynamodb:"):
        pytest.skip("a file costs nothing")
    with api_over(counted) as api, ThreadPoolExecutor(6) as threads:
        costs = list(threads.map(lambda _: api.get("/api/v1/stats/page").json()["capacity"]["requests"], range(60)))

    assert max(costs) <= 6
    assert min(costs) >= 1


def test_the_largest_answer_stays_below_what_lambda_can_give() -> None:
    assert service.MOST_BYTES < 6 * 1024 * 1024
