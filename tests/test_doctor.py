"""The doctor: each thing that can be wrong with a set-up is found, in a real bucket, and its remedy is told."""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest

from footfall.sources import s3

from .builders import EDGE_V2, GOOGLEBOT, as_json, as_w3c, ask, edge, edge_key, edge_name, line, name, run, says, write_log
from .conftest import REGION, Bucket, emulator, free_port
from .relay import relay

TODAY = f"{datetime.now(UTC):%Y-%m-%d}"


@pytest.fixture
def site(bucket: Bucket, here: Path) -> Bucket:
    """The site's own bucket, set up as it should be: its logs go to `logs/` of `bucket`, and one has come."""
    made = bucket._replace(name=f"www-{uuid4().hex[:12]}")
    made.client.create_bucket(Bucket=made.name, CreateBucketConfiguration={"LocationConstraint": REGION})
    log_to(made, bucket.name, "logs/")
    bucket.put(f"logs/{name(1, TODAY)}", [line(bucket=made.name)])
    (here / "footfall.toml").write_text(f'logs = "{bucket.url("logs/")}"\nsites = ["{made.name}"]\n')
    tell_a_queue(bucket, "logs/")
    return made


def log_to(site: Bucket, bucket: str, prefix: str) -> None:
    to = {"LoggingEnabled": {"TargetBucket": bucket, "TargetPrefix": prefix}}
    site.client.put_bucket_logging(Bucket=site.name, BucketLoggingStatus=to if bucket else {})


def tell_a_queue(bucket: Bucket, prefix: str) -> None:
    queue = boto3.client("sqs").create_queue(QueueName=f"q-{uuid4().hex[:8]}")["QueueUrl"].rpartition("/")[2]
    rules = [{"Name": "prefix", "Value": prefix}]
    told = {"QueueArn": f"arn:aws:sqs:{REGION}:000000000000:{queue}", "Events": ["s3:ObjectCreated:*"]}
    wanted = {"QueueConfigurations": [{**told, "Filter": {"Key": {"FilterRules": rules}}}]}
    bucket.client.put_bucket_notification_configuration(Bucket=bucket.name, NotificationConfiguration=wanted)


def findings(*args: str, **more: Any) -> dict[str, tuple[str, str]]:
    """check -> its status, and what was told with the remedy; of several of one check, the worst."""
    answer = ask("doctor", "--json", *args, **more)
    found: dict[str, tuple[str, str]] = {}
    for each in sorted(json.loads(answer.stdout)["findings"], key=lambda each: str(each["status"] != "well")):
        found[each["check"]] = each["status"], f"{each['told']} → {each['remedy']}"
    assert answer.exit_code == (1 if any(status == "wrong" for status, _ in found.values()) else 0)
    return found


def is_told(found: tuple[str, str], status: str, *words: str) -> None:
    assert found[0] == status, found
    assert [word for word in words if word not in found[1]] == [], found


def test_a_set_up_that_is_well(site: Bucket) -> None:
    ask("sweep")

    found = findings()

    assert {status for status, _ in found.values()} == {"well"}, found
    assert list(found) == [
        "logs",
        "access",
        "region",
        "logging",
        "arriving",
        "notification",
        "store",
        "counted",
        "formats",
        "views",
    ]
    assert "nothing is wrong" in ask("doctor").stderr


def test_logging_is_switched_off(site: Bucket, bucket: Bucket) -> None:
    log_to(site, "", "")

    is_told(findings()["logging"], "wrong", "switched off", "aws s3api put-bucket-logging", site.name, bucket.name)


@pytest.mark.parametrize("prefix", ["log/", "other/logs/"])
def test_the_logs_go_elsewhere(site: Bucket, bucket: Bucket, prefix: str) -> None:
    log_to(site, bucket.name, prefix)

    is_told(findings()["logging"], "wrong", bucket.url(prefix), bucket.url("logs/"), f'set logs = "{bucket.url(prefix)}"')


def test_the_prefix_is_wrong(site: Bucket, bucket: Bucket) -> None:
    says(ask("doctor", "--logs", "gs://bucket"), "--logs", code=2)

    found = findings("--logs", bucket.url("nowhere/"))

    is_told(found["access"], "wrong", "no object's key begins so")


def test_there_are_objects_and_no_logs(site: Bucket, bucket: Bucket) -> None:
    bucket.put("pictures/cat.png", b"cat")

    is_told(findings("--logs", bucket.url("pictures/"))["arriving"], "wrong", "no object with a log file's name")


