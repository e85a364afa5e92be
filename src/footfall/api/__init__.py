"""
The HTTP API: one application, for `footfall serve` and for Lambda.

    parameters  PARAMETERS: what can be asked, and how it is read
    schemas     what answers look like
    endpoints   ENDPOINTS: path -> parameters, answer, schema
    access      who may ask what
    pool        opened stores, each lent to one request at a time
    responses   JSON, CSV, errors, ETag
    headers     security headers, CORS, HEAD: what every request passes through
    static      the dashboard's files
    openapi     the document, from the same tables as the routes

A request: headers.Door -> the route of its endpoint -> access -> parameters -> the endpoint's answer -> responses.
"""

import logging
from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..answers import with_capacity
from ..dimensions import DIMENSIONS
from ..errors import ConfigError, StoreBusy, StoreError, StoreMissing
from ..items import iso
from ..output import to_csv
from ..settings import Settings
from ..stores import Store, open_store
from .access import is_known, is_public, read_public
from .endpoints import ENDPOINTS, Answer, Endpoint, Question
from .headers import LOOPBACK_NAMES, METHODS, Door
from .openapi import document
from .parameters import read_query
from .pool import Lent, Pool
from .responses import MOST_BYTES, cacheable, envelope_headers, error_response, json_response
from .static import find_files, serve_file

RETRY_SECONDS = 2
log = logging.getLogger("footfall")


def make_app(settings: Settings, *, asks_token: bool) -> Door:
    """
    The application; without `asks_token` everything is open, to requests that name this machine itself.

    Raises ConfigError for settings that cannot be served.
    """
    return Api(settings, asks_token=asks_token).app


class Api:
    """Answers requests from the store of `settings`."""

    def __init__(self, settings: Settings, *, asks_token: bool):
        self._settings, self._asks_token = settings, asks_token
        self._public = read_public(settings["public"])
        self._pool = Pool(self._open_store)

    def _open_store(self) -> Store:
        return open_store(self._settings["store"], self._settings["item"], self._settings.keep)

    @cached_property
    def app(self) -> Door:
        """As ASGI."""
        files = find_files()
        routes = [Route(path, partial(self._answer, path, endpoint)) for path, endpoint in ENDPOINTS.items()]
        inner = Starlette(
            routes=[
                *routes,
                Route("/healthz", lambda _: json_response({"status": "ok"}, headers={"Cache-Control": "no-store"})),
                Route("/openapi.json", self._document),
                Route("/", partial(serve_file, files)),
                Route("/assets/{path:path}", partial(serve_file, files)),
            ],
            exception_handlers={HTTPException: _http_error, Exception: _unexpected},
        )
        inner.router.redirect_slashes = False
        return Door(inner, self._settings["cors_origins"], None if self._asks_token else LOOPBACK_NAMES)

    def _document(self, request: Request) -> Response:
        response = json_response(document())
        return cacheable(request, response, bytes(response.body), is_public=True)

    def _answer(self, path: str, endpoint: Endpoint, request: Request) -> Response:
        try:
            with self._pool.lend() as lent:
                return self._answer_from(lent, path, endpoint, request)
        except StoreBusy as error:
            log.warning("%s", error)
            return _unavailable("the store is busy; ask again in a moment")
        except StoreMissing as error:
            log.error("%s", error)
            return _unavailable("there are no counts yet; they come with the first import")
        except StoreError as error:
            log.error("%s", error)
            return _unavailable("the counts cannot be read just now; this server's log says why")

    def _answer_from(self, lent: Lent, path: str, endpoint: Endpoint, request: Request) -> Response:
        is_trusted = not self._asks_token
        if not is_trusted and path not in self._public and not self._has_token(request, lent.store):
            return _unauthorized(request)
        try:
            values = read_query(request.query_params.multi_items(), endpoint.parameters, endpoint.required, endpoint.bare)
        except ConfigError as error:
            return _bad_question(error)
        asked = Question(lent.store, self._settings, values, is_public=False)
        if not is_trusted and path in self._public:
            if is_public(self._public[path], values, asked):
                asked = Question(lent.store, self._settings, values, is_public=True)
            elif not self._has_token(request, lent.store):
                return _unauthorized(request)
        try:
            answer = dict(endpoint.answer(asked))
        except ConfigError as error:
            return _bad_question(error, with_hint=not asked.is_public)
        return _respond(request, endpoint, asked, answer, lent)

    def _has_token(self, request: Request, store: Store) -> bool:
        return is_known(request.headers.get("authorization", ""), store)


def _respond(request: Request, endpoint: Endpoint, asked: Question, answer: dict[str, Any], lent: Lent) -> Response:
    latest = asked.store.latest()
    reach = iso(latest) if latest is not None else None
    if endpoint.is_enveloped:
        answer.setdefault("complete_until", reach)
    capacity = lent.capacity()
    headers = envelope_headers(reach, capacity)
    content = json_response(answer).body
    if asked.values.get("format") == "csv" and endpoint.table:
        response = _csv(request, endpoint.table(answer), answer, headers)
    else:
        response = json_response(with_capacity(answer, capacity) if endpoint.is_enveloped else answer, headers=headers)
    if len(response.body) > MOST_BYTES:
        name = "limit" if "limit" in endpoint.takes else "prefix" if "prefix" in endpoint.takes else "period"
        return error_response(400, f"{name}: the answer has more than {MOST_BYTES:,} bytes; ask for less")
    return cacheable(request, response, bytes(content), is_public=asked.is_public)


def _csv(request: Request, table: tuple[Any, Any], answer: Answer, headers: Mapping[str, str]) -> Response:
    told = dict(headers)
    if answer.get("next"):
        told["Link"] = f'<{request.url.path}?{request.url.include_query_params(cursor=answer["next"]).query}>; rel="next"'
    return Response(to_csv(*table) + "\r\n", headers=told, media_type="text/csv")


def _bad_question(error: ConfigError, *, with_hint: bool = True) -> Response:
    told = str(error) if with_hint else error.wrong
    return error_response(400, f"{error.about}: {told}" if error.about else told)


def _unauthorized(request: Request) -> Response:
    has_one = "authorization" in request.headers
    told = "this token is not known, or was revoked" if has_one else "this wants a token: Authorization: Bearer ..."
    challenge = 'Bearer realm="footfall"' + (', error="invalid_token"' if has_one else "")
    return error_response(401, told, {"WWW-Authenticate": challenge})


def _unavailable(error: str) -> Response:
    return error_response(503, error, {"Retry-After": str(RETRY_SECONDS)})


def _http_error(request: Request, error: Exception) -> Response:
    """What Starlette's routing says: no such path, or another method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        return error_response(405, f"{request.method} is not for reading; ask by {METHODS}", {"Allow": METHODS})
    if request.url.path.startswith("/api/v1/stats/"):
        return error_response(404, f"no such path; dimensions are {', '.join(DIMENSIONS)}")
    return error_response(404, "no such path; /openapi.json tells all there are")


def _unexpected(_: Request, __: Exception) -> Response:
    """A fault of ours; Starlette raises it again, and the server logs it with its traceback."""
    return error_response(500, "footfall failed at this; its log says where")
