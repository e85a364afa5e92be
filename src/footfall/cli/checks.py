"""
What `footfall doctor` looks at, each check a row of CHECKS: is it set up so that views are counted, and are they?

Nothing is changed. A check finds things well, odd (it works, and perhaps not as meant), wrong, or unknown: for want of a
permission or of a setting. Each finding but a good one comes with its remedy.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from ..aws import code_of
from ..digest import Digester, Outcome
from ..errors import FootfallError, SourceError, StoreMissing
from ..formats import FORMATS
from ..pipeline import lacking
from ..pipeline.parts import read_lines
from ..records import LogFile
from ..settings import Settings
from ..sources import find_logs, scheme_of
from ..sources.names import documented_day
from ..sources.s3 import Place, client, errors, read_place
from ..stores import Store
from ..stores.dynamodb import DynamoDBStore
from ..stores.dynamodb.table import FEATURES, read_table

WELL, ODD, WRONG, UNKNOWN = "well", "odd", "wrong", "unknown"

MOST_LISTED = 100_000  # objects
SAMPLE_FILES, SAMPLE_LINES = 20, 20_000  # the newest; what becomes of their lines is told
LATE = timedelta(days=2)  # S3 delivers within hours, where anybody came
CLOCK_ODD, CLOCK_WRONG = 30, 300  # seconds; AWS refuses requests that are fifteen minutes off
CLOUDFRONT = "Amazon CloudFront"  # the user agent of CloudFront, fetching

# When every line is dropped, mostly for this reason: what to do.
WHEN_ALL_ARE_DROPPED = {
    "other site": "the logs are of {sites_seen}: name that under sites",
    "not a read": "these are writes and listings of your own: S3 has not logged a visit yet, or logs another bucket",
    "signed": "somebody with credentials reads the site, and nobody else: a CDN, or your own tools. Behind CloudFront, "
    "log there",
    "not a page": "no key is an index document, .html or a folder: name yours under index_documents",
    "excluded": "look at exclude_paths and exclude_addresses",
    "bot": "only bots came; footfall top bot says which, and bots under [settings] may be too broad",
    "not found": "footfall top not_found says what is asked for and missing",
}
OTHERWISE = "footfall explain says of each line why"


class Finding(NamedTuple):
    """What a check found."""

    status: str
    told: str
    remedy: str = ""


class NoPermission(FootfallError):
    """The check's question was refused."""


@dataclass
class Patient:
    """What is looked at."""

    settings: Settings
    store: Store

    @property
    def place(self) -> Place | None:
        """Where in S3 the logs are; None where they are not in S3."""
        source: str = self.settings["logs"]
        return read_place(source) if scheme_of(source) == "s3" else None

    @cached_property
    def newest(self) -> Sequence[LogFile]:
        """The newest log files, the latest first."""
        listed = islice(find_logs(self.settings["logs"]), MOST_LISTED)
        return sorted((file for file in listed if file.name), key=lambda file: file.name[-36:], reverse=True)[:SAMPLE_FILES]

    @cached_property
    def outcomes(self) -> Sequence[Outcome]:
        """What becomes of the lines of the newest log files."""
        digester = Digester(FORMATS[self.settings["format"]], self.settings.counting)
        outcomes = (outcome for file in self.newest for _, outcome in digester.explain(read_lines(file)))
        return list(islice(outcomes, SAMPLE_LINES))


def examine(patient: Patient) -> Iterator[tuple[str, Finding]]:
    """What each check finds, one after the other."""
    for name, check in CHECKS.items():
        try:
            found = list(check(patient))
        except NoPermission as error:
            found = [Finding(UNKNOWN, f"may not be asked: {error}", f"allow {error}, for your own credentials")]
        except FootfallError as error:
            what, _, remedy = str(error).partition(": ")
            found = [Finding(WRONG, what, remedy)]
        yield from ((name, finding) for finding in found)


@contextmanager
def _asking(action: str, place: Place) -> Iterator[None]:
    """Who may not ask a question does not know the answer; what else goes wrong is told as ever."""
    with errors(place):
        from botocore.exceptions import ClientError

        try:
            yield
        except ClientError as error:
            if code_of(error, ()) in ("AccessDenied", "403"):
                raise NoPermission(action) from error
            raise


def _logs(patient: Patient) -> Iterator[Finding]:
    """Is it said where they are?"""
    if patient.settings["logs"]:
        yield Finding(WELL, f"logs are looked for at {patient.settings['logs']}")
    else:
        yield Finding(UNKNOWN, "nobody says where the logs lie", 'set logs = "s3://bucket/prefix" in footfall.toml')


