"""What a filter chooses: as the log says it in SQLite, and from DynamoDB what one filter alone is answered by."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from footfall.stores.sqlite import filtered

from .builders import CHROME, FIREFOX, GOOGLEBOT, ask, line, name, write_log
from .conftest import store_of
from .serving import api_over

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
    "Mobile/15E148 Safari/604.1"
)


class Seen(NamedTuple):
    """A view, by what it is counted by."""

    page: str
    day: str
    source: str
    device: str
    browser: str


PAGES = ("blog/a", "blog/b", "/")
DAYS = ("2026-09-30", "2026-10-01", "2026-10-20", "2026-10-21")
SOURCES = {
    "-": "(direct)",
    "https://www.google.de/": "Google",
    "https://google.com/": "Google",
    "https://a.example/x": "a.example",
}
AGENTS = {CHROME: ("computer", "Chrome"), FIREFOX: ("computer", "Firefox"), IPHONE: ("phone", "Safari")}
MADE = [each for number, each in enumerate(product(PAGES, DAYS, SOURCES, AGENTS)) if number % 5]
VIEWS = [Seen(page, day, SOURCES[referrer], *AGENTS[agent]) for page, day, referrer, agent in MADE]
LINES = [
    *(
        line(f"{page}/index.html".lstrip("/"), f"{day} {8 + number % 3:02}:00:00", referrer=referrer, agent=agent)
        for number, (page, day, referrer, agent) in enumerate(MADE)
    ),
    *(line("blog/a/index.html", f"{day} 12:00:00", agent=GOOGLEBOT) for day in DAYS[1:]),
]  # fmt: skip
OCTOBER = {"start": "2026-10-01", "end": "2026-10-31"}


@pytest.fixture(scope="module", params=["sqlite", "dynamodb"])
def counted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with store_of(LINES, request, tmp_path_factory.mktemp("counted")) as url:
        yield url


@pytest.fixture(scope="module")
def api(counted: str) -> Iterator[httpx.Client]:
    with api_over(counted) as client:
        yield client


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("filtered")
    store = f"sqlite:{folder}/counts.db"
    assert ask("import", write_log(folder, LINES, name(1)), "--store", store).exit_code == 0
    return store


def chosen(filters: dict[str, str], start: str = "2026-10-01") -> list[Seen]:
    return [seen for seen in VIEWS if seen.day >= start and all(getattr(seen, by) == value for by, value in filters.items())]


def told(database: str, *command: str, **filters: str) -> Any:
    flags = [flag for by, value in filters.items() for flag in ("--filter", f"{by}={value}")]
    return ask(*command, *flags, "--period", "2026-10", "--store", database, "--json").json


@pytest.mark.parametrize(
    "filters",
    [{"device": "phone"}, {"source": "Google"}, {"page": "/"}, {"source": "Google", "browser": "Firefox"},
     {"page": "blog/a", "device": "phone", "source": "(direct)"}, {"browser": "Opera"}],
)  # fmt: skip
def test_sqlite_counts_by_everything_what_filters_choose(filters: dict[str, str], database: str) -> None:
    views = chosen(filters)

    for by in ("page", "source", "device", "browser"):
        answer = told(database, "top", by, **filters)
        assert {row["value"]: row["views"] for row in answer["rows"]} == Counter(getattr(seen, by) for seen in views)
        assert answer["total"] == len(views)
        assert answer["query"]["filter"] == [f"{each}={value}" for each, value in filters.items()]
    history = told(database, "history", **filters)
    assert {row["at"]: row["views"] for row in history["series"] if row["views"]} == Counter(seen.day for seen in views)
    hours = told(database, "history", "--by", "hour", **filters)
    assert sum(row["views"] for row in hours["series"]) == hours["total"] == len(views)
    assert {row["at"][11:13] for row in hours["series"] if row["views"]} <= {"08", "09", "10"}


def test_series_and_the_period_before_are_of_what_is_chosen(database: str) -> None:
    compared = ask(
        "pages",
        "--filter",
        "device=phone",
        "--start",
        "2026-10-20",
        "--end",
        "2026-10-20",
        "--compare",
        "--store",
        database,
        "--json",
    ).json
    with api_over(database) as client:
        asked = {**OCTOBER, "filter": ["device=phone", "source=Google"]}
        series = client.get("/api/v1/stats/page", params={**asked, "series": "day"}).json()
        total = client.get("/api/v1/stats/total", params={**asked, "compare": "previous"}).json()

    then = [seen for seen in VIEWS if seen.device == "phone" and seen.day == "2026-10-19"]
    assert compared["previous"]["total"] == len(then)
    for row in series["rows"]:
        of_page = Counter(seen.day for seen in chosen({"device": "phone", "source": "Google", "page": row["value"]}))
        assert {f"2026-10-{day:02}": views for day, views in enumerate(row["series"], 1) if views} == of_page
    views = chosen({"device": "phone", "source": "Google"})
    assert (total["total"], total["pages"], total["arrivals"]) == (len(views), len({seen.page for seen in views}), len(views))
    assert total["filtered"] == {"kept": len(chosen({})), "counted": len(chosen({}))}
    assert "visitors" not in total


def test_one_filter_is_answered_by_every_store(api: httpx.Client) -> None:
    for by, value in {"device": "phone", "source": "Google", "page": "blog/a"}.items():
        asked = {**OCTOBER, "filter": f"{by}={value}"}
        views = chosen({by: value})

        assert api.get("/api/v1/stats/total", params=asked).json()["total"] == len(views)
        history = api.get("/api/v1/stats/history", params=asked).json()
        assert {row["at"]: row["views"] for row in history["series"] if row["views"]} == Counter(seen.day for seen in views)
        (row,) = api.get(f"/api/v1/stats/{by}", params=asked).json()["rows"]
        assert (row["value"], row["views"]) == (value, len(views))


def test_the_requests_of_one_bot_are_counted_over_time(api: httpx.Client) -> None:
    total = api.get("/api/v1/stats/total", params={"filter": "bot=Googlebot"}).json()
    history = api.get("/api/v1/stats/history", params={"filter": "bot=Googlebot"}).json()

    assert (total["total"], total["query"]["measure"], total["pages"], total["arrivals"]) == (3, "requests", None, None)
    assert {row["at"]: row["views"] for row in history["series"] if row["views"]} == dict.fromkeys(DAYS[1:], 1)


def test_a_store_says_what_it_cannot_filter(api: httpx.Client, counted: str) -> None:
    several = api.get("/api/v1/stats/total", params={"filter": ["device=phone", "browser=Safari"]})
    other = api.get("/api/v1/stats/browser", params={"filter": "device=phone"})
    combines = api.get("/api/v1/dimensions").json()["combines_filters"]

    if counted.startswith("sqlite"):
        assert (combines, several.status_code, other.status_code) == (True, 200, 200)
    else:
        assert (combines, several.status_code, other.status_code) == (False, 400, 400)
        assert "this store counts by one dimension at a time" in several.json()["error"]
        assert other.json()["error"].startswith("filter: ")


@pytest.mark.parametrize(
    ("filters", "path", "error"),
    [
        (["device"], "total", "filter: must be written like country=DE, not 'device'"),
        (["devize=phone"], "total", "filter: no dimension 'devize'; did you mean device?"),
        (["device=phone", "device=tablet"], "total", "filter: names device twice, but a view has only one"),
        (["bot=Googlebot", "device=phone"], "total", "filter: bot is counted for requests that are not views"),
        (["device=phone"], "bot", "filter: bot counts requests that are not views, which cannot be filtered"),
        (["device=phone"], "total?measure=visitors", "measure: visitors are only counted for the whole site"),
        (["bot=Googlebot"], "history?interval=hour", "interval: bot is not counted by the hour"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_with_what_would(
    filters: list[str], path: str, error: str, api: httpx.Client
) -> None:
    path, _, more = path.partition("?")
    answer = api.get(f"/api/v1/stats/{path}", params={"filter": filters, **dict([more.split("=")] if more else [])})

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(error)


def test_views_of_an_earlier_footfall_are_not_chosen_among_and_the_answer_says_so(here: Path) -> None:
    ask("import", write_log(here, LINES, name(1)))
    with closing(sqlite3.connect("footfall.db")) as connection:
        connection.execute("UPDATE views SET day = NULL WHERE time < unixepoch('2026-10-20')")
        connection.commit()

    answer = ask("top", "browser", "--filter", "device=phone", "--json").json

    kept = [seen for seen in VIEWS if seen.day >= "2026-10-20"]
    assert answer["filtered"] == {"kept": len(kept), "counted": len(VIEWS)}
    assert answer["total"] == sum(seen.device == "phone" for seen in kept)


def test_what_was_counted_meanwhile_is_chosen_among(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filtered, "MOST_CHOSEN", 1)  # so that tables take each other's place
    ask("import", write_log(here, LINES, name(1)))
    with api_over("sqlite:footfall.db") as client:
        asked = {"filter": ["device=phone"]}
        before = [client.get("/api/v1/stats/browser", params=asked).json()["total"] for _ in range(2)]
        others = client.get("/api/v1/stats/browser", params={"filter": ["device=computer"]}).json()["total"]
        ask("import", write_log(here, [line("new/index.html", "2026-10-21 09:00:00", agent=IPHONE)], name(2)))
        after = client.get("/api/v1/stats/browser", params=asked).json()["total"]

    phones = sum(seen.device == "phone" for seen in VIEWS)
    assert (before, others, after) == ([phones, phones], len(VIEWS) - phones, phones + 1)


def test_what_is_open_for_some_pages_alone_is_not_open_to_be_filtered(database: str) -> None:
    with api_over(database, asks_token=True, public=["/api/v1/stats/total?prefix=blog/", "/api/v1/stats/history"]) as client:
        some = client.get("/api/v1/stats/total", params={"page": "blog/a", "filter": "device=phone"})
        all_of_it = client.get("/api/v1/stats/history", params={"filter": "device=phone"})

    assert (some.status_code, all_of_it.status_code) == (401, 200)
