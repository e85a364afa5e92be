"""The packaged function answers API Gateway's events as the local server answers the same requests."""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from footfall.dimensions import DIMENSIONS

from .builders import SITE, ask, line, write_log
from .conftest import REGION, ROOT
from .lambda_runtime import Function, function
from .serving import api_over

EVENT = json.loads((ROOT / "tests/events/http-api.json").read_text("utf-8"))
ORIGIN = "https://www.example.org"
# What differs by who carries the answer, or by when.
OF_THE_WAY = ("date", "content-length", "connection", "transfer-encoding", "footfall-capacity", "strict-transport-security")


class Both(NamedTuple):
    """One store, asked in both ways."""

    local: httpx.Client
    packaged: Function
    token: str


@pytest.fixture(scope="module")
def both(unpacked: Path, dynamodb: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder = tmp_path_factory.mktemp("function")
    table = "footfall-function"
    store = f"dynamodb:{table}?region={REGION}&endpoint={dynamodb}"
    assert ask("table", "create", "--store", store).exit_code == 0
    lines = [line("blog/a/"), line("blog/a/"), line("caf%25C3%25A9/", "2026-10-21 08:00:00"), line("drafts/x/")]
    assert ask("import", write_log(folder, lines), "--store", store).exit_code == 0
    token = ask("token", "add", "test", "--store", store, "--json").json["token"]
    public = "/pagetotals?prefix=blog/,/pagehistory?prefix=blog/"
    in_aws = {
        "AWS_ENDPOINT_URL": dynamodb, "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": os.environ["AWS_ACCESS_KEY_ID"], "AWS_SECRET_ACCESS_KEY": os.environ["AWS_SECRET_ACCESS_KEY"],
        "TARGET_DYNAMO_TABLE": table, "FOOTFALL_SITES": SITE, "FOOTFALL_PUBLIC": public, "FOOTFALL_CORS_ORIGINS": ORIGIN,
    }  # fmt: skip
    with (
        api_over(store, asks_token=True, public=public, cors_origins=ORIGIN, sites=[SITE]) as local,
        function(unpacked, "api.on_request", in_aws) as packaged,
    ):
        yield Both(local, packaged, token)


def event_of(method: str, target: str, headers: dict[str, str], body: bytes = b"") -> dict[str, Any]:
    """As API Gateway makes it of a request."""
    path, _, query = target.partition("?")
    event: dict[str, Any] = json.loads(json.dumps(EVENT))
    event |= {"rawPath": httpx.URL(path).path, "rawQueryString": query}
    event["headers"] |= {name.lower(): value for name, value in headers.items()}
    event["requestContext"]["http"] |= {"method": method, "path": event["rawPath"]}
    pairs: dict[str, list[str]] = {}
    for name, value in httpx.QueryParams(query).multi_items():
        pairs.setdefault(name, []).append(value)
    if pairs:
        event["queryStringParameters"] = {name: ",".join(values) for name, values in pairs.items()}
    if body:
        event |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return event


def asked_both(
    both: Both, method: str, target: str, headers: dict[str, str], body: bytes = b""
) -> list[tuple[int, dict[str, str], Any]]:
    """What both say: status, headers, content."""
    here = both.local.request(method, target, headers={**headers, "Cookie": "theme=dark; s=1"}, content=body or None)
    said = both.packaged.call(event_of(method, target, headers, body))
    assert said.is_well, said
    there = said.answer
    content = base64.b64decode(there["body"]) if there.get("isBase64Encoded") else there.get("body", "").encode()
    told = []
    for status, its_headers, text in (
        (here.status_code, here.headers, here.content),
        (there["statusCode"], there["headers"], content),
    ):
        kept = {name.lower(): value for name, value in its_headers.items() if name.lower() not in OF_THE_WAY}
        if not text:
            kept.pop("content-type", None)  # Mangum names one for nothing, too
        answer = json.loads(text) if text and "json" in kept.get("content-type", "") else text
        if isinstance(answer, dict):
            answer.pop("capacity", None)
        told.append((status, kept, answer))
    return told


QUESTIONS = [
    *(f"/api/v1/stats/{name}?limit=2&compare=previous" for name in DIMENSIONS),
    "/api/v1/stats/total?period=2026-10",
    "/api/v1/stats/history?interval=hour&page=blog%2Fa",
    "/api/v1/stats/history?page=caf%C3%A9&format=csv",
    "/api/v1/stats/page?format=csv&limit=1",
    "/api/v1/views?page=/blog/a/&limit=1",
    "/api/v1/status",
    "/api/v1/sites",
    "/api/v1/batch?ask=sites&ask=stats/page%3Flimit%3D1%26prefix%3Dcaf%25C3%25A9&ask=views&ask=stats/total%3Fcompare%3Dprevious",
    "/pagetotals?prefix=blog/",
    "/pagetotals?blog/a",
    "/pagetotals",
    "/pagehistory?page=blog/a&from_date=2026-10-19",
    "/healthz",
    "/openapi.json",
    "/nowhere",
    "/api/v1/stats/page?limit=1&limit=2",
    "/api/v1/stats/page?limit=x",
    "/api/v1/stats/page?prefix=%ff%00%F0%9F%98%80",
    "/api/v1/stats/page?cursor=" + "x" * 10_240,
]


@pytest.mark.parametrize("target", QUESTIONS)
def test_it_answers_as_the_local_server_does(both: Both, target: str) -> None:
    for headers in ({}, {"Authorization": f"Bearer {both.token}"}, {"Origin": ORIGIN}, {"Authorization": "Bearer wrong"}):
        here, there = asked_both(both, "GET", target, headers)

        assert there == here


def test_what_is_open_is_open_and_the_rest_is_not(both: Both) -> None:
    statuses = {
        target: [asked_both(both, "GET", target, headers)[1][0] for headers in ({}, {"Authorization": f"Bearer {both.token}"})]
        for target in ("/pagetotals?prefix=blog/", "/pagetotals", "/api/v1/status", "/api/v1/views?page=blog/a", "/healthz")
    }

    assert statuses == {
        "/pagetotals?prefix=blog/": [200, 200], "/pagetotals": [401, 200], "/api/v1/status": [401, 200],
        "/api/v1/views?page=blog/a": [401, 200], "/healthz": [200, 200],
    }  # fmt: skip


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_and_bodies_too(both: Both, method: str) -> None:
    for target in ("/pagetotals?prefix=blog/", "/nowhere"):
        here, there = asked_both(both, method, target, {}, b"\x00\xff body" if method in ("POST", "PUT") else b"")

        assert there == here


def test_preflights_and_unchanged_answers_too(both: Both) -> None:
    asked = {"Access-Control-Request-Method": "GET"}
    for origin in (ORIGIN, "https://evil.example"):
        here, there = asked_both(both, "OPTIONS", "/api/v1/status", {**asked, "Origin": origin})
        assert there == here
    tag = asked_both(both, "GET", "/pagetotals?prefix=blog/", {})[0][1]["etag"]
    here, there = asked_both(both, "GET", "/pagetotals?prefix=blog/", {"If-None-Match": tag})
    assert there == here
    assert there[0] == 304


def test_one_process_keeps_its_store_open(both: Both) -> None:
    call = event_of("GET", "/api/v1/sites", {"Authorization": f"Bearer {both.token}"})
    both.packaged.call(call)
    process = both.packaged.process

    costs = [json.loads(both.packaged.call(call).answer["body"])["capacity"]["requests"] for _ in range(3)]

    assert both.packaged.process is process
    assert max(costs) <= 4  # of each request, not since the process began
    assert both.token not in both.packaged.log.read_text("utf-8")


def test_https_is_kept_to(both: Both) -> None:
    said = both.packaged.call(event_of("GET", "/healthz", {})).answer

    assert said["headers"]["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "event", [{}, [], None, "text", {"requestContext": None}, {"Records": []}, {"headers": {"a": "secret"}}]
)
def test_an_event_that_is_no_request_is_named_without_its_values(both, event):
    said = both.packaged.call(event)

    assert said.error["errorType"] == "ConfigError"
    assert said.error["errorMessage"].startswith("the event is not a request from API Gateway: ")
    assert "secret" not in said.error["errorMessage"]
