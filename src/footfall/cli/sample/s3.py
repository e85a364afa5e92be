"""What S3 would log for the sample site: server access log records, and the files they come in."""

from base64 import b64encode
from datetime import date, timedelta
from functools import cache
from random import Random
from urllib.parse import quote

from .site import SITE, SampleRequest, path_of

OWNER, DEPLOYER = "5f0c2a9b" * 8, "arn:aws:iam::111122223333:user/deploy"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # whatever the locale
FILES_A_DAY = 3


def file_of(day: date, request: SampleRequest, seed: int) -> str:
    """The name of the file with a request's record."""
    return _file_name(day, request.second * FILES_A_DAY // 86_400, seed)


@cache
def _file_name(day: date, part: int, seed: int) -> str:
    """S3 names a log file by its time of delivery, some minutes after its last request."""
    rng = Random(f"{day} {part} {seed}")
    hour = (part + 1) * 24 // FILES_A_DAY
    delivered = day + timedelta(hour // 24)
    return f"{delivered}-{hour % 24:02}-{rng.randrange(60):02}-{rng.randrange(60):02}-{rng.getrandbits(64):016X}"


def record_of(rng: Random, day: date, request: SampleRequest, fields: int) -> str:
    """A record as S3 writes it, with 26 fields or 27."""
    minute, second = divmod(request.second, 60)
    time = f"{day.day:02}/{MONTHS[day.month - 1]}/{day.year}:{minute // 60:02}:{minute % 60:02}:{second:02} +0000"
    size, turn = request.size, rng.randrange(4, 60)
    sizes = {"200": f"{size} {size}", "206": f"{size // 3} {size}", "304": f"- {size}"}.get(request.answer[:3], "313 -")
    method = request.operation.split(".")[1]
    requester, path, security = "-", path_of(request.key), f"- - - {SITE} -"
    if request.is_of_owner:  # through the API, which has no index documents
        requester, path = DEPLOYER, "/" + quote(request.key)
        security = f"SigV4 TLS_AES_128_GCM_SHA256 AuthHeader {SITE}.s3.eu-central-1.amazonaws.com TLSv1.3"
    return (
        f"{OWNER} {SITE} [{time}] {request.address} {requester} {rng.getrandbits(64):016X} {request.operation} "
        f'{quote(quote(request.key))} "{method} {path}{request.query} HTTP/1.1" {request.answer} '
        f'{sizes if method == "GET" else f"- {size}"} {turn + size // 4_000} {turn} "{request.referrer}" "{request.agent}" '
        f"- {b64encode(rng.randbytes(56)).decode()} {security} - -{' -' * (fields - 26)}"
    )
