"""Who may ask what over HTTP, and how tokens are kept."""

import re
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from footfall.api.endpoints import ENDPOINTS
from footfall.errors import ConfigError
from footfall.settings import load_settings
from footfall.stores.shapes import Token
from footfall.stores.sqlite import schema

from .builders import FOOTFALL, Answer, ask, clean_environment, line, says, write_log
from .conftest import Opener, digest, free_port, totals, view
from .serving import api_over, question

LINES = [line("blog/a/"), line("blog/a/"), line("drafts/secret/")]
QUESTIONS = {path: question(path) for path in ENDPOINTS}
ALWAYS_OPEN = ("/healthz", "/openapi.json")
WRONG = f"footfall_{'A' * 43}"


@pytest.fixture
def counted(counts_in: str, tmp_path: Path) -> str:
    """A store of each kind with counts; its URL."""
    assert ask("import", write_log(tmp_path, LINES), "--store", counts_in).exit_code == 0
    return counts_in


@pytest.fixture
def counted_here(here: Path) -> Path:
    """A folder with a database."""
    assert ask("import", write_log(here, LINES)).exit_code == 0
    return here


def token(store: str, name: str = "right") -> str:
    """A new one, as a person makes it."""
    return str(ask("token", "add", name, "--store", store, "--json").json["token"])


