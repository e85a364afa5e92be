"""
Where logs are. A URL's scheme selects the source; without a scheme, it is a local path.

A new source is a new file and a new row here.
"""

from collections.abc import Callable, Iterator

from ..records import LogFile
from . import local


def _s3(source: str) -> Iterator[LogFile]:
    from .s3 import find_objects

    return find_objects(source)


SOURCES: dict[str, Callable[[str], Iterator[LogFile]]] = {"s3": _s3}


def find_logs(source: str) -> Iterator[LogFile]:
    """The log files at `source`, by name; raises SourceError if there are none."""
    scheme = scheme_of(source)
    return SOURCES.get(scheme, local.find_logs)(scheme + source[len(scheme) :])


def scheme_of(source: str) -> str:
    """
    The scheme of a source that is a URL; "" for a local path.

    >>> scheme_of("s3://my-logs/blog/"), scheme_of("logs/2022")
    ('s3', '')
    """
    scheme, is_url, _ = source.partition("://")
    return scheme.lower() if is_url else ""
