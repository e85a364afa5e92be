"""Checks of the logs: is it said where they are, do they arrive, does anything in them count, and do readers come to us?"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ...sources.names import documented_day
from .findings import ODD, UNKNOWN, WELL, WRONG, Checkup, Finding

LATE = timedelta(days=2)  # S3 delivers within hours of a visit
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


def check_logs(checkup: Checkup) -> Iterator[Finding]:
    """Is it said where they are?"""
    if checkup.settings["logs"]:
        yield Finding(WELL, f"logs are looked for at {checkup.settings['logs']}")
    else:
        yield Finding(UNKNOWN, "nobody says where the logs lie", 'set logs = "s3://bucket/prefix" in footfall.toml')


def check_arriving(checkup: Checkup) -> Iterator[Finding]:
    """Do log files come?"""
    if not checkup.settings["logs"]:
        return
    if not checkup.newest:
        remedy = "S3 names them 2026-10-20-09-31-07-A5C12D0BE83F4E61; check the prefix"
        yield Finding(WRONG, f"at {checkup.settings['logs']} is no object with a log file's name", remedy)
        return
    newest = checkup.newest[0]
    day = documented_day(newest.name)
    if day is not None and datetime.now(UTC).date() - day > LATE:
        remedy = "nobody came since, or logging was switched off or pointed elsewhere"
        yield Finding(ODD, f"the newest log file is of {day}: {newest.place}", remedy)
    else:
        yield Finding(WELL, f"the newest log file: {newest.place}")


def check_views(checkup: Checkup) -> Iterator[Finding]:
    """Does anything in the logs count?"""
    if not checkup.settings["logs"] or not checkup.outcomes:
        return
    lines = len(checkup.outcomes)
    became = Counter(outcome.reason or outcome.outcome for outcome in checkup.outcomes)
    if became["view"]:
        yield Finding(WELL, f"of the newest {lines:,} lines {became['view']:,} are views")
        return
    if became["unreadable"] == lines:
        remedy = f"they are not of the format {checkup.settings['format']}: set format, or look at them with footfall explain"
        yield Finding(WRONG, f"none of the newest {lines:,} lines can be read", remedy)
        return
    seen = Counter(outcome.record.request.site for outcome in checkup.outcomes if outcome.record)
    remedy = WHEN_ALL_ARE_DROPPED.get(became.most_common(1)[0][0], OTHERWISE)
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in became.most_common())
    sites = ", ".join(site for site, _ in seen.most_common(3))
    yield Finding(WRONG, f"none of the newest {lines:,} lines is a view: {reasons}", remedy.format(sites_seen=sites))


def check_cloudfront(checkup: Checkup) -> Iterator[Finding]:
    """Do the readers ask CloudFront, and CloudFront alone asks S3?"""
    if not checkup.settings["logs"]:
        return
    fetched = sum(1 for outcome in checkup.outcomes if outcome.record and outcome.record.request.user_agent == CLOUDFRONT)
    if fetched:
        remedy = (
            "S3's logs then have only what CloudFront had not cached, without readers' addresses and user agents: "
            "count from CloudFront's own logs instead"
        )
        told = f"the site is behind CloudFront: {fetched:,} of the newest {len(checkup.outcomes):,} requests are its own"
        yield Finding(WRONG, told, remedy)
