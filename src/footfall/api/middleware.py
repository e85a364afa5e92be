"""Middleware for every request and response: security headers, CORS, HEAD."""

from collections.abc import Collection, MutableMapping, Sequence
from ipaddress import IPv6Address, ip_address
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .errors import METHODS, error_response
from .responses import CAPACITY, REACH

NOBODY = "'none'"


def security_policy(framed_by: Sequence[str] = ()) -> str:
    """The policy of a response that pages of these origins may show in a frame; the usual one is for none."""
    # The dashboard needs only its own files and the API; answers in JSON need nothing.
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {' '.join(framed_by) or NOBODY}"
    )


SECURITY = {
    "Content-Security-Policy": security_policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
STRICT_TRANSPORT = "max-age=31536000"
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    # Content-Type is meaningless in a GET, but small scripts send it, and the article's API allowed it.
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "600",
}
EXPOSED = f"ETag, Link, Retry-After, {REACH}, {CAPACITY}"


class Middleware:
    """Wraps an application: refuses foreign hosts, answers preflights, adds the headers to every response, errors included."""

    def __init__(self, app: ASGIApp, origins: Collection[str], *, is_local: bool = False):
        """Pages of `origins` may send requests from browsers; if `is_local`, only requests to this machine are answered."""
        self.app, self._origins, self._is_local = app, origins, is_local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        cors = (
            {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED} if self._is_known(origin) else {}
        )
        app = self.app
        if self._is_local and not is_loopback(_host(headers)):
            # A stranger's page whose host name resolves to this machine (DNS rebinding) must not read what is open here.
            app = error_response(
                403, "this server only answers to localhost, 127.0.0.1 and [::1], since it requires no token; behind a proxy, "
                "or under a name of your own, start it with footfall serve --ask-token",
            )  # fmt: skip
        elif scope["method"] == "OPTIONS" and origin and "access-control-request-method" in headers:
            refusal = error_response(
                403, "pages of this origin may not read answers; the setting cors_origins lists those that may"
            )
            app = Response(None, 204, {**PREFLIGHT, "Cache-Control": "no-store"}) if cors else refusal
        added = {**SECURITY, **cors, **({"Strict-Transport-Security": STRICT_TRANSPORT} if scope["scheme"] == "https" else {})}
        await app(scope, receive, _with_headers(send, added, is_head=scope["method"] == "HEAD"))

    def _is_known(self, origin: str | None) -> bool:
        return origin is not None and origin in self._origins


def is_loopback(host: str) -> bool:
    """
    Whether this host is the machine itself: any loopback address, or `localhost`.

    >>> is_loopback("127.0.0.2"), is_loopback("[::1]"), is_loopback("127.0.0.1.example")
    (True, True, False)
    """
    try:
        address = ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return host.lower() == "localhost"
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (inner or address).is_loopback


def _host(headers: Headers) -> str:
    host = headers.get("host", "").lower()
    name, _, port = host.rpartition(":")
    return name if name and port.isdigit() else host


def _with_headers(send: Send, added: MutableMapping[str, Any], *, is_head: bool) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in added.items():
                headers.setdefault(name, value)
            if not headers["content-security-policy"].endswith(NOBODY):
                del headers["x-frame-options"]  # it knows no list, and some browsers would ask it too
            headers.add_vary_header("Origin")
        elif is_head:
            message = {**message, "body": b""}
        await send(message)

    return send_with_headers