def test_nothing_came_for_days(site: Bucket, bucket: Bucket) -> None:
    bucket.put(f"old/{name(1, '2026-01-01')}", [line(bucket=site.name)])

    is_told(findings("--logs", bucket.url("old/"))["arriving"], "odd", "2026-01-01", "switched off")


def test_there_is_no_notification(site: Bucket, bucket: Bucket) -> None:
    bucket.client.put_bucket_notification_configuration(Bucket=bucket.name, NotificationConfiguration={})

    is_told(findings()["notification"], "odd", "nobody is told", "make deploy")


def test_the_notification_is_for_another_prefix(site: Bucket, bucket: Bucket) -> None:
    tell_a_queue(bucket, "other/")

    is_told(findings()["notification"], "wrong", "'other/'", "'logs/'", "make deploy")


def test_the_bucket_is_not_there(site: Bucket) -> None:
    is_told(findings("--logs", "s3://no-such-bucket-of-ours/logs/")["access"], "wrong", "no bucket of this name")


def test_the_site_is_no_bucket(site: Bucket) -> None:
    is_told(findings("--site", "blog.example.org")["logging"], "unknown", "blog.example.org", "host")


def test_nobody_says_where_the_logs_are(here: Path) -> None:
    is_told(findings()["logs"], "unknown", "set logs =")


# The table


def test_the_table_is_missing(site: Bucket, dynamodb: str) -> None:
    store = f"dynamodb:no-such-table?region={REGION}&endpoint={dynamodb}"

    is_told(findings("--store", store)["store"], "wrong", "no such table", "footfall table create")


def test_the_table_is_as_it_should_be(site: Bucket, table_url: Callable[..., str]) -> None:
    is_told(findings("--store", table_url())["store"], "well")


def test_the_table_has_other_keys(site: Bucket, table_url: Callable[..., str]) -> None:
    is_told(findings("--store", table_url(("UserPages", "SortKey")))["store"], "wrong", "UserPages", "under [item]")


def test_the_table_lacks_something(site: Bucket, dynamodb: str, request: pytest.FixtureRequest) -> None:
    client = boto3.client("dynamodb", endpoint_url=dynamodb)
    table = f"bare-{uuid4().hex[:8]}"
    keys = {"PageName": "HASH", "SortKey": "RANGE"}
    client.create_table(
        TableName=table, BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": each, "KeyType": kind} for each, kind in keys.items()],
        AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in keys],
    )  # fmt: skip
    request.addfinalizer(lambda: client.delete_table(TableName=table))

    found = findings("--store", f"dynamodb:{table}?region={REGION}&endpoint={dynamodb}")

    is_told(found["store"], "odd", "point-in-time recovery is off", "deletion protection is off", "--complete")


def test_the_table_is_in_another_region(site: Bucket, dynamodb: str) -> None:
    found = findings("--store", f"dynamodb:table?region=us-east-2&endpoint={dynamodb}")

    is_told(found["region"], "wrong", REGION, "us-east-2", f"?region={REGION}")


# What comes


def test_files_that_came_are_not_counted(site: Bucket, bucket: Bucket) -> None:
    ask("sweep")
    bucket.put(f"logs/{name(2, TODAY)}", [line(bucket=site.name)])

    is_told(findings()["counted"], "odd", "1 of the 2 newest", bucket.url(f"logs/{name(2, TODAY)}"), "footfall sweep")


@pytest.mark.parametrize(
    ("lines", "reason", "remedy"),
    [
        ([line(bucket="www.example.net")], "other site", "the logs are of www.example.net"),
        ([line("a.css")], "not a page", "index_documents"),
        ([line(agent=GOOGLEBOT)] * 2, "bot", "only bots came"),
        ([line(status=404)], "not found", "footfall top not_found"),
        ([line(operation="REST.PUT.OBJECT")], "not a read", "writes"),
        ([line(status=302)], "redirect", "footfall explain"),
        ([b"GET / HTTP/1.1"], "can be read", "footfall explain"),
    ],
)
def test_all_that_comes_is_dropped_and_it_says_why(
    site: Bucket, bucket: Bucket, lines: list[bytes], reason: str, remedy: str
) -> None:
    named = [each.replace(b" www.example.com [", f" {site.name} [".encode()) for each in lines]
    bucket.put(f"logs/{name(1, TODAY)}", named)

    is_told(findings()["views"], "wrong", "none of the newest", reason, remedy)


def test_names_without_an_ending_are_advised_on(here: Path) -> None:
    write_log(here / "logs", [line("about"), line("blog/a"), line("a.css")], name(1, TODAY))

    is_told(findings("--logs", "logs")["views"], "wrong", "3 not a page", "clean_urls = true")


