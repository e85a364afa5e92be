"""Several questions in one request: each is answered as by itself, and the store is read once."""

import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from footfall.api import make_app, reading
from footfall.api.endpoints import BATCH, ENDPOINTS
from footfall.settings import load_settings

from .builders import GOOGLEBOT, ask, line, write_log
from .conftest import store_of
from .serving import api_over, question, serving

LINES = [
    line("index.html", "2026-09-30 23:59:59"),
    line("blog/a/", "2026-10-20 08:00:00", referrer="https://news.example/x"),
    line("blog/a/", "2026-10-20 09:00:00"),
    line("drafts/secret/", "2026-10-21 09:00:00"),
    line("about/", "2026-10-21 11:00:00", agent=GOOGLEBOT),
    line("wp-login.php", "2026-10-21 12:00:00", status=404, error="NoSuchKey"),
]
BELOW = "/api/v1/"
OF_ENDPOINTS = [question(path).removeprefix(BELOW) for path in ENDPOINTS if path.startswith(BELOW) and path != BATCH]


@pytest.fixture(scope="module", params=["sqlite", "dynamodb"])
def counted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A store of each kind with what LINES count, for all tests, as they only read it; its URL."""
    with store_of(LINES, request, tmp_path_factory.mktemp("counted")) as url:
        yield url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A SQLite database with what LINES count."""
    write_log(tmp_path / "logs", LINES)
    assert ask("import", tmp_path / "logs", "--store", f"sqlite:{tmp_path}/counts.db").exit_code == 0
    return tmp_path / "counts.db"


def batch(api: httpx.Client, *questions: str) -> httpx.Response:
    return api.get(BATCH, params=[("ask", each) for each in questions])


def parts(api: httpx.Client, *questions: str) -> list[dict[str, Any]]:
    answer = batch(api, *questions)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["answers"]
    return found


def statuses(api: httpx.Client, *questions: str) -> list[int]:
    return [part["status"] for part in parts(api, *questions)]


# What it answers


def test_each_question_is_answered_as_by_itself(counted: str) -> None:
    questions = [*OF_ENDPOINTS, "stats/page?period=2026-10&compare=previous&series=week&limit=1", "stats/history?page=/blog/a/"]
    with api_over(counted) as api:
        alone = [api.get(f"{BELOW}{each}").json() for each in questions]

        together = [part for start in range(0, len(questions), 10) for part in parts(api, *questions[start : start + 10])]

    for answer in alone:
        answer.pop("capacity")  # which a batch has for all together
    assert [part["answer"] for part in together] == alone
    assert {part["status"] for part in together} == {200}


def test_a_question_that_is_wrong_leaves_the_others_alone(counted: str) -> None:
    wrong = ["stats/page?limit=0", "stats/history?page=blog/aa", "views", "stats/page?format=csv", "stats/total?limit=1"]
    with api_over(counted) as api:
        found = parts(api, "stats/total", *wrong, "status")
        alone = [api.get(f"{BELOW}{each}") for each in wrong if "format" not in each]

    assert [part["status"] for part in found] == [200, 400, 400, 400, 400, 400, 200]
    told = [part["error"] for part in found[1:-1] if "format" not in part["error"]]
    assert told == [answer.json()["error"] for answer in alone]
    assert "no parameter 'format' here" in found[4]["error"]


