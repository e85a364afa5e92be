"""Errors over HTTP, in one shape: `{"error": "..."}`."""

import logging
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ..dimensions import DIMENSIONS
from ..errors import ConfigError, StoreBusy, StoreMissing
from .responses import json_response

RETRY_SECONDS = 2
METHODS = "GET, HEAD"
log = logging.getLogger("footfall")


def error_response(status: int, error: str, headers: Mapping[str, str] | None = None) -> Response:
    """An error response, never cached."""
    return json_response({"error": error}, status, {"Cache-Control": "no-store", **(headers or {})})


class Refused(Exception):
    """A refused question; others in the same request may still be answered."""

    def __init__(self, status: int, error: str, headers: Mapping[str, str] | None = None):
        super().__init__(error)
        self.status, self.error, self.headers = status, error, headers

    def response(self) -> Response:
        """The response to a request with no other question."""
        return error_response(self.status, self.error, self.headers)


def bad_request(error: ConfigError, *, with_hint: bool = True) -> Refused:
    """The response to an invalid question; its hint says what is in the store."""
    text = str(error) if with_hint else error.wrong
    return Refused(400, f"{error.about}: {text}" if error.about else text)


def unauthorized(authorization: str | None) -> Refused:
    """The response if a token is required, or this one is not valid."""
    has_one = authorization is not None
    error = "this token is unknown or was revoked" if has_one else "a token is required: send Authorization: Bearer <token>"
    challenge = 'Bearer realm="footfall"' + (', error="invalid_token"' if has_one else "")
    return Refused(401, error, {"WWW-Authenticate": challenge})


def store_unavailable(_: Request, error: Exception) -> Response:
    """The response if the store cannot be read; the details are only logged."""
    if isinstance(error, StoreBusy):
        log.warning("%s", error)
        text = "the store is busy; ask again in a moment"
    elif isinstance(error, StoreMissing):
        log.error("%s", error)
        text = "there are no counts yet; run an import first"
    else:
        log.error("%s", error)
        text = "the counts cannot be read right now; see the server log"
    return error_response(503, text, {"Retry-After": str(RETRY_SECONDS)})


def http_error(request: Request, error: Exception) -> Response:
    """The response to routing errors of Starlette: no such path, or a wrong method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        return error_response(405, f"{request.method} is not allowed; use {METHODS.replace(', ', ' or ')}", {"Allow": METHODS})
    if request.url.path.startswith("/api/v1/stats/"):
        return error_response(404, f"no such path; dimensions are {', '.join(DIMENSIONS)}")
    return error_response(404, "no such path; /openapi.json lists them all")


def unexpected_error(_: Request, __: Exception) -> Response:
    """A fault of ours; Starlette raises it again, and the server logs it with its traceback."""
    return error_response(500, "internal error; see the server log")
