"""Whatever is asked, the API answers as its own OpenAPI document says, and never with a fault of its own."""

import base64
import json
import random
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance, use_after_free

from footfall.api.endpoints import ENDPOINTS
from footfall.api.openapi import document
from footfall.api.parameters import PARAMETERS, Parameter
from footfall.errors import ConfigError

from .builders import ask, line, write_log
from .conftest import trials
from .serving import api_over, question

LINES = [line("blog/a/"), line("blog/b/", "2026-10-21 09:00:00"), line("caf%25C3%25A9/"), line("x", status=404)]
pytestmark = pytest.mark.slow

TRIALS = trials(4)
# What no schema can say: that a period ends after it starts, and that a page is one that was viewed.
NOT_OURS = [positive_data_acceptance, use_after_free]


@pytest.fixture(scope="module", params=["sqlite"])
def api(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Somebody with a token, who asks the API over a store."""
    folder: Path = tmp_path_factory.mktemp("fuzz")
    store = f"sqlite:{folder}/counts.db"
    if request.param == "dynamodb":
        endpoint = request.getfixturevalue("dynamodb")
        store = f"dynamodb:footfall-fuzz?region=eu-west-1&endpoint={quote(endpoint, safe=':/')}"
        assert ask("table", "create", "--store", store).exit_code == 0
    assert ask("import", write_log(folder, LINES), "--store", store).exit_code == 0
    secret = ask("token", "add", "fuzz", "--store", store, "--json").json["token"]
    with api_over(store, asks_token=True) as client:
        client.headers["Authorization"] = f"Bearer {secret}"
        yield client


# What reaches the store as it was asked is asked of each kind.
of_each_store = pytest.mark.parametrize("api", ["sqlite", "dynamodb"], indirect=True)


def told_apart() -> list[str]:
    """The endpoints, one of those that the document tells the same of; all where a person asks for many trials."""
    found: dict[str, str] = {}
    for path, methods in document()["paths"].items():
        told = [methods["get"].get("parameters"), methods["get"]["responses"]]
        found.setdefault(path if trials(few=0) else json.dumps(told), path)
    return [*found.values()]


TOLD_APART = told_apart()
ASKED = [path for path in ENDPOINTS if path in TOLD_APART]
schema = schemathesis.openapi.from_dict(document()).include(path=TOLD_APART)


@schema.parametrize()
@settings(max_examples=TRIALS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_answer_is_one_that_openapi_tells_of(case: schemathesis.Case[Any], api: httpx.Client) -> None:
    headers = {"Authorization": api.headers["Authorization"]}  # and schemathesis tries without it, and with others
    case.call_and_validate(base_url=str(api.base_url), headers=headers, excluded_checks=NOT_OURS)


def test_the_document_has_every_endpoint_and_every_parameter() -> None:
    paths = document()["paths"]

    assert paths.keys() == {*ENDPOINTS, "/healthz", "/openapi.json"}
    for path, endpoint in ENDPOINTS.items():
        told = {each["name"]: each for each in paths[path]["get"]["parameters"]}
        assert told.keys() == set(endpoint.takes)
        assert {name for name, each in told.items() if each["required"]} == set(endpoint.required)
    assert {name for endpoint in ENDPOINTS.values() for name in endpoint.takes} == set(PARAMETERS)


def is_well(answer: httpx.Response) -> bool:
    """An answer, or an error in its one shape."""
    if answer.status_code == 200:
        return True
    return answer.status_code == 400 and answer.json().keys() == {"error"} and len(answer.text) < 5000


def test_ten_kilobytes_are_refused_by_the_parameter_s_name(api: httpx.Client) -> None:
    tried: dict[str, list[Parameter]] = {name: [] for name in PARAMETERS}
    for path in ASKED:
        for name in in_query(path):
            if (parameter := ENDPOINTS[path].parameters[name]) in tried[name]:
                continue  # it refuses everywhere alike
            tried[name].append(parameter)
            for text in ("x" * 10_240, "é" * 5_120, "0" * 10_240, "日" * 3_000, "%00" * 3_413, "9" * 10_239 + "d"):
                answer = asked(api, path, name, text)

                assert answer.status_code == 400, (path, name, text[:5])
                assert answer.json()["error"].startswith(f"{name}: "), answer.text[:200]
                assert len(answer.text) < 1000
    assert all(tried.values())


ODD = (
    "\0", "\x1b[31m", "\u202e", "\ufeff", "\U0001f600", "é\u0301", "ﷺ" * 50, "../../etc/passwd", "'; DROP TABLE views;--", "%",
    "%_",
    "{}", "$ref", "<script>", "\r\nSet-Cookie: a=b", "null", "NaN", "-1", "1e9", "0x10", "٣", "１", "²", "true",
    "#sites", "#tokens", "//", " ",
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_odd_texts_are_answered_or_refused(api: httpx.Client, odd: str) -> None:
    refused: list[Parameter] = []
    for path in ASKED:
        for name in in_query(path):
            parameter = ENDPOINTS[path].parameters[name]
            if is_read(parameter, odd):
                assert is_well(asked(api, path, name, odd)), (path, name)
            elif parameter not in refused:  # by all endpoints alike, before any store is asked
                assert asked(api, path, name, odd).status_code == 400, (path, name)
                refused.append(parameter)
        unknown = api.get(question(path), params={odd: "x"}) if "{" in path else api.get(path, params={odd: "x"})
        assert is_well(unknown)
        assert "set-cookie" not in unknown.headers


@pytest.mark.parametrize("api", ["dynamodb"], indirect=True)
@pytest.mark.parametrize("odd", ODD)
def test_odd_texts_that_reach_dynamodb_are_answered_or_refused(api: httpx.Client, odd: str) -> None:
    for path in ASKED:
        for name in in_query(path):
            if is_read(ENDPOINTS[path].parameters[name], odd):
                assert is_well(asked(api, path, name, odd)), (path, name)


def in_query(path: str) -> list[str]:
    """The parameters that do not stand in the path itself."""
    return [name for name in ENDPOINTS[path].takes if f"{{{name}}}" not in path]


def asked(api: httpx.Client, path: str, name: str, text: str) -> httpx.Response:
    """The answer to a question in which one parameter is this text."""
    more = {} if name in ("page", "prefix") or "page" not in ENDPOINTS[path].required else {"page": "blog/a"}
    in_path = {each: more.pop(each) for each in list(more) if f"{{{each}}}" in path}
    return api.get(path.format(**in_path), params={**more, name: text})


def is_read(parameter: Parameter, text: str) -> bool:
    try:
        parameter.read(text)
    except ConfigError:
        return False
    return True


RAW = (
    "%ff%fe",
    "%",
    "%zz",
    "&&&",
    "=",
    "=x",
    "limit",
    "a=b=c",
    "%00=%00",
    "?",
    "+",
    "%ed%a0%80",
    "page[]=a",
    "limit=1;limit=2",
)


@pytest.mark.parametrize("raw", RAW)
def test_queries_that_are_no_queries_are_answered_or_refused(api: httpx.Client, raw: str) -> None:
    for path in ASKED:
        assert is_well(api.get(f"{path.format(page='blog/a')}?{raw}")), path


@pytest.mark.parametrize(
    "path",
    ["/%00", "/%ff", "/api/v1/stats/%2e%2e", "/assets/..%2f..%2fetc%2fpasswd", "/assets/%00", "/assets//", "/" + "a" * 9000],
)
def test_odd_paths_lead_nowhere(api: httpx.Client, path: str) -> None:
    assert api.get(path).status_code == 404


def cursor_of(*position: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


POSITIONS = st.tuples(
    st.one_of(st.integers(), st.none(), st.text(max_size=5), st.floats(), st.booleans()),
    st.one_of(st.integers(), st.text(max_size=50), st.none(), st.lists(st.integers(), max_size=2)),
)


@of_each_store
@settings(max_examples=TRIALS * 2, deadline=None, suppress_health_check=list(HealthCheck))
@given(position=POSITIONS)
def test_a_cursor_that_was_made_up_leads_within_the_answer_or_is_refused(api: httpx.Client, position: tuple[Any, ...]) -> None:
    everything = {"blog/a": 1, "blog/b": 1, "café": 1}
    for path in ("/api/v1/stats/page", "/api/v1/views?page=blog/a&period=2026-10-20"):
        answer = api.get(path, params={**dict(httpx.QueryParams(path.partition("?")[2])), "cursor": cursor_of(*position)})

        assert is_well(answer), answer.text
        if answer.status_code == 400:
            assert answer.json()["error"].startswith("cursor: ")
        elif "views" in path:
            assert all(row["PageName"] == "blog/a" for row in answer.json()["rows"])
        else:
            assert all(everything[row["value"]] == row["views"] for row in answer.json()["rows"])


@of_each_store
def test_a_cursor_with_any_letter_changed_leads_within_the_answer_or_is_refused(api: httpx.Client) -> None:
    rng = random.Random(5)
    cursor = api.get("/api/v1/stats/page?limit=1").json()["next"]
    for _ in range(TRIALS * 2):
        letters = list(cursor)
        letters[rng.randrange(len(letters))] = rng.choice(string.printable)
        assert is_well(api.get("/api/v1/stats/page", params={"cursor": "".join(letters)}))


DAYS = st.one_of(
    st.text(max_size=12), st.from_regex(r"\A\d{1,6}d\Z"), st.dates().map(str), st.from_regex(r"\A\d{4}(-\d\d){0,2}\Z"),
    st.sampled_from(("today", "month", "year", "0001", "9999", "1970-12-31", "9998-12-31", "2024-02-29", "2022-W01-1")),
)  # fmt: skip


@of_each_store
@settings(max_examples=TRIALS * 3, deadline=None, suppress_health_check=list(HealthCheck))
@given(start=DAYS, end=DAYS, interval=st.sampled_from(("hour", "day", "week", "month")))
def test_any_two_days_are_a_period_or_are_refused(api: httpx.Client, start: str, end: str, interval: str) -> None:
    days = {"start": start, "end": end}
    for path, more in (
        ("stats/total", {"compare": "previous"}), ("stats/page", {"compare": "previous"}), ("views", {"page": "blog/a"}),
        ("stats/history", {"compare": "previous", "interval": interval}),
        ("stats/history", {"page": "blog/a", "interval": interval}),
    ):  # fmt: skip
        answer = api.get(f"/api/v1/{path}", params={**days, **more})
        assert is_well(answer), (days, answer.text)