def test_an_unchanged_batch_is_not_sent_again(counted: str) -> None:
    with api_over(counted) as api:
        first = batch(api, *OF_ENDPOINTS[:8])
        again = api.get(str(first.request.url), headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("counted", ["dynamodb"], indirect=True)  # which says what it reads
def test_what_questions_ask_alike_is_read_once(counted: str) -> None:
    total, more = (
        "stats/total?compare=previous",
        ["stats/page?compare=previous", "sites", "stats/page?compare=previous&limit=1"],
    )
    costs = []
    for questions in ([total], [total, *more]):
        with api_over(counted) as api:
            costs.append(batch(api, *questions).json()["capacity"])

    assert costs[0] == costs[1]


def test_what_there_is_no_room_to_keep_is_read_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with api_over(f"sqlite:{file}") as api:
        answers = parts(api, *OF_ENDPOINTS[:9])
        monkeypatch.setattr(reading, "MOST_KEPT", 0)

        assert parts(api, *OF_ENDPOINTS[:9]) == answers


# What it refuses


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", ["ask: is missing"]),
        ("ask=", ["ask: ", "stats/total?period=30d"]),
        ("&".join(["ask=sites"] * 21), ["ask: ", "more than 20 times", "another request"]),
        ("ask=sites&ask=stats/nothing", ["ask: ", "'stats/nothing'"]),
        ("ask=batch?ask=sites", ["ask: ", "'batch'"]),
        ("ask=../../pagetotals", ["ask: ", "no path"]),
        ("ask=sites&period=30d", ["no parameter 'period'", "ask"]),
    ],
)
def test_a_request_that_is_no_batch_is_refused(query: str, words: list[str], file: Path) -> None:
    with api_over(f"sqlite:{file}") as api:
        answer = api.get(f"{BATCH}?{query}")

    assert answer.status_code == 400
    assert [word for word in words if word not in answer.json()["error"]] == []


def test_answers_that_are_too_large_together_are_refused_by_name(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.api.service.MOST_BYTES", 1000)
    with api_over(f"sqlite:{file}") as api:
        assert batch(api, "stats/total").status_code == 200
        assert batch(api, *["stats/total"] * 9).json()["error"].startswith("ask: the answers are larger than 1,000 bytes")


# Who may ask


def test_each_question_needs_a_token_or_none_as_by_itself(counted: str) -> None:
    public = ["/api/v1/sites", "/api/v1/stats/total?prefix=blog/"]
    token = ask("token", "add", "reader", "--store", counted, "--json").json["token"]
    questions = [
        "sites",
        "stats/total?prefix=blog/",
        "stats/total",
        "stats/total?prefix=drafts/",
        "views?page=blog/a",
        "status",
    ]
    with api_over(counted, asks_token=True, public=public) as api:
        nobody = parts(api, *questions)
        with_token = api.get(
            BATCH, params=[("ask", each) for each in questions], headers={"Authorization": f"Bearer {token}"}
        ).json()
    ask("token", "revoke", "reader", "--store", counted)

    assert [part["status"] for part in nobody] == [200, 200, 401, 401, 401, 401]
    assert [part.keys() for part in nobody[2:]] == [{"status", "error"}] * 4
    assert [part["status"] for part in with_token["answers"]] == [200] * 6


def test_where_all_questions_need_a_token_the_batch_needs_it(file: Path) -> None:
    with api_over(f"sqlite:{file}", asks_token=True, public=["/api/v1/sites"]) as api:
        answer = batch(api, "stats/total", "status")

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json().keys() == {"error"}


# Whose client has left


def test_nothing_more_is_read_for_a_client_that_has_left(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "CHECK_SECONDS", 0.0)
    ended: list[int] = []
    app = telling(make_app(load_settings(None, {"store": f"sqlite:{file}"}, {}), asks_token=False), ended.append)
    target = str(httpx.URL(BATCH, params=[("ask", "stats/page?compare=previous")] * 20))
    with serving(app) as api:
        address = urlsplit(str(api.base_url))
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")  # what is asked now waits
            with socket.create_connection((str(address.hostname), int(address.port or 0))) as client:
                client.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            assert api.get("/healthz").status_code == 200  # by now the server knows that the client has left

    assert sorted(ended) == [200, 499]


def telling(app: Callable[..., Any], told: Callable[[int], None]) -> Callable[..., Any]:
    """An application which tells the status of each response, also where nobody gets it."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                told(message["status"])
            await send(message)

        await app(scope, receive, tell)

    return wrapped
