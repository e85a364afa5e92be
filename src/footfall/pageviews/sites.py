"""A site's name, from a bucket, a host, or a URL copied from the browser."""

import re
from contextlib import suppress
from typing import NamedTuple

# A scheme or an ARN; user and password; the host, with brackets if it is an IPv6 address; its port; the rest.
_WRITTEN = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*:/+)|//|arn:aws[\w-]*:s3:::)?(?:[^/?#@]*@)?(?P<host>\[[^\]/]*\]|[^/?#:]*(?::[^/?#]*:[^/?#]*)?)"
    r"(?P<port>:\d*)?(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)


class WrittenSite(NamedTuple):
    """A site as a user wrote it."""

    name: str
    """The bucket or host in it."""
    rest: str
    """The path, and whatever else follows it."""


def read_site(written: str) -> WrittenSite:
    """
    The bucket or host of `https://www.example.org:443/`, `s3://my-bucket` or `www.example.org/`, and what follows it.

    Hosts become lower case and ASCII, as in logs; a name without a dot may be an old bucket, so its case is kept.

    >>> read_site("https://WWW.example.org:443/blog/")
    WrittenSite(name='www.example.org', rest='/blog/')
    """
    match = _WRITTEN.fullmatch(written.strip())
    if match is None:
        return WrittenSite(written.strip(), "")
    name = match["host"].strip().rstrip(".")
    if "." in name or ":" in name or match["scheme"]:
        name = name.lower()
    if "." in name and not name.isascii():
        with suppress(UnicodeError):
            name = name.encode("idna").decode("ascii")
    return WrittenSite(name, match["rest"])


def site_name(written: str) -> str:
    """The bucket or host of what was written."""
    return read_site(written).name or written
