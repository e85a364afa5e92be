"""
Fetches small S3 objects with obstore, if it is installed: a tenth of the work that boto3 does for each.

boto3 lists them, and so determines what depends on the owner's set-up: credentials, endpoint, region, how a bucket is
addressed. Objects are requested in the same way, and only the listed content is accepted. Anything else, an error or other
content, is left to boto3, which asks again: so messages and retries are the same with obstore and without.
"""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import urlsplit

CONNECT_SECONDS = 5
WHOLE_SECONDS = 30  # for a small object, from its request to its end
FAILURES = 20  # one after the other, and obstore is left alone: a proxy or a certificate may work with boto3 only
CREDENTIALS_SECONDS = 60  # until boto3 is asked for them again, which renews them long before they expire

# obstore takes a key for a path: it drops a slash at either end, and refuses the rest of these.
_NO_PATH = re.compile(r"^/|/$|//|(?:^|/)\.\.?(?:/|$)|[\x00-\x1f\x7f]")
_SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=[^,]*/([^/,]+)/s3/aws4_request,")


class Bucket(NamedTuple):
    """Where a bucket answers, as boto3 found out."""

    url: str
    """What comes before a slash and an object's key."""
    region: str
    """That requests are signed for."""


class Listed(NamedTuple):
    """An object as it was listed."""

    bucket: Bucket
    key: str
    size: int
    tag: str
    """Its ETag, which another content does not have."""


def bucket_of(request: Any) -> Bucket | None:
    """The bucket that is listed by a request of boto3's; None where it is not signed as obstore would."""
    authorization = request.headers.get("Authorization", "")
    signed = _SIGNED.match(authorization.decode() if isinstance(authorization, bytes) else authorization)
    return Bucket(request.url.partition("?")[0].rstrip("/"), signed[1]) if signed else None


def fetch(listed: Listed, session: Callable[[], Any]) -> bytes | None:
    """The content of an object, with the credentials of boto3's `session`; None where boto3 has to fetch it."""
    if _NO_PATH.search(listed.key) or _users - {os.getpid()}:
        return None
    _users.add(os.getpid())
    with _making:
        fetcher = _fetcher(listed.bucket, session)
    return fetcher.fetch(listed)


_making = Lock()
_users: set[int] = set()  # processes that fetch: a fork of one has all of obstore but its threads


@cache
def _fetcher(bucket: Bucket, session: Callable[[], Any]) -> "_Fetcher":
    return _Fetcher(bucket, session)


class _Fetcher:
    """Fetches the objects of one bucket, as long as that works."""

    def __init__(self, bucket: Bucket, session: Callable[[], Any]):
        self._store, self._failures = None, 0
        try:
            import obstore
            from obstore.exceptions import BaseError
        except ImportError:
            return
        self._get: Any = obstore.get
        self._errors = (BaseError, OSError, ValueError)
        try:
            self._store = _store(bucket, session())
        except self._errors:  # something of the set-up is beyond obstore
            return

    def fetch(self, listed: Listed) -> bytes | None:
        """See above."""
        if (store := self._store) is None:
            return None
        try:
            found = self._get(store, listed.key)
            if (found.meta["size"], found.meta["e_tag"]) == (listed.size, listed.tag):
                content: bytes = found.bytes().to_bytes()
                self._failures = 0
                return content
        except self._errors:
            pass  # boto3 is told the same, and tells it
        self._failures += 1
        if self._failures >= FAILURES:
            self._store = None
        return None


def _store(bucket: Bucket, session: Any) -> Any:
    """obstore's, set up as boto3's is."""
    from botocore.session import Session
    from botocore.utils import get_environ_proxies
    from obstore.store import S3Store

    credentials: Any = _Credentials(session)
    options: Any = {
        "allow_http": bucket.url.startswith("http:"),
        "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
        "timeout": timedelta(seconds=WHOLE_SECONDS),
    }
    if proxy := get_environ_proxies(bucket.url).get(urlsplit(bucket.url).scheme):
        options["proxy_url"] = proxy
    if authorities := Session().get_config_variable("ca_bundle") or os.environ.get("REQUESTS_CA_BUNDLE"):
        options |= {"root_certificate": Path(authorities).read_bytes(), "disable_system_certificates": True}
    return S3Store(
        "named-by-the-endpoint",
        config={
            # Each of these also has a variable in the environment, which would count were it not named here.
            "endpoint": bucket.url, "aws_endpoint_url_s3": bucket.url, "virtual_hosted_style_request": True,
            "region": bucket.region, "skip_signature": False, "s3_express": False, "request_payer": False,
        },
        client_options=options, retry_config={"max_retries": 0}, credential_provider=credentials,
    )  # fmt: skip


class _Credentials:
    """Those of boto3's session, whichever way it comes by them."""

    refresh_threshold = timedelta(0)

    def __init__(self, session: Any):
        self._session = session

    def __call__(self) -> dict[str, Any]:
        found = self._session.get_credentials().get_frozen_credentials()
        expires_at = datetime.now(UTC) + timedelta(seconds=CREDENTIALS_SECONDS)
        return {
            "access_key_id": found.access_key,
            "secret_access_key": found.secret_key,
            "token": found.token,
            "expires_at": expires_at,
        }
