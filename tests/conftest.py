"""What tests share: an emulator of AWS, stores, and a builder for digests."""

import inspect
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote
from uuid import uuid4

import pytest
from hypothesis import settings

from footfall.digest import view_of
from footfall.dimensions import dimensions_of
from footfall.fields import FIELDS, in_order
from footfall.items import DEFAULT_ITEM, ItemMap
from footfall.pageviews.counting import Counting
from footfall.records import OF_EVERY_VIEW, Account, Digest, PageView, Record, RecordId, Request, Tally, Views
from footfall.sources import s3
from footfall.stores import Store, open_store
from footfall.stores.dynamodb import DynamoDBStore
from footfall.stores.dynamodb.requests import Requests
from footfall.stores.dynamodb.table import create_table
from footfall.stores.shapes import KEEP_ALL, Keep

from .builders import FIREFOX, ask, write_log

if TYPE_CHECKING:
    from playwright.sync_api import Browser

collect_ignore = ["stores"]  # scripts that are run at the commit that they name
ROOT = Path(__file__).parents[1]
REGION = "eu-west-1"
KEPT = ItemMap(DEFAULT_ITEM)
DAY = 1_666_224_000  # 2022-10-20 00:00 UTC


def trials(few: int, of: int = 1) -> int:
    """How many trials of something at random: a few, or the `of`th part of FOOTFALL_TRIALS where a person asks for many."""
    asked = os.environ.get("FOOTFALL_TRIALS")
    return max(int(asked) // of, 1) if asked else few


# A busy machine is no failure, and what a quarter of the examples does not find is found by FOOTFALL_TRIALS or another run.
settings.register_profile("footfall", deadline=None, max_examples=trials(25))
settings.load_profile("footfall")


def opened(url: str, item: ItemMap = KEPT) -> DynamoDBStore:
    """The table at a URL, as a store of its own kind."""
    store = open_store(url, item)
    assert isinstance(store, DynamoDBStore)
    return store


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for DynamoDB, or for another importer, waits no longer than a test has time for."""
    monkeypatch.setattr("footfall.stores.dynamodb.requests.FIRST_PAUSE", 0.0005)
    monkeypatch.setattr("footfall.stores.dynamodb.requests.LONGEST_PAUSE", 0.01)
    # So others are taken for dead while they live, again and again.
    monkeypatch.setattr("footfall.stores.dynamodb.commits.PATIENCE", 0.02)
    monkeypatch.setattr("footfall.stores.dynamodb.commits.PATIENCE_PER_ITEM", 0.0)


# What a test needs, by the fixtures that it uses, so that nobody has to remember a mark; `make quick` goes without these.
NEEDS: dict[str, frozenset[str]] = {
    "emulator": frozenset({"aws", "dynamodb", "deployed"}),
    "browser": frozenset({"browser"}),
    "node": frozenset({"node"}),
    "slow": frozenset({"corpus", "dist"}),
}
# Files that share what takes long to make.
TOGETHER = dict.fromkeys(("test_api_lambda", "test_deploy", "test_functions", "test_package"), "package")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """
    One worker runs all tests of a file, or of files that share, so that what they use is made once.

    The groups of `--dist loadgroup` do nothing with pytest 9.2 and xdist 3.8, see xdist's issue 1386.
    """
    from xdist.scheduler import LoadFileScheduling  # type: ignore[import-untyped]

    class Scheduling(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file: str = super()._split_scope(nodeid)
            return TOGETHER.get(Path(file).stem, file)

    return Scheduling(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """One worker more than processors where all is tested: each waits a quarter of its time for servers and browsers."""
    return None if config.option.markexpr else (os.cpu_count() or 1) + 1


def needs(fixtures: Iterable[str], values: Iterable[object]) -> set[str]:
    """The marks of a test that uses these fixtures and has these values of parameters, among them the kinds of a store."""
    used = {*fixtures, *(value for value in values if value == "dynamodb")}
    return {mark for mark, by in NEEDS.items() if used & by}


@cache
def used_by(function: Any) -> frozenset[Any]:
    """The functions and modules that a function of the tests names."""
    own = inspect.unwrap(function)
    if not inspect.isfunction(own) or not own.__module__.startswith("tests."):
        return frozenset()
    codes = [own.__code__, *(part for part in own.__code__.co_consts if inspect.iscode(part))]
    named = (own.__globals__.get(name) for code in codes for name in code.co_names)
    return frozenset(each for each in named if inspect.isfunction(each) or inspect.ismodule(each))


def starts_processes(functions: Iterable[Any]) -> bool:
    """Whether functions of the tests, or those that they call, start programs."""
    waiting, seen = list(functions), set[Any]()
    while waiting:
        used = used_by(waiting.pop()) - seen
        seen |= used
        waiting += used
    return subprocess in seen


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it needs."""
    for item in items:
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        fixtures = getattr(item, "fixturenames", ())
        for mark in sorted(needs(fixtures, parameters)):
            item.add_marker(mark)
        if isinstance(item, pytest.Function) and starts_processes(_called_for(item)):
            item.add_marker("process")


def _called_for(test: pytest.Function) -> Iterator[Any]:
    """The functions of a test and of its fixtures."""
    yield test.function
    for name in test.fixturenames:
        yield from (definition.func for definition in test._fixtureinfo.name2fixturedefs.get(name, ()))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Schemathesis thinks of its hundreds of questions while tests are collected: not where they are left out."""
    return True if collection_path.name == "test_api_fuzz.py" and "not slow" in config.option.markexpr else None


def pytest_configure() -> None:
    """Ctrl-C reaches the programs that tests start, also where this one was started without it, as by a shell's `&`."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def free_port() -> int:
    """A port of this machine's loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(
    command: Sequence[str], health: str, environment: Mapping[str, str] = os.environ, patience: float = 120
) -> Iterator[int]:
    """Run a server until it is no longer needed, as soon as it answers at `health`, within seconds; its process id."""
    server = subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(int(patience * 20)):
            assert server.poll() is None, f"{command[0]} ended with {server.returncode}"
            try:
                urllib.request.urlopen(health, timeout=2).close()  # noqa: S310 - our own loopback
                break
            except urllib.error.HTTPError:
                break  # it answers
            except OSError:
                time.sleep(0.05)
        yield server.pid
    finally:
        server.kill()  # it has nothing to put in order, and may hang when it is asked kindly
        server.wait()


def installed(name: str) -> str:
    """A program of this virtual environment."""
    return str(Path(sys.executable).with_name(name))


def required(name: str, is_there: bool, remedy: str = "see CONTRIBUTING.md") -> None:
    """Skips what needs a thing that is not there; fails it where FOOTFALL_REQUIRE names that thing, as CI does."""
    if not is_there:
        told = f"{name} is missing; {remedy}"
        if name in os.environ.get("FOOTFALL_REQUIRE", "").split(","):
            pytest.fail(told)
        pytest.skip(told)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the test's own, in which it runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """A real browser, for all tests of a worker."""
    from .browser import chromium, need_chromium

    need_chromium()
    with chromium() as browser:
        yield browser


@pytest.fixture
def look(browser: "Browser", url: str) -> Iterator[Callable[..., Any]]:
    """Opens dashboards at the `url` of the test's file; see browser.looking."""
    from .browser import looking

    with looking(browser, url) as look:
        yield look


@pytest.fixture(scope="session")
def node() -> str:
    """Node, with the packages of package.json."""
    found = shutil.which("node")
    required("node", found is not None and (ROOT / "node_modules/.ready").exists())
    return str(found)


@pytest.fixture(scope="session")
def package(node: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip that the functions run, built anew, in a folder with serverless.yml, as osls wants it."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copy(ROOT / "serverless.yml", folder)
    built = folder / "build/footfall.zip"
    subprocess.run([sys.executable, ROOT / "deploy/build.py", built], check=True, stderr=subprocess.DEVNULL)
    return built


@pytest.fixture(scope="session")
def unpacked(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It as AWS unpacks it, beside what its runtime has."""
    from .lambda_runtime import unpack

    return unpack(package, tmp_path_factory.mktemp("unpacked"))


def osls_package(package: Path, **params: str) -> Path:
    """The folder of what `make package` makes for these parameters."""
    to = package.parents[1] / f"package-{uuid4().hex[:8]}"
    run_osls(package, {}, "package", "--package", to, **params)
    return to


def run_osls(package: Path, environment: Mapping[str, str], *command: str | Path, **params: str) -> None:
    """Run osls in the folder of the package; it knows no AWS but that of the `environment`."""
    asked = [ROOT / "node_modules/.bin/osls", *command, *(f"--param={name}={value}" for name, value in params.items())]
    without = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        asked, cwd=package.parents[1], env={**without, **environment},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def template_of(packaged: Path) -> dict[str, Any]:
    """The template that is deployed."""
    made: dict[str, Any] = json.loads((packaged / "cloudformation-template-update-stack.json").read_text("utf-8"))
    return made


@pytest.fixture(scope="session")
def template(package: Path) -> dict[str, Any]:
    """The template that is deployed, as serverless.yml stands."""
    return template_of(osls_package(package))


@pytest.fixture(scope="session")
def aws(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where an AWS of our own is: an emulator that knows who asks, but lets everybody do all."""
    assert "not emulator" not in request.config.option.markexpr, "this test asks for it as it runs: mark it as emulator"
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        for client in ("stores.dynamodb.requests", "articles.table", "sources.s3"):
            patch.setattr(f"footfall.{client}.ANSWER_SECONDS", 300)  # an emulator on a busy machine is slow, and not broken
        with emulator() as endpoint:
            yield endpoint


@contextmanager
def emulator(**more: str) -> Iterator[str]:
    """An AWS of our own, as long as it is needed; its endpoint."""
    port = free_port()
    own = {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "IOT_MTLS_ENABLED": "0", "MINISTACK_REGION": REGION, **more}
    endpoint = f"http://127.0.0.1:{port}"
    start = [sys.executable, "-P", str(ROOT / "tests/emulator.py")]  # -P: the modules beside it are not its own
    with (
        TemporaryDirectory(prefix="footfall-emulator-", ignore_cleanup_errors=True) as folder,
        served(start, f"{endpoint}/_ministack/health", {**os.environ, **own, "TMPDIR": folder}),
    ):
        yield endpoint


@pytest.fixture(scope="session")
def dynamodb(request: pytest.FixtureRequest) -> str:
    """Where DynamoDB is: the endpoint that FOOTFALL_TEST_DYNAMODB names, else the emulator."""
    return os.environ.get("FOOTFALL_TEST_DYNAMODB") or str(request.getfixturevalue("aws"))


@pytest.fixture
def bucket(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator["Bucket"]:
    """An empty bucket, in the AWS that this process and those that it starts know."""
    import boto3

    monkeypatch.setenv("AWS_ENDPOINT_URL", aws)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    s3._client.cache_clear()
    made = Bucket(boto3.client("s3"), f"logs-{uuid4().hex[:12]}")
    made.client.create_bucket(Bucket=made.name, CreateBucketConfiguration={"LocationConstraint": REGION})
    yield made
    s3._client.cache_clear()


class Bucket(NamedTuple):
    """A bucket, and who may do all with it."""

    client: Any
    name: str

    def url(self, prefix: str = "") -> str:
        """It, or what is below a prefix of it, as a source."""
        return f"s3://{self.name}/{prefix}"

    def put(self, key: str, lines: Iterable[bytes] | bytes) -> str:
        """Put an object of these lines, or of these bytes; its key."""
        content = lines if isinstance(lines, bytes) else b"".join(each + b"\n" for each in lines)
        self.client.put_object(Bucket=self.name, Key=key, Body=content)
        return key

    def delete(self, key: str) -> None:
        """Delete an object."""
        self.client.delete_object(Bucket=self.name, Key=key)


def store_url(table: str, endpoint: str) -> str:
    """The URL of a table's store."""
    return f"dynamodb:{table}?region={REGION}&endpoint={quote(endpoint, safe=':/')}"


@contextmanager
def tables(dynamodb: str) -> Iterator[Callable[..., str]]:
    """Makes tables, and says their stores' URLs; in the end they are gone."""
    made: list[Requests] = []

    def make(keys: tuple[str, str] = ("PageName", "SortKey")) -> str:
        requests = Requests(f"footfall-test-{uuid4().hex[:12]}", REGION, dynamodb, keys)
        create_table(requests)
        made.append(requests)
        return store_url(requests.table, dynamodb)

    yield make
    for requests in made:
        requests.send("update_table", TableName=requests.table, DeletionProtectionEnabled=False)
        requests.client.delete_table(TableName=requests.table)
        requests.client.close()


@contextmanager
def store_of(lines: Iterable[bytes], request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The URL of a store of the kind that a fixture is for, `sqlite` or `dynamodb`, with what these lines count."""
    write_log(folder / "logs", lines)
    with ExitStack() as stack:
        if request.param == "dynamodb":
            url = stack.enter_context(tables(request.getfixturevalue("dynamodb")))()
        else:
            url = f"sqlite:{folder}/counts.db"
        assert ask("import", folder / "logs", "--store", url).exit_code == 0
        yield url


@pytest.fixture
def table_url(dynamodb: str) -> Iterator[Callable[..., str]]:
    """Makes tables for one test."""
    with tables(dynamodb) as make:
        yield make


# What makes the URLs of empty stores of each kind.
NEW_URLS: dict[str, Callable[[pytest.FixtureRequest], Callable[..., str]]] = {
    "sqlite": lambda request: lambda *_: f"sqlite:{request.getfixturevalue('tmp_path')}/counts.db",
    "dynamodb": lambda request: request.getfixturevalue("table_url"),
}


@pytest.fixture(params=NEW_URLS)
def new_url(request: pytest.FixtureRequest) -> Callable[..., str]:
    """Says the URL of an empty store of each kind; a table's has keys, which may be named."""
    return NEW_URLS[request.param](request)


@pytest.fixture
def counts_in(new_url: Callable[..., str]) -> str:
    """The URL of an empty store of each kind."""
    return new_url()


Opener = Callable[..., Store]


@pytest.fixture
def open_again(new_url: Callable[..., str]) -> Iterator[Opener]:
    """Opens one and the same place, as often as it is called, each time as another process would."""
    opened: list[Store] = []
    urls: dict[tuple[str, str], str] = {}

    def open_(item: ItemMap = KEPT, keep: Keep = KEEP_ALL) -> Store:
        keys = item.partition_key, item.sort_key
        if keys not in urls:
            urls[keys] = new_url(keys)
        store = open_store(urls[keys], item, keep)
        opened.append(store)
        return store

    yield open_
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again: Opener) -> Store:
    """An empty store of each kind, ready to be written to."""
    store = open_again()
    store.prepare("UTC")
    return store


def view(number: int = 1, page: str = "a", *, item: ItemMap = KEPT, **fields: Any) -> PageView:
    """A page view: the `number`th request of 2022-10-20, a second after the one before."""
    time_ = fields.get("time", DAY + number)
    record = RecordId(f"{number:016X}", "WEBSITE.GET.OBJECT", fields.get("key", f"{page}/index.html"))
    request = Request(time_, ("www.example.org",), "GET", f"/{page}", status=200, user_agent=FIREFOX, record_id=record)
    made = view_of(Record(request, {}), Counting(facts=item.facts))
    facts = {name: {"user_agent": "Firefox", "remote_ip": "198.51.100.7", "total_time": 12}.get(name) for name in item.facts}
    every = {name: fields.pop(name) for name in OF_EVERY_VIEW if name in fields}
    found = {"page": page, **made.fields, **facts, **fields}
    for name in (name for name in in_order(made.fields) if name in FIELDS and FIELDS[name].from_fields):
        if name not in fields and not found.keys().isdisjoint(FIELDS[name].from_fields):
            found[name] = FIELDS[name].given(Counting())(*map(found.get, FIELDS[name].from_fields))
    return made._replace(**{"page": found.pop("page"), **every, "fields": found})


class Dropped(NamedTuple):
    """A line that is dropped, as its dimensions count it."""

    site: str
    day: str
    reason: str
    status: str
    detail: str
    """By which the dimensions of its reason alone count it; "" where they do not."""

    @property
    def counts(self) -> dict[tuple[str, str, str, str], int]:
        """What it adds to the tally."""
        dimensions = dimensions_of(self.reason)
        values = {name: self.status if row.of_dropped == "*" else self.detail for name, row in dimensions.items()}
        return {(self.site, name, self.day, value): 1 for name, value in values.items() if value}


def counts_of(drops: Mapping[Dropped, int]) -> Tally:
    """What dropped lines add to the tally."""
    counts: Tally = {}
    for drop, lines in drops.items():
        for key in drop.counts:
            counts[key] = counts.get(key, 0) + lines
    return counts


def digest(
    name: str = "one", views: Sequence[PageView] = (), drops: Mapping[Dropped, int] | None = None, **fields: Any
) -> Digest:
    """What a log file says that has these views and these drops, each a line of its own."""
    dropped: dict[str, int] = {}
    for drop, lines in (drops or {}).items():
        dropped[drop.reason] = dropped.get(drop.reason, 0) + lines
    times = [each.time for each in views]
    return Digest(
        **{
            "name": name, "part": 0, "is_last": True, "size": 1000, "sha256": "ab" * 32,
            "first_time": min(times, default=None), "last_time": max(times, default=None), "views": Views.of(views),
            "drops": counts_of(drops or {}),
            "account": Account(len(views) + sum(dropped.values()), len(views), dropped), **fields,
        }
    )  # fmt: skip


def visitors_in(store: Store, site: str, start: str, end: str) -> dict[str, int]:
    """How many visitors each day had."""
    return {day: numbers.visitors for day, numbers in store.visitors(site, start, end).items()}


def totals(
    store: Store, dimension: str = "page", *, site: str = "www.example.org", start: str = "2022-09-01", end: str = "2023-02-28",
    **asked: Any,
) -> dict[str, int]:  # fmt: skip
    """How often each value of a dimension was counted."""
    found: dict[str, int] = {}
    for value, _, views in store.counts(site, dimension, start, end, **asked):
        found[value] = found.get(value, 0) + views
    return found
