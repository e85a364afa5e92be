"""Checks of the logs: is their location set, do they arrive, are they readable, and does anything in them count?"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ...formats import FORMATS
from ...pageviews.countries import INSTALL, is_broken, lookup_in
from ...pageviews.rules import HINTS, Hint
from ...records import LogFile
from ...sources.names import documented_day
from .findings import ERROR, OK, SKIPPED, WARNING, Checkup, Finding, Skip, changed_at

NO_FILE = "there is no log file to check"
LATE = timedelta(days=2)  # AWS delivers within hours of a visit
OLD_COUNTRIES = timedelta(days=365)  # databases of countries are published monthly
CLOUDFRONT_GUIDE = "docs/how-to/cloudfront.md shows how"

# What to do if every line is dropped, mostly for this reason.
WHEN_ALL_ARE_DROPPED = {
    "other site": "the logs belong to {sites_seen}: set sites to that",
    "not a read": "these are writes, listings and HEAD requests: nobody has opened a page yet, or the wrong bucket is logged",
    "cdn": f"these are fetches by CloudFront; your readers are in its own logs: turn them on, {CLOUDFRONT_GUIDE}",
    "signed": "all requests carry credentials: they come from your own tools, or from a CDN that signs; count the CDN's own "
    "log",
    "not a page": "no path is an index document, .html or a folder, and no content type is HTML: add other names of index "
    "documents to index_documents",
    "excluded": "check exclude_paths and exclude_addresses",
    "bot": "all requests are from bots; footfall top bot shows which. The setting bots may be too broad",
    "not found": "footfall top not_found shows which paths are missing",
    "failed": "the site answers with errors; footfall top status counts them by status",
}
OTHERWISE = "footfall explain shows why, line by line"


def check_logs(checkup: Checkup) -> Iterator[Finding]:
    """Is their location set?"""
    if checkup.settings["logs"]:
        yield Finding(OK, f"logs are read from {checkup.settings['logs']}")
    else:
        yield Finding(SKIPPED, "the setting logs is empty", 'set logs = "s3://bucket/prefix", or a folder, in footfall.toml')


def check_arriving(checkup: Checkup) -> Iterator[Finding]:
    """Do log files arrive?"""
    if not checkup.newest:
        remedy = (
            "there are Parquet files, which footfall does not read: have CloudFront deliver W3C or JSON"
            if any(file.place.endswith(".parquet") for file in checkup.listed)
            else "S3 names them 2026-10-20-09-31-07-A5C12D0BE83F4E61, CloudFront E2EXAMPLE1ABCDE.2026-10-20-09.1a2b3c4d.gz; "
            "check the prefix"
        )
        yield Finding(ERROR, f"no object at {checkup.logs} is named like a log file", remedy)
        return
    newest = checkup.newest[0]
    age, text = _age_of(newest)
    told, remedies = f"the newest log file {text}: {newest.place}", []
    if age > LATE:
        remedies.append("there were no requests since, or logging was turned off or goes elsewhere")
    if not newest.name:
        told += f"; no file at {checkup.logs} has a name that AWS gives log files"
        remedies.append("footfall import counts them; footfall sweep skips them")
    yield Finding(WARNING if age > LATE else OK, told, "; ".join(remedies))


def _age_of(file: LogFile) -> tuple[timedelta, str]:
    """The age of a log file: from the day in its name, or else from when it was last changed."""
    if (day := documented_day(file.name)) is not None:
        days = (datetime.now(UTC).date() - day).days
        return timedelta(days), f"is of {day}, {age_text(timedelta(days)) if days > 0 else 'today'}"
    age = datetime.now(UTC) - datetime.fromtimestamp(changed_at(file), UTC)
    return age, f"was written {age_text(age)}"


def age_text(age: timedelta) -> str:
    """
    How long ago something was, in its largest unit.

    >>> age_text(timedelta(days=12, hours=3)), age_text(timedelta(hours=1)), age_text(timedelta(seconds=5))
    ('12 days ago', '1 hour ago', 'just now')
    """
    for unit, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if number := age // length:
            return f"{number:,} {unit}{'' if number == 1 else 's'} ago"
    return "just now"


def check_countries(checkup: Checkup) -> Iterator[Finding]:
    """Where do countries come from, and is that up to date?"""
    lookup = lookup_in(checkup.settings["country_data"])
    naming = sum(1 for outcome in checkup.outcomes if outcome.record and outcome.record.request.country)
    if naming:
        yield Finding(OK, f"{naming:,} of the newest {len(checkup.outcomes):,} lines contain the country")
    if lookup is None and is_broken():
        yield Finding(WARNING, "the package iptocc cannot be loaded", "pip install --force-reinstall iptocc, or uninstall it")
    elif lookup is None and not naming:
        raise Skip(f"countries are not counted: {INSTALL}, or set country_data to an .mmdb file")
    if lookup is not None:
        age = datetime.now(UTC) - lookup.made if lookup.made else timedelta()
        is_old = age > OLD_COUNTRIES
        remedy = "download a newer one: address ranges change owners" if is_old else ""
        yield Finding(WARNING if is_old else OK, f"countries are looked up in {lookup.title}", remedy)


def check_formats(checkup: Checkup) -> Iterator[Finding]:
    """Which formats do they have, and do they contain all that counting needs?"""
    if not checkup.heads:
        raise Skip(NO_FILE)
    found = Counter(head.log_format for head in checkup.heads if head.log_format and not head.refusal)
    if found:
        told = ", ".join(f"{files:,} {name} ({FORMATS[name].title})" for name, files in found.items())
        yield Finding(OK, f"the newest log files: {told}")
    for status, said in ((ERROR, "refusal"), (WARNING, "notice")):
        heads = [head for head in checkup.heads if getattr(head, said) and not (said == "notice" and head.refusal)]
        for text, files in Counter(getattr(head, said) for head in heads).items():
            first = next(head.file.place for head in heads if getattr(head, said) == text)
            where = first if files == 1 else f"{files:,} of the newest log files, such as {first}"
            what, _, remedy = text.partition("; ")
            yield Finding(status, f"{where}: {what}", remedy)


def check_views(checkup: Checkup) -> Iterator[Finding]:
    """Does anything in the logs count?"""
    if not checkup.outcomes:
        raise Skip(NO_FILE if not checkup.heads else "the newest log files are empty")
    lines = len(checkup.outcomes)
    became = Counter(outcome.reason or outcome.outcome for outcome in checkup.outcomes)
    if became["unreadable"] == lines:
        yield Finding(ERROR, f"none of the newest {lines:,} lines can be read", "footfall explain shows how each line is read")
    elif became["view"]:
        yield Finding(OK, f"of the newest {lines:,} lines {became['view']:,} are views")
        for hint in HINTS:
            if (looks_so := _looking_so(hint, checkup)) > became["view"]:
                told, _, remedy = hint.text.partition("; ")
                yield Finding(WARNING, f"{looks_so:,} {told}", remedy)
    else:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in became.most_common())
        yield Finding(ERROR, f"none of the newest {lines:,} lines is a view: {reasons}", _remedy(checkup))


def _remedy(checkup: Checkup) -> str:
    """What to do if every line is dropped, by the most frequent reason; CloudFront's requests to S3 are not from readers."""
    dropped = [outcome for outcome in checkup.outcomes if outcome.record and not outcome.record.request.is_cdn]
    fetched = sum(1 for outcome in checkup.outcomes if outcome.record) - len(dropped)
    reasons = Counter(outcome.reason or "" for outcome in dropped)
    if fetched and not checkup.has_cloudfront:
        reasons["cdn"] = fetched
    reason, count = reasons.most_common(1)[0] if reasons else ("", 0)
    for hint in HINTS:
        if hint.reason == reason and 2 * _looking_so(hint, checkup) > count:
            return hint.text.partition("; ")[2]
    seen = Counter(outcome.record.request.site for outcome in dropped if outcome.record)
    sites = ", ".join(site for site, _ in seen.most_common(3))
    return WHEN_ALL_ARE_DROPPED.get(reason, OTHERWISE).format(sites_seen=sites)


