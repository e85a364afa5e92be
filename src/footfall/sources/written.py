"""Recognizes what people paste instead of a source, and suggests the source they mean."""

import re
from collections.abc import Callable
from urllib.parse import unquote

_S3 = r"s3[.-](?:dualstack\.)?(?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?"
# Patterns, each with the source that is meant. The first match wins.
MEANT: dict[re.Pattern[str], Callable[[re.Match[str]], str]] = {
    re.compile(r"arn:[\w-]+:s3:::(.+)"): lambda arn: f"s3://{arn[1]}",
    re.compile(rf"https?://(?!s3[.-])([\w.-]+)\.{_S3}(?::443)?/?([^?#]*).*", re.IGNORECASE): lambda url: f"s3://{url[1]}/{unquote(url[2])}",
    re.compile(rf"https?://{_S3}(?::443)?/([^?#]+).*", re.IGNORECASE): lambda url: f"s3://{unquote(url[1])}",
    re.compile(r"https?://[\w.-]*console\.aws\.amazon\.com/s3/buckets/([\w.-]+)(?:.*[?&]prefix=([^&#]*))?.*", re.IGNORECASE): (
        lambda url: f"s3://{url[1]}/{unquote(url[2] or '')}"
    ),
    re.compile(r"s3:/?([^/].*)", re.IGNORECASE): lambda path: f"s3://{path[1]}",
    re.compile(r"file://(?:localhost)?(/.*)", re.IGNORECASE): lambda url: unquote(url[1]),
}  # fmt: skip


def advice(source: str) -> str:
    """
    What to write instead of a source that does not exist, as the end of a sentence; "" if there is no suggestion.

    >>> advice("https://my-logs.s3.eu-west-1.amazonaws.com/blog/2026")
    '; did you mean s3://my-logs/blog/2026?'
    >>> advice("gs://my-logs/blog/")
    '; footfall reads files and S3 objects (s3://bucket/prefix): download it first'
    """
    for pattern, meant in MEANT.items():
        if match := pattern.fullmatch(source):
            return f"; did you mean {meant(match)}?"
    return "; footfall reads files and S3 objects (s3://bucket/prefix): download it first" if "://" in source else ""