def test_more_names_without_an_ending_than_views_are_advised_on(here: Path) -> None:
    write_log(here / "logs", [line(), line("about"), line("blog/a")], name(1, TODAY))

    is_told(findings("--logs", "logs")["views"], "odd", "2 requests", "clean_urls = true")


def test_what_an_app_in_the_browser_shows_is_advised_on(here: Path) -> None:
    write_log(here / "logs", [line("about", status=404), line("settings", status=404)], name(1, TODAY))

    is_told(findings("--logs", "logs")["views"], "wrong", "2 not found", "single_page_app = true")


# CloudFront

FETCHES = {
    "website endpoint": {"agent": "Amazon CloudFront"},
    "origin access control": {"agent": "-", "requester": "svc:cloudfront.amazonaws.com", "remote_ip": "-"},
    "origin access identity": {
        "agent": "Amazon CloudFront",
        "requester": '"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1FOOTFALL42"',
    },
}
NOW = f"{datetime.now(UTC):%Y-%m-%d-%H}"


def put_edge(bucket: Bucket, key: str, content: bytes) -> str:
    return bucket.put(key, gzip.compress(content))


@pytest.mark.parametrize("fetch", FETCHES)
def test_a_site_behind_cloudfront(site: Bucket, bucket: Bucket, fetch: str) -> None:
    bucket.put(f"logs/{name(2, TODAY)}", [line(bucket=site.name, **FETCHES[fetch])])

    is_told(findings()["cloudfront"], "wrong", "1 of the newest 2", "CloudFront's own logs", "docs/how-to/cloudfront.md")


def test_a_bucket_of_another_name_that_only_cloudfront_reads(site: Bucket, bucket: Bucket) -> None:
    bucket.put(f"logs/{name(1, TODAY)}", [line(bucket="origin-of-the-site", **FETCHES["origin access control"])])

    found = findings()

    is_told(found["views"], "wrong", "1 other site", "the readers are in its own logs")
    is_told(found["cloudfront"], "wrong", "1 of the newest 1")


def test_cloudfronts_logs_beside_those_of_the_bucket(site: Bucket, bucket: Bucket) -> None:
    bucket.put(f"logs/{name(1, TODAY)}", [line(bucket=site.name, **FETCHES["origin access control"])])
    put_edge(bucket, f"logs/{edge_key(1, NOW)}", as_w3c([edge(x_host_header=site.name)]))
    ask("sweep")

    found = findings()

    assert {status for status, _ in found.values()} == {"well"}, found
    is_told(found["formats"], "well", "1 s3 (S3 server access log)", "1 cloudfront (CloudFront standard log)")
    is_told(found["cloudfront"], "well", "1 of the newest 2", "its logs are here too")


def test_cloudfronts_logs_alone(site: Bucket, bucket: Bucket) -> None:
    log_to(site, "", "")
    bucket.delete(f"logs/{name(1, TODAY)}")
    put_edge(bucket, f"logs/cdn/{edge_name(1, NOW)}", as_w3c([edge(x_host_header=site.name)]))
    ask("sweep")

    found = findings()

    assert {status for status, _ in found.values()} == {"well"}, found
    is_told(found["logging"], "well", "not needed")
    is_told(found["arriving"], "well", edge_name(1, NOW))


def test_the_newest_of_cloudfronts_logs_are_looked_at(here: Path) -> None:
    for number in range(30):
        write_log(here / "logs", [as_w3c([edge(cs_method="HEAD")])], edge_name(number, "2026-10-20-08", "EZZZZZZZZZZZ"))
    write_log(here / "logs", [as_w3c([edge()])], edge_name(1, NOW, "EAAAAAAAAAAA"))

    found = findings("--logs", "logs")

    is_told(found["arriving"], "well", edge_name(1, NOW, "EAAAAAAAAAAA"))
    is_told(found["views"], "well", "of the newest 20 lines 1 are views")


@pytest.mark.parametrize(
    ("lacks", "status", "words"),
    [
        ("cs-method", "wrong", ["it lacks cs-method", "nothing can be counted", "select it"]),
        ("cs(User-Agent)", "odd", ["bots cannot be told from people", "select it"]),
    ],
)
def test_cloudfronts_logs_lack_a_field(here: Path, lacks: str, status: str, words: list[str]) -> None:
    fields = [field for field in EDGE_V2 if field != lacks]
    write_log(here / "logs", [as_w3c([edge()], fields).rstrip()], edge_name(1, NOW))

    is_told(findings("--logs", "logs")["formats"], status, edge_name(1, NOW), *words)


