"""The DynamoDB store as people meet it: the command line, its table, its messages, and what it consumes."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from botocore import exceptions

from footfall.dimensions import dimensions_of
from footfall.errors import ConfigError, StoreBusy, StoreError, StoreMissing, StoreRefusal
from footfall.items import DEFAULT_ITEM, ItemMap
from footfall.stores import CUT, Store, open_store
from footfall.stores.dynamodb import DynamoDBStore
from footfall.stores.dynamodb.errors import PROBLEMS
from footfall.stores.dynamodb.query import query
from footfall.stores.dynamodb.requests import Requests
from footfall.stores.dynamodb.table import FEATURES, create_table, read_table
from footfall.stores.imported import ITEM, TABLE
from footfall.stores.shapes import Capacity, Keep

from . import builders, truth
from .conftest import DAY, KEPT, REGION, Dropped, digest, free_port, installed, opened, store_url, totals, trials, view
from .faults import Faults, error, lost_before
from .microburst import Microburst, faults_on_the_wire

KEYS = ("PageName", "SortKey")
LINE = (
    "owner www.example.org [{time}] 198.51.100.7 - {id:016X} WEBSITE.GET.OBJECT {page}/index.html "
    '"GET /{page}/ HTTP/1.1" 200 - 100 100 9 8 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" '
    "- id= - - - www.example.org - -\n"
)


def answer_of(*command: str) -> Any:
    return builders.ask(*command, "--json").json


def write_logs(folder: Path, files: int = 12, views: int = 30) -> dict[str, int]:
    """Log files of which each repeats a third of the one before; returns the views of each page."""
    folder.mkdir()
    pages: dict[str, int] = {}
    seen: set[int] = set()
    for number in range(files):
        ids = range(number * views - views // 3 if number else 0, (number + 1) * views)
        lines = [
            LINE.format(id=each, page=f"p{each % 9}", time=f"20/Oct/2022:08:{each // 60 % 60:02}:{each % 60:02} +0000")
            for each in ids
        ]
        (folder / f"2022-10-20-09-00-{number:02}-{number:016X}").write_text("".join(lines))
        for each in set(ids) - seen:
            pages[f"p{each % 9}"] = pages.get(f"p{each % 9}", 0) + 1
        seen |= set(ids)
    return pages


def test_the_command_line_tells_the_same_of_both_stores(table_url: Callable[[], str], tmp_path: Path) -> None:
    write_logs(tmp_path / "logs")
    table, file = table_url(), f"sqlite:{tmp_path}/counts.db"
    for command in (
        ["import", str(tmp_path / "logs")], ["import", str(tmp_path / "logs")], ["pages"], ["pages", "--prefix", "p1"],
        ["history"], ["history", "p1", "--by", "hour"], ["top", "browser"], ["views", "p2"],
    ):  # fmt: skip
        told = answer_of(*command, "--store", table)
        assert told.pop("capacity")["requests"] > 0
        same = answer_of(*command, "--store", file)
        assert same.pop("capacity", None) is None
        assert told == same


def test_importers_at_once_over_one_folder_count_each_view_once(table_url: Callable[[], str], tmp_path: Path) -> None:
    pages = write_logs(tmp_path / "logs")
    table = table_url()
    command = [installed("footfall"), "import", str(tmp_path / "logs"), "--store", table, "--json"]

    importers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    answers = [json.loads(importer.communicate(timeout=120)[0]) for importer in importers]

    assert totals(opened(table)) == pages
    assert sum(answer["views"] for answer in answers) == sum(pages.values())
    assert sum(answer["files"]["new"] for answer in answers) == 12


@pytest.fixture(scope="module")
def microburst(dynamodb: str) -> Iterator[Microburst]:
    with faults_on_the_wire(dynamodb) as proxy:
        yield proxy


@pytest.mark.parametrize(
    "rule",
    [
        {"reset": True},
        {"response": {"abort_frac": 0.0}},
        {"response": {"truncate_frac": 0.5}},
        {"error": {"code": "ProvisionedThroughputExceededException"}},
        {"error": {"code": "InternalServerError", "status": 500}},
    ],
    ids=["dropped before it arrives", "dropped after it arrived", "half an answer", "throttled", "AWS fails"],
)
def test_faults_on_the_wire_do_no_harm(
    table_url: Callable[[], str], dynamodb: str, microburst: Microburst, tmp_path: Path, rule: Mapping[str, Any]
) -> None:
    pages = write_logs(tmp_path / "logs", files=8)
    table = table_url()
    microburst.control("DELETE", "fired")
    microburst.control("POST", "rules", [{"service": "dynamodb", "probability": 0.25, **rule}])  # in place of those before

    told = answer_of("import", str(tmp_path / "logs"), "--store", table.replace(dynamodb, microburst.url))

    assert microburst.control("GET", "fired")
    assert told["files"] == {"new": 8, "known": 0}
    assert told["views"] == sum(pages.values())
    assert totals(opened(table)) == pages


# --- messages


def test_a_table_that_is_not_there_is_missing_and_the_remedy_is_told(dynamodb: str) -> None:
    store = opened(store_url("nowhere", dynamodb))

    for ask in (lambda: store.prepare("UTC"), store.sites, lambda: store.record([digest("one", [view(1)])])):
        with pytest.raises(
            StoreMissing,
            match=r"no such table in eu-west-1: create it with `footfall table create --store 'dynamodb:nowhere\?.+'`",
        ):
            ask()


def test_a_dry_run_tells_what_the_import_will_cost(table_url: Callable[..., str], tmp_path: Path) -> None:
    write_logs(tmp_path / "logs", files=6, views=200)
    flags = "--store", table_url()

    told = builders.ask("import", str(tmp_path / "logs"), "--dry-run", *flags).stdout
    dry = answer_of("import", str(tmp_path / "logs"), "--dry-run", "--jobs", "1", *flags)
    real = answer_of("import", str(tmp_path / "logs"), "--jobs", "1", *flags)

    units = dry["cost"]["write_units"]
    assert units == pytest.approx(real["capacity"]["write_units"], rel=0.1)
    assert dry["cost"]["dollars"] == pytest.approx(units * 0.625 / 1e6)
    assert dry["capacity"]["write_units"] == 0
    assert f"it would take about {units:,} write units, $0.00" in told
    assert "cost" not in real


def test_a_dry_run_needs_no_table(dynamodb: str, tmp_path: Path) -> None:
    write_logs(tmp_path / "logs", files=1)

    assert answer_of("import", str(tmp_path / "logs"), "--dry-run", "--store", store_url("nowhere", dynamodb))["views"] == 30


def test_other_keys_than_the_table_s_are_named(table_url: Callable[..., str]) -> None:
    table = table_url(("UserPages", "SortKey"))
    store = opened(table)

    for ask in (lambda: store.prepare("UTC"), store.sites, lambda: store.record([digest("one", [view(1)])])):
        with pytest.raises(StoreError, match=r"its keys differ from those of \[item\], PageName and SortKey"):
            ask()


@pytest.mark.usefixtures("aws")  # the credentials
def test_nobody_there_is_told_soon() -> None:
    store = opened(store_url("counts", f"http://127.0.0.1:{free_port()}"))

    with pytest.raises(StoreError, match=r"cannot be reached.*AWS_ENDPOINT_URL"):
        store.sites()


def test_every_problem_has_words_that_can_be_said(dynamodb: str) -> None:
    store = opened(store_url("counts", dynamodb))

    for code, problem in PROBLEMS.items():
        told = store.requests.problem(code, "made up")
        assert type(told) is problem.kind
        assert str(told).startswith("dynamodb:counts?region=eu-west-1")
        assert "{" not in str(told)


REFUSALS = {
    "AccessDeniedException": (StoreError, "access denied .*PartiQLInsert"),
    "ExpiredTokenException": (StoreError, "expired: sign in again"),
    "ExpiredToken": (StoreError, "expired: sign in again"),
    "RequestExpired": (StoreError, "expired: sign in again"),
    "MissingAuthenticationTokenException": (StoreError, "does not recognize these credentials"),
    "ResourceNotFoundException": (StoreMissing, "footfall table create"),
    "ServiceUnavailable": (StoreBusy, "AWS has a temporary failure"),
    "UnrecognizedClientException": (StoreError, "does not recognize these credentials"),
    "InvalidSignatureException": (StoreError, "this machine's clock"),
    "ProvisionedThroughputExceededException": (StoreBusy, "is being throttled"),
    "ThrottlingException": (StoreBusy, "is being throttled"),
    "RequestLimitExceeded": (StoreBusy, "is being throttled"),
    "InternalServerError": (StoreBusy, "AWS has a temporary failure"),
    "TransactionConflictException": (StoreBusy, "is being throttled"),
    "ValidationException": (StoreRefusal, "refuses the request: made up"),
    "SomethingNewException": (StoreError, "made up"),
}


@pytest.mark.parametrize("code", REFUSALS)
def test_each_refusal_is_one_of_our_errors_with_its_remedy(dynamodb: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.stores.dynamodb.requests.FIRST_PAUSE", 0.0001)
    monkeypatch.setattr("footfall.stores.dynamodb.requests.LONGEST_PAUSE", 0.001)
    kind, remedy = REFUSALS[code]
    store = opened(store_url("counts", dynamodb))
    Faults(store.requests.client, lambda _: lambda request, _: error(request, code))

    with pytest.raises(kind, match=remedy) as raised:
        store.sites()
    assert type(raised.value) is kind
    assert str(raised.value).startswith("dynamodb:counts?region=eu-west-1")


OF_BOTOCORE: dict[str, tuple[Exception, type[StoreError], str]] = {
    "no credentials": (exceptions.NoCredentialsError(), StoreError, "no AWS credentials.*aws configure"),
    "half of them": (exceptions.PartialCredentialsError(provider="env", cred_var="key"), StoreError, "no AWS credentials"),
    "expired": (exceptions.UnauthorizedSSOTokenError(), StoreError, "aws sso login"),
    "timeout": (exceptions.ReadTimeoutError(endpoint_url="x"), StoreBusy, "no answer"),
    "no way there": (exceptions.ConnectTimeoutError(endpoint_url="x"), StoreError, "cannot be reached"),
    "broken": (exceptions.ConnectionClosedError(endpoint_url="x"), StoreBusy, "no answer"),
    "no TLS": (exceptions.SSLError(endpoint_url="x", error=OSError("y")), StoreError, "cannot be reached"),
}


@pytest.mark.parametrize("name", OF_BOTOCORE)
def test_each_failure_of_boto3_is_one_of_our_errors_with_its_remedy(
    dynamodb: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footfall.stores.dynamodb.requests.FIRST_PAUSE", 0.0001)
    monkeypatch.setattr("footfall.stores.dynamodb.requests.LONGEST_PAUSE", 0.001)
    failure, kind, remedy = OF_BOTOCORE[name]
    store = opened(store_url("counts", dynamodb))

    def fail(request: Any, send: Any) -> Any:
        raise failure

    Faults(store.requests.client, lambda _: fail)
    with pytest.raises(kind, match=remedy):
        store.sites()


@pytest.mark.slow
def test_what_is_missing_on_this_machine_is_told(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    bare |= {
        "HOME": str(tmp_path),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "none",
        "AWS_SHARED_CREDENTIALS_FILE": "none",
    }

    def said(*command: str, **environment: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True, env={**bare, **environment}, timeout=60)
        assert done.returncode in (1, 2)
        assert "Traceback" not in done.stderr
        return done.stderr

    program = installed("footfall")
    assert "no region given" in said(program, "pages", "--store", "dynamodb:counts")
    assert "no AWS credentials were found" in said(program, "pages", "--store", "dynamodb:counts?region=eu-west-1")
    assert "AWS_PROFILE is not in" in said(program, "pages", "--store", "dynamodb:counts?region=eu-west-1", AWS_PROFILE="x")
    assert "write the endpoint as" in said(program, "pages", "--store", "dynamodb:counts?region=eu-west-1&endpoint=nonsense")
    assert "no option 'regoin'; there are: region, endpoint" in said(program, "pages", "--store", "dynamodb:c?regoin=eu-west-1")
    without = "import sys; sys.modules['boto3'] = None; from footfall.cli import cli; cli()"
    assert "pip install 'footfall[aws]'" in said(sys.executable, "-c", without, "pages", "--store", "dynamodb:counts")
    listed = "import sys, footfall.cli; sys.exit(any(name.startswith('boto') for name in sys.modules) or 2)"
    said(sys.executable, "-c", listed)


@pytest.mark.parametrize("own", ["SourceFile", "Record", "ExpiresAt"])
def test_an_attribute_of_our_own_cannot_be_mapped(own: str) -> None:
    with pytest.raises(ConfigError, match=f"{own}: footfall uses"):
        open_store("dynamodb:counts", ItemMap({**DEFAULT_ITEM, own: "{page}"}))


# --- the table


def test_the_table_is_made_as_it_should_be_and_told_of(dynamodb: str) -> None:
    url = store_url("footfall-test-made", dynamodb)
    try:
        made = answer_of("table", "create", "--store", url)
        again = answer_of("table", "create", "--store", url)
        told = answer_of("table", "info", "--store", url)
        text = builders.ask("table", "info", "--store", url).stdout

        assert (made["created"], again["created"]) == (True, False)
        assert told["keys"] == {"PageName": "S", "SortKey": "S"}
        assert list(told["features"].values()) == list(FEATURES.values())
        assert told["monthly_cost_usd"].keys() == {"storage", "backups", "total"}
        assert {"name", "region", "status", "items", "bytes"} <= told.keys()
        assert "a month: $" in text
    finally:
        drop("footfall-test-made", dynamodb)


def drop(table: str, endpoint: str) -> None:
    requests = Requests(table, REGION, endpoint, KEYS)
    requests.send("update_table", TableName=table, DeletionProtectionEnabled=False)
    requests.client.delete_table(TableName=table)


def plain_table(name: str, endpoint: str, keys: tuple[str, str], **features: Any) -> Requests:
    """A table of somebody else's."""
    requests = Requests(name, REGION, endpoint, KEYS)
    requests.send(
        "create_table",
        TableName=name,
        KeySchema=[{"AttributeName": keys[0], "KeyType": "HASH"}, {"AttributeName": keys[1], "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        **features,
    )
    return requests


def test_a_table_that_differs_is_not_touched_and_the_difference_is_named(dynamodb: str) -> None:
    on_demand = {"BillingMode": "PAY_PER_REQUEST"}
    paid = {"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}
    other = plain_table("footfall-test-keys", dynamodb, ("UserPages", "SortKey"), **on_demand)
    bare = plain_table("footfall-test-bare", dynamodb, KEYS, **on_demand)
    provisioned = plain_table("footfall-test-paid", dynamodb, KEYS, **paid)
    try:
        before = read_table(bare)
        with pytest.raises(StoreError, match=r"its keys differ: UserPages \(S\) and SortKey \(S\), not PageName"):
            create_table(other, complete=True)
        with pytest.raises(StoreError, match=r"time to live is off, not by ExpiresAt.*nothing was changed: --complete"):
            create_table(bare)
        assert read_table(bare) == before
        with pytest.raises(StoreError, match="billing is provisioned, not on demand"):
            create_table(provisioned, complete=True)

        assert create_table(bare, complete=True) is False
        assert read_table(bare).features == FEATURES
    finally:
        for requests in (other, bare, provisioned):
            drop(requests.table, dynamodb)


def test_only_dynamodb_has_a_table(tmp_path: Path) -> None:
    done = builders.ask("table", "info", "--store", f"sqlite:{tmp_path}/counts.db")

    assert done.exit_code == 2
    assert "only a DynamoDB store has a table" in done.stderr


# --- what it consumes


def test_verbose_tells_the_capacity_on_stderr(table_url: Callable[[], str], tmp_path: Path) -> None:
    table = table_url()
    opened(table).prepare("UTC")

    done = builders.ask("pages", "--store", table, "--verbose")
    assert done.stderr.startswith("capacity: ")
    assert "read units" in done.stderr
    assert "capacity" not in done.stdout


def test_a_file_of_a_hundred_views_takes_three_write_units_a_view_at_most(table_url: Callable[[], str]) -> None:
    store = opened(table_url())
    store.prepare("UTC")
    store.record([digest("first", [view(10_000, time=DAY)])])
    before = store.pricing.capacity().write_units

    views = [view(number, f"p{number % 40}", browser=f"b{number % 9}", referrer=f"r{number % 9}") for number in range(100)]
    store.record([digest("one", views)])

    assert store.pricing.capacity().write_units - before <= 300


def test_small_files_go_together(table_url: Callable[[], str]) -> None:
    store = opened(table_url())
    store.prepare("UTC")
    operations: list[str] = []

    def note(operation: str) -> str:
        operations.append(operation)
        return ""

    Faults(store.requests.client, note)

    store.record([digest(f"file{number}", [view(number)]) for number in range(90)])

    assert operations.count("BatchExecuteStatement") == 4 + 2 + 1 + 4 + 2  # views, the commit, six tallies, the ledger, its end
    assert totals(store) == {"a": 90}


def test_a_commit_that_is_too_large_for_an_item_takes_several_and_leaves_none(
    table_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footfall.stores.dynamodb.commits.FIRST_BYTES", 40)
    monkeypatch.setattr("footfall.stores.dynamodb.commits.MOST_BYTES", 100)
    url = table_url()
    views = [view(number, f"p{number}") for number in range(200)]
    broken, store = opened(url), opened(url)
    broken.prepare("UTC")
    operations: list[str] = []

    def fail_at_tallies(asked: str) -> Any:
        operations.append(asked)  # eight batches of views, pieces and the commit; then tallies are read
        return fail_for_good if asked == "BatchGetItem" and operations.count("BatchExecuteStatement") >= 10 else ""

    Faults(broken.requests.client, fail_at_tallies)
    with pytest.raises(StoreError, match="access denied"):
        broken.record([digest("one", views)])
    assert len(list(query(store.requests, "#groups"))) > 2
    assert totals(store) == {}

    assert store.record([digest("one", views), digest("two", [view(1000)])])[0] is None

    assert totals(store) == {each.page: 1 for each in views} | {"a": 1}
    assert list(query(store.requests, "#groups")) == []


def fail_for_good(request: Any, _: Any) -> Any:
    return error(request, "AccessDeniedException")


def test_a_tally_that_has_no_number_yet_is_added_to(table_url: Callable[[], str]) -> None:
    store = opened(table_url())
    store.prepare("UTC")
    tally = {"PageName": {"S": "#www.example.org#2022-10#page"}, "SortKey": {"S": "a"}, "D19": {"N": "3"}, "D20": {"N": "4"}}
    store.requests.send("put_item", TableName=store.requests.table, Item=tally)

    store.record([digest("one", [view(1)])])
    store.record([digest("two", [view(2)])])

    assert {day: views for _, day, views in store.counts("www.example.org", "page", "2022-10-01", "2022-10-31")} == {
        "2022-10-19": 3,
        "2022-10-20": 6,
    }


def requests_of(store: Store, ask: Callable[[], Any]) -> int:
    assert isinstance(store, DynamoDBStore)
    before = store.pricing.capacity().requests
    ask()
    return store.pricing.capacity().requests - before


def test_reports_cost_the_same_however_many_views_there_are(table_url: Callable[[], str]) -> None:
    store = opened(table_url())
    store.prepare("UTC")
    month = ("2022-10-01", "2022-10-31")

    def costs() -> list[tuple[int, float]]:
        found = []
        for ask in (
            lambda: list(store.counts("www.example.org", "page", *month)),
            lambda: list(store.counts("www.example.org", "page", *month, value="p1")),
            lambda: list(store.counts("www.example.org", "page", "2022-01-01", "2022-12-31", value="p1")),
        ):
            before = store.pricing.capacity().read_units
            found.append((requests_of(store, ask), store.pricing.capacity().read_units - before))
        return found

    store.record([digest("one", [view(number, f"p{number % 50}") for number in range(100)])])
    few = costs()
    store.record([digest("two", [view(number, f"p{number % 50}") for number in range(100, 3000)])])

    assert costs() == few
    assert [requests for requests, _ in few] == [2, 1, 1]  # the first asks which months there are, too


def noted(store: DynamoDBStore, operations: set[str]) -> DynamoDBStore:
    """The same store, which notes what it asks DynamoDB for."""

    def note(operation: str) -> str:
        operations.add(operation)
        return ""

    Faults(store.requests.client, note)
    return store


def test_what_is_asked_for_is_what_the_documents_want_allowed(table_url: Callable[[], str]) -> None:
    """No report ever scans; statements are INSERT, UPDATE and DELETE."""
    url = table_url()
    imports: set[str] = set()
    reports: set[str] = set()
    importer, reader = noted(opened(url), imports), noted(opened(url), reports)

    importer.prepare("UTC")
    importer.known("one")
    importer.record([digest("one", [view(number, f"p{number}") for number in range(120)])])
    importer.record([digest("two", [view(number, f"p{number}") for number in range(100, 130)])])
    asked = (reader.time_zone(), reader.sites(), reader.period("www.example.org"), list(reader.files()), totals(reader),
             totals(reader, value="p1"), totals(reader, prefix="p1"), list(reader.views("www.example.org", "p1", 0, DAY * 2)),
             list(reader.times("www.example.org", "p1", 0, DAY * 2)), reader.known("one"))  # fmt: skip

    assert all(asked)
    assert reports == {"Query", "BatchGetItem"}
    assert imports == {"Query", "BatchGetItem", "BatchExecuteStatement", "UpdateItem"}


@pytest.mark.parametrize("operation", ["BatchExecuteStatement", "Query"])
def test_views_are_written_and_months_are_read_side_by_side(table_url: Callable[[], str], operation: str) -> None:
    store = opened(table_url())
    store.prepare("UTC")
    months = ("2022-09-05", "2022-10-05", "2022-11-05", "2022-12-05", "2023-01-05")
    store.record([digest("one", [view(number, day=day) for number, day in enumerate(months)])])
    totals(store)
    together = threading.Barrier(4)
    asked = count(1)

    def meet(asked_for: str) -> str:
        if asked_for == operation and next(asked) <= 4:
            together.wait(10)  # four are under way at once, or it fails
        return ""

    Faults(store.requests.client, meet)

    if operation == "Query":
        assert totals(store) == {"a": 5}
    else:
        store.record([digest("two", [view(number) for number in range(10, 130)])])
    assert next(asked) > 4


def test_a_view_says_when_it_expires(table_url: Callable[[], str]) -> None:
    """DynamoDB deletes it then; one that has expired already is kept for a day, so that duplicates of it are found."""
    store = open_store(table_url(), KEPT, Keep(days=30))
    assert isinstance(store, DynamoDBStore)
    store.prepare("UTC")
    now = int(time.time())

    store.record([digest("one", [view(1, "new", time=now - 60), view(2, "old", time=now - 31 * 86_400)])])

    def expires(page: str) -> int:
        (item,) = query(store.requests, page)
        return int(item["ExpiresAt"]["N"])

    assert expires("new") == now - 60 + 30 * 86_400
    assert now + 86_400 <= expires("old") <= time.time() + 86_400


def test_new_keys_of_a_scanner_cost_one_write_in_a_month_that_is_full(
    table_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Known ones cost a write each. Nothing is read for them, where no other importer has counted since."""
    for module in ("tallies", "stores.dynamodb.kept", "stores.dynamodb.notes"):
        monkeypatch.setattr(f"footfall.{module}.MOST_KEPT", 5)
    monkeypatch.setattr("footfall.tallies.FIRST_KEPT", 5)
    store, before = opened(table_url()), Capacity()
    store.prepare("UTC")

    def cost(name: str, keys: str) -> Capacity:
        nonlocal before
        before = store.pricing.capacity()
        store.record([digest(name, [], {Dropped("www.example.org", "2022-10-01", "not found", "404", key): 1 for key in keys})])
        return store.pricing.capacity().since(before)

    cost("first", "abcde")
    known, new, again = cost("known", "abcde"), cost("new", "fghij"), cost("new again", "klmno")

    bounded = sum(row.is_open for row in dimensions_of("not found").values())
    assert known.write_units - new.write_units == 4 * bounded
    assert new == again
    assert new.requests == known.requests
    assert totals(store, "not_found") == {**dict.fromkeys("abcde", 2), "(other)": 10}


def test_a_view_that_is_too_large_for_an_item_is_stored_cut_and_all_views_count(
    table_url: Callable[[], str], here: Path
) -> None:
    """It is in a file with others, some of which come in a second file as well."""
    attributes = ", ".join(f'A{number} = "{{user_agent}}"' for number in range(60))
    env = {"FOOTFALL_ITEM": f'{{ PageName = "{{page}}", SortKey = "{{epoch}}#{{request_id}}", {attributes} }}'}
    lines = [builders.line("a/", request_id=f"{number:016X}") for number in range(46)]
    lines[40] = builders.line("a/", request_id=f"{40:016X}", agent=f"{builders.CHROME} {'x' * 7900}")
    builders.write_log(here / "logs", lines[:41], builders.name(1))
    builders.write_log(here / "logs", lines[30:], builders.name(2))
    store = table_url()

    told = builders.ask("import", "logs", "--store", store, env=env)

    assert told.exit_code == 0
    assert told.stderr.splitlines() == [f"footfall: 1 view: {CUT}"]
    assert told.stdout.startswith("57 lines: 46 views")
    assert builders.ask("pages", "--json", "--store", store, env=env).rows == {"a": 46}
    assert builders.ask("import", "logs", env=env).stderr == ""  # SQLite has room
    (cut,) = [
        item for item in builders.ask("views", "a", "--json", "--store", store, env=env).json["rows"] if len(item["A1"]) > 1000
    ]
    assert cut["A1"].startswith(f"{builders.CHROME} xxx")


def test_an_item_of_another_program_is_left_alone(table_url: Callable[[], str]) -> None:
    """The article's own function may have written views here, which nobody counted."""
    store = opened(table_url())
    store.prepare("UTC")
    theirs = {"PageName": {"S": "a"}, "SortKey": {"S": f"{DAY + 1}#{1:016X}"}, "AgentString": {"S": "theirs"}}
    store.requests.send("put_item", TableName=store.requests.table, Item=theirs)

    store.record([digest("one", [view(1)])])
    store.record([digest("two", [view(1)])])

    assert totals(store) == {"a": 1}
    assert list(store.views("www.example.org", "a", 0, DAY * 2)) == [KEPT.make(view(1))]
    kept = store.requests.send("get_item", TableName=store.requests.table, Key={key: theirs[key] for key in KEYS})["Item"]
    assert kept == theirs


def test_many_pages_in_a_month_are_counted_and_told(table_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One file and one group, which takes several items; several pages of results. FOOTFALL_TRIALS=100000 asks for so many."""
    monkeypatch.setattr("footfall.stores.dynamodb.commits.MOST_BYTES", 10_000)
    folder = f"blog/{'articles' * 12}/"  # so that the names are more than a page of results holds
    pages = max(trials(10_000), 10_000)
    url = table_url()
    store = open_store(url, KEPT, Keep(views=False))
    assert isinstance(store, DynamoDBStore)
    store.prepare("UTC")
    views = [view(number, f"{folder}{number:06}") for number in range(pages)]

    (account,) = store.record([digest("one", views)])

    assert account is not None
    assert account.views == pages
    asked = store.requests.capacity.requests
    assert sum(count.views for count in store.counts("www.example.org", "page", "2022-10-01", "2022-10-31")) == pages
    assert store.requests.capacity.requests - asked > 2, "one for the last group, and two or more pages of results"
    assert totals(store, value=f"{folder}007777") == {f"{folder}007777": 1}
    assert len(totals(store, prefix=f"{folder}0077")) == 100


def test_the_status_of_a_table_that_nothing_was_counted_in(table_url: Callable[..., str]) -> None:
    told = builders.ask("status", "--store", table_url()).stdout

    assert told.splitlines() == [
        "Files       0; the newest: (none)",
        "Requests    from (none) to (none)",
        "Sites       (none); days are in (none)",
        "Lines       0 lines: 0 views",
    ]


# --- what the ledger keeps of each file


def test_the_ledger_has_the_rules_and_what_a_file_added(table_url: Callable[[], str]) -> None:
    store = opened(table_url())
    store.prepare("UTC")

    store.record([digest("one", [view(1), view(2)], rules="0123456789abcdef"), digest("two", [view(2), view(3, "b")])])

    assert [part.rules for part in store.files()] == ["0123456789abcdef", None]
    one, two = store.added("one", 0), store.added("two", 0)
    assert one is not None
    assert one["www.example.org", "page", "2022-10-20", "a"] == 2
    assert two is not None
    assert {value: times for (_, name, _, value), times in two.items() if name == "page"} == {"b": 1}
    assert store.added("one", 1) is store.added("none", 0) is None
    truth.check_additions(store)


def test_what_a_large_file_added_has_items_of_its_own(table_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("footfall.stores.dynamodb.ledger.MOST_BYTES", 2000)
    store = opened(table_url())
    store.prepare("UTC")

    store.record([digest("one", [view(number, f"{number * 7919:x}") for number in range(2000)]), digest("two", [view(5000)])])

    assert len(list(query(store.requests, "#added"))) > 2
    truth.check_additions(store)


@pytest.mark.parametrize("is_done", [False, True], ids=["never begun", "begun and done"])
def test_a_commit_that_is_refused_takes_only_what_no_entry_names(table_url: Callable[[], str], is_done: bool) -> None:
    """It may have begun by a request whose answer was lost, and others have gone on since."""
    url = table_url()
    store, other = opened(url), opened(url)
    store.prepare("UTC")
    store.record([digest("first", [view(9000)])])
    large = digest("large", [view(number, f"{number * 7919:x}") for number in range(2000)])

    def go_between(request: Any, send: Any) -> Any:
        begun = send(request) if is_done else None
        other.prepare("UTC")
        other.record([digest("between", [view(9001)])])
        return lost_before(request, send) if begun else send(request)

    batches = count(1)
    last_before = 80 + 1 + 1  # views, what the file added, and the commit

    def choose(asked: str) -> Any:
        return go_between if asked == "BatchExecuteStatement" and next(batches) == last_before else ""

    happened = Faults(store.requests.client, choose).happened
    (account,) = store.record([large])

    assert happened == [("BatchExecuteStatement", "go_between")]
    assert account is not None
    assert len({item["SortKey"]["S"].partition("#")[0] for item in query(store.requests, "#added")}) == 1
    truth.check_additions(store)


def test_an_estimate_agrees_with_what_is_consumed(table_url: Callable[[], str]) -> None:
    for views, pages in ((1, 1), (10, 5), (100, 40), (3000, 3000)):
        store = opened(table_url())
        store.prepare("UTC")
        files = [digest("one", [view(number, f"{number % pages * 7919:x}") for number in range(views)])]

        expected = store.pricing.estimate(files).write_units
        before = store.pricing.capacity().write_units
        store.record(files)

        assert store.pricing.capacity().write_units - before == pytest.approx(expected, rel=0.02, abs=2)


@pytest.mark.parametrize("is_item_first", [False, True])
def test_an_item_that_the_logs_have_too_is_added_once(table_url: Callable[[], str], is_item_first: bool) -> None:
    store = opened(table_url())
    store.prepare("UTC")
    logs = digest("one", [view(1), view(2)])
    items = digest(f"{TABLE}theirs", [view(each, request_id=f"{ITEM}{each}") for each in (1, 3)])

    for file in (items, logs) if is_item_first else (logs, items):
        store.record([file])

    assert totals(store) == {"a": 3}
    truth.check_additions(store)
