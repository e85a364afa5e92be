"""What CloudFront would log for the sample site: standard logs v2 as JSON lines, with the reader's country."""

import json
from base64 import urlsafe_b64encode
from datetime import date
from functools import cache
from random import Random
from urllib.parse import quote
from zlib import crc32

from .site import SITE, SampleRequest, path_of, pick

DISTRIBUTION, HOST = "E2EXAMPLE1ABCDE", "d111111abcdef8.cloudfront.net"
# Readers' countries with their weights, and the edge locations that serve them.
COUNTRIES = {
    "DE": 30.0, "US": 22.0, "GB": 11.0, "FR": 8.0, "NL": 6.0, "CA": 5.0, "IN": 5.0, "AT": 4.0, "SE": 3.0, "AU": 3.0, "BR": 3.0,
    "JP": 2.0,
}  # fmt: skip
EDGES = {
    "DE": "FRA56-P4", "US": "IAD89-P2", "GB": "LHR61-P1", "FR": "CDG50-P2", "NL": "AMS58-P5", "CA": "YUL62-P1",
    "IN": "BOM78-P4", "AT": "VIE50-P2", "SE": "ARN56-P1", "AU": "SYD62-P2", "BR": "GRU3-P7", "JP": "NRT57-P3",
}  # fmt: skip
TYPES = {
    "html": "text/html", "css": "text/css", "js": "text/javascript", "png": "image/png", "txt": "text/plain",
    "xml": "application/xml", "pdf": "application/pdf",
}  # fmt: skip
PLAIN = "!$&()*+,-./:;=?@_"  # not encoded by CloudFront, like letters and digits


def file_of(day: date, request: SampleRequest, seed: int) -> str:
    """The name of the file with a request's record: CloudFront names files by the hour of their records."""
    hour = f"{day}-{request.second // 3600:02}"
    return f"{DISTRIBUTION}.{hour}.{crc32(f'{hour} {seed}'.encode()):08x}.gz"


def hour_of(name: str) -> str:
    """The hour of a file's records, by its name: `2026-11-22-09`."""
    return name.split(".")[1]


def record_of(rng: Random, day: date, request: SampleRequest) -> str:
    """A record as CloudFront writes it; countries are invented, since the addresses are reserved ones."""
    minute, second = divmod(request.second, 60)
    status, country = request.answer[:3], _country(request.address)
    has_body = status in ("200", "206", "404")
    result = "Error" if status == "404" else "Hit" if rng.random() < 0.8 else "Miss"
    return json.dumps(
        {
            "date": str(day),
            "time": f"{minute // 60:02}:{minute % 60:02}:{second:02}",
            "x-edge-location": EDGES[country],
            "c-ip": request.address,
            "cs-method": request.operation.split(".")[1],
            "cs(Host)": HOST,
            "cs-uri-stem": _encoded(path_of(request.key)),
            "cs-uri-query": _encoded(request.query.removeprefix("?")) or "-",
            "sc-status": status,
            "cs(Referer)": _encoded(request.referrer),
            "cs(User-Agent)": _encoded(request.agent),
            "x-edge-result-type": result,
            "x-edge-request-id": urlsafe_b64encode(rng.randbytes(40)).decode(),
            "x-host-header": SITE,
            "sc-bytes": str(request.size if has_body else 400),
            "sc-content-type": TYPES.get(request.key.rpartition(".")[2], "text/html") if has_body else "-",
            "c-country": country,
        },
        separators=(",", ":"),
    )


def _encoded(text: str) -> str:
    return quote(text, safe=PLAIN)


@cache
def _country(address: str) -> str:
    return pick(Random(address), COUNTRIES)
