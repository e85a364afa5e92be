"""What the tests of the doctor share: a set-up that is well, and what it finds."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3

from .builders import ask, line, name
from .conftest import REGION, Bucket

WORST_LAST = ["ok", "skipped", "warning", "error"]
TODAY = f"{datetime.now(UTC):%Y-%m-%d}"


def set_up(bucket: Bucket, here: Path) -> Bucket:
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
    for each in sorted(json.loads(answer.stdout)["findings"], key=lambda each: WORST_LAST.index(each["status"])):
        found[each["check"]] = each["status"], f"{each['told']} → {each['remedy']}"
    assert answer.exit_code == (1 if any(status == "error" for status, _ in found.values()) else 0)
    return found


def is_told(found: tuple[str, str], status: str, *words: str) -> None:
    assert found[0] == status, found
    assert [word for word in words if word not in found[1]] == [], found
