"""
Sample logs for `footfall demo`: what S3, and later CloudFront, would log for a small blog.

The same arguments give the same bytes.
"""

import gzip
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from . import cloudfront, s3
from .site import SEARCH_ENGINE, VIRAL_REFERRER, requests_of

Files = dict[str, list[str]]
"""Lines by file name."""


def write_sample_logs(
    folder: Path, last_day: date, days: int = 90, seed: int = 1, until: datetime | None = None, days_behind_cdn: int = 0
) -> int:
    """
    Write logs of `days` days, up to the end of `last_day`, into `folder`; returns the number of lines.

    On the last `days_behind_cdn` of them, which must be fewer than `days`, the site is behind CloudFront, whose logs then have
    its readers instead of S3's. One record is delivered twice, in two files, and the last line of S3's logs is cut short.
    Files that would be delivered after `until`, in UTC, are left out.
    """
    of_s3, of_cloudfront = _logs(last_day, days, seed, days_behind_cdn)
    if until is not None:
        of_s3 = {name: lines for name, lines in of_s3.items() if name <= f"{until:%Y-%m-%d-%H-%M-%S}"}
        this_hour = f"{until:%Y-%m-%d-%H}"
        of_cloudfront = {name: lines for name, lines in of_cloudfront.items() if cloudfront.hour_of(name) < this_hour}
    records = [line for lines in of_s3.values() for line in lines]
    # A reader's record: of the viral article, unless it was only read behind CloudFront.
    twice = next(line for referrer in (VIRAL_REFERRER, SEARCH_ENGINE) for line in records if f'"{referrer}"' in line)
    of_s3[next(reversed(of_s3))] += [twice, twice.partition(" HTTP/1.1")[0]]
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in {**of_s3, **of_cloudfront}.items():
        content = "".join(f"{line}\n" for line in lines).encode()
        (folder / name).write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
    return sum(map(len, (*of_s3.values(), *of_cloudfront.values())))


def _logs(last_day: date, days: int, seed: int, days_behind_cdn: int) -> tuple[Files, Files]:
    """S3's files and CloudFront's, in chronological order."""
    rng = Random(seed)
    of_s3: Files = {}
    of_cloudfront: Files = {}
    for number in range(days):
        day = last_day - timedelta(days - 1 - number)
        for request in sorted(requests_of(rng, day, number, days)):
            if number < days - days_behind_cdn:
                # S3 rolled out its 27th field gradually.
                line = s3.record_of(rng, day, request, 27 if rng.random() < number / days else 26)
                of_s3.setdefault(s3.file_of(day, request, seed), []).append(line)
            elif not request.is_of_owner:
                name = cloudfront.file_of(day, request, seed)
                of_cloudfront.setdefault(name, []).append(cloudfront.record_of(rng, day, request))
    return of_s3, of_cloudfront