def _access(patient: Patient) -> Iterator[Finding]:
    """Can we sign in, and list and read logs; and is our clock right?"""
    if not (place := patient.place):
        return
    with errors(place):
        listed = client().list_objects_v2(Bucket=place.bucket, Prefix=place.key, MaxKeys=1)
    yield from _clock(listed["ResponseMetadata"]["HTTPHeaders"].get("date", ""))
    for file in patient.newest[:1]:
        file.open().close()
    yield Finding(WELL, f"{place} can be listed and read")


def _clock(date: str) -> Iterator[Finding]:
    try:
        seconds = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    except ValueError:
        return
    told = f"this machine's clock is {abs(seconds):,.0f} seconds {'fast' if seconds > 0 else 'slow'}"
    if abs(seconds) >= CLOCK_ODD:
        status = WRONG if abs(seconds) >= CLOCK_WRONG else ODD
        yield Finding(status, told, "set it (timedatectl set-ntp true): AWS refuses requests that are fifteen minutes off")


def _region(patient: Patient) -> Iterator[Finding]:
    """Are bucket and table where each other is?"""
    if not (place := patient.place):
        return
    with _asking("s3:GetBucketLocation", place):
        where = client().get_bucket_location(Bucket=place.bucket).get("LocationConstraint") or "us-east-1"
    if isinstance(patient.store, DynamoDBStore) and (region := patient.store.requests.client.meta.region_name) != where:
        remedy = f"S3 can only tell a function in {where}: put function and table there, and name it: ?region={where}"
        yield Finding(WRONG, f"the logs are in {where}, and the table in {region}", remedy)
    else:
        yield Finding(WELL, f"the logs are in {where}")


def _logging(patient: Patient) -> Iterator[Finding]:
    """Does S3 log the site's requests, and to where we look?"""
    if not (place := patient.place):
        return
    if not patient.settings["sites"]:
        yield Finding(UNKNOWN, "whether the site's requests are logged", 'name its bucket: sites = ["www.example.org"]')
    for site in patient.settings["sites"]:
        yield _logging_of(site, place)


def _logging_of(site: str, place: Place) -> Finding:
    switch = (
        f"aws s3api put-bucket-logging --bucket {site} --bucket-logging-status "
        f'\'{{"LoggingEnabled": {{"TargetBucket": "{place.bucket}", "TargetPrefix": "{place.key}"}}}}\''
    )
    try:
        with _asking("s3:GetBucketLogging", Place(site, "")):
            to = client().get_bucket_logging(Bucket=site).get("LoggingEnabled")
    except SourceError:
        return Finding(UNKNOWN, f"there is no bucket {site} of yours", "if sites names a host, look at its bucket's logging")
    if to is None:
        return Finding(WRONG, f"logging of {site} is switched off", f"switch it on: {switch}")
    goes = Place(to["TargetBucket"], to.get("TargetPrefix", ""))
    if goes.bucket != place.bucket or not goes.key.startswith(place.key):
        return Finding(WRONG, f"{site} is logged to {goes}, and looked for at {place}", f'set logs = "{goes}", or: {switch}')
    return Finding(WELL, f"{site} is logged to {goes}")


def _notification(patient: Patient) -> Iterator[Finding]:
    """Is anybody told of a new log file?"""
    if not (place := patient.place):
        return
    with _asking("s3:GetBucketNotification", place):
        told = client().get_bucket_notification_configuration(Bucket=place.bucket)
    listeners = [each for kind in ("LambdaFunction", "Queue", "Topic") for each in told.get(f"{kind}Configurations", [])]
    created = [each for each in listeners if any(event.startswith("s3:ObjectCreated:") for event in each["Events"])]
    deploy = "make deploy sets it up; on a laptop alone it is not needed: run footfall sweep"
    if "EventBridgeConfiguration" in told or any(place.key.startswith(_prefix(each)) for each in created):
        yield Finding(WELL, f"new objects below {place} are told of")
    elif created:
        prefixes = ", ".join(f"{_prefix(each)!r}" for each in created)
        yield Finding(WRONG, f"only objects below {prefixes} are told of, and the logs lie at {place.key!r}", deploy)
    else:
        yield Finding(ODD, f"nobody is told of new log files at {place}", deploy)


def _prefix(listener: dict[str, Any]) -> str:
    rules = listener.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    return next((str(rule["Value"]) for rule in rules if rule["Name"].lower() == "prefix"), "")


