"""
The stack, deployed by osls from the packaged files into an AWS of our own that enforces IAM: a log lands, and is counted.

Two things are not as in AWS, which docs/how-to/deploy.md tells too: the emulator knows PartiQL by another word than IAM
does (see `in_its_words`), and writes functions' logs and failures itself, whatever their roles say.
"""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from copy import deepcopy
from datetime import date, timedelta
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from footfall.api.access import make_token
from footfall.items import DEFAULT_ITEM, ItemMap
from footfall.sources import s3
from footfall.stores import Store, open_store
from footfall.stores.dynamodb import DynamoDBStore
from footfall.stores.dynamodb.keys import NOTICES
from footfall.stores.dynamodb.table import FEATURES, create_table, read_table

from .builders import EDGE_V2, SITE, as_w3c, ask, edge, edge_key, edge_name, line, name, says
from .conftest import REGION, ROOT, Bucket, emulator, osls_package, run_osls, store_url, totals

STACK = "footfall-prod"
LOGS = "logs-of-the-site"
ROLES = {
    "onLog": "OnLogRole",
    "onSweep": "OnSweepRole",
    "onBackfill": "OnBackfillRole",
    "onNotice": "OnNoticeRole",
    "onRequest": "OnRequestRole",
}
PARAMS = {"site": SITE, "bucket": LOGS, "prefix": "logs/", "region": REGION}
PATIENCE = 30  # seconds for a log file to be counted; it takes one


class Deployed(NamedTuple):
    """A stack that is there."""

    endpoint: str
    template: dict[str, Any]
    outputs: dict[str, str]
    bucket: Bucket

    def client(self, service: str) -> Any:
        """boto3's client of it, as its owner."""
        return owner(service, self.endpoint)

    def log(self, handler: str) -> str:
        """What a function has written so far."""
        logs, group = self.client("logs"), f"/aws/lambda/{self.function(handler)}"
        return "".join(each["message"] for each in logs.filter_log_events(logGroupName=group)["events"])

    def function(self, handler: str) -> str:
        """The name of a function."""
        return f"{STACK}-{handler}"


def owner(service: str, endpoint: str) -> Any:
    import boto3

    who = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    made: Any = boto3.client(service, endpoint_url=endpoint, region_name=REGION, **who)  # type: ignore[call-overload]
    return made


@pytest.fixture(scope="module")
def deployed(package: Path) -> Iterator[Deployed]:
    packaged = osls_package(package, **PARAMS)
    template = in_its_words(packaged)
    with account() as (endpoint, bucket):
        osls(package, endpoint, "deploy", "--package", packaged, **PARAMS)
        (stack,) = owner("cloudformation", endpoint).describe_stacks(StackName=STACK)["Stacks"]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
        yield Deployed(endpoint, template, outputs, bucket)


