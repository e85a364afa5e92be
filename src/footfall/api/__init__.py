"""
The HTTP API: one application, for `footfall serve` and for Lambda.

    parameters  PARAMETERS: what can be asked, and how it is read
    reading     the store for one request: reads nothing twice, nor for a client that has left
    request     ApiRequest: the values of one request, and the Query made from them
    schemas     what answers look like
    endpoints   ENDPOINTS: path -> parameters, answer, schema
    counter     a page's views as a picture
    access      tokens, and what needs none
    pool        opened stores, each leased to one request at a time
    responses   JSON, CSV, ETag
    errors      errors, in one shape
    middleware  security headers, CORS, HEAD, for every request
    service     from an HTTP request to its response, and from a batch to its questions
    static      the dashboard's files
    openapi     the document, from the same tables as the routes

A request: Middleware -> its route -> Service.respond -> access, parameters -> the endpoint's answer -> responses.
"""

from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..errors import StoreError
from ..settings import Settings
from .endpoints import ENDPOINTS
from .errors import http_error, store_unavailable, unexpected_error
from .middleware import Middleware
from .openapi import document
from .responses import cacheable, json_response
from .service import Service
from .static import EMBEDDED, find_files, serve_file


def make_app(settings: Settings, *, asks_token: bool) -> Middleware:
    """
    Makes the application; without `asks_token`, everything is open to requests addressed to this machine.

    Raises ConfigError for settings that cannot be served.
    """
    service = Service(settings, asks_token=asks_token)
    files = find_files(framed_by=settings["embed_origins"])
    app = Starlette(
        routes=[
            *(Route(path.replace("{page}", "{page:path}"), partial(service.respond, path)) for path in ENDPOINTS),
            Route("/healthz", lambda _: json_response({"status": "ok"}, headers={"Cache-Control": "no-store"})),
            Route("/openapi.json", _document),
            Route("/", partial(serve_file, files)),
            Route(EMBEDDED, partial(serve_file, files)),
            Route("/assets/{path:path}", partial(serve_file, files)),
        ],
        exception_handlers={
            StoreError: store_unavailable,
            HTTPException: http_error,
            Exception: unexpected_error,
        },
    )
    app.router.redirect_slashes = False
    return Middleware(app, settings["cors_origins"], is_local=not asks_token)


def _document(request: Request) -> Response:
    response = json_response(document())
    return cacheable(request, response, bytes(response.body), is_public=True)
