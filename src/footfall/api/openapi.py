"""The OpenAPI document, generated from ENDPOINTS and PARAMETERS, as the routes are."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

from . import schemas
from .counter import SVG
from .endpoints import ENDPOINTS, Endpoint
from .parameters import Parameter
from .responses import CAPACITY, REACH

# What each status means, for endpoints that answer from the store.
ERRORS = {
    "400": "Invalid parameters; the message names the first one.",
    "401": "A token is required, or this one is unknown.",
    "403": "This host or origin is not allowed, or this token is for other pages.",
    "404": "There is no such path.",
    "405": "A method other than GET or HEAD.",
    "503": "The store cannot be read at the moment.",
}
HEADERS_OF_ERRORS = {
    "401": {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
    "405": {"Allow": {"required": True, "schema": {"type": "string"}}},
    "503": {"Retry-After": {"required": True, "schema": {"type": "integer"}}},
}
_ETAG = {"ETag": {"description": "A weak ETag of the content; send it back as If-None-Match.", "schema": {"type": "string"}}}


@cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "footfall",
            "version": version("footfall"),
            "description": "Page views, counted from the access logs that a web site already writes.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {
            **{path: _path(path, endpoint) for path, endpoint in ENDPOINTS.items()},
            "/healthz": _open("health", "Whether the service is up; does not read the store.", schemas.HEALTH),
            "/openapi.json": _open("openapi", "This document.", {"type": "object"}),
        },
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Created by `footfall token add NAME`."}
            },
            "schemas": {"Error": schemas.ERROR},
        },
    }


def _path(path: str, endpoint: Endpoint) -> dict[str, Any]:
    headers = {**_ETAG, **{name: {"schema": {"type": "string"}} for name in (REACH, CAPACITY)}}
    content: dict[str, Any] = {"application/json": {"schema": endpoint.schema}}
    if endpoint.picture:
        content = {SVG: {"schema": {"type": "string"}}}
    if endpoint.table:
        content["text/csv"] = {"schema": {"type": "string"}}
    return {
        "get": {
            "operationId": re.sub(r"\W+", "_", path.removeprefix("/api/v1")).strip("_"),
            "summary": endpoint.help,
            "parameters": [_parameter(name, row, endpoint, path) for name, row in endpoint.parameters.items()],
            "responses": {
                "200": {"description": "The answer.", "headers": headers, "content": content},
                "304": {"description": "Not modified."},
                **_errors(*(status for status in ERRORS if status != "404" or "{" in path)),
            },
        }
    }


def _parameter(name: str, parameter: Parameter, endpoint: Endpoint, path: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path" if f"{{{name}}}" in path else "query",
        "required": name in endpoint.required,
        "description": parameter.help,
        "schema": parameter.schema,
    }


def _errors(*statuses: str) -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {
        status: {"description": ERRORS[status], "headers": HEADERS_OF_ERRORS.get(status, {}), "content": error}
        for status in statuses
    }


def _open(name: str, summary: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The operation of an endpoint that is open to everyone."""
    content = {"application/json": {"schema": schema}}
    responses = {"200": {"description": "The answer.", "content": content}, **_errors("403", "405")}
    if name == "openapi":
        responses["304"] = {"description": "Not modified."}
    return {"get": {"operationId": name, "summary": summary, "security": [], "responses": responses}}
