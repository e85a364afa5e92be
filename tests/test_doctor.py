"""The doctor: each thing that can be wrong with a set-up is found, in a real bucket, and its remedy is told."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import boto3
import pytest

from footfall.sources import s3

from .builders import GOOGLEBOT, Answer, ask, line, name, run, says, write_log
from .conftest import REGION, Bucket, emulator, free_port
from .doctor import TODAY, findings, is_told, log_to, set_up, tell_a_queue
from .relay import relay


@pytest.fixture
def site(bucket: Bucket, here: Path) -> Bucket:
    return set_up(bucket, here)


def test_a_set_up_that_is_well(site: Bucket) -> None:
    ask("sweep")

    found = findings()

    assert {status for status, _ in found.values()} == {"ok"}, found
    assert list(found) == [
        "logs",
        "access",
        "region",
        "logging",
        "arriving",
        "notification",
        "store",
        "counted",
        "countries",
        "formats",
        "views",
        "cloudfront",
    ]
    assert ask("doctor").stdout.splitlines()[-1] == "nothing is wrong: 0 errors, 0 warnings, 12 ok, 0 skipped"


def test_logging_is_switched_off(site: Bucket, bucket: Bucket) -> None:
    log_to(site, "", "")

    is_told(findings()["logging"], "error", "turned off", "aws s3api put-bucket-logging", site.name, bucket.name)


@pytest.mark.parametrize("prefix", ["log/", "other/logs/"])
def test_the_logs_go_elsewhere(site: Bucket, bucket: Bucket, prefix: str) -> None:
    log_to(site, bucket.name, prefix)

    is_told(findings()["logging"], "error", bucket.url(prefix), bucket.url("logs/"), f'set logs = "{bucket.url(prefix)}"')


def test_the_prefix_is_wrong(site: Bucket, bucket: Bucket) -> None:
    says(ask("doctor", "--logs", "gs://bucket"), "--logs", code=2)

    found = findings("--logs", bucket.url("nowhere/"))

    is_told(found["access"], "error", "no object's key begins with this")


def test_there_are_objects_and_no_logs(site: Bucket, bucket: Bucket) -> None:
    bucket.put("pictures/cat.png", b"cat")

    is_told(findings("--logs", bucket.url("pictures/"))["arriving"], "error", "is named like a log file")


def test_nothing_came_for_days(site: Bucket, bucket: Bucket) -> None:
    bucket.put(f"old/{name(1, '2026-01-01')}", [line(bucket=site.name)])

    is_told(findings("--logs", bucket.url("old/"))["arriving"], "warning", "2026-01-01", "turned off")


def test_there_is_no_notification(site: Bucket, bucket: Bucket) -> None:
    bucket.client.put_bucket_notification_configuration(Bucket=bucket.name, NotificationConfiguration={})

    is_told(findings()["notification"], "warning", "are not announced", "make deploy")


def test_the_notification_is_for_another_prefix(site: Bucket, bucket: Bucket) -> None:
    tell_a_queue(bucket, "other/")

    is_told(findings()["notification"], "error", "'other/'", "'logs/'", "make deploy")


def test_the_bucket_is_not_there(site: Bucket) -> None:
    is_told(findings("--logs", "s3://no-such-bucket-of-ours/logs/")["access"], "error", "no bucket with this name")


def test_the_site_is_no_bucket(site: Bucket) -> None:
    is_told(findings("--site", "blog.example.org")["logging"], "skipped", "blog.example.org", "host")


def test_nobody_says_where_the_logs_are(here: Path) -> None:
    is_told(findings()["logs"], "skipped", "set logs =")


# The table


def test_the_table_is_missing(site: Bucket, dynamodb: str) -> None:
    store = f"dynamodb:no-such-table?region={REGION}&endpoint={dynamodb}"

    is_told(findings("--store", store)["store"], "error", "no such table", "footfall table create")


def test_the_table_is_as_it_should_be(site: Bucket, table_url: Callable[..., str]) -> None:
    is_told(findings("--store", table_url())["store"], "ok")


def test_the_table_has_other_keys(site: Bucket, table_url: Callable[..., str]) -> None:
    is_told(findings("--store", table_url(("UserPages", "SortKey")))["store"], "error", "UserPages", "under [item]")


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

    is_told(found["store"], "warning", "point-in-time recovery is off", "deletion protection is off", "--complete")


def test_the_table_is_in_another_region(site: Bucket, dynamodb: str) -> None:
    found = findings("--store", f"dynamodb:table?region=us-east-2&endpoint={dynamodb}")

    is_told(found["region"], "error", REGION, "us-east-2", f"?region={REGION}")


# What comes


def test_files_that_came_are_not_counted(site: Bucket, bucket: Bucket) -> None:
    ask("sweep")
    bucket.put(f"logs/{name(2, TODAY)}", [line(bucket=site.name)])

    is_told(findings()["counted"], "warning", "1 of the 2 newest", bucket.url(f"logs/{name(2, TODAY)}"), "footfall sweep")


@pytest.mark.parametrize(
    ("lines", "reason", "remedy"),
    [
        ([line(bucket="www.example.net")], "other site", "the logs belong to www.example.net"),
        ([line("a.css")], "not a page", "index_documents"),
        ([line(agent=GOOGLEBOT)] * 2, "bot", "all requests are from bots"),
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

    is_told(findings()["views"], "error", "none of the newest", reason, remedy)


def test_names_without_an_ending_are_advised_on(here: Path) -> None:
    write_log(here / "logs", [line("about"), line("blog/a"), line("a.css")], name(1, TODAY))

    is_told(findings("--logs", "logs")["views"], "error", "3 not a page", "clean_urls = true")


def test_more_names_without_an_ending_than_views_are_advised_on(here: Path) -> None:
    write_log(here / "logs", [line(), line("about"), line("blog/a")], name(1, TODAY))

    is_told(findings("--logs", "logs")["views"], "warning", "2 requests", "clean_urls = true")


def test_what_an_app_in_the_browser_shows_is_advised_on(here: Path) -> None:
    write_log(here / "logs", [line("about", status=404), line("settings", status=404)], name(1, TODAY))

    is_told(findings("--logs", "logs")["views"], "error", "2 not found", "single_page_app = true")


def test_logs_in_a_folder_are_looked_at_without_aws(here: Path) -> None:
    write_log(here / "logs", [line()], name(1, TODAY))

    found = findings("--logs", "logs")

    assert {check: status for check, (status, _) in found.items()} == {
        "logs": "ok", "access": "skipped", "region": "skipped", "logging": "skipped", "arriving": "ok",
        "notification": "skipped", "store": "warning", "counted": "warning", "countries": "ok", "formats": "ok", "views": "ok",
        "cloudfront": "ok",
    }  # fmt: skip


def test_what_stands_in_the_way_of_several_checks_is_told_of_once(here: Path) -> None:
    answer = ask("doctor", "--logs", "nowhere")

    assert answer.exit_code == 1
    assert answer.stdout.count("no file or folder nowhere") == 1
    assert "skipped  counted, countries, formats, views, cloudfront: see arriving\n" in answer.stdout
    assert "skipped  access, region, logging, notification: the logs are not in S3\n" in answer.stdout
    assert answer.stdout.splitlines()[-1] == "1 error, 1 warning, 1 ok, 9 skipped"


def test_a_quiet_doctor_prints_what_is_wrong_and_nothing_else(here: Path) -> None:
    write_log(here / "logs", [line()], name(1, TODAY))
    ask("import", "logs")

    assert ask("doctor", "--logs", "logs", "--quiet") == Answer(0, "", "")
    assert [row.split()[0] for row in ask("doctor", "--logs", "nowhere", "--quiet").stdout.splitlines()] == ["error"]


def test_warnings_alone_leave_the_exit_code_at_0(here: Path) -> None:
    write_log(here / "logs", [line()], name(1, "2026-01-01"))

    answer = ask("doctor", "--logs", "logs")

    assert answer.exit_code == 0
    assert answer.stdout.splitlines()[-1] == "0 errors, 3 warnings, 5 ok, 4 skipped"


@pytest.mark.parametrize(
    ("hours", "status", "age"), [(0, "ok", "just now"), (5, "ok", "5 hours ago"), (30 * 24, "warning", "30 days")]
)
def test_how_old_the_newest_file_of_a_folder_is(here: Path, hours: int, status: str, age: str) -> None:
    for number, later in enumerate((0, 24)):
        path = write_log(here / "logs", [line()], f"{'ba'[number]}.log")
        changed = time.time() - (hours + later) * 3600
        os.utime(path, (changed, changed))

    is_told(findings("--logs", "logs")["arriving"], status, age, "logs/b.log", "no file at logs")


# The clock, and who may ask


@pytest.mark.parametrize(("seconds", "status"), [(60, "warning"), (-4000, "error")])
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

    is_told(findings()["access"], "error", "cannot be reached")


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
        ("s3:ListBucket", "access", "error", "s3:ListBucket"),
        ("s3:GetObject", "access", "error", "s3:GetObject"),
        ("s3:GetBucketLogging", "logging", "skipped", "allow s3:GetBucketLogging"),
        ("s3:GetBucketNotification", "notification", "skipped", "allow s3:GetBucketNotification"),
        ("s3:GetBucketLocation", "region", "skipped", "allow s3:GetBucketLocation"),
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
