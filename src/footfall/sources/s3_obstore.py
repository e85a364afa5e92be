"""
Fetches small S3 objects with obstore, if it is installed: a tenth of the work that boto3 does for each.

boto3 lists them, and so determines what depends on the owner's set-up: credentials, endpoint, region, and how the bucket is
addressed. Objects are requested in the same way, and only the content that was listed is accepted. Anything else, such as an
error or changed content, is left to boto3, which asks again: so messages and retries are the same with or without obstore.
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
WHOLE_SECONDS = 30  # for a small object, from the request to its last byte
FAILURES = 20  # in a row, after which obstore is not used: a proxy or a certificate may only work with boto3
CREDENTIALS_SECONDS = 60  # until boto3 is asked again; it renews them long before they expire

# obstore treats a key as a path: it drops a slash at either end, and refuses the others of these.
_NO_PATH = re.compile(r"^/|/$|//|(?:^|/)\.\.?(?:/|$)|[\x00-\x1f\x7f]")
_SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=[^,]*/([^/,]+)/s3/aws4_request,")


class Bucket(NamedTuple):
    """Where a bucket is reached, as determined by boto3."""

    url: str
    """The part of an object's URL before the slash and the key."""
    region: str
    """The region that requests are signed for."""


class Listed(NamedTuple):
    """An object as it was listed."""

    bucket: Bucket
    key: str
    size: int
    tag: str
    """Its ETag, which is different for other content."""


def bucket_of(request: Any) -> Bucket | None:
    """The bucket that a boto3 request lists; None if the request is not signed as obstore would sign it."""
    authorization = request.headers.get("Authorization", "")
    signed = _SIGNED.match(authorization.decode() if isinstance(authorization, bytes) else authorization)
    return Bucket(request.url.partition("?")[0].rstrip("/"), signed[1]) if signed else None


def fetch(listed: Listed, session: Callable[[], Any]) -> bytes | None:
    """The content of an object, with the credentials of boto3's `session`; None if boto3 has to fetch it."""
    if _NO_PATH.search(listed.key) or _users - {os.getpid()}:
        return None
    _users.add(os.getpid())
    with _making:
        fetcher = _fetcher(listed.bucket, session)
    return fetcher.fetch(listed)


_making = Lock()
_users: set[int] = set()  # processes that fetch: their forks have everything of obstore except its threads


@cache
def _fetcher(bucket: Bucket, session: Callable[[], Any]) -> "_Fetcher":
    return _Fetcher(bucket, session)


class _Fetcher:
    """Fetches the objects of one bucket, until it fails too often."""

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
        except self._errors:  # obstore does not support something in the set-up
            return

    def fetch(self, listed: Listed) -> bytes | None:
        """See the function `fetch`."""
        if (store := self._store) is None:
            return None
        try:
            found = self._get(store, listed.key)
            if (found.meta["size"], found.meta["e_tag"]) == (listed.size, listed.tag):
                content: bytes = found.bytes().to_bytes()
                self._failures = 0
                return content
        except self._errors:
            pass  # boto3 gets the same error, and reports it
        self._failures += 1
        if self._failures >= FAILURES:
            self._store = None
        return None


def _store(bucket: Bucket, session: Any) -> Any:
    """An obstore store, set up like boto3's client."""
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
            # Set explicitly, because obstore would otherwise take each from an environment variable.
            "endpoint": bucket.url, "aws_endpoint_url_s3": bucket.url, "virtual_hosted_style_request": True,
            "region": bucket.region, "skip_signature": False, "s3_express": False, "request_payer": False,
        },
        client_options=options, retry_config={"max_retries": 0}, credential_provider=credentials,
    )  # fmt: skip


class _Credentials:
    """Provides the credentials of boto3's session, whatever their origin."""

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