def as_header(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


# What opens


def test_only_what_should_opens(counted: str) -> None:
    """Every endpoint, made public and not, by everybody, with tokens that are none, and with one."""
    right, revoked = token(counted), token(counted, "revoked")
    ask("token", "revoke", "revoked", "--store", counted)
    callers = {
        "nobody": {},
        "a wrong token": as_header(WRONG),
        "no token's form": as_header("secret"),
        "a revoked token": as_header(revoked),
        "another scheme": {"Authorization": f"Basic {right}"},
        "half a token": as_header(right[:-1]),
        "a token and more": as_header(f"{right} x"),
        "a hash": as_header(sha256(right.encode()).hexdigest()),
        "the right token": as_header(right),
        "the right token, in another spelling": {"authorization": f"bearer  {right}"},
    }
    may_be = [path for path, row in ENDPOINTS.items() if row.may_be_public]
    for public in ([], may_be):
        with api_over(counted, asks_token=True, public=public) as api:
            for path, question in [*QUESTIONS.items(), *((path, path) for path in ALWAYS_OPEN)]:
                for caller, headers in callers.items():
                    answer = api.get(question, headers=headers)

                    is_open = path in ALWAYS_OPEN or path in public or caller.startswith("the right")
                    assert answer.status_code == (200 if is_open else 401), (path, caller, public)
                    if not is_open:
                        assert answer.headers["www-authenticate"].startswith("Bearer")
                        assert ("invalid_token" in answer.headers["www-authenticate"]) == bool(headers)
                        assert answer.json().keys() == {"error"}
                        assert answer.headers["cache-control"] == "no-store"


def test_a_prefix_opens_its_pages_alone(counted: str) -> None:
    public = [
        "/pagetotals?prefix=blog/",
        "/pagehistory?prefix=blog/",
        "/api/v1/stats/total?prefix=blog/",
        "/api/v1/stats/page?prefix=blog/",
    ]
    with api_over(counted, asks_token=True, public=public) as api:
        for path in (
            "/pagetotals?prefix=blog/", "/pagetotals?blog/a", "/pagetotals?prefix=blog/a", "/pagehistory?page=blog/a",
            "/pagehistory?page=/blog/a/", "/pagehistory?page=blog/new", "/api/v1/stats/total?page=blog/a",
            "/api/v1/stats/total?prefix=blog/", "/api/v1/stats/page?prefix=blog/&compare=previous",
        ):  # fmt: skip
            assert api.get(path).status_code == 200, path
        for path in (
            "/pagetotals", "/pagetotals?prefix=", "/pagetotals?prefix=blog", "/pagetotals?prefix=drafts/",
            "/pagetotals?drafts/", "/pagetotals?prefix=/drafts/", "/pagehistory?page=drafts/secret", "/pagehistory?page=blog",
            "/api/v1/stats/total", "/api/v1/stats/total?page=drafts/secret", "/api/v1/stats/history?prefix=blog/",
            "/api/v1/views?page=blog/a",
        ):  # fmt: skip
            assert api.get(path).status_code == 401, path


def test_who_may_not_see_it_is_told_no_name_of_a_page_or_site(counted: str) -> None:
    with api_over(counted, asks_token=True, public=["/api/v1/stats/total", "/api/v1/stats/history?prefix=drafts/"]) as api:
        of_site = api.get("/api/v1/stats/total?site=other.example")
        of_page = api.get("/api/v1/stats/history?page=drafts/secre")

    assert of_site.status_code == 400
    assert of_site.json()["error"] == "site: no site 'other.example' in the store"
    assert of_page.json()["total"] == 0
    assert "secret" not in of_page.text.replace("drafts/secre", "")


def test_a_limited_token_opens_counts_of_its_pages_and_nothing_else(counted: str) -> None:
    secret = str(ask("token", "add", "shared", "--only", "/blog/", "--store", counted, "--json").json["token"])
    start, _, pages = secret.partition(".")
    with api_over(counted, asks_token=True, public=["/api/v1/stats/total?prefix=public/"]) as api:
        for path in (
            "/api/v1/stats/total?prefix=blog/", "/api/v1/stats/page?prefix=blog/&compare=previous", "/pagetotals?blog/a",
            "/api/v1/stats/history?page=/blog/a/", "/counter/blog/a.json", "/api/v1/sites", "/api/v1/dimensions",
            "/api/v1/batch?ask=stats/total%3Fprefix=blog/",
        ):  # fmt: skip
            answer = api.get(path, headers=as_header(secret))
            assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-cache"), path
        for path in (
            "/api/v1/stats/total", "/api/v1/stats/total?prefix=blo", "/api/v1/stats/total?page=drafts/secret",
            "/api/v1/stats/page?prefix=/blog/../drafts", "/api/v1/stats/page?prefix=drafts/", "/pagehistory?page=blog",
            "/api/v1/stats/browser", "/api/v1/stats/browser?prefix=blog/", "/api/v1/status", "/api/v1/views?page=blog/a",
            "/api/v1/views/referrers?page=blog/a", "/counter/drafts/secret.svg",
        ):  # fmt: skip
            answer = api.get(path, headers=as_header(secret))
            refused = path.startswith("/api/v1/stats/page?prefix=/blog/../") and answer.json().get("rows") == []
            assert answer.status_code == 403 or refused, path
            assert "secret" not in answer.text
        assert api.get("/api/v1/batch?ask=stats/total", headers=as_header(secret)).json()["answers"][0]["status"] == 403
        others = (
            start,
            f"{start}.Lw",
            f"{start}.{pages[:-2]}",
            f"{secret}A",
            f"{start}..{pages}",
            f"{start}.",
            f"{start}.{pages}.Lw",
        )
        for forged in others:
            assert api.get("/api/v1/stats/total?prefix=blog/", headers=as_header(forged)).status_code == 401, forged

        ask("token", "revoke", "shared", "--store", counted)

        assert api.get("/api/v1/stats/total?prefix=blog/", headers=as_header(secret)).status_code == 401


def test_a_limited_token_is_led_to_no_other_page_by_the_readings_of_a_name(counted: str) -> None:
    secret = str(ask("token", "add", "shared", "--only", "/www.example.com/", "--store", counted, "--json").json["token"])
    with api_over(counted, asks_token=True) as api:
        answer = api.get("/api/v1/stats/total?page=www.example.com/drafts/secret", headers=as_header(secret))

    assert answer.json()["total"] == 0


def test_a_token_for_all_pages_opens_no_single_view(counted: str) -> None:
    secret = str(ask("token", "add", "shared", "--only", "/", "--store", counted, "--json").json["token"])
    with api_over(counted, asks_token=True) as api:
        found = {path: api.get(asked, headers=as_header(secret)).status_code for path, asked in QUESTIONS.items()}

    assert {path for path, status in found.items() if status == 403} == {"/api/v1/views", "/api/v1/views/referrers"}


@pytest.mark.parametrize(
    ("public", "words"),
    [
        ("/api/v1/views", ["/api/v1/views", "never public"]),
        ("/api/v1/views?prefix=blog/", ["never public"]),
        ("/api/v1/batch", ["as public as the requests it contains"]),
        ("/pagetotal", ["no endpoint '/pagetotal'", "/pagetotals"]),
        ("/api/v1/stats/browser?prefix=blog/", ["not about pages"]),
        ("/api/v1/*", ["no endpoint"]),
        ("/", ["no endpoint"]),
    ],
)
def test_what_may_not_be_public_is_refused_at_the_start(counted_here: Path, public: str, words: list[str]) -> None:
    says(ask("serve", "--public", public), "public", *words, code=2)


@pytest.mark.parametrize("public", ["pagetotals", "/pagetotals?page=a", "/page totals", "/pagetotals?prefix=", "5"])
def test_what_is_no_path_is_refused_by_the_setting(public: str) -> None:
    with pytest.raises(ConfigError, match="public"):
        load_settings(None, {"public": public}, {})


@pytest.mark.parametrize(
    "origin", ["*", "www.example.org", "https://www.example.org/", "ftp://a.example", "https://*.example", "null"]
)
def test_what_is_no_origin_is_refused_by_the_setting(origin: str) -> None:
    with pytest.raises(ConfigError, match=r"cors-origins: .*https://www.example.org"):
        load_settings(None, {"cors_origins": origin}, {})


def test_what_is_public_may_be_kept_by_caches_and_what_is_not_may_not(counted: str) -> None:
    right = token(counted)
    with api_over(counted, asks_token=True, public=["/pagetotals"]) as api:
        public = [api.get("/pagetotals", headers=headers) for headers in ({}, as_header(right))]
        private = api.get("/api/v1/stats/page", headers=as_header(right))

    assert {answer.headers["cache-control"] for answer in public} == {"public, max-age=60"}
    assert {answer.headers["vary"] for answer in public} == {"Origin"}
    assert private.headers["cache-control"] == "private, no-cache"
    assert private.headers["vary"] == "Authorization, Origin"


def test_on_loopback_no_token_is_needed_and_a_wrong_one_does_not_matter(counted_here: Path) -> None:
    with api_over("sqlite:footfall.db") as api:
        assert api.get("/api/v1/views?page=blog/a").status_code == 200
        assert api.get("/api/v1/views?page=blog/a", headers=as_header(WRONG)).status_code == 200


def test_a_token_in_a_url_opens_nothing(counted: str) -> None:
    right = token(counted)
    with api_over(counted, asks_token=True) as api:
        for name in ("token", "access_token", "Authorization"):
            answer = api.get("/api/v1/status", params={name: right})
            assert answer.status_code == 401
            assert right not in answer.text
            answer = api.get("/api/v1/status", params={name: right}, headers=as_header(right))
            assert answer.status_code == 400
            assert right not in answer.text


def test_guessing_asks_nothing_of_the_store(tmp_path: Path) -> None:
    with api_over(f"sqlite:{tmp_path}/none.db", asks_token=True) as api:
        for secret in ("x", "A" * 10_000, f"footfall_{'A' * 42}", f"footfall_{'A' * 44}", f"footfall_{'é' * 43}"):
            headers = {b"Authorization": f"Bearer {secret}".encode()}
            assert api.get("/api/v1/status", headers=headers).status_code == 401
        assert api.get("/api/v1/status", headers=as_header(WRONG)).status_code == 503  # which does have the form of one


# How tokens are kept


def test_the_store_has_no_token_only_its_hash(counted_here: Path) -> None:
    secret = token("sqlite:footfall.db")

    kept = b"".join(path.read_bytes() for path in counted_here.glob("footfall.db*"))
    assert secret.encode() not in kept
    assert secret.removeprefix("footfall_").encode() not in kept
    assert sha256(secret.encode()).hexdigest().encode() in kept
    assert re.fullmatch(r"footfall_[\w-]{43}", secret)


def test_every_store_keeps_tokens_by_name(open_again: Opener) -> None:
    store = open_again()
    store.prepare("UTC")
    one, two = Token("one", "ab" * 32, 1_700_000_000), Token("ünï 2", "cd" * 32, 1_800_000_000)

    assert [store.tokens.add(each) for each in (two, one)] == [True, True]
    assert store.tokens.add(one._replace(sha256="ef" * 32)) is False
    assert open_again().tokens.all() == [one, two]
    assert store.tokens.revoke("one") is True
    assert store.tokens.revoke("one") is False
    assert open_again().tokens.all() == [two]
    assert store.sites() == []


def test_a_token_is_shown_once_and_listed_by_name(counted: str) -> None:
    where = ("--store", counted)
    made = ask("token", "add", "dashboard", *where)

    assert re.fullmatch(r"footfall_[\w-]{43}\n", made.stdout)
    assert "not shown again" in made.stderr
    assert [each["name"] for each in ask("token", "list", "--json", *where).json["tokens"]] == ["dashboard"]
    assert made.stdout.strip() not in ask("token", "list", *where).stdout
    says(ask("token", "add", "dashboard", *where), "'dashboard' already", "footfall token revoke dashboard", code=2)
    assert ask("token", "revoke", "dashboard", *where).stdout == "revoked dashboard\n"
    says(ask("token", "revoke", "dashboard", *where), "no token 'dashboard'", "footfall token list", code=2)
    assert ask("token", "list", *where).stdout == "there is no token; create one: footfall token add NAME\n"


@pytest.mark.parametrize("name", ["", "a" * 65, "a\nb", "a#b", "x\x1b[0m"])
def test_a_token_s_name_is_one_that_can_be_typed_and_shown(counted_here: Path, name: str) -> None:
    says(ask("token", "add", name), "a token's name", code=2)


def test_the_first_token_may_come_before_the_first_import(here: Path) -> None:
    (here / "footfall.toml").write_text('time_zone = "Europe/Berlin"\n')

    assert ask("token", "add", "early").exit_code == 0
    assert ask("import", "-", stdin=line()).exit_code == 0
    assert ask("status", "--json").json["time_zone"] == "Europe/Berlin"


def test_a_token_of_a_store_in_another_time_zone_needs_no_setting(counted_here: Path) -> None:
    ask("import", write_log(counted_here / "logs", LINES), "--store", "sqlite:berlin.db", "--time-zone", "Europe/Berlin")

    assert ask("token", "add", "one", "--store", "sqlite:berlin.db").exit_code == 0


# Databases of the first version


def of_version_1(database: Path) -> None:
    """As the first footfall would have left it."""
    today = database.rename(database.with_name("today.db"))
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript(f"{schema.FIRST}; PRAGMA application_id = {schema.APPLICATION_ID}; PRAGMA user_version = 1;")
        connection.execute("ATTACH ? AS today", [str(today)])
        for (table,) in connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall():
            columns = ", ".join(name for _, name, *_ in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM today.{table}")
        connection.commit()
    today.unlink()


def test_a_database_of_version_1_answers_as_it_is(counted_here: Path) -> None:
    of_version_1(counted_here / "footfall.db")

    assert ask("pages", "--json").rows == {"blog/a": 2, "drafts/secret": 1}
    assert ask("token", "list", "--json").json == {"tokens": []}
    with api_over("sqlite:footfall.db", asks_token=True) as api:
        assert api.get("/api/v1/status", headers=as_header(WRONG)).status_code == 401
    with closing(sqlite3.connect("footfall.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)  # reading changes nothing


@pytest.mark.parametrize("command", [("import", "-"), ("token", "add", "one")])
def test_a_database_of_version_1_is_extended_where_it_lies(counted_here: Path, command: tuple[str, ...]) -> None:
    of_version_1(counted_here / "footfall.db")

    assert ask(*command, stdin=line("new/")).exit_code == 0

    secret = token("sqlite:footfall.db")
    with api_over("sqlite:footfall.db", asks_token=True) as api:
        assert api.get("/pagetotals", headers=as_header(secret)).json()["blog/a"] == 2
    with closing(sqlite3.connect("footfall.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.SCHEMA_VERSION,)
        made = set(connection.execute("SELECT type, name, sql FROM sqlite_schema"))
    ask("import", "-", "--store", "sqlite:new.db", stdin=line())
    with closing(sqlite3.connect("new.db")) as connection:
        assert made == set(connection.execute("SELECT type, name, sql FROM sqlite_schema"))


def test_how_far_files_reach_is_told_by_every_store(open_again: Opener) -> None:
    store = open_again()
    store.prepare("UTC")
    assert store.latest() is None

    store.record([digest("two", [view(5)])])
    store.record([digest("one", [view(1), view(3)]), digest("none", first_time=None, last_time=None)])

    assert store.latest() == open_again().latest() == view(5).time
    assert totals(store) == {"a": 3}


# footfall serve


@pytest.fixture
def server(counted_here: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[str], int]]]:
    """Starts `footfall serve`, as a person does."""
    started: list[subprocess.Popen[str]] = []

    def start(*flags: str) -> tuple[subprocess.Popen[str], int]:
        process = subprocess.Popen(
            [*FOOTFALL, "serve", "--port", "0", *flags], env=clean_environment(), stderr=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        assert process.stderr is not None
        told = process.stderr.readline()
        found = re.search(r"http://[^/]*?:(\d+)/", told)
        assert found, told
        return process, int(found[1])

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_serve_answers_until_it_is_interrupted(server: Callable[..., tuple[subprocess.Popen[str], int]]) -> None:
    process, port = server()

    assert httpx.get(f"http://127.0.0.1:{port}/pagetotals").json() == {"blog/a": 2, "drafts/secret": 1}
    httpx.get(f"http://127.0.0.1:{port}/pagetotals?token=secret")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)

    assert process.returncode == 0
    assert out == ""
    assert err == "footfall: ended\n"


def test_serve_beyond_loopback_wants_a_token_to_exist_and_to_be_sent(
    counted_here: Path, server: Callable[..., tuple[subprocess.Popen[str], int]]
) -> None:
    says(ask("serve", "--host", "0.0.0.0", "--port", "0"), "0.0.0.0", "no token yet", "footfall token add", code=2)  # noqa: S104
    says(ask("serve", "--ask-token", "--port", "0"), "footfall token add", code=2)
    secret = token("sqlite:footfall.db")

    _, port = server("--ask-token")

    assert httpx.get(f"http://127.0.0.1:{port}/pagetotals").status_code == 401
    headers = {**as_header(secret), "Host": "footfall.example.org"}  # as a proxy sends it
    assert httpx.get(f"http://127.0.0.1:{port}/pagetotals", headers=headers).status_code == 200


def failing(*flags: str) -> Answer:
    return ask("serve", *flags)


def test_serve_says_at_the_start_what_is_wrong(counted_here: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        says(failing("--port", str(taken.getsockname()[1])), "cannot listen on 127.0.0.1", "--port", code=1)
    says(failing("--host", "192.0.2.1", "--ask-token", "--port", str(free_port())), "no token yet", code=2)
    says(failing("--store", "sqlite:none.db"), "none.db", "footfall import", code=1)
    (counted_here / "footfall.toml").write_text('time_zone = "Europe/Berlin"\n')
    says(failing(), "counts days in UTC", code=2)


def test_a_log_of_the_server_has_no_token(counted_here: Path, server: Callable[..., tuple[subprocess.Popen[str], int]]) -> None:
    secret = token("sqlite:footfall.db")
    process, port = server("--ask-token")
    (counted_here / "footfall.db").write_bytes(b"damaged" * 1000)
    for path in ("/api/v1/status", f"/api/v1/status?token={secret}", f"/{secret}"):
        httpx.get(f"http://127.0.0.1:{port}{path}", headers=as_header(secret))
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)

    assert secret not in out + err