def test_parquet_is_not_read(site: Bucket, bucket: Bucket) -> None:
    bucket.put(f"parquet/{edge_name(1, NOW).replace('.gz', '.parquet')}", b"PAR1...")
    bucket.put(f"disguised/{edge_name(1, NOW)}", b"PAR1...")

    is_told(findings("--logs", bucket.url("parquet/"))["arriving"], "wrong", "deliver W3C or JSON")
    is_told(findings("--logs", bucket.url("disguised/"))["formats"], "wrong", "a Parquet file", "as W3C or JSON")


def test_a_folder_of_files_without_documented_names(here: Path) -> None:
    write_log(here / "logs", [as_json([edge()]).rstrip()], "joined.json")

    found = findings("--logs", "logs")

    is_told(found["arriving"], "well", "no file at logs", "footfall import counts them")
    is_told(found["formats"], "well", "1 cloudfront")
    assert "counted" not in found


def test_logs_in_a_folder_are_looked_at_without_aws(here: Path) -> None:
    write_log(here / "logs", [line()], name(1, TODAY))

    found = findings("--logs", "logs")

    assert {check: status for check, (status, _) in found.items()} == {
        "logs": "well", "arriving": "well", "store": "odd", "counted": "odd", "formats": "well", "views": "well",
    }  # fmt: skip


# The clock, and who may ask


@pytest.mark.parametrize(("seconds", "status"), [(60, "odd"), (-4000, "wrong")])
def test_the_clock_is_wrong(site: Bucket, aws: str, monkeypatch: pytest.MonkeyPatch, seconds: int, status: str) -> None:
    with relay(aws, lambda *_: None) as between:
        between.seconds_fast = seconds
        monkeypatch.setenv("AWS_ENDPOINT_URL", between.endpoint)
        s3._client.cache_clear()
        found = findings()

    is_told(found["access"], status, "clock", "slow" if seconds > 0 else "fast", "set it")


def test_nobody_answers(site: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(s3, "ATTEMPTS", 1)
    s3._client.cache_clear()

    is_told(findings()["access"], "wrong", "cannot be reached")


def test_nobody_is_signed_in(site: Bucket, tmp_path: Path) -> None:
    env = {
        "AWS_ACCESS_KEY_ID": "",
        "AWS_SECRET_ACCESS_KEY": "",
        "AWS_CONFIG_FILE": "none",
        "AWS_SHARED_CREDENTIALS_FILE": "none",
    }

    answer = run("doctor", env=env)

    assert "no AWS credentials were found" in answer.stdout
    assert answer.exit_code == 1
    assert "Traceback" not in answer.stderr


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    """An AWS that enforces IAM, with a site whose logs are in it."""
    with emulator(AUTH="true") as endpoint:
        owner = boto3.client("s3", endpoint_url=endpoint, region_name=REGION, **WHO)  # type: ignore[call-overload]
        for bucket in ("www.example.com", "the-logs"):
            owner.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        owner.put_object(Bucket="the-logs", Key=f"logs/{name(1, TODAY)}", Body=line())
        yield endpoint


WHO = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


@pytest.mark.parametrize(
    ("lacks", "check", "status", "words"),
    [
        ("s3:ListBucket", "access", "wrong", "s3:ListBucket"),
        ("s3:GetObject", "access", "wrong", "s3:GetObject"),
        ("s3:GetBucketLogging", "logging", "unknown", "allow s3:GetBucketLogging"),
        ("s3:GetBucketNotification", "notification", "unknown", "allow s3:GetBucketNotification"),
        ("s3:GetBucketLocation", "region", "unknown", "allow s3:GetBucketLocation"),
    ],
)
def test_a_permission_is_missing(
    guarded: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacks: str, check: str, status: str, words: str
) -> None:
    actions = ["s3:ListBucket", "s3:GetObject", "s3:GetBucketLogging", "s3:GetBucketNotification", "s3:GetBucketLocation"]
    iam = boto3.client("iam", endpoint_url=guarded, region_name=REGION, **WHO)  # type: ignore[call-overload]
    user = f"user-{uuid4().hex[:8]}"
    iam.create_user(UserName=user)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    allowed = {"Effect": "Allow", "Action": [each for each in actions if each != lacks], "Resource": "arn:aws:s3:::*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_user_policy(UserName=user, PolicyName="some", PolicyDocument=policy)
    monkeypatch.chdir(tmp_path)
    for variable, value in {
        "AWS_ENDPOINT_URL": guarded, "AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_DEFAULT_REGION": REGION,
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
    }.items():  # fmt: skip
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)  # which keeps who signed in first
    s3._client.cache_clear()

    found = findings("--logs", "s3://the-logs/logs/", "--site", "www.example.com")

    is_told(found[check], status, words)
    s3._client.cache_clear()
