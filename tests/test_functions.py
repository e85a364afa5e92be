"""The functions in AWS: whatever tells of a log file, however often, it counts once; what fails is tried again."""

import gzip
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from footfall.cli.backfill import _calls
from footfall.errors import ConfigError, Unfinished
from footfall.functions import handlers
from footfall.functions.notifications import objects_in
from footfall.functions.report import CallReport
from footfall.pipeline.events import FileDone
from footfall.records import Account, LogFile
from footfall.sources.s3 import Place, log_file
from footfall.stores import Store, open_store
from footfall.stores.dynamodb.keys import TOKENS

from .builders import EDGE_V2, FIREFOX, SITE, as_json, as_w3c, ask, edge, edge_key, edge_name, line, name, says
from .conftest import KEPT, REGION, ROOT, Bucket, totals, trials
from .lambda_runtime import Function, Said, function
from .relay import relay

EVENTS = ROOT / "tests/events"
FIRST = ("example-logs", "logs/of the blog/2026-10-20-09-00-00-0000000000000001")
V2 = (
    "example-logs",
    "logs/AWSLogs/111122223333/CloudFront/distributionid=E2EXAMPLE1ABCDE/year=2026/month=08/day=25/hour=14/"
    "E2EXAMPLE1ABCDE.2026-08-25-14.1a2b3c4d.gz",
)
LEGACY = ("example-logs", "logs/cloudfront/E2EXAMPLE1ABCDE.2026-08-25-14.5e6f7a8b.gz")
SECOND = ("example-logs", "logs/1+1=2/2026-10-20-09-00-00-0000000000000002")


def sample(name: str) -> Any:
    return json.loads((EVENTS / f"{name}.json").read_text("utf-8"))


def notification(bucket: Bucket, *keys: str) -> Any:
    """What S3 tells of these objects, in one event."""
    (record, *_) = sample("s3")["Records"]
    encoded = [quote_plus(key, safe="/") for key in keys]
    s3 = [{**record["s3"], "bucket": {"name": bucket.name}, "object": {"key": key, "size": 1}} for key in encoded]
    return {"Records": [{**record, "s3": each} for each in s3]}


class Call:
    """A call as the function sees it: so many files may be begun before time is short."""

    aws_request_id = "4711"

    def __init__(self, files: int = 1000):
        self._files = files

    def get_remaining_time_in_millis(self) -> int:
        self._files -= 1
        return 60_000 if self._files >= 0 else handlers.STOP_BEFORE_MS - 1


