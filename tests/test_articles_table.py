"""The article's table as a source: every view counts once, beside the logs of the same time, in any order, on every store."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from footfall.articles.lines import OPERATION
from footfall.stores import open_store
from footfall.stores.dynamodb import DynamoDBStore
from footfall.stores.imported import ITEM, TABLE

from .builders import (
    CHROME,
    FIREFOX,
    GOOGLEBOT,
    SITE,
    Answer,
    account_adds_up,
    ask,
    clean_environment,
    line,
    name,
    says,
    write_log,
)
from .conftest import KEPT, REGION, digest, free_port, store_url, totals, view

DAY = 1_666_224_000  # 2022-10-20 00:00 UTC
ADDRESS = "198.51.100.7"
SITE_OF_VIEWS = view().site


class OldTable:
    """A table as the article makes it."""

    def __init__(self, client: Any, endpoint: str, keys: tuple[str, ...]):
        self.client, self.keys, self.name = client, keys, f"PageTrackTable-{uuid4().hex[:8]}"
        self.url = store_url(self.name, endpoint)
        client.create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            BillingMode="PAY_PER_REQUEST",
        )

    def put(self, page: str, sort: int | str, **attributes: str | int) -> None:
        """An item, of Chrome at ADDRESS unless told otherwise; attributes that are "" are left out."""
        told = {"AgentString": CHROME, "RemoteAddress": ADDRESS, **attributes}
        item = {
            self.keys[0]: {"S": page},
            self.keys[1]: {"S": str(sort)},
            **{each: {"N" if isinstance(value, int) else "S": str(value)} for each, value in told.items() if value != ""},
        }
        self.client.put_item(TableName=self.name, Item=item)


@pytest.fixture
def old_table(dynamodb: str) -> Iterator[Callable[..., OldTable]]:
    """Makes tables as the article does."""
    import boto3

    client: Any = boto3.client("dynamodb", region_name=REGION, endpoint_url=dynamodb)
    made: list[OldTable] = []

    def make(keys: tuple[str, ...] = ("PageName", "SortKey")) -> OldTable:
        made.append(OldTable(client, dynamodb, keys))
        return made[-1]

    yield make
    for table in made:
        client.delete_table(TableName=table.name)
    client.close()


def import_(store: str, *sources: Any, **options: Any) -> Any:
    """What an import answers, which accounts for everything."""
    answer = ask("import", *sources, "--store", store, "--site", SITE, "--json", **options).json
    assert account_adds_up(answer)
    return answer


def pages(store: str) -> dict[str, int]:
    return ask("pages", "--store", store, "--json").rows


Tables = Callable[..., OldTable]


def test_items_are_counted_as_the_views_that_they_are(old_table: Tables, counts_in: str) -> None:
    table = old_table()
    table.put("blog/a", DAY, Referrer="https://www.google.com/", ServiceTime=12)
    table.put("blog/a", DAY + 3600, AgentString=FIREFOX)
    table.put("blog/b/", DAY + 86_400)
    table.put("about.html", DAY)
    table.put("/", DAY)

    answer = import_(counts_in, table.url)

    assert (answer["lines"], answer["views"], answer["files"]) == (5, 5, {"new": 1, "known": 0})
    assert pages(counts_in) == {"blog/a": 2, "/": 1, "about.html": 1, "blog/b": 1}
    assert ask("history", "--store", counts_in, "--json").series == {"2022-10-20": 4, "2022-10-21": 1}
    assert ask("top", "referrer", "--store", counts_in, "--json").rows == {"(unknown)": 4, "google.com": 1}
    assert ask("top", "browser", "--store", counts_in, "--json").rows == {"Chrome": 4, "Firefox": 1}
    assert ask("views", "blog/a", "--limit", "1", "--store", counts_in, "--json").json["rows"][0] | {"SortKey": ""} == {
        "PageName": "blog/a", "SortKey": "", "AgentString": CHROME, "RemoteAddress": ADDRESS,
        "Referrer": "https://www.google.com/", "ServiceTime": 12,
    }  # fmt: skip


def test_other_records_are_passed_over_and_accounted_for(old_table: Tables, counts_in: str) -> None:
    table = old_table()
    table.put("blog/a", DAY)
    table.put("INDEX", "blog/a", AgentString="", RemoteAddress="")
    for counter in ("2022-10", "2022-10-20", "20221020", "2101010100", "MONTH#2022-10", "TOTAL"):
        table.put("blog/a", counter, AgentString="", RemoteAddress="", Count=17)
    table.put("blog/a", DAY + 1, AgentString=GOOGLEBOT)
    table.put("favicon.ico", DAY)
    table.put("drafts/x", DAY)

    answer = import_(counts_in, table.url, "--exclude-paths", "drafts/*")

    assert {reason: count for reason, count in answer["dropped"].items() if count} == {
        "not a read": 7, "bot": 1, "not a page": 1, "excluded": 1,
    }  # fmt: skip
    assert (answer["lines"], answer["views"], answer["unreadable"]) == (11, 1, 0)
    assert pages(counts_in) == {"blog/a": 1}
    status = ask("status", "--store", counts_in, "--json").json
    assert (status["files"], status["first_request_at"]) == (1, "2022-10-20T00:00:00Z")


def test_what_an_item_lacks_is_not_made_up(old_table: Tables, counts_in: str) -> None:
    table = old_table()
    table.put("blog/a", DAY, AgentString="", RemoteAddress="")

    import_(counts_in, table.url)

    assert pages(counts_in) == {"blog/a": 1}
    assert ask("top", "browser", "--store", counts_in, "--json").rows == {"(unknown)": 1}


def test_an_import_that_is_repeated_counts_what_is_new(old_table: Tables, counts_in: str) -> None:
    table = old_table()
    for second in range(5):
        table.put("blog/a", DAY + second)
        table.put("blog/b", DAY + second, AgentString=GOOGLEBOT if second else CHROME)
    first = import_(counts_in, table.url)
    table.put("blog/a", DAY + 2_700_000)
    table.put("blog/a", DAY + 9)
    table.put("blog/c", DAY)

    again = import_(counts_in, table.url)

    assert (first["views"], first["dropped"]["bot"]) == (6, 4)
    assert (again["lines"], again["views"], again["dropped"]["duplicate"]) == (13, 3, 6)
    assert pages(counts_in) == {"blog/a": 7, "blog/b": 1, "blog/c": 1}
    assert ask("top", "status", "--store", counts_in, "--json").rows == {"200": 9}


def logs(folder: Path, *views: tuple[int, str], page: str = "blog/a", number: int = 1) -> Path:
    """A log file of views of a page: seconds and agents."""
    lines = [line(f"{page}/index.html", DAY + second, agent=agent, remote_ip=ADDRESS) for second, agent in views]
    return write_log(folder / f"{number}", lines, name(number))


@pytest.mark.parametrize("order", ["logs first", "table first", "logs between"])
def test_a_view_in_logs_and_table_counts_once(old_table: Tables, counts_in: str, tmp_path: Path, order: str) -> None:
    """Alike are views of one page, second, agent and address, and each has one twin."""
    table = old_table()
    table.put("blog/a", DAY)  # in the logs as well
    table.put("blog/a/", DAY)  # the same again under another key: the logs have two
    table.put("blog/a", DAY + 1)  # once here, twice in the logs
    table.put("blog/a", DAY + 2)  # not in the logs: another agent
    table.put("blog/a", DAY + 3)  # not in the logs at all
    table.put("blog/b", DAY)  # of another page
    one = logs(tmp_path, (0, CHROME), (0, CHROME), (1, CHROME), (2, FIREFOX))
    two = logs(tmp_path, (1, CHROME), (4, CHROME), number=2)
    sources = {"logs first": (one, two, table.url), "table first": (table.url, one, two), "logs between": (one, table.url, two)}

    told = [import_(counts_in, source) for source in sources[order]]

    assert sum(answer["lines"] for answer in told) == 12
    assert sum(answer["views"] for answer in told) == 9
    assert sum(answer["dropped"]["duplicate"] for answer in told) == 3
    assert pages(counts_in) == {"blog/a": 8, "blog/b": 1}
    assert ask("top", "browser", "--store", counts_in, "--json").rows == {"Chrome": 8, "Firefox": 1}
    shown = ask("views", "blog/a", "--store", counts_in, "--json").json["rows"]
    assert len(shown) == 8
    assert ask("history", "blog/a", "--by", "hour", "--store", counts_in, "--json").json["total"] == 8

    again = [import_(counts_in, source) for source in (table.url, one, two, logs(tmp_path / "copy", (4, CHROME), number=3))]

    assert [answer["views"] for answer in again] == [0, 0, 0, 1]
    assert pages(counts_in) == {"blog/a": 9, "blog/b": 1}


def test_facts_are_compared_as_far_as_both_are_known(old_table: Tables, counts_in: str, tmp_path: Path) -> None:
    table = old_table()
    table.put("blog/a", DAY, AgentString="", RemoteAddress="")
    table.put("blog/a", DAY + 1, RemoteAddress="198.51.100.0")  # masked
    table.put("blog/a", DAY + 2, RemoteAddress="198.51.100.8")  # somebody else
    log = logs(tmp_path, (0, CHROME), (1, CHROME), (2, CHROME))

    import_(counts_in, table.url)
    answer = import_(counts_in, log)

    assert (answer["views"], answer["dropped"]["duplicate"]) == (1, 2)


def test_masked_addresses_are_compared_masked(old_table: Tables, counts_in: str, tmp_path: Path) -> None:
    table = old_table()
    table.put("blog/a", DAY)

    import_(counts_in, table.url, "--mask-addresses", "true")
    answer = import_(counts_in, logs(tmp_path, (0, CHROME)))

    assert answer["views"] == 0


@pytest.mark.parametrize(
    ("keys", "prefix"), [(("UserPages", "SortKey"), "Richard#"), (("PageName", "SortKey"), ""), (("Page", "At"), "")]
)
def test_a_table_with_other_names_serves(old_table: Tables, tmp_path: Path, keys: tuple[str, str], prefix: str) -> None:
    table, store = old_table(keys), f"sqlite:{tmp_path}/counts.db"
    table.put(f"{prefix}blog/a", DAY)
    table.put(f"{prefix}INDEX", "blog/a")
    table.put("INDEX", "blog/b")

    answer = import_(store, table.url)

    assert (answer["views"], answer["dropped"]["not a read"]) == (1, 2)
    assert pages(store) == {"blog/a": 1}


def test_of_several_users_each_is_imported_by_itself(old_table: Tables, tmp_path: Path) -> None:
    table, store = old_table(("UserPages", "SortKey")), f"sqlite:{tmp_path}/counts.db"
    table.put("Richard#blog/a", DAY)
    table.put("Anna#blog/a", DAY)

    both = ask("import", table.url, "--store", store, "--site", SITE)
    answer = import_(store, f"{table.url}&user=Richard")

    assert both.exit_code == 1
    assert re.search(r"footfall: .* has pages of two users, (Anna and Richard|Richard and Anna): .*\?user=", both.stderr)
    assert (answer["views"], answer["dropped"]["other site"]) == (1, 1)
    assert pages(store) == {"blog/a": 1}


def test_keys_are_decoded_as_the_logs_have_them(old_table: Tables, tmp_path: Path) -> None:
    table, store = old_table(), f"sqlite:{tmp_path}/counts.db"
    table.put("blog/caf%25C3%25A9", DAY, Referrer='https://a.example/"x"', AgentString=f'{CHROME} "quoted"')
    table.put("blog/with blank", DAY, ServiceTime="12", Referrer="-")

    import_(store, table.url)

    assert pages(store) == {"blog/café": 1, "blog/with blank": 1}
    assert ask("top", "referrer", "--store", store, "--json").rows == {"(direct)": 1, "a.example": 1}


def test_days_may_be_left_to_the_logs(old_table: Tables, tmp_path: Path) -> None:
    table, store = old_table(), f"sqlite:{tmp_path}/counts.db"
    for day in range(5):
        table.put("blog/a", DAY + day * 86_400)

    answer = import_(store, table.url, "--since", "2022-10-21", "--until", "2022-10-22")
    rest = import_(store, table.url)

    assert [(each["lines"], each["views"]) for each in (answer, rest)] == [(2, 2), (5, 3)]


def test_the_cost_is_told_before_and_a_dry_run_writes_nothing(old_table: Tables, counts_in: str) -> None:
    table = old_table()
    table.put("blog/a", DAY)

    dry = ask("import", table.url, "--store", counts_in, "--site", SITE, "--dry-run")

    assert "read units, $0.00" in dry.stderr
    assert dry.stdout == "1 line: 1 view; 1 new file, 0 known (dry run: nothing was written)\n"
    assert import_(counts_in, table.url)["views"] == 1


def test_explain_shows_an_item_as_the_line_that_it_becomes(old_table: Tables) -> None:
    table = old_table()
    table.put("blog/a", DAY)
    table.put("blog/a", "2022-10")

    told = ask("explain", f"{table.url}&site={SITE}")

    assert "a page view\n  counts for 'blog/a' of www.example.com on 2022-10-20" in told.stdout
    assert "dropped: not a read" in told.stdout


def test_the_article_s_table_may_be_the_store_itself(old_table: Tables) -> None:
    """Its items stay as they are, and footfall's views stand beside them."""
    table = old_table()
    table.put("blog/a", DAY)
    table.put("blog/a", DAY + 1)

    answers = [import_(table.url, table.url) for _ in range(2)]

    assert [answer["views"] for answer in answers] == [2, 0]
    assert pages(table.url) == {"blog/a": 2}
    assert len(ask("views", "blog/a", "--store", table.url, "--json").json["rows"]) == 2


