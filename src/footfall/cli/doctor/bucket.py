"""Checks of the bucket: is it readable, in the right region, the target of logging, and does it send notifications?"""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from ...errors import SourceError
from ...sources.s3 import Place, client, s3_errors
from .findings import ERROR, OK, SKIPPED, WARNING, Checkup, Finding, asking

CLOCK_WARNING, CLOCK_ERROR = 30, 300  # seconds; AWS rejects requests that are 15 minutes off


def check_access(checkup: Checkup) -> Iterator[Finding]:
    """Can we sign in, and list and read logs; and is our clock right?"""
    place = checkup.s3_place
    with s3_errors(place):
        listed = client().list_objects_v2(Bucket=place.bucket, Prefix=place.key, MaxKeys=1)
    yield from _clock(listed["ResponseMetadata"]["HTTPHeaders"].get("date", ""))
    for file in checkup.newest[:1]:
        file.open().close()
    yield Finding(OK, f"{place} can be listed and read")


def _clock(date: str) -> Iterator[Finding]:
    try:
        seconds = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    except ValueError:
        return
    told = f"this machine's clock is {abs(seconds):,.0f} seconds {'fast' if seconds > 0 else 'slow'}"
    if abs(seconds) >= CLOCK_WARNING:
        status = ERROR if abs(seconds) >= CLOCK_ERROR else WARNING
        yield Finding(status, told, "set it (timedatectl set-ntp true): AWS rejects requests that are 15 minutes off")


def check_region(checkup: Checkup) -> Iterator[Finding]:
    """Are bucket and table in the same region?"""
    place = checkup.s3_place
    with asking("s3:GetBucketLocation", place):
        where = client().get_bucket_location(Bucket=place.bucket).get("LocationConstraint") or "us-east-1"
    if checkup.store.table and (region := checkup.store.table.region) != where:
        remedy = f"S3 can only notify a function in {where}: deploy function and table there, and write ?region={where}"
        yield Finding(ERROR, f"the logs are in {where}, and the table in {region}", remedy)
    else:
        yield Finding(OK, f"the logs are in {where}")


def check_logging(checkup: Checkup) -> Iterator[Finding]:
    """Does S3 log the site's requests, and to the place that we read?"""
    place = checkup.s3_place
    if checkup.has_cloudfront:
        yield Finding(OK, "CloudFront logs the readers' requests; the bucket's own log is not needed")
        return
    if not checkup.settings["sites"]:
        yield Finding(SKIPPED, "the setting sites is empty", 'sites = ["www.example.org"], its bucket, in footfall.toml')
    for site in checkup.settings["sites"]:
        yield _logging_of(site, place)


def _logging_of(site: str, place: Place) -> Finding:
    switch = (
        f"aws s3api put-bucket-logging --bucket {site} --bucket-logging-status "
        f'\'{{"LoggingEnabled": {{"TargetBucket": "{place.bucket}", "TargetPrefix": "{place.key}"}}}}\''
    )
    try:
        with asking("s3:GetBucketLogging", Place(site, "")):
            to = client().get_bucket_logging(Bucket=site).get("LoggingEnabled")
    except SourceError:
        return Finding(SKIPPED, f"you have no bucket {site}", "if sites names a host, check its bucket's logging")
    if to is None:
        return Finding(ERROR, f"logging of {site} is turned off", f"turn it on: {switch}")
    goes = Place(to["TargetBucket"], to.get("TargetPrefix", ""))
    if goes.bucket != place.bucket or not goes.key.startswith(place.key):
        return Finding(
            ERROR, f"{site} is logged to {goes}, but logs are expected at {place}", f'set logs = "{goes}", or: {switch}'
        )
    return Finding(OK, f"{site} is logged to {goes}")


def check_notification(checkup: Checkup) -> Iterator[Finding]:
    """Does the bucket notify anyone of new log files?"""
    place = checkup.s3_place
    with asking("s3:GetBucketNotification", place):
        told = client().get_bucket_notification_configuration(Bucket=place.bucket)
    listeners = [each for kind in ("LambdaFunction", "Queue", "Topic") for each in told.get(f"{kind}Configurations", [])]
    created = [each for each in listeners if any(event.startswith("s3:ObjectCreated:") for event in each["Events"])]
    deploy = "make deploy sets this up; without AWS functions it is not needed: run footfall sweep"
    if "EventBridgeConfiguration" in told or any(place.key.startswith(_prefix(each)) for each in created):
        yield Finding(OK, f"new objects below {place} are announced")
    elif created:
        prefixes = ", ".join(f"{_prefix(each)!r}" for each in created)
        yield Finding(ERROR, f"only objects below {prefixes} are announced, but the logs are at {place.key!r}", deploy)
    else:
        yield Finding(WARNING, f"new log files at {place} are not announced to any function", deploy)


def _prefix(listener: dict[str, Any]) -> str:
    rules = listener.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    return next((str(rule["Value"]) for rule in rules if rule["Name"].lower() == "prefix"), "")