@pytest.fixture
def store(bucket: Bucket, table_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The functions' table, and the settings that they have in AWS."""
    url = table_url()
    monkeypatch.setenv("TARGET_DYNAMO_TABLE", url.removeprefix("dynamodb:").partition("?")[0])
    monkeypatch.setenv("FOOTFALL_LOGS", bucket.url("logs/"))
    handlers._setup.cache_clear()
    opened = open_store(url, KEPT)
    yield opened
    opened.close()
    handlers._setup.cache_clear()


def pages(store: Store) -> dict[str, int]:
    return totals(store, site=SITE, start="2026-09-01", end="2026-12-31")


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The function's log."""
    return [json.loads(each) for each in capsys.readouterr().out.splitlines()]


# What tells of a log file


@pytest.mark.parametrize(
    ("event", "places"),
    [
        ("s3", [FIRST, SECOND]),
        ("s3-cloudfront", [V2, LEGACY]),
        ("s3-removed", []),
        ("test-event", []),
        ("sqs", [FIRST, SECOND]),
        ("sns", [FIRST, SECOND]),
        ("sns-in-sqs", [FIRST, SECOND]),
        ("eventbridge", [("example-logs", "logs/1+1=2 of the blog/2026-10-20-09-00-00-0000000000000001")]),
    ],
)
def test_each_kind_of_event_tells_of_its_objects(event: str, places: list[tuple[str, str]]) -> None:
    assert list(objects_in(sample(event))) == places


def test_every_sample_of_an_event_is_tried() -> None:
    (mark,) = test_each_kind_of_event_tells_of_its_objects.pytestmark  # type: ignore[attr-defined]

    assert sorted(event for event, _ in mark.args[1]) == sorted(
        path.stem for path in EVENTS.iterdir() if not path.stem.startswith("http")
    )


RECORD = {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "b"}, "object": {"key": "k"}}}
ODD: list[Any] = [
    {}, [], "text", None, 5, True, {"Records": None}, {"Records": 5}, {"Records": {"a": 1}}, {"Records": [None]},
    {"Records": [{}]}, {"Records": [[RECORD]]}, {"Event": "s3:Other"}, {"source": "aws.s3"},
    {"source": "aws.s3", "detail-type": "Object Created"},
    {"source": "aws.s3", "detail-type": "Object Created", "detail": None},
    *({"Records": [{"eventSource": "aws:sqs", "body": body}]} for body in ("{", "", None, 5, "5", "null", '"text"', "[]")),
    {"Records": [{"eventSource": "aws:sqs"}]}, {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": None}}]},
    {"Records": [{"EventSource": "aws:sns", "Sns": None}]}, {"Type": "Notification"},
    *({"Records": [{**RECORD, "eventName": name}]} for name in (None, 5)),
    *({"Records": [{**RECORD, "s3": s3}]} for s3 in (
        None, {}, *({"bucket": {"name": "b"}, "object": {"key": key}} for key in (None, "", 5, "\ud800")),
        {"bucket": {"name": "b"}, "object": {"key": ["k"]}}, {"bucket": {"name": "b"}, "object": {"key": {}}},
        *({"bucket": {"name": name}, "object": {"key": "k"}} for name in (None, 5, "")), {"bucket": {}, "object": {"key": "k"}},
    )),
]  # fmt: skip


@pytest.mark.parametrize("event", ODD, ids=repr)
def test_an_odd_event_is_an_error_that_names_it(event: Any) -> None:
    (error,) = objects_in(event)

    assert isinstance(error, ConfigError)
    assert str(error).startswith("an event ")


@pytest.mark.parametrize(
    "odd", [each["Records"][0] for each in ODD if isinstance(each, dict) and isinstance(each.get("Records"), list)]
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_an_odd_record_does_not_hide_those_beside_it(odd: Any, wrapped: bool) -> None:
    event: Any = {"Records": [RECORD, odd, RECORD]}
    if wrapped:
        event = {"Records": [{"eventSource": "aws:sqs", "body": json.dumps(event)}, odd]}

    named = list(objects_in(event))

    assert [each for each in named if isinstance(each, Place)] == [("b", "k")] * 2
    assert sum(isinstance(each, ConfigError) for each in named) == 1 + wrapped


@pytest.mark.parametrize("more", [{"size": None}, {"size": "many"}, {"eTag": None}, {}])
def test_what_an_object_is_told_to_have_besides_its_key_does_not_matter(more: dict[str, Any]) -> None:
    event = {"Records": [{**RECORD, "s3": {"bucket": {"name": "b"}, "object": {"key": "k", **more}}}]}

    assert list(objects_in(event)) == [("b", "k")]


# on_log


def test_a_log_file_that_landed_is_counted_and_accounted_for(
    store: Store, bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    key = bucket.put(f"logs/a b+c/{name(1)}", [line(), line("about/index.html"), line(status=404), b"no record"])

    answer = handlers.on_log(notification(bucket, key), Call())

    (told,) = written(capsys)
    assert answer == {"new": 1}
    assert pages(store) == {"blog/a": 1, "about": 1}
    assert (told["log_file"], told["status"], told["request_id"]) == (bucket.url(key), "new", "4711")
    assert (told["lines"], told["views"], told["dropped"]["not found"], told["unreadable"]) == (4, 2, 1, 1)


def test_one_that_is_told_again_is_counted_once(store: Store, bucket: Bucket, capsys: pytest.CaptureFixture[str]) -> None:
    event = notification(bucket, bucket.put(f"logs/{name(1)}", [line()]))

    answers = [handlers.on_log({"Records": event["Records"] * 2}, Call()), handlers.on_log(event, Call())]

    assert answers == [{"new": 1}, {"known": 1}]
    assert pages(store) == {"blog/a": 1}


def test_what_fails_is_raised_after_the_rest_is_done(store: Store, bucket: Bucket, capsys: pytest.CaptureFixture[str]) -> None:
    good = bucket.put(f"logs/{name(2)}", [line()])
    bad = bucket.put(f"logs/{name(1)}.gz", b"\x1f\x8bno gzip at all")
    event = notification(bucket, bad, good)
    event["Records"].insert(0, {"eventSource": "aws:unknown"})

    with pytest.raises(Unfinished, match="2 to be retried"):
        handlers.on_log(event, Call())

    told = {(each["level"], each["status"]) for each in written(capsys)}
    assert told == {("ERROR", "failed"), ("INFO", "new")}
    assert pages(store) == {"blog/a": 1}


def test_one_odd_record_within_a_message_does_not_make_the_others_wait(
    store: Store, bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    event = notification(bucket, *(bucket.put(f"logs/{name(number)}", [line()]) for number in (1, 2)))
    event["Records"].insert(1, {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"bucket": None}})

    with pytest.raises(Unfinished, match="1 to be retried: an event "):
        handlers.on_log({"Records": [{"eventSource": "aws:sqs", "body": json.dumps(event)}]}, Call())

    assert pages(store) == {"blog/a": 2}


def test_objects_that_are_no_logs_or_gone_are_told_and_not_tried_again(
    store: Store, bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    other = bucket.put("logs/index.html", b"<html>")
    gone = bucket.put(f"logs/{name(1)}", [line()])
    bucket.delete(gone)

    handlers.on_log(notification(bucket, other, gone), Call())

    assert [(each["log_file"], each["status"]) for each in written(capsys)] == [
        (bucket.url(other), "no log"),
        (bucket.url(gone), "gone"),
    ]


def test_files_that_there_is_no_time_for_are_tried_again(store: Store, bucket: Bucket) -> None:
    event = notification(bucket, *(bucket.put(f"logs/{name(number)}", [line()]) for number in range(5)))

    with pytest.raises(Unfinished, match="3 log files were left for lack of time"):
        handlers.on_log(event, Call(files=2))
    handlers.on_log(event, Call())

    assert pages(store) == {"blog/a": 5}


# CloudFront's logs


def test_cloudfronts_logs_are_counted_legacy_and_v2_and_beside_those_of_s3(
    store: Store, bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    both_on = [edge(), edge("/about")]
    keys = [
        bucket.put(f"logs/cloudfront/{edge_name(1)}", gzip.compress(as_w3c(both_on))),
        bucket.put(f"logs/{edge_key(2)}", gzip.compress(as_w3c([*both_on, edge("/new/")], EDGE_V2))),
        bucket.put(f"logs/{edge_key(3)}", gzip.compress(as_json([edge("/json/"), both_on[0]]))),
        bucket.put(f"logs/{name(1)}", [line(agent="-", requester="svc:cloudfront.amazonaws.com")]),
    ]

    answers = [handlers.on_log(notification(bucket, key), Call()) for key in keys]

    assert answers == [{"new": 1}] * 4
    assert pages(store) == {"blog/a": 1, "about": 1, "new": 1, "json": 1}
    dropped = [{reason: lines for reason, lines in each["dropped"].items() if lines} for each in written(capsys)]
    assert dropped == [{}, {"duplicate": 2}, {"duplicate": 1}, {"cdn": 1}]


def test_what_cloudfronts_logs_lack_is_written_with_each_file(
    store: Store, bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    fields = [field for field in EDGE_V2 if field != "cs(User-Agent)"]
    key = bucket.put(f"logs/{edge_key(1)}", gzip.compress(as_w3c([edge()], fields)))

    handlers.on_log(notification(bucket, key), Call())

    (told,) = written(capsys)
    assert (told["status"], told["views"]) == ("new", 1)
    assert "bots cannot be told from people (no cs(User-Agent)); select it" in told["notice"]


def test_cloudfronts_logs_that_cannot_be_counted_are_told(
    store: Store, bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    fields = [field for field in EDGE_V2 if field != "cs-method"]
    key = bucket.put(f"logs/{edge_key(1)}", gzip.compress(as_w3c([edge()], fields)))

    with pytest.raises(Unfinished, match="it lacks cs-method"):
        handlers.on_log(notification(bucket, key), Call())

    assert list(store.files()) == []


def test_a_sweep_and_a_backfill_count_cloudfronts_logs(store: Store, bucket: Bucket) -> None:
    keys = [
        bucket.put(f"logs/{edge_key(1)}", gzip.compress(as_w3c([edge()], EDGE_V2))),
        bucket.put(f"logs/cloudfront/{edge_name(2)}", gzip.compress(as_w3c([edge("/about")]))),
        bucket.put(f"logs/{edge_key(3)}", gzip.compress(as_json([edge("/json/")]))),
    ]
    assert store.backfills is not None
    store.backfills.begin("of a test", [2])
    event = {"backfill": "of a test", "call": 0, "bucket": bucket.name, "keys": keys[:2]}

    answers = [handlers.on_backfill(event, Call()), handlers.on_sweep({}, Call()), handlers.on_sweep({}, Call())]

    assert answers == [{"new": 2}, {"new": 1}, {}]
    assert pages(store) == {"blog/a": 1, "about": 1, "json": 1}


def test_a_backfill_counts_files_anew_that_were_counted_under_other_rules(
    store: Store, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [bucket.put(f"logs/{name(number)}", [line(), line("b/", agent=FIREFOX)]) for number in (1, 2)]
    assert store.backfills is not None
    store.backfills.begin("of a test", [2])
    event = {"backfill": "of a test", "call": 0, "bucket": bucket.name, "keys": keys}
    handlers.on_backfill(event, Call())
    monkeypatch.setenv("FOOTFALL_BOTS", "Firefox")
    handlers._setup.cache_clear()

    answers = [handlers.on_backfill({**event, "recount": True}, Call()) for _ in range(2)]

    assert answers == [{"recounted": 2}, {"known": 2}]
    assert pages(store) == {"blog/a": 2}
    assert [(each.done, each.failed) for each in store.backfills.all()] == [(2, 0)]
    handlers._setup.cache_clear()


def test_a_recount_hands_over_what_was_counted_under_other_rules(store: Store, bucket: Bucket) -> None:
    bucket.put(f"logs/{name(1)}", [line()])
    handlers.on_sweep({}, Call())
    url = handlers._setup().settings["store"]
    via = ("recount", "--logs", bucket.url("logs/"), "--via", "no-such-function", "--store", url)

    says(ask(*via, "--bots", "Firefox"), "no-such-function", "no such function", code=1)
    assert ask(*via, "--json").json["files"] == 0
    says(ask(*via, "--dry-run"), "cannot be used with --dry-run", code=2)


def test_a_call_of_a_backfill_takes_fewer_packed_files_since_they_hold_more_lines() -> None:
    packed = [log_file(Place("example-logs", edge_key(number)), 10 << 20) for number in range(4)]
    plain = [log_file(Place("example-logs", name(number)), 10 << 20) for number in range(4)]

    assert [len(call) for call in _calls(packed)] == [1, 1, 1, 1]
    assert [len(call) for call in _calls(plain)] == [4]


def test_one_odd_key_of_a_backfill_does_not_make_the_others_wait(store: Store, bucket: Bucket) -> None:
    key = bucket.put(f"logs/{name(1)}", [line()])
    assert store.backfills is not None
    store.backfills.begin("of a test", [3])

    with pytest.raises(Unfinished, match="2 to be retried: None in "):
        handlers.on_backfill({"backfill": "of a test", "call": 0, "bucket": bucket.name, "keys": [None, key, ""]}, Call())

    assert pages(store) == {"blog/a": 1}
    assert [(each.done, each.failed) for each in store.backfills.all()] == [(1, 2)]


@pytest.mark.parametrize("event", [{}, [], None, "text", {"bucket": "b", "keys": ["k"]}, {"Records": []}])
def test_a_backfill_of_something_else_is_refused(event: Any) -> None:
    with pytest.raises(ConfigError, match="the event was not sent by `footfall import --via`"):
        handlers.on_backfill(event, Call())


def test_the_roles_allow_the_statements_that_counting_sends_and_no_others(
    store: Store, bucket: Bucket, template: dict[str, Any]
) -> None:
    """The emulator knows one word for all of PartiQL; IAM has one for each verb."""
    sent: set[str] = set()
    handlers._setup().store.requests.client.meta.events.register(  # type: ignore[attr-defined]
        "provide-client-params.dynamodb.BatchExecuteStatement",
        lambda params, **_: sent.update(each["Statement"].split()[0] for each in params["Statements"]),
    )
    large = [line(f"p{number}/index.html") for number in range(300)]

    handlers.on_log(notification(bucket, bucket.put(f"logs/{name(1)}", large)), Call())

    needed = {f"dynamodb:PartiQL{verb.title()}" for verb in sent}
    assert partiql_of(template, "OnLogRole") == partiql_of(template, "OnSweepRole") == needed
    assert partiql_of(template, "OnBackfillRole") == needed
    assert partiql_of(template, "OnRequestRole") == set()


def test_what_counts_asks_nothing_about_tokens(store: Store, bucket: Bucket) -> None:
    """Its roles deny it, which the emulator does not check."""
    asked: list[str] = []
    handlers._setup().store.requests.client.meta.events.register(  # type: ignore[attr-defined]
        "provide-client-params.dynamodb.*", lambda params, **_: asked.append(repr(params))
    )
    bucket.put(f"logs/{name(2)}", [line("swept/")])

    handlers.on_log(notification(bucket, bucket.put(f"logs/{name(1)}", [line(), line(status=404)])), Call())
    handlers.on_sweep({}, Call())

    assert pages(store) == {"blog/a": 1, "swept": 1}
    assert asked
    assert not [each for each in asked if TOKENS in each]


def partiql_of(template: dict[str, Any], role: str) -> set[str]:
    (policy,) = template["Resources"][role]["Properties"]["Policies"]
    actions = [action for each in policy["PolicyDocument"]["Statement"] for action in (each["Action"], *each["Action"])]
    return {action for action in actions if isinstance(action, str) and "PartiQL" in action}


# on_sweep


def test_a_sweep_counts_what_nobody_objects_in(store: Store, bucket: Bucket) -> None:
    told = bucket.put(f"logs/{name(1)}", [line()])
    bucket.put(f"logs/{name(2)}", [line("lost/index.html")])
    bucket.put(f"elsewhere/{name(3)}", [line()])
    handlers.on_log(notification(bucket, told), Call())

    assert handlers.on_sweep({}, Call()) == {"new": 1}
    assert handlers.on_sweep({}, Call()) == {}
    assert pages(store) == {"blog/a": 1, "lost": 1}


def test_a_sweep_stops_before_its_time_is_up_and_goes_on_next_time(
    store: Store, bucket: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(5):
        bucket.put(f"logs/{name(number)}", [line()])

    answers = [handlers.on_sweep({}, Call(files=3)), handlers.on_sweep({}, Call(files=3))]

    left = [each for each in written(capsys) if each["status"] == "left"]
    assert answers == [{"new": 3, "left": 2}, {"new": 2}]
    assert [(each["log_files"], each["next"]) for each in left] == [(2, bucket.url(f"logs/{name(3)}"))]
    assert pages(store) == {"blog/a": 5}


def test_a_sweep_without_a_place_says_what_to_set(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOOTFALL_LOGS")

    with pytest.raises(ConfigError, match="FOOTFALL_LOGS"):
        handlers.on_sweep({}, Call())


# The packaged zip, alone, under AWS's own runtime client


@pytest.fixture
def in_aws(store: Store, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What AWS would set for the functions."""
    return {
        "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"], "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "TARGET_DYNAMO_TABLE": os.environ["TARGET_DYNAMO_TABLE"], "FOOTFALL_LOGS": bucket.url("logs/"), "FOOTFALL_SITES": SITE,
    }  # fmt: skip


def test_the_zip_runs_without_this_checkout(unpacked: Path, in_aws: dict[str, str], store: Store, bucket: Bucket) -> None:
    key = bucket.put(f"logs/{name(1)}", [line()])
    path = f"{unpacked / 'task'}:{unpacked / 'runtime'}"
    code = "import footfall, sys; print(footfall.__file__, *sys.path, sep='\\n')"
    where = subprocess.run(
        [sys.executable, "-S", "-s", "-c", code],
        env={"PYTHONPATH": path},
        cwd=unpacked / "task",
        capture_output=True,
        text=True,
    ).stdout.splitlines()

    with function(unpacked, "on_log", in_aws) as on_log:
        said = on_log.call(notification(bucket, key))

    assert where[0].startswith(str(unpacked))
    assert [each for each in where if str(ROOT / "src") in each] == []
    assert said == Said(answer={"new": 1})
    assert on_log.lines()[0]["views"] == 1
    assert pages(store) == {"blog/a": 1}


def test_what_is_raised_is_told_to_aws(unpacked: Path, in_aws: dict[str, str], bucket: Bucket) -> None:
    with function(unpacked, "on_log", {**in_aws, "TARGET_DYNAMO_TABLE": "no-such-table"}) as on_log:
        said = on_log.call(notification(bucket, bucket.put(f"logs/{name(1)}", [line()])))

    assert said.error is not None
    assert said.error["errorType"] == "StoreMissing"
    assert "there is no such table" in said.error["errorMessage"]


def test_on_log_imports_nothing_that_it_does_not_need(unpacked: Path, in_aws: dict[str, str], bucket: Bucket) -> None:
    code = """
import json, sys
from footfall.functions import handlers
first = set(sys.modules)
class Call:
    aws_request_id = "1"
    def get_remaining_time_in_millis(self):
        return 99999
handlers.on_log(json.loads(sys.argv[1]), Call())
print("\\n".join(sorted(first)), "--", "\\n".join(sorted(set(sys.modules))), sep="\\n")
"""
    event = json.dumps(notification(bucket, bucket.put(f"logs/{name(1)}", [line()])))
    done = subprocess.run(
        [sys.executable, "-S", "-s", "-c", code, event], cwd=unpacked / "task", capture_output=True, text=True, check=True,
        env={**in_aws, "PYTHONPATH": f"{unpacked / 'task'}:{unpacked / 'runtime'}"},
    )  # fmt: skip
    at_import, _, in_all = done.stdout.partition("\n--\n")

    never = {"starlette", "mangum", "anyio", "click", "uvicorn", "sqlite3", "asyncio"}
    assert never & set(in_all.splitlines()) == set()
    assert {"boto3", "botocore"} & set(at_import.splitlines()) == set()
    assert "boto3" in in_all.splitlines()


# One to five deliveries in random order, with kills between


class Killer:
    """Kills the function's process at a step: a request that is about to reach AWS, or whose answer is on its way."""

    def __init__(self) -> None:
        self.victim: Function | None = None
        self.steps_left = 0

    def aim(self, victim: Function, steps: int) -> None:
        self.victim, self.steps_left = victim, steps

    def __call__(self, _: int, when: str, content: bytes) -> bytes | None:
        self.steps_left -= 1
        if self.steps_left or self.victim is None or self.victim.process is None:
            return None
        self.victim.process.kill()
        self.victim.process.wait()
        return content[: len(content) // 2]


@pytest.mark.parametrize("seed", range(trials(1, of=40)))
def test_one_to_five_deliveries_in_random_order_with_kills_between_count_once(
    unpacked: Path, in_aws: dict[str, str], store: Store, bucket: Bucket, seed: int
) -> None:
    dice = random.Random(seed)
    lines = [line(f"p{dice.randrange(9)}/index.html", status=dice.choice([200, 200, 404])) for _ in range(90)]
    truth = Counter(each.split()[8].decode().partition("/")[0] for each in lines if b" 200 - " in each)
    twice = dice.sample(lines, 6)  # S3 delivers some records in two files
    keys = []
    for number in range(6):
        content = [*lines[number::6], twice[number]]
        dice.shuffle(content)
        keys.append(bucket.put(f"logs/{name(number)}", content))
    events = [notification(bucket, *keys[:3]), *(notification(bucket, key) for key in keys[3:])]
    deliveries = [event for event in events for _ in range(dice.randint(1, 5))]
    dice.shuffle(deliveries)
    killer, kills = Killer(), 0

    with (
        relay(in_aws["AWS_ENDPOINT_URL"], killer) as between,
        function(unpacked, "on_log", {**in_aws, "AWS_ENDPOINT_URL": between.endpoint}) as on_log,
    ):
        for event in deliveries:
            killer.aim(on_log, dice.randrange(1, 20))
            for attempt in count(1):  # AWS tries again; the second attempt may be killed as well
                if (said := on_log.call(event)).is_well:
                    break
                assert said.is_killed, said
                kills += 1
                killer.aim(on_log, dice.randrange(1, 40) if attempt == 1 else 0)

    assert kills >= 4
    assert pages(store) == truth
    assert sum(part.account.views for part in store.files()) == truth.total()
    assert len(list(store.files())) == 6


def test_views_whose_items_are_cut_are_noted_in_the_functions_log(capsys: pytest.CaptureFixture[str]) -> None:
    report = CallReport("1")

    report.add(FileDone(LogFile("", "s3://logs/a", lambda: BytesIO()), is_new=True, account=Account(2, 2, cut=1)))

    (told,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told["notice"].startswith("1 of its views: too large for a table item")
    assert (told["lines"], told["views"]) == (2, 2)


def test_a_file_of_other_sites_alone_is_noted_in_the_functions_log(capsys: pytest.CaptureFixture[str]) -> None:
    report = CallReport("1")
    file = LogFile("", "s3://logs/a", lambda: BytesIO())

    report.add(FileDone(file, is_new=True, account=Account(2, 0, {"other site": 2})))
    report.add(FileDone(file, is_new=True, account=Account(2, 1, {"other site": 1})))

    first, second = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert first["notice"] == "no line belongs to a site in FOOTFALL_SITES"
    assert "notice" not in second