def _arriving(patient: Patient) -> Iterator[Finding]:
    """Do log files come?"""
    if not patient.settings["logs"]:
        return
    if not patient.newest:
        remedy = "S3 names them 2026-10-20-09-31-07-A5C12D0BE83F4E61; check the prefix"
        yield Finding(WRONG, f"at {patient.settings['logs']} is no object with a log file's name", remedy)
        return
    newest = patient.newest[0]
    day = documented_day(newest.name)
    if day is not None and datetime.now(UTC).date() - day > LATE:
        remedy = "nobody came since, or logging was switched off or pointed elsewhere"
        yield Finding(ODD, f"the newest log file is of {day}: {newest.place}", remedy)
    else:
        yield Finding(WELL, f"the newest log file: {newest.place}")


def _store(patient: Patient) -> Iterator[Finding]:
    """Is the store there, and as it should be?"""
    if not isinstance(patient.store, DynamoDBStore):
        try:
            patient.store.sites()
            yield Finding(WELL, f"{patient.settings['store']} is there")
        except StoreMissing:
            yield Finding(ODD, f"there is no {patient.settings['store']} yet", "footfall sweep, or import, makes it")
        return
    table = read_table(patient.store.requests)
    wanted = dict.fromkeys(patient.store.requests.keys, "S")
    differing = [f"{name} is {table.features[name]}, not {value}" for name, value in FEATURES.items()
                 if table.features[name] != value]  # fmt: skip
    if dict(table.keys) != wanted:
        told = f"the keys of {table.name} are {', '.join(table.keys)}, not {', '.join(wanted)}"
        yield Finding(WRONG, told, "name the table's own, the partition key first, under [item]")
    elif differing:
        yield Finding(ODD, f"{table.name}: {', '.join(differing)}", "footfall table create --complete turns on what is off")
    else:
        yield Finding(WELL, f"{table.name} in {table.region} is as it should be")


def _counted(patient: Patient) -> Iterator[Finding]:
    """Is what came counted?"""
    if not patient.settings["logs"] or not patient.newest:
        return
    try:
        missing = list(lacking(patient.newest, patient.store))
    except StoreMissing:
        missing = list(patient.newest)
    if missing:
        told = f"{len(missing)} of the {len(patient.newest)} newest log files are not counted, as {missing[-1].place}"
        yield Finding(ODD, told, "footfall sweep counts them; in AWS see the logs of the functions for why")
    else:
        yield Finding(WELL, "the newest log files are counted")


def _views(patient: Patient) -> Iterator[Finding]:
    """Does anything in the logs count?"""
    if not patient.settings["logs"] or not patient.outcomes:
        return
    lines = len(patient.outcomes)
    became = Counter(outcome.reason or outcome.outcome for outcome in patient.outcomes)
    if became["view"]:
        yield Finding(WELL, f"of the newest {lines:,} lines {became['view']:,} are views")
        return
    if became["unreadable"] == lines:
        remedy = f"they are not of the format {patient.settings['format']}: set format, or look at them with footfall explain"
        yield Finding(WRONG, f"none of the newest {lines:,} lines can be read", remedy)
        return
    seen = Counter(outcome.record.request.site for outcome in patient.outcomes if outcome.record)
    remedy = WHEN_ALL_ARE_DROPPED.get(became.most_common(1)[0][0], OTHERWISE)
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in became.most_common())
    sites = ", ".join(site for site, _ in seen.most_common(3))
    yield Finding(WRONG, f"none of the newest {lines:,} lines is a view: {reasons}", remedy.format(sites_seen=sites))


def _cloudfront(patient: Patient) -> Iterator[Finding]:
    """Do the readers ask CloudFront, and CloudFront alone asks S3?"""
    if not patient.settings["logs"]:
        return
    fetched = sum(1 for outcome in patient.outcomes if outcome.record and outcome.record.request.user_agent == CLOUDFRONT)
    if fetched:
        remedy = (
            "S3's logs then have only what CloudFront had not cached, without readers' addresses and user agents: "
            "count from CloudFront's own logs instead"
        )
        told = f"the site is behind CloudFront: {fetched:,} of the newest {len(patient.outcomes):,} requests are its own"
        yield Finding(WRONG, told, remedy)


CHECKS: dict[str, Callable[[Patient], Iterator[Finding]]] = {
    "logs": _logs,
    "access": _access,
    "region": _region,
    "logging": _logging,
    "arriving": _arriving,
    "notification": _notification,
    "store": _store,
    "counted": _counted,
    "views": _views,
    "cloudfront": _cloudfront,
}
