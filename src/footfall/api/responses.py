"""
How answers and errors travel: JSON or CSV, one shape for every error, and the headers that caches and browsers go by.
"""

import logging
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ..dimensions import DIMENSIONS
from ..errors import ConfigError, StoreBusy, StoreMissing
from ..items import iso
from ..output import to_csv, to_json
from ..records import Capacity
from ..reports.answers import with_capacity
from .endpoints import Answer, Endpoint, Table
from .pool import LeasedStore
from .request import ApiRequest

PUBLIC_SECONDS = 60  # a popular page's counter is asked for once a minute by each cache
# Lambda's answers have 6 MB at most, and who asks for more would get an error that names nothing.
MOST_BYTES = 5_000_000
RETRY_SECONDS = 2
METHODS = "GET, HEAD"
REACH, CAPACITY = "Footfall-Complete-Until", "Footfall-Capacity"
log = logging.getLogger("footfall")
_OPAQUE = re.compile(r'"[^"]*"')


def json_response(answer: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in JSON."""
    return Response(to_json(answer).encode(), status, dict(headers or {}), "application/json")


def error_response(status: int, error: str, headers: Mapping[str, str] | None = None) -> Response:
    """What is wrong; never kept by a cache."""
    return json_response({"error": error}, status, {"Cache-Control": "no-store", **(headers or {})})


def envelope_headers(complete_until: str | None, capacity: Capacity | None) -> dict[str, str]:
    """How far the counts reach and what this answer cost, for the answers that have no room for it."""
    told = {REACH: complete_until or ""}
    if capacity is not None:
        told[CAPACITY] = ", ".join(f"{name}={value:g}" for name, value in capacity._asdict().items())
    return {name: value for name, value in told.items() if value}


def cacheable(request: Request, response: Response, content: bytes, *, is_public: bool) -> Response:
    """
    The response, or 304 where the client has it already; `content` is what makes it the same.

    Whoever holds a token keeps answers to themselves and asks each time whether they changed.
    """
    tag = f'W/"{sha256(content).hexdigest()[:24]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": f"public, max-age={PUBLIC_SECONDS}" if is_public else "private, no-cache",
        **({} if is_public else {"Vary": "Authorization"}),
    }
    asked = request.headers.get("if-none-match", "")
    if asked.strip() == "*" or tag.removeprefix("W/") in _OPAQUE.findall(asked):
        kept = {name: value for name, value in response.headers.items() if name.startswith("footfall-") or name == "link"}
        return Response(None, 304, {**kept, **headers})
    response.headers.update(headers)
    return response


def respond(request: Request, endpoint: Endpoint, asked: ApiRequest, answer: Answer, leased: LeasedStore) -> Response:
    """An endpoint's answer as JSON or CSV, with how far the counts reach and what it cost."""
    latest = asked.store.latest()
    reach = iso(latest) if latest is not None else None
    if endpoint.is_enveloped:
        answer = answer if "complete_until" in answer else {**answer, "complete_until": reach}
    capacity = leased.capacity()
    headers = envelope_headers(reach, capacity)
    content = json_response(answer).body
    if asked.values.get("format") == "csv" and endpoint.table:
        response = _csv_response(request, endpoint.table(answer), answer, headers)
    else:
        response = json_response(with_capacity(answer, capacity) if endpoint.is_enveloped else answer, headers=headers)
    if len(response.body) > MOST_BYTES:
        name = "limit" if "limit" in endpoint.takes else "prefix" if "prefix" in endpoint.takes else "period"
        return error_response(400, f"{name}: the answer has more than {MOST_BYTES:,} bytes; ask for less")
    return cacheable(request, response, bytes(content), is_public=asked.is_public)


def _csv_response(request: Request, table: Table, answer: Answer, headers: Mapping[str, str]) -> Response:
    link = {}
    if answer.get("next"):
        link["Link"] = f'<{request.url.path}?{request.url.include_query_params(cursor=answer["next"]).query}>; rel="next"'
    return Response(to_csv(*table) + "\r\n", headers={**headers, **link}, media_type="text/csv")


def bad_request(error: ConfigError, *, with_hint: bool = True) -> Response:
    """What is wrong with a question; its hint says what is in the store."""
    text = str(error) if with_hint else error.wrong
    return error_response(400, f"{error.about}: {text}" if error.about else text)


def unauthorized(request: Request) -> Response:
    """That a token is needed, or that this one opens nothing."""
    has_one = "authorization" in request.headers
    error = "this token is not known, or was revoked" if has_one else "this wants a token: Authorization: Bearer ..."
    challenge = 'Bearer realm="footfall"' + (', error="invalid_token"' if has_one else "")
    return error_response(401, error, {"WWW-Authenticate": challenge})


def store_unavailable(_: Request, error: Exception) -> Response:
    """That the store cannot be read just now; what exactly is wrong is for the owner's log."""
    if isinstance(error, StoreBusy):
        log.warning("%s", error)
        text = "the store is busy; ask again in a moment"
    elif isinstance(error, StoreMissing):
        log.error("%s", error)
        text = "there are no counts yet; they come with the first import"
    else:
        log.error("%s", error)
        text = "the counts cannot be read just now; this server's log says why"
    return error_response(503, text, {"Retry-After": str(RETRY_SECONDS)})


def http_error(request: Request, error: Exception) -> Response:
    """What Starlette's routing says: no such path, or another method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        return error_response(405, f"{request.method} is not for reading; ask by {METHODS}", {"Allow": METHODS})
    if request.url.path.startswith("/api/v1/stats/"):
        return error_response(404, f"no such path; dimensions are {', '.join(DIMENSIONS)}")
    return error_response(404, "no such path; /openapi.json tells all there are")


def unexpected_error(_: Request, __: Exception) -> Response:
    """A fault of ours; Starlette raises it again, and the server logs it with its traceback."""
    return error_response(500, "footfall failed at this; its log says where")