def _looking_so(hint: Hint, checkup: Checkup) -> int:
    """The number of lines that look as if the hint's setting was missing."""
    requests = [each.record.request for each in checkup.outcomes if each.reason == hint.reason and each.record]
    return sum(1 for request in requests if hint.looks_so(*[getattr(request, name) for name in hint.reads]))


def check_cloudfront(checkup: Checkup) -> Iterator[Finding]:
    """Is CloudFront in front of the bucket, and are its logs there too?"""
    if not checkup.outcomes:
        raise Skip(NO_FILE if not checkup.heads else "the newest log files are empty")
    fetched = sum(1 for outcome in checkup.outcomes if outcome.record and outcome.record.request.is_cdn)
    told = f"the site is behind CloudFront: {fetched:,} of the newest {len(checkup.outcomes):,} lines are CloudFront's own "
    "requests"
    if fetched and checkup.has_cloudfront:
        yield Finding(OK, f"{told}, which do not count; the distribution's own logs are here too")
    elif fetched:
        remedy = (
            f"your readers are in CloudFront's own logs: turn on the distribution's standard logging, {CLOUDFRONT_GUIDE}; if "
            f"it is on, set logs to where they are"
        )
        yield Finding(ERROR, told, remedy)
    else:
        yield Finding(OK, "none of the newest lines is a request by CloudFront to the bucket behind it")
