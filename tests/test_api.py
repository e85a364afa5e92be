"""What the HTTP API answers: what the command line tells, over both stores."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from footfall.dimensions import DIMENSIONS

from .builders import FIREFOX, GOOGLEBOT, ask, line, write_log
from .serving import api_over

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


@pytest.fixture(params=["sqlite", "dynamodb"])
def counted(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store of each kind with what LINES count; its URL."""
    store = f"sqlite:{tmp_path}/counts.db" if request.param == "sqlite" else request.getfixturevalue("table_url")()
    write_log(tmp_path / "logs", LINES)
    assert ask("import", tmp_path / "logs", "--store", store).exit_code == 0
    return str(store)


@pytest.fixture
def api(counted: str) -> Iterator[httpx.Client]:
    """Whoever asks the API over it."""
    with api_over(counted) as client:
        yield client


def without_cost(answer: dict[str, Any]) -> dict[str, Any]:
    """Answers differ by what they cost: a command asks anew what a server remembers."""
    return {name: value for name, value in answer.items() if name != "capacity"}


@pytest.mark.parametrize(
    ("path", "command"),
    [
        *((f"/api/v1/stats/{name}?limit=2", ("top", name, "--limit", "2")) for name in DIMENSIONS),
        ("/api/v1/stats/page?prefix=blog/&limit=9&start=2026-10", ("pages", "--prefix", "blog/", "--limit", "9", "--start", "2026-10")),
        ("/api/v1/stats/history", ("history",)),
        ("/api/v1/stats/history?interval=month&end=2026-10-20", ("history", "--by", "month", "--end", "2026-10-20")),
        ("/api/v1/stats/history?interval=hour&period=2026-10-20", ("history", "--by", "hour", "--period", "2026-10-20")),
        ("/api/v1/stats/history?page=/blog/a/&interval=week", ("history", "blog/a", "--by", "week")),
        ("/api/v1/stats/history?page=caf%C3%A9", ("history", "café")),
        ("/api/v1/views?page=blog/a&limit=2", ("views", "blog/a", "--limit", "2")),
        ("/api/v1/status", ("status",)),
    ],
)  # fmt: skip
def test_it_answers_what_the_command_line_tells(api: httpx.Client, counted: str, path: str, command: tuple[str, ...]) -> None:
    answer = api.get(path)

    assert answer.status_code == 200
    assert without_cost(answer.json()) == without_cost(ask(*command, "--store", counted, "--json").json)
    assert (answer.json()["capacity"] is None) == counted.startswith("sqlite:")
    assert answer.json()["complete_until"] == "2026-10-31T23:59:59Z"


def test_a_bad_question_is_told_with_the_parameter_s_name(api: httpx.Client) -> None:
    for path, name in (
        ("/api/v1/stats/page?limit=0", "limit"),
        ("/api/v1/stats/page?limit=1&limit=2", "limit"),
        ("/api/v1/stats/page?limits=1", "limits"),
        ("/api/v1/stats/page?cursor=x", "cursor"),
        ("/api/v1/stats/page?start=2026-13", "start"),
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
        ("/api/v1/status?site=x", "site"),
        ("/pagehistory?page=a&from_date=soon", "from_date"),
    ):
        answer = api.get(path)

        assert answer.status_code == 400, path
        assert list(answer.json()) == ["error"]
        assert answer.json()["error"].startswith((f"{name}: ", f"no parameter '{name}'")), answer.json()