@contextmanager
def account() -> Iterator[tuple[str, Bucket]]:
    """Where an AWS is that has nothing but the bucket of the logs; and that."""
    soon = {"LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.1"}
    with emulator(AUTH="true", NODE_PATH=str(ROOT / "node_modules"), **soon) as endpoint:
        bucket = Bucket(owner("s3", endpoint), LOGS)
        bucket.client.create_bucket(Bucket=LOGS, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield endpoint, bucket


def in_its_words(packaged: Path) -> dict[str, Any]:
    """What will be deployed, from now on with the word that the emulator checks for PartiQL in a batch, of any table."""
    state = json.loads((packaged / "serverless-state.json").read_text("utf-8"))
    template: dict[str, Any] = state["service"]["provider"]["compiledCloudFormationTemplate"]
    for statement in statements(template).values():
        if any("PartiQL" in action for action in actions_of(statement)):
            statement |= {"Action": "dynamodb:BatchExecuteStatement", "Resource": "*"}
    (packaged / "serverless-state.json").write_text(json.dumps(state), "utf-8")
    return template


def statements(template: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """The statements of our roles, by role and name."""
    roles = {role: template["Resources"][role]["Properties"] for role in ROLES.values()}
    return {
        (role, statement["Sid"]): statement
        for role, properties in roles.items()
        for policy in properties["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    }


def osls(package: Path, endpoint: str, *command: str | Path, **params: str) -> None:
    """Do as `make deploy` does in an AWS."""
    who = {"AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    run_osls(package, who, *command, **params)


@pytest.fixture
def store(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The stack's table, as its owner has it on a laptop."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    opened = open_store(store_url("footfall-prod", deployed.endpoint), ItemMap(DEFAULT_ITEM))
    yield opened
    opened.close()


def pages(store: Store) -> dict[str, int]:
    return totals(store, site=SITE, start="2026-09-01", end="2026-12-31")


def eventually(is_so: Callable[[], bool], why: Callable[[], str]) -> None:
    """Waits until it is so; `why` tells why it never was."""
    ends = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < ends, why()
        time.sleep(0.1)


def test_a_second_deployment_changes_the_first_and_taking_it_away_leaves_table_and_logs(package: Path) -> None:
    with account() as (endpoint, bucket):
        kept = bucket.put("logs/kept", [b"a line"])
        osls(package, endpoint, "deploy", **PARAMS)
        tables = owner("dynamodb", endpoint).list_tables()["TableNames"]

        osls(package, endpoint, "deploy", **PARAMS | {"prefix": "others/"})

        assert owner("dynamodb", endpoint).list_tables()["TableNames"] == tables == [STACK]
        assert prefixes(bucket) == ["others/"]

        osls(package, endpoint, "remove", **PARAMS | {"prefix": "others/"})

        assert owner("dynamodb", endpoint).list_tables()["TableNames"] == tables
        assert owner("lambda", endpoint).list_functions()["Functions"] == []
        assert prefixes(bucket) == []
        assert bucket.client.head_object(Bucket=bucket.name, Key=kept)


def prefixes(bucket: Bucket) -> list[str]:
    """The prefixes that functions are notified of."""
    found = bucket.client.get_bucket_notification_configuration(Bucket=bucket.name).get("LambdaFunctionConfigurations", [])
    return [rule["Value"] for each in found for rule in each["Filter"]["Key"]["FilterRules"]]


def test_a_log_lands_and_is_counted(deployed: Deployed, store: Store) -> None:
    deployed.bucket.put(f"logs/of the blog/{name(1)}", [line(), line("about/index.html"), line(status=404)])

    eventually(lambda: len(list(store.files())) == 1, lambda: deployed.log("onLog"))

    assert pages(store) == {"blog/a": 1, "about": 1}


def test_cloudfronts_logs_land_and_are_counted_and_the_api_answers(deployed: Deployed, store: Store, token: str) -> None:
    legacy = gzip.compress(as_w3c([edge("/cdn/legacy"), edge("/style.css", sc_content_type="text/css")]))
    v2 = gzip.compress(as_w3c([edge("/cdn/v2"), edge("/cdn/v2")], EDGE_V2))
    deployed.bucket.put(f"logs/cloudfront/{edge_name(1)}", legacy)
    deployed.bucket.put(f"logs/{edge_key(2)}", v2)

    eventually(lambda: {"cdn/legacy", "cdn/v2"} <= pages(store).keys(), lambda: deployed.log("onLog"))
    status, content = over_http(deployed, "/pagetotals?prefix=cdn/", Authorization=f"Bearer {token}")

    assert (status, json.loads(content)) == (200, {"cdn/v2": 2, "cdn/legacy": 1})


def test_the_notification_is_for_the_prefix_on_the_bucket_that_was_there(deployed: Deployed) -> None:
    (found,) = deployed.bucket.client.get_bucket_notification_configuration(Bucket=LOGS)["LambdaFunctionConfigurations"]

    assert found["LambdaFunctionArn"].endswith(deployed.function("onLog"))
    assert found["Events"] == ["s3:ObjectCreated:*"]
    assert [(rule["Name"].lower(), rule["Value"]) for rule in found["Filter"]["Key"]["FilterRules"]] == [("prefix", "logs/")]


def test_its_table_is_as_table_create_makes_it(deployed: Deployed, store: Store) -> None:
    assert isinstance(store, DynamoDBStore)

    # The emulator leaves out two features of a template's table; tests/test_package.py compares the requests.
    assert create_table(store.requests, complete=True) is False  # raises where keys or billing differ
    assert read_table(store.requests).features == FEATURES


def test_the_counts_are_told_over_http_to_who_has_a_token(deployed: Deployed, store: Store) -> None:
    deployed.bucket.put(f"logs/{name(2)}", [line("over/http/index.html")])
    eventually(lambda: pages(store).get("over/http") == 1, lambda: deployed.log("onLog"))
    url = store_url("footfall-prod", deployed.endpoint)
    token = ask("token", "add", "laptop", "--store", url, "--json").json["token"]

    refused = over_http(deployed, "/api/v1/stats/page")
    answered = over_http(deployed, "/api/v1/stats/page", Authorization=f"Bearer {token}")

    assert refused[0] == 401
    assert answered[0] == 200
    assert {row["value"]: row["views"] for row in json.loads(answered[1])["rows"]}["over/http"] == 1


def over_http(deployed: Deployed, path: str, **headers: str) -> tuple[int, bytes]:
    """What the API answers; its host's name leads to the emulator."""
    port = urlsplit(deployed.endpoint).port
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", path, headers={"Host": f"{api_of(deployed)}:{port}", **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()


def api_of(deployed: Deployed) -> str:
    (found,) = deployed.client("apigatewayv2").get_apis()["Items"]
    return f"{found['ApiId']}.execute-api.localhost"


def test_a_call_that_fails_for_good_is_kept_in_the_queue(deployed: Deployed) -> None:
    bad = deployed.bucket.put(f"logs/{name(66)}.gz", b"\x1f\x8bno gzip at all")
    queue = deployed.client("sqs")
    (url,) = queue.list_queues()["QueueUrls"]
    kept: list[str] = []

    def is_kept() -> bool:
        kept.extend(each["Body"] for each in queue.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", []))
        return bool(kept)

    eventually(is_kept, lambda: deployed.log("onLog"))
    deployed.bucket.delete(bad)

    told = json.loads(kept[0])
    assert told["requestPayload"]["Records"][0]["s3"]["object"]["key"] == bad
    assert "to be retried" in json.dumps(told["responsePayload"])


@pytest.fixture
def quiet(deployed: Deployed) -> Iterator[None]:
    """Nobody is told of new objects, so that a test calls the functions itself."""
    before = deployed.bucket.client.get_bucket_notification_configuration(Bucket=LOGS)
    before.pop("ResponseMetadata")
    deployed.bucket.client.put_bucket_notification_configuration(Bucket=LOGS, NotificationConfiguration={})
    yield
    deployed.bucket.client.put_bucket_notification_configuration(Bucket=LOGS, NotificationConfiguration=before)


@pytest.mark.usefixtures("quiet")
def test_a_sweep_counts_what_was_there_before(deployed: Deployed, store: Store) -> None:
    deployed.bucket.put(f"logs/{name(77)}", [line("before/index.html")])

    answer = call(deployed, "onSweep", {})

    assert (answer.error, answer.answer["new"]) == (None, 1)
    assert pages(store)["before"] == 1


@pytest.mark.usefixtures("quiet")
def test_a_digest_is_published_once_and_its_role_notes_nothing_else(deployed: Deployed, store: Store) -> None:
    sns, sqs = deployed.client("sns"), deployed.client("sqs")
    (topic,) = [each["TopicArn"] for each in sns.list_topics()["Topics"] if "Digests" in each["TopicArn"]]
    queue = sqs.create_queue(QueueName="digests-of-test")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allowed = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
    sqs.set_queue_attributes(
        QueueUrl=queue, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [allowed]})}
    )
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)["SubscriptionArn"]
    event = {"period": "1999-12-31"}

    answers = [call(deployed, "onNotice", event).answer, call(deployed, "onNotice", event).answer]
    mails = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    sns.unsubscribe(SubscriptionArn=subscription)
    sqs.delete_queue(QueueUrl=queue)

    assert answers == [{"digest": "sent"}, {"digest": "known"}]
    assert ["1999-12-31" in json.loads(each["Body"])["Subject"] for each in mails] == [True]
    noted = statements(deployed.template)["OnNoticeRole", "NoteNotices"]
    assert noted["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [NOTICES]}}


# Roles: enough, and all of it needed


class Answer(NamedTuple):
    """What a function answered, or raised."""

    answer: Any
    error: str | None


def call(deployed: Deployed, function: str, event: Any) -> Answer:
    answer = deployed.client("lambda").invoke(FunctionName=deployed.function(function), Payload=json.dumps(event).encode())
    payload = json.load(answer["Payload"])
    is_failed = "FunctionError" in answer or payload.get("statusCode", 200) != 200
    return Answer(payload, json.dumps(payload) if is_failed else None)


@contextmanager
def without(deployed: Deployed, role: str, action: str) -> Iterator[None]:
    """The stack, while a role lacks an action."""
    iam = deployed.client("iam")
    stacks = deployed.client("cloudformation")
    found = stacks.describe_stack_resource(StackName=STACK, LogicalResourceId=role)["StackResourceDetail"]["PhysicalResourceId"]
    (policy,) = iam.list_role_policies(RoleName=found)["PolicyNames"]
    document = iam.get_role_policy(RoleName=found, PolicyName=policy)["PolicyDocument"]
    less = deepcopy(document)
    for statement in filter(lambda each: each["Effect"] == "Allow", less["Statement"]):
        statement["Action"] = [each for each in actions_of(statement) if each != action]
    less["Statement"] = [statement for statement in less["Statement"] if statement["Action"]]
    assert less != document
    iam.put_role_policy(RoleName=found, PolicyName=policy, PolicyDocument=json.dumps(less))
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=found, PolicyName=policy, PolicyDocument=json.dumps(document))


def actions_of(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else list(actions)


def all_work(deployed: Deployed, function: str, key: str, token: str) -> Iterator[Answer]:
    """A function does all that it is for, call by call: counts a file, is told of one that is gone, answers."""
    events: list[Any] = [{}]
    if function == "onRequest":
        events = [request("/api/v1/stats/history", query, token) for query in ("", "page=p1")]
    if function == "onNotice":  # of a day that there was no digest of yet
        events = [{"period": str(date(2000, 1, 1) + timedelta(next(NUMBERS)))}]
    if function == "onBackfill":
        events = [{"backfill": "test", "call": 0, "bucket": LOGS, "keys": [key, GONE]}]
    if function == "onLog":
        events = [{"Records": [record(each)]} for each in (key, GONE)]
    return (call(deployed, function, event) for event in events)


def put_large(bucket: Bucket, pages: int = 300) -> str:
    """A log file of many pages, in a month that nothing was counted in before; its key."""
    number = next(NUMBERS)
    day = f"{2000 + number // 12}-{number % 12 + 1:02}-20"
    return bucket.put(f"logs/{name(number, day)}", [line(f"p{page}/index.html", f"{day} 08:00:00") for page in range(pages)])


NUMBERS = count(1)
GONE = f"logs/{name(99)}"


def record(key: str) -> dict[str, Any]:
    return {"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": LOGS}, "object": {"key": key}}}


def request(path: str, query: str, token: str) -> dict[str, Any]:
    """A question as API Gateway hands it over."""
    http = {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "test"}
    return {
        "version": "2.0", "routeKey": "GET /{any+}", "rawPath": path, "rawQueryString": query,
        "headers": {"host": "api", "authorization": f"Bearer {token}"},
        "requestContext": {"http": http, "domainName": "api", "stage": "$default", "requestId": "1"}, "isBase64Encoded": False,
    }  # fmt: skip


COUNTING = [
    "s3:GetObject", "s3:ListBucket", "dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:BatchExecuteStatement",
    "dynamodb:UpdateItem",
]  # fmt: skip
OF_EACH = {
    "onLog": COUNTING, "onSweep": COUNTING, "onBackfill": COUNTING,
    "onNotice": ["dynamodb:Query", "dynamodb:UpdateItem"],
    "onRequest": ["dynamodb:Query", "dynamodb:BatchGetItem"],
}  # fmt: skip
# What the emulator does itself, whatever the roles say: only a real account shows that they are needed. A topic lets all of
# its account publish, as long as it has no policy of its own.
NOT_SHOWN = {"sns:Publish", "sqs:SendMessage", "logs:CreateLogStream", "logs:PutLogEvents"}


@pytest.fixture(scope="module")
def hidden(deployed: Deployed) -> None:
    """S3 says of a deleted file that access is denied, as AWS does to who may not list all of the bucket."""
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{LOGS}/{GONE}"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    deployed.bucket.client.put_bucket_policy(Bucket=LOGS, Policy=policy)


def test_every_action_that_a_role_allows_is_tried(deployed: Deployed) -> None:
    for function, role in ROLES.items():
        allowed = {
            action
            for (of, _), statement in statements(deployed.template).items()
            if of == role and statement["Effect"] == "Allow"
            for action in actions_of(statement)
        }

        assert allowed - NOT_SHOWN == set(OF_EACH[function])


@pytest.fixture(scope="module")
def counted(deployed: Deployed) -> None:
    """There is something to ask about."""
    put_large(deployed.bucket)
    assert call(deployed, "onSweep", {}).error is None


@pytest.fixture
def token(deployed: Deployed, store: Store) -> str:
    secret, kept = make_token(f"of test {next(NUMBERS)}")
    store.tokens.add(kept)
    return secret


@pytest.mark.usefixtures("quiet", "hidden", "counted")
@pytest.mark.parametrize("function", ROLES)
def test_each_role_is_enough(deployed: Deployed, function: str, token: str) -> None:
    answers = all_work(deployed, function, put_large(deployed.bucket), token)

    assert [each.error for each in answers if each.error] == []


@pytest.mark.usefixtures("quiet", "hidden", "counted")
@pytest.mark.parametrize(("function", "action"), [(function, action) for function in ROLES for action in OF_EACH[function]])
def test_without_any_one_action_a_function_fails(deployed: Deployed, function: str, action: str, token: str) -> None:
    key = put_large(deployed.bucket, 40)  # enough for each kind of request

    with without(deployed, ROLES[function], action):
        failed = next((each.error for each in all_work(deployed, function, key, token) if each.error), None)
    again = all_work(deployed, function, key, token)

    assert failed, "it is not needed"
    assert "denied" in failed + deployed.log(function)
    assert [each.error for each in again if each.error] == []


# A large backfill


@pytest.mark.usefixtures("quiet")
def test_a_large_backfill_is_handed_over_and_status_shows_how_far_it_is(
    deployed: Deployed, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footfall.cli.backfill.MOST_FILES", 10)
    for number in range(25):
        deployed.bucket.put(f"logs/old/{name(number, '2026-10-02')}", [line("old/index.html", "2026-10-02 08:00:00")])
    deployed.bucket.put(f"logs/old/{name(99, '2026-10-02')}.gz", b"\x1f\x8bno gzip at all")
    monkeypatch.setenv("AWS_ENDPOINT_URL", deployed.endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    s3._client.cache_clear()
    url = store_url("footfall-prod", deployed.endpoint)
    via = ("import", deployed.bucket.url("logs/old/"), "--via", deployed.function("onBackfill"), "--store", url, "--json")

    handed = ask(*via).json

    def progress() -> dict[str, Any]:
        found: dict[str, Any] = next(each for each in ask("status", "--store", url, "--json").json["backfills"]
                                     if each["id"] == handed["backfill"])  # fmt: skip
        return found

    eventually(lambda: progress()["calls_done"] == 3, lambda: deployed.log("onBackfill"))
    reached, told = progress(), ask("status", "--store", url).stdout
    # From here on AWS's own second try of the damaged file finds it gone, and so done.
    deployed.bucket.delete(f"logs/old/{name(99, '2026-10-02')}.gz")
    again = ask(*via).json
    s3._client.cache_clear()

    assert (handed["files"], handed["known"], handed["calls"]) == (26, 0, 3)
    assert (reached["files"], reached["done"], reached["failed"]) == (26, 25, 1)
    assert (again["files"], again["known"]) == (0, 25)
    assert pages(store)["old"] == 25
    assert "25 of 26 files since" in told


def test_a_function_that_is_not_there(deployed: Deployed, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", deployed.endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    s3._client.cache_clear()
    deployed.bucket.put(f"elsewhere/{name(7)}", [line()])
    url = store_url("footfall-prod", deployed.endpoint)

    answer = ask("import", deployed.bucket.url("elsewhere/"), "--via", "no-such-function", "--store", url)

    says(answer, "no-such-function", "no such function in this region", "make deploy", code=1)
    s3._client.cache_clear()


def test_what_cannot_be_handed_over_is_refused(tmp_path: Path) -> None:
    says(ask("import", "docs/sample-logs", "--via", "f"), "--store 'dynamodb:TABLE", code=2)
    says(ask("import", "docs/sample-logs", "--via", "f", "--store", "dynamodb:t"), "only reads s3://bucket/prefix", code=2)
    says(ask("import", "docs/sample-logs", "--via", "f", "--dry-run"), "cannot be used with --dry-run", code=2)
