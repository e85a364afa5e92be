"""A log file's name is its identity: the same file elsewhere, or its .gz, is the same file."""

import re
from datetime import date

LONGEST_NAME = 1000  # bytes; with a part's number, it fits DynamoDB's limit of 1,024 for sort keys
# The forms that AWS documents, at the end of a key's last part. Anything before is the owner's prefix.
_DOCUMENTED = re.compile(
    r"(?:"
    r"(?P<s3>\d{4}-\d\d-\d\d)-\d\d-\d\d-\d\d-[0-9A-F]{16}"  # S3: time of delivery, or of the events, and a unique string
    # CloudFront: distribution, hour of the requests, unique string; in v2 perhaps the output format, so an hour written in two
    # formats is two files. The unique string is hexadecimal, except in early names and in AWS's examples.
    r"|[0-9A-Z]{10,20}\.(?P<cloudfront>\d{4}-\d\d-\d\d)-\d\d\.[0-9A-Za-z]{8,13}(?:\.json)?"
    r")$"
)


def documented_name(key: str) -> str | None:
    """
    The last part of `key` if it has S3's or CloudFront's documented form, which AWS keeps unique; else None.

    Also None for a name too long for the ledger, so that its file is identified by its content.

    >>> documented_name("logs/2022-10-20-09-31-07-A5C12D0BE83F4E61.gz")
    '2022-10-20-09-31-07-A5C12D0BE83F4E61'
    >>> documented_name("year=2026/month=08/EMLARXS9EXAMPLE.2026-08-25-14.RT4KCN4SGK9.json.gz")
    'EMLARXS9EXAMPLE.2026-08-25-14.RT4KCN4SGK9.json'
    """
    last = key.rpartition("/")[2].removesuffix(".gz")
    return last if _DOCUMENTED.search(last) and len(last.encode()) <= LONGEST_NAME else None


def documented_kind(name: str) -> str:
    """The kind of a documented name: `s3` or `cloudfront`; "" if it is not one."""
    match = _DOCUMENTED.search(name)
    return (match and match.lastgroup) or ""


def from_time_on(name: str) -> str:
    """
    A documented name from its time on, so that names of one kind sort by age.

    >>> from_time_on("EMLARXS9EXAMPLE.2026-08-25-14.0a1b2c3d")
    '2026-08-25-14.0a1b2c3d'
    """
    match = _DOCUMENTED.search(name)
    return name[match.start(match.lastgroup or 0) :] if match else name


def documented_day(name: str) -> date | None:
    """The day in a documented name, UTC; None when the name has none."""
    match = _DOCUMENTED.search(name)
    try:
        return date.fromisoformat(match["s3"] or match["cloudfront"]) if match else None
    except ValueError:
        return None