def test_what_cannot_be_is_told_with_its_remedy(
    old_table: Tables, tmp_path: Path, dynamodb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footfall.articles.table.ATTEMPTS", 2)  # each pause is longer than the one before
    table, store = old_table(), f"sqlite:{tmp_path}/counts.db"

    def of(source: str, *options: str) -> Answer:
        return ask("import", source, "--store", store, *options)

    says(of(table.url), "does not say which site its views belong to", "--site www.example.com", code=2)
    says(of(table.url, "--site", SITE, "--keep-views", "false"), "keep_views = true", code=2)
    says(of(table.url, "--site", SITE, "--keep-views-days", "9"), 'keep_views_days = ""', code=2)
    says(of(old_table(("PageName",)).url, "--site", SITE), "has no sort key", "name the table of views", code=1)
    says(of("dynamodb:", "--site", SITE), "does not name a table", "dynamodb:PageTrackTable?region=", code=2)
    says(of("dynamodb:T?place=x", "--site", SITE), "no option 'place'", "region, endpoint, site, user", code=2)
    says(of(store_url("NoSuchTable", dynamodb), "--site", SITE), "there is no such table in eu-west-1", code=1)
    says(of("dynamodb:T?region=eu-west-1&endpoint=nonsense", "--site", SITE), "write the endpoint as http://", code=2)
    says(
        of(f"dynamodb:T?region=eu-west-1&endpoint=http://127.0.0.1:{free_port()}", "--site", SITE), "cannot be reached", code=1
    )


def test_a_page_s_month_may_be_larger_than_memory(old_table: Tables, counts_in: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = old_table()
    for second in range(40):
        table.put("blog/a", DAY + second)
    monkeypatch.setattr("footfall.articles.log_files.SPOOLED_BYTES", 1000)

    import_(counts_in, table.url)

    assert pages(counts_in) == {"blog/a": 40}


@pytest.mark.parametrize("is_table_between", [False, True], ids=["logs between", "table between"])
def test_importers_of_logs_and_table_may_meet_at_any_step(
    table_url: Callable[..., str], is_table_between: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One stops before each of its requests in turn, and the other does all of its work there."""
    items = digest(
        f"{TABLE}eu-west-1:0:T#1#0001#a#2022-10",
        [view(1, request_id=f"{ITEM}1", operation=OPERATION, key="a/"), view(3, request_id=f"{ITEM}3", key="a/")],
    )
    records = digest("2022-10-20-09-00-00-0000000000000001", [view(1), view(2), view(3), view(3, request_id="X")])
    ours, others = (records, items) if is_table_between else (items, records)
    step, met = 0, True

    while met:
        url, step, met = table_url(), step + 1, False
        one, other = open_store(url, KEPT), open_store(url, KEPT)
        assert isinstance(one, DynamoDBStore)
        other.prepare("UTC")
        real, left = one.requests.send, iter(range(step - 1, -10_000, -1))

        def send(operation: str, real: Any = real, left: Any = left, other: Any = other, **asked: Any) -> Any:
            nonlocal met
            if next(left) == 0:
                met = True
                other.record([others])
            return real(operation, **asked)

        monkeypatch.setattr(one.requests, "send", send)
        one.record([ours])
        if met:
            assert totals(other) == {"a": 4}, step
            assert len(list(other.views(SITE_OF_VIEWS, "a", 0, DAY * 2))) == 4
            assert open_store(url, KEPT).record([records, items]) == [None, None]
        one.close()
        other.close()

    assert step > 6


@pytest.mark.parametrize("trial", range(5))
def test_where_both_importers_see_both_one_of_them_decides(
    table_url: Callable[..., str], monkeypatch: pytest.MonkeyPatch, trial: int
) -> None:
    """Each waits for the other before it looks, and before it writes down what it has found."""
    url, waits = table_url(), {"query": Barrier(2, timeout=20), "update_item": Barrier(2, timeout=20)}
    stores = [open_store(url, KEPT) for _ in range(2)]
    stores[0].prepare("UTC")
    # Of a month without items, the importer of logs may be done before the other one begins, and looks for none.
    stores[0].record([digest(f"{TABLE}eu-west-1:0:T#1#0001#b#2022-10", [view(2, "b", request_id=f"{ITEM}2", key="b/")])])
    for store in stores:
        assert isinstance(store, DynamoDBStore)

        def send(operation: str, real: Any = store.requests.send, met: Any = None, **asked: Any) -> Any:
            is_about_twins = "#twin" in str(asked) or asked.get("ExpressionAttributeValues", {}).get(":partition") == {"S": "a"}
            if is_about_twins and operation not in met:
                met.add(operation)
                waits[operation].wait()
            return real(operation, **asked)

        monkeypatch.setattr(store.requests, "send", partial(send, met=set()))
    item = digest(f"{TABLE}eu-west-1:0:T#1#0001#a#2022-10", [view(1, request_id=f"{ITEM}1", key="a/")])

    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda store, each: store.record([each]), stores, [digest("one", [view(1)]), item]))

    assert totals(stores[0]) == {"a": 1, "b": 1}


# Imports in a fork for each step that it reads, and says how each ended: to start Python takes longer than all the rest.
KILLS = """
import os, signal, sys
import boto3
import footfall.articles.log_files
import footfall.pipeline.batches
from footfall.cli import cli
from footfall.stores.sqlite import SQLiteStore
from footfall.stores.dynamodb.requests import Requests
boto3.client("dynamodb", region_name="eu-west-1")  # which reads what the clients of all forks are made of
footfall.pipeline.batches.BATCH_FILES = 3
footfall.pipeline.batches.BATCH_SECONDS = 3600  # so that a busy machine takes the same steps as an idle one
footfall.articles.log_files.CHECKPOINT_ITEMS = 10
steps = iter(range(10**9))

def dies(of, at):
    def step(self, *args, **kwargs):
        if next(steps) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = of(self, *args, **kwargs)
        if next(steps) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer
    return step

for asked in sys.stdin:
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        SQLiteStore.record = dies(SQLiteStore.record, int(asked))
        Requests.send = dies(Requests.send, int(asked))
        cli(prog_name="footfall")
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@contextmanager
def importing(*command: str) -> Iterator[Callable[[int], int]]:
    """Runs `footfall COMMAND`, killed at a step; its exit code."""
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", KILLS, *command], env=clean_environment(), text=True, **pipes) as importer:

        def import_until(step: int) -> int:
            assert importer.stdin is not None
            assert importer.stdout is not None
            importer.stdin.write(f"{step}\n")
            importer.stdin.flush()
            return int(importer.stdout.readline())

        yield import_until


def test_killed_again_and_again_it_counts_each_item_once(old_table: Tables, counts_in: str, tmp_path: Path) -> None:
    """The table grows meanwhile; and the logs have some of its views, and are imported between."""
    table, kills, step, second = old_table(), 0, 1, 0
    for page in range(30):
        for each in range(3):
            table.put(f"blog/{page}", DAY + each * 1_500_000)
    import_(counts_in, logs(tmp_path, (0, CHROME), (7, CHROME), page="blog/1"))

    with importing("import", table.url, "--store", counts_in, "--site", SITE) as import_until:
        while (ended := import_until(step)) == -9:
            kills += 1
            step += 1 + kills // 3
            second += 1
            table.put(f"blog/{kills % 7}", DAY + 100 + second)
            if kills == 5:
                import_(counts_in, logs(tmp_path, (0, CHROME), (102, CHROME), page="blog/2", number=2))
    import_(counts_in, table.url)

    assert ended == 0
    assert kills > 8
    assert sum(pages(counts_in).values()) == 90 + second + 1  # of the logs, only second 7 of blog/1 is not an item
    assert import_(counts_in, table.url)["views"] == 0
