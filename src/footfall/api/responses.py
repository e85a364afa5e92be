"""Answers as JSON or CSV, with headers for caches and browsers."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..output import to_csv, to_json
from ..stores.shapes import Capacity
from .endpoints import Table

PUBLIC_SECONDS = 60  # each cache requests a popular page's counter once a minute
REACH, CAPACITY = "Footfall-Complete-Until", "Footfall-Capacity"
_OPAQUE = re.compile(r'"[^"]*"')


def json_response(answer: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in JSON."""
    return Response(to_json(answer).encode(), status, dict(headers or {}), "application/json")


def csv_response(request: Request, table: Table, next_cursor: str | None, headers: Mapping[str, str]) -> Response:
    """An answer in CSV; its `Link` header points to the next rows."""
    link = {}
    if next_cursor:
        link["Link"] = f'<{request.url.path}?{request.url.include_query_params(cursor=next_cursor).query}>; rel="next"'
    return Response(to_csv(*table) + "\r\n", headers={**headers, **link}, media_type="text/csv")


def envelope_headers(complete_until: str | None, capacity: Capacity | None) -> dict[str, str]:
    """Headers with `complete_until` and `capacity`, for answers that do not contain them."""
    headers = {REACH: complete_until or ""}
    if capacity is not None:
        headers[CAPACITY] = ", ".join(f"{name}={value:g}" for name, value in capacity._asdict().items())
    return {name: value for name, value in headers.items() if value}


def cacheable(request: Request, response: Response, content: bytes, *, is_public: bool) -> Response:
    """
    The response, or 304 if the client already has it; `content` determines its ETag.

    An answer that needs a token may only be cached by the client, which must revalidate it each time.
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
